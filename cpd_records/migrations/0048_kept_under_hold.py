"""What an officer deletes under a legal hold is kept: triggers on both databases let it go only when no hold stands on them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT, READINGS, HOLDS = "cpd_records_keptunderhold", "cpd_records_keptreading", "cpd_records_legalhold"
STAYS = "What is kept under a legal hold stays as it was until no hold stands on its officer."
READ = "Who read what is kept under a legal hold, and what for, is never changed."
CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ("id", "hold_id", "what", "about", "files", "kept_at"))
ASTRAY = f"OLD.let_go_at IS NOT NULL OR NEW.let_go_at IS NULL OR {CHANGED}"
FUNCTION = f"""
CREATE FUNCTION cpd_records_refuse_letting_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE replace('SELECT EXISTS (
        SELECT 1 FROM :s.{HOLDS} kept JOIN :s.{HOLDS} stands ON stands.officer = kept.officer
        WHERE kept.id = $1 AND stands.ended_at IS NULL
    )', ':s', quote_ident(TG_TABLE_SCHEMA)) INTO held USING OLD.hold_id;
    IF held THEN
        RAISE EXCEPTION '{STAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""
HELD = f"""EXISTS (
    SELECT 1 FROM {HOLDS} kept JOIN {HOLDS} stands ON stands.officer = kept.officer
    WHERE kept.id = OLD.hold_id AND stands.ended_at IS NULL
)"""


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
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute(
            f"CREATE TRIGGER {KEPT}_stays BEFORE UPDATE ON {KEPT} FOR EACH ROW EXECUTE FUNCTION cpd_records_refuse_letting_go()",
            params=None,
        )
        schema_editor.execute(f"ALTER TABLE {KEPT} ENABLE ALWAYS TRIGGER {KEPT}_stays", params=None)


def drop_triggers(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, _head, _sentence in _triggers(is_postgresql=is_postgresql):
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        schema_editor.execute(f"DROP TRIGGER {KEPT}_stays ON {KEPT}")
        schema_editor.execute("DROP FUNCTION cpd_records_refuse_letting_go()")


def _triggers(*, is_postgresql):
    """Yield name, table, head and sentence of each trigger that refuses by itself."""
    yield f"{KEPT}_as_kept", KEPT, f"BEFORE UPDATE ON {KEPT} FOR EACH ROW WHEN ({ASTRAY})", STAYS
    yield f"{KEPT}_no_delete", KEPT, f"BEFORE DELETE ON {KEPT} FOR EACH ROW WHEN (OLD.let_go_at IS NULL)", STAYS
    yield f"{READINGS}_no_update", READINGS, f"BEFORE UPDATE ON {READINGS} FOR EACH ROW", READ
    yield f"{READINGS}_no_delete", READINGS, f"BEFORE DELETE ON {READINGS} FOR EACH ROW", READ
    for table, sentence in ((KEPT, STAYS), (READINGS, READ)):
        if is_postgresql:
            yield f"{table}_no_truncate", table, f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", sentence
        else:
            # SQLite's INSERT OR REPLACE deletes the row before without asking the trigger on deleting.
            one = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            yield f"{table}_no_replace", table, f"BEFORE INSERT ON {table} FOR EACH ROW {one}", sentence
    if not is_postgresql:
        yield f"{KEPT}_stays", KEPT, f"BEFORE UPDATE ON {KEPT} FOR EACH ROW WHEN {HELD}", STAYS


class Migration(migrations.Migration):
    dependencies = [
        ("cpd_records", "0047_certificates_to_issue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="cpd_records.legalhold",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose", ""), _negated=True), name="kept_is_read_with_a_purpose"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptUnderHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("draft", "A draft of CPD that was deleted"),
                            ("changed", "CPD as it was before it was changed"),
                            ("file", "A file that was taken from CPD"),
                            ("form", "Something half written that was thrown away"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.UUIDField()),
                ("said", models.JSONField(default=dict)),
                ("files", models.JSONField(default=list)),
                ("kept_at", models.DateTimeField()),
                ("let_go_at", models.DateTimeField(null=True)),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="kept", to="cpd_records.legalhold"
                    ),
                ),
            ],
            options={
                "ordering": ["kept_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("what", "changed")),
                        fields=("hold", "about"),
                        name="kept_once_before_changes",
                    )
                ],
            },
        ),
        migrations.RunPython(make_triggers, drop_triggers),
    ]
