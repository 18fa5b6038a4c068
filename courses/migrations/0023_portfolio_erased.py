"""What a portfolio and its notes refuse to delete may go in a lawful erasure: triggers of 0017 made again, that know of its open piece.

A piece is open only inside the transaction that erases, and is only opened for an approved request while no legal hold stands
(cpd_records 0032). On SQLite Django alters a table by making it anew, which drops its triggers: a later migration that alters one of
these tables must come before a further migration that makes them again.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("courses.migrations.0017_portfolio_written_once")
PIECES = "cpd_records_erasurepiece"
# Table, and whose row it is: a column of its own, or of the row it hangs on (table, its key here).
WHOSE = {
    "courses_portfolioversion": (),
    "courses_portfolioclaim": ("courses_portfolioversion", "version_id"),
    "courses_portfoliojudgement": (),
    "courses_portfoliosamplemember": ("courses_portfoliojudgement", "judgement_id"),
    "courses_portfolioreading": (),
    "courses_portfoliosignoff": (),
    "courses_shiftnotewithdrawal": ("courses_shiftnote", "note_id"),
}
SENTENCES = {table: sentence for table, _keys, sentence in BEFORE.WRITTEN_ONCE}
FUNCTION = f"""
CREATE FUNCTION courses_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
    erased boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE replace(TG_ARGV[1], ':s', quote_ident(TG_TABLE_SCHEMA)) INTO whose USING OLD;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.{PIECES} WHERE officer_id = $1 AND closed_at IS NULL)', TG_TABLE_SCHEMA)
        INTO erased USING whose;
    IF erased THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def let_erasures(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for table, on in WHOSE.items():
        name, sentence = f"{table}_no_delete", SENTENCES[table]
        _drop(schema_editor, table)
        if is_postgresql:
            column = f"SELECT officer_id FROM :s.{on[0]} WHERE id = ($1).{on[1]}" if on else "SELECT ($1).officer_id"
            body = f"FOR EACH ROW EXECUTE FUNCTION courses_refuse_unless_erased('{sentence}', '{column}')"
        else:
            officer = f"(SELECT officer_id FROM {on[0]} WHERE id = OLD.{on[1]})" if on else "OLD.officer_id"
            is_open = f"EXISTS (SELECT 1 FROM {PIECES} WHERE officer_id = {officer} AND closed_at IS NULL)"
            body = f"FOR EACH ROW WHEN NOT {is_open} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        _make(schema_editor, table, name, body)


def refuse_all(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in WHOSE:
        sentence = SENTENCES[table]
        _drop(schema_editor, table)
        body = (
            f"FOR EACH ROW EXECUTE FUNCTION courses_refuse('{sentence}')"
            if is_postgresql
            else f"FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        _make(schema_editor, table, f"{table}_no_delete", body)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION courses_refuse_unless_erased()")


def _drop(schema_editor, table):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(f"DROP TRIGGER {table}_no_delete" + (f" ON {table}" if is_postgresql else ""))


def _make(schema_editor, table, name, body):
    schema_editor.execute(f"CREATE TRIGGER {name} BEFORE DELETE ON {table} {body}", params=None)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("courses", "0022_certificate_template"), ("cpd_records", "0032_erasures_written_once")]

    operations = [migrations.RunPython(let_erasures, refuse_all)]
