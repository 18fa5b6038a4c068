"""The board answers 'whom can I post?': three numbers, then people, the worst first."""

from datetime import timedelta

import pytest

from cpd_records.currency.groups import Group
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import grant_exception
from cpd_records.readiness import NotYourUnit, Question, board_of, officer_of, officers_in, units_of
from cpd_records.readiness.scope import UnitChoice, nearby
from people import clock
from people.models import User
from people.postings import post_officer
from tests.cpd_records.readiness.teams import award, response_officer, team
from tests.factories import person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    return team()


def board(shift, **asked):
    return board_of(shift.sergeant, Question(**{"on": clock.today(), **asked}))


def names(found):
    return [line.name for line in found.lines]


def test_people_stand_in_three_groups_the_worst_first(shift):
    found = board(shift)
    assert names(found)[0] == "Officer F. Demo"
    assert names(found)[1] == "Officer H. Demo"
    assert found.counts == {Group.CANNOT: 1, Group.DUE: 1, Group.IN_DATE: 2}
    assert [group for group, _lines in found.groups] == [Group.CANNOT, Group.DUE, Group.IN_DATE]


def test_three_numbers_say_who_can_be_posted_who_may_carry_and_what_falls(shift):
    totals = board(shift).totals
    assert (totals.posts.able, totals.posts.holders) == (3, 4)
    assert (totals.authorities["taser-officer"].able, totals.authorities["taser-officer"].holders) == (1, 2)
    assert totals.falling == 0
    in_forty_days = board(shift, on=clock.today() + timedelta(days=40))
    assert in_forty_days.totals.falling > 0


def test_what_it_means_comes_before_the_cells(shift):
    (line,) = [line for line in board(shift).lines if line.name == "Officer F. Demo"]
    assert line.meaning == "May not be posted to response or carry Taser"
    assert line.must_act
    cells = {cell.column: cell for cell in line.cells}
    assert (cells["First aid"].state, cells["First aid"].text) == ("never_held", "Never")
    assert cells["Taser"].state == "expired"
    assert cells["Taser"].text == "Not carried"
    assert cells["Safety training"].is_quiet


def test_what_is_not_required_is_a_dash(shift):
    (line,) = [line for line in board(shift).lines if line.name == "Officer J. Demo"]
    (taser,) = [cell for cell in line.cells if cell.column == "Taser"]
    assert (taser.state, taser.text, taser.words) == ("", "–", "not required")
    assert line.meaning == ""


def test_an_exception_is_counted_and_named(shift):
    grant_exception(
        shift.officers["F"],
        Qualification.objects.get(code="FALP"),
        by=shift.sergeant,
        at=clock.now(),
        until=clock.today() + timedelta(days=20),
        reason="A course is booked.",
        conditions="Double-crewed with a first aider.",
    )
    found = board(shift)
    (line,) = [line for line in found.lines if line.name == "Officer F. Demo"]
    assert found.totals.posts.able == 4
    assert found.totals.posts.excepted == 1
    assert "By exception: be posted to response" in line.meaning
    assert "May not carry Taser" in line.meaning


def test_one_requirement_leaves_out_those_of_whom_it_is_not_asked(shift):
    assert sorted(names(board(shift, code="CED"))) == ["Officer F. Demo", "Officer G. Demo"]


def test_the_board_may_be_ordered_by_date_or_by_name(shift):
    assert names(board(shift, order="name")) == [f"Officer {letter}. Demo" for letter in "FGHJ"]
    assert names(board(shift, order="dates"))[0] in {"Officer F. Demo", "Officer H. Demo"}


def test_a_day_gone_by_is_answered_as_it_was(shift):
    before_training = clock.today() - timedelta(days=101)
    assert board(shift, on=before_training).counts[Group.CANNOT] == 3
    assert board(shift, on=clock.today() + timedelta(days=400)).counts[Group.CANNOT] == 4


def test_fifty_people_stand_on_a_page(shift, monkeypatch):
    monkeypatch.setattr("cpd_records.readiness.board.ON_A_PAGE", 3)
    assert (len(board(shift).lines), board(shift).pages) == (3, 2)
    assert len(board(shift, page=2).lines) == 1
    assert len(board(shift, page=99).lines) == 1


def test_as_many_queries_for_four_people_as_for_nine(shift, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        board(shift)
    for letter in "KLMNP":
        response_officer(letter, shift.unit)
    with django_assert_max_num_queries(30):
        assert board(shift).people == 9


def test_nobody_sees_a_unit_that_is_not_theirs(shift):
    other = unit("elsewhere")
    stranger = person("Sergeant B. Demo", "supervisor", unit=other)
    with pytest.raises(NotYourUnit):
        board_of(stranger, Question(on=clock.today(), unit=shift.unit.pk))
    assert board_of(stranger, Question(on=clock.today())).people == 0
    assert officer_of(stranger, shift.officers["F"].public_id, on=clock.today()) is None
    assert officer_of(shift.sergeant, shift.officers["F"].public_id, on=clock.today()) == shift.officers["F"]


def test_a_supervisor_is_not_on_their_own_board(shift):
    assert shift.sergeant.pk not in officers_in(shift.sergeant, None, on=clock.today())
    assert officer_of(shift.sergeant, shift.sergeant.public_id, on=clock.today()) is None


def test_whoever_moved_away_is_on_the_board_of_the_day_they_were_here(shift):
    mover, yesterday = shift.officers["J"], clock.today() - timedelta(days=1)
    post_officer(mover, unit("elsewhere"), by=None, valid_from=clock.today())
    assert mover.pk not in officers_in(shift.sergeant, None, on=clock.today())
    assert mover.pk in officers_in(shift.sergeant, None, on=yesterday)
    assert officer_of(shift.sergeant, mover.public_id, on=yesterday) == mover
    assert officer_of(shift.sergeant, mover.public_id, on=clock.today()) is None


def test_units_to_choose_stand_in_their_tree_with_their_people(shift):
    below = unit("response-c-nights", name="Nights", parent=shift.unit)
    person("Officer K. Demo", unit=below)
    found = units_of(shift.sergeant, on=clock.today())
    assert [(choice.name, choice.depth, choice.people) for choice in found] == [
        ("Response team C", 0, 5),
        ("Nights", 1, 1),
    ]


def test_of_very_many_units_the_top_the_way_down_and_what_is_right_below_are_offered():
    force = UnitChoice(1, "force", "Force", 0, 0)
    commands = [UnitChoice(10 + n, f"c{n}", f"Command {n}", 1, 0) for n in range(8)]
    below = {
        command.id: [UnitChoice(command.id * 100 + n, f"t{n}", f"Team {n}", 2, 0) for n in range(10)]
        for command in commands
    }
    shift = UnitChoice(99, "s", "Shift", 3, 0)
    tree = [force]
    for command in commands:
        tree += [command, *below[command.id]]
    tree.insert(tree.index(below[11][4]) + 1, shift)
    assert nearby(tree[:40], None) == tree[:40]
    assert nearby(tree, None) == [force, *commands]
    assert nearby(tree, 11) == [force, *commands[:2], *below[11], *commands[2:]]
    assert nearby(tree, 1104) == [force, *commands[:2], below[11][4], shift, *commands[2:]]
    assert nearby(tree, 99) == [force, *commands[:2], below[11][4], shift, *commands[2:]]
    assert nearby(tree, 7) == [force, *commands]


def test_a_board_as_recorded_then_is_cut_by_the_last_checkpoint_and_names_its_size(shift):
    seal_now()
    before = last_checkpoint()
    assert board(shift).counts[Group.CANNOT] == 1
    (officer,) = [line.officer for line in board(shift).lines if line.name == "Officer F. Demo"]
    for code in ("FALP", "PPST", "CED"):
        award(User.objects.get(pk=officer), code, day=clock.today())
    seal_now()
    now = board(shift)
    then = board(shift, known_at=before.time)
    assert (then.rests_on.size, then.rests_on.is_provisional) == (before.size, False)
    assert now.rests_on.size == before.size + 3
    lines = {line.name: line.meaning for line in then.lines}
    assert lines["Officer F. Demo"] == "May not be posted to response or carry Taser"
    assert {line.name: line.meaning for line in now.lines}["Officer F. Demo"] != lines["Officer F. Demo"]
    assert board(shift, known_at=before.time - timedelta(days=1)).rests_on.size == 0
    assert board(shift, known_at=clock.now() + timedelta(days=1)).rests_on.is_provisional
