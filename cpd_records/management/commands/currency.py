"""``manage.py currency``: one person's currency on a day, as known at a time."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, currency_of
from people import clock
from people.dates import long_date
from people.finding import people_named
from people.models import User
from people.typed_times import day, moment


class Command(BaseCommand):
    help = (
        "Say how a person stands in each qualification and duty role on a day, with reasons. Exit status 0: answered, "
        "whatever the answer; 1: there is no such person; 2: a day or time that cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", metavar="PERSON", help="an e-mail address or a service number")
        parser.add_argument(
            "--on", type=day, metavar="DATE", help="the day asked about, such as 2026-03-03; else today"
        )
        parser.add_argument(
            "--known-at",
            type=moment,
            metavar="TIME",
            help="as known at this time, such as 2026-03-03T18:00Z; a day stands for its end; else as known now",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, person: str, on: date | None, known_at: datetime | None, **options: Any) -> None:
        officer = people_named(person).first()
        if officer is None:
            raise CommandError(f"Nobody has the e-mail address or service number '{person}'.")
        answer = currency_of(officer, on=on or clock.today(), known_at=known_at)
        if options["json"]:
            self.stdout.write(json.dumps(answer.as_json(officer.service_number), ensure_ascii=False))
        else:
            self._tell(officer, answer)

    def _tell(self, officer: User, answer: CurrencyAnswer) -> None:
        known = "as known by" if answer.known_at else "as known now, with"
        when = f"{known} the checkpoint of {answer.size} entries"
        self.stdout.write(f"{officer.name} ({officer.service_number}) on {long_date(answer.on)}, {when}.")
        if answer.provisional:
            self.stdout.write("A later checkpoint may add to this answer.")
        if answer.unsealed:
            self.stdout.write(f"{answer.unsealed} of its entries are not sealed yet.")
        if answer.is_away:
            self.stdout.write("Away on this day.")
        for role in answer.roles:
            until = f", until {long_date(role.until)}" if role.until else ""
            self.stdout.write(f"\nMay {role.may or role.title}: {'yes' if role.carries else 'no'}{until}.")
            self._reasons(role.reasons)
        for found in answer.qualifications:
            self.stdout.write(f"\n{found.title} ({found.code}): {_in_words(found)}.")
            self._reasons(found.reasons)

    def _reasons(self, reasons: tuple[str, ...]) -> None:
        for reason in reasons:
            self.stdout.write(f"  {reason}")


def _in_words(found: QualificationVerdict) -> str:
    return f"{found.verdict.value.replace('_', ' ')}{'' if found.is_required else ', not required'}"
