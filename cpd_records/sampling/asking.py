"""What the sample asks of somebody who was selected, and what came of it, as they are told."""

from __future__ import annotations

from dataclasses import dataclass

from cpd_records.models import SELECTED, Sample, SampleMember
from cpd_records.sampling.outcomes import SECOND, WAITING, came_to, standing_in_words
from people.models import User

SHOWN = 3


@dataclass(frozen=True)
class Asked:
    """One selection. ``words`` are the assessor's, shown once the outcome is settled; a proposed rejection is not."""

    sample: Sample
    is_again: bool
    standing: str
    is_waiting: bool
    words: str


def asked_of(officer: User) -> list[Asked]:
    """Return the officer's selections, newest first."""
    members = SampleMember.objects.filter(officer=officer, why__in=SELECTED).select_related("sample")
    return [_asked(member) for member in members.prefetch_related("readings").order_by("-sample__drawn_at")[:SHOWN]]


def _asked(member: SampleMember) -> Asked:
    code = came_to(member)
    is_waiting = code in (WAITING, SECOND)
    readings = list(member.readings.all())
    return Asked(
        sample=member.sample,
        is_again=member.why == SampleMember.Why.AGAIN,
        standing=standing_in_words(WAITING if is_waiting else code),
        is_waiting=is_waiting,
        words="" if is_waiting or not readings else readings[-1].words,
    )
