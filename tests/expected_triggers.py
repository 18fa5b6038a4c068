"""Writing down which triggers the migrations leave on a database, beside each app: ``python -m tests.expected_triggers``.

It asks the migrated template of the database under test, so run it on both (``TEST_DATABASE=postgresql``) and read the difference.
"""

from __future__ import annotations

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402

from cpd_records.verification.triggers import expected_files, found_triggers  # noqa: E402
from tests import databases  # noqa: E402


def write() -> None:
    """Write each app's file anew; an app without a trigger has none."""
    databases.restore()
    try:
        found = found_triggers()
    finally:
        databases.drop()
    for label, file in expected_files(connection.vendor).items():
        tables = {model._meta.db_table for model in apps.get_app_config(label).get_models(True)}
        own = {name: text for name, text in sorted(found.items()) if _table_of(text) in tables}
        file.unlink(missing_ok=True)
        if own:
            file.write_text(json.dumps(own, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _table_of(text: str) -> str:
    return text.split(" ON ", 1)[1].split()[0].strip('"')


if __name__ == "__main__":
    write()
