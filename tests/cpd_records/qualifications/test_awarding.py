"""An award on somebody's authority: an entry with who taught it, why and the evidence; and everything it is refused for."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages

from cpd_records.evidence_files import CheckedFile
from cpd_records.models import AwardEvidence, EntryKind, LedgerEntry, ReadablePart
from cpd_records.qualifications.awarding import MOST_FILES, authorise_award, award_qualification
from cpd_records.qualifications.refusals import NotYours, QualificationRefused
from people import clock
from tests.cpd_records.currency.acts import award, qualification
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db


def file(number: int = 0) -> CheckedFile:
    return CheckedFile(f"register-{number}.pdf", b"%PDF-" + bytes([number]), ".pdf", "application/pdf")


def authorise(station: Station, **more: Any) -> LedgerEntry:
    said = {
        "by": station.training_admin,
        "at": clock.now(),
        "day": clock.today(),
        "reason": "I saw the register.",
        "taught_by": "Sergeant Demo",
        "reference": "Register 7 of 2026",
    }
    return authorise_award(station.officer, qualification("FALP"), **{**said, **more})


def test_an_award_is_an_entry_that_says_who_taught_it_why_and_by_which_evidence(station: Station) -> None:
    entry = authorise(station, files=[file(1), file(2), file(1)], minutes=360)
    part = ReadablePart.objects.get(entry=entry)
    assert (part.kind, part.officer, part.subject, part.minutes) == (
        EntryKind.QUALIFICATION,
        station.officer.public_id,
        "FALP",
        360,
    )
    said = json.loads(part.payload)
    digests = sorted(hashlib.sha256(file(number).content).hexdigest() for number in (1, 2))
    assert (said["taught_by"], said["reference"], said["evidence"]) == ("Sergeant Demo", "Register 7 of 2026", digests)
    assert (said["reason"], said["by"], said["basis"]) == (
        "I saw the register.",
        str(station.training_admin.public_id),
        "authorised",
    )
    kept = AwardEvidence.objects.get(entry=entry, name="register-2.pdf")
    with storages["private"].open(kept.path) as stored:
        assert stored.read() == file(2).content


def test_a_reference_in_words_is_evidence_enough_and_so_is_a_file(station: Station) -> None:
    assert not AwardEvidence.objects.filter(entry=authorise(station)).exists()
    by_file = authorise(station, reference="", files=[file()], day=clock.today() - timedelta(days=1))
    assert "reference" not in json.loads(ReadablePart.objects.get(entry=by_file).payload)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"reason": " "}, "reason", "Say what you saw and checked, in a sentence."),
        ({"reason": "x" * 301}, "reason", "What you checked is 301 characters long and 300 fit. Shorten it."),
        ({"taught_by": "\u200b"}, "taught_by", "Say who taught or assessed it."),
        ({"taught_by": "x" * 301}, "taught_by", "Who taught or assessed it is 301 characters long"),
        ({"reference": "x" * 301}, "reference", "The reference is 301 characters long"),
        ({"reference": " "}, "files", "Add the evidence: a certificate, a register or a photo of one, or a reference"),
        ({"files": [file(number) for number in range(MOST_FILES + 1)]}, "files", "5 files fit, and 6 were chosen."),
        ({"day": date(2999, 1, 1)}, "day", "1 January 2999 is still to come. Enter the day it happened."),
        ({"valid_until": date(2001, 1, 1)}, "valid_until", "The last day is before the day of the award."),
        ({"minutes": 0}, "minutes", "Length is between one minute and 1,000 hours."),
        ({"minutes": 60_001}, "minutes", "Length is between one minute and 1,000 hours."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    station: Station, more: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(QualificationRefused) as refused:
        authorise(station, **more)
    assert sentence in str(refused.value)
    assert refused.value.field == field
    assert not LedgerEntry.objects.exists()


def stored_files() -> list[str]:
    store, folder = storages["private"], f"awards/{clock.now():%Y/%m}"
    return sorted(store.listdir(folder)[1]) if store.exists(folder) else []


def test_a_refused_award_leaves_no_file_behind(station: Station) -> None:
    authorise(station, files=[file(1)])
    before = stored_files()
    with pytest.raises(QualificationRefused, match="still to come"):
        authorise(station, files=[file(2)], day=date(2999, 1, 1))
    assert stored_files() == before != []


@pytest.mark.parametrize("who", ["officer", "sergeant", "auditor"])
def test_only_an_administrator_awards(station: Station, who: str) -> None:
    with pytest.raises(NotYours, match=r"Only a training administrator or a system administrator can award"):
        authorise(station, by=getattr(station, who))


@pytest.mark.parametrize("who", ["training_admin", "system_admin"])
def test_no_administrator_awards_to_themselves(station: Station, who: str) -> None:
    station.officer = getattr(station, who)
    with pytest.raises(NotYours, match=r"You cannot award a qualification to yourself. Another administrator can."):
        authorise(station, by=station.officer)
    with pytest.raises(NotYours, match=r"yourself"):
        award_qualification(
            station.officer, qualification("FALP"), day=clock.today(), by=station.officer, basis="authorised"
        )


def test_the_same_qualification_twice_for_one_day_is_refused(station: Station) -> None:
    authorise(station)
    with pytest.raises(
        QualificationRefused, match=r"was awarded for .* already. Open that award to correct it."
    ) as refused:
        authorise(station)
    assert refused.value.field == "day"
    assert LedgerEntry.objects.count() == 1


def test_an_award_is_written_in_the_transaction_of_its_fact_on_a_basis_there_is(station: Station) -> None:
    with pytest.raises(ValueError, match=r"not on 'hearsay'"):
        award(station.officer, "FALP", clock.today(), basis="hearsay")


@pytest.mark.django_db(transaction=True)
def test_an_award_outside_a_transaction_is_refused(station: Station) -> None:
    with pytest.raises(RuntimeError, match=r"inside the transaction"):
        award_qualification(station.officer, qualification("FALP"), day=clock.today(), by=None, basis="imported")
