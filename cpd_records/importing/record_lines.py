"""What a line of a list of past records says: whose, what, when, how long, until when, with which result, on whose word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cpd_records.activity_rules import cleaned_text, says_something
from cpd_records.models import Qualification
from people.dates import long_date
from people.importing.answers import LineRefused, read
from people.models import User
from people.tables.columns import Column, Line
from people.tables.days import day_of, minutes_of

LONGEST = {"title": 200, "result": 100, "asserted_by": 120, "reference": 120, "qualification": 120}
# Initial training takes months; more than this is a slip.
MOST_MINUTES = 60_000
# Nobody's record is older than a working life.
OLDEST_YEARS = 60
# What other systems write of somebody who did it, and of somebody who did not. A qualification is awarded by the first words only.
ACHIEVED = frozenset(
    {
        "pass",
        "passed",
        "p",
        "competent",
        "c",
        "achieved",
        "attained",
        "awarded",
        "granted",
        "qualified",
        "attended",
        "attendance",
    }
    | {
        "complete",
        "completed",
        "completion",
        "merit",
        "distinction",
        "satisfactory",
        "successful",
        "success",
        "current",
        "valid",
    }
    | {"yes", "y", "true"}
)
NOT_ACHIEVED = frozenset(
    {
        "fail",
        "failed",
        "f",
        "not competent",
        "not yet competent",
        "not achieved",
        "unsuccessful",
        "unsatisfactory",
        "referred",
    }
    | {
        "absent",
        "did not attend",
        "not attended",
        "withdrawn",
        "withdrew",
        "incomplete",
        "not completed",
        "cancelled",
        "deferred",
    }
    | {"booked", "enrolled", "nominated", "planned", "started", "in progress", "revoked", "no", "n", "false"}
)

COLUMNS = (
    Column(
        "service_number",
        "Service number",
        (
            "warrant number",
            "warrant no",
            "employee number",
            "employee no",
            "service no",
            "id number",
            "officer",
            "username",
        ),
    ),
    Column(
        "qualification",
        "Qualification",
        ("qualification code", "course code", "code", "skill code"),
        "code or title of one of ours",
    ),
    Column(
        "title",
        "Title",
        ("course title", "activity title", "course", "activity", "event", "course name", "skill"),
        "course or activity",
    ),
    Column(
        "day",
        "Day",
        (
            "date",
            "completion date",
            "date completed",
            "completed on",
            "completed",
            "achieved on",
            "date achieved",
            "end date",
        ),
    ),
    Column("minutes", "Minutes", ("duration minutes", "duration", "length")),
    Column("hours", "Hours", ("cpd hours", "duration hours", "hrs"), "where there are no minutes: 1.5 or 1:30"),
    Column(
        "valid_until", "Valid until", ("expiry date", "expiry", "expires", "expires on", "valid to", "date of expiry")
    ),
    Column("result", "Result", ("outcome", "grade", "status")),
    Column(
        "asserted_by",
        "Asserted by",
        ("trainer", "assessor", "instructor", "verified by", "recorded by", "signed by"),
        "who says so",
    ),
    Column("reference", "Reference", ("record id", "reference number", "ref", "external id"), "of the record there"),
)


@dataclass(frozen=True)
class PastRecord:
    """A past record as a line has it. ``qualification`` is one of ours or None; ``code`` what the list calls it.

    ``asserted_by`` is said by the line, or for the whole list; ``is_own_word`` tells which.
    """

    officer: User
    qualification: Qualification | None
    code: str
    title: str
    day: date
    minutes: int | None
    valid_until: date | None
    result: str
    asserted_by: str
    reference: str
    is_own_word: bool
    words: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """The digest of all that the line itself says."""
        asserted_by = self.asserted_by if self.is_own_word else ""
        said = (
            self.code,
            self.title,
            self.day,
            self.minutes,
            self.valid_until,
            self.result,
            asserted_by,
            self.reference,
        )
        return _digest(self.officer.public_id, *said)

    @property
    def key(self) -> str:
        """What makes it the same record when it comes again: its reference where it came from, else everything it says."""
        return _digest("reference", self.reference) if self.reference else self.content


def record_in(
    line: Line,
    *,
    people: Mapping[str, User],
    qualifications: Mapping[str, Qualification],
    asserted_by: str,
    on: date,
    by: User | None,
) -> PastRecord:
    """Return the record a line holds, or refuse it. ``people`` are by service number, ``qualifications`` by code and titles, small."""
    if line.trouble:
        raise LineRefused(line.trouble)
    officer = people.get(line["service_number"].lower())
    if officer is None:
        number = line["service_number"]
        raise LineRefused(
            f"there is nobody with the service number '{number}'" if number else "the service number is missing"
        )
    if by is not None and officer.pk == by.pk:
        raise LineRefused(
            "this record is about you, and nobody imports records about themselves. Ask another administrator"
        )
    day = read(day_of, line, "day")
    if day is None:
        raise LineRefused("the day is missing")
    _refuse_impossible_day(day, on)
    valid_until = read(day_of, line, "valid_until")
    if valid_until is not None and valid_until < day:
        raise LineRefused("it would be valid until a day before it happened. Check both days")
    code, title, result, own_word = (_text(line, name) for name in ("qualification", "title", "result", "asserted_by"))
    qualification = qualifications.get(code.lower()) if code else None
    words = []
    if not title and qualification is None:
        raise LineRefused(
            f"there is no qualification '{code}' and no title: mend the code, or say what it was"
            if code
            else "neither qualification nor title is given"
        )
    if code and qualification is None:
        words.append(f"'{code}' is no qualification here: recorded as past training")
    if qualification is not None and not _is_achieved(result):
        words.append(f"result '{result}': no qualification is awarded by it")
        title, qualification = title or qualification.title, None
    return PastRecord(
        officer=officer,
        qualification=qualification,
        code=code,
        title=title,
        day=day,
        minutes=_minutes(line),
        valid_until=valid_until,
        result=result,
        asserted_by=own_word or asserted_by,
        reference=_text(line, "reference"),
        is_own_word=bool(own_word),
        words=tuple(words),
    )


def _refuse_impossible_day(day: date, on: date) -> None:
    if day > on:
        raise LineRefused(f"{long_date(day)} is still to come. A past record has happened")
    if day.year < on.year - OLDEST_YEARS:
        raise LineRefused(f"{long_date(day)} is more than {OLDEST_YEARS} years ago. Check the year")


def _minutes(line: Line) -> int | None:
    minutes = read(minutes_of, line, "minutes")
    if minutes is None:
        minutes = read(minutes_of, line, "hours", unit="hours")
    if minutes is not None and minutes > MOST_MINUTES:
        raise LineRefused(f"{minutes:,} minutes are more than {MOST_MINUTES // 60:,} hours. Check the length")
    return minutes or None


def _is_achieved(result: str) -> bool:
    """Return whether the result says that it was achieved; refuse one that could mean either."""
    plain = " ".join(result.casefold().replace("-", " ").split()).strip(" .")
    if not plain or plain in ACHIEVED:
        return True
    if plain in NOT_ACHIEVED:
        return False
    raise LineRefused(
        f"the result '{result}' does not say whether the qualification was achieved: write passed or failed"
    )


def _text(line: Line, name: str) -> str:
    text = " ".join(cleaned_text(line[name]).split())
    if len(text) > LONGEST[name]:
        raise LineRefused(f"the {name.replace('_', ' ')} is longer than {LONGEST[name]} characters")
    return text if says_something(text) else ""


def _digest(*parts: object) -> str:
    written = json.dumps([None if part is None else str(part) for part in parts], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()
