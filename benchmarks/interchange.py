"""Import of 10,000 questions, the same file again, and their export, by the commands: seconds and peak memory.

Each command runs in a process of its own on a SQLite database made for it. Four kinds of question take turns, with feedback on every
answer; the texts come from a fixed pattern, so that each run reads the same file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = 10_000

RUN = """
import io, json, resource, sys, time
from contextlib import redirect_stdout
import django
django.setup()
from django.core.management import call_command
out, errors = io.StringIO(), io.StringIO()
before, cpu = time.perf_counter(), time.process_time()
call_command(*sys.argv[1:], stdout=out, stderr=errors)
seconds, used = time.perf_counter() - before, time.process_time() - cpu
told = json.loads(out.getvalue()) if "--json" in sys.argv else {}
print(json.dumps({"seconds": round(seconds, 1), "CPU s": round(used, 1), "read": told.get("read", "–"),
                  "imported": told.get("imported", "–"), "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
"""


def gift(count: int) -> str:
    """Return a file of so many questions under twenty categories."""
    pieces = []
    for number in range(count):
        if number % (count // 20 or 1) == 0:
            pieces.append(f"$CATEGORY: $course$/top/Chapter {number // (count // 20 or 1) + 1}\n")
        case = f"::Case {number}::In case {number} you are called at {number % 24}:00 and meet two people."
        inside = (
            "=Ask both what they saw#Right: both. ~Ask one of them#One is not enough. ~%50%Write it down first#Half of it. ~Leave#Never.",
            "FALSE#It is not so.#Right.",
            f"#={number % 90 + 1}:0#Right. ~#Read the section again.",
            "=section 1 -> search =section 17 -> enter =section 24 -> arrest",
        )[number % 4]
        pieces.append(f"{case} What do you do?{{{inside}}}\n")
    return "\n".join(pieces)


def run() -> dict[str, Any]:
    """Import, import again, and export in each format that carries them; then import the largest export elsewhere."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        file = place / "questions.txt"
        file.write_text(gift(QUESTIONS))
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
            "DATABASE_URL": f"sqlite:///{place / 'bench.sqlite3'}",
            "VAR_DIR": folder,
            "LOG_LEVEL": "ERROR",
        }

        for name in ("PRODUCTION", "REDIS_URL", "CELERY_BROKER_URL", "S3_BUCKET", "DEBUG"):
            environment.pop(name, None)

        def command(act: str, *words: str) -> None:
            done = subprocess.run(
                [sys.executable, "-c", RUN, *words],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            rows.append({"act": act, **json.loads(done.stdout.splitlines()[-1])})

        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, capture_output=True
        )
        command("GIFT, a dry run", "import_questions", str(file), "--topic", "Bench", "--json", "--dry-run")
        command("GIFT, imported", "import_questions", str(file), "--topic", "Bench", "--json")
        command("GIFT, the same again", "import_questions", str(file), "--topic", "Bench", "--json")
        for kind in ("gift", "moodle-xml", "qti"):
            out = str(place / f"out.{kind}")
            command(f"export as {kind}", "export_questions", "--topic", "Bench", "--format", kind, "--out", out)
            command(f"import of that, {kind}", "import_questions", out, "--topic", f"Elsewhere-{kind}", "--json")
    return {"questions": QUESTIONS, "rows": rows}
