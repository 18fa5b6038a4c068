"""``manage.py due_for_disposal [--on DATE] [--limit N] [--json]``: whose records are due, by class. Changes nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.erasures.due import count_due
from cpd_records.erasures.reaching import held_among
from people import clock
from people.erasure_plans import retention_classes
from people.models import User
from training_site.erasing import ALL_PLANS

MOST = 100


class Command(BaseCommand):
    help = "List whose records are due for disposal, by retention class. Nothing is changed: an erasure is asked for and approved."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="due by this day, as YYYY-MM-DD; today by default")
        parser.add_argument("--limit", type=int, default=MOST, help=f"so many people at most; {MOST} by default")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        on = self._day(options["on"])
        if options["limit"] < 1:
            raise CommandError("--limit is a whole number from 1.", returncode=2)
        found = count_due(ALL_PLANS, on=on)
        people = User.objects.in_bulk(list(found)[: options["limit"]])
        held = held_among(people.values())
        if options["json"]:
            told = [
                {"service_number": one.service_number, "held": one.public_id in held, "due": found[one.pk]}
                for one in people.values()
            ]
            self.stdout.write(json.dumps({"on": on.isoformat(), "candidates": len(found), "people": told}))
            return
        titles = {code: one.title for code, one in retention_classes().items()}
        for one in people.values():
            due = ", ".join(f"{titles[code]} {count}" for code, count in found[one.pk].items())
            stands = " (a legal hold stands)" if one.public_id in held else ""
            self.stdout.write(f"{one.service_number}{stands}: {due}")
        more = len(found) - options["limit"]
        if more > 0:
            self.stdout.write(f"And {more} more people: --limit shows more.")
        if not found:
            self.stdout.write(f"Nothing is due by {on.isoformat()}.")

    def _day(self, typed: str | None) -> date:
        try:
            return date.fromisoformat(typed) if typed else clock.today()
        except ValueError as error:
            raise CommandError("A day is written YYYY-MM-DD.", returncode=2) from error
