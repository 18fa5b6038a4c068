"""A suspension and its end stay as they were written, and one is there at a time: triggers on both databases.

Only the reason may go, where an erasure names the entry. On SQLite Django alters a table by making it anew, which drops its triggers: a
later migration that alters one of these tables must come before a further migration that makes them again.
"""

from django.db import migrations

SUSPENSIONS, ENDS = "cpd_records_certificatesuspension", "cpd_records_certificatesuspensionend"
KEPT = {
    SUSPENSIONS: ("id", "certificate_id", "suspended_by_id", "suspended_at", "entry_id"),
    ENDS: ("suspension_id", "lifted_by_id", "approved_by_id", "lifted_at", "entry_id"),
}
NEVER_CHANGED = "The suspension of a certificate, and its end, are never changed."
ONE_AT_A_TIME = "A certificate is suspended once at a time."
OPEN_ONE = (
    "SELECT 1 FROM {schema}" + SUSPENSIONS + " s LEFT JOIN {schema}" + ENDS + " e ON e.suspension_id = s.id "
    "WHERE s.certificate_id = {new} AND e.suspension_id IS NULL"
)


def make_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        _on_postgresql(schema_editor)
    else:
        _on_sqlite(schema_editor)


def _on_sqlite(schema_editor):
    for table, columns in KEPT.items():
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        erased = "EXISTS (SELECT 1 FROM cpd_records_erasure WHERE entry_id = OLD.entry_id)"
        refuse = f"BEGIN SELECT RAISE(ABORT, '{NEVER_CHANGED}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN {changed} OR NEW.reason IS NOT '' OR NOT {erased} {refuse}",
            params=None,
        )
        schema_editor.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}", params=None)
        key = columns[0]
        # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} "
            f"WHERE {key} = NEW.{key} OR entry_id = NEW.entry_id) {refuse}",
            params=None,
        )
    open_one = OPEN_ONE.format(schema="", new="NEW.certificate_id")
    schema_editor.execute(
        f"CREATE TRIGGER {SUSPENSIONS}_one_at_a_time BEFORE INSERT ON {SUSPENSIONS} WHEN EXISTS ({open_one}) "
        f"BEGIN SELECT RAISE(ABORT, '{ONE_AT_A_TIME}'); END",
        params=None,
    )


def _on_postgresql(schema_editor):
    for table, columns in KEPT.items():
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
        schema_editor.execute(
            f"CREATE FUNCTION {table}_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE erased boolean; BEGIN "
            "EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_erasure WHERE entry_id = $1)', TG_TABLE_SCHEMA) "
            f"INTO erased USING OLD.entry_id; IF {changed} OR NEW.reason <> '' OR NOT erased THEN "
            f"RAISE EXCEPTION '{NEVER_CHANGED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            params=None,
        )
        _trigger(schema_editor, table, "no_update", "BEFORE UPDATE", "ROW", f"{table}_refuse_change()")
        for name, head, each in (("no_delete", "BEFORE DELETE", "ROW"), ("no_truncate", "BEFORE TRUNCATE", "STATEMENT")):
            _trigger(schema_editor, table, name, head, each, f"cpd_records_refuse('{NEVER_CHANGED}')")
    open_one = OPEN_ONE.format(schema="%1$I.", new="$1")
    schema_editor.execute(
        f"CREATE FUNCTION {SUSPENSIONS}_refuse_second() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE is_open boolean; BEGIN "
        f"EXECUTE format('SELECT EXISTS ({open_one})', TG_TABLE_SCHEMA) INTO is_open USING NEW.certificate_id; "
        f"IF is_open THEN RAISE EXCEPTION '{ONE_AT_A_TIME}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$",
        params=None,
    )
    _trigger(schema_editor, SUSPENSIONS, "one_at_a_time", "BEFORE INSERT", "ROW", f"{SUSPENSIONS}_refuse_second()")


def _trigger(schema_editor, table, name, head, each, function):
    made = f"CREATE TRIGGER {table}_{name} {head} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}"
    schema_editor.execute(made, params=None)
    schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    last = "no_truncate" if is_postgresql else "no_replace"
    for table in KEPT:
        names = ["no_update", "no_delete", last, *(["one_at_a_time"] if table == SUSPENSIONS else [])]
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if is_postgresql else ""))
        if is_postgresql:
            schema_editor.execute(f"DROP FUNCTION {table}_refuse_change()")
    if is_postgresql:
        schema_editor.execute(f"DROP FUNCTION {SUSPENSIONS}_refuse_second()")


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0041_certificates_are_suspended")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
