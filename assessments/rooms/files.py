"""The log of a room as a file."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from assessments.models import Room
from assessments.rooms.reading import LogLine
from people.tables.writing import CSV_TYPE, as_csv

TITLES = ("at", "what", "about", "service_number", "minutes", "words", "by")


def log_file(room: Room, lines: Iterable[LogLine]) -> HttpResponse:
    """Return the log as CSV, one line an event, the oldest first; moments in UTC."""
    rows = [
        (
            line.event.at,
            line.what,
            line.about,
            line.service_number,
            line.event.minutes,
            line.event.words,
            line.by,
        )
        for line in lines
    ]
    response = HttpResponse(as_csv(TITLES, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = f'attachment; filename="room-log-{room.opens_at:%Y-%m-%d}.csv"'
    return response
