"""The pages of an import: a list handed in, its columns mapped, its first lines shown, then checked, started and reported."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from people import work
from people.importing import working
from people.importing.people_decisions import Known
from people.models import FileImport, User, WaitingWork
from people.tables.writing import as_xlsx
from tests import factories

pytestmark = pytest.mark.django_db

TITLES = "service number;e-mail;name;unit;shift\n"
GOOD = "900431;a.bell@force.example;Zoë Bell;team-c;early\n900432;d.webb@force.example;Dev Webb;team-c;late\n"
BAD = "900433;no address;Nobody;team-c;late\n"


@pytest.fixture(autouse=True)
def unit() -> Any:
    return factories.unit("team-c", name="Team C")


@pytest.fixture
def admin(signed_in: Any) -> Client:
    return signed_in(factories.person("Training", "training-admin"))  # type: ignore[no-any-return]


def shown(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def hand_in(client: Client, content: str | bytes, *, kind: str = "people", name: str = "list.csv", **more: Any) -> Any:
    data = content.encode("cp1252") if isinstance(content, str) else content
    return client.post(f"/imports/{kind}/", {"file": SimpleUploadedFile(name, data), **more}, follow=True)


def sweep() -> None:
    """Do waiting work until none is due, as the sweeper does."""
    for _ in range(50):
        WaitingWork.objects.filter(done_at=None).update(due_at="2020-01-01T00:00Z")
        if not work.due_work():
            return
        work.sweep_once()
    raise AssertionError("waiting work does not end")


def latest() -> FileImport:
    return FileImport.objects.latest("pk")


def address(run: FileImport, act: str = "") -> str:
    return f"/imports/{run.pk}/{act}"


def test_a_list_is_handed_in_looked_at_checked_and_imported(admin: Client) -> None:
    page = shown(hand_in(admin, TITLES + GOOD))
    run = latest()
    assert "Read as CSV, Windows-1252, separated by semicolons" in page
    assert "Columns not used shift" in page
    assert "Would be new posted to team-c 900431 a.bell@force.example Zoë Bell team-c" in page
    assert not User.objects.filter(service_number="900431").exists()

    page = shown(admin.post(address(run, "check/"), follow=True))
    assert "0 lines checked. Nothing is written yet." in page
    sweep()
    page = shown(admin.get(address(run)))
    assert "2 of 2 lines would change something. Nothing is written yet." in page
    assert "2 new" in page

    admin.post(address(run, "start/"), {"choice": "all-or-nothing"})
    assert "0 of 2 lines written." in shown(admin.get(address(run)))
    sweep()
    assert "2 of 2 lines changed something." in shown(admin.get(address(run)))
    assert User.objects.get(service_number="900431").name == "Zoë Bell"
    assert "People: list.csv" in shown(admin.get("/imports/"))
    assert "by Training" in shown(admin.get("/imports/"))


def test_an_xlsx_list_is_read_as_well(admin: Client) -> None:
    content = as_xlsx(["Service number", "E-mail", "Name"], [[900431, "a@force.example", "Ada"]], sheet="Staff")
    page = shown(hand_in(admin, content, name="list.xlsx"))
    assert "Read as XLSX, sheet Staff" in page
    assert "Would be new" in page


def test_a_title_nobody_knows_is_mapped_and_remembered_for_others(admin: Client, signed_in: Any) -> None:
    content = "Nummer;Adresse;Wer\n900431;a@force.example;Ada\n"
    page = shown(hand_in(admin, content))
    assert "There is no column 'service_number'." in page
    assert "First line: 900431" in page
    run = latest()
    answer = admin.post(address(run, "check/"), follow=True)
    assert "There is no column 'service_number'." in shown(answer)
    sent = {"column-0": "service_number", "column-1": "email", "column-2": "name"}
    assert "Would be new" in shown(admin.post(address(run, "columns/"), sent, follow=True))
    system = signed_in(factories.person("System", "system-admin"))
    assert "Would be new" in shown(hand_in(system, content))


def test_two_columns_for_one_and_a_column_of_nobodys_are_refused(admin: Client) -> None:
    hand_in(admin, TITLES + GOOD)
    run = latest()
    twice = admin.post(address(run, "columns/"), {"column-0": "name", "column-1": "name"}, follow=True)
    assert "Two columns of the list are mapped to 'Name'. Choose one of them." in shown(twice)
    wrong = admin.post(address(run, "columns/"), {"column-0": "telephone"})
    assert "Choose one of the columns in the list." in shown(wrong)


def test_refused_lines_ask_for_a_choice_and_the_report_says_why(admin: Client) -> None:
    hand_in(admin, TITLES + GOOD + BAD)
    run = latest()
    admin.post(address(run, "check/"))
    sweep()
    page = shown(admin.get(address(run)))
    assert "4 900433 'no address' is not an e-mail address" in page
    assert "What about the lines that are refused?" in page
    assert "Choose what happens with the lines that are refused." in shown(admin.post(address(run, "start/")))
    refused = admin.post(address(run, "start/"), {"choice": "all-or-nothing"}, follow=True)
    assert "Some lines are refused, and all or nothing was chosen." in shown(refused)
    assert not User.objects.filter(service_number="900431").exists()

    report = list(csv.reader(io.StringIO(admin.get(address(run, "report.csv")).content.decode("utf-8-sig"))))
    assert report[1] == ["2", "900431", "would be new", "posted to team-c"]
    assert report[3] == ["4", "900433", "refused", "'no address' is not an e-mail address"]
    admin.post(address(run, "start/"), {"choice": "good-lines"})
    sweep()
    assert User.objects.filter(service_number__startswith="90043").count() == 2
    report = list(csv.reader(io.StringIO(admin.get(address(run, "report.csv")).content.decode("utf-8-sig"))))
    assert [row[2] for row in report] == ["Verdict", "new", "new", "refused"]
    assert admin.get(address(run, "report.xlsx")).content.startswith(b"PK")


def test_a_list_that_is_mended_meanwhile_can_be_checked_again(admin: Client) -> None:
    factories.unit("team-e")
    hand_in(admin, TITLES + GOOD.replace("team-c", "team-z"))
    run = latest()
    admin.post(address(run, "check/"))
    sweep()
    assert "2 refused" in shown(admin.get(address(run)))
    factories.unit("team-z")
    admin.post(address(run, "check/"))
    sweep()
    assert "2 new" in shown(admin.get(address(run)))


def test_a_list_is_discarded_with_its_file(admin: Client, django_capture_on_commit_callbacks: Any) -> None:
    hand_in(admin, TITLES + GOOD)
    run = latest()
    assert storages["private"].exists(run.path)
    with django_capture_on_commit_callbacks(execute=True):
        page = admin.post(address(run, "discard/"), follow=True)
    assert "list.csv was discarded. Nothing of it was written." in shown(page)
    assert not storages["private"].exists(run.path)
    assert "the file is gone" in shown(admin.get(address(run)))
    assert "This cannot be done now." in shown(admin.post(address(run, "check/"), follow=True))


def test_only_whoever_handed_a_list_in_goes_on_with_it(admin: Client, signed_in: Any) -> None:
    hand_in(admin, TITLES + GOOD)
    run = latest()
    other = signed_in(factories.person("Other", "training-admin"))
    page = shown(other.get(address(run)))
    assert "Only whoever handed the list in can go on with it." in page
    for act in ("check/", "columns/"):
        answer = shown(other.post(address(run, act), {"column-0": "name"}, follow=True))
        assert "handed this file in, and only they can go on. Import the file yourself." in answer
    assert latest().state == "uploaded"


def test_a_system_administrator_imports_people_and_no_past_records(admin: Client, signed_in: Any) -> None:
    hand_in(admin, "service number,title,day\n1,A,2020-01-01\n", kind="records", source="Old system")
    run = latest()
    system = signed_in(factories.person("System", "system-admin"))
    assert system.get("/imports/people/").status_code == 200
    assert system.get("/imports/records/").status_code == 403
    assert system.get(address(run)).status_code == 404
    assert "A" not in [row.name for row in FileImport.objects.all()]
    assert "Past records" not in shown(system.get("/imports/"))
    assert signed_in(factories.person("Officer")).get("/imports/").status_code == 403


def test_a_file_that_is_no_list_is_refused_beside_its_field(admin: Client) -> None:
    for content, sentence in (
        (b"%PDF-1.7", "The file is a PDF. Save the list as CSV or XLSX."),
        (b"PK\x03\x04 nothing", "The file is not a readable XLSX file."),
        (b"", "The file is empty."),
        (b"service number;e-mail;name\n", "The file has titles and no people below them."),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "The file has titles and no people"),
    ):
        assert sentence in shown(hand_in(admin, content)), content
    assert "Choose the file: CSV or XLSX." in shown(admin.post("/imports/people/"))
    assert not FileImport.objects.exists()


def test_where_records_come_from_must_be_said(admin: Client) -> None:
    page = shown(hand_in(admin, "service number,title,day\n1,A,2020-01-01\n", kind="records"))
    assert "Enter it in a few words" in page
    page = shown(hand_in(admin, "service number,title,day\n1,A,2020-01-01\n", kind="records", source="x" * 101))
    assert "100 characters fit, and 101 were entered. Shorten it." in page


def test_a_file_that_breaks_off_stops_the_import_by_a_sentence(admin: Client) -> None:
    hand_in(admin, TITLES + GOOD * 1 + "".join(f"{n};p{n}@force.example;P;;\n" for n in range(200)) + '1;a;"open\n')
    run = latest()
    admin.post(address(run, "check/"))
    sweep()
    page = shown(admin.get(address(run)))
    assert "Row 204 cannot be read: a quotation mark is not closed" in page
    assert "Nothing was written." in page


def test_an_import_goes_on_where_a_killed_process_left_it(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "TURN_BY_READING", 0.0)
    many = "".join(f"{700000 + n};p{n}@force.example;Person {n};team-c;\n" for n in range(450))
    hand_in(admin, TITLES + many)
    run = latest()
    admin.post(address(run, "check/"))
    assert not working.advance(run, seconds=0)
    assert latest().done == 200
    working._kept.clear()  # the process is gone, with what it remembered
    assert "200 lines checked." in shown(admin.get(address(run)))
    assert not working.advance(run, seconds=0)
    assert working.advance(run, seconds=None)
    assert (latest().state, latest().total, latest().answers.count()) == ("checked", 450, 450)

    admin.post(address(run, "start/"), {"choice": "all-or-nothing"})
    assert not working.advance(run, seconds=0)
    assert User.objects.filter(service_number__startswith="700").count() == 200
    working._kept.clear()
    sweep()
    assert User.objects.filter(service_number__startswith="700").count() == 450
    assert latest().state == "done"


def test_a_line_that_went_bad_after_the_check_stops_an_import_of_all_or_nothing(admin: Client) -> None:
    many = "".join(f"{700000 + n};p{n}@force.example;Person {n};team-c;\n" for n in range(250))
    hand_in(admin, TITLES + many)
    run = latest()
    admin.post(address(run, "check/"))
    sweep()
    factories.person("Quick", email="p220@force.example")
    admin.post(address(run, "start/"), {"choice": "all-or-nothing"})
    sweep()
    page = shown(admin.get(address(run)))
    assert "Line 222, 700220: refused: p220@force.example belongs to somebody else." in page
    assert "The lines up to 201 are written, the others are not." in page
    assert User.objects.filter(service_number__startswith="700").count() == 200
    rows = list(csv.reader(io.StringIO(admin.get(address(run, "report.csv")).content.decode("utf-8-sig"))))
    assert [rows[200][2], rows[201][2], rows[221][2]] == ["new", "would be new", "refused"]


def test_somebody_quicker_is_found_out_while_writing(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two imports at once: what the other wrote between looking and writing is refused alone, the rest is kept."""
    real = Known.of

    def overtaken(lines: Any) -> Known:
        known = real(lines)
        if not User.objects.filter(name="Quick").exists():
            factories.person("Quick", email="d.webb@force.example")
        return known

    hand_in(admin, TITLES + GOOD)
    run = latest()
    admin.post(address(run, "check/"))
    sweep()
    monkeypatch.setattr(Known, "of", overtaken)
    admin.post(address(run, "start/"), {"choice": "good-lines"})
    sweep()
    assert User.objects.filter(service_number="900431").exists()
    assert not User.objects.filter(service_number="900432").exists()
    row = latest().answers.get(line=3)
    assert (row.verdict, row.words) == ("refused", "somebody else received this service number or address just now")
