"""What pages show of a portfolio: headings with their items, an item with all that was said of it, and what waits for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from courses.models import (
    PortfolioFile,
    PortfolioItem,
    PortfolioJudgement,
    PortfolioReading,
    PortfolioSample,
    PortfolioSampleMember,
    PortfolioSignOff,
    PortfolioVersion,
    Recruit,
)
from courses.portfolio.case_details import WORDS, Kind
from courses.portfolio.counting import HeadingCount, PhaseCount, tallies_of
from courses.portfolio.judges import may_sign_off
from courses.programmes.releasing import plan_of
from courses.programmes.values import SIGNERS, Phase
from people.dates import long_date
from people.models import User, display_name

# The look of a state, as ``training_site.states`` has it.
LOOKS = {"waiting": "waiting", "returned": "refused", "sufficient": "done"}
MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as a list shows it; ``words`` is the reason where it was returned."""

    item: PortfolioItem
    words: str = ""

    @property
    def title(self) -> str:
        return self.item.current.title if self.item.current else ""

    @property
    def state(self) -> str:
        return LOOKS[self.item.state]

    @property
    def state_words(self) -> str:
        return str(self.item.get_state_display())


@dataclass(frozen=True, slots=True)
class ShownHeading:
    """A heading with what it came to and the items under it."""

    count: HeadingCount
    items: tuple[ShownItem, ...]


@dataclass(frozen=True, slots=True)
class ShownPortfolio:
    """The portfolio of a phase. ``signer`` says who signs it off; ``may_sign`` whether that is whoever reads."""

    phase: Phase
    count: PhaseCount
    headings: tuple[ShownHeading, ...]
    items: tuple[ShownItem, ...]
    signed: PortfolioSignOff | None = None
    may_sign: bool = False

    @property
    def returned(self) -> list[ShownItem]:
        return [one for one in self.items if one.item.state == "returned"]

    @property
    def waiting(self) -> list[ShownItem]:
        return [one for one in self.items if one.item.state == "waiting"]

    @property
    def signer(self) -> str:
        return SIGNERS[self.phase.portfolio_signed_by]


def portfolios_of(recruit: Recruit, *, by: User, on: date) -> list[ShownPortfolio]:
    """Return the portfolios of a recruit, in the order of the phases. As many queries for one item as for sixty."""
    phases = plan_of(recruit.release).with_portfolio
    tallies = tallies_of([recruit.pk], on=on)
    by_phase: dict[str, list[ShownItem]] = defaultdict(list)
    related = ("current__claims", "current__judgements")
    for item in PortfolioItem.objects.of(recruit).select_related("current").prefetch_related(*related):
        by_phase[item.phase].append(ShownItem(item, _last_words(item)))
    rows = PortfolioSignOff.objects.filter(recruit=recruit, ended_at__isnull=True).select_related("by")
    signed = {row.phase: row for row in rows}
    return [
        ShownPortfolio(
            phase,
            count := tallies.of(recruit.pk, phase),
            tuple(ShownHeading(one, _under(one, by_phase[phase.slug])) for one in count.headings),
            tuple(by_phase[phase.slug]),
            signed.get(phase.slug),
            may_sign=phase.slug not in signed and recruit.closed_at is None and may_sign_off(by, recruit, phase, on=on),
        )
        for phase in phases
    ]


def _under(count: HeadingCount, items: Iterable[ShownItem]) -> tuple[ShownItem, ...]:
    slug = count.heading.slug
    return tuple(one for one in items if slug in {claim.heading for claim in one.item.current.claims.all()})  # type: ignore[union-attr]


def _last_words(item: PortfolioItem) -> str:
    judgements: list[PortfolioJudgement] = list(item.current.judgements.all())  # type: ignore[union-attr]
    return judgements[-1].reason if judgements else ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that happened to an item: when, what, and the words said with it."""

    at: datetime
    title: str
    by: str
    icon: str
    words: str = ""
    marks: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        day = timezone.localdate(self.at)
        return f"{day.day} {day:%B}"

    @property
    def said_by(self) -> str:
        when = timezone.localtime(self.at)
        return f"{self.by}, {long_date(when.date())} at {when:%H:%M}."


@dataclass(frozen=True, slots=True)
class WholeItem:
    """An item in full: what was handed in, under which headings, its files, and everything said of it, the latest first.

    ``is_last`` says whether that is what was handed in last.
    """

    item: PortfolioItem
    version: PortfolioVersion
    phase: Phase
    headings: tuple[str, ...]
    files: tuple[PortfolioFile, ...]
    judged: int
    told: tuple[Told, ...]
    earlier: tuple[PortfolioVersion, ...] = ()
    is_last: bool = True

    @property
    def state(self) -> str:
        return LOOKS[self.item.state]

    @property
    def confirmed_words(self) -> str:
        """What the recruit confirmed to be no detail of a case, in words for whoever judges it."""
        return ", ".join(WORDS[Kind(kind)] for kind in self.version.confirmed.split())


def whole_item(item: PortfolioItem, *, number: int | None = None) -> WholeItem:
    """Return an item with its whole history, as it was handed in last or as the version of a ``number``.

    Eight queries, whatever happened to it.
    """
    phase = next(one for one in plan_of(item.recruit.release).phases if one.slug == item.phase)
    related = ("claims", "files", "judgements__by", "judgements__sampled__reading__by")
    versions = list(item.versions.select_related("witness", "item").prefetch_related(*related))
    last = versions[-1]
    asked = last if number is None else next(version for version in versions if version.number == number)
    told: list[Told] = []
    officer = display_name(item.recruit.officer)
    for version in versions:
        title = "Handed in" if version.number == 1 else "Handed in anew"
        told.append(Told(version.at, title, officer, "document"))
        for judgement in version.judgements.all():
            told.append(_judged(judgement))
            told += [_read(one.reading) for one in judgement.sampled.all() if hasattr(one, "reading")]
    titles = phase.heading_titles
    return WholeItem(
        item=item,
        version=asked,
        phase=phase,
        headings=tuple(titles.get(claim.heading, claim.heading) for claim in asked.claims.all()),
        files=tuple(asked.files.all()),
        judged=len(asked.judgements.all()),
        told=tuple(sorted(told, key=lambda one: one.at, reverse=True)),
        earlier=tuple(version for version in reversed(versions) if version.number < asked.number),
        is_last=asked == last,
    )


def _judged(judgement: PortfolioJudgement) -> Told:
    held = {
        "valid": judgement.valid,
        "authentic": judgement.authentic,
        "current": judgement.up_to_date,
        "sufficient": judgement.sufficient,
    }
    title = "Judged sufficient" if judgement.is_sufficient else "Returned"
    icon = "tick" if judgement.is_sufficient else "octagon"
    missing = () if judgement.is_sufficient else tuple(f"Not {name}" for name, holds in held.items() if not holds)
    return Told(judgement.at, title, display_name(judgement.by), icon, judgement.reason, missing)


def _read(reading: PortfolioReading) -> Told:
    agreed = reading.outcome == PortfolioReading.Outcome.AGREED
    title = "A quality assurer agreed" if agreed else "A quality assurer did not agree: it is judged anew"
    return Told(reading.at, title, display_name(reading.by), "eye", reading.words)


def waiting_items(user: User) -> list[PortfolioItem]:
    """Return what waits for somebody to judge it, the longest first, at most a hundred. One query."""
    rows = PortfolioItem.objects.waiting_for(user).select_related("current", "recruit__officer")
    return list(rows[:MOST_WAITING])


def members_of(sample: PortfolioSample) -> list[Any]:
    """Return the selected judgements of a sample with whose they are and what was said of them. One query."""
    rows = PortfolioSampleMember.objects.filter(sample=sample, is_selected=True)
    related = ("judgement__by", "judgement__officer", "judgement__version", "reading__by")
    return list(rows.select_related(*related).order_by("reading__at", "judgement__by__name", "place"))


def member_of(sample: PortfolioSample, number: int) -> PortfolioSampleMember | None:
    """Return a selected judgement of a sample by its number."""
    rows = PortfolioSampleMember.objects.filter(sample=sample, is_selected=True, pk=number)
    related = ("judgement__by", "judgement__officer", "judgement__version__item__recruit__officer", "reading__by")
    return rows.select_related(*related, "judgement__version__item__recruit__release__programme").first()


def files_of_form(recruit: Recruit, token: Any) -> list[PortfolioFile]:
    """Return the files kept for a form that is not handed in yet."""
    return list(PortfolioFile.objects.filter(item__recruit=recruit, item__client_token=token))
