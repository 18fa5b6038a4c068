"""Every document that is handed out is PDF/UA-1 and PDF/A-3a as issued. What reads them for that is tried in test_pdf_norms_harm."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.db import transaction

from courses.training_records import issue_training_record
from cpd_records.certificates.specimens import OWN_FORMS, draw_own_form
from cpd_records.ledger.entries import append_entry
from cpd_records.models import EntryKind
from cpd_records.plain_pdf import drawn as plainly_drawn
from cpd_records.qualifications.certifying import issue_qualification_certificate
from cpd_records.schemes.statements import issue_statement
from people import clock
from people.models import User
from tests import factories
from tests.courses.evidence import acts as evidence
from tests.cpd_records.certificate_acts import AT, drawn, issue, issued, stored_bytes, text_of
from tests.cpd_records.currency.acts import award
from tests.pdf_norms import faults
from tests.test_pdf_norms_harm import FIELD, PLAIN
from training_site.everything import write_everything
from training_site.whole_record import as_pdf, whole_record_of

ARABIC = "محمد عبد الرحمن الطيب"


@pytest.fixture
def olu() -> User:
    return factories.person("Oluwaseyifunmi Adebisi-Wolstenholme-Featherstonehaugh")


def complete(officer: User, number: int) -> None:
    """Write what a finished course leaves in the ledger; some titles are long, some are written from the right."""
    title = (f"Stop and search {number}", "Grounds, information, record and respect " * 4, ARABIC)[number % 3]
    day = clock.today() - timedelta(days=number)
    with transaction.atomic():
        append_entry(
            kind=EntryKind.COMPLETION,
            officer=officer.public_id,
            day=day,
            subject=f"SPEC-{number}",
            minutes=240,
            payload={"title": title.strip(), "release": 3},
        )


# --- As issued ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_certificate_of_a_course_keeps_both_norms(olu: User) -> None:
    assert faults(stored_bytes(issued(olu))) == []


@pytest.mark.django_db
def test_a_certificate_of_a_qualification_keeps_both_norms(olu: User) -> None:
    award(olu, "FALP", clock.today(), basis="authorised")
    certificate = issue_qualification_certificate(olu, "FALP", by=olu, at=clock.now())
    assert faults(stored_bytes(issue(certificate))) == []


@pytest.mark.django_db
@pytest.mark.parametrize("entries", [1, 60])
def test_a_training_record_keeps_both_norms_on_one_page_and_on_many(olu: User, entries: int) -> None:
    for number in range(entries):
        complete(olu, number)
    pdf = stored_bytes(issue(issue_training_record(olu, by=olu, at=clock.now())))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert (len(document.pages) > 3) == (entries > 1)
    assert faults(pdf) == []


@pytest.mark.django_db
def test_a_cpd_statement_keeps_both_norms(olu: User) -> None:
    for number in range(12):
        complete(olu, number)
    first = clock.today() - timedelta(days=300)
    statement = issue_statement(olu, starts_on=first, ends_on=clock.today(), by=olu, at=clock.now())
    assert faults(stored_bytes(issue(statement))) == []


@pytest.mark.django_db
def test_the_document_of_an_evidence_pack_keeps_both_norms() -> None:
    pack = evidence.opened(evidence.packed(evidence.filled(), known_at=evidence.then())[0])
    assert faults(pack.read("evidence.pdf")) == []


@pytest.mark.django_db
def test_what_is_printed_of_my_record_and_of_everything_held_on_me_keeps_both_norms(olu: User) -> None:
    for number in range(3):
        complete(olu, number)
    assert faults(as_pdf(whole_record_of(olu, at=clock.now()))) == []
    everything = io.BytesIO()
    write_everything(olu, at=clock.now(), into=everything)
    assert faults(zipfile.ZipFile(everything).read("everything.pdf")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("own", OWN_FORMS, ids=lambda own: own.key)
def test_a_specimen_is_accessible_and_claims_no_more(own: Any) -> None:
    assert faults(draw_own_form(own, at=AT), archival=False) == []


@pytest.mark.parametrize("name", ["Bo Li", ARABIC, "ያቆብ ተስፋዬ", "W" * 200])
def test_a_certificate_keeps_both_norms_whatever_the_name(name: str) -> None:
    assert faults(drawn(signature=FIELD, name=name)) == []


def test_a_link_within_a_document_is_called_by_its_words_and_a_term_is_the_label_of_what_is_said_of_it() -> None:
    with pikepdf.open(io.BytesIO(plainly_drawn(PLAIN))) as document:
        (link,) = (one for one in document.pages[0].Annots if "/Dest" in one)
        assert str(link.Contents) == "To the second part"
        parts = [str(one.S) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
    assert parts.count("/LI") == 4, "two that are numbered, one without a mark, one term with what is said of it"
    assert parts.count("/Lbl") == 3


def test_a_letter_that_no_font_has_stands_as_its_number_in_a_plain_document() -> None:
    pdf = plainly_drawn(PLAIN.replace("A paragraph.", "A paragraph of \U0010fffd."))
    assert faults(pdf) == []
    assert "A paragraph of [U+10FFFD]." in text_of(pdf)
