"""The intake the demonstration's recruit belongs to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Intake, Programme, ProgrammeRelease
from courses.programmes.intakes import add_trainer, open_intake
from courses.programmes.joining import join
from people.models import User

PLACE = "Hendon"
# The next intake begins so many weeks after the first, so that somebody can be moved to it.
WEEKS_BETWEEN = 15


def open_intakes(people: dict[str, User], at: datetime) -> None:
    """Open two intakes of the constable entry programme; the recruit joins the first, on its first day."""
    release = Programme.objects.get(code="PCEP").current_release
    if release is None:
        raise ValueError("The constable entry programme has no release: it is shipped with one.")
    first = _open(release, people["training-admin"], at, weeks=0)
    _open(release, people["training-admin"], at, weeks=WEEKS_BETWEEN)
    add_trainer(first, people["trainer"], by=people["training-admin"], at=at)
    join(people["recruit"], first, by=people["training-admin"], at=at)


def _open(release: ProgrammeRelease, by: User, at: datetime, *, weeks: int) -> Intake:
    day = timezone.localdate(at) + timedelta(weeks=weeks)
    return open_intake(f"{day:%y}/{day:%m} {PLACE}", release, by=by, at=at, starts_on=day, place=PLACE)
