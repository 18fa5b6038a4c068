"""Signing off the portfolio of a phase as a whole: by the part the programme names, after signing in again, with a ledger entry."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.models import ItemState, PortfolioItem, PortfolioJudgement, PortfolioSignOff, Recruit
from courses.portfolio.counting import tallies_of
from courses.portfolio.judges import may_sign_off
from courses.portfolio.refusals import (
    NotConfirmed,
    NotYours,
    RecruitRefused,
    locked_recruit,
    phase_of,
    refuse_ended,
    refuse_signed_off,
)
from courses.programmes.deciding import OWN, write_decision
from courses.programmes.refusals import MovedMeanwhile, checked_words
from courses.programmes.values import SIGNERS, Phase
from people import access
from people.models import User

SECONDS_CONFIRMED = 300


def sign_off(
    recruit: Recruit,
    phase: str,
    *,
    words: str,
    seen: str,
    by: User,
    at: datetime,
    confirmed_at: datetime | None,
) -> PortfolioSignOff:
    """Sign off the portfolio of a phase. Refused while a heading is unmet, and while anything changed since the page (``seen``).

    ``confirmed_at`` is when ``by`` last signed in again: each such moment confirms one sign-off, and not for long. Raises
    ``RecruitRefused``, among it ``NotConfirmed`` once everything else is right.
    """
    words = checked_words(words, field="words", missing="Say in a sentence what the sign-off rests on.")
    with transaction.atomic():
        recruit = locked_recruit(recruit)
        asked = phase_of(recruit, phase)
        if access.is_own(by, recruit.officer):
            raise NotYours(OWN)
        today = timezone.localdate(at)
        if not may_sign_off(by, recruit, asked, on=today):
            raise NotYours(f"The portfolio of ‘{asked.title}’ is signed off by {SIGNERS[asked.portfolio_signed_by]}.")
        refuse_ended(recruit)
        refuse_signed_off(recruit, asked)
        judged = judged_items(recruit, asked)
        if any(item.current and item.current.witness_id == by.pk for item in judged):
            raise NotYours("You are named as a witness in this portfolio, so somebody else signs it off.")
        count = tallies_of([recruit.pk], on=today).of(recruit.pk, asked)
        if count.unmet:
            first, more = count.unmet[0], len(count.unmet) - 1
            others = f" {more} more headings are not met." if more > 1 else " One more is not met." if more else ""
            raise RecruitRefused(f"This cannot be signed off yet. {first.heading.title}: {first.reason}{others}")
        if seen != digest_of_portfolio(judged):
            raise MovedMeanwhile(
                "The portfolio has changed since you opened this page. Look at it, then sign it off; nothing was recorded."
            )
        if confirmed_at is None or not _is_confirmed(by, confirmed_at, at=at):
            raise NotConfirmed
        entry = write_decision(
            recruit,
            "portfolio_signed_off",
            by=by,
            on=today,
            reason=words,
            evidence="",
            phase=asked.slug,
            phase_title=asked.title,
            headings=len(asked.portfolio),
            items=len(judged),
            portfolio_digest=seen,
        )
        return PortfolioSignOff.objects.create(
            recruit=recruit,
            phase=asked.slug,
            officer=recruit.officer,
            by=by,
            signed_on=today,
            at=at,
            confirmed_at=confirmed_at,
            words=words,
            entry=entry,
        )


def end_sign_off(recruit: Recruit, phase: str, *, reason: str, by: User, at: datetime) -> None:
    """Record that a sign-off no longer stands, if one does, because a judgement behind it does not; inside the caller's transaction."""
    standing = PortfolioSignOff.objects.filter(recruit=recruit, phase=phase, ended_at__isnull=True).first()
    if standing is None:
        return
    title = phase_of(recruit, phase).title
    write_decision(
        recruit,
        "portfolio_sign_off_ended",
        by=by,
        on=timezone.localdate(at),
        reason=reason,
        evidence="",
        phase=phase,
        phase_title=title,
    )
    standing.ended_at, standing.ended_by, standing.end_reason = at, by, reason
    standing.save(update_fields=["ended_at", "ended_by", "end_reason"])


def judged_items(recruit: Recruit, phase: Phase) -> list[PortfolioItem]:
    """Return the sufficient items of a phase with what was handed in, its headings, files and judgements. Four queries."""
    items = PortfolioItem.objects.filter(recruit=recruit, phase=phase.slug, state=ItemState.SUFFICIENT)
    related = ("current__claims", "current__files", "current__judgements")
    return list(items.select_related("current").prefetch_related(*related).order_by("added_at", "pk"))


def digest_of_portfolio(judged: list[PortfolioItem]) -> str:
    """Return the SHA-256 of what is signed off: every item as handed in, its files, and who judged it. The ledger keeps it.

    DO NOT CHANGE what is digested: portfolios signed off already could no longer be compared with their entries.
    """
    lines = [_line(item) for item in judged]
    text = json.dumps(lines, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _line(item: PortfolioItem) -> dict[str, Any]:
    version: Any = item.current
    judgement: PortfolioJudgement = max(version.judgements.all(), key=lambda one: one.number)
    return {
        "item": str(item.pk),
        "version": version.number,
        "title": version.title,
        "words": version.words,
        "reference": version.reference,
        "happened_on": version.happened_on.isoformat(),
        "place": version.place,
        "headings": sorted(claim.heading for claim in version.claims.all()),
        "files": sorted(file.sha256 for file in version.files.all()),
        "judgement": str(judgement.pk),
        "judged_by": judgement.by_id,
    }


def _is_confirmed(by: User, confirmed_at: datetime, *, at: datetime) -> bool:
    """Return whether somebody signed in again just now, and not for another sign-off."""
    seconds = getattr(settings, "ACCOUNT_REAUTHENTICATION_TIMEOUT", SECONDS_CONFIRMED)
    if not timedelta(0) <= at - confirmed_at <= timedelta(seconds=seconds):
        return False
    return not PortfolioSignOff.objects.filter(by=by, confirmed_at__gte=confirmed_at).exists()
