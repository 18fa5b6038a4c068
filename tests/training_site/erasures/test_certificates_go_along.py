"""What certifies a record goes with it, and so does a list that prints it; what another record names stays for that one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction

from courses.models import Enrolment, Recruit, RecruitState
from courses.programmes.deciding import add_state, write_decision
from courses.programmes.states import Kind
from courses.training_records import issue_training_record
from cpd_records.certificates import award_certificate
from cpd_records.certificates.checking import answer_for_code, answer_for_file
from cpd_records.erasures.foreseeing import CERTIFYING, LISTING, Foreseen, foresee
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Activity,
    ActivityState,
    Certificate,
    ErasureGround,
    ErasurePiece,
    LedgerEntry,
    ReadablePart,
    TrainingRecordList,
)
from cpd_records.qualifications.certifying import issue_qualification_certificate
from cpd_records.schemes.statements import issue_statement
from people import clock
from people.models import User
from tests.courses.factories import NOON, do_lessons, enrolled, release_with_test, sit
from tests.courses.programmes.acts import administrator, intake, recruit
from tests.cpd_records.certificate_acts import stored_bytes
from tests.cpd_records.currency.acts import award
from tests.training_site.erasures.acts import (
    TODAY,
    an_activity,
    asked,
    carried_out,
    foreseen,
    long_ago,
    worked_off,
)
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db
NO_LONGER = "We no longer hold this record"


def issued(certificate: Certificate) -> bytes:
    """Have the file made, and return it."""
    seal_now()
    worked_off()
    certificate.refresh_from_db()
    return stored_bytes(certificate)


def is_held(entry: LedgerEntry) -> bool:
    return ReadablePart.objects.filter(pk=entry.pk).exists()


def assert_no_longer_held(certificate: Certificate, pdf: bytes) -> None:
    """Code and file are answered alike, and nothing of it is left here."""
    seal_now()
    certificate.refresh_from_db()
    assert (certificate.title, certificate.subject) == ("", "")
    for answer in (answer_for_code(certificate.code, on=TODAY), answer_for_file(pdf, on=TODAY)):
        assert answer.heading == NO_LONGER
        assert answer.particulars is None
    assert not storages["private"].exists(certificate.file)
    entries = [certificate.entry_id, certificate.issued_entry_id]
    assert not ReadablePart.objects.filter(pk__in=entries).exists()


def assert_stands(certificate: Certificate) -> None:
    certificate.refresh_from_db()
    assert certificate.title
    assert answer_for_code(certificate.code, on=TODAY).heading != NO_LONGER
    assert storages["private"].exists(certificate.file)


def sorts(found: Foreseen, code: str) -> dict[str, int]:
    """How many of each sort of a class would go."""
    return {sort.what: sort.count for one in found.classes if one.retention.code == code for sort in one.sorts}


def learned(officer: User, day: date, *, kind: str = "completion", title: str = "Stop and search") -> LedgerEntry:
    """Write into the ledger what a finished course leaves there."""
    with transaction.atomic():
        return append_entry(
            kind=kind, officer=officer.public_id, day=day, subject="SPEC-110", minutes=60, payload={"title": title}
        )


def statement(officer: User, first: date, last: date) -> Certificate:
    return issue_statement(officer, starts_on=first, ends_on=last, by=officer, at=clock.now())


def training_record(officer: User) -> Certificate:
    return issue_training_record(officer, by=officer, at=clock.now())


def on_patrol(*, since: date) -> tuple[Recruit, Certificate, LedgerEntry]:
    """A recruit who was granted independent patrol and confirmed, with the letter of it and the decision in the ledger."""
    ada = administrator()
    rae = recruit(intake(by=ada), by=ada)
    said: dict[str, Any] = {"by": ada, "on": since, "reason": "All of it was seen", "evidence": ""}
    with transaction.atomic():
        entry = write_decision(rae, Kind.PATROL.value, **said)
        add_state(rae, Kind.PATROL, entry=entry, **said)
        letter = award_certificate(
            rae.officer,
            subject="TEST-PATROL",
            title="Independent patrol",
            release_label="Two-phase programme, release 1",
            minutes=0,
            awarded_on=since,
            valid_until=None,
            completion_entry=entry,
            assessed=False,
            is_grant=True,
            at=clock.now(),
        )
    Recruit.objects.filter(pk=rae.pk).update(closed_at=clock.now())
    rae.refresh_from_db()
    return rae, letter, entry


# --- Letters of independent patrol --------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", [ErasureGround.RETENTION, ErasureGround.ORDER])
def test_a_letter_of_patrol_goes_by_its_own_class_and_the_decision_stays(dee: User, kit: User, ground: str) -> None:
    rae, letter, decision = on_patrol(since=long_ago(8))
    pdf = issued(letter)

    carried_out(asked(rae.officer, dee, ground=ground, classes=["cpd"]), kit)

    assert_no_longer_held(letter, pdf)
    assert is_held(decision), "what was decided is initial training's"
    assert RecruitState.objects.get(recruit=rae, kind=Kind.PATROL).entry_id == decision.pk


def test_a_letter_of_patrol_goes_with_the_decision_it_certifies(dee: User, kit: User) -> None:
    rae, letter, decision = on_patrol(since=long_ago(2))
    pdf = issued(letter)
    found = foreseen(rae.officer, classes=["initial-training"])
    assert sorts(found, "initial-training")[CERTIFYING] == 1

    carried_out(asked(rae.officer, dee, classes=["initial-training"]), kit)

    assert_no_longer_held(letter, pdf)
    assert not is_held(decision)
    assert not Recruit.objects.filter(pk=rae.pk).exists()
    assert ErasurePiece.objects.get(what=CERTIFYING).retention_class == "initial-training"


def test_initial_training_stays_while_the_recruit_is_on_it(dee: User) -> None:
    ada = administrator()
    rae = recruit(intake(by=ada), by=ada)
    found = foreseen(rae.officer, classes=["initial-training"])
    (sort,) = [sort for one in found.classes for sort in one.sorts if sort.what == "Initial training"]
    assert (sort.count, sort.going_on) == (0, 1)


# --- Certificates of qualifications -------------------------------------------------------------------------------------


def test_a_certificate_of_a_qualification_goes_with_the_award_it_certifies(olu: User, dee: User, kit: User) -> None:
    gone, kept = (award(olu, code, TODAY, basis="authorised") for code in ("FALP", "SS"))
    one, other = (issue_qualification_certificate(olu, code, by=olu, at=clock.now()) for code in ("FALP", "SS"))
    pdf = issued(one)
    assert answer_for_code(one.code, on=TODAY).heading != NO_LONGER
    found = foreseen(olu, classes=["accreditation"])
    assert sorts(found, "accreditation") == {"Awards in the ledger": 2, CERTIFYING: 2}

    carried_out(asked(olu, dee, classes=["accreditation"]), kit)

    assert not is_held(gone)
    assert not is_held(kept)
    assert_no_longer_held(one, pdf)
    other.refresh_from_db()
    assert other.title == ""


def test_it_goes_with_its_own_award_and_with_no_other(dee: User, kit: User, olu: User) -> None:
    award(olu, "FALP", TODAY, basis="authorised")
    one = issue_qualification_certificate(olu, "FALP", by=olu, at=clock.now())
    issued(one)
    an_activity(olu, long_ago(8))

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert_stands(one)


def test_a_certificate_of_an_award_that_was_corrected_goes_with_it(olu: User, dee: User, kit: User) -> None:
    entry = award(olu, "FALP", TODAY, basis="authorised")
    one = issue_qualification_certificate(olu, "FALP", by=olu, at=clock.now())
    pdf = issued(one)
    with transaction.atomic():
        append_entry(
            kind="correction",
            officer=olu.public_id,
            day=TODAY,
            subject="FALP",
            corrects=entry.pk,
            payload={"reason": "A slip", "by": dee.public_id, "approved_by": kit.public_id},
        )

    carried_out(asked(olu, dee, classes=["accreditation"]), kit)

    assert_no_longer_held(one, pdf)
    assert {part.kind for part in ReadablePart.objects.filter(officer=olu.public_id)} == {"erasure"}


# --- Courses ------------------------------------------------------------------------------------------------------------


def finished_course(officer: User, *, closed: date) -> tuple[Enrolment, Certificate]:
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    sit(enrolment)
    moment = NOON.replace(year=closed.year, month=closed.month, day=closed.day)
    Enrolment.objects.filter(pk=enrolment.pk).update(closed_at=moment)
    return enrolment, enrolment.completion.certificate


def test_what_a_certificate_that_is_kept_names_stays_when_the_course_goes(olu: User, dee: User, kit: User) -> None:
    enrolment, certificate = finished_course(olu, closed=long_ago(8))
    issued(certificate)

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert not Enrolment.objects.filter(pk=enrolment.pk).exists()
    assert_stands(certificate)
    assert is_held(certificate.completion_entry)


def test_by_order_the_course_goes_with_its_certificate_and_both_openings(olu: User, dee: User, kit: User) -> None:
    _enrolment, certificate = finished_course(olu, closed=TODAY)
    pdf = issued(certificate)

    carried_out(asked(olu, dee, classes=["cpd"]), kit)

    assert_no_longer_held(certificate, pdf)
    assert not is_held(certificate.completion_entry)


# --- Lists --------------------------------------------------------------------------------------------------------------


def test_a_statement_goes_with_the_first_entry_erased_that_it_lists(olu: User, dee: User, kit: User) -> None:
    old, fresh = learned(olu, long_ago(8)), learned(olu, long_ago(1))
    both, late = statement(olu, long_ago(9), TODAY), statement(olu, long_ago(2), TODAY)
    pdf = issued(both)
    issued(late)
    found = foreseen(olu, ground=ErasureGround.RETENTION, classes=["cpd"])
    assert sorts(found, "cpd")[LISTING] == 1
    (sort,) = [sort for one in found.classes for sort in one.sorts if sort.what == LISTING]
    assert "print a record that goes" in sort.why

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert not is_held(old)
    assert_no_longer_held(both, pdf)
    assert is_held(fresh)
    assert_stands(late)
    again = statement(olu, long_ago(9), TODAY)
    assert again.supersedes is None
    assert_lists(again, 1)


def assert_lists(record: Certificate, count: int) -> None:
    issued(record)
    (rows,) = [value for name, value in answer_for_code(record.code, on=TODAY).rows if name == "Entries"]
    assert str(rows) == str(count)


def test_a_statement_goes_with_an_activity_that_nobody_verified(olu: User, dee: User, kit: User) -> None:
    """It is in no entry, and on the statement all the same; what was never handed in is on none."""
    activity, draft = an_activity(olu, long_ago(8)), an_activity(olu, long_ago(7))
    learned(olu, long_ago(1))
    Activity.objects.filter(pk=activity.pk).update(state=ActivityState.SUBMITTED, verifier=dee)
    both, over_the_draft = statement(olu, long_ago(9), TODAY), statement(olu, long_ago(7), TODAY)
    pdf = issued(both)
    issued(over_the_draft)

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert not Activity.objects.filter(pk__in=(activity.pk, draft.pk)).exists()
    assert_no_longer_held(both, pdf)
    assert_stands(over_the_draft)


def test_a_training_record_goes_with_the_first_record_erased_that_it_lists(olu: User, dee: User, kit: User) -> None:
    award(olu, "FALP", TODAY, basis="authorised")
    learned(olu, TODAY)
    record = training_record(olu)
    pdf = issued(record)
    assert sorts(foreseen(olu, classes=["accreditation"]), "accreditation") == {"Awards in the ledger": 1, LISTING: 1}

    carried_out(asked(olu, dee, classes=["accreditation"]), kit)

    assert_no_longer_held(record, pdf)
    again = training_record(olu)
    assert again.supersedes is None
    assert_lists(again, 1)


def test_a_training_record_goes_with_initial_training_that_it_lists(dee: User, kit: User) -> None:
    rae, letter, _decision = on_patrol(since=long_ago(2))
    record = training_record(rae.officer)
    issued(letter)
    pdf = issued(record)
    carried_out(asked(rae.officer, dee, classes=["initial-training"]), kit)
    assert_no_longer_held(record, pdf)


def test_a_list_stays_that_was_awarded_before_the_record_was_there(olu: User, dee: User, kit: User) -> None:
    learned(olu, long_ago(1))
    before = training_record(olu)
    issued(before)
    award(olu, "FALP", long_ago(1), basis="authorised")

    carried_out(asked(olu, dee, classes=["accreditation"]), kit)

    assert_stands(before)


def test_a_list_whose_file_was_not_made_yet_goes_too(olu: User, dee: User, kit: User) -> None:
    learned(olu, long_ago(8))
    waiting = statement(olu, long_ago(9), TODAY)
    assert TrainingRecordList.objects.filter(certificate=waiting).exists()

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    seal_now()
    worked_off()

    waiting.refresh_from_db()
    assert (waiting.title, waiting.file) == ("", "")
    assert not TrainingRecordList.objects.exists()


def test_where_certificates_go_by_themselves_they_are_told_once(olu: User) -> None:
    learned(olu, TODAY)
    training_record(olu)
    found = foreseen(olu, classes=["cpd"])
    assert sorts(found, "cpd") == {"Certificates": 1, "Other entries of the ledger": 1}
    both = foresee(olu, ALL_PLANS, ground="order", classes=["cpd", "accreditation"], on=TODAY)
    assert both.counts == {"cpd": 2}
