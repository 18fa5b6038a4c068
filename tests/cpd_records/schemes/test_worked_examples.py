"""Worked examples of schemes in the field's own words: nurses, health professionals, solicitors, and a local target for police."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cpd_records.migrations import __path__ as migrations_path
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.periods import Span, period_of
from cpd_records.schemes.pro_rata import Presence
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.rules import Period, Rules
from tests.cpd_records.schemes.examples import LONG_SERVED, entries, hours, learned, progress, reasons, rules, standing


def shipped(code: str) -> Rules:
    """Return the rules of a scheme as it is shipped."""
    from importlib import import_module

    assert migrations_path
    schemes = import_module("cpd_records.migrations.0012_shipped_schemes").SCHEMES
    return read_rules(next(scheme[4] for scheme in schemes if scheme[0] == code), kinds=set())


# --- Nursing: 35 hours of which 20 participatory, over three years, five reflective accounts, confirmed by another person


NURSING = [
    # (what was done, when, hours, with others, with a reflection)
    ("Ward teaching morning", "2026-05-04", 7, True, True),
    ("Journal reading", "2026-11-20", 9, False, True),
    ("Simulation day", "2027-02-11", 7, True, True),
    ("Conference", "2027-10-05", 6, True, True),
    ("E-learning on medicines", "2028-06-01", 6, False, False),
]


def nursing(rows: list[tuple[Any, ...]]) -> list[Learning]:
    return [
        learned(title, day, length, participatory=with_others, reflective=reflective)
        for title, day, length, with_others, reflective in rows
    ]


def test_a_nurse_with_35_hours_of_which_20_participatory_needs_one_more_reflective_account() -> None:
    found = progress(shipped("like-nmc"), nursing(NURSING), on="2028-12-31")
    assert standing(found, "In all") == "35 h of 35 h: met."
    assert standing(found, "Participatory") == "20 h of 20 h: met."
    assert standing(found, "Reflective accounts") == "4 entries of 5 entries: 1 entry to go by 31 March 2029."
    assert (
        found.finding
        == "2 of 3 targets met. Reflective accounts: 4 entries of 5 entries: 1 entry to go by 31 March 2029."
    )


def test_a_nurse_with_40_hours_alone_is_short_of_participatory_hours_all_the_same() -> None:
    found = progress(
        shipped("like-nmc"), nursing([("Reading", "2027-01-01", 40, False, True)]), on="2029-03-31", today="2029-04-02"
    )
    assert standing(found, "In all") == "40 h of 35 h: met."
    assert standing(found, "Participatory") == "0 min of 20 h: 20 h short when the period ended on 31 March 2029."


def test_three_years_are_one_period_and_hours_of_the_one_before_do_not_count() -> None:
    found = progress(shipped("like-nmc"), nursing([("Study day", "2026-03-31", 35, True, True)]), on="2026-04-01")
    assert found.span == Span(date(2026, 4, 1), date(2029, 3, 31))
    assert found.entries == ()
    assert standing(found, "In all") == "0 min of 35 h: 35 h to go by 31 March 2029."


def test_a_nurse_declares_in_the_last_sixty_days_and_another_person_confirms() -> None:
    found = progress(shipped("like-nmc"), [], on="2028-06-01")
    assert found.declaration is not None
    assert (found.declaration.opens_on, found.declaration.due_by) == (date(2029, 1, 30), date(2029, 3, 31))
    assert found.declaration.rule.confirmed


# --- Health and care professions: two years, a dated list, no number, gaps of three months explained


def test_a_paramedic_keeps_a_dated_list_and_no_number_is_asked_for() -> None:
    done = [
        learned("Case review", "2026-05-01", 2),
        learned("Mentoring", "2026-07-15", 1),
        learned("Course", "2027-01-10", 6),
    ]
    found = progress(shipped("like-hcpc"), done, on="2027-02-01")
    assert found.targets == ()
    assert found.is_met
    assert found.finding == "9 h recorded. Your force sets no target."
    assert [entry.learning.title for entry in found.entries] == ["Case review", "Mentoring", "Course"]


def test_a_gap_of_three_months_or_more_is_shown_to_be_explained() -> None:
    done = [learned("Case review", "2026-05-01"), learned("Mentoring", "2026-07-15"), learned("Course", "2027-01-10")]
    found = progress(shipped("like-hcpc"), done, on="2027-02-01")
    assert found.gaps == (Span(date(2026, 7, 16), date(2027, 1, 9)),)


def test_nobody_explains_months_before_they_joined() -> None:
    presence = Presence(joined_on=date(2026, 12, 1))
    found = progress(shipped("like-hcpc"), [], on="2027-02-01", presence=presence)
    assert found.gaps == ()
    assert progress(shipped("like-hcpc"), [], on="2027-02-28", presence=presence).gaps == (
        Span(date(2026, 12, 1), date(2027, 2, 28)),
    )


# --- Solicitors: no hours, a declaration for each year from 1 November to 31 October


@pytest.mark.parametrize(
    ("on", "starts_on", "ends_on"),
    [
        ("2026-10-31", date(2025, 11, 1), date(2026, 10, 31)),
        ("2026-11-01", date(2026, 11, 1), date(2027, 10, 31)),
        ("2027-02-28", date(2026, 11, 1), date(2027, 10, 31)),
    ],
)
def test_a_solicitor_declares_for_the_year_from_1_november_to_31_october(
    on: str, starts_on: date, ends_on: date
) -> None:
    found = progress(shipped("like-sra"), [learned("Reading", "2026-10-01", 3)], on=on)
    assert found.span == Span(starts_on, ends_on)
    assert found.targets == ()
    assert found.declaration is not None
    assert found.declaration.due_by == ends_on
    assert not found.declaration.rule.confirmed


# --- A local development target: 30 h, 12 structured, 10 with others, mandatory at most 15, 6 h carried for one year


LOCAL = [
    learned(
        "Safety training", "2026-05-01", 12, source=Source.COURSE, structured=True, participatory=True, mandatory=True
    ),
    learned("First aid", "2026-06-01", 6, source=Source.COURSE, structured=True, participatory=True, mandatory=True),
    learned("Mental health course", "2026-07-01", 4, source=Source.COURSE, structured=True, mandatory=False),
    learned("Briefing on knife crime", "2026-08-01", 5, structured=False, participatory=True, reflective=True),
    learned("Reading on coercion", "2026-09-01", 3, structured=False, participatory=False, reflective=True),
    learned(
        "Reading without a word about it", "2026-09-02", 3, structured=False, participatory=False, reflective=False
    ),
]


def test_an_officer_with_30_hours_on_paper_has_27_that_count() -> None:
    found = progress(shipped("local-development-target"), LOCAL)
    assert standing(found, "In all") == "27 h of 30 h: 3 h to go by 31 March 2027."
    assert standing(found, "Structured") == "19 h of 12 h: met."
    assert standing(found, "With others") == "20 h of 10 h: met."
    assert reasons(found) == {
        "Safety training": "",
        "First aid": "Only 3 h of it counts: role-mandatory training counts for at most 15 h.",
        "Mental health course": "The record does not say whether others took part.",
        "Briefing on knife crime": "",
        "Reading on coercion": "",
        "Reading without a word about it": "Self-declared without a reflection: this never counts.",
    }


def test_the_maximum_says_when_earlier_entries_filled_it() -> None:
    done = [
        learned("Safety training", "2026-05-01", 15, mandatory=True, reflective=True),
        learned("First aid", "2026-06-01", 6, mandatory=True, reflective=True),
    ]
    assert reasons(progress(shipped("local-development-target"), done))["First aid"] == (
        "Role-mandatory training counts for at most 15 h, which earlier entries have filled."
    )


def year(amount: float, day: str = "2026-06-01") -> list[Learning]:
    return [learned("Study", day, amount, reflective=True, structured=True, participatory=True)]


@pytest.mark.parametrize(
    ("last_year", "carried", "said"),
    [
        (30, 0, "24 h of 30 h: 6 h to go by 31 March 2027."),
        (33, 3, "27 h of 30 h: 3 h to go by 31 March 2027."),
        (36, 6, "30 h of 30 h: met."),
        (50, 6, "30 h of 30 h: met."),
    ],
)
def test_what_goes_beyond_30_hours_is_carried_over_up_to_6(last_year: float, carried: float, said: str) -> None:
    found = progress(shipped("local-development-target"), [*year(last_year, "2025-06-01"), *year(24)])
    assert found.targets[0].carried == carried * 60
    assert standing(found, "In all") == said
    assert found.targets[1].carried == 0


def test_what_was_carried_over_expires_after_one_year() -> None:
    found = progress(shipped("local-development-target"), [*year(36, "2024-06-01"), *year(30, "2025-06-01"), *year(24)])
    # Last year the six hours carried into it counted first, so six of its own were beyond the target.
    assert found.targets[0].carried == 6 * 60
    found = progress(shipped("local-development-target"), [*year(36, "2024-06-01"), *year(20, "2025-06-01"), *year(24)])
    assert found.targets[0].carried == 0


def test_nothing_is_carried_over_from_before_the_scheme_was_in_force() -> None:
    done = [*year(36, "2025-06-01"), *year(24)]
    assert progress(shipped("local-development-target"), done, since="2026-04-01").targets[0].carried == 0


@pytest.mark.parametrize(("periods", "carried"), [(1, 0), (2, 10)])
def test_carry_over_for_two_periods_outlives_one(periods: int, carried: int) -> None:
    given = rules(targets=[hours("In all", 10, carry_most=20 * 60, carry_periods=periods)])
    # Of the twenty hours carried out of the first year the second, without any of its own, uses ten.
    assert progress(given, year(35, "2024-06-01")).targets[0].carried == carried * 60


ABSENCE = (Span(date(2026, 7, 1), date(2026, 12, 31)),)
HALF_TIME = ((Span(date(2020, 1, 1), date.max), 50),)


@pytest.mark.parametrize(
    ("who", "presence", "asked", "said"),
    [
        ("full time all year", LONG_SERVED, 30, ""),
        ("half time", Presence(date(2010, 1, 1), (), HALF_TIME), 15, "Targets are reduced to 50 % for part-time work."),
        (
            "joined in July",
            Presence(date(2026, 7, 1)),
            22.5,
            "Targets are reduced to 75 % for joining during the period.",
        ),
        (
            "joined on the 17th",
            Presence(date(2026, 7, 17)),
            20,
            "Targets are reduced to 67 % for joining during the period.",
        ),
        ("away for six months", Presence(date(2010, 1, 1), ABSENCE), 15, "Targets are reduced to 50 % for absence."),
        (
            "joined in October, half time, away in December",
            Presence(date(2026, 10, 1), (Span(date(2026, 12, 1), date(2026, 12, 31)),), HALF_TIME),
            6.25,
            "Targets are reduced to 21 % for joining during the period, absence and part-time work.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "%" not in value else None,
)
def test_targets_are_pro_rata(who: str, presence: Presence, asked: float, said: str) -> None:
    found = progress(shipped("local-development-target"), [], presence=presence)
    assert found.targets[0].asked == asked * 60
    assert found.share == said


def test_somebody_away_all_year_is_asked_for_nothing() -> None:
    away = Presence(date(2010, 1, 1), (Span(date(2026, 1, 1), date(2027, 12, 31)),))
    found = progress(shipped("local-development-target"), [], presence=away)
    assert [target.standing for target in found.targets] == ["Nothing is asked of you in this period."] * 3
    assert found.is_met


def test_pro_rata_by_days_is_rounded_down_to_quarter_hours() -> None:
    given = rules(targets=[hours("In all", 30), entries("Accounts", 5)], pro_rata={"by": "days"})
    found = progress(given, [], presence=Presence(date(2026, 4, 11)))
    assert found.targets[0].asked == 29 * 60  # 30 h * 355 / 365 is 29 h 10 min
    assert found.targets[1].asked == 4


def test_somebody_who_was_there_at_all_is_asked_for_something() -> None:
    given = rules(targets=[entries("Accounts", 2)], pro_rata={"by": "days"})
    assert progress(given, [], presence=Presence(date(2027, 3, 31))).targets[0].asked == 1


# --- Other shapes that a scheme may have


def test_points_are_minutes_at_so_many_an_hour() -> None:
    given = rules(points_per_hour=2, targets=[{"title": "Points", "measure": "points", "amount": 50, "of": {}}])
    found = progress(given, [learned("Course", "2026-05-01", 6.25), learned("Reading", "2026-06-01", 1)])
    assert standing(found, "Points") == "14.5 points of 50 points: 35.5 points to go by 31 March 2027."


def test_a_rolling_period_is_the_last_twelve_months_up_to_the_day() -> None:
    given = rules(period={"years": 1}, targets=[hours("In all", 10)])
    done = [learned("Old", "2026-03-31", 5), learned("Just in", "2026-04-01", 4)]
    found = progress(given, done, on="2027-03-31")
    assert [entry.learning.title for entry in found.entries] == ["Just in"]
    assert standing(found, "In all") == "4 h of 10 h in the last 12 months: 6 h to go."


def test_an_entry_of_any_length_is_an_entry_and_one_without_a_length_brings_no_hours() -> None:
    given = rules(targets=[hours("In all", 1), entries("Pieces", 2)])
    found = progress(given, [learned("Old record", "2026-05-01", 0, source=Source.IMPORTED)])
    assert found.entries[0].counts == (("Pieces", "1 entry"),)
    assert reasons(found)["Old record"] == "No length is recorded, so there is nothing to count."


def test_what_a_correction_took_back_counts_for_nothing_and_says_why() -> None:
    given = rules(targets=[hours("In all", 1), entries("Pieces", 1)])
    found = progress(given, [learned("Twice", "2026-05-01", 0, withdrawn="Recorded twice")])
    assert [target.counted for target in found.targets] == [0, 0]
    assert reasons(found)["Twice"] == "A correction took it back: Recorded twice"


def test_learning_after_the_day_asked_about_is_not_yet_known() -> None:
    given = rules(targets=[hours("In all", 2)])
    found = progress(given, [learned("May", "2026-05-01"), learned("July", "2026-07-01")], on="2026-06-01")
    assert standing(found, "In all") == "1 h of 2 h: 1 h to go by 31 March 2027."


def test_a_target_of_one_sort_says_which_sort_it_means() -> None:
    given = rules(targets=[hours("Participatory", 2, {"participatory": True})])
    found = progress(given, [learned("Alone", "2026-05-01", participatory=False), learned("Who knows", "2026-05-02")])
    assert reasons(found) == {
        "Alone": "This target means with others.",
        "Who knows": "The record does not say whether others took part.",
    }


def test_maxima_inside_one_another_all_hold() -> None:
    given = rules(
        targets=[hours("In all", 20)],
        maxima=[
            {"title": "Self-declared", "measure": "minutes", "most": 600, "of": {"source": "self"}},
            {
                "title": "Self-declared reading",
                "measure": "minutes",
                "most": 120,
                "of": {"source": "self", "kind": "reading"},
            },
        ],
    )
    done = [
        learned("Book", "2026-05-01", 5, kind="reading"),
        learned("Feedback", "2026-05-02", 9, kind="on_the_job"),
        learned("Course", "2026-05-03", 5, source=Source.COURSE, kind="course"),
    ]
    found = progress(given, done)
    assert {part.learning.title: part.counted // 60 for part in found.targets[0].parts} == {
        "Book": 2,
        "Feedback": 8,
        "Course": 5,
    }


@pytest.mark.parametrize(
    ("period", "day", "starts_on", "ends_on"),
    [
        (Period(1, date(2026, 4, 1)), "2024-02-29", "2023-04-01", "2024-03-31"),
        (Period(1, date(2026, 1, 1)), "2026-12-31", "2026-01-01", "2026-12-31"),
        (Period(3, date(2026, 4, 1)), "2026-03-31", "2023-04-01", "2026-03-31"),
        (Period(3, date(2026, 4, 1)), "2023-03-31", "2020-04-01", "2023-03-31"),
        (Period(5, date(2026, 2, 28)), "2028-02-29", "2026-02-28", "2031-02-27"),
        (Period(2, date(2000, 12, 1)), "2026-11-30", "2024-12-01", "2026-11-30"),
        (Period(1), "2024-02-29", "2023-03-01", "2024-02-29"),
        (Period(1), "2025-02-28", "2024-02-29", "2025-02-28"),
    ],
)
def test_periods_follow_one_another_without_a_day_between(
    period: Period, day: str, starts_on: str, ends_on: str
) -> None:
    assert period_of(period, date.fromisoformat(day)) == Span(
        date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    )
