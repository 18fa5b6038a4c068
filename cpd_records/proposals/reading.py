"""Proposals in words: what the record says now, what it would say, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from cpd_records.activities.putting_right import StandingActivity
from cpd_records.activities.putting_right import said_in as told_in
from cpd_records.certificates.awarding import particulars_of
from cpd_records.completions.standing import StandingCompletion
from cpd_records.importing.corrections import Said, imported_records, said_in
from cpd_records.models import Certificate, Exemption, PublicReason, RecordProposal
from cpd_records.proposals import learning
from cpd_records.proposals.deciding import is_stale
from cpd_records.qualifications.standing_awards import StandingAward, all_awards
from people import access
from people.dates import long_date
from people.durations import hours
from people.models import User

Kind, State = RecordProposal.Kind, RecordProposal.State
BY_ITS_RULE = "As its rule says"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a proposal is about: what it says ``now`` ('' where that cannot be said) and what it would say."""

    what: str
    now: str
    wanted: str

    @property
    def is_changed(self) -> bool:
        return bool(self.now) and self.now != self.wanted


@dataclass(frozen=True, slots=True)
class Told:
    """A proposal on its page. ``may_decide`` and ``may_take_back`` are about whoever reads it; ``is_stale`` while it waits."""

    proposal: RecordProposal
    changes: tuple[Change, ...]
    is_stale: bool
    may_decide: bool
    may_take_back: bool


def proposals_shown(reader: User) -> QuerySet[RecordProposal]:
    """Return every proposal the reader may read, with the people in it."""
    rows = RecordProposal.objects.visible_to(reader)
    return rows.select_related("officer", "proposed_by", "decided_by")


def waiting_about(officer: User, *, reader: User) -> list[RecordProposal]:
    """Return what waits for a decision about one officer, where the reader may read it."""
    return list(proposals_shown(reader).waiting().about(officer))  # type: ignore[attr-defined]


def told(proposal: RecordProposal, *, reader: User) -> Told:
    """Return a proposal as its page shows it to the reader."""
    waits = proposal.state == State.PROPOSED
    mine = RecordProposal.objects.waiting_for(reader).filter(pk=proposal.pk).exists()
    return Told(
        proposal,
        tuple(_changes(proposal)),
        is_stale=waits and is_stale(proposal),
        may_decide=mine,
        may_take_back=waits and access.is_own(reader, proposal.proposed_by),
    )


def _changes(proposal: RecordProposal) -> list[Change]:
    wanted, kind = proposal.wanted, proposal.kind
    waits = proposal.state == State.PROPOSED
    if kind in (Kind.CORRECT_AWARD, Kind.WITHDRAW_AWARD, Kind.VOID_AWARD):
        award = _award(proposal.officer, UUID(wanted["award"])) if waits else None
        return _about_award(kind, award, wanted)
    if kind in (Kind.CORRECT_IMPORTED, Kind.VOID_IMPORTED):
        record = _imported(proposal.officer, UUID(wanted["record"])) if waits else None
        return _about_import(kind, record, wanted)
    if kind in learning.OF_COMPLETIONS:
        return _about_completion(kind, learning.completion_meant(proposal) if waits else None, wanted)
    if kind in learning.OF_ACTIVITIES:
        return _about_activity(kind, learning.activity_meant(proposal) if waits else None, wanted)
    if kind == Kind.EXEMPT:
        until = _day(wanted["until"])
        return [
            Change("From", "", long_date(date.fromisoformat(wanted["valid_from"]))),
            Change("Until", "", long_date(until) if until else "For good, until it is ended"),
        ]
    if kind == Kind.LIFT_SUSPENSION:
        now = "Suspended, not to be relied on" if waits else ""
        return [Change("Strangers are told", now, "What holds without the suspension")]
    if kind == Kind.REISSUE_CERTIFICATE:
        return _about_certificate(wanted)
    if kind == Kind.END_EXEMPTION:
        row = Exemption.objects.get(pk=wanted["exemption"])
        now = long_date(row.valid_until) if row.valid_until else "For good"
        return [Change("Last day", now, long_date(date.fromisoformat(wanted["last_day"])))]
    return [Change("Strangers are told", "", PublicReason(wanted["public_reason"]).told)]


def _about_award(kind: str, award: StandingAward | None, wanted: dict[str, Any]) -> list[Change]:
    if kind == Kind.VOID_AWARD:
        return [Change("It counts", "Yes" if award else "", "No: it was never true")]
    if kind == Kind.WITHDRAW_AWARD:
        return [Change("Last day", _last(award), long_date(date.fromisoformat(wanted["last_day"])))]
    until = _day(wanted["valid_until"])
    return [
        Change("Reached on", long_date(award.day) if award else "", long_date(date.fromisoformat(wanted["day"]))),
        Change("Last day", _last(award), long_date(until) if until else BY_ITS_RULE),
        Change("Length", _length(award.minutes) if award else "", _length(wanted["minutes"])),
    ]


def _about_import(kind: str, record: Said | None, wanted: dict[str, Any]) -> list[Change]:
    if kind == Kind.VOID_IMPORTED:
        return [Change("It counts", "Yes" if record else "", "No: it was never true")]
    return [
        Change(what, now, then)
        for (what, then), now in zip(
            _in_words(said_in(wanted)),
            [words for _what, words in _in_words(record)] if record else [""] * 5,
            strict=True,
        )
    ]


def _about_certificate(wanted: dict[str, Any]) -> list[Change]:
    """Return what a certificate printed, whatever became of it since, and what it should have."""
    said = particulars_of(Certificate.objects.select_related("entry__readable").get(pk=wanted["certificate"]))
    return [
        Change("What it is for", said.title if said else "", wanted["title"]),
        Change("Release", said.release if said else "", wanted["release"]),
        Change("Learning time", _length(said.minutes) if said else "", _length(wanted["minutes"])),
    ]


def _about_completion(kind: str, completion: StandingCompletion | None, wanted: dict[str, Any]) -> list[Change]:
    if kind == Kind.VOID_COMPLETION:
        return [
            Change("It counts", "Yes" if completion else "", "No: it was never true"),
            Change("Its certificate, and what it awarded", "", "Withdrawn with it"),
        ]
    day = long_date(date.fromisoformat(wanted["day"]))
    return [
        Change("Completed on", long_date(completion.day) if completion else "", day),
        Change("Length", _length(completion.minutes) if completion else "", _length(wanted["minutes"])),
    ]


def _about_activity(kind: str, activity: StandingActivity | None, wanted: dict[str, Any]) -> list[Change]:
    if kind == Kind.VOID_ACTIVITY:
        return [Change("It counts", "Yes" if activity else "", "No: it was never true")]
    now, then = activity.it if activity else None, told_in(wanted)
    return [
        Change("What", now.title if now else "", then.title),
        Change("Kind", now.kind_words if now else "", then.kind_words),
        Change("Happened on", long_date(now.day) if now else "", long_date(then.day)),
        Change("Length", _length(now.minutes) if now else "", _length(then.minutes)),
    ]


def _in_words(it: Said) -> list[tuple[str, str]]:
    return [
        ("What", it.title),
        ("Happened on", long_date(it.day)),
        ("Last day", long_date(it.valid_until) if it.valid_until else "Not said"),
        ("Length", _length(it.minutes)),
        ("Result there", it.result or "Not said"),
    ]


def _imported(officer: User, entry: UUID) -> Said | None:
    return next((one.it for one in imported_records(officer) if one.entry == entry), None)


def _award(officer: User, entry: UUID) -> StandingAward | None:
    return next((one for one in all_awards(officer) if one.entry == entry), None)


def _last(award: StandingAward | None) -> str:
    if award is None:
        return ""
    return long_date(award.valid_until) if award.valid_until else BY_ITS_RULE


def _length(minutes: int | None) -> str:
    return hours(minutes) if minutes else "Not said"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
