"""Templates: what fills in an activity that comes again. An officer keeps their own; trainers and administrators offer the force's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from cpd_records.activities.starting import QUALITIES
from cpd_records.activity_rules import (
    ActivityRefused,
    NotYourActivity,
    checked_competencies,
    checked_kind,
    checked_minutes,
    checked_title,
)
from cpd_records.models import Activity, ActivityTemplate
from people import access
from people.models import User

MOST_OF_ONE = 40
MOST_OF_FORCE = 200
OFFER_ROLES = (access.TRAINER, access.TRAINING_ADMIN, access.SYSTEM_ADMIN)
NOT_FOR_YOU = "Only trainers, training administrators and system administrators offer templates to everybody."


@dataclass(frozen=True)
class Offered:
    """What a template of the force says. ``minutes`` None leaves the length open."""

    title: str
    kind: str
    minutes: int | None
    is_structured: bool | None
    is_participatory: bool | None
    is_core: bool | None
    competencies: Iterable[str] = ()
    is_active: bool = True


def may_offer(person: User) -> bool:
    """Return whether the person writes the force's templates."""
    return access.has_any_role(person, *OFFER_ROLES)


@transaction.atomic
def offer_template(offered: Offered, *, by: User) -> ActivityTemplate:
    """Offer a template to everybody; the same title and kind again is the same template."""
    _refuse_others(by)
    columns = _checked(offered, kept=())
    rows = ActivityTemplate.objects.select_for_update().filter(owner__isnull=True)
    earlier = next((row for row in rows if (row.title, row.kind) == (columns["title"], columns["kind"])), None)
    if earlier is not None:
        return earlier
    if len(rows) >= MOST_OF_FORCE:
        raise ActivityRefused(f"{MOST_OF_FORCE} templates of the force fit. Take one back first.", "title")
    return ActivityTemplate.objects.create(**columns)


@transaction.atomic
def change_template(template: ActivityTemplate, offered: Offered, *, by: User) -> ActivityTemplate:
    """Change a template of the force's, or take it back (``is_active`` False); what was begun from it stays."""
    _refuse_others(by)
    current = ActivityTemplate.objects.select_for_update().get(pk=template.pk)
    if current.owner_id is not None:
        raise NotYourActivity("This is an officer's own template.")
    for name, value in _checked(offered, kept=current.competencies).items():
        setattr(current, name, value)
    current.save()
    return current


@transaction.atomic
def keep_as_template(activity: Activity, *, by: User) -> ActivityTemplate:
    """Keep what an activity of one's own says as a template of one's own; the same again is the same template."""
    if not access.is_own(by, activity.officer):
        raise NotYourActivity("Only the officer who logged this activity can make a template of it.")
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    own = ActivityTemplate.objects.of(by)
    minutes = activity.minutes or None
    earlier = own.filter(title=activity.title, kind=activity.kind, minutes=minutes).first()
    if earlier is not None:
        return earlier
    if own.count() >= MOST_OF_ONE:
        raise ActivityRefused(f"{MOST_OF_ONE} templates of your own fit. Delete one first.")
    qualities = {name: getattr(activity, name) for name in (*QUALITIES, "competencies", "principles")}
    return ActivityTemplate.objects.create(
        owner=by, title=activity.title, kind=activity.kind, minutes=minutes, **qualities
    )


def delete_template(template: ActivityTemplate, *, by: User) -> None:
    """Delete a template of one's own; what was begun from it stays."""
    if template.owner_id != by.pk:
        raise NotYourActivity("Only your own templates are yours to delete.")
    template.delete()


def _refuse_others(by: User) -> None:
    if not may_offer(by):
        raise NotYourActivity(NOT_FOR_YOU)


def _checked(offered: Offered, *, kept: Iterable[str]) -> dict[str, object]:
    return {
        "title": checked_title(offered.title),
        "kind": checked_kind(offered.kind),
        "minutes": None if offered.minutes is None else checked_minutes(offered.minutes, is_long_day=True),
        "is_structured": offered.is_structured,
        "is_participatory": offered.is_participatory,
        "is_core": offered.is_core,
        "competencies": checked_competencies(offered.competencies, kept=kept),
        "is_active": offered.is_active,
    }
