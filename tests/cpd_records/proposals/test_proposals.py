"""What changes what a record says is proposed by one and approved by another: neither is the officer, and the entry names both."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from cpd_records.certificates.standing import revocation_of
from cpd_records.currency import currency_of
from cpd_records.models import (
    Certificate,
    EntryKind,
    Exemption,
    LedgerEntry,
    PublicReason,
    ReadablePart,
    RecordProposal,
)
from cpd_records.proposals.awards import (
    propose_correction,
    propose_end_of_exemption,
    propose_exemption,
    propose_void,
    propose_withdrawal,
)
from cpd_records.proposals.certificates import propose_certificate_withdrawal
from cpd_records.proposals.deciding import approve_proposal, is_stale, refuse_proposal, take_proposal_back
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.qualifications.corrections import correct_award, void_award
from cpd_records.qualifications.rulings import end_exemption, grant_exemption
from people import clock, work
from people.models import User, WaitingWork
from tests import factories
from tests.cpd_records import certificate_acts
from tests.cpd_records.currency.acts import award, qualification
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
YESTERDAY = timedelta(days=1)


def approved(proposal: RecordProposal, by: User) -> RecordProposal:
    return approve_proposal(proposal, by=by, at=clock.now())


def verdict(officer: User, code: str = "FALP") -> str:
    (found,) = [one for one in currency_of(officer, on=clock.today()).qualifications if one.code == code]
    return found.verdict.value


def proposed_void(station: Station, entry: LedgerEntry, **more: Any) -> RecordProposal:
    said = {"by": station.training_admin, "at": clock.now(), "reason": "Somebody else's.", **more}
    return propose_void(station.officer, entry.pk, **said)


def proposed_exemption(station: Station, **more: Any) -> RecordProposal:
    said = {"by": station.training_admin, "at": clock.now(), "reason": "Desk work only.", **more}
    return propose_exemption(station.officer, qualification("FALP"), **said)


def payload_of(entry: object) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(ReadablePart.objects.get(entry=entry).payload)
    return said


def do_waiting() -> None:
    for row in WaitingWork.objects.filter(kind__startswith="proposals.", done_at__isnull=True):
        assert work.do_work(row.kind, row.key)


def test_nothing_counts_until_it_is_approved_and_the_entry_names_both(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    proposal = proposed_void(station, entry)
    assert verdict(station.officer) == "in_date"
    done = approved(proposal, station.system_admin)
    assert verdict(station.officer) == "never_held"
    said = payload_of(done.entry_id)
    assert (said["by"], said["by_name"]) == (str(station.training_admin.public_id), "M. Demo")
    assert (said["approved_by"], said["approved_by_name"]) == (str(station.system_admin.public_id), "Z. Demo")
    assert (said["reason"], said["void"]) == ("Somebody else's.", True)
    assert ReadablePart.objects.get(entry=done.entry_id).corrects == entry.pk


def test_an_award_is_corrected_as_it_was_proposed(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    earlier = clock.today() - timedelta(days=400)
    proposal = propose_correction(
        station.officer,
        entry.pk,
        by=station.training_admin,
        at=clock.now(),
        reason="A year too late.",
        day=earlier,
        minutes=90,
        valid_until=None,
    )
    part = ReadablePart.objects.get(entry=approved(proposal, station.system_admin).entry_id)
    assert (part.kind, part.day, part.minutes) == (EntryKind.CORRECTION, earlier, 90)
    assert verdict(station.officer) == "expired"


def test_an_award_is_taken_back_as_it_was_proposed(station: Station) -> None:
    entry = award(station.officer, "JRFT", clock.today() - timedelta(days=30))
    last_day = clock.today() - YESTERDAY
    proposal = propose_withdrawal(
        station.officer, entry.pk, by=station.training_admin, at=clock.now(), reason="Hurt.", last_day=last_day
    )
    approved(proposal, station.system_admin)
    assert verdict(station.officer, "JRFT") == "expired"


def test_an_exemption_is_a_row_and_an_entry_that_names_both_and_ends_in_the_same_way(station: Station) -> None:
    done = approved(proposed_exemption(station), station.system_admin)
    exemption = Exemption.objects.get()
    assert exemption.entry_id == done.entry_id
    said = payload_of(done.entry_id)
    assert said["kind"] == "exemption"
    assert (said["by_name"], said["approved_by_name"]) == ("M. Demo", "Z. Demo")
    end = propose_end_of_exemption(
        exemption, by=station.system_admin, at=clock.now(), reason="Back on the street.", last_day=clock.today()
    )
    ended = approved(end, station.training_admin)
    part = ReadablePart.objects.get(entry=ended.entry_id)
    assert (part.kind, part.corrects, part.valid_until) == (EntryKind.CORRECTION, exemption.entry_id, clock.today())
    assert Exemption.objects.known().get().valid_until == clock.today()


def test_an_exemption_that_had_not_begun_never_was(station: Station) -> None:
    later = clock.today() + timedelta(days=10)
    approved(proposed_exemption(station, valid_from=later), station.system_admin)
    end = propose_end_of_exemption(
        Exemption.objects.get(), by=station.training_admin, at=clock.now(), reason="Not needed.", last_day=clock.today()
    )
    assert payload_of(approved(end, station.system_admin).entry_id)["void"] is True
    assert Exemption.objects.known().get().is_void


def test_an_exemption_of_before_that_has_no_entry_ends_with_one_of_its_own(station: Station) -> None:
    approved(proposed_exemption(station), station.system_admin)
    Exemption.objects.update(entry=None)
    end = propose_end_of_exemption(
        Exemption.objects.get(), by=station.training_admin, at=clock.now(), reason="Over.", last_day=clock.today()
    )
    part = ReadablePart.objects.get(entry=approved(end, station.system_admin).entry_id)
    assert (part.kind, part.corrects) == (EntryKind.EXEMPTION, None)


def certificate(officer: User) -> Certificate:
    return certificate_acts.award(officer)


def test_a_certificate_is_withdrawn_as_it_was_proposed(station: Station) -> None:
    held = certificate(station.officer)
    proposal = propose_certificate_withdrawal(
        held,
        by=station.training_admin,
        at=clock.now(),
        reason="Sat by somebody else.",
        public_reason=PublicReason.RESULT_CORRECTED,
    )
    assert revocation_of(Certificate.objects.get()) is None
    done = approved(proposal, station.system_admin)
    revocation = revocation_of(Certificate.objects.get())
    assert revocation is not None
    assert (revocation.entry_id, revocation.public_reason) == (done.entry_id, PublicReason.RESULT_CORRECTED)
    assert payload_of(done.entry_id)["approved_by_name"] == "Z. Demo"


def test_each_thing_strangers_can_be_told_has_words_where_it_is_chosen_and_where_it_is_decided(
    station: Station, signed_in: Browser
) -> None:
    held = certificate(station.officer)
    page = f"/qualifications/people/{station.officer.public_id}/certificates/{held.pk}/withdraw/"
    choice = signed_in(station.training_admin).get(page).content.decode()
    for words in (
        "The result it rested on was corrected.",
        "It was issued by mistake.",
        "Only that it was withdrawn, and when.",
    ):
        assert words in choice
    said = {"by": station.training_admin, "at": clock.now(), "reason": "Asked for by its holder."}
    proposal = propose_certificate_withdrawal(held, **said, public_reason=PublicReason.OTHER)
    decision = signed_in(station.system_admin).get(f"/qualifications/proposals/{proposal.pk}/").content.decode()
    assert "Only that it was withdrawn, and when." in decision


def test_a_proposal_is_refused_with_a_sentence_and_the_record_stays(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    with pytest.raises(ProposalRefused, match=r"Say why it is refused.") as refused:
        refuse_proposal(proposal, by=station.system_admin, at=clock.now(), words=" ")
    assert refused.value.field == "words"
    done = refuse_proposal(proposal, by=station.system_admin, at=clock.now(), words="The register has them.")
    assert (done.state, done.words, done.entry_id) == ("refused", "The register has them.", None)
    assert verdict(station.officer) == "in_date"
    with pytest.raises(ProposalRefused, match=r"This was refused already"):
        approved(proposal, station.system_admin)


def test_only_who_proposed_it_takes_it_back(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    with pytest.raises(NotYourDecision, match=r"Only who proposed this can take it back."):
        take_proposal_back(proposal, by=station.system_admin, at=clock.now())
    assert take_proposal_back(proposal, by=station.training_admin, at=clock.now()).state == "taken_back"
    assert take_proposal_back(proposal, by=station.training_admin, at=clock.now()).state == "taken_back"
    with pytest.raises(ProposalRefused, match=r"This was taken back already"):
        approved(proposal, station.system_admin)
    assert proposed_void(station, LedgerEntry.objects.get()).state == "proposed"


def test_nobody_approves_or_refuses_what_they_proposed(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    for act in (
        lambda: approved(proposal, station.training_admin),
        lambda: refuse_proposal(proposal, by=station.training_admin, at=clock.now(), words="No."),
    ):
        with pytest.raises(NotYourDecision, match=r"You proposed this, so somebody else decides."):
            act()
    for columns in (
        {"state": "approved", "decided_by": station.training_admin, "decided_at": clock.now(), "entry": proposal.entry},
        {"state": "refused", "decided_by": station.training_admin, "decided_at": clock.now(), "words": "x"},
        {"state": "approved", "decided_by": station.system_admin, "decided_at": clock.now()},
        {"state": "refused", "decided_by": station.system_admin, "decided_at": clock.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordProposal.objects.update(**columns)


def test_nobody_proposes_or_decides_about_their_own_record_superusers_included(station: Station) -> None:
    entry = award(station.system_admin, "FALP", clock.today())
    at = clock.now()
    with pytest.raises(ProposalRefused, match=r"You cannot correct an award of your own."):
        propose_void(station.system_admin, entry.pk, by=station.system_admin, at=at, reason="x.")
    with pytest.raises(ProposalRefused, match=r"You cannot exempt yourself."):
        propose_exemption(station.system_admin, qualification("FALP"), by=station.system_admin, at=at, reason="x.")
    with pytest.raises(ProposalRefused, match=r"You cannot withdraw your own certificate."):
        propose_certificate_withdrawal(certificate(station.system_admin), by=station.system_admin, at=at, reason="x.")
    proposal = propose_void(station.system_admin, entry.pk, by=station.training_admin, at=at, reason="x.")
    with pytest.raises(NotYourDecision, match=r"This is about your own record."):
        approved(proposal, station.system_admin)
    assert proposal not in RecordProposal.objects.visible_to(station.system_admin)
    assert proposal not in RecordProposal.objects.waiting_for(station.system_admin)
    for columns in ({"proposed_by": station.system_admin}, {"decided_by": station.system_admin}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RecordProposal.objects.update(**columns)


@pytest.mark.parametrize("who", ["officer", "sergeant", "auditor"])
def test_only_administrators_propose_and_decide(station: Station, who: str) -> None:
    entry, by = award(station.officer, "FALP", clock.today()), getattr(station, who)
    if who != "officer":
        for act in (
            lambda: proposed_void(station, entry, by=by),
            lambda: proposed_exemption(station, by=by),
            lambda: propose_certificate_withdrawal(certificate(station.officer), by=by, at=clock.now(), reason="x."),
        ):
            with pytest.raises(ProposalRefused, match=r"Only a training administrator or a system administrator"):
                act()
    proposal = proposed_void(station, entry)
    with pytest.raises(NotYourDecision):
        approved(proposal, by)
    assert not RecordProposal.objects.waiting_for(by).exists()


def test_what_was_changed_meanwhile_is_not_approved(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    first = proposed_void(station, entry)
    correct_award(
        station.officer,
        entry.pk,
        by=station.system_admin,
        approved_by=station.training_admin,
        reason="A day off.",
        day=clock.today() - YESTERDAY,
        minutes=60,
        valid_until=None,
    )
    assert is_stale(first)
    with pytest.raises(Stale, match=r"was changed since it was proposed"):
        approved(first, station.system_admin)
    assert RecordProposal.objects.get().state == "proposed"
    assert refuse_proposal(first, by=station.system_admin, at=clock.now(), words="Changed since.").state == "refused"


def test_a_certificate_or_exemption_that_ended_meanwhile_is_not_ended_again(station: Station) -> None:
    at = clock.now()
    approved(proposed_exemption(station), station.system_admin)
    exemption = Exemption.objects.get()
    end = propose_end_of_exemption(
        exemption, by=station.training_admin, at=at, reason="Over.", last_day=clock.today() + YESTERDAY
    )
    end_exemption(
        exemption,
        by=station.system_admin,
        approved_by=station.training_admin,
        at=at,
        reason="Over.",
        last_day=clock.today(),
    )
    with pytest.raises(Stale):
        approved(end, station.system_admin)


def test_what_is_no_longer_possible_is_refused_at_the_approval(station: Station) -> None:
    first = proposed_exemption(station)
    grant_exemption(
        station.officer,
        qualification("FALP"),
        by=station.system_admin,
        approved_by=station.training_admin,
        at=clock.now(),
        reason="Asked twice.",
    )
    with pytest.raises(ProposalRefused, match=r"in that time already"):
        approved(first, station.system_admin)
    assert RecordProposal.objects.get().state == "proposed"


def test_one_proposal_at_a_time_and_the_same_again_is_the_same(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    first = proposed_void(station, entry)
    assert proposed_void(station, entry) == first
    with pytest.raises(ProposalRefused, match=r"waits for a second person already"):
        proposed_void(station, entry, reason="Another reason.")
    with pytest.raises(ProposalRefused, match=r"waits for a second person already"):
        proposed_void(station, entry, by=station.system_admin)


def test_approving_twice_is_approving_once(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    assert approved(proposal, station.system_admin).entry == approved(proposal, station.system_admin).entry
    assert ReadablePart.objects.filter(kind=EntryKind.CORRECTION).count() == 1


def test_a_proposal_stays_as_it_was_made_and_decided(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    for columns in ({"reason": "Another."}, {"wanted": {"award": "other"}}, {"proposed_by": station.system_admin}):
        with pytest.raises(IntegrityError, match="stays as it was made"), transaction.atomic():
            RecordProposal.objects.update(**columns)
    approved(proposal, station.system_admin)
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
        RecordProposal.objects.update(words="Well done.")


def test_those_who_may_decide_are_told_then_the_author_and_the_officer(station: Station) -> None:
    second = factories.person("Second", "training-admin")
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    do_waiting()
    assert {to for one in mail.outbox for to in one.to} == {station.system_admin.email, second.email}
    assert all("FALP" not in one.body and "Somebody else" not in one.body for one in mail.outbox)
    mail.outbox.clear()
    approved(proposal, station.system_admin)
    do_waiting()
    assert {(one.subject, *one.to) for one in mail.outbox} == {
        ("What you proposed was approved", station.training_admin.email),
        ("Your record was changed", station.officer.email),
    }


def test_who_is_refused_reads_so_and_the_officer_hears_nothing(station: Station) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    refuse_proposal(proposal, by=station.system_admin, at=clock.now(), words="They were there.")
    do_waiting()
    assert [(one.subject, one.to) for one in mail.outbox] == [
        ("What you proposed was refused", [station.training_admin.email])
    ]


def test_a_proposal_through_the_pages(station: Station, signed_in: Browser) -> None:
    entry = award(station.officer, "FALP", clock.today())
    author, second = signed_in(station.training_admin), signed_in(station.system_admin)
    person = f"/qualifications/people/{station.officer.public_id}/"
    assert author.post(f"{person}awards/{entry.pk}/void/", {"reason": "Not theirs."}).status_code == 302
    proposal = RecordProposal.objects.get()
    address = f"/qualifications/proposals/{proposal.pk}/"
    shown = author.get(person).content.decode()
    assert "Waits for a second person" in shown
    assert address in shown
    page = author.get(address).content.decode()
    assert "Take it back" in page
    assert 'value="approve"' not in page
    assert author.post(address, {"do": "approve"}).status_code == 403
    assert "1 change of records to decide on" in second.get("/my/").content.decode()
    assert address in second.get("/qualifications/proposals/").content.decode()
    refused = second.post(address, {"do": "refuse", "words": ""})
    assert refused.status_code == 422
    assert "Say why it is refused." in refused.content.decode()
    assert second.post(address, {"do": "approve", "words": "I saw the register."}).status_code == 302
    page = second.get(address).content.decode()
    assert "I saw the register." in page
    recorded = second.get(f"{person}recorded/").content.decode()
    assert "It was never true, and counts for nothing." in recorded
    assert "proposed by <bdi>M. Demo</bdi>, approved by <bdi>Z. Demo</bdi>" in recorded
    assert second.get(address).headers["Cache-Control"].count("no-store") == 1


def test_an_exemption_and_a_certificate_through_the_pages(station: Station, signed_in: Browser) -> None:
    author, second = signed_in(station.training_admin), signed_in(station.system_admin)
    person = f"/qualifications/people/{station.officer.public_id}/"
    held, today = certificate(station.officer), clock.today()
    boxes = {f"valid_from_{part}": getattr(today, part) for part in ("day", "month", "year")}
    asked = {"qualification": "FALP", "reason": "Desk work.", **boxes}
    assert author.post(f"{person}exempt/", asked).status_code == 302
    assert not Exemption.objects.exists()
    assert (
        second.post(f"/qualifications/proposals/{RecordProposal.objects.get().pk}/", {"do": "approve"}).status_code
        == 302
    )
    end = f"{person}exemptions/{Exemption.objects.get().pk}/end/"
    assert end in author.get(person).content.decode()
    last = {f"last_day_{part}": getattr(today, part) for part in ("day", "month", "year")}
    assert "Say why it ends" in author.post(end, {**last, "reason": ""}).content.decode()
    assert author.post(end, {**last, "reason": "Back."}).status_code == 302
    withdraw = f"{person}certificates/{held.pk}/withdraw/"
    assert withdraw in author.get(person).content.decode()
    assert "Choose what strangers are told." in author.post(withdraw, {"reason": "Wrong."}).content.decode()
    assert author.post(withdraw, {"reason": "Wrong.", "public_reason": "other"}).status_code == 302
    again = author.post(withdraw, {"reason": "Other words.", "public_reason": "other"}).content.decode()
    assert "waits for a second person already" in again
    assert RecordProposal.objects.waiting().count() == 2


def test_what_was_taken_back_through_the_page_waits_no_more(station: Station, signed_in: Browser) -> None:
    proposal = proposed_void(station, award(station.officer, "FALP", clock.today()))
    address = f"/qualifications/proposals/{proposal.pk}/take-back/"
    assert signed_in(station.system_admin).post(address).status_code == 403
    assert signed_in(station.training_admin).post(address).status_code == 302
    assert RecordProposal.objects.get().state == "taken_back"


def test_the_command_lists_what_waits_and_what_is_stale(station: Station, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("proposals")
    assert capsys.readouterr().out == "0 wait.\n"
    entry = award(station.officer, "FALP", clock.today())
    proposal = proposed_void(station, entry)
    call_command("proposals", "--json")
    (told,) = json.loads(capsys.readouterr().out)["proposals"]
    assert (told["id"], told["kind"], told["stale"]) == (str(proposal.pk), "void_award", False)
    void_award(
        station.officer, entry.pk, by=station.system_admin, approved_by=station.training_admin, reason="Entered twice."
    )
    call_command("proposals")
    assert "The record was changed since" in capsys.readouterr().out
