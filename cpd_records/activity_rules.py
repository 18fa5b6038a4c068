"""What a CPD activity may say: each rule refuses with a sentence for the person and names the field it is about."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from cpd_records.models import Activity, ActivityKind, Competency, EthicalPrinciple
from cpd_records.models.activities import TITLE_LENGTH
from people.dates import long_date
from people.durations import hours

A_DAY = 24 * 60
A_LONG_DAY = 12 * 60
LEARNED_LENGTH = 4000
REFLECTION_LENGTH = 20000
REASON_LENGTH = 2000
OLDEST_YEARS = 10
NOT_THEIRS = "Only the officer who logged this activity can change it."
OWN = "You cannot verify your own activity. Choose another verifier."
OWN_CORRECTION = "You cannot decide on your own correction. Your supervisors can."


class ActivityRefused(Exception):
    """Something about a CPD activity cannot be done. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class LongDay(ActivityRefused):
    """More than 12 hours in a day, and nobody has said yet that this is right."""


class SameAgain(ActivityRefused):
    """The same title, day and length are logged already, and nobody has said yet that this is another one."""


class DaysRefused(ActivityRefused):
    """Something cannot be logged on several days: ``refusals`` holds what stands against each of them, once where it is the same."""

    def __init__(self, refusals: Iterable[ActivityRefused]) -> None:
        self.refusals = tuple({(refusal.field, str(refusal)): refusal for refusal in refusals}.values())
        super().__init__(" ".join(str(refusal) for refusal in self.refusals), self.refusals[0].field)


class NotAnswered(ActivityRefused):
    """What the officer's scheme asks for at submission is not answered. ``missing`` maps a field to its sentence."""

    def __init__(self, missing: Mapping[str, str]) -> None:
        super().__init__("Your scheme asks for more before this is submitted. " + " ".join(missing.values()))
        self.missing = missing


class NotYourActivity(ActivityRefused):
    """Somebody acts on an activity that is neither theirs nor handed in to them."""


class OwnActivity(ActivityRefused):
    """Somebody would verify, or return, an activity of their own."""


class ChangedMeanwhile(ActivityRefused):
    """What the person had before them changed at ``moment``. ``activity`` (or item of a plan) is what it is now."""

    def __init__(self, activity: Any, moment: datetime) -> None:
        super().__init__(
            f"This was changed in another window at {clock_time(moment)}. "
            "Your text is below; nothing of yours was lost."
        )
        self.activity = activity


class AlreadyLogged(ActivityRefused):
    """A form that made an activity already comes again and says something else. ``activity`` is what it made."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(
            f"You logged this already at {clock_time(activity.created_at)}, and it said something else. "
            "Your text is below; save it to change what is logged."
        )
        self.activity = activity


@dataclass(frozen=True)
class Summary:
    """The five answers, checked: what a supervisor reads and the ledger records. ``minutes`` is 1 to 1440.

    ``begins`` and ``ends`` are times by the clock on the wall, where they were given: both or neither.
    """

    title: str
    kind: str
    day: date
    minutes: int
    learned: str
    begins: time | None = None
    ends: time | None = None


def clock_time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M")


def cleaned_text(text: str) -> str:
    """Return text as it is kept: composed (NFC), lines ending in a newline, without control characters and outer space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def says_something(text: str) -> bool:
    """Return whether there is anything to see in the text: a letter, a figure or a sign, not only marks and blanks."""
    return any(unicodedata.category(c)[0] in "LNPS" for c in text)


def checked_text(text: str, *, field: str, what: str, most: int, missing: str = "") -> str:
    """Return the text as it is kept; refuse one too long and, with a ``missing`` sentence, one that says nothing."""
    text = cleaned_text(text)
    if not says_something(text):
        if missing:
            raise ActivityRefused(missing, field)
        return ""
    if len(text) > most:
        raise ActivityRefused(f"{what} is {len(text):,} characters long and {most:,} fit. Shorten it.", field)
    return text


def checked_title(text: str) -> str:
    line = " ".join(cleaned_text(text).split())
    return checked_text(
        line, field="title", what="The title", most=TITLE_LENGTH, missing="Say in a few words what you did."
    )


def checked_learned(text: str) -> str:
    return checked_text(
        text,
        field="learned",
        what="What you learned",
        most=LEARNED_LENGTH,
        missing="Say in a sentence what you learned.",
    )


def checked_reflection(text: str, *, field: str = "reflection") -> str:
    return checked_text(text, field=field, what="Your text", most=REFLECTION_LENGTH)


def checked_reason(text: str, *, missing: str = "Say what is missing, so that it can be put right.") -> str:
    return checked_text(text, field="reason", what="The reason", most=REASON_LENGTH, missing=missing)


def checked_kind(kind: str) -> str:
    if kind not in ActivityKind.values:
        raise ActivityRefused("Choose what kind of learning it was.", "kind")
    return kind


def checked_day(day: date, *, at: datetime) -> date:
    """Return the day if it is neither to come nor more than ten years ago, by the force's own clock."""
    today = timezone.localdate(at)
    if day > today:
        raise ActivityRefused(f"{long_date(day)} is still to come. Enter the day it happened.", "day")
    oldest = years_before(today, OLDEST_YEARS)
    if day < oldest:
        raise ActivityRefused(f"{long_date(day)} is too long ago. Enter a day since {long_date(oldest)}.", "day")
    return day


def years_before(day: date, years: int) -> date:
    """Return the same day so many years earlier; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def checked_minutes(minutes: int, *, is_long_day: bool) -> int:
    """Return whole minutes, 1 to 1440; above 720 only when somebody has said that it is right."""
    if minutes < 1:
        raise ActivityRefused("Length must be at least one minute.", "length")
    if minutes > A_DAY:
        raise ActivityRefused("Length must be 24 hours or less on one day.", "length")
    if minutes > A_LONG_DAY and not is_long_day:
        raise LongDay(f"{hours(minutes)} is more than 12 hours. Tick the box if that is right.", "is_long_day")
    return minutes


def refuse_times_to_come(day: date, ends: time | None, *, at: datetime) -> None:
    """Refuse a time of today that is still to come, by the clock on the wall."""
    now = timezone.localtime(at)
    if ends is not None and day == now.date() and ends.replace(tzinfo=None) > now.time():
        raise ActivityRefused(f"{ends:%H:%M} today is still to come. Check the day and both times.", "times")


def checked_times(begins: time | None, ends: time | None) -> tuple[time | None, time | None]:
    """Return both times, or neither; the end is after the beginning."""
    if begins is None and ends is None:
        return None, None
    if begins is None or ends is None:
        raise ActivityRefused("Enter both times, or neither.", "times")
    if ends <= begins:
        raise ActivityRefused("The end is before the beginning. Check both times.", "times")
    return begins, ends


def checked_summary(
    *,
    title: str,
    kind: str,
    day: date,
    minutes: int,
    learned: str,
    at: datetime,
    is_long_day: bool,
    begins: time | None = None,
    ends: time | None = None,
) -> Summary:
    """Return the five answers as they are kept, or refuse the first that cannot be."""
    begins, ends = checked_times(begins, ends)
    summary = Summary(
        title=checked_title(title),
        kind=checked_kind(kind),
        day=checked_day(day, at=at),
        minutes=checked_minutes(minutes, is_long_day=is_long_day),
        learned=checked_learned(learned),
        begins=begins,
        ends=ends,
    )
    refuse_times_to_come(summary.day, ends, at=at)
    return summary


def checked_competencies(codes: Iterable[str], *, kept: Iterable[str] = ()) -> list[str]:
    """Return the codes in the force's order, each once; refuse one that is neither offered nor ``kept`` from before."""
    return _checked_links(Competency, codes, kept, "competencies", "Choose competencies from the list.")


def checked_principles(codes: Iterable[str], *, kept: Iterable[str] = ()) -> list[str]:
    """Return the codes of ethical principles in the force's order, each once; refuse one that is not offered."""
    return _checked_links(EthicalPrinciple, codes, kept, "principles", "Choose ethical principles from the list.")


def _checked_links(
    framework: type[Competency] | type[EthicalPrinciple],
    codes: Iterable[str],
    kept: Iterable[str],
    field: str,
    sentence: str,
) -> list[str]:
    chosen, known = set(codes), set(kept)
    if not chosen:
        return []
    rows = framework.objects.values_list("code", "is_active")
    found = [code for code, is_active in rows if code in chosen and (is_active or code in known)]
    if len(found) != len(chosen):
        raise ActivityRefused(sentence, field)
    return found
