"""A course that was never completed, or on another day: whatever the record leads to follows, and nothing recorded is gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.catalogue import my_states
from courses.completions import finishes
from courses.enrolments import enrol, missing_courses
from courses.models import Completion, Enrolment
from courses.my_learning import DUE_DAYS, due_soon, finished
from courses.my_record import record_of
from courses.training_records import tables_of_record
from cpd_records.activities import finished_courses, totals_of_year
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.standing import Standing, standing_of
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.completions.standing import certificate_of, completions_of
from cpd_records.currency import Verdict, currency_of
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, PublicReason, ReadablePart, RecordProposal
from cpd_records.proposals.deciding import approve_proposal
from cpd_records.proposals.learning import propose_correction_of_completion, propose_void_of_completion
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.schemes.periods import Span
from cpd_records.schemes.record import learning_of
from cpd_records.schemes.statements import listed_in
from people import clock
from people.models import User
from tests import factories
from tests.courses.factories import NOON, do_lessons, enrolled, release, release_with_test, sit
from tests.cpd_records.currency.acts import make_qualification

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
DAY = NOON.date()


@pytest.fixture
def two(db: None) -> tuple[User, User]:
    return factories.person("M. Demo", "training-admin"), factories.person("Z. Demo", "system-admin")


@pytest.fixture
def officer(db: None) -> User:
    return factories.person("Rae Demo")


def completed(officer: User, **more: Any) -> Completion:
    """Finish a course of two lessons and an hour, on 22 November 2026."""
    do_lessons(enrolled(officer, release(**more)))
    return Completion.objects.select_related("certificate").get(enrolment__officer=officer)


def withdrawn(completion: Completion, two: tuple[User, User], **more: Any) -> Any:
    said = {"reason": "Somebody else sat the test.", "at": clock.now(), **more}
    return revoke_certificate(completion.certificate, by=two[0], approved_by=two[1], **said)


def corrected(completion: Completion, two: tuple[User, User], *, day: date, minutes: int | None = 60) -> RecordProposal:
    said = {"by": two[0], "at": clock.now(), "reason": "The register says so."}
    proposal = propose_correction_of_completion(
        completion.enrolment.officer, completion.entry_id, day=day, minutes=minutes, **said
    )
    return approve_proposal(proposal, by=two[1], at=clock.now())


def titles(officer: User, **more: Any) -> list[str]:
    return [entry.title for entry in record_of(officer, year=None, on=clock.today(), **more).entries]


def courses_of(tables: list[Any]) -> list[tuple[str, ...]]:
    return [row for table in tables if table.title == "Courses completed" for row in table.rows]


# --- Never completed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", list(PublicReason))
def test_with_a_certificate_falls_the_completion_it_certifies_whatever_the_ground(
    officer: User, two: tuple[User, User], ground: PublicReason
) -> None:
    completion = completed(officer)
    withdrawn(completion, two, public_reason=ground)
    (entry,) = ReadablePart.objects.filter(kind=EntryKind.CORRECTION)
    said = json.loads(entry.payload)
    assert (entry.corrects, said["void"], said["reason"]) == (
        completion.entry_id,
        True,
        "Somebody else sat the test.",
    )
    assert (said["by_name"], said["approved_by_name"]) == ("M. Demo", "Z. Demo")
    assert completions_of(officer) == []


def test_after_somebody_else_sat_the_test_no_list_of_what_was_learned_holds_the_course(
    officer: User, two: tuple[User, User]
) -> None:
    completion, today = completed(officer), clock.today()
    period = Span(DAY, today)
    assert listed_in(officer, period, on=today).entries == 1
    assert totals_of_year(officer, on=DAY).courses == 60
    withdrawn(completion, two)
    assert courses_of(tables_of_record(officer, on=today)) == []
    assert listed_in(officer, period, on=today).entries == 0
    (learned,) = learning_of(officer)
    assert (learned.minutes, learned.withdrawn) == (0, "Somebody else sat the test.")
    assert totals_of_year(officer, on=DAY).courses == 0
    assert finished_courses(officer) == finished(officer) == due_soon(officer, on=DAY + timedelta(days=725)) == []
    assert [one.code for one in missing_courses(officer, ["ETH-900"], on=clock.now())] == ["ETH-900"]
    assert my_states(officer, on=today, due_days=DUE_DAYS) == {}


def test_the_record_shows_it_no_more_under_what_stands_and_all_of_it_under_everything(
    officer: User, two: tuple[User, User]
) -> None:
    completion = completed(officer)
    assert titles(officer) == ["Completed: Saying so"]
    withdrawn(completion, two)
    assert titles(officer) == ["Certificate withdrawn: Saying so"]
    everything = titles(officer, everything=True)
    assert sorted(everything) == [
        "Certificate awarded: Saying so",
        "Certificate withdrawn: Saying so",
        "Completed: Saying so",
        "Never true: Saying so",
    ]


def test_the_course_page_says_that_it_counts_as_not_completed_and_offers_it_again(
    officer: User, two: tuple[User, User], signed_in: Browser
) -> None:
    completion = completed(officer)
    page = signed_in(officer).get("/catalogue/eth-900/").content.decode()
    assert "open the certificate" in page
    withdrawn(completion, two)
    page = signed_in(officer).get("/catalogue/eth-900/").content.decode()
    assert "What was recorded on 22 November 2026 was withdrawn: the course counts as not completed" in page
    assert "open the certificate" not in page
    assert "Take it again" in page


def test_a_course_completed_anew_counts_once(officer: User, two: tuple[User, User]) -> None:
    completion = completed(officer)
    withdrawn(completion, two)
    again = enrol(officer, completion.enrolment.course, by=officer, at=NOON + timedelta(days=1))
    do_lessons(again, at=NOON + timedelta(days=2))
    assert totals_of_year(officer, on=DAY).courses == 60
    assert courses_of(tables_of_record(officer, on=clock.today())) == [("Saying so", "24 November 2026", "1 h")]
    assert [one.day for one in finishes(Completion.objects.filter(enrolment__officer=officer))] == [
        DAY + timedelta(days=2)
    ]


def test_as_recorded_before_the_withdrawal_the_completion_stands(officer: User, two: tuple[User, User]) -> None:
    completion = completed(officer)
    seal_now()
    then = last_checkpoint()
    assert then is not None
    withdrawn(completion, two)
    seal_now()
    assert [one.entry for one in completions_of(officer, size=then.size)] == [completion.entry_id]
    assert completions_of(officer, size=last_checkpoint().size) == []
    assert titles(officer, known_at=then.time) == ["Completed: Saying so"]


def test_a_course_is_declared_never_completed_with_its_certificate_and_what_it_awarded(
    officer: User, two: tuple[User, User]
) -> None:
    make_qualification("CARE", "Care in custody", validity_months=24)
    completion = completed(officer, leads_to=("CARE",))
    said = {"by": two[0], "at": clock.now(), "reason": "Another officer's test."}
    proposal = propose_void_of_completion(officer, completion.entry_id, **said)
    assert completions_of(officer) != []
    approve_proposal(proposal, by=two[1], at=clock.now())
    assert completions_of(officer) == []
    certificate = Certificate.objects.with_standing().get(pk=completion.certificate_id)
    assert standing_of(certificate, on=clock.today()) is Standing.REVOKED
    (one,) = currency_of(officer, on=clock.today()).qualifications or [None]
    assert one is None or one.verdict is Verdict.NEVER_HELD
    with pytest.raises(ProposalRefused, match="declared never true before"):
        propose_void_of_completion(officer, completion.entry_id, **said)


# --- On another day -----------------------------------------------------------------------------------------------------


def test_a_wrong_day_is_corrected_and_last_day_award_and_certificate_follow(
    officer: User, two: tuple[User, User]
) -> None:
    make_qualification("CARE", "Care in custody", validity_months=24)
    completion = completed(officer, leads_to=("CARE",))
    earlier = date(2026, 10, 1)
    corrected(completion, two, day=earlier, minutes=90)
    (one,) = completions_of(officer)
    assert (one.day, one.minutes, one.valid_until) == (earlier, 90, date(2028, 10, 1))
    old = Certificate.objects.with_standing().get(pk=completion.certificate_id)
    new = certificate_of(completion.entry_id)
    assert new is not None
    assert (new.supersedes_id, new.awarded_on, new.valid_until) == (old.pk, earlier, one.valid_until)
    assert standing_of(old, on=clock.today()) is Standing.SUPERSEDED
    (care,) = currency_of(officer, on=clock.today()).qualifications
    assert (care.valid_from, care.valid_until) == (earlier, date(2028, 10, 1))
    assert courses_of(tables_of_record(officer, on=clock.today())) == [("Saying so", "1 October 2026", "1 h 30 min")]
    (shown,) = finished(officer)
    assert (shown.on, shown.minutes, str(new.pk) in shown.certificate) == (earlier, 90, True)
    assert sorted(titles(officer)) == ["Completed: Saying so", "Qualification: Care in custody"]


def test_a_course_that_leads_to_nothing_lasts_as_its_release_said_from_the_corrected_day(
    officer: User, two: tuple[User, User]
) -> None:
    completion = completed(officer, validity_months=6)
    corrected(completion, two, day=date(2026, 8, 31))
    assert certificate_of(completion.entry_id).valid_until == date(2027, 2, 28)
    (due,) = due_soon(officer, on=date(2027, 3, 1))
    assert due.is_expired


def test_every_issue_of_a_corrected_completion_falls_with_it(officer: User, two: tuple[User, User]) -> None:
    completion = completed(officer)
    corrected(completion, two, day=date(2026, 10, 1))
    withdrawn(completion, two)
    assert completions_of(officer) == finished(officer) == []
    rows = Certificate.objects.filter(officer=officer).with_standing()
    assert {standing_of(row, on=clock.today()) for row in rows} == {Standing.REVOKED}


def test_a_mark_that_falls_withdraws_the_certificate_of_the_corrected_day(
    officer: User, two: tuple[User, User]
) -> None:
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    sit(enrolment, right=3)
    completion = Completion.objects.get(enrolment=enrolment)
    corrected(completion, two, day=date(2026, 11, 21))
    new = certificate_of(completion.entry_id)
    assert new.awarded_on == date(2026, 11, 21)
    assert Enrolment.objects.get(pk=enrolment.pk).outcome == "completed"


def test_while_its_certificate_is_suspended_the_day_stays(officer: User, two: tuple[User, User]) -> None:
    completion = completed(officer)
    suspend_certificate(completion.certificate, by=two[0], reason="Being looked into.", at=clock.now())
    with pytest.raises(ProposalRefused, match="Its certificate is suspended"):
        corrected(completion, two, day=date(2026, 10, 1))


def test_the_certificate_of_a_later_completion_stays_where_an_earlier_one_is_corrected(
    officer: User, two: tuple[User, User]
) -> None:
    completion = completed(officer)
    again = enrol(officer, completion.enrolment.course, by=officer, at=NOON + timedelta(days=1))
    do_lessons(again, at=NOON + timedelta(days=2))
    corrected(completion, two, day=date(2026, 10, 1))
    assert Certificate.objects.count() == 2
    days = [one.day for one in finishes(Completion.objects.filter(enrolment__officer=officer))]
    assert days == [date(2026, 10, 1), DAY + timedelta(days=2)]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"day": DAY}, "", "Nothing was changed"),
        ({"day": date(2099, 1, 1)}, "day", "still to come"),
        ({"day": date(1901, 1, 1)}, "day", "more than 60 years ago"),
        ({"day": DAY, "minutes": 60_001}, "minutes", "Length is between"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_a_sentence(
    officer: User, two: tuple[User, User], changed: dict[str, Any], field: str, said: str
) -> None:
    completion = completed(officer)
    with pytest.raises(ProposalRefused, match=said) as refused:
        corrected(completion, two, **changed)
    assert refused.value.field == field
    assert not RecordProposal.objects.exists()
