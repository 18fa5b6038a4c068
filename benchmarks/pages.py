"""Pages over real HTTP: CPU as multiples of a trivial view in the same run, 95th percentile, bytes, at 1, 4 and 8 signed-in users."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.server import Site, site

USERS = (1, 4, 8)
REQUESTS = 480
TURNS = 6
WARM_UP = 10
TRIVIAL = "/healthz"

PREPARE = """
import json
from datetime import date
from django.db import transaction
from cpd_records.certificates import award_certificate
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from django.contrib.auth import get_user_model, SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.conf import settings
from importlib import import_module
from people import clock
from courses.models import Course
from courses.enrolments import enrol
from assessments.attempts import start_attempt
Store = import_module(settings.SESSION_ENGINE).SessionStore
User = get_user_model()
course = Course.objects.select_related("current_release").get(code="INIT-101")
steps = list(course.current_release.steps.all())
lesson = max((s for s in steps if s.kind == "lesson"), key=lambda s: len(s.html))
test = next(s for s in steps if s.kind == "assessment")
learners = []
for n in range(8):
    user = User.objects.create_user(f"95{n:04}", f"bench{n}@force.example", f"Bench Person {n}", None)
    enrolment = enrol(user, course, by=user, at=clock.now())
    attempt = start_attempt(test.assessment_version, by=user, at=clock.now(), context_ref=f"bench:{n}",
                            context_title="Benchmark", context_address="/learn/init-101/final/")
    session = Store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "people.sign_in.SignInBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    choice = attempt.items.select_related("question_version").filter(question_version__type="single_choice").first()
    learners.append({"session": session.session_key, "attempt": str(attempt.pk), "position": choice.position,
                     "option": choice.question_version.definition["options"][0]["id"]})
with transaction.atomic():
    done = append_entry(kind="completion", officer=user.public_id, day=date(2026, 9, 1), subject="SPEC-110", payload={})
    certificate = award_certificate(user, subject="SPEC-110", title="Stop and search", release_label="Release 1", minutes=240,
                                    awarded_on=date(2026, 9, 1), valid_until=date(2099, 9, 1), completion_entry=done,
                                    assessed=True, at=clock.now())
seal_now()
issue_certificate(str(certificate.pk))
print(json.dumps({"code": certificate.code, "learners": learners, "steps": len(steps), "lesson": lesson.slug, "course": course.slug,
                  "cookie": settings.SESSION_COOKIE_NAME}))
"""


@dataclass
class Act:
    """Something a learner does: its name, method and address, budget in multiples of the trivial view, budget in queries."""

    name: str
    method: str
    address: str
    budget: int
    queries: int


def acts(prepared: dict[str, Any]) -> list[Act]:
    course, lesson = prepared["course"], prepared["lesson"]
    return [
        Act("trivial view", "GET", TRIVIAL, 1, 0),
        Act("course page", "GET", f"/catalogue/{course}/", 20, 7),
        Act("lesson page", "GET", f"/learn/{course}/{lesson}/", 24, 8),
        Act("attempt page", "GET", "/assess/{attempt}/?q=1", 26, 6),
        Act("check of a certificate", "GET", f"/verify/{prepared['code']}/", 45, 8),
        Act("autosave", "POST", "/assess/{attempt}/save/", 10, 5),
    ]


class Learner(threading.Thread):
    """One signed-in browser with one connection that repeats an act."""

    def __init__(self, port: int, cookie: str, learner: dict[str, Any], act: Act, times: int) -> None:
        super().__init__(daemon=True)
        self.port, self.cookie, self.learner, self.act, self.times = port, cookie, learner, act, times
        self.seconds: list[float] = []
        self.size = 0
        self.trouble = ""

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        token = "b" * 32
        headers = {"Cookie": f"{self.cookie}={self.learner['session']}; csrftoken={token}"}
        address = self.act.address.replace("{attempt}", self.learner["attempt"])
        for turn in range(self.times):
            body = None
            if self.act.method == "POST":
                answer = {
                    "position": self.learner["position"],
                    "response": self.learner["option"],
                    "device": "bench",
                    "sequence": time.time_ns() // 1000,
                }
                body = json.dumps(answer)
                headers |= {"Content-Type": "application/json", "X-CSRFToken": token}
            start = time.perf_counter()
            connection.request(self.act.method, address, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
            self.seconds.append(time.perf_counter() - start)
            self.size = len(content)
            if response.status != 200:
                self.trouble = f"{address} answered {response.status} at turn {turn}: {content[:200]!r}"
                return


@dataclass
class Figures:
    """What an act cost over several turns: CPU seconds of web and database, and each answer's seconds."""

    cpu: float = 0.0
    seconds: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / len(self.seconds)

    def within_ms(self, share: float) -> float:
        return 1000 * sorted(self.seconds)[int(share * len(self.seconds))]


def repeat(running: Site, prepared: dict[str, Any], act: Act, users: int, times: int) -> list[Learner]:
    """Let so many learners do an act so many times each, at once."""
    learners = [Learner(running.port, prepared["cookie"], prepared["learners"][n], act, times) for n in range(users)]
    for learner in learners:
        learner.start()
    for learner in learners:
        learner.join()
        if learner.trouble:
            raise RuntimeError(learner.trouble)
    return learners


def measure(running: Site, prepared: dict[str, Any], users: int) -> dict[str, Figures]:
    """Do the acts in turns, so that all of them meet the same machine, and return their figures by name."""
    figures = {act.name: Figures() for act in acts(prepared)}
    for _turn in range(TURNS):
        for act in acts(prepared):
            before = running.cpu_seconds()
            learners = repeat(running, prepared, act, users, REQUESTS // users // TURNS)
            found = figures[act.name]
            found.cpu += running.cpu_seconds_since(before)
            found.seconds += [second for learner in learners for second in learner.seconds]
            found.size = max(learner.size for learner in learners)
    return figures


def run() -> dict[str, Any]:
    """Measure every act at every number of users, beside the trivial view, the neighbour to compare with."""
    rows = []
    with site() as running:
        prepared = running.command(PREPARE)
        for act in acts(prepared):
            repeat(running, prepared, act, len(prepared["learners"]), WARM_UP)
        for users in USERS:
            figures = measure(running, prepared, users)
            for act in acts(prepared):
                found = figures[act.name]
                rows.append(
                    {
                        "act": act.name,
                        "users": users,
                        "cpu ms": f"{found.cpu_ms:.2f}",
                        "multiple": f"{found.cpu_ms / figures['trivial view'].cpu_ms:.1f}",
                        "budget": act.budget,
                        "median ms": f"{found.within_ms(0.5):.1f}",
                        "p95 ms": f"{found.within_ms(0.95):.1f}",
                        "bytes": found.size,
                        "queries at most": act.queries,
                    }
                )
    return {"rows": rows, "steps of the course": prepared["steps"]}
