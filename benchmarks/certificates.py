"""Certificates in one worker: how many a minute from waiting row to stored file, against WeasyPrint alone on the same page, and memory.

Runs in a process of its own on a fresh SQLite database. Both ways are measured in turns, so that both meet the same machine, and their
ratio is that of processor time. 'Alone' is the same template drawn as PDF/UA-1, with one FontConfiguration and one parsed style sheet
for all: no attachments, no PDF/A, no signature, no storage and no database.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.alone import ROOT, environment_in

MEASURED = 1000
WARM_UP = 60
TURN = 20

WORKER = """
import json, sys, time
from datetime import date
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)

from django.db import transaction
from weasyprint import CSS, HTML
from cpd_records.certificates import award_certificate, fitting, issuing, rendering
from cpd_records.certificates.particulars import Particulars
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate
from people import clock
from people.loaded import set_loaded_aside
from people.models import User

WARM_UP, MEASURED, TURN = map(int, sys.argv[1:])
NAMES = ["Alexandra Bell", "Sam Lee", "Oluwaseun Adébáyò", "Christopher-Alexander Featherstonehaugh-Olorunfemi", "ያቆብ ተስፋዬ"]


def memory():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


with transaction.atomic():
    for number in range(WARM_UP + MEASURED):
        officer = User.objects.create_user(f"8{number:05}", f"c{number}@force.example", NAMES[number % len(NAMES)], None)
        done = append_entry(kind="completion", officer=officer.public_id, day=date(2026, 9, 1), subject="SPEC-110", payload={})
        award_certificate(officer, subject="SPEC-110", title="Stop and search: fair and effective",
                          release_label="Release 3 of 4 September 2026", minutes=240, awarded_on=date(2026, 9, 1),
                          valid_until=date(2028, 9, 1), completion_entry=done, assessed=True, at=clock.now())
seal_now()
waiting = list(Certificate.objects.select_related("entry__readable").order_by("created_at"))


def whole(certificate):
    issuing.issue_certificate(str(certificate.pk))


def alone(certificate):
    # What WeasyPrint is given: the same template filled with the same particulars, its style sheet read once, one FontConfiguration.
    it = Particulars.read(certificate.entry.readable.payload)
    page = rendering.certificate_html(it, SEALED, LOOKS, fitting.first_sizes(it.name, it.title))
    HTML(string=page, url_fetcher=rendering._Emblems(LOOKS)).write_pdf(
        stylesheets=[SHEET], font_config=FONTS, pdf_variant="pdf/ua-1")


def timed(act, what, clock, cpu):
    start, cpu_start = time.perf_counter(), time.process_time()
    act(what)
    cpu.append(time.process_time() - cpu_start)
    clock.append(time.perf_counter() - start)


LOOKS, FONTS = issuing.looks_now(), rendering.fonts()
SHEET = CSS(string=rendering.STYLES.read_text(), font_config=FONTS)
SEALED = issuing.sealed_particulars(waiting[0])
for certificate in waiting[:WARM_UP]:
    whole(certificate)
for certificate in waiting[:TURN]:
    alone(certificate)
# As whoever does waiting work begins.
set_loaded_aside()
measured, rss = waiting[WARM_UP:], [memory()]
wholes, whole_cpu, alones, alone_cpu = [], [], [], []
for start in range(0, MEASURED, TURN):
    for certificate in measured[start : start + TURN]:
        timed(alone, certificate, alones, alone_cpu)
    for certificate in measured[start : start + TURN]:
        timed(whole, certificate, wholes, whole_cpu)
    rss.append(memory())
assert Certificate.objects.filter(issued_at__isnull=False).count() == WARM_UP + MEASURED
print(json.dumps({"wholes": wholes, "whole_cpu": whole_cpu, "alones": alones, "alone_cpu": alone_cpu, "rss": rss}))
"""


def run(measured: int = MEASURED) -> dict[str, Any]:
    """Issue ``measured`` certificates and return the figures; milliseconds, megabytes."""
    with tempfile.TemporaryDirectory(prefix="bench-certificates-") as folder:
        environment = environment_in(folder)
        done = subprocess.run(
            [sys.executable, "-c", WORKER, str(WARM_UP), str(measured), str(TURN)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    found = json.loads(done.stdout.splitlines()[-1])
    whole, alone = statistics.median(found["whole_cpu"]), statistics.median(found["alone_cpu"])
    before, half, after = found["rss"][0], found["rss"][len(found["rss"]) // 2], found["rss"][-1]
    row = {
        "act": "certificate issued",
        "a minute": round(60 / statistics.fmean(found["wholes"])),
        "median ms": round(statistics.median(found["wholes"]) * 1000, 1),
        "p95 ms": round(statistics.quantiles(found["wholes"], n=20)[-1] * 1000, 1),
        "CPU ms": round(whole * 1000, 1),
        "WeasyPrint alone, CPU ms": round(alone * 1000, 1),
        "ratio": round(whole / alone, 2),
        "budget ratio": 1.15,
        "RSS MB warm": round(before),
        f"RSS MB after {measured // 2}": round(half),
        f"RSS MB after {measured}": round(after),
        "MB per 1000": round((after - before) * 1000 / measured, 1),
    }
    return {"rows": [row]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--measured", type=int, default=MEASURED, help="how many certificates are measured")
    options = parser.parse_args()
    outcome = run(options.measured)
    if options.json:
        print(json.dumps(outcome))
    else:
        for name, value in outcome["rows"][0].items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
