"""Everything on my record, to take along: the same as a PDF and as a table, for its owner alone."""

import csv
import io
from datetime import timedelta

import pikepdf
import pytest
from django.db import transaction

from cpd_records.ledger.entries import append_entry
from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import grant_exception
from people import clock
from people.roles import grant_role
from tests import factories
from tests.courses.factories import do_lessons, enrolled, release
from tests.cpd_records.cpd_acts import logged
from tests.cpd_records.readiness.teams import award
from tests.queries import counted_queries
from training_site.whole_record import as_html, whole_record_of

pytestmark = pytest.mark.django_db

TABLE, DOCUMENT = "/my/record/training-record.csv", "/my/record/training-record.pdf"


@pytest.fixture
def officer(person):
    unit = factories.unit("central", name="Central North BCU")
    return person("Officer A. Demo", unit=unit, rank="constable")


def write(officer, **more):
    with transaction.atomic():
        return append_entry(officer=officer.public_id, **{"day": clock.today(), "payload": {}, **more})


def filled(officer, person):
    """Give the officer something in every part of a record."""
    grant_role(officer, "response-officer", by=None, valid_from=factories.LONG_AGO)
    award(officer, "PPST", day=clock.today() - timedelta(days=100))
    do_lessons(enrolled(officer, release(minutes=240)), at=clock.now())
    write(
        officer,
        kind="cpd_activity",
        subject="a",
        minutes=45,
        day=clock.today() - timedelta(days=800),
        payload={"title": "=SUM(A1)", "verified_by_name": "Sergeant D. Demo"},
    )
    logged(officer, title="Talk about drones")
    inspector = person("Inspector C. Demo", "supervisor", unit=officer.postings.get().unit, rank="inspector")
    grant_exception(
        officer,
        Qualification.objects.get(code="POPS3"),
        by=inspector,
        at=clock.now(),
        until=clock.today() + timedelta(days=20),
        reason="Instructors are short",
        conditions="Not on front serials",
    )


def table(client):
    answer = client.get(TABLE)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="training-record.csv"'
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def in_part(rows, part):
    return [row["What"] for row in rows if row["Part"] == part]


def test_the_table_holds_every_part_the_oldest_entry_first(officer, person, signed_in):
    filled(officer, person)
    rows = table(signed_in(officer))
    recorded = in_part(rows, "Recorded")
    assert recorded[0].endswith("CPD verified: =SUM(A1)")
    assert recorded[1] == "Qualification: Public and personal safety training"
    assert set(recorded[2:]) == {"Completed: Saying so", "Exception granted: Public order, level 3"}
    assert in_part(rows, "CPD not on the record") == ["Talk about drones"]
    assert in_part(rows, "Certificate") == ["Saying so"]
    assert "First aid, module 2" in in_part(rows, "Required today")
    assert in_part(rows, "May I do it today?")
    by_what = {row["What"]: row for row in rows if row["Part"] == "Required today"}
    assert by_what["First aid, module 2"]["Detail"].startswith("Never held.")
    assert by_what["Public and personal safety training"]["Entry"]


def test_no_cell_of_the_table_is_a_formula(officer, person, signed_in):
    filled(officer, person)
    write(officer, kind="cpd_activity", subject="b", minutes=5, payload={"title": "Talk", "verified_by_name": "@D"})
    logged(officer, title="+1234")
    rows = table(signed_in(officer))
    assert not any(cell[:1] in "=+-@\t" for row in rows for cell in row.values() if cell)


def test_the_document_is_a_tagged_pdf_of_the_same_record(officer, person, signed_in):
    filled(officer, person)
    answer = signed_in(officer).get(DOCUMENT)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="training-record.pdf"'
    assert "no-store" in answer["Cache-Control"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        with pdf.open_metadata() as said:
            assert said["pdfuaid:part"] == "1"
            assert said["dc:title"].startswith("Training record: Officer A. Demo")


def test_the_document_says_every_part(officer, person):
    filled(officer, person)
    html = as_html(whole_record_of(officer, at=clock.now()))
    for words in (
        f"<dd>{officer.service_number}</dd>",
        "Central North BCU",
        "CPD verified: =SUM(A1)",
        "Exception granted: Public order, level 3",
        "Conditions: Not on front serials.",
        "Completed: Saying so",
        "First aid, module 2</th><td>Never held</td>",
        "<h2>Certificates</h2>",
        "Talk about drones",
        "May I do it today?",
        "4 entries.",
    ):
        assert words in html, words


def test_an_empty_record_is_a_document_that_says_so(officer, signed_in):
    html = as_html(whole_record_of(officer, at=clock.now()))
    assert "Nothing is recorded yet." in html
    assert "<h2>Certificates</h2>" not in html
    assert signed_in(officer).get(DOCUMENT).content.startswith(b"%PDF")


def test_nobody_elses_record_is_in_it_and_a_stranger_signs_in(officer, person, signed_in, client):
    filled(officer, person)
    other = signed_in(person("Officer B. Demo"))
    assert in_part(table(other), "Recorded") == []
    for address in (TABLE, DOCUMENT):
        assert client.get(address).status_code == 302


def test_hostile_words_run_neither_on_the_way_nor_in_the_document(officer):
    write(officer, kind="cpd_activity", subject="a", minutes=5, payload={"title": "<img src='file:///etc/passwd'>"})
    logged(officer, title="<script>alert(1)</script>")
    html = as_html(whole_record_of(officer, at=clock.now()))
    assert "<img" not in html
    assert "<script" not in html


def test_the_record_page_offers_both(officer, person, signed_in):
    filled(officer, person)
    page = signed_in(officer).get("/my/record/").content.decode()
    assert f'<a href="{DOCUMENT}">Everything on my record (PDF)</a>' in page
    assert f'<a href="{TABLE}">Everything on my record (CSV)</a>' in page


@pytest.mark.parametrize("address", [TABLE, DOCUMENT])
def test_three_hundred_entries_are_asked_for_as_three_are(officer, person, signed_in, address):
    filled(officer, person)
    client = signed_in(officer)
    client.get(address)
    with counted_queries() as few:
        client.get(address)
    for number in range(60):
        write(officer, kind="cpd_activity", subject=f"a{number}", minutes=5, payload={"title": f"Talk {number}"})
        logged(officer, title=f"Talk {number}", minutes=1)
    for number in range(4):
        do_lessons(enrolled(officer, release(code=f"ETH-{number}")), at=clock.now())
    with counted_queries() as many:
        client.get(address)
    assert few.count == many.count, f"{few}\n{many}"
