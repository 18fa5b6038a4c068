"""Opening an intake and enrolling a list: looked at first, each line answered, the same list twice without effect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courses.models import Enrolment, Intake, Programme, Recruit, RecruitState
from courses.programmes.intakes import open_intake, timetable
from courses.programmes.joining import MOST_LINES, Answer, check_list, enrol_list, join, numbers_in
from courses.programmes.refusals import NotYours, RecruitRefused
from courses.programmes.releasing import release_programme, withdraw_release
from people.models import User
from tests import factories
from tests.courses.factories import release as course_release
from tests.courses.programmes.acts import PLAN, START, intake, noon, release
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def pasted(*people: User) -> list[tuple[int, str]]:
    return numbers_in("\n".join(person.service_number for person in people))


def test_a_list_is_enrolled_and_everybody_enters_the_first_phase(ada: User, where: Intake) -> None:
    people = [factories.person(), factories.person()]
    lines = enrol_list(where, pasted(*people), by=ada, at=noon(START), all_or_nothing=True)
    assert [line.answer for line in lines] == [Answer.JOINS, Answer.JOINS]
    for recruit in Recruit.objects.all():
        rows = {row.kind: row for row in RecruitState.objects.in_force(START).filter(recruit=recruit)}
        assert rows["intake"].intake == where
        assert rows["phase"].phase == "foundation"
        assert recruit.release == where.release


def test_joining_enrols_on_the_courses_of_the_first_phase(ada: User) -> None:
    made = course_release(code="ETH-901")
    data = {**PLAN, "phases": [{**PLAN["phases"][0], "courses": ["ETH-901", "NOT-YET-1"]}, *PLAN["phases"][1:]]}
    there = intake(by=ada, of=release_programme("COURSES", data, by=None, at=noon(START)))
    officer = factories.person()
    join(officer, there, by=ada, at=noon(START))
    assert [one.course for one in Enrolment.objects.of(officer)] == [made.course]


def test_looking_at_a_list_writes_nothing(ada: User, where: Intake) -> None:
    lines = check_list(where, pasted(factories.person("Bo Demo", short_name="PC B. Demo")), by=ada)
    assert [line.words for line in lines] == ["PC B. Demo joins."]
    assert not Recruit.objects.exists()


def test_the_same_list_twice_changes_nothing(ada: User, where: Intake) -> None:
    numbers = pasted(factories.person(), factories.person())
    enrol_list(where, numbers, by=ada, at=noon(START), all_or_nothing=True)
    rows = RecruitState.objects.count()
    again = enrol_list(where, numbers, by=ada, at=noon(START), all_or_nothing=True)
    assert {line.answer for line in again} == {Answer.IS_IN}
    assert (Recruit.objects.count(), RecruitState.objects.count()) == (2, rows)


def test_each_line_is_answered_by_its_number(ada: User, where: Intake) -> None:
    known, gone = factories.person(short_name="PC K. Demo"), factories.person(is_active=False)
    other = intake("Intake B", by=ada, starts_on=START + timedelta(weeks=8))
    elsewhere = factories.person(short_name="PC E. Demo")
    join(elsewhere, other, by=ada, at=noon(START))
    text = "\n".join(
        [
            "Service number,Name",
            f"{known.service_number},whatever stands behind it",
            "",
            "nobody-7",
            gone.service_number,
            known.service_number,
            elsewhere.service_number,
            ada.service_number,
        ]
    )
    lines = check_list(where, numbers_in(text), by=ada)
    assert [(line.number, line.answer) for line in lines] == [
        (2, Answer.JOINS),
        (4, Answer.REFUSED),
        (5, Answer.REFUSED),
        (6, Answer.IS_IN),
        (7, Answer.REFUSED),
        (8, Answer.REFUSED),
    ]
    assert lines[3].words == "The same person as line 2."
    assert "in the intake Intake B" in lines[4].words
    assert lines[5].words.startswith("That is you.")


def test_all_or_nothing_enrols_nobody_where_one_line_is_refused(ada: User, where: Intake) -> None:
    numbers = [*pasted(factories.person()), (2, "nobody-7")]
    with pytest.raises(RecruitRefused, match="Nobody was enrolled, because line 2 is refused: Nobody who may sign in"):
        enrol_list(where, numbers, by=ada, at=noon(START), all_or_nothing=True)
    assert not Recruit.objects.exists()
    enrol_list(where, numbers, by=ada, at=noon(START), all_or_nothing=False)
    assert Recruit.objects.count() == 1


def test_nobody_is_on_two_programmes_at_once(ada: User, where: Intake) -> None:
    officer = factories.person(short_name="PC T. Demo")
    join(officer, where, by=ada, at=noon(START))
    other = intake("Intake B", by=ada, of=release("OTHER", title="Another"))
    with pytest.raises(RecruitRefused, match=r"PC T\. Demo is on a programme already"):
        join(officer, other, by=ada, at=noon(START))
    assert Recruit.objects.count() == 1


def test_answering_a_list_costs_the_same_for_two_and_for_forty(ada: User, where: Intake) -> None:
    people = [factories.person() for _number in range(40)]
    with counted_queries() as few:
        check_list(where, pasted(*people[:2]), by=ada)
    with counted_queries() as many:
        check_list(where, pasted(*people), by=ada)
    assert many.count == few.count, many


@pytest.mark.parametrize("text", ["", "\n \n", "Service number\n"])
def test_an_empty_list_says_what_belongs_in_it(text: str) -> None:
    with pytest.raises(RecruitRefused, match="Give one service number on each line"):
        numbers_in(text)


@pytest.mark.parametrize("text", ["1\n" * (MOST_LINES + 1), "1" * 100_001])
def test_a_list_without_end_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(RecruitRefused, match="longer than 2,000 lines"):
        numbers_in(text)


def test_only_a_training_administrator_opens_and_enrols(ada: User, where: Intake) -> None:
    sergeant = factories.person()
    with pytest.raises(NotYours, match="Only a training administrator can open an intake"):
        intake("Intake C", by=sergeant)
    for act in (check_list, lambda *a, **k: enrol_list(*a, **k, at=noon(START), all_or_nothing=False)):
        with pytest.raises(NotYours, match="Only a training administrator can enrol recruits"):
            act(where, pasted(sergeant), by=sergeant)
    with pytest.raises(NotYours):
        join(factories.person(), where, by=sergeant, at=noon(START))


def test_an_intake_has_a_name_of_its_own_and_a_place(ada: User, where: Intake) -> None:
    with pytest.raises(RecruitRefused, match="an intake called ‘Intake A’ already"):
        intake(by=ada)
    for name, place, says in (("", "Hendon", "Give the intake a name"), ("D", " ", "Say where")):
        with pytest.raises(RecruitRefused, match=says):
            open_intake(name, where.release, by=ada, at=noon(START), starts_on=START, place=place)


def test_nobody_new_begins_on_a_withdrawn_release_and_who_is_on_it_stays(ada: User, where: Intake) -> None:
    recruit = join(factories.person(), where, by=ada, at=noon(START))
    root = factories.person("Root Demo", "system-admin")
    withdraw_release(where.release, by=root, at=noon(START), reason="Replaced by the next one")
    for act in (
        lambda: intake("Intake E", by=ada, of=where.release),
        lambda: enrol_list(where, pasted(factories.person()), by=ada, at=noon(START), all_or_nothing=True),
    ):
        with pytest.raises(RecruitRefused, match="was withdrawn on 5 January 2026, so nobody new can begin on it"):
            act()
    recruit.refresh_from_db()
    assert recruit.closed_at is None


def test_a_programme_is_changed_by_a_release_and_recruits_keep_theirs(ada: User, where: Intake) -> None:
    recruit = join(factories.person(), where, by=ada, at=noon(START))
    assert release() == where.release
    second = release(title="Three phases, reworded")
    assert second.number == 2
    recruit.refresh_from_db()
    assert recruit.release.number == 1
    assert Programme.objects.get(code="TEST").current_release == second


def test_only_a_system_administrator_brings_out_or_withdraws_a_programme(ada: User, where: Intake) -> None:
    with pytest.raises(NotYours):
        release_programme("TEST", PLAN, by=ada, at=noon(START))
    with pytest.raises(NotYours):
        withdraw_release(where.release, by=ada, at=noon(START), reason="I would rather not")


def test_weeks_are_early_and_late_in_turn(ada: User, where: Intake) -> None:
    assert [week.is_early for week in timetable(where, 4)] == [True, False, True, False]
    where.first_is_early, where.alternates = False, False
    assert [week.is_early for week in timetable(where, 2)] == [False, False]
