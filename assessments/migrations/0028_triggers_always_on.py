"""Keep on PostgreSQL what refuses a change on whatever ``session_replication_role`` says, as the ledger's triggers are."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLES = (
    "assessments_answerfile",
    "assessments_assessmentversion",
    "assessments_attempt",
    "assessments_attemptitem",
    "assessments_attemptstep",
    "assessments_decisionassessment",
    "assessments_decisioneffect",
    "assessments_decisionkey",
    "assessments_decisionstep",
    "assessments_decisionversion",
    "assessments_practiceanswer",
    "assessments_practiceround",
    "assessments_queryanswer",
    "assessments_questiondecision",
    "assessments_questionpicture",
    "assessments_questionquery",
    "assessments_questionversion",
    "assessments_roomevent",
    "assessments_standardcompromise",
    "assessments_standarditem",
    "assessments_standardjudge",
    "assessments_standardrating",
    "assessments_standardsetting",
    "assessments_standardstep",
    "assessments_topicchange",
    "assessments_versionstep",
)


def always_on(_apps: Any, schema_editor: Any) -> None:
    _switch(schema_editor, "ENABLE ALWAYS")


def on_by_origin(_apps: Any, schema_editor: Any) -> None:
    _switch(schema_editor, "ENABLE")


def _switch(schema_editor: Any, how: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} {how} TRIGGER {table}_written_once", params=None)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0027_responses_erased")]
    operations = [migrations.RunPython(always_on, on_by_origin)]
