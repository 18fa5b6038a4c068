"""Past records from other systems: in the ledger once, as imported from X and asserted by Y, never as our own."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpd_records.importing.provenance import provenance
from cpd_records.importing.record_lines import ACHIEVED, NOT_ACHIEVED
from cpd_records.importing.records_kind import RECORDS
from cpd_records.models import EntryKind, ImportedRecord, LedgerEntry, Qualification, ReadablePart
from people.importing import working
from people.importing.at_once import check_at_once, import_at_once
from people.importing.files import begin_check, begin_writing, take_file
from people.models import FileImport, User
from people.tables.rows import TableRefused
from people.tables.writing import as_xlsx
from tests import factories
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)
TITLES = "service_number,qualification,title,day,minutes,valid_until,result,asserted_by,reference\n"


@pytest.fixture
def bell() -> User:
    return factories.person("Ada Bell")


@pytest.fixture(autouse=True)
def safety() -> Qualification:
    row, _made = Qualification.objects.get_or_create(
        code="PPST", defaults={"title": "Public and personal safety training", "short_title": "Safety"}
    )
    return row


def imported(text: str | bytes, *, by: User | None = None, dry_run: bool = False, **more: Any) -> Any:
    file = BytesIO(text.encode() if isinstance(text, str) else text)
    options = {"source": more.pop("source", "the old training system"), "asserted_by": more.pop("asserted_by", "")}
    if dry_run:
        return check_at_once(RECORDS, file, by=by, on=DAY, options=options, **more)
    return import_at_once(RECORDS, file, name="records.csv", by=by, on=DAY, options=options, **more)[1]


def lines(officer: User, *rows: str) -> str:
    return TITLES + "".join(f"{officer.service_number},{row}\n" for row in rows)


def refusal(officer: User, row: str, **more: Any) -> str:
    before = LedgerEntry.objects.count()
    report = imported(lines(officer, row), **more)
    assert report.answers[0].verdict == "refused", report.answers
    assert LedgerEntry.objects.count() == before
    return str(report.answers[0].why)


def payload(part: ReadablePart) -> dict[str, Any]:
    return json.loads(part.payload)  # type: ignore[no-any-return]


def test_a_known_qualification_is_awarded_as_imported_and_anything_else_is_an_imported_record(bell: User) -> None:
    report = imported(
        lines(bell, "PPST,,2026-03-01,480,2027-02-28,Passed,PS 41 Webb,A-17", ",First aid at work,14/05/2019,,,,,")
    )
    assert [(answer.verdict, answer.why) for answer in report.answers] == [
        ("new", "PPST on 1 March 2026, valid until 28 February 2027"),
        ("new", "First aid at work on 14 May 2019"),
    ]
    award = ReadablePart.objects.get(kind=EntryKind.QUALIFICATION)
    assert (award.officer, award.subject, award.day, award.minutes, award.valid_until) == (
        bell.public_id,
        "PPST",
        date(2026, 3, 1),
        480,
        date(2027, 2, 28),
    )
    said = payload(award)
    assert (said["basis"], said["source"], said["asserted_by"], said["reference"], said["result"]) == (
        "imported",
        "the old training system",
        "PS 41 Webb",
        "A-17",
        "Passed",
    )
    other = ReadablePart.objects.get(kind=EntryKind.IMPORTED)
    assert payload(other)["title"] == "First aid at work"
    # nobody is named on the line, so the source itself asserts it
    assert provenance(payload(other)) == "Imported from the old training system, asserted by the old training system"
    assert provenance(said) == "Imported from the old training system, asserted by PS 41 Webb"


def test_an_imported_record_says_so_on_the_record_of_the_officer(bell: User, signed_in: Any) -> None:
    imported(lines(bell, ",First aid at work,2019-05-14,90,,Passed,PS 41 Webb,"))
    client: Client = signed_in(bell)
    page = client.get("/my/record/").content.decode()
    assert "First aid at work" in page
    assert "1 h 30 min. Imported from the old training system, asserted by PS 41 Webb. Result there: Passed." in page


def test_the_same_list_twice_changes_nothing(bell: User) -> None:
    text = lines(bell, "PPST,,2026-03-01,480,,,,A-17", ",First aid,2019-05-14,,,,,")
    imported(text)
    report = imported(text)
    assert [(answer.verdict, answer.why) for answer in report.answers] == [("unchanged", "imported before")] * 2
    assert not report.written
    assert LedgerEntry.objects.count() == ImportedRecord.objects.count() == 2


def test_without_a_reference_all_that_a_line_says_makes_it_the_same(bell: User) -> None:
    imported(lines(bell, ",First aid,2019-05-14,,,,,"))
    again = imported(lines(bell, ",First aid,14 May 2019,,,,,", ",First aid,2019-05-15,,,,,"))
    assert [answer.verdict for answer in again.answers] == ["unchanged", "new"]


def test_a_reference_counts_within_its_source_and_never_overwrites(bell: User) -> None:
    imported(lines(bell, ",First aid,2019-05-14,,,,,A-1"))
    assert "this reference was imported before and said something else" in refusal(
        bell, ",First aid,2020-05-14,,,,,A-1"
    )
    assert imported(lines(bell, ",First aid,2020-05-14,,,,,A-1"), source="another system").written
    assert (
        imported(lines(bell, ",First aid,2019-05-14,,,,,A-1"), source="THE OLD Training System").counts["unchanged"]
        == 1
    )


def test_a_record_twice_in_one_list_is_one_record(bell: User) -> None:
    report = imported(lines(bell, ",First aid,2019-05-14,,,,,", ",First aid,2019-05-14,,,,,"))
    assert [(answer.verdict, answer.why) for answer in report.answers][1] == ("unchanged", "the same as line 2")
    assert LedgerEntry.objects.count() == 1
    clash = imported(lines(bell, ",A,2019-05-14,,,,,R-1", ",B,2019-05-14,,,,,R-1"))
    assert clash.answers[1].why == "line 2 has the same reference and says something else"


def test_the_database_itself_refuses_a_record_twice(bell: User) -> None:
    imported(lines(bell, ",First aid,2019-05-14,,,,,"))
    first = ImportedRecord.objects.get()
    other = LedgerEntry.objects.create(commitment=b"1" * 32)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedRecord.objects.create(source=first.source, key=first.key, content="", entry=other, at=first.at)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",First aid,,,,,,", "the day is missing"),
        (",First aid,31/02/2026,,,,,", "day: '31/02/2026' is not a day"),
        (",First aid,02/28/2026,,,,,", "days come first"),
        (",First aid,2026-11-23,,,,,", "23 November 2026 is still to come"),
        (",First aid,1926-11-23,,,,,", "is more than 60 years ago. Check the year"),
        (",First aid,2026-03-01,,2026-02-28,,,", "it would be valid until a day before it happened"),
        (",First aid,2026-03-01,-5,,,,", "minutes: '-5' is not a length of time"),
        (",First aid,2026-03-01,60001,,,,", "60,001 minutes are more than 1,000 hours"),
        (",,2026-03-01,,,,,", "neither qualification nor title is given"),
        ("PPTS,,2026-03-01,,,,,", "there is no qualification 'PPTS' and no title: mend the code, or say what it was"),
        ("PPST,,2026-03-01,,,82%,,", "the result '82%' does not say whether the qualification was achieved"),
        (f",{'x' * 201},2026-03-01,,,,,", "the title is longer than 200 characters"),
        (f",A,2026-03-01,,,,{'x' * 121},", "the asserted by is longer than 120 characters"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(bell: User, row: str, why: str) -> None:
    assert why in refusal(bell, row)


def test_a_record_of_nobody_is_refused(bell: User) -> None:
    report = imported(TITLES + "999999,,A,2026-03-01,,,,,\n,,A,2026-03-01,,,,,\n")
    assert [answer.why for answer in report.answers] == [
        "there is nobody with the service number '999999'",
        "the service number is missing",
    ]


def test_nobody_imports_records_about_themselves() -> None:
    admin = factories.person("Training", "training-admin")
    assert refusal(admin, ",First aid,2019-05-14,,,,,", by=admin) == (
        "this record is about you, and nobody imports records about themselves. Ask another administrator"
    )
    other = factories.person("Other", "training-admin")
    assert imported(lines(admin, ",First aid,2019-05-14,,,,,"), by=other).written
    said = payload(ReadablePart.objects.get())
    assert (said["by"], said["by_name"]) == (str(other.public_id), "Other")


def test_somebody_who_left_has_a_past_too() -> None:
    gone = factories.person("Gone", is_active=False)
    assert imported(lines(gone, ",First aid,2019-05-14,,,,,")).written


def test_one_refused_line_means_that_nothing_is_written_unless_the_good_lines_were_chosen(bell: User) -> None:
    text = lines(bell, ",First aid,2019-05-14,,,,,", ",First aid,soon,,,,,")
    assert not imported(text).written
    assert not LedgerEntry.objects.exists()
    assert imported(text, all_or_nothing=False).written
    assert LedgerEntry.objects.count() == 1


def test_a_dry_run_answers_the_same_and_writes_nothing(bell: User) -> None:
    text = lines(bell, "PPST,,2026-03-01,,,,,", ",First aid,soon,,,,,")
    with CaptureQueriesContext(connection) as queries:
        dry = imported(text, dry_run=True)
    assert not [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert imported(text).answers == dry.answers


# --- Results and qualifications ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["Passed", "PASS.", "Competent", "attended", "Yes", ""])
def test_a_qualification_is_awarded_where_the_result_says_so(bell: User, result: str) -> None:
    imported(lines(bell, f"ppst,,2026-03-01,,,{result},,"))
    assert ReadablePart.objects.get().kind == EntryKind.QUALIFICATION


@pytest.mark.parametrize("result", ["Failed", "Not yet competent", "Did not attend", "no", "Booked"])
def test_no_qualification_is_awarded_by_a_failure_but_the_record_is_kept(bell: User, result: str) -> None:
    report = imported(lines(bell, f"PPST,,2026-03-01,,,{result},,"))
    assert f"result '{result}': no qualification is awarded by it" in report.answers[0].why
    part = ReadablePart.objects.get()
    assert (part.kind, payload(part)["title"], payload(part)["result"]) == (
        EntryKind.IMPORTED,
        Qualification.objects.get(code="PPST").title,
        result,
    )


def test_no_word_says_both() -> None:
    assert not ACHIEVED & NOT_ACHIEVED


def test_a_code_that_is_no_qualification_here_is_past_training_and_the_report_says_so(bell: User) -> None:
    report = imported(lines(bell, "XYZ-9,Old course,2016-03-01,,,82%,,"))
    assert (
        report.answers[0].why
        == "Old course on 1 March 2016; 'XYZ-9' is no qualification here: recorded as past training"
    )
    part = ReadablePart.objects.get()
    assert (part.kind, part.subject, payload(part)["result"]) == (EntryKind.IMPORTED, "XYZ-9", "82%")


def test_a_qualification_is_known_by_its_titles_too(bell: User, safety: Qualification) -> None:
    imported(lines(bell, f"{safety.title},,2026-03-01,,,,,", f"{safety.short_title.upper()},,2025-03-01,,,,,"))
    assert set(ReadablePart.objects.values_list("subject", flat=True)) == {"PPST"}


def test_hours_are_read_where_there_are_no_minutes(bell: User) -> None:
    imported(
        f"warrant number;course;date;hours\n{bell.service_number};A;2026-03-01;1.5\n{bell.service_number};B;2026-03-01;0\n"
    )
    assert list(ReadablePart.objects.order_by("entry__imported_record").values_list("minutes", flat=True)) == [90, None]


def test_the_titles_of_a_training_systems_list_are_known_as_they_stand(bell: User, safety: Qualification) -> None:
    imported(
        f"Warrant No.;Course Code;Completed;Hrs;Signed by\n{bell.service_number};{safety.code};12/03/2024;12;T. Demo\n"
    )
    part = ReadablePart.objects.get()
    assert (part.subject, part.day, part.minutes) == ("PPST", date(2024, 3, 12), 720)
    assert "T. Demo" in part.payload


def test_an_xlsx_list_is_imported_and_a_formula_in_it_is_refused(bell: User) -> None:
    titles = ["Service number", "Course", "Date", "Minutes"]
    number = bell.service_number
    assert imported(as_xlsx(titles, [[int(number), "First aid", date(2019, 5, 14), 90]])).written
    report = imported(f"service number,course,date\n{number},=HYPERLINK(1),2019-05-14\n")
    assert report.written
    assert payload(ReadablePart.objects.latest("recorded_at"))["title"] == "=HYPERLINK(1)"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_kept_as_text_or_refused(bell: User, name: str) -> None:
    text = " ".join(HOSTILE[name].replace('"', '""').split("\x00"))[:180]
    content = f'service number,title,day,asserted by,reference\n{bell.service_number},"{text}x",2019-05-14,"{text}","{text}"\n'
    report = imported(content.encode("utf-8", "replace"), all_or_nothing=False)
    assert report.answers[0].verdict in {"new", "refused"}
    again = imported(content.encode("utf-8", "replace"), all_or_nothing=False)
    assert again.answers[0].verdict in {"unchanged", "refused"}


# --- Killed in the middle ---------------------------------------------------------------------------------------------


def test_an_import_that_was_killed_goes_on_and_no_record_is_written_twice(
    bell: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "TURN_BY_READING", 0.0)
    text = lines(bell, *[f",Course {number},2019-05-14,,,,,R-{number}" for number in range(600)])
    run = take_file(
        RECORDS,
        BytesIO(text.encode()),
        name="records.csv",
        options={"source": "old"},
        by=None,
        at=working.clock.now(),
        on=DAY,
    )
    begin_check(run, by=None, in_background=False)
    assert working.advance(run, seconds=None)
    begin_writing(run, all_or_nothing=True, by=None, at=working.clock.now(), in_background=False)
    assert not working.advance(run, seconds=0)
    assert LedgerEntry.objects.count() == 250
    working._kept.clear()  # the process is gone

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(working, "_answer_anew", killed)  # in the middle of a piece
        with pytest.raises(KeyboardInterrupt):
            working.advance(run, seconds=0)
    assert LedgerEntry.objects.count() == 250
    assert working.advance(run, seconds=None)
    assert LedgerEntry.objects.count() == ImportedRecord.objects.count() == 600
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("done", 600, 600)
    assert working.advance(run, seconds=None)  # once more does no harm
    assert LedgerEntry.objects.count() == 600


def test_more_lines_ask_no_more_for_each(bell: User) -> None:
    def asked(count: int) -> int:
        text = lines(bell, *[f",Course {number},2018-05-14,,,,,C{count}-{number}" for number in range(count)])
        with CaptureQueriesContext(connection) as queries:
            imported(text, dry_run=True)
        return len(queries)

    assert asked(2) == asked(200)


# --- The command ------------------------------------------------------------------------------------------------------


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_records", str(file), *options, stdout=out)
    return out.getvalue()


def test_the_command_answers_every_line_and_names_the_source(bell: User, tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    file.write_text(f"Warrant no;Kurs;Date\n{bell.service_number};First aid;14/05/2019\n")
    said = ("--source", "Chronicle", "--asserted-by", "Learning and Development", "--map", "Kurs=title")
    said += ("--map", "Warrant no=service_number")
    dry = run(file, *said, "--dry-run")
    assert f"Line 2, {bell.service_number}: new: First aid on 14 May 2019" in dry
    assert "1 new, 0 changed, 0 unchanged, 0 refused. Nothing was written: this was a dry run." in dry
    assert not LedgerEntry.objects.exists()
    run(file, *said)
    assert (
        provenance(payload(ReadablePart.objects.get()))
        == "Imported from Chronicle, asserted by Learning and Development"
    )
    answer = json.loads(run(file, *said[:4], "--json"))  # what the titles mean is remembered
    assert (answer["ok"], answer["written"], answer["counts"]["unchanged"]) == (True, False, 1)
    assert FileImport.objects.count() == 2


def test_a_command_that_names_no_source_is_recorded_as_naming_none(bell: User, tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    file.write_text(f"service number,title,date\n{bell.service_number},First aid,14/05/2019\n")
    assert "Nothing was written: this was a dry run." in run(file, "--dry-run")
    run(file)
    assert provenance(payload(ReadablePart.objects.get())).startswith("Imported from a list whose source was not named")
    assert "0 new, 0 changed, 1 unchanged" in run(file.rename(tmp_path / "the-same-again.csv"))


def test_the_command_refuses_an_empty_source_and_needs_the_columns(bell: User, tmp_path: Path) -> None:
    file = tmp_path / "records.csv"
    file.write_text(f"service number,title\n{bell.service_number},A\n")
    with pytest.raises(CommandError) as usage:
        run(file, "--source", " ")
    assert usage.value.returncode == 2
    with pytest.raises(CommandError, match="There is no column 'day'"):
        run(file, "--source", "old")
    with pytest.raises(TableRefused, match="neither a column 'qualification' nor 'title'"):
        imported(f"service number,day\n{bell.service_number},2019-05-14\n")
