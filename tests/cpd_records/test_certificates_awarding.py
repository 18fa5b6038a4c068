"""Awarding: the entry holds what is printed and nothing else, the code can be read out, an older certificate is superseded."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cpd_records.certificate_codes import ALPHABET, LENGTH, display_code, new_code, read_code
from cpd_records.certificates import CertificateRefused
from cpd_records.certificates.particulars import Particulars, direction, printable
from cpd_records.models import Certificate, EntryKind
from people.models import WaitingWork
from tests.cpd_records.certificate_acts import AWARDED, award, particulars
from tests.factories import posting, unit

pytestmark = pytest.mark.django_db

COLUMNS = {"v", "kind", "id", "officer", "subject", "day", "valid_until", "recorded_at"}


def test_an_award_writes_an_entry_of_its_own_with_only_what_is_printed(person):
    officer = person("Alexandra Bell")
    certificate = award(officer)
    readable = certificate.entry.readable
    payload = json.loads(readable.payload)
    assert readable.kind == EntryKind.CERTIFICATE
    assert readable.officer == officer.public_id
    assert readable.minutes is None, "the completion counts the learning time, once"
    assert set(payload) - COLUMNS == {
        "name",
        "service_number",
        "title",
        "release",
        "learning_minutes",
        "assessed",
        "issuer",
        "signatory",
        "signatory_title",
        "check_at",
    }
    read = Particulars.read(readable.payload)
    assert (read.name, read.title, read.minutes) == ("Alexandra Bell", "Stop and search: fair and effective", 240)
    assert (read.code, read.awarded_on, read.valid_until) == (certificate.code, AWARDED, date(2099, 9, 1))


def test_an_award_without_an_end_says_so_by_leaving_it_out(person):
    certificate = award(person("Bo"), valid_until=None)
    assert Particulars.read(certificate.entry.readable.payload).valid_until is None


def test_an_award_asks_for_its_file_once(person):
    certificate = award(person("Bo"))
    assert WaitingWork.objects.filter(kind="issue_certificate", key=str(certificate.pk)).count() == 1
    assert not certificate.is_ready


def test_an_award_that_is_rolled_back_leaves_nothing(person):
    officer = person("Bo")
    with transaction.atomic():
        award(officer)
        transaction.set_rollback(True)
    assert not Certificate.objects.exists()
    assert not WaitingWork.objects.filter(kind="issue_certificate").exists()


def test_a_second_award_of_the_same_subject_supersedes_the_first(person):
    officer = person("Bo")
    first, second, third = award(officer), award(officer), award(officer)
    assert (second.supersedes_id, third.supersedes_id) == (first.pk, second.pk)


def test_another_subject_or_another_officer_supersedes_nothing(person):
    officer = person("Bo")
    award(officer)
    assert award(officer, subject="MH-101").supersedes_id is None
    assert award(person("Cy")).supersedes_id is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": "  "}, "says what it is for"),
        ({"subject": ""}, "says what it is for"),
        ({"valid_until": date(2020, 1, 1)}, "before the day of the award"),
    ],
)
def test_an_impossible_award_is_refused_in_a_sentence(person, given, sentence):
    with pytest.raises(CertificateRefused, match=sentence):
        award(person("Bo"), **given)
    assert not Certificate.objects.exists()


def test_a_certificate_half_issued_is_refused_by_the_database(person):
    certificate = award(person("Bo"))
    certificate.sha256 = "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        certificate.save()


def test_what_was_awarded_cannot_be_altered_in_the_database(person):
    certificate = award(person("Bo"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(code="0" * 12)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(title="Something grander")


def test_holders_see_their_own_and_nobody_elses(person):
    bo, cy = person("Bo"), person("Cy")
    of_bo, _of_cy = award(bo), award(cy)
    assert list(Certificate.objects.visible_to(bo)) == [of_bo]


def test_auditors_and_disclosure_officers_see_all_and_nobody_else_sees_anybody_elses(person):
    station, officer = unit(), person("Bo")
    posting(officer, station)
    certificate = award(officer)
    for role in ("auditor", "disclosure-officer"):
        assert list(Certificate.objects.visible_to(person("Ann", role))) == [certificate]
    for somebody in (
        person("Tim", "trainer"),
        person("Di", "training-admin"),
        person("Dee", "supervisor", unit=station),
    ):
        assert not Certificate.objects.visible_to(somebody).exists()


# --- Codes and texts, without a database ----------------------------------------------------------------------------------


def test_a_code_has_twelve_characters_that_cannot_be_mistaken_for_one_another():
    code = new_code()
    assert len(code) == LENGTH
    assert not set("ILOU") & set(ALPHABET)
    assert display_code("7KQ4M2XD9TRF") == "7KQ4 M2XD 9TRF"


@pytest.mark.parametrize(
    "typed", ["7KQ4 M2XD 9TRF", "7kq4-m2xd-9trf", "  7KQ4M2XD9TRF ", "7KQ4\u00a0M2XD\u00a09TRF", "7KQ4–M2XD–9TRF"]
)
def test_a_code_is_read_as_people_type_it(typed):
    assert read_code(typed) == "7KQ4M2XD9TRF"


def test_o_is_read_as_zero_and_i_and_l_as_one():
    assert read_code("OoIi LlXD 9TRF") == "001111XD9TRF"


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read_as_a_code_or_as_none(typed):
    code = read_code(typed)
    assert code == "" or (len(code) == LENGTH and set(code) <= set(ALPHABET))


@given(st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_every_code_reads_back_from_how_it_is_shown(code):
    assert read_code(display_code(code)) == read_code(code) == code


def test_a_printed_text_has_no_direction_overrides_and_no_control_characters():
    assert printable("Bo\u202e\u0000  Lee\u200f\nSmith") == "Bo Lee Smith"
    assert printable("e\u0301") == "é"
    assert printable("نیم\u200cفاصله") == "نیم\u200cفاصله", "joiners are part of the spelling"


def test_a_name_has_the_direction_of_its_first_letter():
    assert direction("محمد عبد الرحمن") == "rtl"
    assert direction("(1) Bo Lee") == "ltr"
    assert direction("123") == "ltr"


def test_the_payload_of_something_else_is_not_read_as_a_certificate():
    with pytest.raises(ValueError, match="not of a certificate"):
        Particulars.read({"kind": "completion"})
    with pytest.raises(ValueError, match="not the payload"):
        Particulars.read({"kind": "certificate", "subject": "x"})
    written = {
        **particulars().payload(),
        "kind": "certificate",
        "subject": "7KQ4M2XD9TRF",
        "day": "2026-11-23",
        "valid_until": "2028-11-23",
    }
    assert Particulars.read(written) == particulars()
