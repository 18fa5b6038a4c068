"""How a verdict reads in a cell of the board, and what all of them mean for today, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, Verdict
from people.dates import long_date

NEAR_DAYS = 90
# Of so many missing requirements each is named; of more, the first two, since the cells beside them name the rest.
NAMED = 3

_STATES = {
    Verdict.IN_DATE: "in date",
    Verdict.DUE: "due",
    Verdict.IN_GRACE: "in grace",
    Verdict.EXPIRED: "expired",
    Verdict.NEVER_HELD: "never held",
    Verdict.EXEMPT: "exempt",
    Verdict.EXCEPTED: "excepted",
    Verdict.RESTRICTED: "restricted",
}


QUIET = frozenset({Verdict.IN_DATE, Verdict.EXEMPT})


@dataclass(frozen=True, slots=True)
class Cell:
    """A requirement of one officer: ``state`` is the verdict's code ('' where it is not required), ``text`` short, ``words`` whole."""

    column: str
    state: str
    text: str
    words: str

    @property
    def is_loud(self) -> bool:
        """Whether the cell has a tint: only what is expired, restricted or excepted."""
        return self.state in {Verdict.EXPIRED.value, Verdict.EXCEPTED.value, Verdict.RESTRICTED.value}

    @property
    def is_quiet(self) -> bool:
        return not self.state or self.state in QUIET


def cell_of(title: str, found: QualificationVerdict | None, *, on: date) -> Cell:
    """Return the cell of one requirement; ``found`` None: it is not required of the officer."""
    if found is None:
        return Cell(title, "", "–", "not required")
    state = _STATES[found.verdict]
    day = shown_day(found)
    if found.verdict == Verdict.NEVER_HELD:
        return Cell(title, found.verdict.value, "Never", state)
    if found.verdict in (Verdict.EXEMPT, Verdict.RESTRICTED):
        return Cell(title, found.verdict.value, state.capitalize(), state)
    if found.verdict == Verdict.EXPIRED and (day is None or day >= on):
        # its own date stands: what it needs does not carry it
        return Cell(title, found.verdict.value, "Not carried", found.reasons[0].rstrip(".") if found.reasons else state)
    if day is None:
        return Cell(title, found.verdict.value, "No end", f"{state}, without an end")
    link = {Verdict.IN_DATE: "to", Verdict.EXCEPTED: "until", Verdict.IN_GRACE: "until"}.get(found.verdict, "")
    words = " ".join(part for part in (state, link, f"{long_date(day)}") if part)
    return Cell(title, found.verdict.value, short_day(day, on=on), words)


def shown_day(found: QualificationVerdict) -> date | None:
    """Return the one day that matters: the end of grace or of an exception, else the last day in date."""
    if found.verdict == Verdict.EXCEPTED and found.lapses_on is not None:
        return found.lapses_on - timedelta(days=1)
    if found.verdict == Verdict.IN_GRACE:
        return found.grace_until
    return found.valid_until


def short_day(day: date, *, on: date) -> str:
    """Return a near day as '2 Dec', any other as 'Mar 2027'."""
    return f"{day.day} {day:%b}" if abs((day - on).days) <= NEAR_DAYS else f"{day:%b %Y}"


def meaning_of(answer: CurrencyAnswer) -> tuple[str, bool]:
    """Return what the verdicts mean on the day, in a few words, and whether somebody must act on it.

    First what the officer may not do, then what they may only by exception, else the first thing that falls.
    """
    posts_first = sorted(answer.roles, key=lambda role: role.duty != "post")
    barred = [role.may for role in posts_first if not role.carries]
    excepted = [role.may for role in posts_first if role.carries and role.verdict == Verdict.EXCEPTED]
    failing = [one for one in answer.qualifications if one.is_required and not one.carries]
    parts = []
    if answer.is_away:
        parts.append("Away")
    if barred:
        parts.append(f"May not {_listed(barred, 'or')}")
    elif failing:
        parts.append(f"{first_of([one.short_title for one in failing])}: not in date")
    if excepted:
        parts.append(f"By exception: {_listed(excepted, 'and')}")
    if parts:
        return ". ".join(parts), bool(barred or failing)
    coming = [
        one
        for one in answer.qualifications
        if one.is_required and one.verdict in (Verdict.DUE, Verdict.IN_GRACE, Verdict.EXCEPTED)
    ]
    if not coming:
        return "", False
    first = min(coming, key=lambda one: (shown_day(one) or date.max, one.code))
    day = shown_day(first)
    if first.verdict == Verdict.EXCEPTED:
        return f"{first.short_title} by exception", False
    if day is None:
        return f"{first.short_title} due", False
    link = "in grace to" if first.verdict == Verdict.IN_GRACE else "ends"
    return f"{first.short_title} {link} {day.day} {day:%B}", False


def first_of(titles: list[str]) -> str:
    """Return the titles in a sentence; of many the first two, and how many more there are."""
    return _listed(titles if len(titles) <= NAMED else [*titles[:2], f"{len(titles) - 2} more"], "and")


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
