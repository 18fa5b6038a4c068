"""Templates of certificates: words in the product's designs, versioned, printed, and never able to break a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.specimens import SPECIMENS
from cpd_records.certificates.templates import (
    TemplateRefused,
    Wording,
    change_template,
    every_template,
    form_called,
    make_template,
    retire_template,
    templates_by_code,
)
from cpd_records.models import CertificateTemplate, CertificateTemplateVersion, Sort
from people.models import User
from tests.courses.authoring import family
from tests.cpd_records.certificate_acts import AT, award, issued, opened, stored_bytes, text_of

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
LATER = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
PARADE = Wording(
    design="plain",
    opening="The force records with pride that",
    completed="took part in",
    passed="has passed",
    closing="Skills are assessed in practice.",
    signatory="R. Demo",
    signatory_title="Commandant",
    second_signatory="S. Demo",
    second_title="Chair of the board",
)


@pytest.fixture
def approver(person: Person) -> User:
    family("ethics")
    return person("Ash", "approver", family="ethics")


@pytest.fixture
def template(approver: User) -> CertificateTemplate:
    return make_template("Passing out", PARADE, by=approver, at=AT)


def printed_on(certificate: Any) -> dict[str, Any]:
    return json.loads(certificate.entry.readable.payload)


# --- Keeping them -----------------------------------------------------------------------------------------------------


def test_a_template_is_named_once_and_begins_with_version_1(template: CertificateTemplate, approver: User) -> None:
    assert (template.code, str(CertificateTemplateVersion.objects.get())) == ("passing-out", "passing-out/1")
    with pytest.raises(TemplateRefused, match="There is a template called passing-out already") as refused:
        make_template("Passing  out", PARADE, by=approver, at=AT)
    assert refused.value.field == "name"


def test_a_change_is_the_next_version_with_its_reason(template: CertificateTemplate, approver: User) -> None:
    change_template(template, replace(PARADE, signatory="T. Demo"), reason="A new commandant", by=approver, at=LATER)
    assert list(template.versions.values_list("number", "signatory", "reason")) == [  # type: ignore[attr-defined]
        (1, "R. Demo", "First version"),
        (2, "T. Demo", "A new commandant"),
    ]


def test_what_is_kept_is_one_line_each(approver: User) -> None:
    made = make_template("Lines", replace(PARADE, closing=" Two\n lines\u202e "), by=approver, at=AT)
    assert CertificateTemplateVersion.objects.get(template=made).closing == "Two lines"


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"opening": " "}, "opening", "the sentence on the certificate breaks off"),
        ({"passed": ""}, "passed", "the sentence on the certificate breaks off"),
        ({"closing": "x" * 161}, "closing", "161 characters long and 160 fit"),
        ({"design": "gold"}, "design", "Choose one of the designs"),
        ({"signatory": ""}, "signatory", "Write who signs"),
        ({"second_signatory": ""}, "second_signatory", "Write who signs"),
    ],
)
def test_words_that_would_break_the_page_are_refused(
    template: CertificateTemplate, approver: User, changed: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(TemplateRefused, match=sentence) as refused:
        change_template(template, replace(PARADE, **changed), reason="A try", by=approver, at=LATER)
    assert refused.value.field == field
    assert template.versions.count() == 1  # type: ignore[attr-defined]


def test_a_change_says_why_and_changes_something(template: CertificateTemplate, approver: User) -> None:
    with pytest.raises(TemplateRefused, match="Say why"):
        change_template(template, Wording(), reason=" ", by=approver, at=LATER)
    with pytest.raises(TemplateRefused, match="300 fit"):
        change_template(template, Wording(), reason="x" * 301, by=approver, at=LATER)
    with pytest.raises(TemplateRefused, match="Nothing is different"):
        change_template(template, PARADE, reason="The same", by=approver, at=LATER)


def test_a_name_of_signs_alone_is_none(approver: User) -> None:
    with pytest.raises(TemplateRefused, match="letters or digits"):
        make_template("!!!", PARADE, by=approver, at=AT)


@pytest.mark.parametrize("role", ["trainer", "subject-reviewer", "training-admin", "auditor"])
def test_only_approvers_and_system_administrators_keep_them(
    template: CertificateTemplate, person: Person, role: str
) -> None:
    somebody = person("Bo", role)
    for act in (
        lambda: make_template("Another", PARADE, by=somebody, at=AT),
        lambda: change_template(template, Wording(), reason="Mine", by=somebody, at=AT),
        lambda: retire_template(template, by=somebody, at=AT),
    ):
        with pytest.raises(TemplateRefused, match="Only an approver"):
            act()


def test_a_retired_template_is_offered_no_more_and_stays(template: CertificateTemplate, approver: User) -> None:
    retire_template(template, by=approver, at=LATER)
    retire_template(template, by=approver, at=datetime(2027, 1, 1, tzinfo=UTC))
    template.refresh_from_db()
    assert template.retired_at == LATER
    assert templates_by_code(offered_only=True) == {}
    assert templates_by_code(offered_only=False) == {"passing-out": "Passing out"}
    assert form_called("passing-out") is not None
    with pytest.raises(TemplateRefused, match="was retired"):
        change_template(template, Wording(), reason="Late", by=approver, at=LATER)
    assert [row[0].code for row in every_template()] == ["passing-out"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cpd_records_certificatetemplateversion SET opening = 'Something else'",
        "DELETE FROM cpd_records_certificatetemplateversion",
        "UPDATE cpd_records_certificatetemplate SET name = 'Something else'",
        "UPDATE cpd_records_certificatetemplate SET sort = 'qualification'",
        "DELETE FROM cpd_records_certificatetemplate",
    ],
)
def test_the_database_keeps_what_certificates_name(template: CertificateTemplate, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- Printing them ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_made_with_the_version_of_its_award_and_its_entry_says_so(
    template: CertificateTemplate, approver: User, person: Person
) -> None:
    first = award(person("Alexandra Bell"), template="passing-out")
    change_template(template, replace(PARADE, closing=""), reason="Shorter", by=approver, at=LATER)
    second = award(person("Bo"), template="passing-out")
    assert printed_on(first)["template"] == "passing-out/1"
    assert printed_on(first)["closing"] == "Skills are assessed in practice."
    assert printed_on(first)["signatory"] == "R. Demo"
    assert printed_on(second)["template"] == "passing-out/2"
    assert "closing" not in printed_on(second)


def test_what_stands_below_the_name_follows_from_what_was_reached(
    template: CertificateTemplate, person: Person
) -> None:
    officer = person("Bo")
    assert printed_on(award(officer, template="passing-out"))["achievement"] == "has passed"
    assert printed_on(award(officer, template="passing-out", assessed=False))["achievement"] == "took part in"


def test_a_course_without_a_template_has_the_products_own_form(person: Person) -> None:
    assert "template" not in printed_on(award(person("Bo")))
    assert Particulars.read(award(person("Cy")).entry.readable.payload).printed is None


def test_the_page_says_the_words_and_names_its_form(template: CertificateTemplate, person: Person) -> None:
    file = stored_bytes(issued(person("Alexandra Bell"), template="passing-out"))
    text = " ".join(text_of(file).split())
    for words in (
        "The force records with pride that",
        "Alexandra Bell",
        "has passed",
        "Skills are assessed in practice.",
        "R. Demo",
        "S. Demo",
        "Form passing-out/1",
    ):
        assert words in text
    with opened(file) as document:
        assert len(document.pages) == 1
        assert document.Root.MarkInfo.Marked


# --- Looking at them --------------------------------------------------------------------------------------------------


@pytest.fixture
def trainer(person: Person, signed_in: Callable[[User], Client]) -> Client:
    family("ethics")
    return signed_in(person("Tam", "trainer", family="ethics"))


@pytest.mark.parametrize("specimen", [one.key for one in SPECIMENS])
def test_a_trainer_looks_at_specimens_that_say_they_are_none(
    template: CertificateTemplate, trainer: Client, specimen: str
) -> None:
    answer = trainer.get(f"/admin/certificate-templates/passing-out/1/{specimen}.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(text_of(answer.content).split())
    assert "Specimen. This is not a certificate." in text
    assert "Ledger entry" not in text
    with opened(answer.content) as document:
        assert not document.attachments
        assert "/AcroForm" not in document.Root


def test_a_template_for_qualifications_has_one_sentence_and_specimens_of_a_qualification(
    approver: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(approver)
    form = browser.get("/admin/certificate-templates/new/?for=qualification").content
    assert b"has been awarded the qualification" in form
    assert b"when an assessment was passed" not in form
    words = {**vars(replace(PARADE, completed="holds")), "name": "Shield"}
    assert browser.post("/admin/certificate-templates/new/?for=qualification", words).status_code == 302
    made = CertificateTemplate.objects.get(code="shield")
    assert made.sort == Sort.QUALIFICATION
    assert templates_by_code(offered_only=True) == {}, "no course chooses it"
    page = browser.get("/admin/certificate-templates/shield/")
    assert b"attended" not in page.content
    text = text_of(browser.get("/admin/certificate-templates/shield/1/long.pdf").content)
    assert "holds" in text
    assert "Certificate of qualification" in text
    assert browser.get("/admin/certificate-templates/shield/1/attended.pdf").status_code == 404
    changed = {**vars(replace(PARADE, completed="has earned")), "reason": "Plainer"}
    assert browser.post("/admin/certificate-templates/shield/change/", changed).status_code == 302
    assert CertificateTemplateVersion.objects.get(template=made, number=2).passed == "has earned"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("course", "Certificate of completion and assessment"),
        ("qualification", "Certificate of qualification"),
        ("letter", "has been granted"),
        ("training-record", "Courses completed"),
        ("statement", "How it is recorded"),
    ],
)
def test_a_trainer_looks_at_each_document_in_the_products_own_form(trainer: Client, key: str, words: str) -> None:
    assert f"own-form/{key}.pdf" in trainer.get("/admin/certificate-templates/").content.decode()
    answer = trainer.get(f"/admin/certificate-templates/own-form/{key}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    assert words in text
    assert "Specimen. This is not a" in text
    assert "Ledger entry" not in text
    assert "Featherstonehaugh" in text, "no name is cut"
    with opened(answer.content) as document:
        assert not document.attachments


def test_there_is_no_form_of_something_else_and_officers_see_none(
    trainer: Client, person: Person, signed_in: Callable[[User], Client]
) -> None:
    assert trainer.get("/admin/certificate-templates/own-form/other.pdf").status_code == 404
    assert signed_in(person("Bo")).get("/admin/certificate-templates/own-form/course.pdf").status_code in {302, 403}


def test_a_specimen_there_is_none_of(template: CertificateTemplate, trainer: Client) -> None:
    for address in ("passing-out/2/short.pdf", "passing-out/1/other.pdf", "other/1/short.pdf"):
        assert trainer.get(f"/admin/certificate-templates/{address}").status_code == 404


def test_an_approver_makes_changes_and_retires_one_on_the_screens(
    approver: User, signed_in: Callable[[User], Client]
) -> None:
    browser, words = signed_in(approver), {**vars(PARADE), "name": "Annual award"}
    assert browser.post("/admin/certificate-templates/new/", words).status_code == 302
    address = "/admin/certificate-templates/annual-award/"
    assert b"The force records with pride that" in browser.get(address).content
    changed = {**vars(PARADE), "closing": "In practice.", "reason": "Shorter"}
    assert browser.post(f"{address}change/", changed).status_code == 302
    assert b"What version 2 says" in browser.get(address).content
    assert browser.post(f"{address}retire/").status_code == 302
    assert b"Retired" in browser.get("/admin/certificate-templates/").content


def test_what_is_refused_stands_beside_its_field_and_nothing_typed_is_lost(
    template: CertificateTemplate, approver: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(approver)
    answer = browser.post("/admin/certificate-templates/new/", {**vars(PARADE), "name": "Passing out"})
    assert answer.status_code == 422
    assert b"There is a template called passing-out already" in answer.content
    assert b"The force records with pride that" in answer.content
    answer = browser.post(
        "/admin/certificate-templates/passing-out/change/", {**vars(PARADE), "signatory": "", "reason": "A try"}
    )
    assert answer.status_code == 422
    assert b"Write who signs" in answer.content
    assert b"A try" in answer.content


def test_a_trainer_looks_and_changes_nothing(template: CertificateTemplate, trainer: Client) -> None:
    assert b"Write the next version" not in trainer.get("/admin/certificate-templates/passing-out/").content
    words = {**vars(Wording()), "reason": "Mine"}
    assert trainer.post("/admin/certificate-templates/passing-out/change/", words)["Location"] == "/admin/"
    assert trainer.post("/admin/certificate-templates/passing-out/retire/")["Location"] == "/admin/"
    assert form_called("passing-out") == PARADE.form("passing-out/1")
    assert templates_by_code(offered_only=True) == {"passing-out": "Passing out"}
