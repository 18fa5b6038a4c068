"""What was imported and is no award is put right by two people with a reason, never by its officer; the record of the list stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from courses.my_record import record_of
from cpd_records.importing.corrections import Said, correct_imported, imported_records, void_imported
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import EntryKind, LedgerEntry, ReadablePart, RecordProposal
from cpd_records.proposals.awards import propose_correction_of_import, propose_void_of_import
from cpd_records.proposals.deciding import approve_proposal, refuse_proposal
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.qualifications.recorded import everything_recorded
from cpd_records.qualifications.refusals import NotYours
from cpd_records.schemes.record import learning_of
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
DAY = date(2019, 5, 14)
WORDS = Said("First aid at work", DAY, 480, date(2022, 5, 13), "Passed")


@pytest.fixture
def record(station: Station) -> LedgerEntry:
    with transaction.atomic():
        return append_entry(
            kind=EntryKind.IMPORTED,
            officer=station.officer.public_id,
            day=DAY,
            subject="first-aid",
            minutes=480,
            valid_until=date(2022, 5, 13),
            payload={
                "title": "First aid at work",
                "source": "The old list",
                "asserted_by": "PS 41 Webb",
                "result": "Passed",
            },
        )


def proposed(station: Station, record: LedgerEntry, **changed: Any) -> RecordProposal:
    return propose_correction_of_import(
        station.officer,
        record.pk,
        by=station.training_admin,
        at=clock.now(),
        reason="The register says so.",
        wanted=replace(WORDS, **changed),
    )


def proposed_void(station: Station, record: LedgerEntry) -> RecordProposal:
    said = {"by": station.training_admin, "at": clock.now(), "reason": "It is another person's."}
    return propose_void_of_import(station.officer, record.pk, **said)


def approved(station: Station, proposal: RecordProposal) -> RecordProposal:
    return approve_proposal(proposal, by=station.system_admin, at=clock.now())


def stands(station: Station) -> list[Said]:
    return [one.it for one in imported_records(station.officer)]


def test_it_is_corrected_whole_and_the_entry_names_both_and_what_it_corrects(
    station: Station, record: LedgerEntry
) -> None:
    earlier = DAY - timedelta(days=1)
    proposal = proposed(station, record, title="First aid, two days", day=earlier, minutes=960, valid_until=None)
    assert stands(station) == [WORDS]
    done = approved(station, proposal)
    part = ReadablePart.objects.get(entry=done.entry_id)
    assert (part.kind, part.corrects, part.day, part.minutes) == ("correction", record.pk, earlier, 960)
    said = json.loads(part.payload)
    assert (said["by_name"], said["approved_by_name"], said["reason"]) == (
        "M. Demo",
        "Z. Demo",
        "The register says so.",
    )
    assert stands(station) == [Said("First aid, two days", earlier, 960, None, "Passed")]


def test_every_reader_follows_a_correction_and_goes_on_saying_whose_word_it_is(
    station: Station, record: LedgerEntry
) -> None:
    approved(station, proposed(station, record, title="First aid, two days", minutes=960, result="Failed"))
    (entry,) = record_of(station.officer, year=None, on=clock.today()).entries
    assert entry.title == "First aid, two days"
    assert "Imported from The old list, asserted by PS 41 Webb" in entry.detail
    assert "Result there: Failed" in entry.detail
    assert "Corrected by M. Demo, approved by Z. Demo. The register says so." in entry.detail
    (learned,) = learning_of(station.officer)
    assert (learned.title, learned.minutes) == ("First aid, two days", 960)
    (thing,) = everything_recorded(station.officer).things
    assert [one.says for one in thing.entries] == [
        "14 May 2019, until 13 May 2022, 8 h. Result there: Passed.",
        "14 May 2019, until 13 May 2022, 16 h. Result there: Failed.",
    ]


def test_one_that_was_never_true_counts_for_nothing_and_stays_in_the_ledger(
    station: Station, record: LedgerEntry
) -> None:
    approved(station, proposed_void(station, record))
    assert stands(station) == []
    assert record_of(station.officer, year=None, on=clock.today()).entries == ()
    (learned,) = learning_of(station.officer)
    assert (learned.minutes, learned.withdrawn) == (0, "It is another person's.")
    (thing,) = everything_recorded(station.officer).things
    assert (thing.is_standing, thing.stands) == (False, "It was never true, and counts for nothing.")
    assert record_of(station.officer, year=None, on=clock.today(), everything=True).recorded == 2
    with pytest.raises(ProposalRefused, match="declared never true before"):
        proposed_void(station, record)


def test_it_is_corrected_again_from_what_stands(station: Station, record: LedgerEntry) -> None:
    first = approved(station, proposed(station, record, minutes=60))
    second = approved(station, proposed(station, record, minutes=90))
    assert ReadablePart.objects.get(entry=second.entry_id).corrects == first.entry_id
    assert [it.minutes for it in stands(station)] == [90]


def test_as_known_before_a_correction_it_says_what_was_known(station: Station, record: LedgerEntry) -> None:
    seal_now()
    before = last_checkpoint()
    assert before is not None
    approved(station, proposed(station, record, minutes=60))
    seal_now()
    assert [one.it for one in imported_records(station.officer, size=before.size)] == [WORDS]
    assert imported_records(station.officer, on=DAY - timedelta(days=1)) == []


def test_nobody_proposes_or_approves_a_change_of_their_own_and_no_one_decides_alone(
    station: Station, record: LedgerEntry
) -> None:
    proposal = proposed(station, record, minutes=60)
    with pytest.raises(NotYourDecision, match="You proposed this"):
        approve_proposal(proposal, by=station.training_admin, at=clock.now())
    for stranger in (station.officer, station.sergeant, station.auditor):
        with pytest.raises(NotYourDecision):
            approve_proposal(proposal, by=stranger, at=clock.now())
        with pytest.raises(ProposalRefused):
            propose_void_of_import(station.officer, record.pk, by=stranger, at=clock.now(), reason="Mine.")
    with transaction.atomic():
        own = append_entry(
            kind=EntryKind.IMPORTED, officer=station.training_admin.public_id, day=DAY, payload={"title": "Mine"}
        )
    said = {"by": station.training_admin, "at": clock.now(), "reason": "Mine."}
    with pytest.raises(ProposalRefused, match="a record of your own"):
        propose_void_of_import(station.training_admin, own.pk, **said)


def test_the_verbs_themselves_take_two(station: Station, record: LedgerEntry) -> None:
    alone = {"by": station.training_admin, "approved_by": station.training_admin, "reason": "Quickly."}
    with pytest.raises(NotYours, match="A second person decides"):
        void_imported(station.officer, record.pk, **alone)
    with pytest.raises(NotYours, match="Only a training administrator"):
        correct_imported(
            station.officer, record.pk, wanted=replace(WORDS, minutes=1), **{**alone, "approved_by": station.auditor}
        )
    assert stands(station) == [WORDS]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({}, "", "Nothing was changed"),
        ({"title": " "}, "title", "Say what it was"),
        ({"title": "x" * 201}, "title", "200 fit"),
        ({"day": date(2099, 1, 1)}, "day", "still to come"),
        ({"day": date(1901, 1, 1)}, "day", "more than 60 years ago"),
        ({"valid_until": DAY - timedelta(days=1)}, "valid_until", "Check both days"),
        ({"minutes": 60_001}, "minutes", "Length is between"),
        ({"result": "x" * 101}, "result", "100 fit"),
    ],
)
def test_what_cannot_be_is_refused_by_a_sentence(
    station: Station, record: LedgerEntry, changed: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(ProposalRefused, match=said) as refused:
        proposed(station, record, **changed)
    assert refused.value.field == field
    assert not RecordProposal.objects.exists()


def test_a_second_proposal_waits_for_the_first_and_a_change_meanwhile_makes_it_stale(
    station: Station, record: LedgerEntry
) -> None:
    proposal = proposed(station, record, minutes=60)
    with pytest.raises(ProposalRefused, match="waits for a second person already"):
        proposed_void(station, record)
    void_imported(
        station.officer,
        record.pk,
        by=factories.person("Third", "training-admin"),
        approved_by=station.training_admin,
        reason="At the desk.",
    )
    with pytest.raises(Stale):
        approved(station, proposal)
    refuse_proposal(proposal, by=station.system_admin, at=clock.now(), words="It was never true.")


def test_the_pages_lead_from_the_record_to_what_stands(
    station: Station, record: LedgerEntry, signed_in: Browser
) -> None:
    author, second = signed_in(station.training_admin), signed_in(station.system_admin)
    person = f"/qualifications/people/{station.officer.public_id}/"
    html = author.get(person).content.decode()
    assert "Imported from The old list, asserted by PS 41 Webb." in html
    assert f"{person}imported/{record.pk}/void/" in html
    form = author.get(f"{person}imported/{record.pk}/correct/").content.decode()
    assert "First aid at work" in form
    typed = {"title": "", "day_day": "14", "day_month": "5", "day_year": "2019", "reason": "The register."}
    assert "Say what it was, in words." in author.post(f"{person}imported/{record.pk}/correct/", typed).content.decode()
    typed |= {"title": "First aid, two days", "minutes_0": "16", "minutes_1": "0", "result": "Passed"}
    assert author.post(f"{person}imported/{record.pk}/correct/", typed).headers["Location"] == person
    proposal = RecordProposal.objects.get()
    page = second.get(f"/qualifications/proposals/{proposal.pk}/").content.decode()
    assert "now: First aid at work" in page
    second.post(f"/qualifications/proposals/{proposal.pk}/", {"do": "approve"})
    proposal.refresh_from_db()
    assert proposal.state == "approved"
    assert "First aid, two days" in second.get(person).content.decode()
    assert author.get(f"{person}imported/{proposal.pk}/void/").status_code == 404
