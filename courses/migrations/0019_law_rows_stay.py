"""What was said of a change of law, marked and checked is never changed: triggers on both databases. Rows may go by lawful erasure."""

from django.db import migrations

TABLES = {
    "courses_lawchange": "A change of law is never changed: record another.",
    "courses_lawmark": "A mark is never changed: it is checked.",
    "courses_lawcheck": "A check is never changed.",
}


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(
            "CREATE FUNCTION courses_law_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$",
            params=None,
        )
    for table, sentence in TABLES.items():
        head = f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} FOR EACH ROW"
        schema_editor.execute(
            f"{head} EXECUTE FUNCTION courses_law_refuse('{sentence}')"
            if is_postgresql
            else f"{head} BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            params=None,
        )


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_written_once" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION courses_law_refuse()")


class Migration(migrations.Migration):
    dependencies = [("courses", "0018_law_changes")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
