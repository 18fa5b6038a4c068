"""The world's parade, its file, and what is posted to ask for one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import ParadeFile
from courses.parades.issuing import ask_for_parade
from cpd_records.models import TRAINING_RECORD
from people import clock

if TYPE_CHECKING:
    from tests.permissions.asking import World


def with_a_parade(made: World) -> None:
    """Let the training administrator put the owner's training record together with others', and keep a file of it."""
    admin, now = made.people["Training admin"], clock.now()
    parade = ask_for_parade(
        "Passing out", [made.people["Owner"]], subject=TRAINING_RECORD, shape="zip", day=clock.today(), by=admin, at=now
    )
    content = b"certificates"
    path = storages["private"].save(f"parades/{parade.pk}.zip", ContentFile(content))
    ParadeFile.objects.create(
        parade=parade, path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content), made_at=now
    )
    made.places |= {"parade": str(parade.pk)}


def a_parade(world: World) -> dict[str, Any]:
    today = clock.today()
    return {
        "title": "Passing out",
        **{f"day_{part}": getattr(today, part) for part in ("day", "month", "year")},
        "subject": TRAINING_RECORD,
        "numbers": world.people["Owner"].service_number,
        "shape": "zip",
        "do": "ask",
    }
