"""``manage.py create_demo``: the demonstration people with a past. Never under production settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from courses.models import Release
from cpd_records.models import LedgerEntry
from people.models import User
from training_site.demonstration.history import is_unfinished, write_history
from training_site.demonstration.people import ACCOUNTS, add_later_accounts, wants_later_accounts


def _way_out() -> str:
    """Say in one sentence how to start again; a half-written demonstration is worth nothing."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"Remove the database with 'rm {name}*' and run 'make run' again."
    return f"Drop the database '{name}', create it anew, and run 'manage.py migrate' and 'manage.py create_demo' again."


class Command(BaseCommand):
    help = "Create the demonstration people with a believable history, once, and print how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demonstration people are never created under production settings.")
        if is_unfinished():
            raise CommandError(f"The demonstration people's past was begun here and never finished. {_way_out()}")
        known = User.objects.filter(service_number__in=[account.service_number for account in ACCOUNTS]).count()
        if known == len(ACCOUNTS):
            self.stderr.write("The demonstration people are here already; nothing was changed.", str)
        elif wants_later_accounts():
            self.stderr.write(
                f"Added the demonstration people new in this release: {', '.join(add_later_accounts())}.", str
            )
        elif LedgerEntry.objects.exists() or known:
            raise CommandError(
                "This site already holds records, so no demonstration people are mixed into them. Use a fresh VAR_DIR for a demonstration."
            )
        elif Release.objects.exists():
            raise CommandError(
                "The catalogue was loaded here first, so the demonstration people's past would be older than the courses in it. "
                f"'create_demo' loads the catalogue by itself: let it run before 'load_catalogue'. {_way_out()}"
            )
        else:
            # Told at once also where the sign-ins are kept back until the site answers.
            self.stderr.write(
                "Loading the starter catalogue and writing the demonstration people's past. This takes a minute, once.",
                str,
            )
            try:
                write_history()
            except Exception as error:
                raise CommandError(
                    f"The demonstration people's past is only half written ({str(error) or repr(error)}). {_way_out()}"
                ) from error
        width = max(len(account.email) for account in ACCOUNTS)
        self.stdout.write(f"\nSign in at {settings.SITE_ADDRESS} with the password {settings.DEMO_PASSWORD}\n")
        for account in ACCOUNTS:
            self.stdout.write(f"  {account.email.ljust(width)}  {account.what}")
        self.stdout.write("")
