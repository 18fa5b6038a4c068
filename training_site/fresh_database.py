"""How one comes to a database without records, in one sentence: what was recorded is never taken back."""

from django.db import connection


def way_to_a_fresh_one(command: str) -> str:
    """Return what to do to run ``command`` (such as ``create_demo``) on an empty database."""
    name = connection.settings_dict["NAME"]
    again = f"run 'manage.py migrate' and 'manage.py {command}' again"
    if connection.vendor == "sqlite":
        return f"Remove the database with 'rm {name}*', or set VAR_DIR to an empty folder, and {again}."
    return f"Drop the database '{name}', create it anew, or let DATABASE_URL name an empty one, and {again}."
