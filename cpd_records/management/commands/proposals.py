"""``manage.py proposals``: the changes of records that wait for a second person, the longest first."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cpd_records.models import RecordProposal
from cpd_records.proposals.deciding import is_stale


class Command(BaseCommand):
    help = "List the changes of records that wait for a second person. They are decided on the pages, by who is signed in there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = RecordProposal.objects.waiting().select_related("officer", "proposed_by").order_by("proposed_at", "pk")
        told = [
            {
                "id": str(row.pk),
                "kind": row.kind,
                "officer": row.officer.service_number,
                "about": row.about,
                "proposed_by": row.proposed_by.service_number,
                "proposed_at": row.proposed_at.isoformat(),
                "stale": is_stale(row),
            }
            for row in rows
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"proposals": told}, ensure_ascii=False))
            return
        for one, row in zip(told, rows, strict=True):
            stale = " The record was changed since: refuse it or have it taken back." if one["stale"] else ""
            self.stdout.write(
                f"{row.get_kind_display()}: {one['about']}, of {one['officer']}. "
                f"Proposed by {one['proposed_by']} on {row.proposed_at:%d %B %Y}.{stale}"
            )
        self.stdout.write(f"{len(told)} {'waits' if len(told) == 1 else 'wait'}.")
