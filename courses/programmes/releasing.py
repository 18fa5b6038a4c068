"""Bringing out a programme: a release for each change, kept for ever; recruits stay on the one they began on."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.models import Programme, ProgrammeRelease, ProgrammeWithdrawal
from courses.programmes.refusals import NotYours, RecruitRefused, checked_words
from courses.programmes.values import Plan, ProgrammeRefused, canonical, digest, read_plan
from people import access
from people.dates import long_date
from people.models import User


def plan_of(release: ProgrammeRelease) -> Plan:
    """Return what a release asks, as values."""
    return read_plan(release.plan)


def release_programme(code: str, data: Any, *, by: User | None, at: datetime) -> ProgrammeRelease:
    """Bring out a programme as the data says and return the release; the same data again returns the one there is.

    ``by`` None is the product itself. Raises ``RecruitRefused``, also where the data is no programme.
    """
    if by is not None and not access.has_role(by, access.SYSTEM_ADMIN):
        raise NotYours("Only a system administrator brings out a programme.")
    try:
        plan = read_plan(data)
    except ProgrammeRefused as refusal:
        raise RecruitRefused(str(refusal)) from refusal
    with transaction.atomic():
        programme, _new = Programme.objects.select_for_update().get_or_create(code=code, defaults={"title": plan.title})
        current = programme.current_release
        if current is not None and current.digest == digest(plan):
            return current
        last = programme.releases.aggregate(last=Max("number"))["last"] or 0
        release = ProgrammeRelease.objects.create(
            programme=programme,
            number=last + 1,
            plan=json.loads(canonical(plan)),
            digest=digest(plan),
            released_at=at,
            released_by=by,
        )
        programme.title, programme.current_release = plan.title, release
        programme.save(update_fields=["title", "current_release"])
    return release


def withdraw_release(release: ProgrammeRelease, *, by: User, at: datetime, reason: str) -> ProgrammeWithdrawal:
    """Let nobody new begin on a release; twice is once. Recruits who are on it keep it."""
    if not access.has_role(by, access.SYSTEM_ADMIN):
        raise NotYours("Only a system administrator withdraws a programme.")
    reason = checked_words(reason, field="reason", missing="Say why nobody new may begin on it.")
    withdrawal, _new = ProgrammeWithdrawal.objects.get_or_create(
        release=release, ended_at__isnull=True, defaults={"reason": reason, "at": at, "by": by}
    )
    return withdrawal


def refuse_withdrawn(release: ProgrammeRelease) -> None:
    """Refuse a release that was withdrawn."""
    withdrawal = release.withdrawals.filter(ended_at__isnull=True).first()
    if withdrawal is not None:
        day = timezone.localdate(withdrawal.at)
        raise RecruitRefused(
            f"{release} was withdrawn on {long_date(day)}, so nobody new can begin on it. Choose another release.",
            "release",
        )
