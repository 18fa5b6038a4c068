"""A programme as values: its phases in order, what each needs, who decides. Read from data, refused by sentence; no database.

The data is a JSON object, ``{"title", "source", "is_local_default", "phases": [{"slug", "title", "weeks", "decided_by", "courses",
"assessments", "qualifications", "records", "grants", "portfolio", "portfolio_signed_by"}]}``. ``weeks`` is a target, ``assessments`` are
codes of what must be passed beside the courses, ``records`` are things that are recorded by hand, such as a tutor's report, ``grants``
is a status that ending the phase gives. ``portfolio`` lists the headings evidence is handed in against, ``[{"slug", "title", "needed"}]``,
and ``portfolio_signed_by`` says who signs off the whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST_PHASES, MOST_WEEKS, MOST_NEEDS, MOST_ITEMS_NEEDED = 12, 260, 60, 20
TITLE_LENGTH, SOURCE_LENGTH = 120, 500
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
CODE = re.compile(r"[A-Z0-9]+(?:[-/][A-Z0-9]+)*\Z")
ASSESSMENT = re.compile(r"[A-Za-z0-9_-]+\Z")
INDEPENDENT_PATROL = "independent-patrol"


class Decider(StrEnum):
    """Who decides that a recruit has done with a phase."""

    ADMINISTRATOR = "training-admin"
    SUPERVISOR = "supervisor"


DECIDERS = {
    Decider.ADMINISTRATOR: "a training administrator",
    Decider.SUPERVISOR: "a supervisor of the recruit",
}


class Signer(StrEnum):
    """Who signs off a portfolio as a whole."""

    ASSESSOR = "assessor"
    ADMINISTRATOR = "training-admin"
    SUPERVISOR = "supervisor"


SIGNERS = {
    Signer.ASSESSOR: "an assessor",
    Signer.ADMINISTRATOR: "a training administrator",
    Signer.SUPERVISOR: "a supervisor of the recruit",
}


class ProgrammeRefused(ValueError):
    """The data is no programme; the message says where and why."""


@dataclass(frozen=True, slots=True)
class RecordNeeded:
    """Something recorded by hand: 'Tutor's report'."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class HeadingNeeded:
    """A heading of a portfolio, and how many items of evidence under it must be judged sufficient."""

    slug: str
    title: str
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase. ``weeks`` is how long it is meant to take; ``grants`` a status that ending it gives ('' for none)."""

    slug: str
    title: str
    weeks: int
    decided_by: Decider
    courses: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    records: tuple[RecordNeeded, ...] = ()
    grants: str = ""
    portfolio: tuple[HeadingNeeded, ...] = ()
    portfolio_signed_by: Signer = Signer.SUPERVISOR
    assessments: tuple[str, ...] = ()

    @property
    def heading_titles(self) -> dict[str, str]:
        """The titles of the portfolio's headings by slug, in their order."""
        return {heading.slug: heading.title for heading in self.portfolio}


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme's release as values."""

    title: str
    source: str
    is_local_default: bool
    phases: tuple[Phase, ...]

    def phase(self, slug: str) -> Phase:
        return next(phase for phase in self.phases if phase.slug == slug)

    def after(self, slug: str) -> Phase | None:
        """Return the phase that follows, or None after the last."""
        place = [phase.slug for phase in self.phases].index(slug) + 1
        return self.phases[place] if place < len(self.phases) else None

    @property
    def weeks(self) -> int:
        return sum(phase.weeks for phase in self.phases)

    @property
    def with_portfolio(self) -> tuple[Phase, ...]:
        """The phases that ask for a portfolio."""
        return tuple(phase for phase in self.phases if phase.portfolio)


def canonical(plan: Plan) -> str:
    """Return the plan as text that is the same for the same plan."""
    data = asdict(plan)
    for phase in data["phases"]:
        if not phase["portfolio"]:
            # What a phase does not have reads as before there was any, so that digests of releases already out stay true.
            del phase["portfolio"], phase["portfolio_signed_by"]
        if not phase["assessments"]:
            del phase["assessments"]
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(plan: Plan) -> str:
    """Return the SHA-256 of the plan's text, in hexadecimal."""
    return hashlib.sha256(canonical(plan).encode()).hexdigest()


def read_plan(data: Any) -> Plan:
    """Return the plan that the data says; raise ``ProgrammeRefused`` where it says none."""
    if not isinstance(data, Mapping):
        raise ProgrammeRefused("A programme is an object with a title and phases.")
    _only(data, {"title", "source", "is_local_default", "phases"}, "The programme")
    phases = data.get("phases")
    if not isinstance(phases, list | tuple) or not 0 < len(phases) <= MOST_PHASES:
        raise ProgrammeRefused(f"A programme has between one and {MOST_PHASES} phases.")
    read = tuple(_phase(number, phase) for number, phase in enumerate(phases, 1))
    slugs = [phase.slug for phase in read]
    if len(set(slugs)) < len(slugs):
        twice = next(slug for slug in slugs if slugs.count(slug) > 1)
        raise ProgrammeRefused(f"Two phases have the slug ‘{twice}’. Give one of them another.")
    granted = [phase.grants for phase in read if phase.grants]
    if len(set(granted)) < len(granted):
        raise ProgrammeRefused(f"Two phases grant ‘{granted[0]}’. A status is granted once.")
    is_default = data.get("is_local_default", True)
    if not isinstance(is_default, bool):
        raise ProgrammeRefused("Whether it is a local default is true or false.")
    return Plan(
        title=_text(data.get("title"), "The programme’s title", TITLE_LENGTH),
        source=_text(data.get("source", ""), "The programme’s source", SOURCE_LENGTH, may_be_empty=True),
        is_local_default=is_default,
        phases=read,
    )


def _phase(number: int, data: Any) -> Phase:
    where = f"Phase {number}"
    if not isinstance(data, Mapping):
        raise ProgrammeRefused(f"{where} is an object with a slug, a title and weeks.")
    _only(data, set(Phase.__slots__), where)
    weeks = data.get("weeks")
    if isinstance(weeks, bool) or not isinstance(weeks, int) or not 0 < weeks <= MOST_WEEKS:
        raise ProgrammeRefused(f"{where} takes a whole number of weeks from 1 to {MOST_WEEKS}.")
    try:
        decided_by = Decider(data.get("decided_by", Decider.ADMINISTRATOR))
    except ValueError:
        raise ProgrammeRefused(f"{where} is decided by one of {', '.join(Decider)}.") from None
    try:
        signed_by = Signer(data.get("portfolio_signed_by", Signer.SUPERVISOR))
    except ValueError:
        raise ProgrammeRefused(f"{where}’s portfolio is signed off by one of {', '.join(Signer)}.") from None
    grants = data.get("grants", "")
    if grants not in ("", INDEPENDENT_PATROL):
        raise ProgrammeRefused(f"{where} can grant {INDEPENDENT_PATROL} or nothing.")
    return Phase(
        slug=_matching(data.get("slug"), SLUG, f"{where}’s slug", "small letters, digits and hyphens"),
        title=_text(data.get("title"), f"{where}’s title", TITLE_LENGTH),
        weeks=weeks,
        decided_by=decided_by,
        courses=_codes(data.get("courses", ()), f"{where}’s courses"),
        assessments=_codes(
            data.get("assessments", ()), f"{where}’s assessments", ASSESSMENT, "codes such as INIT-101-final", most=80
        ),
        qualifications=_codes(data.get("qualifications", ()), f"{where}’s qualifications"),
        records=_records(data.get("records", ()), where),
        grants=grants,
        portfolio=_portfolio(data.get("portfolio", ()), where),
        portfolio_signed_by=signed_by,
    )


def _portfolio(data: Any, where: str) -> tuple[HeadingNeeded, ...]:
    found = []
    for one in _list(data, f"{where}’s headings"):
        if not isinstance(one, Mapping):
            raise ProgrammeRefused(f"{where}’s headings are objects with a slug, a title and how many items they need.")
        _only(one, {"slug", "title", "needed"}, f"{where}’s heading")
        slug = _matching(one.get("slug"), SLUG, f"{where}’s heading’s slug", "small letters, digits and hyphens")
        needed = one.get("needed", 1)
        if isinstance(needed, bool) or not isinstance(needed, int) or not 0 < needed <= MOST_ITEMS_NEEDED:
            raise ProgrammeRefused(f"{where}’s heading ‘{slug}’ needs from 1 to {MOST_ITEMS_NEEDED} items.")
        found.append(HeadingNeeded(slug, _text(one.get("title"), f"{where}’s heading’s title", TITLE_LENGTH), needed))
    if len({heading.slug for heading in found}) < len(found):
        raise ProgrammeRefused(f"{where} has the same heading twice.")
    return tuple(found)


def _records(data: Any, where: str) -> tuple[RecordNeeded, ...]:
    found = []
    for one in _list(data, f"{where}’s records"):
        if not isinstance(one, Mapping):
            raise ProgrammeRefused(f"{where}’s records are objects with a slug and a title.")
        _only(one, {"slug", "title"}, f"{where}’s record")
        slug = _matching(one.get("slug"), SLUG, f"{where}’s record’s slug", "small letters, digits and hyphens")
        found.append(RecordNeeded(slug, _text(one.get("title"), f"{where}’s record’s title", TITLE_LENGTH)))
    if len({record.slug for record in found}) < len(found):
        raise ProgrammeRefused(f"{where} asks for the same record twice.")
    return tuple(found)


def _codes(
    data: Any,
    what: str,
    pattern: re.Pattern[str] = CODE,
    how: str = "codes in capitals, such as INIT-101",
    most: int = 40,
) -> tuple[str, ...]:
    codes = [_matching(one, pattern, what, how, most) for one in _list(data, what)]
    if len(set(codes)) < len(codes):
        raise ProgrammeRefused(f"{what} name one twice.")
    return tuple(codes)


def _list(data: Any, what: str) -> list[Any] | tuple[Any, ...]:
    if not isinstance(data, list | tuple) or len(data) > MOST_NEEDS:
        raise ProgrammeRefused(f"{what} are a list of at most {MOST_NEEDS}.")
    return data


def _matching(value: Any, pattern: re.Pattern[str], what: str, how: str, most: int = 40) -> str:
    if not isinstance(value, str) or len(value) > most or not pattern.match(value):
        raise ProgrammeRefused(f"{what}: use {how}, {most} characters at most.")
    return value


def _text(value: Any, what: str, most: int, *, may_be_empty: bool = False) -> str:
    line = " ".join(value.split()) if isinstance(value, str) else ""
    if not line and not (may_be_empty and value == ""):
        raise ProgrammeRefused(f"{what} is missing.")
    if len(line) > most:
        raise ProgrammeRefused(f"{what} has {len(line)} characters and {most} fit.")
    return line


def _only(data: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(str(name) for name in data if name not in known)
    if unknown:
        raise ProgrammeRefused(f"{where} says ‘{unknown[0]}’, which means nothing here.")
