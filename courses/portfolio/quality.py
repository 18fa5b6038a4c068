"""Sampling judgements by a plan, and what a quality assurer says of them: never of their own, and a disagreement opens the item again."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.models import (
    ItemState,
    PortfolioItem,
    PortfolioJudgement,
    PortfolioReading,
    PortfolioSample,
    PortfolioSampleMember,
)
from courses.models.portfolio import REASON_LENGTH
from courses.portfolio.judging import set_state
from courses.portfolio.refusals import NotYours, RecruitRefused, checked_text, locked_recruit
from courses.portfolio.signing_off import end_sign_off
from cpd_records.sampling.lot import draw
from people import access
from people.models import User

SEED_LENGTH, MOST_LEAST, IN_ONE_STATEMENT = 200, 20, 1000
NOT_AN_ASSURER = "Judgements are sampled by internal quality assurers. You do not hold that role."
OWN = "This is your own judgement. Another quality assurer reads it."
OWN_PORTFOLIO = "This is about your own portfolio. Another quality assurer reads it."
Outcome = PortfolioReading.Outcome


def draw_judgements(
    *, starts_on: date, ends_on: date, seed: str, share: int, least: int, by: User, at: datetime
) -> PortfolioSample:
    """Draw a sample of the judgements of a period and keep it, with all it was drawn from.

    ``share`` is in tenths of a per cent and taken of each judge's; ``least`` is how many of each are taken at least, so that whoever judges
    seldom is sampled too. Judgements a quality assurer has read already are left out. Raises ``RecruitRefused``.
    """
    if not access.has_role(by, access.IQA):
        raise NotYours(NOT_AN_ASSURER)
    seed = checked_text(
        seed, field="seed", most=SEED_LENGTH, missing="Enter a seed that nobody here could choose.", lines=False
    )
    if ends_on < starts_on:
        raise RecruitRefused("The last day is before the first. Check both days.", "ends_on")
    if starts_on > timezone.localdate(at):
        raise RecruitRefused("This period has not begun, so nothing was judged in it yet.", "starts_on")
    if not 1 <= share <= 1000:
        raise RecruitRefused("The share is from 0.1 to 100 per cent.", "share")
    if not 0 <= least <= MOST_LEAST:
        raise RecruitRefused(f"At least how many of each: a whole number from 0 to {MOST_LEAST}.", "least")
    with transaction.atomic():
        if PortfolioSample.objects.filter(seed=seed, starts_on=starts_on, ends_on=ends_on).exists():
            raise RecruitRefused("A sample of this period was drawn from this seed already. Take a new seed.", "seed")
        by_judge = _judgements(starts_on, ends_on)
        if not by_judge:
            raise RecruitRefused("Nothing was judged in this period that has not been read already.", "starts_on")
        sample = PortfolioSample.objects.create(
            starts_on=starts_on,
            ends_on=ends_on,
            seed=seed,
            share=share,
            least=least,
            population=sum(len(judged) for judged in by_judge.values()),
            drawn_at=at,
            drawn_by=by,
        )
        members = []
        for judged in by_judge.values():
            lot = draw(seed, judged, share=share)
            number = max(lot.number, min(least, len(lot.order)))
            members += [
                PortfolioSampleMember(sample=sample, judgement_id=key, place=place, is_selected=place <= number)
                for place, key in enumerate(lot.order, 1)
            ]
        PortfolioSampleMember.objects.bulk_create(members, batch_size=IN_ONE_STATEMENT)
        return sample


def read_judgement(
    member: PortfolioSampleMember, *, outcome: str, words: str, by: User, at: datetime
) -> PortfolioReading:
    """Say whether one agrees with a selected judgement. Where not, with a reason, the item waits to be judged anew.

    If the portfolio was signed off, the sign-off no longer stands either. Raises ``RecruitRefused``: without the role, for one's own
    judgement or portfolio, and a second time.
    """
    if not access.has_role(by, access.IQA):
        raise NotYours(NOT_AN_ASSURER)
    if outcome not in Outcome.values:
        raise RecruitRefused("Choose whether you agree.", "outcome")
    with transaction.atomic():
        judgement = PortfolioJudgement.objects.select_related("version__item__recruit", "officer", "by").get(
            pk=member.judgement_id
        )
        item = judgement.version.item
        recruit = locked_recruit(item.recruit)
        if access.is_own(by, judgement.by):
            raise NotYours(OWN)
        if access.is_own(by, judgement.officer):
            raise NotYours(OWN_PORTFOLIO)
        if not member.is_selected:
            raise RecruitRefused("This judgement was not selected, so there is nothing to say of it.")
        if PortfolioReading.objects.filter(member__judgement=judgement).exists():
            raise RecruitRefused("A quality assurer has read this judgement already. What was said stands.")
        words = checked_text(
            words,
            field="words",
            most=REASON_LENGTH,
            missing=""
            if outcome == Outcome.AGREED
            else "Say why you do not agree. The judge and the recruit read this.",
        )
        reading = PortfolioReading.objects.create(
            member=member,
            outcome=outcome,
            words=words,
            officer=judgement.officer,
            judged_by=judgement.by,
            by=by,
            at=at,
        )
        if outcome == Outcome.NOT_AGREED and _stands(judgement):
            set_state(PortfolioItem.objects.get(pk=item.pk), ItemState.WAITING, at=at)
            end_sign_off(recruit, item.phase, reason=words, by=by, at=at)
        return reading


def _judgements(starts_on: date, ends_on: date) -> dict[int, list[UUID]]:
    """Return the judgements of a period that nobody has read yet, by who judged."""
    rows = PortfolioJudgement.objects.filter(at__date__gte=starts_on, at__date__lte=ends_on)
    found: dict[int, list[UUID]] = defaultdict(list)
    for judge, key in rows.exclude(sampled__reading__isnull=False).values_list("by", "pk"):
        found[judge].append(key)
    return dict(found)


def _stands(judgement: PortfolioJudgement) -> bool:
    """Return whether the judgement is the last of what was handed in last, so that the item follows from it."""
    version = judgement.version
    is_last = not PortfolioJudgement.objects.filter(version=version, number__gt=judgement.number).exists()
    return is_last and version.item.current_id == version.pk
