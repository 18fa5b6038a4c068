"""``manage.py populate --officers N --years Y --seed S``: an invented force with a history. Never under production settings."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from people import clock
from training_site.demonstration.history import STARTER_CATALOGUE
from training_site.fresh_database import way_to_a_fresh_one
from training_site.populating.writing import FEWEST, MOST, PopulatingRefused, populate, refuse_unless_empty

MOST_YEARS = 30


class Command(BaseCommand):
    help = (
        "Write an invented force of N people with Y years of history into an empty database, to look at or to measure with. "
        "The same numbers and the same last day make the same rows."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--officers", type=int, required=True, metavar="N")
        parser.add_argument("--years", type=int, required=True, metavar="Y")
        parser.add_argument("--seed", type=int, required=True, metavar="S", help="every choice follows from it")
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="last day of the history; yesterday where not given",
        )

    def handle(
        self, *args: Any, officers: int, years: int, seed: int, until: date | None, verbosity: int, **options: Any
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError("An invented force is never written under production settings.")
        if not FEWEST <= officers <= MOST:
            raise CommandError(f"A force has {FEWEST} to {MOST:,} officers, not {officers:,}.", returncode=2)
        if not 1 <= years <= MOST_YEARS:
            raise CommandError(f"A history has 1 to {MOST_YEARS} years, not {years}.", returncode=2)
        yesterday = clock.today() - timedelta(days=1)
        until = until or yesterday
        if until > yesterday:
            raise CommandError(f"A history ends yesterday at the latest, not on {until.isoformat()}.", returncode=2)
        try:
            refuse_unless_empty()
        except PopulatingRefused as refusal:
            raise CommandError(f"{refusal} {way_to_a_fresh_one('populate')}") from refusal
        begun = time.monotonic()

        def tell(words: str) -> None:
            if verbosity > 1:
                self.stdout.write(f"{time.monotonic() - begun:7.1f} s  {words}")

        try:
            done = populate(
                officers=officers, years=years, seed=seed, until=until, catalogue=STARTER_CATALOGUE, tell=tell
            )
        except Exception as error:
            raise CommandError(
                f"The force is only half written ({str(error) or repr(error)}). {way_to_a_fresh_one('populate')}"
            ) from error
        self.stdout.write(
            f"{done.officers:,} officers in {done.units:,} units, and {done.entries:,} entries of {done.days:,} days, "
            f"each with its checkpoint, in {time.monotonic() - begun:,.0f} seconds. Nobody has a password."
        )
