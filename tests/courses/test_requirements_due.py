"""What an officer's requirements ask to be done, each with the course that renews it; and which of it comes first."""

from datetime import timedelta

import pytest

from courses.do_next import do_next
from courses.models import Course
from courses.my_learning import DueKind, due_soon, open_courses, open_sittings
from courses.nominations import nominate, open_nominations, ways_to_qualifications
from courses.progress import finish_step
from courses.requirements_due import ask_about, courses_answering, in_order, requirements_due
from cpd_records.currency import currency_of
from cpd_records.models import Requirement
from cpd_records.qualifications.requirements import end_requirement
from cpd_records.qualifications.rulings import restrict
from people import clock
from people.roles import grant_role
from tests.courses.factories import do_lessons, enrolled, release, release_with_test, sit
from tests.cpd_records.currency.acts import ask_of_role, award, make_qualification, qualification
from tests.factories import LONG_AGO, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    """Somebody of whom nothing is asked but what a test asks: a response officer, who may be posted to response."""
    for requirement in Requirement.objects.known().filter(is_void=False):
        end_requirement(requirement, by=None, last_day=LONG_AGO)
    where = unit()
    made = person("Officer F. Demo", unit=where)
    made.sergeant = person("Sergeant D. Demo", "supervisor", unit=where)
    grant_role(made, "response-officer", by=None, valid_from=LONG_AGO)
    return made


def require(code, title, *, stops_duty=True, course="", **terms):
    """Ask a qualification of response officers, with a course that leads to it where one is named."""
    make_qualification(code, title, **terms)
    ask_of_role(code, "response-officer", stops_duty=stops_duty)
    if course:
        release(code=course, title=f"{title} again", leads_to=[code], validity_months=12)


def days_ago(days):
    return clock.today() - timedelta(days=days)


def listed(officer):
    today, now = clock.today(), clock.now()
    answer, ways = currency_of(officer, on=today), ways_to_qualifications()
    nominations = open_nominations([officer.pk]).values()
    asked = requirements_due(answer, ways, nominations, open_courses(officer, at=now), on=today)
    return in_order(asked, due_soon(officer, on=today), courses_answering(answer, ways))


def chosen(officer):
    now = clock.now()
    return do_next(open_sittings(officer), open_courses(officer, at=now), listed(officer), on=clock.today())


def test_what_is_required_and_ends_is_due_with_the_course_that_renews_it(officer):
    require("CARE", "Care", course="CARE-1")
    award(officer, "CARE", days_ago(345))
    item = listed(officer)[0]
    assert (item.title, item.address, item.state) == ("Care", "/catalogue/care-1/", "due")
    assert item.words.startswith("Due in ")
    assert item.detail.endswith("Renew it before then. After that you may not be posted to response.")


def test_what_no_course_leads_to_says_whom_to_ask_and_is_not_what_to_do(officer):
    require("CARE", "Care")
    award(officer, "CARE", days_ago(400))
    item = listed(officer)[0]
    assert (item.words, item.address) == ("Expired", "/my/record/requirements/")
    assert "No course" not in item.detail
    assert ask_about([item]) == "No course here leads to this. Ask your supervisor how to renew it."
    assert chosen(officer) is None


def test_what_was_never_held_says_how_to_gain_it(officer):
    require("CARE", "Care")
    item = listed(officer)[0]
    assert item.words == "Never held"
    assert item.detail.startswith("No course, award or transfer is recorded."), "the badge beside it says 'Never held'"
    assert "Until you hold it you may not be posted to response." in item.detail
    assert ask_about([item]) == "No course here leads to this. Ask your supervisor how to gain it."


def test_that_no_course_leads_to_any_is_said_once_for_all(officer):
    require("CARE", "Care")
    require("ROPE", "Rope access")
    award(officer, "ROPE", days_ago(400))
    assert ask_about(listed(officer)) == (
        "No course here leads to any of these. Ask your supervisor how to gain or renew them."
    )


def test_where_a_course_leads_to_some_the_others_are_named(officer):
    require("CARE", "Care", course="CARE-1")
    require("ROPE", "Rope access")
    assert ask_about(listed(officer)) == ("No course here leads to ‘Rope access’. Ask your supervisor how to gain it.")
    assert "leads to ‘Rope access’." in ask_about([item for item in listed(officer) if not item.course], others=True)
    require("BOAT", "Boat handling")
    assert "No course here leads to ‘Rope access’ or ‘Boat handling’." in ask_about(listed(officer)) or (
        "No course here leads to ‘Boat handling’ or ‘Rope access’." in ask_about(listed(officer))
    )


def test_where_a_course_leads_to_each_nobody_need_be_asked(officer):
    assert ask_about(listed(officer)) == ""
    require("CARE", "Care", course="CARE-1")
    assert ask_about(listed(officer)) == ""


def test_what_is_in_grace_says_how_many_days_are_left(officer):
    require("CARE", "Care", course="CARE-1", grace_days=60, stops_duty=False)
    award(officer, "CARE", days_ago(380))
    item = listed(officer)[0]
    assert item.state == "in_grace"
    assert item.words.startswith("In grace, ")
    assert item.words.endswith(" days left")
    assert "After that you may not" not in item.detail


def test_what_follows_grace_is_said_once_with_what_may_not_be_done_then(officer):
    require("CARE", "Care", course="CARE-1", grace_days=60, lapse="Action plan")
    award(officer, "CARE", days_ago(380))
    assert listed(officer)[0].detail.endswith(
        "After that: Action plan. From then on you may not be posted to response."
    )


def test_it_is_not_said_that_something_may_be_done_until_a_day_where_it_may_not_be_done_now(officer):
    require("CARE", "Care", course="CARE-1")
    require("ROPE", "Rope access")
    award(officer, "CARE", days_ago(345))
    award(officer, "ROPE", days_ago(400))
    rope, care = listed(officer)
    assert (rope.title, care.title) == ("Rope access", "Care")
    assert "Until you renew it you may not be posted to response." in rope.detail
    assert care.detail.endswith("Renew it before then.")


def test_what_is_in_date_is_not_due(officer):
    require("CARE", "Care", course="CARE-1")
    award(officer, "CARE", days_ago(10))
    assert listed(officer) == []


def test_a_restriction_is_not_the_officers_to_end(officer):
    require("CARE", "Care", course="CARE-1")
    award(officer, "CARE", days_ago(10))
    restrict(officer, qualification("CARE"), by=officer.sergeant, at=clock.now(), reason="Until a question is settled.")
    assert listed(officer) == []


def test_a_course_is_listed_once_with_its_qualification_and_not_with_its_certificate(officer):
    require("CARE", "Care", course="CARE-1", validity_months=1)
    then = clock.now() - timedelta(days=40)
    with clock.sample_time(then):
        do_lessons(enrolled(officer, release_of("CARE-1"), at=then), at=then)
    assert [(item.kind, item.title) for item in listed(officer)] == [(DueKind.REQUIREMENT, "Care")]


def release_of(code):
    return Course.objects.get(code=code).current_release


def test_the_most_pressing_stands_first(officer):
    require("STOP", "Stops", course="STOP-1")
    require("LATE", "Late", course="LATE-1", stops_duty=False)
    require("SOON", "Soon", course="SOON-1")
    require("NEVER", "Never", course="NEVER-1")
    award(officer, "STOP", days_ago(400))
    award(officer, "LATE", days_ago(500))
    award(officer, "SOON", days_ago(350))
    assert [item.title for item in listed(officer)] == ["Stops", "Late", "Soon", "Never"]


def test_an_open_sitting_comes_before_what_has_expired(officer):
    require("STOP", "Stops", course="STOP-1")
    award(officer, "STOP", days_ago(400))
    enrolment = enrolled(officer, release_with_test(), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    attempt = sit(enrolment, submit=False, at=clock.now())
    assert chosen(officer).address == f"/assess/{attempt.pk}/"


def test_what_has_expired_and_stops_something_comes_before_a_course_half_done(officer):
    require("STOP", "Stops", course="STOP-1")
    award(officer, "STOP", days_ago(400))
    finish_step(enrolled(officer, release(), at=clock.now()), "first-word", by=officer, at=clock.now())
    following = chosen(officer)
    assert (following.heading, following.address, following.course) == ("Stops", "/catalogue/stop-1/", "STOP-1")
    assert "Until you renew it you may not be posted to response." in following.sentence


def test_a_course_half_done_comes_before_what_has_expired_and_stops_nothing(officer):
    require("LATE", "Late", course="LATE-1", stops_duty=False)
    award(officer, "LATE", days_ago(500))
    assert chosen(officer).heading == "Late"
    finish_step(enrolled(officer, release(), at=clock.now()), "first-word", by=officer, at=clock.now())
    assert chosen(officer).heading == "Second word"


def test_what_ends_within_thirty_days_comes_before_what_was_not_begun(officer):
    require("SOON", "Soon", course="SOON-1")
    require("NEVER", "Never", course="NEVER-1")
    assert chosen(officer).heading == "Never"
    enrolled(officer, release(), at=clock.now())
    assert chosen(officer).heading == "First word"
    award(officer, "SOON", days_ago(350))
    assert chosen(officer).heading == "Soon"


def test_what_ends_later_than_thirty_days_can_wait(officer):
    require("SOON", "Soon", course="SOON-1")
    award(officer, "SOON", days_ago(300))
    assert [item.title for item in listed(officer)] == ["Soon"]
    assert chosen(officer) is None


def test_who_is_on_the_course_is_led_to_its_next_step(officer):
    require("STOP", "Stops", course="STOP-1")
    award(officer, "STOP", days_ago(400))
    finish_step(enrolled(officer, release_of("STOP-1"), at=clock.now()), "first-word", by=officer, at=clock.now())
    following = chosen(officer)
    assert (following.address, following.button) == ("/learn/stop-1/second-word/", "Continue lesson")
    assert following.sentence.startswith("Stops. Expired on ")


def test_a_nomination_is_something_to_do_until_the_officer_is_on_the_course(officer):
    make_qualification("CARE", "Care")
    course = release(code="CARE-1", title="Care again", leads_to=["CARE"]).course
    nominate(
        officer, course, qualification="CARE", by=officer.sergeant, at=clock.now(), reason="You join the care team."
    )
    item = listed(officer)[0]
    assert (item.title, item.words, item.address) == ("Care again", "Nominated", "/catalogue/care-1/")
    assert item.detail.endswith("You join the care team.")
    assert chosen(officer).heading == "Care again"
    enrolled(officer, course.current_release, at=clock.now())
    assert listed(officer) == []
    assert chosen(officer).heading == "First word"


def test_a_nomination_for_what_is_due_stands_in_the_same_row(officer):
    require("CARE", "Care", course="CARE-1")
    course = release_of("CARE-1").course
    made = nominate(officer, course, qualification="CARE", by=officer.sergeant, at=clock.now(), reason="Never held.")
    (item,) = listed(officer)
    assert item.nomination == made.pk
    assert "Sergeant D. Demo nominated you on " in item.detail
