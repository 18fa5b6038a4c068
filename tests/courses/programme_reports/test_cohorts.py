"""How it went for those who began with an intake, and the counts for the public; on pages and in files that open."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from courses.models import Intake, Recruit
from courses.programme_reports.cohorts import cohort_of, cohorts
from courses.programme_reports.public_counts import public_counts
from courses.programmes.moving import Kind, back_course, end_phase, keep_record, record_beside, record_end
from people.models import Unit, User
from tests import factories
from tests.courses.programmes.acts import START, administrator, intake, noon, qualify, recruit, weeks
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return administrator()


@pytest.fixture
def team() -> Unit:
    return factories.unit("team")


@pytest.fixture
def sergeant(team: Unit) -> User:
    return factories.person("Sam Demo", "supervisor", unit=team)


@pytest.fixture
def where(ada: User) -> Intake:
    return intake(by=ada)


@pytest.fixture
def later(ada: User, where: Intake) -> Intake:
    return intake("Intake B", by=ada, starts_on=weeks(8), of=where.release)


def on_patrol(who: Recruit, ada: User, sergeant: User, *, week: int = 6) -> None:
    qualify(who)
    end_phase(who, by=ada, at=noon(weeks(4)), on=weeks(4), reason="All of it was seen")
    keep_record(who, "report", by=ada, at=noon(weeks(5)), on=weeks(5), words="Kept with the tutor’s file")
    end_phase(who, by=sergeant, at=noon(weeks(week)), on=weeks(week), reason="All of it was seen")


def moved(who: Recruit, later: Intake, ada: User, *, cause: str = "injury") -> None:
    back_course(who, later, by=ada, at=noon(weeks(3)), on=weeks(3), cause=cause, reason="=A broken wrist")


def test_a_cohort_is_everybody_who_began_also_those_who_moved_on(
    ada: User, where: Intake, later: Intake, team: Unit, sergeant: User
) -> None:
    rae, ona, lea, abe = (
        recruit(where, by=ada, name=name, unit=team) for name in ("Rae Demo", "Ona Demo", "Lea Demo", "Abe Demo")
    )
    on_patrol(rae, ada, sergeant)
    moved(ona, later, ada)
    record_end(lea, Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    record_beside(abe, Kind.PAUSED, by=ada, at=noon(weeks(5)), on=weeks(5), reason="Absence")
    found = cohort_of(where, weeks(7) - timedelta(days=1))
    assert [way.recruit.officer.name for way in found.ways] == ["Abe Demo", "Lea Demo", "Ona Demo", "Rae Demo"]
    assert (found.began, found.in_training, found.moved, found.behind) == (4, 3, 1, 1)
    assert (found.patrol, found.patrol_median, found.planned_weeks) == ([6.0], 6.0, 6)
    assert found.ended == {"confirmed": 0, "discharged": 0, "left": 1}
    assert [(one.title, one.entered, one.here, one.went_on) for one in found.phases] == [
        ("Foundation", 4, 1, 1),
        ("Tutor phase", 1, 0, 1),
        ("Confirmation", 1, 1, 0),
    ]
    assert [(one.words, one.times, one.people, one.weeks) for one in found.causes] == [
        ("Injury or illness", 1, 1, 8.0),
        ("Training paused", 1, 1, 2.0),
    ]
    assert found.weeks_lost == 10.0
    assert cohort_of(later, weeks(9)).began == 0, "whoever moved there began elsewhere"


def test_on_a_day_before_it_happened_nothing_has_happened(ada: User, where: Intake, team: Unit, sergeant: User) -> None:
    rae = recruit(where, by=ada, unit=team)
    on_patrol(rae, ada, sergeant)
    found = cohort_of(where, weeks(5))
    assert (found.patrol, found.phases[1].here, found.phases[2].entered) == ([], 1, 0)
    assert cohort_of(where, START - timedelta(days=1)).began == 0


def test_intakes_stand_by_the_day_they_began(ada: User, where: Intake, later: Intake) -> None:
    assert [one.intake for one in cohorts([later, where], weeks(9))] == [where, later]


def test_a_cohort_costs_the_same_for_two_and_for_twenty_in_one_intake_and_in_five(ada: User, where: Intake) -> None:
    for _number in range(2):
        recruit(where, by=ada, name="")
    with counted_queries() as few:
        cohorts([where], weeks(2))
    for number in range(4):
        another = intake(f"Intake {number}", by=ada, of=where.release)
        for _number in range(5):
            recruit(another, by=ada, name="")
    every = list(Intake.objects.select_related("release__programme"))
    with counted_queries() as many:
        assert sum(one.began for one in cohorts(every, weeks(2))) == 22
    assert many.count == few.count, many


# --- For the public ---------------------------------------------------------------------------------------------------


def test_only_years_that_are_over_are_counted_and_small_numbers_are_hidden(
    ada: User, where: Intake, later: Intake
) -> None:
    people = [recruit(where, by=ada, name="") for _number in range(24)]
    for who in people[:12]:
        moved(who, later, ada)
    for who in people[12:15]:
        moved(who, later, ada, cause="exam")
    record_end(people[20], Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    assert public_counts(date(2026, 12, 31)).tables == (), "its year is not over"
    found = public_counts(date(2027, 1, 1))
    assert found.as_at == date(2026, 12, 31)
    moves, became = found.tables
    shown = {name: cells for name, cells, _total in moves.published.lines}
    assert moves.published.columns == ("2026",)
    assert shown["Failed an examination"] == (None,)
    assert moves.published.column_totals == (15,) or moves.published.column_totals == (None,)
    stood = {name: cells for name, cells, _total in became.published.lines}
    assert stood["Left"] == (None,)
    assert became.published.column_totals in ((24,), (None,))


def test_counts_are_three_queries_for_any_number(ada: User, where: Intake) -> None:
    recruit(where, by=ada, name="")
    with counted_queries() as queries:
        public_counts(date(2027, 1, 1))
    assert queries.count == 3, queries


def test_the_counts_are_for_those_who_answer_the_public(ada: User, where: Intake, signed_in: Any) -> None:
    assert signed_in(factories.person()).get("/intakes/counts/").status_code == 403
    page = signed_in(ada).get("/intakes/counts/").content.decode()
    assert "there is nothing to count" in page


# --- Pages and files --------------------------------------------------------------------------------------------------


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_files_of_an_intake_say_what_its_pages_say_and_no_cell_can_run(
    ada: User, where: Intake, later: Intake, signed_in: Any
) -> None:
    ona = recruit(where, by=ada, name="=Ona Demo")
    moved(ona, later, ada)
    client = signed_in(ada)
    board = rows_of(client.get(f"/intakes/{later.pk}/board.csv"))
    assert board[0] == ["Person", "Service number", "How it goes", "Reason", "Phase", "Week", "Still needed"]
    assert board[1][:3] == ["'=Ona Demo", ona.officer.service_number, "Behind"]
    by_recruit = rows_of(client.get(f"/intakes/{where.pk}/report.csv"))
    assert by_recruit[0][4:7] == ["Foundation, entered", "Tutor phase, entered", "Confirmation, entered"]
    assert by_recruit[1][0] == "'=Ona Demo"
    assert by_recruit[1][-2:] == ["8.0", "Injury or illness"]
    sheet = load_workbook(io.BytesIO(client.get(f"/intakes/{where.pk}/report.xlsx").content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["=Ona Demo", ona.officer.service_number]
    assert sheet["A2"].data_type == "s"
    overview = rows_of(client.get("/intakes/report.csv"))
    assert [row[0] for row in overview] == ["Intake", where.name, later.name]
    page = client.get(f"/intakes/{where.pk}/report/").content.decode()
    assert "Injury or illness" in page
    assert "Ona" not in page, "the page names nobody"


def test_an_intake_nobody_has_begun_with_says_so(ada: User, where: Intake, signed_in: Any) -> None:
    client = signed_in(ada)
    assert "Nobody has begun with this intake yet" in client.get(f"/intakes/{where.pk}/report/").content.decode()
    assert len(rows_of(client.get(f"/intakes/{where.pk}/board.csv"))) == 1
    assert "How intakes went" in client.get("/intakes/report/").content.decode()
