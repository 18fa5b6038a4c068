"""How this house is built, where a machine can tell: layers are import-linter's; these are the rest."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import signals
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from tests.permissions.asking import WRITES, World, undone
from tests.permissions.matrix import rows
from tests.permissions.routes import module_of
from tests.permissions.world import world_made

ROOT = Path(__file__).resolve().parent.parent
APPS = ("training_site", "courses", "assessments", "cpd_records", "people")
MOST_LINES = 450
# Ways to a row that ask for whom: everything else is for the modules of rules.
ASKED_FOR_SOMEBODY = (
    "visible_to",
    "of",
    "run_by",
    "readable_by",
    "readable_by_supervisor",
    "confirmable_by",
    "waiting_for",
    "held_by",
    "asked_by",
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with world_made(django_db_blocker) as made:
        yield made


def files(*patterns: str) -> list[Path]:
    """Return files of the product: tracked ones, or in a copy without a history, all."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    known = [ROOT / name for name in listed if name] or [path for path in ROOT.rglob("*") if path.is_file()]
    wanted = [path.relative_to(ROOT) for path in known if path.is_file()]
    return [path for path in wanted if any(path.match(pattern) for pattern in patterns)]


def product(*patterns: str) -> list[Path]:
    return [path for path in files(*patterns) if path.parts[0] in APPS and "migrations" not in path.parts]


def text(path: Path) -> str:
    return (ROOT / path).read_text()


def test_no_file_holds_two_versions_that_were_never_joined() -> None:
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    readable = files("*.py", "*.md", "*.html", "*.scss", "*.js", "*.toml", "*.sql", "*.txt", "*.yml")

    assert [str(path) for path in readable if marks.search((ROOT / path).read_text(encoding="utf-8"))] == []


def test_no_rule_hides_in_a_signal_of_a_model_of_ours() -> None:
    for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete, signals.m2m_changed):
        for receiver in signal.receivers:
            found = receiver[1]() if callable(receiver[1]) else receiver[1]
            assert str(getattr(found, "__module__", "")).split(".")[0] not in APPS, found
    named = [path for path in product("*.py") if re.search(r"\b(?:pre|post)_(?:save|delete)\b", text(path))]
    assert not named


def test_a_view_finds_its_object_among_those_its_reader_may_see() -> None:
    wrong = []
    for path in product("views.py", "views_*.py", "*_views.py", "views/*.py", "admin/views.py"):
        for number, line in enumerate(text(path).splitlines(), 1):
            for asked in re.findall(r"\b[A-Z]\w+\.objects\b(?:\.(\w+))?", line):
                if asked not in ASKED_FOR_SOMEBODY:
                    wrong.append(f"{path}:{number}: {line.strip()}")
    assert not wrong, "\n".join(wrong)


def test_words_are_spelt_as_the_house_spells_them() -> None:
    wrong = []
    for path in files("*.py", "*.html", "*.md", "*.js", "*.yaml", "*.txt"):
        if path.parts[0] not in {"requirements", "node_modules", "var", ".venv"} and path.name != Path(__file__).name:
            wrong += [f"{path}: {word}" for word in re.findall(r"(?i)\benrollments?\b", text(path))]
    assert not wrong


def test_nothing_is_called_after_no_subject() -> None:
    for path in product("*"):
        assert not {"utils", "helpers", "common", "core"} & {part.removesuffix(".py") for part in path.parts}, path
    for path in product("*.py"):
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.ClassDef):
                word = re.search(r"(Helper|Processor|Service|Util)s?$|^Base[A-Z]", node.name)
                assert word is None, f"{path}: {node.name}"


def test_only_commands_print() -> None:
    for path in product("*.py"):
        if "commands" not in path.parts:
            for node in ast.walk(ast.parse(text(path))):
                called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
                assert called not in {"print", "breakpoint", "pprint"}, f"{path}:{getattr(node, 'lineno', 0)}"


def test_files_are_short_enough_to_be_read_at_once() -> None:
    counted = {path: text(path).count("\n") for path in (*product("*.py", "*.scss"), *files("templates/**/*.html"))}
    assert len(counted) > 150
    assert not {str(path): lines for path, lines in counted.items() if lines > MOST_LINES}


def test_imports_stand_at_the_top() -> None:
    """A function that imports hides a layer; only what Django itself asks to import late may."""
    wrong = []
    for path in product("*.py"):
        if path.name in {"apps.py", "__init__.py"} or "settings" in path.parts:
            continue
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                late = [one for one in ast.walk(node) if isinstance(one, ast.ImportFrom | ast.Import)]
                ours = [one for one in late if str(getattr(one, "module", "") or "").split(".")[0] in APPS]
                wrong += [f"{path}:{one.lineno}" for one in ours]
    assert not wrong


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes" in said.getvalue()


def test_a_get_writes_nothing_first_or_again(world: World) -> None:
    """Only reading, a session, what Wagtail keeps of its own, and who looked at whose record; twice, because the first may fill a cache."""
    wrong = []
    for row in rows():
        address = world.address(row.address)
        if row.method == "GET" and not module_of(resolve(address.split("?")[0]).func).startswith(("wagtail.", "rest_")):
            with undone():
                connection.queries_log.clear()
                with CaptureQueriesContext(connection) as queries:
                    for _time in range(2):
                        world.client(row.reader).get(address)
                ran = [query["sql"] or "" for query in queries.captured_queries]
            written = [sql for sql in ran if sql.lstrip().upper().startswith(WRITES)]
            allowed = ('"django_session"', '"wagtail', '"people_look"')
            wrong += [f"{row}: {sql[:120]}" for sql in written if not any(table in sql for table in allowed)]
    assert not wrong, "\n".join(wrong)
