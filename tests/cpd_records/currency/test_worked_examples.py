"""Worked examples of currency, named in the field's words. Each line is a case a supervisor would argue about."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cpd_records.currency.days import Days
from cpd_records.currency.values import Award, Verdict
from tests.cpd_records.currency.values import (
    ALL,
    DATA,
    FIRST_AID,
    LONG_AGO,
    PUBLIC_ORDER_1,
    PUBLIC_ORDER_2,
    SAFETY,
    TASER,
    Officer,
    day,
    rule,
    subject,
    taser_officer,
)

V = Verdict

# (case, qualification, awarded on, asked about, verdict, last day in date)
BY_ITS_OWN_DATES = [
    ("safety training on the day it was passed", "PPST", ["21 Jul 2026"], "21 Jul 2026", V.IN_DATE, "21 Jul 2027"),
    ("safety training the day before it was passed", "PPST", ["21 Jul 2026"], "20 Jul 2026", V.NEVER_HELD, ""),
    ("safety training, the day before the warning", "PPST", ["21 Jul 2026"], "21 Apr 2027", V.IN_DATE, "21 Jul 2027"),
    ("safety training, 90 days before its end", "PPST", ["21 Jul 2026"], "22 Apr 2027", V.DUE, "21 Jul 2027"),
    ("safety training on its last day", "PPST", ["21 Jul 2026"], "21 Jul 2027", V.DUE, "21 Jul 2027"),
    ("safety training the day after, without grace", "PPST", ["21 Jul 2026"], "22 Jul 2027", V.EXPIRED, "21 Jul 2027"),
    ("fitness, first day of grace", "JRFT", ["9 May 2026"], "10 May 2027", V.IN_GRACE, "9 May 2027"),
    ("fitness, last day of grace", "JRFT", ["9 May 2026"], "8 Jun 2027", V.IN_GRACE, "9 May 2027"),
    ("fitness, the day after grace", "JRFT", ["9 May 2026"], "9 Jun 2027", V.EXPIRED, "9 May 2027"),
    (
        "first aid passed on 29 February lasts to 28 February",
        "FALP",
        ["29 Feb 2024"],
        "28 Feb 2025",
        V.DUE,
        "28 Feb 2025",
    ),
    ("first aid passed on 29 February, 1 March", "FALP", ["29 Feb 2024"], "1 Mar 2025", V.EXPIRED, "28 Feb 2025"),
    ("eyesight checked on 29 February before a leap year", "EYE", ["29 Feb 2024"], "1 Feb 2026", V.DUE, "28 Feb 2026"),
    ("public order on 31 August lasts two years", "POPS3", ["31 Aug 2024"], "1 Sep 2026", V.IN_GRACE, "31 Aug 2026"),
    ("PIP 1 does not lapse", "PIP1", ["1 Jun 2010"], "1 Jun 2050", V.IN_DATE, ""),
    (
        "renewed late: it counts from the new day",
        "FALP",
        ["1 Jan 2024", "1 Mar 2025"],
        "1 Feb 2026",
        V.DUE,
        "1 Mar 2026",
    ),
    (
        "between the lapse and the late renewal",
        "FALP",
        ["1 Jan 2024", "1 Mar 2025"],
        "1 Feb 2025",
        V.EXPIRED,
        "1 Jan 2025",
    ),
    (
        "renewed early without such a rule",
        "FALP",
        ["1 Mar 2024", "15 Feb 2025"],
        "16 Feb 2026",
        V.EXPIRED,
        "15 Feb 2026",
    ),
    (
        "data protection renewed 30 days early keeps its day",
        "DP",
        ["31 Mar 2025", "1 Mar 2026"],
        "1 Mar 2027",
        V.DUE,
        "31 Mar 2027",
    ),
    (
        "data protection renewed 31 days early does not",
        "DP",
        ["31 Mar 2025", "28 Feb 2026"],
        "1 Mar 2027",
        V.IN_GRACE,
        "28 Feb 2027",
    ),
    (
        "data protection renewed on its last day",
        "DP",
        ["31 Mar 2025", "31 Mar 2026"],
        "1 Mar 2027",
        V.DUE,
        "31 Mar 2027",
    ),
    (
        "data protection renewed in grace counts from then",
        "DP",
        ["31 Mar 2025", "5 Apr 2026"],
        "6 Apr 2027",
        V.IN_GRACE,
        "5 Apr 2027",
    ),
    ("two awards on one day are one", "PPST", ["21 Jul 2026", "21 Jul 2026"], "21 Jul 2027", V.DUE, "21 Jul 2027"),
]


@pytest.mark.parametrize(
    ("code", "awards", "on", "verdict", "until"),
    [row[1:] for row in BY_ITS_OWN_DATES],
    ids=[row[0] for row in BY_ITS_OWN_DATES],
)
def test_by_its_own_dates(code: str, awards: list[str], on: str, verdict: Verdict, until: str) -> None:
    officer = taser_officer(on if code == "POPS3" else "1 Jan 2000")
    officer.awards.pop(code, None)
    for awarded in awards:
        officer.award(code, awarded)
    finding = officer.find(on)[code]
    assert finding.verdict == verdict
    assert finding.valid_until == (day(until) if until else None)


@dataclass
class Case:
    """Taser: everything was awarded on 21 July 2026 but what ``instead`` says; ``reason`` is the first sentence."""

    name: str
    on: str
    verdict: Verdict
    reason: str
    instead: dict[str, str] = field(default_factory=dict)
    rulings: tuple[tuple[str, Verdict, str], ...] = ()


TASER_CASES = [
    Case("everything in date", "1 Aug 2026", V.IN_DATE, "In date until 21 July 2027."),
    Case("first aid expired, and Taser has no grace", "3 Nov 2026", V.EXPIRED,
         "First aid expired on 28 February 2026, and Taser has no grace.", {"FALP": "28 Feb 2025"}),
    Case("fitness in grace does not carry Taser", "25 Nov 2026", V.EXPIRED,
         "Fitness is in grace until 2 December 2026, but Taser needs it fully in date.", {"JRFT": "2 Nov 2025"}),
    Case("fitness due still carries it", "1 Nov 2026", V.IN_DATE, "In date until 21 July 2027.", {"JRFT": "2 Nov 2025"}),
    Case("eyesight was never checked", "1 Aug 2026", V.EXPIRED, "Eyesight was never held, and Taser needs it.", {"EYE": ""}),
    Case("an exception for first aid does not carry it", "3 Nov 2026", V.EXPIRED,
         "First aid is held by exception, but Taser needs it fully in date.", {"FALP": "28 Feb 2025"},
         (("FALP", V.EXCEPTED, "1 Nov 2026 to 30 Nov 2026"),)),
    Case("an exemption from fitness does", "3 Nov 2026", V.IN_DATE, "In date until 21 July 2027.", {"JRFT": ""},
         (("JRFT", V.EXEMPT, "1 Nov 2026 on"),)),
    Case("a restriction on fitness ends it", "3 Nov 2026", V.EXPIRED, "Fitness is restricted, and Taser needs it.", {},
         (("JRFT", V.RESTRICTED, "1 Nov 2026 on"),)),
    Case("a restriction on Taser itself, in date", "3 Nov 2026", V.RESTRICTED, "Restricted since 1 November 2026: Said so.", {},
         (("CED", V.RESTRICTED, "1 Nov 2026 on"),)),
    Case("a restriction outweighs an exemption", "3 Nov 2026", V.RESTRICTED, "Restricted since 1 November 2026: Said so.", {},
         (("CED", V.RESTRICTED, "1 Nov 2026 on"), ("CED", V.EXEMPT, "1 Nov 2026 on"))),
    Case("Taser never awarded, whatever it needs", "1 Aug 2026", V.NEVER_HELD,
         "Never held. No course, award or transfer is recorded.", {"CED": "", "FALP": "28 Feb 2025"}),
    Case("Taser expired by itself", "1 Aug 2026", V.EXPIRED, "Expired on 1 July 2026, and has no grace.", {"CED": "1 Jul 2025"}),
]  # fmt: skip


@pytest.mark.parametrize("case", TASER_CASES, ids=[case.name for case in TASER_CASES])
def test_may_carry_taser(case: Case) -> None:
    officer = taser_officer()
    for code, awarded in case.instead.items():
        officer.awards.pop(code)
        if awarded:
            officer.award(code, awarded)
    for code, verdict, period in case.rulings:
        officer.ruling(code, verdict, period, reason="Said so")
    assert officer.verdict("CED", case.on) == case.verdict
    assert officer.reasons("CED", case.on)[0] == case.reason


def test_taser_ends_when_fitness_falls_out_of_date() -> None:
    officer = taser_officer()
    officer.awards["JRFT"] = []
    officer.award("JRFT", "1 Dec 2025")
    taser = officer.find("23 Nov 2026")["CED"]
    assert taser.verdict == V.IN_DATE
    assert taser.lapses_on == day("2 Dec 2026")
    assert taser.changes_on == day("2 Dec 2026")


def test_public_order_with_a_grace_of_its_own_is_carried_by_fitness_in_grace() -> None:
    officer = Officer().award("PPST", "1 Jul 2026").award("JRFT", "1 Nov 2025").award("POPS2", "1 Jul 2026")
    assert officer.find("10 Nov 2026")["JRFT"].verdict == V.IN_GRACE
    assert officer.verdict("POPS2", "10 Nov 2026") == V.IN_DATE


def test_a_chain_fails_from_its_root() -> None:
    officer = Officer().award("PPST", "1 Jul 2025").award("JRFT", "1 Jul 2026")
    officer.award("POPS2", "1 Jul 2026").award("POPS1", "1 Jul 2026")
    found = officer.find("2 Jul 2026")
    assert (found["POPS2"].verdict, found["POPS1"].verdict) == (V.EXPIRED, V.EXPIRED)
    assert officer.reasons("POPS1", "2 Jul 2026")[0] == (
        "Support unit does not carry because of Safety training, and Level 1 needs it."
    )


def test_an_exception_lasts_to_its_last_day_and_says_what_holds_without_it() -> None:
    officer = Officer().award("FALP", "28 Feb 2025")
    officer.ruling("FALP", V.EXCEPTED, "6 Nov 2026 to 30 Nov 2026", reason="Instructor shortage", by="Inspector C. Demo",
                   conditions="Double-crewed with a first aider")  # fmt: skip
    assert officer.reasons("FALP", "30 Nov 2026")[:3] == (
        "Held until 30 November 2026 by an exception from Inspector C. Demo: Instructor shortage.",
        "Conditions: Double-crewed with a first aider.",
        "Without it: Expired on 28 February 2026, and has no grace.",
    )
    assert officer.verdict("FALP", "1 Dec 2026") == V.EXPIRED
    assert officer.find("30 Nov 2026")["FALP"].lapses_on == day("1 Dec 2026")


def test_an_exception_is_not_told_while_it_is_not_needed() -> None:
    officer = Officer().award("FALP", "1 Nov 2026").ruling("FALP", V.EXCEPTED, "6 Nov 2026 to 30 Nov 2026")
    assert officer.verdict("FALP", "10 Nov 2026") == V.IN_DATE


def test_an_exception_bridges_the_days_until_the_refresher() -> None:
    officer = Officer().award("FALP", "10 Nov 2025").ruling("FALP", V.EXCEPTED, "6 Nov 2026 to 30 Nov 2026")
    assert [s.verdict for s in officer.find("7 Nov 2026")["FALP"].course] == [V.DUE, V.EXCEPTED, V.EXPIRED]


def test_an_exception_for_public_order_also_covers_what_it_needs() -> None:
    officer = Officer().award("POPS3", "1 Nov 2025").award("PPST", "1 Nov 2025")
    officer.ruling("POPS3", V.EXCEPTED, "6 Nov 2026 to 30 Nov 2026")
    assert officer.verdict("POPS3", "10 Nov 2026") == V.EXCEPTED


def test_in_grace_says_until_when_and_what_follows() -> None:
    officer = Officer().award("DP", "9 Nov 2025")
    assert officer.reasons("DP", "23 Nov 2026")[0] == "In grace until 9 December 2026. After that: Access review."


def test_a_due_one_says_to_renew_it() -> None:
    officer = Officer().award("FALP", "7 Dec 2025", minutes=360)
    assert officer.reasons("FALP", "23 Nov 2026") == (
        "In date until 7 December 2026. Renew it before then.",
        "Last awarded on 7 December 2025, 6 h.",
    )


def test_an_expired_one_with_a_grace_behind_it_names_both_days() -> None:
    officer = Officer().award("JRFT", "9 May 2025")
    assert officer.reasons("JRFT", "1 Aug 2026")[0] == "Expired on 9 May 2026, and grace ended on 8 June 2026."


def test_where_records_were_erased_it_never_says_never_held() -> None:
    said = Officer().reasons("FALP", "1 Aug 2026", erased=2)[0]
    assert said == ("No award is on the record, but 2 entries of this officer were erased, so it may have been held.")


def test_an_award_of_its_own_length_ends_with_it() -> None:
    officer = Officer().award("FALP", "1 May 2026", until="31 Jul 2026")
    assert officer.verdict("FALP", "31 Jul 2026") == V.DUE
    assert officer.verdict("FALP", "1 Aug 2026") == V.EXPIRED


def test_a_shorter_award_does_not_cut_a_longer_one() -> None:
    officer = Officer().award("FALP", "1 Jan 2026").award("FALP", "1 May 2026", until="31 May 2026")
    assert officer.find("1 Jul 2026")["FALP"].valid_until == day("1 Jan 2027")


def test_a_withdrawn_award_has_no_grace() -> None:
    officer = Officer()
    officer.awards["JRFT"] = [Award(day("9 May 2026"), day("4 Jul 2026"), None, (), ends_by_decision=True)]
    assert officer.verdict("JRFT", "4 Jul 2026") == V.DUE
    assert officer.verdict("JRFT", "5 Jul 2026") == V.EXPIRED
    assert officer.reasons("JRFT", "5 Jul 2026")[0] == "Withdrawn, and held until 4 July 2026."


def test_the_rule_of_the_day_of_the_award_says_how_long_it_lasts() -> None:
    shortened = subject("FALP", "First aid", rule(36), rule(12, since="1 Jan 2026"))
    officer = Officer().award("FALP", "31 Dec 2025")
    assert officer.find("1 Jul 2026", [shortened])["FALP"].valid_until == day("31 Dec 2028")
    officer = Officer().award("FALP", "1 Jan 2026")
    assert officer.find("1 Jul 2026", [shortened])["FALP"].valid_until == day("1 Jan 2027")


def test_the_rule_of_the_day_asked_about_says_what_grace_there_is() -> None:
    generous = subject("FALP", "First aid", rule(12), rule(12, since="1 Apr 2027", grace_days=60))
    officer = Officer().award("FALP", "1 Mar 2026")
    assert officer.verdict("FALP", "31 Mar 2027", [generous]) == V.EXPIRED
    assert officer.verdict("FALP", "1 Apr 2027", [generous]) == V.IN_GRACE
    before = officer.find("31 Mar 2027", [generous])["FALP"]
    assert before.changes_on == day("1 Apr 2027")


def test_parental_leave_stops_the_clock_where_the_rule_allows() -> None:
    stopping = subject("FALP", "First aid", rule(12, absence_stops_clock=True, grace_days=10))
    officer = Officer().award("FALP", "1 Jan 2026").away("1 Mar 2026 to 31 May 2026")
    assert officer.find("1 Jul 2026", [stopping])["FALP"].valid_until == day("3 Apr 2027")  # 92 days later
    assert officer.find("1 Jul 2026", [FIRST_AID])["FALP"].valid_until == day("1 Jan 2027")


def test_grace_stands_still_as_well() -> None:
    stopping = subject("FALP", "First aid", rule(12, absence_stops_clock=True, grace_days=10))
    officer = Officer().award("FALP", "1 Jan 2025").away("5 Jan 2026 to 14 Jan 2026")
    assert officer.find("20 Jan 2026", [stopping])["FALP"].grace_until == day("21 Jan 2026")


def test_an_absence_that_begins_the_day_after_the_last_day_comes_too_late() -> None:
    stopping = subject("FALP", "First aid", rule(12, absence_stops_clock=True))
    officer = Officer().award("FALP", "1 Jan 2025").away("2 Jan 2026 to 31 Jan 2026")
    assert officer.find("5 Jan 2026", [stopping])["FALP"].verdict == V.EXPIRED


def test_while_an_absence_has_no_end_the_clock_stands() -> None:
    stopping = subject("FALP", "First aid", rule(12, absence_stops_clock=True))
    officer = Officer().award("FALP", "1 Jan 2026").away("3 Sep 2026 on")
    found = officer.find("1 Jan 2030", [stopping])
    assert (found["FALP"].verdict, found["FALP"].valid_until) == (V.IN_DATE, None)


def test_needs_that_run_in_a_circle_end_all_the_same() -> None:
    hen = subject("HEN", "Hen", needs=("EGG",))
    egg = subject("EGG", "Egg", needs=("HEN", "PPST"))
    officer = Officer().award("HEN", "1 Jan 2026").award("EGG", "1 Jan 2026").award("PPST", "1 Jan 2026")
    subjects = [hen, egg, SAFETY]
    assert {finding.verdict for finding in officer.find("1 Feb 2026", subjects).values()} == {V.IN_DATE}
    officer.awards["PPST"] = []
    found = officer.find("1 Feb 2026", subjects)
    assert (found["HEN"].verdict, found["EGG"].verdict) == (V.EXPIRED, V.EXPIRED)


def test_a_need_holds_only_on_its_days() -> None:
    later = subject("CED", "Taser")
    later = type(later)("CED", "Taser", "Taser", (rule(12),), (("FALP", Days(day("1 Jun 2026"))),))
    officer = Officer().award("CED", "1 May 2026")
    assert officer.verdict("CED", "31 May 2026", [later, FIRST_AID]) == V.IN_DATE
    assert officer.verdict("CED", "1 Jun 2026", [later, FIRST_AID]) == V.EXPIRED
    assert officer.find("31 May 2026", [later, FIRST_AID])["CED"].lapses_on == day("1 Jun 2026")


def test_the_entries_of_a_kept_anniversary_are_both_awards() -> None:
    officer = Officer().award("DP", "31 Mar 2025").award("DP", "1 Mar 2026")
    finding = officer.find("1 Apr 2026")["DP"]
    first, second = officer.awards["DP"]
    assert finding.holding is not None
    assert finding.holding.entries == first.entries + second.entries
    assert "Renewed early, so it counts from the last day of what it renewed." in officer.reasons("DP", "1 Apr 2026")


def test_every_subject_of_the_examples_has_a_rule_from_long_ago() -> None:
    assert all(one.rules[0].first == LONG_AGO for one in ALL)
    assert {TASER.code, DATA.code, PUBLIC_ORDER_1.code, PUBLIC_ORDER_2.code} <= {one.code for one in ALL}
