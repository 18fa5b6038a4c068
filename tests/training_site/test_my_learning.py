"""My learning: the one thing to do, what is due, what is open, what is finished; one failing section takes none with it."""

import re
from datetime import timedelta

import pytest

from assessments.bank import approve_version, submit_for_review
from assessments.rooms.opening import close_room, open_room
from courses import decisions, my_learning, reviews
from courses.do_next import do_next
from courses.models import ReleaseDemand
from courses.progress import finish_step
from people import clock
from tests import factories as people_factories
from tests.assessments.building import question
from tests.assessments.rooms.sittings import a_room, ina_of, invigilated
from tests.courses import authoring
from tests.courses.factories import do_lessons, enrolled, lesson, release, release_with_test, sit
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def chosen(officer, *, at=None):
    at = at or clock.now()
    return do_next(
        my_learning.open_sittings(officer),
        my_learning.open_courses(officer, at=at),
        my_learning.due_soon(officer, on=at.date()),
        on=at.date(),
    )


def test_strangers_sign_in_first(client):
    assert client.get("/my/").url == "/accounts/login/?next=/my/"


def test_on_the_first_day_nothing_waits_and_the_catalogue_is_offered(person, signed_in):
    page = signed_in(person()).get("/my/")
    shown = text(page)
    assert "Nothing is waiting for you." in shown
    assert "You have not started a course." in shown
    assert "Nothing logged yet. A briefing counts." in shown
    assert "Recently finished" not in shown
    assert "do-next" not in page.content.decode()


def test_a_course_half_done_is_what_to_do_and_is_not_listed_again(person, signed_in):
    officer = person()
    enrolment = enrolled(officer, release(), at=clock.now())
    finish_step(enrolment, "first-word", by=officer, at=clock.now())
    page = signed_in(officer).get("/my/").content.decode()
    assert 'href="/learn/eth-900/second-word/">Continue lesson</a>' in page
    assert page.count("Saying so") == 1
    assert "No other course is open." in page


def test_an_open_sitting_comes_before_everything(person):
    officer = person()
    enrolment = enrolled(officer, release_with_test(), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    attempt = sit(enrolment, submit=False, at=clock.now())
    finish_step(enrolled(officer, release(), at=clock.now()), "first-word", by=officer, at=clock.now())
    following = chosen(officer)
    assert following.address == f"/assess/{attempt.pk}/"
    assert following.heading == "Finish: Final test"
    assert "It ends at" in following.sentence


def test_something_expired_comes_before_a_course_half_done(person):
    officer = person()
    do_lessons(
        enrolled(officer, release(code="ETH-1", title="Old words", validity_months=1)),
        at=clock.now() - timedelta(days=60),
    )
    finish_step(enrolled(officer, release(), at=clock.now()), "first-word", by=officer, at=clock.now())
    assert chosen(officer).heading == "Old words"


def test_a_course_half_done_comes_before_what_is_due_in_a_month(person):
    officer = person()
    done = clock.now() - timedelta(days=20)
    do_lessons(enrolled(officer, release(code="ETH-1", title="Old words", validity_months=1), at=done), at=done)
    assert chosen(officer).heading == "Old words"
    finish_step(enrolled(officer, release(), at=clock.now()), "first-word", by=officer, at=clock.now())
    assert chosen(officer).heading == "Second word"


def test_a_course_not_begun_comes_last_and_starts_with_its_first_lesson(person):
    officer = person()
    enrolled(officer, release(), at=clock.now())
    following = chosen(officer)
    assert (following.heading, following.button) == ("First word", "Start lesson 1")
    assert "The first lesson takes 10 min." in following.sentence


def test_a_test_that_must_wait_is_not_what_to_do_now(person, signed_in):
    officer = person()
    enrolment = enrolled(officer, release_with_test(), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    sit(enrolment, right=0, at=clock.now())
    assert chosen(officer) is None
    assert "You can try again from" in text(signed_in(officer).get("/my/"))


def test_a_release_that_must_be_taken_again_is_due_at_once(person):
    officer, made = person(), release()
    do_lessons(enrolled(officer, made))
    release(made.course, demand=ReleaseDemand.RETAKE)
    due = my_learning.due_soon(officer, on=clock.today())
    assert [(item.words, item.detail) for item in due] == [("Due now", "Release 2 must be taken again.")]
    assert chosen(officer).heading == "Saying so"


def test_what_lasts_longer_than_ninety_days_is_not_due(person):
    officer = person()
    do_lessons(enrolled(officer, release()), at=clock.now())
    assert my_learning.due_soon(officer, on=clock.today()) == []
    soon = my_learning.due_soon(officer, on=clock.today() + timedelta(days=700))
    assert re.fullmatch(r"Due in \d+ days", soon[0].words)


def test_a_renewed_course_is_due_by_its_last_completion_only(person):
    officer, made = person(), release(validity_months=1)
    long_ago = clock.now() - timedelta(days=60)
    do_lessons(enrolled(officer, made, at=long_ago), at=long_ago)
    do_lessons(enrolled(officer, made, at=clock.now()), at=clock.now())
    assert [item.is_expired for item in my_learning.due_soon(officer, on=clock.today())] == [False]


def test_finished_courses_stand_with_their_certificates(person, signed_in):
    officer = person()
    do_lessons(enrolled(officer, release(minutes=240)), at=clock.now())
    shown = text(signed_in(officer).get("/my/"))
    assert "Recently finished" in shown
    assert "4 h." in shown
    assert "Certificate is being made" in shown
    assert "Courses" in shown


def test_long_lists_show_six_and_then_all(person, signed_in):
    officer = person()
    for number in range(8):
        do_lessons(enrolled(officer, release(code=f"ETH-{number}", steps=[lesson("only")])), at=clock.now())
    client = signed_in(officer)
    page = client.get("/my/").content.decode()
    assert "Show all 8" in page
    assert page.count("Certificate is being made") == 6
    assert client.get("/my/?show=finished").content.decode().count("Certificate is being made") == 8


def test_a_section_that_fails_says_so_and_the_rest_stands(person, signed_in, monkeypatch):
    officer = person()
    do_lessons(enrolled(officer, release()), at=clock.now())

    def fail(*args, **more):
        raise RuntimeError("the ledger is away")

    monkeypatch.setattr(my_learning, "open_courses", fail)
    response = signed_in(officer).get("/my/")
    assert response.status_code == 200
    shown = text(response)
    assert "This part could not be read just now." in shown
    assert "Recently finished" in shown
    assert "Nothing is waiting for you" not in shown


@pytest.mark.parametrize("name", ["open_sittings", "due_soon", "finished", "returned_activities"])
def test_no_section_takes_the_page_with_it(person, signed_in, monkeypatch, name):
    def fail(*args, **more):
        raise RuntimeError

    monkeypatch.setattr(my_learning, name, fail)
    assert signed_in(person()).get("/my/").status_code == 200


def test_decisions_that_cannot_be_read_are_not_said_to_be_none(person, signed_in, monkeypatch):
    def fail(*args, **more):
        raise RuntimeError

    monkeypatch.setattr(decisions, "decisions_waiting", fail)
    shown = text(signed_in(person()).get("/my/"))
    assert "This part could not be read just now." in shown
    assert "Nothing is waiting for you" not in shown


def test_a_supervisor_finds_what_waits_for_their_word(person, signed_in):
    unit = people_factories.unit()
    officer, supervisor = person("Pat Officer", unit=unit), person("", "supervisor", unit=unit)
    enrolment = enrolled(officer, release(completion="supervisor"), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    client = signed_in(supervisor)
    shown = text(client.get("/my/"))
    assert "Confirm: Saying so" in shown
    assert "Nothing is waiting for you" not in shown
    address = f"/learn/confirm/{enrolment.pk}/"
    assert "Pat Officer" in text(client.get(address))
    client.post(address)
    enrolment.refresh_from_db()
    assert enrolment.outcome == "completed"
    assert signed_in(officer).get(address).status_code == 404
    assert signed_in(person()).post(address).status_code == 404


def test_a_course_under_review_waits_for_the_one_whose_turn_it_is_and_never_for_its_author(signed_in):
    trainer, reviewer, approver = authoring.trainer(), authoring.reviewer(), authoring.approver()
    submitted = reviews.submit_course(authoring.course(by=trainer), by=trainer, at=clock.now())
    title = submitted.draft["title"]
    shown = {who: text(signed_in(who).get("/my/")) for who in (trainer, reviewer, approver)}
    assert f"Review: {title}" in shown[reviewer]
    assert "Nothing is waiting for you" not in shown[reviewer]
    assert title not in shown[trainer] + shown[approver]
    reviews.pass_review(submitted, by=reviewer, at=clock.now())
    page = signed_in(approver).get("/my/")
    assert f"Approve: {title}" in text(page)
    assert f'href="/admin/course-reviews/{submitted.pk}/"' in page.content.decode()
    assert title not in text(signed_in(reviewer).get("/my/"))


def test_questions_in_review_wait_for_the_approvers_of_their_family(person, signed_in):
    version = question("q-1", approved=False, family="ethics")
    submit_for_review(version, by=None, at=clock.now())
    approver, stranger = person("", "approver", family="ethics"), person("", "approver", family="initial")
    assert "1 question to review" in text(signed_in(approver).get("/my/"))
    assert "question to review" not in text(signed_in(stranger).get("/my/"))
    approve_version(version, by=approver, at=clock.now())
    assert "question to review" not in text(signed_in(approver).get("/my/"))


def test_auditors_are_offered_no_cpd_anywhere(person, signed_in):
    client = signed_in(person("", "auditor"))
    for address in ("/my/", "/my/record/", "/cpd/"):
        assert "/cpd/log/" not in client.get(address).content.decode(), address
    for refused in (client.get("/cpd/log/"), client.post("/cpd/log/", {"title": "A briefing"})):
        assert refused.status_code == 403
        assert "Auditors read what others recorded, and log no CPD of their own here." in text(refused)


def test_what_came_back_or_is_due_is_something_that_waits(person, signed_in):
    officer = person()
    done = clock.now() - timedelta(days=650)
    do_lessons(enrolled(officer, release(), at=done), at=done)
    shown = text(signed_in(officer).get("/my/"))
    assert "Due in" in shown
    assert "Nothing is waiting for you" not in shown


def test_the_page_asks_as_much_for_one_course_as_for_twelve(person, signed_in):
    officer = person()
    client = signed_in(officer)
    do_lessons(enrolled(officer, release(code="ETH-A")), at=clock.now())
    enrolled(officer, release(code="ETH-B"))
    client.get("/my/")
    with counted_queries() as few:
        client.get("/my/")
    for number in range(6):
        do_lessons(enrolled(officer, release(code=f"ETH-C{number}")), at=clock.now())
        enrolled(officer, release(code=f"ETH-D{number}"))
    client.get("/my/")
    with counted_queries() as many:
        client.get("/my/")
    assert few.count == many.count, f"{few}\n{many}"


def test_who_invigilates_a_room_finds_it_without_any_role_until_it_is_closed(person, signed_in):
    now = clock.now()
    room = a_room(opens_at=now, closes_at=now + timedelta(hours=1), at=now)
    ina = ina_of(room)
    assert not ina.groups.exists()
    page = signed_in(ina).get("/my/")
    assert "Exam rooms you invigilate Hendon, room 12 Promotion test." in text(page)
    assert "Open for starts" in text(page)
    assert f'href="/assess/rooms/{room.pk}/"' in page.content.decode()
    assert "Nothing is waiting for you." not in text(page)
    assert room.start_code not in page.content.decode()
    assert "Exam rooms" not in text(signed_in(person("Nobody")).get("/my/"))
    close_room(room, by=ina, at=clock.now())
    assert "Exam rooms you invigilate" not in text(signed_in(ina).get("/my/"))


def test_a_room_that_is_still_to_come_or_past_its_time_says_so(signed_in):
    now = clock.now()
    ina = people_factories.person("Ina")
    version = invigilated()
    hour = timedelta(hours=1)
    for place, opens_at in (("Hall A", now + hour), ("Hall B", now - 2 * hour)):
        open_room(
            version.assessment,
            place=place,
            opens_at=opens_at,
            closes_at=opens_at + hour,
            invigilators=[ina],
            by=people_factories.person(f"Trainer of {place}", "trainer", family="ethics"),
            at=now - 3 * hour,
        )
    shown = text(signed_in(ina).get("/my/"))
    told = ("Hall B", "Not closed yet", "Hall A", "Not open yet")
    assert sorted(told, key=shown.index) == list(told)
