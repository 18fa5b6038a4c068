"""An officer's period as the page shows it: the finding, pictures, every entry with its reason, what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cpd_records.activities.totals import year_of
from cpd_records.currency.facts import Footing, footing_at
from cpd_records.models import Declaration, Scheme
from cpd_records.schemes.declaring import declaration_of
from cpd_records.schemes.keeping import kinds_of_learning
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.officers import OfficerSchemes, presence_of, progress_in_scheme, schemes_for
from cpd_records.schemes.periods import A_DAY, Span
from cpd_records.schemes.picture import Picture, picture_of_minutes, pictures_of
from cpd_records.schemes.progress import NO_TARGET, EntryProgress, Progress, TargetProgress
from cpd_records.schemes.record import Unverified, learning_of, unverified_of
from people import clock
from people.durations import hours
from people.force import force
from people.models import User

NO_SCHEME = "No scheme"
IMPORTED, UNKNOWN_KIND = "Imported records", "Something else"


@dataclass(frozen=True)
class Overview:
    """One period. ``progress`` and ``scheme`` are None where no scheme held: then the CPD year is shown, without a target.

    ``footing`` is what it rests on. ``previous_on`` and ``next_on`` are days in the periods before and after, None where there is nothing
    to look at.
    """

    officer: User
    scheme: Scheme | None
    progress: Progress | None
    span: Span
    on: date
    is_over: bool
    minutes: int
    finding: str
    pictures: tuple[Picture, ...]
    entries: tuple[EntryProgress, ...]
    unverified: tuple[Unverified, ...]
    declaration: Declaration | None
    schemes: tuple[Scheme, ...]
    previous_on: date | None
    next_on: date | None
    footing: Footing

    @property
    def title(self) -> str:
        return self.progress.title if self.progress else "Your CPD year"

    @property
    def targets(self) -> tuple[TargetProgress, ...]:
        return self.progress.targets if self.progress else ()

    @property
    def unverified_minutes(self) -> int:
        return sum(it.minutes for it in self.unverified)

    @property
    def may_declare(self) -> bool:
        due = self.progress.declaration if self.progress and self.footing.cut.size is None else None
        return due is not None and self.declaration is None and clock.today() >= due.opens_on

    @property
    def is_late(self) -> bool:
        due = self.progress.declaration if self.progress else None
        return due is not None and self.declaration is None and clock.today() > due.due_by


def overview_of(officer: User, *, on: date, code: str = "", known_at: datetime | None = None) -> Overview:
    """Return the period of the day in the scheme with the code, or in the first that holds; the CPD year where none does.

    ``on`` is today or earlier; a day of a period that is over is answered as the period ended. With ``known_at`` (aware) all of it as
    recorded by then: entries cut by the last checkpoint's size, rows by its time.
    """
    footing = footing_at(known_at)
    schemes = schemes_for(officer, known_at=footing.cut.time)
    held = tuple(scheme for scheme in schemes.standing if schemes.rules_on(scheme, on))
    scheme = next((one for one in held if one.code == code), held[0] if held else None)
    learning = learning_of(officer, size=footing.cut.size)
    if scheme is None:
        return _year(officer, learning, on, footing)
    return _period(officer, schemes, scheme, held, learning, on, footing)


def _period(
    officer: User,
    schemes: OfficerSchemes,
    scheme: Scheme,
    held: tuple[Scheme, ...],
    learning: list[Learning],
    on: date,
    footing: Footing,
) -> Overview:
    today, presence = clock.today(), presence_of(officer, known_at=footing.cut.time)
    progress = progress_in_scheme(schemes, scheme, learning, presence, on=on)
    assert progress is not None  # it is one of those that hold on the day
    if on < min(progress.span.ends_on, today):
        whole = progress_in_scheme(schemes, scheme, learning, presence, on=min(progress.span.ends_on, today))
        # Where the rules changed within the period, the day asked about keeps the rules of that day.
        progress = whole if whole is not None and whole.span == progress.span else progress
    span = progress.span
    here = [entry.learning for entry in progress.entries]
    pictures = pictures_of(progress) or [picture_of_minutes(minutes_by_kind(here), progress.finding)]
    before = span.starts_on - A_DAY
    return Overview(
        officer=officer,
        scheme=scheme,
        progress=progress,
        span=span,
        on=progress.on,
        is_over=progress.is_over,
        minutes=progress.minutes,
        finding=progress.finding,
        pictures=tuple(pictures),
        entries=progress.entries,
        unverified=_within(unverified_of(officer), span) if footing.cut.size is None else (),
        declaration=declaration_of(officer, progress),
        schemes=held,
        previous_on=before if schemes.rules_on(scheme, before) else None,
        next_on=_next(span, today),
        footing=footing,
    )


def _year(officer: User, learning: list[Learning], on: date, footing: Footing) -> Overview:
    today = clock.today()
    span = Span(*year_of(on, starts_in=force().cpd_year_starts_month))
    here = [it for it in learning if it.day in span and it.day <= today]
    minutes = sum(it.minutes for it in here)
    finding = f"{hours(minutes)} recorded. {NO_TARGET}"
    first = min((it.day for it in learning), default=today)
    return Overview(
        officer=officer,
        scheme=None,
        progress=None,
        span=span,
        on=min(span.ends_on, today),
        is_over=today > span.ends_on,
        minutes=minutes,
        finding=finding,
        pictures=(picture_of_minutes(minutes_by_kind(here), finding),),
        entries=tuple(recorded_only(it) for it in here),
        unverified=_within(unverified_of(officer), span) if footing.cut.size is None else (),
        declaration=None,
        schemes=(),
        previous_on=span.starts_on - A_DAY if first < span.starts_on else None,
        next_on=_next(span, today),
        footing=footing,
    )


def recorded_only(it: Learning) -> EntryProgress:
    """Return an entry that counts towards no target, with why where a correction took it back."""
    return EntryProgress(it, (), f"A correction took it back: {it.withdrawn}" if it.withdrawn else "")


def minutes_by_kind(learning: Iterable[Learning]) -> list[tuple[str, int]]:
    """Return ``(kind as words, minutes)``, the most first; what brings no minutes is left out."""
    counted: Counter[str] = Counter()
    for it in learning:
        counted[kind_in_words(it)] += it.minutes
    return sorted(
        ((words, minutes) for words, minutes in counted.items() if minutes), key=lambda row: (-row[1], row[0])
    )


def kind_in_words(it: Learning) -> str:
    """Return what sort of learning an entry is."""
    known = dict(kinds_of_learning())
    return known.get(it.kind) or (IMPORTED if it.source == Source.IMPORTED else UNKNOWN_KIND)


def _within(found: Iterable[Unverified], span: Span) -> tuple[Unverified, ...]:
    return tuple(it for it in found if it.day in span)


def _next(span: Span, today: date) -> date | None:
    """Return a day of the period after, None where that has not begun."""
    return min(span.ends_on + A_DAY, today) if span.ends_on < today else None
