"""The process beside the site: it makes people and attempts, and tells what the database holds of them. One JSON line asks, one answers."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402

from assessments.marks import SEND_RECEIPT, cache_as_told, cache_of  # noqa: E402
from assessments.models import AssessmentVersion, Attempt, StepKind  # noqa: E402
from assessments.replay import replay  # noqa: E402
from cpd_records.ledger import keys as ledger_keys  # noqa: E402
from people import clock  # noqa: E402
from people.models import User, WaitingWork  # noqa: E402
from tests.assessments.building import question, rules_only, started  # noqa: E402

QUESTIONS = 6
MINUTES = 600
BRIEF = 1  # minutes of a test whose time is to run out
_tests: dict[bool, AssessmentVersion] = {}
_people: list[User] = []


def keys() -> str:
    """Make the keys of an embedded site, and the questions of the test."""
    trouble = ledger_keys.trouble()
    for number in range(QUESTIONS):
        definition = {
            "stem": f"Question {number}: what did you write?",
            "accept": [{"text": "AMHP", "fraction": 1, "feedback": "Yes."}],
            "otherwise": "It is the approved mental health professional.",
        }
        question(f"fault-{number}", type="short_text", definition=definition)
    draw = [{"outcome": "LO1", "count": QUESTIONS}]
    for is_brief, minutes in ((False, MINUTES), (True, BRIEF)):
        _tests[is_brief] = rules_only(code=f"faults-{minutes}", draw=draw, minutes=minutes)
    return trouble


def begin(*, name: str, candidates: int, seconds: list[float] | None) -> list[dict[str, Any]]:
    """Start an attempt each for so many candidates; ``seconds`` are what is left to each of them."""
    while len(_people) < candidates:
        number = f"96{len(_people):04}"
        _people.append(User.objects.create_user(number, f"f{number}@force.example", f"Candidate {number}", None))
    return [
        _seat(person, name, None if seconds is None else seconds[n]) for n, person in enumerate(_people[:candidates])
    ]


def _seat(person: User, name: str, seconds: float | None) -> dict[str, Any]:
    at = clock.now()
    if seconds is not None:
        at -= timedelta(minutes=BRIEF) - timedelta(seconds=seconds)
    attempt = started(_tests[seconds is not None], person, at=at, context=f"faults:{name}", context_title="Faults")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "people.sign_in.SignInBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    deadline = attempt.deadline_at.isoformat() if attempt.deadline_at else None
    return {
        "attempt": str(attempt.pk),
        "session": session.session_key,
        "cookie": settings.SESSION_COOKIE_NAME,
        "turn": attempt.turn,
        "deadline": deadline,
        "positions": QUESTIONS,
    }


def tell(*, attempts: list[str]) -> dict[str, Any]:
    """Return what became of each attempt: its deadline, its saves, its state, and the receipts that were mailed."""
    found = list(Attempt.objects.filter(pk__in=attempts))
    waiting = set(
        WaitingWork.objects.filter(kind=SEND_RECEIPT, done_at__isnull=True, key__in=attempts).values_list(
            "key", flat=True
        )
    )
    mails = _receipts()  # last, or one could be sent after they were counted and before it is asked which wait
    told = {}
    for attempt in found:
        items = {item.position: item for item in attempt.items.all()}
        saves = attempt.steps.filter(kind=StepKind.SAVED).order_by("number")
        told[str(attempt.pk)] = {
            "deadline": attempt.deadline_at.isoformat() if attempt.deadline_at else None,
            "state": attempt.state,
            "agrees": cache_of(attempt, items) == cache_as_told(replay(attempt.steps.all()), attempt),
            "steps": [
                {"device": s.device, "sequence": s.sequence, "position": s.position, "response": s.data["response"]}
                for s in saves
            ],
            "receipts": mails[str(attempt.pk)],
            "waits": str(attempt.pk) in waiting,
        }
    return told


def _receipts() -> Counter[str]:
    found: Counter[str] = Counter()
    for mail in settings.EMAIL_FILE_PATH.glob("*.log"):
        for line in mail.read_text().splitlines():
            if line.startswith("Message-ID: <receipt-"):
                found[line.removeprefix("Message-ID: <receipt-").split("@")[0]] += 1
    return found


def main() -> None:
    answers = {"keys": keys, "begin": begin, "tell": tell}
    for line in sys.stdin:
        about = json.loads(line)
        answer = answers[about.pop("what")](**about)  # type: ignore[operator]
        connection.close()  # one that outlives a killed database is of no use
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
