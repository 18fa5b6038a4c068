"""``manage.py import_people FILE [--dry-run] [--json] [--good-lines]``: answers every line; 0 done, 1 refused, 2 bad usage."""

from __future__ import annotations

from people.importing.command import ImportCommand
from people.importing.people_kind import PEOPLE


class Command(ImportCommand):
    help = "Import people from a CSV or XLSX file: all of its lines, or none. The same file twice changes nothing."
    kind = PEOPLE
