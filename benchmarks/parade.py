"""A parade of 1,000: settling everybody on the list, the zip, the file for the printer; seconds, and the memory of the process.

Runs in a process of its own on a fresh SQLite database, where a thousand certificates are issued first; that is what ``certificates``
measures. Here the work rows are done one after the other, as one worker does them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.alone import ROOT, environment_in

PEOPLE = 1000

WORKER = """
import json, sys, time
from datetime import date
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)

from django.db import transaction
from courses.models import MemberState, ParadeFile, ParadeMember
from courses.parades import issuing
from courses.parades.filing import make_file
from courses.parades.issuing import ask_for_parade, settle_member
from courses.parades.looking import look
from cpd_records.certificates import award_certificate
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate
from people import clock
from people.models import User
from people.roles import grant_role

PEOPLE = int(sys.argv[1])


def memory(what="VmRSS"):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(what))


officers = []
with transaction.atomic():
    admin = User.objects.create_user("900000", "admin@force.example", "Ada", None)
    grant_role(admin, "training-admin", by=None, valid_from=date(2020, 1, 1))
    for number in range(PEOPLE):
        officer = User.objects.create_user(f"8{number:05}", f"c{number}@force.example", f"Officer {number}", None)
        done = append_entry(kind="completion", officer=officer.public_id, day=date(2026, 9, 1), subject="SPEC-110", payload={})
        award_certificate(officer, subject="SPEC-110", title="Stop and search: fair and effective",
                          release_label="Release 3 of 4 September 2026", minutes=240, awarded_on=date(2026, 9, 1),
                          valid_until=None, completion_entry=done, assessed=True, at=clock.now())
        officers.append(officer)
seal_now()
for key in Certificate.objects.values_list("pk", flat=True):
    issue_certificate(str(key))
issuing.subjects = lambda: {"SPEC-110": "SPEC-110: Stop and search"}
rows = []


def timed(act, do):
    before, start, cpu = memory(), time.perf_counter(), time.process_time()
    do()
    rows.append({"act": act, "seconds": round(time.perf_counter() - start, 2), "CPU s": round(time.process_time() - cpu, 2),
                 "RSS MB before": round(before), "RSS MB after": round(memory()), "peak MB": round(memory("VmHWM"))})


timed(f"look at a list of {PEOPLE}", lambda: look("SPEC-110", officers, on=clock.today()))
for shape in ("zip", "print"):
    asked = []
    timed(f"ask for it ({shape})", lambda: asked.append(ask_for_parade(
        "Parade", officers, subject="SPEC-110", shape=shape, day=clock.today(), by=admin, at=clock.now())))
    parade = asked[0]

    def settle():
        for key in ParadeMember.objects.filter(parade=parade).values_list("pk", flat=True):
            settle_member(str(key))

    timed(f"settle {PEOPLE} ({shape})", settle)
    timed(f"make the file ({shape})", lambda: make_file(str(parade.pk)))
    assert ParadeMember.objects.filter(parade=parade, state=MemberState.INCLUDED).count() == PEOPLE
    rows[-1]["file MB"] = round(ParadeFile.objects.get(parade=parade).size / 1e6, 1)
print(json.dumps(rows))
"""


def run(people: int = PEOPLE) -> dict[str, Any]:
    """Put ``people`` certificates together both ways and return the figures; seconds and megabytes."""
    with tempfile.TemporaryDirectory(prefix="bench-parade-") as folder:
        environment = environment_in(folder)
        done = subprocess.run(
            [sys.executable, "-c", WORKER, str(people)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True
        )
    return {"rows": json.loads(done.stdout.splitlines()[-1])}
