"""The catalogue: current releases searched and narrowed down. What is asked stands in the address; each filter knows its count.

A few hundred courses at most: they are read as outlines from the cache and filtered here, so that search is the same on both databases.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef
from django.utils.text import slugify

from courses.models import Course, CourseReview, CourseWithdrawal, Enrolment, EnrolmentOutcome, FamilyPage
from courses.outlines import SHAPE, Outline, outlines_of
from cpd_records.completions.standing import corrected_completions
from people.kept import kept

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

# Of an enrolment: the entry of its completion, and the withdrawal of that one's certificate.
COMPLETED = ("completion__entry_id", "completion__certificate__revocation__pk")
LONGEST_SEARCH = 200
ON_A_PAGE = 20
TWO_HOURS = 120
FAMILIES_KEPT_SECONDS = 60
FAMILIES_IN_MEMORY_SECONDS = 5
LIST_KEPT_SECONDS = 3600

NO_BREAK_SPACE = "\u00a0"

STARTED, NOT_STARTED = "started", "not-started"


@dataclass(frozen=True, slots=True)
class Family:
    """A family as the catalogue lists it; ``count`` is its released courses."""

    code: str
    slug: str
    title: str
    introduction: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class MyState:
    """How somebody stands with a course: ``started``, ``in-date``, ``due``, ``expired``, ``held`` (no end) or ``not-started``."""

    state: str = "not-started"
    done: int = 0
    total: int = 0
    valid_until: date | None = None

    @property
    def words(self) -> str:
        """The state in a word or two and its day; the day does not break."""
        until = self.valid_until
        day = f"{until.day} {until:%b} {until.year}".replace(" ", NO_BREAK_SPACE) if until else ""
        start = {"due": "Due", "expired": "Expired", "in-date": "In date to"}.get(self.state, "")
        return f"{start} {day}" if start and day else "Completed"

    @property
    def is_in_date(self) -> bool:
        return self.state in ("in-date", "due", "held")


@dataclass(frozen=True, slots=True)
class Entry:
    """A course as a result shows it. ``words`` is what a search looks through, folded."""

    code: str
    slug: str
    family: str
    title: str
    promise: str
    audience: tuple[str, ...]
    minutes: int
    validity_months: int | None
    requires: tuple[str, ...]
    title_words: str
    words: str
    is_reviewed: bool = False
    mine: MyState = field(default_factory=MyState)

    @property
    def audience_in_words(self) -> str:
        """'constables and supervising sergeants': in the middle of a sentence, abbreviations left as they are."""
        return listed([in_sentence(group) for group in self.audience])


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, as it stands in the address. ``audience`` holds slugs."""

    text: str = ""
    family: str = ""
    up_to_two_hours: bool = False
    audience: frozenset[str] = frozenset()
    state: str = ""
    hide_in_date: bool = False

    @property
    def filters_on(self) -> int:
        return self.up_to_two_hours + len(self.audience) + bool(self.state) + self.hide_in_date

    @property
    def for_search(self) -> str:
        """The query string with the search alone."""
        return f"?{urlencode({'q': self.text})}" if self.text else ""

    @property
    def without_hiding(self) -> str:
        return self.address(hide_in_date=False)

    def address(self, **changes: Any) -> str:
        """Return the query string with some parts changed; empty when nothing is asked."""
        asked = replace(self, **changes)
        pairs: list[tuple[str, str]] = [("q", asked.text)] if asked.text else []
        pairs += [("hours", "2")] if asked.up_to_two_hours else []
        pairs += [("for", slug) for slug in sorted(asked.audience)]
        pairs += [("mine", asked.state)] if asked.state else []
        pairs += [("hide", "in-date")] if asked.hide_in_date else []
        return f"?{urlencode(pairs)}" if pairs else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of the filters: field and value in the address, words, how many it would leave."""

    name: str
    value: str
    label: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue page shows. ``in_scope`` is how many the family or search has before the filters.

    ``elsewhere`` are the families that hold what the search looks for, where this one does not.
    """

    query: Query
    families: tuple[Family, ...]
    family: Family | None
    entries: tuple[Entry, ...]
    in_scope: int
    hidden_in_date: int
    choices: tuple[Choice, ...]
    audiences: tuple[Choice, ...]
    total: int
    elsewhere: tuple[Family, ...] = ()
    elsewhere_matches: bool = False

    @property
    def illustrative(self) -> str:
        """A sentence on how many of the courses listed the force has not reviewed yet; empty where none is."""
        count = sum(not entry.is_reviewed for entry in self.entries)
        if not count:
            return ""
        if count == len(self.entries):
            return "Illustrative content, to be reviewed by the force."
        some = "One of these courses is" if count == 1 else f"{count} of these courses are"
        return f"{some} illustrative content, to be reviewed by the force; each says so on its page."


def query_from(data: Mapping[str, Any], *, family: str = "", audiences: list[str] | None = None) -> Query:
    """Read a query from an address; what is not understood is left out."""
    state = str(data.get("mine") or "")
    return Query(
        text=" ".join(str(data.get("q") or "").replace("\0", " ").split())[:LONGEST_SEARCH],
        family=family,
        up_to_two_hours=data.get("hours") == "2",
        audience=frozenset(slugify(slug) for slug in audiences or [] if slugify(slug)),
        state=state if state in (STARTED, NOT_STARTED) else "",
        hide_in_date=data.get("hide") == "in-date",
    )


def listing(query: Query, user: AbstractBaseUser | AnonymousUser, *, on: date, due_days: int = 90) -> Listing:
    """Return what the catalogue answers to a query, with the reader's own state where they are signed in."""
    everything = _entries()
    mine = my_states(user, on=on, due_days=due_days) if user.is_authenticated else {}
    everything = [replace(entry, mine=mine[entry.code]) if entry.code in mine else entry for entry in everything]
    words = fold(query.text).split()
    found = [entry for entry in everything if all(word in entry.words for word in words)]
    scope = [entry for entry in found if not query.family or entry.family == query.family]
    kept = [entry for entry in scope if all(test(entry) for test in _tests(query).values())]
    without_hiding = _tests(replace(query, hide_in_date=False))
    shown_if_not_hidden = [entry for entry in scope if all(test(entry) for test in without_hiding.values())]
    families = families_with(everything)
    return Listing(
        query=query,
        families=families,
        family=next((family for family in families if family.code == query.family), None),
        entries=tuple(sorted(kept, key=lambda entry: (_distance(entry, words), entry.title_words))),
        in_scope=len(scope),
        hidden_in_date=len(shown_if_not_hidden) - len(kept) if query.hide_in_date else 0,
        choices=tuple(_choices(query, scope, is_person=user.is_authenticated)),
        audiences=tuple(_audiences(query, scope)),
        total=len(everything),
        elsewhere=() if scope else _elsewhere(families, found),
        elsewhere_matches=bool(found),
    )


def families_with(entries: list[Entry]) -> tuple[Family, ...]:
    """Return the families in the catalogue's order with their counts; one that lost its page keeps its code as title."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.family] = counts.get(entry.family, 0) + 1
    listed = [replace(family, count=counts.pop(family.code, 0)) for family in families()]
    return (*listed, *(Family(code, code, _words_of(code), "", count) for code, count in sorted(counts.items())))


def families() -> tuple[Family, ...]:
    """Return the families that have a live page, in the catalogue's order; read once a minute."""
    return kept("courses.families", _read_families, seconds=FAMILIES_KEPT_SECONDS, in_memory=FAMILIES_IN_MEMORY_SECONDS)


def family_titled(code: str) -> str:
    """Return the title of a family, or its code in words."""
    return next((family.title for family in families() if family.code == code), _words_of(code))


def my_states(user: Any, *, on: date, due_days: int) -> dict[str, MyState]:
    """Return by course code how somebody stands with each course they were ever on, as last corrected. Two queries."""
    rows = list(
        Enrolment.objects.of(user)
        .exclude(outcome__in=[EnrolmentOutcome.LEFT, EnrolmentOutcome.REPLACED])
        .annotate(done=Count("steps_done"), valid_until=F("completion__certificate__valid_until"))
        .order_by("occasion")
        .values_list("course__code", "closed_at", "done", "valid_until", "release_id", "release__digest", *COMPLETED)
    )
    outlines = outlines_of({row[4]: row[5] for row in rows if row[1] is None})
    corrected = corrected_completions([row[6] for row in rows if row[6] is not None])
    states: dict[str, MyState] = {}
    for code, closed_at, done, until, release, _digest, entry, revocation in rows:
        now = corrected.get(entry)
        if revocation is not None or (entry in corrected and now is None):
            continue
        until = now.valid_until if now is not None else until
        if closed_at is None:
            earlier = states.get(code, MyState())
            state = earlier.state if earlier.is_in_date else STARTED
            states[code] = MyState(state, done, len(outlines[release].steps), earlier.valid_until)
        else:
            states[code] = MyState(_validity(until, on, due_days), valid_until=until)
    return states


def in_sentence(words: str) -> str:
    """Return words as they stand in the middle of a sentence: abbreviations keep their capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def listed(words: Sequence[str]) -> str:
    """'constables, sergeants and staff'."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def fold(text: str) -> str:
    """Return text for comparing: no accents, no case, punctuation as spaces."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(
        char if char.isalnum() else " " for char in plain.casefold() if not unicodedata.combining(char)
    ).strip()


def _validity(until: date | None, on: date, due_days: int) -> str:
    if until is None:
        return "held"
    if until < on:
        return "expired"
    return "due" if (until - on).days <= due_days else "in-date"


def _read_families() -> tuple[Family, ...]:
    rows = FamilyPage.objects.live().order_by("path").values_list("code", "slug", "title", "introduction")
    return tuple(Family(*row) for row in rows)


def _entries() -> list[Entry]:
    withdrawn = CourseWithdrawal.objects.filter(ended_at__isnull=True).values("course")
    rows = Course.objects.filter(current_release__isnull=False).exclude(pk__in=withdrawn).order_by("pk")
    is_reviewed = Exists(CourseReview.objects.filter(release=OuterRef("current_release")))
    found = list(
        rows.annotate(is_reviewed=is_reviewed).values_list(
            "current_release_id", "current_release__digest", "is_reviewed"
        )
    )
    releases = {release: digest for release, digest, _reviewed in found}
    reviewed = {release for release, _digest, reviewed in found if reviewed}
    key = f"courses.catalogue.{SHAPE}.{hashlib.sha256(repr(found).encode()).hexdigest()}"

    def entries() -> list[Entry]:
        return [_entry(outline, is_reviewed=release in reviewed) for release, outline in outlines_of(releases).items()]

    return kept(key, entries, seconds=LIST_KEPT_SECONDS)


def _entry(outline: Outline, *, is_reviewed: bool) -> Entry:
    shown = outline.particulars
    references = shown.get("references") or []
    words = [
        outline.title,
        outline.code,
        shown.get("promise") or "",
        *(outcome["text"] for outcome in shown.get("outcomes") or []),
        *(f"{reference.get('title', '')} {reference.get('provision', '')}" for reference in references),
        *(shown.get("audience") or []),
        *outline.module_titles,
        *(step.title for step in outline.steps),
    ]
    return Entry(
        code=outline.code,
        slug=outline.slug,
        family=outline.family,
        title=outline.title,
        promise=shown.get("promise") or "",
        audience=tuple(shown.get("audience") or ()),
        minutes=outline.minutes,
        validity_months=outline.validity_months,
        requires=tuple(shown.get("requires") or ()),
        title_words=fold(outline.title),
        words=fold(" ".join(words)),
        is_reviewed=is_reviewed,
    )


def _elsewhere(families: tuple[Family, ...], found: list[Entry]) -> tuple[Family, ...]:
    """Return where to look instead: families with a match, or the largest one when nothing matches at all."""
    matching = {entry.family for entry in found}
    if matching:
        return tuple(family for family in families if family.code in matching)
    return tuple(sorted(families, key=lambda family: -family.count)[:1])


def _tests(query: Query) -> dict[str, Callable[[Entry], bool]]:
    """Return the filters that are on, by group."""
    tests: dict[str, Callable[[Entry], bool]] = {}
    if query.up_to_two_hours:
        tests["hours"] = lambda entry: entry.minutes <= TWO_HOURS
    if query.audience:
        tests["for"] = lambda entry: any(slugify(group) in query.audience for group in entry.audience)
    if query.state == STARTED:
        tests["mine"] = lambda entry: entry.mine.total > 0
    if query.state == NOT_STARTED:
        tests["mine"] = lambda entry: entry.mine == MyState()
    if query.hide_in_date:
        tests["hide"] = lambda entry: not entry.mine.is_in_date
    return tests


def _choices(query: Query, scope: list[Entry], *, is_person: bool) -> list[Choice]:
    def left(**changes: Any) -> int:
        tests = _tests(replace(query, **changes)).values()
        return sum(all(test(entry) for test in tests) for entry in scope)

    found = [Choice("hours", "2", "Up to 2 hours", left(up_to_two_hours=True), query.up_to_two_hours)]
    if is_person:
        found += [
            Choice("mine", STARTED, "I have started", left(state=STARTED), query.state == STARTED),
            Choice("mine", NOT_STARTED, "I have not started", left(state=NOT_STARTED), query.state == NOT_STARTED),
            Choice(
                "hide",
                "in-date",
                "Hide what I hold in date",
                sum(entry.mine.is_in_date for entry in scope),
                query.hide_in_date,
            ),
        ]
    return found


def _audiences(query: Query, scope: list[Entry]) -> list[Choice]:
    """Return whom the courses in scope are for, in alphabetical order, with how many each would leave."""
    groups = {slugify(group): group for entry in scope for group in entry.audience}
    choices = []
    for slug, group in groups.items():
        tests = _tests(replace(query, audience=frozenset({slug}))).values()
        count = sum(all(test(entry) for test in tests) for entry in scope)
        choices.append(Choice("for", slug, group, count, slug in query.audience))
    return sorted(choices, key=lambda choice: choice.label.casefold())


def _distance(entry: Entry, words: list[str]) -> int:
    """Return 0 where the title has every word, 1 where some, 2 where none."""
    hits = sum(word in entry.title_words for word in words)
    return 0 if hits == len(words) else 1 if hits else 2


def _words_of(code: str) -> str:
    return code.replace("-", " ").capitalize()
