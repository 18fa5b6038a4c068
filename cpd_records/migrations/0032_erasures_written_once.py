"""Who asked for an erasure, who decided and what went stays as it was: triggers on both databases.

A piece is opened only for a request that somebody else approved, while no legal hold stands on its officer, and is closed once. On SQLite
Django alters a table by making it anew, which drops its triggers: a later migration that alters one of these tables must come before a
further migration that makes them again.
"""

from django.db import migrations

REQUESTS, DECISIONS, PIECES = (f"cpd_records_erasure{name}" for name in ("request", "decision", "piece"))
OF_REQUESTS = "A request for erasure stays as it was asked, and ends once."
OF_DECISIONS = "Who decided about an erasure, and why, is never changed."
OF_PIECES = "What went in a piece of an erasure is never changed."
NOT_ALLOWED = "Nothing is erased but for an approved request, and while no legal hold stands on its officer."
# Table, key, sentence, columns that stay while it is open, and the column that ends it (none: nothing ever changes).
WRITTEN_ONCE = (
    (REQUESTS, "id", OF_REQUESTS, ("id", "officer_id", "ground", "reason", "asked_by_id", "asked_at"), "closed_at"),
    (DECISIONS, "request_id", OF_DECISIONS, (), ""),
    (PIECES, "id", OF_PIECES, ("id", "request_id", "number", "officer_id", "retention_class", "at"), "closed_at"),
)
ALLOWED = """
    EXISTS (
        SELECT 1 FROM {requests} r JOIN {decisions} d ON d.request_id = r.id
        WHERE r.id = NEW.request_id AND r.officer_id = NEW.officer_id AND r.closed_at IS NULL AND d.outcome = 'approved'
    ) AND NOT EXISTS (
        SELECT 1 FROM {holds} h JOIN {people} u ON u.public_id = h.officer
        WHERE u.id = NEW.officer_id AND h.ended_at IS NULL
    )
"""
TABLES = {
    "requests": REQUESTS,
    "decisions": DECISIONS,
    "holds": "cpd_records_legalhold",
    "people": "people_user",
}
FUNCTION = """
CREATE FUNCTION cpd_records_refuse_piece() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE replace('SELECT EXISTS (
        SELECT 1 FROM :s.{requests} r JOIN :s.{decisions} d ON d.request_id = r.id
        WHERE r.id = $1 AND r.officer_id = $2 AND r.closed_at IS NULL AND d.outcome = ''approved''
    ) AND NOT EXISTS (
        SELECT 1 FROM :s.{holds} h JOIN :s.{people} u ON u.public_id = h.officer
        WHERE u.id = $2 AND h.ended_at IS NULL
    )', ':s', quote_ident(TG_TABLE_SCHEMA)) INTO allowed USING NEW.request_id, NEW.officer_id;
    IF NOT allowed THEN
        RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


def make_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, head, sentence in _triggers(is_postgresql=is_postgresql):
        body = (
            f"EXECUTE FUNCTION cpd_records_refuse('{sentence}')"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {head} {body}", params=None)
        if is_postgresql:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)
    if is_postgresql:
        schema_editor.execute(FUNCTION.format(**TABLES, sentence=NOT_ALLOWED), params=None)
        schema_editor.execute(
            f"CREATE TRIGGER {PIECES}_is_allowed BEFORE INSERT ON {PIECES} FOR EACH ROW EXECUTE FUNCTION cpd_records_refuse_piece()",
            params=None,
        )
        schema_editor.execute(f"ALTER TABLE {PIECES} ENABLE ALWAYS TRIGGER {PIECES}_is_allowed", params=None)
    else:
        schema_editor.execute(
            f"CREATE TRIGGER {PIECES}_is_allowed BEFORE INSERT ON {PIECES} WHEN NOT ({ALLOWED.format(**TABLES)}) "
            f"BEGIN SELECT RAISE(ABORT, '{NOT_ALLOWED}'); END",
            params=None,
        )


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    names = [(name, table) for name, table, _head, _sentence in _triggers(is_postgresql=is_postgresql)]
    for name, table in [*names, (f"{PIECES}_is_allowed", PIECES)]:
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION cpd_records_refuse_piece()")


def _triggers(*, is_postgresql):
    """Yield name, table, head and sentence of each trigger: on changing, deleting, and replacing or emptying."""
    differs = "OLD.{0} IS DISTINCT FROM NEW.{0}" if is_postgresql else "OLD.{0} IS NOT NEW.{0}"
    for table, key, sentence, kept, end in WRITTEN_ONCE:
        changed = " OR ".join(differs.format(column) for column in kept)
        when = f" WHEN (OLD.{end} IS NOT NULL OR {changed})" if end else ""
        yield f"{table}_no_update", table, f"BEFORE UPDATE ON {table} FOR EACH ROW{when}", sentence
        yield f"{table}_no_delete", table, f"BEFORE DELETE ON {table} FOR EACH ROW", sentence
        if is_postgresql:
            yield f"{table}_no_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", sentence
        else:
            # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
            same = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"
            yield f"{table}_no_replace", table, f"BEFORE INSERT ON {table} FOR EACH ROW {same}", sentence


class Migration(migrations.Migration):
    dependencies = [("cpd_records", "0031_lawful_erasures")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
