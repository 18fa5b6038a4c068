"""A certificate is suspended by one, at once, and lifted by two; strangers read since when and never why; it is final in nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from courses.certificates_held import certificates_of
from courses.my_record import record_of
from courses.parades.looking import why_not
from cpd_records.certificates import CertificateRefused, standing_of
from cpd_records.certificates.as_known import certificates_as_known
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import TELL_HOLDER, lift_suspension, suspend_certificate
from cpd_records.credentials.status_lists import places_of
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.entries import EntryRefused, append_entry
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Certificate,
    CertificateSuspension,
    CertificateSuspensionEnd,
    EntryKind,
    ReadablePart,
    RecordProposal,
)
from cpd_records.proposals.certificates import propose_lifting
from cpd_records.proposals.deciding import approve_proposal
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.qualifications.recorded import everything_recorded
from people import clock, work
from people.models import User
from tests import factories
from tests.cpd_records.certificate_acts import issued, stored_bytes

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
SUSPENDED = datetime(2026, 9, 9, 12, tzinfo=UTC)
LIFTED = datetime(2026, 9, 20, 12, tzinfo=UTC)


@dataclass
class Case:
    officer: User
    author: User
    second: User
    certificate: Certificate

    @property
    def current(self) -> Certificate:
        return Certificate.objects.with_standing().get(pk=self.certificate.pk)

    def stands(self, on: date) -> str:
        return str(standing_of(self.current, on=on))


@pytest.fixture
def case(db: None) -> Case:
    officer = factories.person("Alexandra Bell")
    author, second = factories.person("M. Demo", "training-admin"), factories.person("Z. Demo", "system-admin")
    return Case(officer, author, second, issued(officer))


def suspend(case: Case, **more: Any) -> CertificateSuspension:
    return suspend_certificate(
        case.certificate, **{"by": case.author, "reason": "Another may have sat it.", "at": SUSPENDED, **more}
    )


def lift(case: Case, **more: Any) -> CertificateSuspensionEnd:
    said = {"by": case.author, "approved_by": case.second, "reason": "The room's log shows her.", "at": LIFTED, **more}
    return lift_suspension(case.certificate, **said)


def verify(case: Case) -> str:
    return Client().get(f"/verify/{case.certificate.code}/").content.decode()


def test_strangers_read_since_when_and_not_why_or_by_whom(case: Case) -> None:
    suspend(case)
    page = verify(case)
    assert "This certificate is suspended" in page
    assert "Suspended since 9 September 2026, while we look into it." in page
    assert "Alexandra Bell" in page
    for secret in ("Another may have sat it", "M. Demo"):
        assert secret not in page


def test_it_stands_suspended_from_its_day_until_it_is_lifted_and_as_before_after_that(case: Case) -> None:
    suspend(case)
    lift(case)
    days = [date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 19), date(2026, 9, 20)]
    assert [case.stands(day) for day in days] == ["valid", "suspended", "suspended", "valid"]
    assert "This certificate is valid" in verify(case)
    suspend(case, at=LIFTED + timedelta(days=1))
    assert case.stands(date(2026, 9, 22)) == "suspended"


def test_as_known_before_it_was_sealed_it_was_not_suspended(case: Case) -> None:
    seal_now()
    before = last_checkpoint()
    assert before is not None
    suspend(case, at=clock.now())
    seal_now()
    after = last_checkpoint()
    assert after is not None
    lift(case, at=clock.now())
    seal_now()
    today = clock.today()
    told = [
        str(certificates_as_known(case.officer, on=today, known_at=known_at).held[0][1])
        for known_at in (before.time, after.time, None)
    ]
    assert told == ["valid", "suspended", "valid"]


def test_each_is_an_entry_that_says_who_and_why(case: Case) -> None:
    suspension = suspend(case)
    end = lift(case)
    first, then = (ReadablePart.objects.get(entry=row.entry_id) for row in (suspension, end))
    assert (first.kind, first.day) == (EntryKind.CERTIFICATE_SUSPENDED, date(2026, 9, 9))
    assert (then.kind, then.day) == (EntryKind.SUSPENSION_LIFTED, date(2026, 9, 20))
    said, lifted = json.loads(first.payload), json.loads(then.payload)
    assert (said["by_name"], said["reason"]) == ("M. Demo", "Another may have sat it.")
    assert said["certificate"] == str(case.certificate.entry_id)
    assert (lifted["by_name"], lifted["approved_by_name"]) == ("M. Demo", "Z. Demo")
    assert lifted["suspension"] == str(suspension.entry_id)
    (thing,) = [one for one in everything_recorded(case.officer).things if one.what.startswith("Certificate")]
    assert [one.says for one in thing.entries][1:] == [
        "Suspended since 9 September 2026.",
        "The suspension was lifted on 20 September 2026: it stands as it did before.",
    ]
    assert thing.is_standing


def test_it_is_in_the_list_of_suspended_ones_while_it_is(case: Case) -> None:
    place = case.certificate.entry.place.index
    assert place not in places_of("suspension", 0)
    suspend(case)
    assert place in places_of("suspension", 0)
    assert place not in places_of("revocation", 0)
    lift(case)
    assert place not in places_of("suspension", 0)
    suspend(case)
    revoke_certificate(case.certificate, by=case.author, approved_by=case.second, reason="Proved.", at=LIFTED)
    cache.clear()
    assert place in places_of("revocation", 0)
    assert place not in places_of("suspension", 0)


def test_the_command_says_that_it_is_suspended(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suspend(case)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(stored_bytes(case.certificate))
    with pytest.raises(SystemExit):
        call_command("verify_certificate", str(file), "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["valid"], report["standing"]) == (False, "suspended")
    assert report["checks"]["signature"]
    assert "Suspended since 9 September 2026" in report["answer"]
    assert report["unsealed"] == 2


def test_the_holder_reads_it_on_their_record_and_is_told_by_a_mail_that_names_nothing(
    case: Case, signed_in: Browser
) -> None:
    suspension = suspend(case)
    assert work.do_work(TELL_HOLDER, str(suspension.pk))
    (told,) = mail.outbox
    assert told.to == [case.officer.email]
    assert "Stop and search" not in told.subject + str(told.body)
    assert "Another may" not in str(told.body)
    (held,) = certificates_of(case.officer, on=clock.today())
    assert held.words == "Suspended: whoever checks it is told not to rely on it"
    page = signed_in(case.officer).get("/my/record/").content.decode()
    assert "is suspended.</strong>" in page
    entries = record_of(case.officer, year=2026, on=clock.today()).entries
    (entry,) = [one for one in entries if one.kind == "certificate_suspended"]
    assert entry.detail == "Another may have sat it. By M. Demo."


def test_it_is_not_handed_out_at_a_parade_meanwhile(case: Case) -> None:
    suspend(case)
    assert "suspended" in why_not(case.current, on=clock.today())


def test_a_withdrawal_outweighs_it_and_it_outweighs_a_newer_one_and_an_end(case: Case) -> None:
    suspend(case)
    newer = issued(case.officer)
    assert case.stands(clock.today()) == "suspended"
    assert standing_of(newer, on=clock.today()) == "valid"
    assert case.stands(date(2100, 1, 1)) == "suspended"
    revoke_certificate(case.certificate, by=case.author, approved_by=case.second, reason="Proved.", at=LIFTED)
    assert case.stands(clock.today()) == "revoked"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 501}, "too long"),
    ],
)
def test_what_gives_no_reason_is_refused(case: Case, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(CertificateRefused, match=said):
        suspend(case, **changed)


def test_nobody_suspends_their_own_and_only_administrators_suspend(case: Case) -> None:
    case.certificate = issued(case.author)
    with pytest.raises(CertificateRefused, match="your own certificate"):
        suspend(case)
    for other in (case.officer, factories.person("A. Demo", "auditor")):
        with pytest.raises(CertificateRefused, match="Only a training administrator"):
            suspend(case, by=other)
    assert not CertificateSuspension.objects.exists()


def test_it_is_suspended_once_at_a_time_by_verb_and_by_trigger(case: Case) -> None:
    first = suspend(case)
    with pytest.raises(CertificateRefused, match="suspended since 9 September 2026 already"):
        suspend(case)
    entry = ReadablePart.objects.get(entry=first.entry_id).entry
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateSuspension.objects.create(
            certificate=case.certificate,
            reason="Again",
            suspended_by=case.second,
            suspended_at=SUSPENDED,
            entry=case.certificate.completion_entry,
        )
    for statement in ("UPDATE {} SET reason = 'other'", "UPDATE {} SET reason = ''", "DELETE FROM {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(CertificateSuspension._meta.db_table))
    lift(case)
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateSuspensionEnd.objects.update(reason="other")
    # What was lawfully erased takes its reason with it, and nothing else.
    erase_readable_part(entry, retention_class="leaver", authority="Data protection officer", at=LIFTED)
    CertificateSuspension.objects.filter(pk=first.pk).update(reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateSuspension.objects.filter(pk=first.pk).update(suspended_by=case.second)


def test_what_is_withdrawn_or_no_longer_held_is_neither_suspended_nor_lifted(case: Case) -> None:
    other = issued(factories.person("Bo Marsh"))
    revoke_certificate(other, by=case.author, approved_by=case.second, reason="Proved.", at=SUSPENDED)
    with pytest.raises(CertificateRefused, match="was withdrawn on 9 September 2026, and stays so"):
        suspend_certificate(other, by=case.author, reason="Why not", at=LIFTED)
    with pytest.raises(CertificateRefused, match="not suspended"):
        lift(case)
    erase_readable_part(case.certificate.entry, retention_class="leaver", authority="The DPO", at=SUSPENDED)
    with pytest.raises(CertificateRefused, match="lawfully erased"):
        suspend(case)


def test_it_is_lifted_by_a_proposal_that_another_approves(case: Case) -> None:
    suspend(case)
    proposal = propose_lifting(case.certificate, by=case.author, at=clock.now(), reason="The log shows her.")
    assert case.stands(clock.today()) == "suspended"
    for stranger in (case.author, case.officer, factories.person("A. Demo", "auditor")):
        with pytest.raises(NotYourDecision):
            approve_proposal(proposal, by=stranger, at=clock.now())
    approve_proposal(proposal, by=case.second, at=clock.now())
    assert case.stands(clock.today()) == "valid"
    with pytest.raises(ProposalRefused, match="not suspended"):
        propose_lifting(case.certificate, by=case.author, at=clock.now(), reason="Again.")


def test_a_withdrawal_meanwhile_makes_the_proposal_stale(case: Case) -> None:
    suspend(case)
    proposal = propose_lifting(case.certificate, by=case.author, at=clock.now(), reason="The log shows her.")
    lift(case)
    with pytest.raises(Stale):
        approve_proposal(proposal, by=case.second, at=clock.now())


def test_the_ledger_itself_refuses_that_one_person_lifts(case: Case) -> None:
    with pytest.raises(EntryRefused, match="two people"), transaction.atomic():
        append_entry(
            kind=EntryKind.SUSPENSION_LIFTED,
            officer=case.officer.public_id,
            day=date(2026, 9, 9),
            payload={"reason": "x", "by": case.author.public_id, "approved_by": case.author.public_id},
        )
    suspend(case)
    with pytest.raises(CertificateRefused, match="A second person decides"):
        lift(case, approved_by=case.author)


def test_the_pages_lead_from_the_certificate_to_both(case: Case, signed_in: Browser) -> None:
    author, second = signed_in(case.author), signed_in(case.second)
    person = f"/qualifications/people/{case.officer.public_id}/"
    one = f"{person}certificates/{case.certificate.pk}/"
    assert f"{one}suspend/" in author.get(person).content.decode()
    assert "Say why, in a sentence." in author.post(f"{one}suspend/", {"reason": ""}).content.decode()
    assert author.post(f"{one}suspend/", {"reason": "Asked about."}).headers["Location"] == person
    page = author.get(person).content.decode()
    assert ", suspended" in page
    assert "suspended since" in author.post(f"{one}suspend/", {"reason": "Asked about."}).content.decode()
    assert f"{one}lift/" in page
    assert author.post(f"{one}lift/", {"reason": "Nothing was found."}).headers["Location"] == person
    proposal = RecordProposal.objects.get()
    assert (
        "Lift the suspension of a certificate"
        in second.get(f"/qualifications/proposals/{proposal.pk}/").content.decode()
    )
    second.post(f"/qualifications/proposals/{proposal.pk}/", {"do": "approve"})
    assert ", suspended" not in author.get(person).content.decode()
    assert "not suspended" in author.post(f"{one}lift/", {"reason": "Again."}).content.decode()
