"""What a candidate reads after a test: pass, fail, no mark; study that would have changed most marks; the next attempt."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from assessments.attempts import save_response, submit_attempt
from assessments.results import result_of
from courses.course_reviews import record_review
from courses.enrolments import context_stem
from courses.models import ReleaseDemand
from courses.outlines import outline_of
from courses.progress import context_of
from courses.result_page import ItemLine
from courses.study_advice import advise, lessons_for
from people import clock
from tests import factories as people_factories
from tests.assessments.building import NOON, question, rules_only, started
from tests.assessments.question_types.samples import MATCHING
from tests.courses.factories import (
    assessment,
    do_lessons,
    enrolled,
    lesson,
    questions,
    release,
    release_with_test,
    sat,
    sit,
)

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def candidate(person, signed_in):
    def make(made):
        officer = person("Bo Candidate")
        client = signed_in(officer)
        client.officer, client.enrolment = officer, enrolled(officer, made)
        do_lessons(client.enrolment, at=clock.now())
        return client

    return make


def result_address(attempt):
    return f"{attempt.context_address}result/{attempt.pk}/"


def two_outcomes(code="ETH-910", **rules):
    """Four questions on LO1 and four on LO2, which two lessons teach each, one of them by topic."""
    questions(code, 4, outcome="LO1")
    questions(code, 4, outcome="LO2", topic="record")
    version = assessment(code, draw=[{"outcome": "LO1", "count": 4}, {"outcome": "LO2", "count": 4}], **rules)
    return release(
        code=code,
        steps=[
            lesson("grounds", outcomes=("LO1",), minutes=10),
            lesson("what-to-say", outcomes=("LO2",), minutes=10),
            lesson("what-a-record-shows", outcomes=("LO2",), topics=["record"], minutes=15),
            sat(version=version),
        ],
        completion="pass",
    )


def fail_on(enrolment, outcome):
    """Answer everything of one outcome wrong and the rest right."""
    attempt = sit(enrolment, submit=False, at=clock.now())
    for item in attempt.items.select_related("question_version"):
        answer = "b" if item.question_version.outcome == outcome else "a"
        save_response(
            attempt,
            item.position,
            {"option": answer},
            by=enrolment.officer,
            at=clock.now(),
            device="test",
            sequence=100 + item.position,
        )
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=enrolment.officer, at=clock.now())


def test_a_pass_says_the_score_and_what_happens_now(candidate):
    client = candidate(release_with_test())
    page = client.get(result_address(sit(client.enrolment, right=3, at=clock.now())))
    shown = text(page)
    assert "You passed" in shown
    assert "75% , 3 of 4. The pass mark was 75%" in shown
    assert "The course is complete" in shown
    assert "In date until" in shown
    assert "Your certificate is being made" in shown
    assert "One to look at again" in shown
    assert "do-next" not in page.content.decode()


def test_a_failure_names_the_study_that_would_have_changed_most(candidate):
    client = candidate(two_outcomes())
    page = client.get(result_address(fail_on(client.enrolment, "LO2")))
    shown = text(page)
    assert "Not passed this time" in shown
    assert "50% , 4 of 8. The pass mark was 75%." in shown
    assert "Study one lesson, about 15 min" in shown
    assert "All of your four wrong answers were about what it teaches." in shown
    assert "Start: What a record shows" in shown
    assert "You have two attempts left." in shown
    assert "Only you see this result." in shown
    assert "how many attempts are left, never answers or marks." in shown
    assert page.content.decode().count("do-next__label") == 1


def test_a_failure_says_the_very_moment_of_the_next_attempt(candidate):
    client = candidate(release_with_test(wait_hours=24))
    attempt = sit(client.enrolment, right=0, at=clock.now())
    page = client.get(result_address(attempt))
    opens = attempt.closed_at + timedelta(hours=24)
    assert f"{opens:%H:%M}" in text(page)
    note = client.get(result_address(attempt) + "next-attempt.ics")
    assert note["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{opens:%Y%m%dT%H%M%SZ}" in note.content.decode()
    assert all(len(line) <= 75 for line in note.content.split(b"\r\n"))


def test_without_a_wait_the_next_attempt_is_open_now(candidate):
    client = candidate(release_with_test(wait_hours=0))
    assert "Now, if you wish." in text(client.get(result_address(sit(client.enrolment, right=0, at=clock.now()))))


def test_after_the_last_attempt_it_says_whom_to_ask(candidate):
    client = candidate(release_with_test(attempts=1))
    shown = text(client.get(result_address(sit(client.enrolment, right=0, at=clock.now()))))
    assert "You have used your only attempt. Ask your trainer what comes next." in shown


def test_a_missed_must_pass_question_is_named_by_its_number(candidate):
    code = "ETH-911"
    questions(code, 4, must_pass="Say so")
    version = assessment(code, must_pass=True, pass_percent=50)
    made = release(code=code, steps=[lesson("one"), sat(version=version)], completion="pass")
    client = candidate(made)
    shown = text(client.get(result_address(sit(client.enrolment, right=3, at=clock.now()))))
    assert "Not passed this time" in shown
    assert "You also missed one must-pass question, number 4." in shown


def test_a_section_below_its_least_is_named_with_what_it_needed(candidate):
    code = "ETH-912"
    questions(code, 2, outcome="LO1")
    questions(code, 2, outcome="LO2")
    draw = [
        {"outcome": "LO1", "count": 2, "section": "Law", "least": 60},
        {"outcome": "LO2", "count": 2, "section": "Records"},
    ]
    version = assessment(code, draw=draw, pass_percent=50)
    made = release(code=code, steps=[lesson("one"), sat(version=version)], completion="pass")
    client = candidate(made)
    shown = text(client.get(result_address(fail_on(client.enrolment, "LO1"))))
    assert "Not passed this time" in shown
    assert "50% , 2 of 4. The pass mark was 50%. Section Law: 0%, 60% needed." in shown
    assert "Law 0% 60%, not reached" in shown
    assert "Records 100% No minimum" in shown


def test_a_test_without_a_pass_mark_is_completed(candidate):
    client = candidate(release_with_test(pass_percent=None))
    shown = text(client.get(result_address(sit(client.enrolment, right=2, at=clock.now()))))
    assert "You have completed the test" in shown
    assert "2 of 4 right. This test has no pass mark." in shown


def test_answers_are_shown_by_the_policy_only(candidate):
    client = candidate(release_with_test(feedback="after_window"))
    shown = text(client.get(result_address(sit(client.enrolment, right=0, at=clock.now()))))
    assert "Answers are shown after your last attempt" in shown
    assert "Better answer" not in shown
    client = candidate(release_with_test("ETH-902", feedback="after_submit"))
    attempt = sit(client.enrolment, right=3, at=clock.now())
    shown = text(client.get(result_address(attempt)))
    assert "You answered ‘Say nothing’. It will be read as consent." in shown
    assert "Better answer: ‘Say so’. Silence would be read as consent." in shown
    assert "Lesson: Lesson 1" in shown
    assert "Show all 4 with feedback" in shown
    assert "All 4 questions" in text(client.get(result_address(attempt) + "?show=all"))


def test_what_is_left_unanswered_shows_the_better_answer_and_its_reason_once(candidate):
    client = candidate(release_with_test(feedback="after_submit"))
    attempt = sit(client.enrolment, submit=False, at=clock.now())
    save_response(attempt, 1, None, by=client.officer, at=clock.now(), device="test", sequence=99)
    attempt.refresh_from_db()
    submit_attempt(attempt, by=client.officer, at=clock.now())
    shown = text(client.get(result_address(attempt)))
    assert "You left this unanswered. Better answer: ‘Say so’. Silence would be read as consent." in shown


@pytest.mark.parametrize(
    ("kind", "response", "said", "better"),
    [
        ("single_choice", {"option": "a"}, ("Useful, but too late.",), ("It is practicable.",)),
        (
            "multiple_response",
            {"options": ["a", "d"]},
            ("Yes. A nurse is listed.", "Ask her, but it is not the duty."),
            ("An AMHP is listed.",),
        ),
        ("true_false", {"answer": True}, ("No rank can authorise it.",), ()),
        ("number", {"text": "72"}, ("The limit before 11 December 2017.",), ("Yes: to 14:20 next day.",)),
        (
            "short_text",
            {"text": "social worker"},
            ("Close: many AMHPs are social workers.",),
            ("The AMHP applies.",),
        ),
    ],
)
def test_feedback_belongs_to_the_answer_given_and_the_better_answer_has_its_own(kind, response, said, better):
    question("q-1", type=kind)
    officer = people_factories.person()
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), officer)
    save_response(attempt, 1, response, by=officer, at=NOON, device="test", sequence=1)
    attempt.refresh_from_db()
    line = ItemLine(result_of(submit_attempt(attempt, by=officer, at=NOON), at=NOON).items[0], None)
    assert (line.said, line.better) == (said, better)


def test_a_result_says_that_its_course_is_illustrative_until_the_force_reviewed_it(candidate, person):
    made = release_with_test()
    client = candidate(made)
    address = result_address(sit(client.enrolment, at=clock.now()))
    assert "Illustrative content, to be reviewed by the force." in text(client.get(address))
    record_review(made, by=person("", "approver", family="ethics"), reviewed_on=clock.today(), at=clock.now())
    assert "Illustrative content" not in text(client.get(address))


def test_a_failed_refresher_leaves_the_officer_in_date(candidate):
    made = release_with_test()
    client = candidate(made)
    sit(client.enrolment, at=clock.now() - timedelta(days=5))
    again = enrolled(client.officer, made, at=clock.now())
    do_lessons(again, at=clock.now())
    shown = text(client.get(result_address(sit(again, right=0, at=clock.now()))))
    assert "you stay in date for Saying so to" in shown


def test_a_pass_that_completes_nothing_says_what_is_next(candidate):
    code = "ETH-912"
    questions(code, 6)
    version = assessment(code)
    steps = [lesson("one"), sat("first-test", version=version), lesson("two")]
    made = release(code=code, steps=steps, completion="all_steps")
    client = candidate(made)
    client.enrolment.steps_done.filter(step="two").delete()
    shown = text(client.get(result_address(sit(client.enrolment, slug="first-test", at=clock.now()))))
    assert "This test is done" in shown
    assert "Two" in shown


def test_a_pass_on_an_overruled_release_says_so(candidate):
    made = release_with_test()
    client = candidate(made)
    release(made.course, demand=ReleaseDemand.RETAKE)
    shown = text(client.get(result_address(sit(client.enrolment, at=clock.now()))))
    assert "A newer release must be taken" in shown


def test_an_open_test_has_no_result_yet(candidate):
    client = candidate(release_with_test())
    attempt = sit(client.enrolment, submit=False, at=clock.now())
    shown = text(client.get(result_address(attempt)))
    assert "Your test is still running" in shown
    assert "Go back to the test" in shown


def test_a_result_is_its_candidates_alone(candidate, person, signed_in, client):
    owner = candidate(release_with_test())
    address = result_address(sit(owner.enrolment, at=clock.now()))
    assert signed_in(person()).get(address).status_code == 404
    assert signed_in(person("", "trainer", family="ethics")).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_forged_or_misplaced_result_is_not_found(candidate):
    client = candidate(release_with_test())
    attempt = sit(client.enrolment, at=clock.now())
    assert client.get(f"/learn/eth-901/final-test/result/{uuid4()}/").status_code == 404
    assert client.get(f"/learn/eth-901/lesson-1/result/{attempt.pk}/").status_code == 404
    assert client.get("/learn/eth-901/final-test/result/not-an-id/").status_code == 404


def test_advice_goes_by_topic_then_by_outcome_and_shares_the_loss(candidate):
    made = two_outcomes()
    client = candidate(made)
    result = result_of(fail_on(client.enrolment, "LO2"), at=NOON)
    outline = outline_of(made.pk, made.digest)
    assert [step.slug for step in lessons_for(outline, result.missed[0])] == ["what-a-record-shows"]
    everything = advise(outline, result.items)
    assert {step.slug for step in everything.lessons} == {"grounds", "what-a-record-shows"}
    assert (everything.covered, everything.missed) == (8, 8)


def test_answers_of_a_test_with_a_window_are_shown_when_it_has_closed(candidate):
    closes_at = clock.now() + timedelta(hours=1)
    client = candidate(release_with_test(feedback="after_window", closes_at=closes_at))
    start = text(client.get("/learn/eth-901/final-test/"))
    assert "Shown when the test has closed and everybody has handed in" in start
    address = result_address(sit(client.enrolment, right=3, at=clock.now()))
    shown = text(client.get(address))
    assert "Answers are shown when the test has closed, on" in shown
    assert "Better answer" not in shown
    closed = clock.now() - timedelta(hours=1)
    client = candidate(release_with_test("ETH-902", feedback="after_window", closes_at=closed))
    address = result_address(sit(client.enrolment, right=3, at=closed - timedelta(minutes=5)))
    assert "Better answer" in text(client.get(address))


def one_matching(candidate):
    question("match-q1", type="matching", definition=MATCHING)
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], pass_percent=80, attempts=2)
    steps = [lesson("one", outcomes=("LO1",)), sat(version=version)]
    return candidate(release(code="ETH-913", steps=steps, completion="pass"))


def test_an_answer_of_several_parts_is_told_part_by_part(candidate):
    client = one_matching(candidate)
    step = client.enrolment.release.steps.get(slug="final-test")
    attempt = started(
        step.assessment_version,
        client.officer,
        at=clock.now(),
        context=context_of(context_stem(client.enrolment), "final-test"),
        context_address="/learn/eth-913/final-test/",
    )
    save_response(
        attempt, 1, {"pairs": {"s1": "m8", "s17": "m5"}}, by=client.officer, at=clock.now(), device="test", sequence=1
    )
    attempt.refresh_from_db()
    page = client.get(result_address(submit_attempt(attempt, by=client.officer, at=clock.now())))
    shown = text(page)
    assert "0 of 1 right and one in part" in shown
    assert "Part Your answer Better answer" in shown
    assert "PACE section 1 Search for stolen or prohibited articles Yours is right" in shown
    assert "PACE section 17 Arrest without warrant Enter to save life or limb" in shown
    assert "Section 24 is arrest; read both sections again." in shown
    # Right in part is no wrong answer.
    assert "The one question that lost marks was about what it teaches." in shown
    assert "wrong answer" not in shown
