"""The sweeper as it is started: in a process of its own, which loads no more than it needs and must know every kind of work."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from people.models import WaitingWork
from tests import databases
from tests.settings import ROOT

APPS = ("people", "assessments", "cpd_records", "courses", "training_site")
KNOWN = """
import json, django
django.setup()
from people.work import _doers
print(json.dumps([doer.__module__ for doer in _doers.values()]))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": databases.address(), "DJANGO_SETTINGS_MODULE": "training_site.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def written_doers() -> Counter[str]:
    """Return how many functions of each module of ours are decorated as background work."""
    found: Counter[str] = Counter()
    for app in APPS:
        for file in sorted((ROOT / app).rglob("*.py")):
            text = file.read_text()
            if "background(" not in text:
                continue
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(text)):
                for decorator in getattr(node, "decorator_list", ()):
                    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("background"):
                        found[module] += 1
    return found


def test_a_process_that_loads_no_addresses_knows_who_does_every_kind_of_work():
    done = run("-c", KNOWN)
    assert done.returncode == 0, done.stderr
    written = written_doers()
    assert written["cpd_records.currency.following"] == 4
    assert Counter(json.loads(done.stdout)) == written


@pytest.mark.django_db(transaction=True)
def test_one_sweep_does_the_work_that_is_due_and_says_nothing(person):
    person("Pat Demo", "assessor")  # a row with two times, after which the sealer signs a checkpoint
    done = run("manage.py", "sweep", "--once")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert "will be tried again" not in done.stderr
    followed = WaitingWork.objects.get(kind="follow_checkpoint")
    assert followed.done_at is not None
    assert followed.last_error == ""
