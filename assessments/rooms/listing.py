"""Which rooms, and which assessments rooms may be opened for."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.authors import ROOM_READERS, ROOM_ROLES, families_run_in_rooms
from assessments.models import Assessment, AssessmentVersion, Room
from people import access
from people.models import User

MOST_SHOWN = 200


def rooms_of(user: User) -> list[Room]:
    """Return the rooms somebody may see, the latest first."""
    seen = Room.objects.visible_to(user).with_title().select_related("assessment")
    return list(seen.order_by("-opens_at", "place")[:MOST_SHOWN])


def rooms_to_run(user: User) -> list[Room]:
    """Return the rooms somebody invigilates that are not closed, the next first; needs no role. One query."""
    return list(
        Room.objects.invigilated_by(user).filter(closed_at__isnull=True).with_title().order_by("opens_at", "place")
    )


def assessments_for(user: User) -> QuerySet[Assessment]:
    """Return the assessments whose newest version is invigilated and for which the person may open a room."""
    families = families_run_in_rooms(user)
    seen = Assessment.objects.all() if families is None else Assessment.objects.filter(family__in=families)
    versions = AssessmentVersion.objects.filter(assessment=OuterRef("pk")).order_by("-number")
    newest = Subquery(versions.values("is_invigilated")[:1])
    return seen.alias(is_invigilated=newest).filter(is_invigilated=True).with_versions().order_by("code")


def may_open_any(user: User) -> bool:
    return access.has_any_role(user, *ROOM_ROLES)


def may_see_any(user: User) -> bool:
    return access.has_any_role(user, *ROOM_ROLES, *ROOM_READERS)
