"""An officer's plan: what they mean to learn, why and by when. An item becomes an activity; only the officer sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cpd_records.activity_rules import (
    LEARNED_LENGTH,
    ActivityRefused,
    ChangedMeanwhile,
    NotYourActivity,
    checked_text,
    cleaned_text,
)
from cpd_records.models import Competency, PlanItem, PlanState, Qualification
from cpd_records.models.plans import PLAN_TITLE_LENGTH
from people import access
from people.dates import long_date
from people.models import User

MOST_ITEMS = 200
LATEST_YEARS = 10
NOT_YOURS = "Only the officer whose plan it is can change it."


@dataclass(frozen=True)
class Planned:
    """What somebody means to learn, checked. ``qualification`` and ``competency`` are codes, '' for none."""

    title: str
    why: str
    due_on: date | None
    qualification: str
    competency: str


def checked_plan(
    *,
    title: str,
    why: str,
    due_on: date | None,
    qualification: str,
    competency: str,
    at: datetime,
    kept: Planned | None = None,
) -> Planned:
    """Return the answers as they are kept, or refuse the first that cannot be. A day of the past is refused, unless it was ``kept``."""
    line = checked_text(
        " ".join(cleaned_text(title).split()),
        field="title",
        what="What you plan",
        most=PLAN_TITLE_LENGTH,
        missing="Say in a few words what you plan to learn.",
    )
    today = timezone.localdate(at)
    if due_on is not None and (kept is None or due_on != kept.due_on):
        if due_on < today:
            raise ActivityRefused(f"{long_date(due_on)} has passed. Enter a day still to come, or none.", "due_on")
        if due_on > today + timedelta(days=366 * LATEST_YEARS):
            raise ActivityRefused(
                f"{long_date(due_on)} is more than {LATEST_YEARS} years away. Enter a nearer day.", "due_on"
            )
    if qualification and not Qualification.objects.filter(code=qualification).exists():
        raise ActivityRefused("Choose a requirement from the list, or none.", "link")
    if competency and not Competency.objects.filter(code=competency).exists():
        raise ActivityRefused("Choose a competency from the list, or none.", "link")
    why = checked_text(why, field="why", what="Your reason", most=LEARNED_LENGTH)
    return Planned(line, why, due_on, qualification, competency)


def next_on_plan(officer: User, *, most: int) -> tuple[list[PlanItem], int]:
    """Return what is to be done next on the officer's own plan, and how much is open in all."""
    rows = PlanItem.objects.of(officer).filter(state=PlanState.OPEN).order_by("due_on", "created_at")
    return list(rows[:most]), rows.count()


@transaction.atomic
def plan_learning(
    officer: User,
    *,
    title: str,
    why: str,
    due_on: date | None,
    at: datetime,
    qualification: str = "",
    competency: str = "",
    client_token: UUID | None = None,
) -> PlanItem:
    """Add an item to the officer's plan. The same ``client_token`` again is the same item."""
    planned = checked_plan(
        title=title, why=why, due_on=due_on, qualification=qualification, competency=competency, at=at
    )
    User.objects.select_for_update(no_key=True).only("pk").get(pk=officer.pk)
    own = PlanItem.objects.of(officer)
    earlier = own.filter(client_token=client_token).first() if client_token else None
    if earlier is not None:
        return earlier
    if own.filter(state=PlanState.OPEN).count() >= MOST_ITEMS:
        raise ActivityRefused(f"{MOST_ITEMS} things to do fit in a plan. Leave something out first.", "title")
    return PlanItem.objects.create(
        officer=officer, **vars(planned), client_token=client_token, created_at=at, changed_at=at
    )


@transaction.atomic
def change_plan(
    item: PlanItem,
    *,
    by: User,
    at: datetime,
    seen_changed_at: datetime | None,
    title: str,
    why: str,
    due_on: date | None,
    qualification: str = "",
    competency: str = "",
) -> PlanItem:
    """Change an item of one's own plan, if it still is what the officer saw."""
    current = _locked(item, by=by)
    kept = Planned(current.title, current.why, current.due_on, current.qualification, current.competency)
    planned = checked_plan(
        title=title, why=why, due_on=due_on, qualification=qualification, competency=competency, at=at, kept=kept
    )
    if planned == kept:
        return current
    if current.changed_at != seen_changed_at:
        raise ChangedMeanwhile(current, current.changed_at)
    for name, value in vars(planned).items():
        setattr(current, name, value)
    current.changed_at = at
    current.save(update_fields=[*vars(planned), "changed_at"])
    return current


@transaction.atomic
def set_plan_state(item: PlanItem, *, by: User, state: str, at: datetime) -> PlanItem:
    """Mark an item as to do, done or left out."""
    if state not in PlanState.values:
        raise ActivityRefused("An item of a plan is to do, done or left out.")
    current = _locked(item, by=by)
    if current.state != state:
        current.state = state
        current.changed_at = at
        current.save(update_fields=["state", "changed_at"])
    return current


def requirement_titles(codes: Iterable[str]) -> dict[str, str]:
    """Return the title of each qualification that is known by its code. One query, none for no code."""
    wanted = set(codes)
    return dict(Qualification.objects.filter(code__in=wanted).values_list("code", "title")) if wanted else {}


def mark_done(item: PlanItem, *, by: User, at: datetime) -> None:
    """Mark an item as done because an activity was logged for it."""
    set_plan_state(item, by=by, state=PlanState.DONE, at=at)


def reopen_if_unlogged(item: PlanItem, *, at: datetime) -> None:
    """Mark an item as to do again where nothing is logged for it any more."""
    if item.state == PlanState.DONE and not item.activities.exists():
        PlanItem.objects.filter(pk=item.pk).update(state=PlanState.OPEN, changed_at=at)


def _locked(item: PlanItem, *, by: User) -> PlanItem:
    current = PlanItem.objects.select_for_update(of=("self",)).select_related("officer").get(pk=item.pk)
    if not access.is_own(by, current.officer):
        raise NotYourActivity(NOT_YOURS)
    return current
