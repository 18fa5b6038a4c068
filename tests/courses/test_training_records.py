"""A training record as a certificate: asked for by the officer, two entries, signed, checked by its code, superseded by a later one."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from courses.models import Recruit
from courses.programmes.moving import Kind, end_phase, record_end
from courses.training_records import issue_training_record, tables_of_record
from cpd_records.certificates import CertificateRefused, Standing, standing_of
from cpd_records.certificates.checking import Verdict, answer_for_code, answer_for_file
from cpd_records.certificates.issuing import ListDiffers, draw_and_sign, issue_certificate, sealed_particulars
from cpd_records.certificates.keys import signing_identity
from cpd_records.certificates.listing import LIST_NAME, digest_of_list, tables_of
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, ReadablePart, TrainingRecordList
from people import clock
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, administrator, intake, noon, qualify, recruit, weeks
from tests.cpd_records.certificate_acts import do_waiting_issue, issue, opened, stored_bytes, text_of
from tests.cpd_records.currency.acts import award

pytestmark = pytest.mark.django_db
TODAY = weeks(6)


@pytest.fixture
def officer() -> User:
    return factories.person("Rae Demo")


def complete(officer: User, title: str = "Stop and search", *, day: Any = START, minutes: int = 240) -> Any:
    """Write what a finished course leaves in the ledger."""
    with transaction.atomic():
        return append_entry(
            kind=EntryKind.COMPLETION,
            officer=officer.public_id,
            day=day,
            subject="SPEC-110",
            minutes=minutes,
            payload={"title": title, "release": 3},
        )


def asked(officer: User, *, on: Any = TODAY) -> Certificate:
    return issue_training_record(officer, by=officer, at=noon(on))


def said(record: Certificate) -> dict[str, Any]:
    return json.loads(record.entry.readable.payload)


# --- What it says -------------------------------------------------------------------------------------------------------


def test_it_says_who_as_recorded_on_which_day_and_how_many_entries(officer: User) -> None:
    complete(officer)
    record = asked(officer)
    payload = said(record)
    assert (payload["name"], payload["service_number"]) == ("Rae Demo", officer.service_number)
    assert (payload["title"], payload["release"]) == ("Training record", "As recorded on 16 February 2026")
    assert (payload["day"], payload["entries"]) == (TODAY.isoformat(), 1)
    text = TrainingRecordList.objects.get(certificate=record).content
    assert payload["list_sha256"] == digest_of_list(text), "the entry holds the digest, not the list"
    assert "Stop and search" not in record.entry.readable.payload
    (table,) = tables_of(text)
    assert (table.title, table.rows) == ("Courses completed", (("Stop and search", "5 January 2026", "4 h"),))


def test_initial_training_stands_with_its_phases_and_what_was_granted() -> None:
    ada = administrator()
    rae = recruit(intake(by=ada), by=ada)
    qualify(rae)
    end_phase(rae, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Done")
    training, qualifications, courses = tables_of_record(rae.officer, on=weeks(5))
    assert training.title == "Initial training: Two-phase programme, release 1"
    assert training.rows == (
        ("Foundation", "5 January 2026", "1 February 2026"),
        ("Tutor phase", "2 February 2026", ""),
    )
    ((title, held_from, _until, stands),) = qualifications.rows
    assert (held_from, stands) == ("5 January 2026", "In date")
    assert title
    assert courses.rows == ()


def test_an_imported_qualification_says_who_asserts_it(officer: User) -> None:
    award(officer, "FALP", START, details={"source": "the former system", "asserted_by": "Learning and Development"})
    ((title, *_more),) = tables_of_record(officer, on=TODAY)[-2].rows
    assert title.endswith(". Imported from the former system, asserted by Learning and Development")


def test_how_training_ended_stands_too() -> None:
    ada = administrator()
    rae: Recruit = recruit(intake(by=ada), by=ada)
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    training = tables_of_record(rae.officer, on=weeks(2))[0]
    assert training.rows[-1] == ("Left", "19 January 2026", "")
    assert "Resigned" not in str(training), "the reason is nobody else's"


def test_what_was_corrected_stands_as_corrected_and_what_was_taken_back_does_not(officer: User) -> None:
    kept, void = complete(officer), complete(officer, "A course of somebody else's")
    with transaction.atomic():
        for entry, more in ((kept, {"minutes": 180}), (void, {"minutes": 0})):
            append_entry(
                kind=EntryKind.CORRECTION,
                officer=officer.public_id,
                day=START,
                subject="SPEC-110",
                corrects=entry.pk,
                payload={"reason": "Wrongly recorded", "by": "somebody", "approved_by": "somebody else"},
                **more,
            )
    assert tables_of_record(officer, on=TODAY)[-1].rows == (("Stop and search", "5 January 2026", "3 h"),)


def test_what_came_after_the_day_is_not_in_it(officer: User) -> None:
    complete(officer)
    complete(officer, "Later", day=TODAY + timedelta(days=1))
    assert said(asked(officer))["entries"] == 1


# --- Asked for ----------------------------------------------------------------------------------------------------------


def test_the_same_day_and_the_same_record_give_the_same_document(officer: User) -> None:
    complete(officer)
    first = asked(officer)
    assert asked(officer) == first
    issue(first)
    assert asked(officer) == first
    assert ReadablePart.objects.filter(kind=EntryKind.CERTIFICATE).count() == 1


def test_another_day_another_record_or_another_name_give_another_that_supersedes_it(officer: User) -> None:
    complete(officer)
    first = asked(officer)
    complete(officer, "Personal safety")
    second = asked(officer)
    assert second.supersedes == first
    officer.name = "Rae Example"
    officer.save()
    third = asked(officer)
    assert third.supersedes == second
    assert asked(officer, on=TODAY + timedelta(days=1)).supersedes == third
    assert standing_of(Certificate.objects.get(pk=first.pk), on=clock.today()) is Standing.SUPERSEDED


def test_after_a_withdrawal_another_is_issued_the_same_day(officer: User) -> None:
    complete(officer)
    first = asked(officer)
    revoke_certificate(
        first, by=factories.person(), approved_by=factories.person(), reason="The name was wrong", at=noon(TODAY)
    )
    assert asked(officer).supersedes == first


def test_only_the_officer_asks(officer: User) -> None:
    complete(officer)
    for other in (factories.person(), administrator(), factories.person("Ari Demo", "auditor")):
        with pytest.raises(CertificateRefused, match="Only the officer asks for their own training record"):
            issue_training_record(officer, by=other, at=noon(TODAY))
    assert not Certificate.objects.exists()


def test_of_nothing_there_is_no_record(officer: User) -> None:
    with pytest.raises(CertificateRefused, match="Nothing is recorded about you yet"):
        asked(officer)


# --- Issued -------------------------------------------------------------------------------------------------------------


def test_the_file_carries_list_proof_and_opening_and_is_recorded_with_its_digest(officer: User) -> None:
    complete(officer)
    record = asked(officer)
    assert not do_waiting_issue(record), "it waits for the seal"
    text = TrainingRecordList.objects.get(certificate=record).content
    record = issue(record)
    pdf = stored_bytes(record)
    issued_entry = ReadablePart.objects.get(entry=record.issued_entry_id)
    assert (issued_entry.kind, json.loads(issued_entry.payload)["sha256"]) == (
        EntryKind.CERTIFICATE_ISSUED,
        record.sha256,
    )
    with opened(pdf) as document:
        assert sorted(document.attachments) == [
            "certificate.json",
            "certificate.tlog-proof",
            "credential.json",
            LIST_NAME,
        ]
        assert document.attachments[LIST_NAME].get_file().read_bytes().decode() == text
        assert [str(each.UF) for each in document.Root.AF] == sorted(document.attachments)
        assert str(document.Root.Lang) == "en-GB"
    assert not TrainingRecordList.objects.exists(), "the file has it now"
    offline = check_offline(
        pdf, signers=[signing_identity().certificate], ledger_keys=[str(key) for key in verifier_keys()]
    )
    assert offline.problems == []
    assert offline.particulars is not None
    assert offline.particulars.listing is not None
    assert offline.particulars.listing.sha256 == digest_of_list(text)


def test_the_page_says_what_the_list_says(officer: User) -> None:
    for number in range(60):
        complete(officer, f"Course {number}")
    record = issue(asked(officer))
    text = text_of(stored_bytes(record))
    for words in (
        "Training record",
        "Rae Demo",
        officer.service_number,
        "As recorded on 16 February 2026: 60 entries",
        "Course 0 5 January 2026 4 h",
        "Course 59 5 January 2026 4 h",
        record.display_code,
        said(record)["list_sha256"],
        "Page 2 of",
    ):
        assert words in text


def test_it_is_drawn_to_the_same_bytes_again(officer: User) -> None:
    complete(officer)
    record = asked(officer)
    seal_now()
    record = Certificate.objects.get(pk=record.pk)
    sealed = sealed_particulars(record)
    assert draw_and_sign(record, sealed) == draw_and_sign(record, sealed)


def test_a_list_that_is_not_the_one_the_entry_names_is_not_issued(officer: User) -> None:
    complete(officer)
    record = asked(officer)
    TrainingRecordList.objects.filter(certificate=record).update(content='{"tables": []}')
    seal_now()
    with pytest.raises(ListDiffers, match="is not the one its entry names"):
        issue_certificate(str(record.pk))
    assert not Certificate.objects.get(pk=record.pk).is_ready


def test_of_an_erased_one_no_list_is_left_waiting(officer: User) -> None:
    complete(officer)
    record = asked(officer)
    seal_now()
    erase_readable_part(
        record.entry, retention_class="training, 6 years", authority="Head of Information", at=noon(TODAY)
    )
    issue_certificate(str(record.pk))
    assert not TrainingRecordList.objects.exists()
    assert not Certificate.objects.get(pk=record.pk).is_ready


# --- Checked ------------------------------------------------------------------------------------------------------------


def test_a_stranger_reads_name_day_and_count_and_never_the_list(officer: User, client: Client) -> None:
    complete(officer)
    record = issue(asked(officer))
    answer = answer_for_code(record.code, on=TODAY)
    assert (answer.verdict, answer.heading) == (Verdict.VALID, "This training record is valid")
    assert "It says what was recorded on 16 February 2026, and nothing of what came later" in answer.sentence
    assert dict(answer.rows)["Entries"] == "1"
    page = client.get(f"/verify/{record.code}/").content.decode()
    assert "As recorded on" in page
    assert "Stop and search" not in page


def test_an_earlier_one_says_that_it_is_the_record_of_that_day_and_leads_to_no_other(officer: User) -> None:
    complete(officer)
    first = issue(asked(officer))
    pdf = stored_bytes(first)
    complete(officer, "Personal safety")
    issue(asked(officer))
    answer = answer_for_file(pdf, on=clock.today())
    assert answer.verdict is Verdict.SUPERSEDED
    assert "It is the record as it stood on 16 February 2026" in answer.sentence
    assert answer.newer is None


def test_an_edited_one_is_found_out(officer: User) -> None:
    complete(officer)
    record = issue(asked(officer))
    pdf = stored_bytes(record)
    assert answer_for_file(pdf, on=TODAY).verdict is Verdict.VALID
    assert answer_for_file(pdf + b"\n", on=TODAY).verdict is Verdict.EDITED


def test_a_withdrawn_one_says_so(officer: User) -> None:
    complete(officer)
    record = issue(asked(officer))
    revoke_certificate(
        record, by=factories.person(), approved_by=factories.person(), reason="The name was wrong", at=clock.now()
    )
    answer = answer_for_code(record.code, on=clock.today())
    assert (answer.verdict, answer.heading) == (Verdict.REVOKED, "This training record has been withdrawn")


def test_its_signature_is_one_that_other_readers_check(officer: User, tmp_path: Any) -> None:
    complete(officer)
    file = tmp_path / "record.pdf"
    file.write_bytes(stored_bytes(issue(asked(officer))))
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout


# --- On My record -------------------------------------------------------------------------------------------------------


def test_an_officer_asks_on_my_record_and_is_led_to_the_document(officer: User, signed_in: Any) -> None:
    complete(officer, day=clock.today())
    client: Client = signed_in(officer)
    assert "Issue my training record" in client.get("/my/record/").content.decode()
    waiting = client.post("/my/record/issue/", follow=True)
    assert waiting.status_code == 202
    page = waiting.content.decode()
    assert "Your training record is being made" in page
    assert "First what it says is sealed into the ledger" in page
    record = issue(Certificate.objects.get())
    done = client.post("/my/record/issue/", follow=True)
    assert done["Content-Type"] == "application/pdf"
    assert f"training-record-{record.code}.pdf" in done["Content-Disposition"]
    page = client.get("/my/record/").content.decode()
    assert "Training record" in page
    assert "As recorded on" in page


def test_whoever_has_nothing_on_record_is_told(officer: User, signed_in: Any) -> None:
    answer = signed_in(officer).post("/my/record/issue/", follow=True)
    assert "Nothing is recorded about you yet" in answer.content.decode()


def test_nobody_else_opens_the_file(officer: User, signed_in: Any) -> None:
    complete(officer)
    record = issue(asked(officer))
    assert signed_in(factories.person()).get(record.get_absolute_url()).status_code == 404
    assert signed_in(factories.person("Ari Demo", "auditor")).get(record.get_absolute_url()).status_code == 200
