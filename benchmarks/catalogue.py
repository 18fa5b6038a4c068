"""The starter catalogue into an empty site and out again, by the commands: seconds and CPU of loading it all and exporting each course.

Everything is SQLite in a folder of its own. Loading is the whole command as somebody types it, interpreter and all. What comes out must be
what went in, byte for byte, or the figures are worth nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.alone import ROOT, environment_in

STARTER_CATALOGUE = ROOT / "courses" / "starter_catalogue"
BUDGET_SECONDS = 30

RUN = """
import io, json, resource, sys, time
before = time.perf_counter()
import django
django.setup()
from django.core.management import call_command
call_command(*sys.argv[1:], stdout=io.StringIO(), stderr=io.StringIO())
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"seconds": round(time.perf_counter() - before, 1), "CPU s": round(used.ru_utime + used.ru_stime, 1),
                  "peak MB": round(used.ru_maxrss / 1024)}))
"""


def run() -> dict[str, Any]:
    """Load all courses, load them again, export each, and compare every file."""
    codes = sorted(place.parent.name for place in STARTER_CATALOGUE.glob("*/course.md"))
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_in(folder)

        def command(*words: str) -> dict[str, Any]:
            done = subprocess.run(
                [sys.executable, "-c", RUN, *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            return measured

        command("migrate", "-v0")
        loading = command("load_catalogue")
        rows = [
            {"act": f"load {len(codes)} courses", **loading, "budget s": BUDGET_SECONDS},
            {"act": "load them again, unchanged", **command("load_catalogue")},
        ]
        out = Path(folder) / "exported"
        rows += [{"act": f"export {code}", **command("export_course", code, str(out))} for code in codes]
        wanting = [f"{path} is not exported as it was loaded." for path in _unlike(codes, out)]
    if loading["seconds"] > BUDGET_SECONDS:
        wanting.append(f"Loading took {loading['seconds']} s; the budget is {BUDGET_SECONDS} s.")
    return {"rows": rows, "wanting": wanting}


def _unlike(codes: list[str], out: Path) -> list[str]:
    """Return the paths of files that are missing, too many or different."""
    shipped = {path: content for code in codes for path, content in _files(STARTER_CATALOGUE, code)}
    exported = {path: content for code in codes for path, content in _files(out, code)}
    return sorted(path for path in shipped.keys() | exported.keys() if shipped.get(path) != exported.get(path))


def _files(place: Path, code: str) -> list[tuple[str, bytes]]:
    return [(str(path.relative_to(place)), path.read_bytes()) for path in (place / code).rglob("*") if path.is_file()]
