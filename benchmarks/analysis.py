"""Item analysis of 10,000 attempts at 100 questions: seconds and peak memory, from a file of marks and from attempts in the database.

Each act runs in a process of its own on a SQLite database made for it. Marks follow a chance that grows with the candidate and falls with
the question, from a fixed seed; every question has four options, every answer was saved once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.alone import ROOT, environment_in

ATTEMPTS, QUESTIONS = 10_000, 100

COMMON = """
import json, random, resource, sys, time
ATTEMPTS, QUESTIONS, FOLDER = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def answers():
    # Yields for each candidate whether each question was answered rightly.
    chance = random.Random(20261128)
    for candidate in range(ATTEMPTS):
        able = candidate / ATTEMPTS
        yield [chance.random() < 0.25 + 0.5 * able + 0.2 * (question / QUESTIONS) for question in range(QUESTIONS)]

def measured(act):
    before, cpu = time.perf_counter(), time.process_time()
    found = act()
    seconds, used = time.perf_counter() - before, time.process_time() - cpu
    print(json.dumps({"seconds": round(seconds, 2), "CPU s": round(used, 2), "alpha": round(found.alpha, 4),
                      "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}))
"""

FILE = """
with open(f"{FOLDER}/marks.csv", "w") as file:
    file.write(",".join(f"q{number}" for number in range(1, QUESTIONS + 1)) + "\\n")
    for place, row in enumerate(answers()):
        cells = [str(int(right)) for right in row]
        if BLANKS:
            cells[place % QUESTIONS] = ""
        file.write(",".join(cells) + "\\n")

from assessments.analysis.items import analyse
from assessments.analysis.matrix_files import read_matrix

def act():
    with open(f"{FOLDER}/marks.csv", "rb") as file:
        return analyse(read_matrix(file))

measured(act)
"""

WRITE = """
import django
django.setup()
from datetime import UTC, datetime, timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
from assessments.assessment_rules import save_assessment_version
from assessments.bank import approve_version, save_question_version, submit_for_review
from assessments.models import Attempt, AttemptItem, AttemptStep
from people.models import User

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OPTIONS = [{"id": letter, "text": f"Answer {letter}", "fraction": int(letter == "a"), "feedback": "So."} for letter in "abcd"]
versions = []
for number in range(1, QUESTIONS + 1):
    version = save_question_version(f"bench-{number:03}", bank="BENCH", family="", type="single_choice", outcome="LO1", by=None, at=NOON,
                                    definition={"stem": f"Case {number}. What do you do?", "options": OPTIONS})
    submit_for_review(version, by=None, at=NOON, tell=False)
    versions.append(approve_version(version, by=None, at=NOON) or version)
rules = save_assessment_version("bench", bank="BENCH", title="Bench", minutes=120, pass_percent=70, by=None, at=NOON,
                                draw=[{"outcome": "LO1", "count": QUESTIONS}])
chance = random.Random(7)
AT_ONCE = 250
people, attempts, items, steps = [], [], [], []

def write():
    for rows, model in ((people, User), (attempts, Attempt), (items, AttemptItem), (steps, AttemptStep)):
        model.objects.bulk_create(rows, batch_size=5000)
        rows.clear()

for number, row in enumerate(answers()):
    officer = User(service_number=f"9{number:06}", email=f"b{number}@force.example", name=f"Bench {number}", password="!")
    people.append(officer)
    if len(people) == AT_ONCE or number == ATTEMPTS - 1:
        User.objects.bulk_create(people)
        people.clear()
officers = list(User.objects.filter(service_number__startswith="9").order_by("service_number"))
for number, (officer, row) in enumerate(zip(officers, answers(), strict=True)):
    score = sum(row) * 1_000_000 // QUESTIONS
    attempt = Attempt(assessment_version=rules, officer=officer, context_ref="bench", number=1, seed="s", started_at=NOON,
                      state="submitted", closed_at=NOON, score=score, outcome="passed" if score >= 700_000 else "failed", marked_at=NOON)
    attempts.append(attempt)
    steps.append(AttemptStep(attempt=attempt, number=1, kind="started", at=NOON, data={}))
    moment = NOON
    for place, right in enumerate(row):
        moment += timedelta(seconds=chance.randrange(10, 90))
        response = {"option": "a" if right else chance.choice("bcd")}
        items.append(AttemptItem(attempt=attempt, position=place + 1, question_version=versions[place], response=response,
                                 fraction=1_000_000 * right))
        steps.append(AttemptStep(attempt=attempt, number=place + 2, kind="saved", at=moment, position=place + 1,
                                 data={"response": response}, device="d", sequence=place + 1))
    if len(attempts) == AT_ONCE:
        write()
write()
"""

READ = """
import django
django.setup()
from assessments.analysis.reports import analyse_assessment
from assessments.models import Assessment

def act():
    found = analyse_assessment(Assessment.objects.get(code="bench"))
    assert (found.figures.candidates, len(found.questions)) == (ATTEMPTS, QUESTIONS)
    return found.figures

measured(act)
"""


def run(attempts: int = ATTEMPTS, questions: int = QUESTIONS) -> dict[str, Any]:
    """Return a row for each act: seconds, seconds of processor time, and the process's largest memory in megabytes."""
    with tempfile.TemporaryDirectory(prefix="bench-analysis-") as folder:

        def act(*scripts: str) -> dict[str, Any]:
            return _worker("\n".join((COMMON, *scripts)), folder, attempts, questions)

        rows = [
            {"act": "a file of marks", **act("BLANKS = False", FILE)},
            {"act": "a file, a blank in every row", **act("BLANKS = True", FILE)},
        ]
        act(WRITE)
        rows.append({"act": "attempts in the database, with options, blanks and times", **act(READ)})
    return {"rows": rows}


def _worker(script: str, folder: str, attempts: int, questions: int) -> dict[str, Any]:
    environment = environment_in(folder)
    done = subprocess.run(
        [sys.executable, "-c", script, str(attempts), str(questions), folder],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    lines = done.stdout.splitlines()
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return found


if __name__ == "__main__":
    print(json.dumps(run()))
