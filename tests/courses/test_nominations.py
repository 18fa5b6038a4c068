"""A supervisor nominates an officer for a course that leads to a qualification: once while it is open, never oneself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import Nomination
from courses.nominations import NominationRefused, decline, nominate, open_nominations, ways_to_qualifications, withdraw
from courses.withdrawals import restore_course, withdraw_course
from people import clock
from tests.courses.factories import do_lessons, enrolled, release
from tests.cpd_records.currency.acts import make_qualification
from tests.factories import person, unit

pytestmark = pytest.mark.django_db
WHY = "Care in custody expired on 3 November 2026, and has no grace."


@pytest.fixture
def shift():
    """A sergeant, an officer of theirs, and a course that leads to a qualification."""
    make_qualification("CARE", "Care in custody", validity_months=24)
    where = unit()
    sergeant, officer = person("Sergeant D. Demo", "supervisor", unit=where), person("Officer F. Demo", unit=where)
    return sergeant, officer, release(leads_to=["CARE"]).course


def asked(shift, **more):
    sergeant, officer, course = shift
    return nominate(
        **{
            "officer": officer,
            "course": course,
            "qualification": "CARE",
            "by": sergeant,
            "at": clock.now(),
            "reason": WHY,
        }
        | more
    )


def refused(act, **more):
    with pytest.raises(NominationRefused) as caught:
        act(**more)
    return str(caught.value)


def test_a_nomination_says_who_whom_for_what_when_and_why(shift):
    sergeant, officer, course = shift
    made = asked(shift)
    assert (made.nominated_by, made.officer, made.course, made.qualification, made.reason) == (
        sergeant, officer, course, "CARE", WHY,
    )  # fmt: skip
    assert open_nominations([officer.pk]) == {(officer.pk, course.pk): made}


def test_nobody_nominates_themselves_not_even_in_the_database(shift):
    sergeant, _officer, course = shift
    assert refused(lambda: asked(shift, officer=sergeant)) == (
        "You cannot nominate yourself. Enrol on the course from the catalogue instead."
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.create(
            officer=sergeant,
            nominated_by=sergeant,
            course=course,
            qualification="CARE",
            nominated_at=clock.now(),
            reason=WHY,
        )


def test_only_a_supervisor_of_today_nominates(shift):
    stranger = person("", "supervisor", unit=unit())
    said = "Only somebody who supervises this officer today can nominate them."
    assert refused(lambda: asked(shift, by=stranger)) == said


def test_a_nomination_stands_once_while_it_is_open(shift):
    asked(shift)
    assert "was nominated for this course already, on" in refused(lambda: asked(shift))


def test_who_is_on_the_course_needs_no_nomination(shift):
    _sergeant, officer, course = shift
    enrolled(officer, course.current_release, at=clock.now())
    assert refused(lambda: asked(shift)) == "Officer F. Demo is on this course already. Nobody needs to be nominated."


def test_a_course_that_does_not_lead_there_is_refused(shift):
    said = "This course does not lead to that qualification now. Choose another course."
    assert refused(lambda: asked(shift, qualification="PPST")) == said


def test_a_withdrawn_course_leads_nowhere_until_it_is_back(shift):
    trainer = person("", "trainer", family="ethics")
    course = shift[2]
    withdraw_course(course, by=trainer, at=clock.now(), reason="The law changed.")
    assert ways_to_qualifications() == {}
    assert "does not lead to that qualification now" in refused(lambda: asked(shift))
    restore_course(course, by=trainer, at=clock.now())
    assert [way.title for way in ways_to_qualifications()["CARE"]] == ["Saying so"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (" ", "Say why the officer is nominated, in a sentence. They read it."),
        ("x" * 301, "The reason is 301 characters long and 300 fit. Shorten it."),
    ],
)
def test_a_nomination_has_a_reason_that_fits(shift, reason, said):
    assert refused(lambda: asked(shift, reason=reason)) == said


def test_finishing_the_course_ends_it(shift):
    _sergeant, officer, course = shift
    made = asked(shift)
    do_lessons(enrolled(officer, course.current_release, at=clock.now()), at=clock.now())
    made.refresh_from_db()
    assert (made.outcome, made.closed_by) == ("finished", officer)


def test_another_course_that_awards_the_same_ends_it_too(shift):
    made, other = asked(shift), release(code="ETH-902", leads_to=["CARE"])
    do_lessons(enrolled(shift[1], other, at=clock.now()), at=clock.now())
    made.refresh_from_db()
    assert made.outcome == "finished"


def test_a_course_that_awards_something_else_leaves_it_open(shift):
    made = asked(shift)
    do_lessons(enrolled(shift[1], release(code="ETH-902"), at=clock.now()), at=clock.now())
    made.refresh_from_db()
    assert made.closed_at is None


def test_the_officer_declines_with_a_reason_and_can_be_nominated_again(shift):
    made = asked(shift)
    said = decline(made, by=shift[1], at=clock.now(), reason="On leave until March.")
    assert (said.outcome, said.closing_reason) == ("declined", "On leave until March.")
    assert asked(shift, at=clock.now() + timedelta(days=1)).closed_at is None


def test_declining_needs_a_reason_and_is_the_officers_alone(shift):
    made = asked(shift)
    assert refused(lambda: decline(made, by=shift[1], at=clock.now(), reason="  ")) == (
        "Say why you decline, in a sentence. Your supervisor reads it."
    )
    assert refused(lambda: decline(made, by=shift[0], at=clock.now(), reason="No.")) == (
        "Only the officer who was nominated can decline."
    )


def test_whoever_supervises_today_withdraws_it(shift):
    made = asked(shift)
    assert withdraw(made, by=shift[0], at=clock.now()).outcome == "withdrawn"


def test_nobody_else_withdraws_it(shift):
    made = asked(shift)
    assert refused(lambda: withdraw(made, by=shift[1], at=clock.now())) == (
        "You cannot withdraw a nomination of your own. Decline it with a reason instead."
    )
    assert refused(lambda: withdraw(made, by=person(), at=clock.now())) == (
        "Only somebody who supervises this officer today can withdraw the nomination."
    )


def test_what_has_ended_ends_once(shift):
    made = asked(shift)
    withdraw(made, by=shift[0], at=clock.now())
    said = refused(lambda: decline(made, by=shift[1], at=clock.now(), reason="Too late."))
    assert said.startswith("This nomination has ended already, on ")
    assert said.endswith(": withdrawn.")


def test_a_declined_nomination_without_a_reason_is_refused_by_the_database(shift):
    made = asked(shift)
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=made.pk).update(closed_at=clock.now(), closed_by=shift[1], outcome="declined")
