"""The board of thousands is counted in the projection, and says what the board of few says, who is reckoned one by one."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from cpd_records.currency import following
from cpd_records.currency.following import where_followed
from cpd_records.currency.groups import Group
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import OfficerStanding, Projected, Qualification
from cpd_records.qualifications.rulings import grant_exception, restrict
from cpd_records.readiness import Question, board_of, lines_of
from people import clock
from people.absences import record_absence
from people.models import RoleHeld, WaitingWork
from people.models.availability import AbsenceKind
from people.postings import post_officer
from people.roles import end_role, grant_role
from tests.cpd_records.readiness.teams import award, response_officer, team
from tests.factories import LONG_AGO, person, unit

pytestmark = pytest.mark.django_db

ASKED = [
    {},
    {"order": "dates"},
    {"order": "name"},
    {"every_column": True},
    {"code": "CED"},
    {"code": "FALP"},
    {"code": "PPST", "order": "dates"},
    {"code": "PPST", "order": "name"},
    {"page": 2},
    {"page": 2, "order": "name"},
]


@pytest.fixture
def shift(monkeypatch):
    """A shift in which nearly every verdict stands, three people to a page."""
    monkeypatch.setattr("cpd_records.readiness.board.ON_A_PAGE", 3)
    made = team()
    until = clock.today() + timedelta(days=20)
    words = {"by": made.sergeant, "at": clock.now(), "reason": "A course is booked."}
    first_aid, safety = (Qualification.objects.get(code=code) for code in ("FALP", "PPST"))
    grant_exception(made.officers["F"], first_aid, until=until, conditions="Double-crewed.", **words)
    made.officers["K"] = response_officer("K", made.unit, trained=360, taser=True)
    made.officers["L"] = response_officer("L", made.unit, trained=370, taser=True)
    made.officers["M"] = response_officer("M", made.unit, without=("PPST", "UOF"), taser=True)
    restrict(made.officers["K"], safety, by=made.sergeant, at=clock.now(), reason="Pending medical advice.")
    record_absence(
        made.officers["G"], AbsenceKind.values[0], by=made.sergeant, valid_from=clock.today() - timedelta(days=3)
    )
    made.officers["N"] = person("Officer N. Demo", unit=made.unit)
    return made


def follow():
    seal_now()
    if following.where_followed().row_at is None:
        following.rebuild()
    following.follow()


def told(found):
    """Return a board and its file part by part, so that a difference is seen where it is."""
    board, (columns, lines) = found
    parts = {field.name: getattr(board, field.name) for field in fields(board)}
    return {**parts, "file columns": columns, "file lines": lines}


def both(shift, monkeypatch, **asked):
    """Return the board reckoned one by one, and the board counted in the projection."""
    question = Question(**{"on": clock.today(), **asked})
    few = board_of(shift.sergeant, question), lines_of(shift.sergeant, question)
    with monkeypatch.context() as patched:
        patched.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
        assert OfficerStanding.objects.filter(unit=shift.unit).count() > 5
        many = board_of(shift.sergeant, question), lines_of(shift.sergeant, question)
    # One rests on everything until now, the other on the tree as far as standings have followed it; a test of its own says so.
    assert many[0].rests_on.size == where_followed().size
    many = replace(many[0], rests_on=few[0].rests_on), many[1]
    return told(few), told(many)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_it_says_what_the_board_of_few_says(shift, monkeypatch, asked):
    follow()
    few, many = both(shift, monkeypatch, **asked)
    assert many == few


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_whoever_changes_today_by_themselves_or_came_a_moment_ago_is_reckoned_afresh(shift, monkeypatch, asked):
    follow()
    moved, elsewhere = shift.officers["J"], unit("elsewhere")
    post_officer(moved, elsewhere, by=None, valid_from=clock.today())
    shift.officers["P"] = response_officer("P", shift.unit, without=("FALP",))
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    few, many = both(shift, monkeypatch, **asked)
    assert many == few
    assert "Officer J. Demo" not in {line.name for line in many["file lines"]}


def test_a_role_that_ends_or_begins_overnight_counts_before_the_night_s_work_is_done(shift, monkeypatch):
    taser = "taser-officer"
    end_role(RoleHeld.objects.get(officer=shift.officers["G"], role__code=taser), by=None, last_day=clock.today())
    grant_role(shift.officers["H"], taser, by=None, valid_from=clock.today() + timedelta(days=1))
    follow()
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    few, many = both(shift, monkeypatch)
    assert many == few


def test_while_another_rule_is_reckoned_in_it_says_so(shift, monkeypatch):
    monkeypatch.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
    follow()
    question = Question(on=clock.today())
    assert board_of(shift.sergeant, question).rests_on.is_catching_up is False
    WaitingWork.objects.create(kind=following.CHUNK_WORK, key="1-9@later", asked_at=clock.now(), due_at=clock.now())
    assert board_of(shift.sergeant, question).rests_on.is_catching_up is True


def test_before_the_projection_has_followed_for_the_first_time_it_says_so(shift, monkeypatch):
    monkeypatch.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
    follow()
    Projected.objects.update(row_at=None)
    assert board_of(shift.sergeant, Question(on=clock.today())).rests_on.is_catching_up is True


def test_as_many_queries_for_ten_people_as_for_forty(shift, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
    follow()
    with django_assert_max_num_queries(24):
        board_of(shift.sergeant, Question(on=clock.today()))
    for number in range(30):
        person(f"Officer {number}. Demo", unit=shift.unit)
    follow()
    with django_assert_max_num_queries(24):
        assert board_of(shift.sergeant, Question(on=clock.today())).counts[Group.CANNOT] > 29


def test_an_award_moves_somebody_once_it_is_followed(shift, monkeypatch):
    monkeypatch.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
    follow()
    award(shift.officers["M"], "PPST", day=clock.today())
    award(shift.officers["M"], "UOF", day=LONG_AGO)
    follow()
    (line,) = [one for one in lines_of(shift.sergeant, Question(on=clock.today()))[1] if one.name == "Officer M. Demo"]
    assert next(cell.state for cell in line.cells if cell.column == "Safety training") == "in_date"
