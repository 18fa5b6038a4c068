"""An evidence pack about one person with ten years of record: seconds, memory, size; as it stands, and as it was known half the time ago.

Runs in a process of its own on a fresh SQLite database. Each year has three courses of six lessons with a test of 25 questions, failed
once and then passed, 24 verified CPD activities and three awards. Other people's entries stand between theirs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.alone import ROOT, environment_in

YEARS = 10

WORKER = """
import json, sys, tempfile, time, zipfile
from datetime import date, datetime, timedelta, UTC
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)

from django.db import transaction
from courses.evidence.building import write_pack
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import LedgerEntry
from people import clock
from uuid import uuid4
from tests import factories
from tests.courses.factories import assessment, do_lessons, enrolled, lesson, questions, release, sat, sit
from tests.cpd_records.currency.acts import award, on_day

YEARS, COURSES, ACTIVITIES, OTHERS = int(sys.argv[1]), 3, 24, 200
TODAY = clock.today()


def memory(what="VmRSS"):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(what))


# Stamps never go back, so everything is recorded in its order.
with on_day(TODAY - timedelta(days=365 * YEARS + 1)):
    officer = factories.person("Olu Demo", rank="constable")
answers = 0
for year in range(YEARS, 0, -1):
    begins = TODAY - timedelta(days=365 * year)
    for number in range(COURSES):
        code = f"SPEC-{year:02}{number}"
        with on_day(begins + timedelta(days=90 * number)) as noon:
            questions(code, 30)
            version = assessment(code, draw=[{"outcome": "LO1", "count": 25}])
            steps = [lesson(f"lesson-{one}") for one in range(1, 7)]
            steps.append(sat(version=version))
            made = release(code=code, title=f"Course {code}", at=noon - timedelta(days=30), steps=steps, completion="pass")
            enrolment = enrolled(officer, made, at=noon - timedelta(days=9))
            do_lessons(enrolment, at=noon - timedelta(days=3))
            for right, days in ((10, 2), (25, 0)):
                attempt = sit(enrolment, right=right, at=noon - timedelta(days=days))
                answers += attempt.items.count()
            award(officer, ("PPST", "FALP", "JRFT")[number], clock.today())
            seal_now()
    with on_day(begins + timedelta(days=300)):
        with transaction.atomic():
            for number in range(ACTIVITIES):
                day = begins + timedelta(days=12 * number)
                append_entry(kind="cpd_activity", officer=officer.public_id, day=day, minutes=45, subject=f"A{year}-{number}",
                             payload={"title": f"Briefing {number} of year {year}", "activity_kind": "briefing",
                                      "learned": "I name the fact that links the person to the item, first."})
            for number in range(OTHERS):
                append_entry(kind="completion", officer=uuid4(), day=begins, minutes=60, subject="SPEC-110", payload={})
        seal_now()

rows = []
for what, on, known_at in (
    ("as recorded now", TODAY, None),
    ("as recorded now, again", TODAY, None),
    ("half the time ago, as known then", TODAY - timedelta(days=365 * (YEARS // 2)),
     datetime.combine(TODAY - timedelta(days=365 * (YEARS // 2)), datetime.min.time(), UTC)),
):
    before, start, cpu = memory(), time.perf_counter(), time.process_time()
    with tempfile.TemporaryFile() as into:
        made = write_pack(officer, on=on, known_at=known_at, purpose="Inquest", at=clock.now(), into=into)
        took, worked = time.perf_counter() - start, time.process_time() - cpu
        into.seek(0)
        files = zipfile.ZipFile(into).namelist()
    rows.append({"pack": what, "seconds": round(took, 2), "CPU s": round(worked, 2), "RSS MB before": round(before),
                 "RSS MB after": round(memory()), "peak MB": round(memory("VmHWM")), "files": len(files),
                 "MB": round(made.size / 1e6, 2), "tree": made.tree_size})
print(json.dumps({"rows": rows, "answers": answers, "entries": LedgerEntry.objects.count()}))
"""


def run(years: int = YEARS) -> dict[str, Any]:
    """Build packs about somebody with so many ``years`` of record and return the figures; seconds and megabytes."""
    with tempfile.TemporaryDirectory(prefix="bench-evidence-") as folder:
        environment = environment_in(folder)
        done = subprocess.run(
            [sys.executable, "-c", WORKER, str(years)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
