"""An exam day: hundreds start within a minute and save every ten seconds, on two web processes and PostgreSQL.

One process makes all the candidates' requests (asyncio). 500 of them first, then more and more until the machine answers too slowly;
nothing acknowledged may be missing in the steps afterwards.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.server import Site, site

FIRST = 500
SECONDS = 300
STARTS_WITHIN = 60.0  # seconds; a shorter run starts within a fifth of it
SAVES_EVERY = 10.0
GROWTH = 1.5
# The machine bears a day on which nothing fails and 95 of 100 saves are answered within a second.
MOST_P95 = 1.0
TOKEN = "e" * 32
RADIO = re.compile(r'type="radio"[^>]*?value="([^"]+)"|value="([^"]+)"[^>]*?type="radio"')
TRIES = 3

Save = tuple[str, str, int, int, str]  # attempt, device, sequence, position, answer
Row = tuple[object, str, int | None, int | None, dict[str, Any]]
KEPT = "SELECT attempt_id, device, sequence, position, data FROM assessments_attemptstep WHERE kind = 'saved'"

PREPARE = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.db import transaction
from courses.enrolments import enrol
from courses.models import Course, StepDone
from people import clock
from people.models import User
Store = import_module(settings.SESSION_ENGINE).SessionStore
course = Course.objects.select_related("current_release").get(code="INIT-101")
steps = list(course.current_release.steps.all())
test = next(step for step in steps if step.kind == "assessment")
sessions = []
for n in range(COUNT):
    number = f"97{DAY}{n:05}"
    with transaction.atomic():
        person = User.objects.create_user(number, f"e{number}@force.example", f"Candidate {number}", None)
        enrolment = enrol(person, course, by=person, at=clock.now())
        StepDone.objects.bulk_create(
            StepDone(enrolment=enrolment, step=step.slug, at=clock.now()) for step in steps if step.kind == "lesson"
        )
    session = Store()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "people.sign_in.SignInBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    sessions.append(session.session_key)
print(json.dumps({"sessions": sessions, "cookie": settings.SESSION_COOKIE_NAME, "start": f"/learn/{course.slug}/{test.slug}/"}))
"""


@dataclass
class Day:
    """What was measured: seconds of every answer by act, errors by what they were, and every save acknowledged."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    acknowledged: list[Save] = field(default_factory=list)

    def note(self, act: str, seconds: float) -> None:
        self.seconds.setdefault(act, []).append(seconds)

    def within_ms(self, act: str, share: float) -> float:
        """Return the milliseconds within which this share of the act's answers came; nan where there was none."""
        ordered = sorted(self.seconds.get(act, []))
        return 1000 * ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


class Candidate:
    """One candidate, as the page's script behaves: starts, fetches the questions, saves, hands in."""

    def __init__(self, port: int, cookie: str, session: str, start: str, day: Day, number: int) -> None:
        self.port, self.start, self.day = port, start, day
        self.device = f"tab-{number}"
        self.random = random.Random(number)
        self.headers = f"Host: 127.0.0.1\r\nConnection: close\r\nX-CSRFToken: {TOKEN}\r\nCookie: {cookie}={session}; csrftoken={TOKEN}\r\n"

    async def sit(self, *, begins: float, ends: float) -> None:
        """Begin and end at these moments of the loop's clock."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(begins - loop.time())
        _status, location, _body = await self.ask("start", "POST", self.start, form={}, wanted=302)
        if not location.startswith("/assess/"):
            self.day.errors[f"start led to {location or 'nowhere'}"] += 1
            return
        attempt = location.split("/")[2]
        _status, _location, page = await self.ask("page", "GET", f"/assess/{attempt}/?q=1")
        _status, _location, pieces = await self.ask("questions", "GET", f"/assess/{attempt}/questions/")
        options = _options(pieces)
        turn = _turn(page)
        _status, _location, body = await self.ask(
            "claim", "POST", f"/assess/{attempt}/save/", save={"device": self.device, "turn": turn}
        )
        if not options or not body:
            self.day.errors["could not begin"] += 1
            return
        turn = json.loads(body)["turn"]
        sequence = 0
        next_at = loop.time() + self.random.uniform(0, SAVES_EVERY)
        while next_at < ends:
            await asyncio.sleep(next_at - loop.time())
            next_at += SAVES_EVERY
            sequence += 1
            position = self.random.choice(list(options))
            answer = self.random.choice(options[position])
            save = {"device": self.device, "turn": turn, "sequence": sequence, "position": position, "response": answer}
            status, _location, _body = await self.ask("save", "POST", f"/assess/{attempt}/save/", save=save)
            if status == 200:
                self.day.acknowledged.append((attempt, self.device, sequence, position, answer))
        await asyncio.sleep(ends - loop.time() + self.random.uniform(0, SAVES_EVERY))
        await self.ask("hand in", "POST", f"/assess/{attempt}/submit/", form={}, wanted=302)
        await self.ask("receipt", "GET", f"/assess/{attempt}/receipt/")

    async def ask(
        self,
        act: str,
        method: str,
        path: str,
        *,
        form: dict[str, str] | None = None,
        save: dict[str, Any] | None = None,
        wanted: int = 200,
    ) -> tuple[int, str, bytes]:
        """Ask once, and again where nothing came back, as a browser does; every failure counts."""
        body, kind = b"", "text/plain"
        if save is not None:
            body, kind = json.dumps(save).encode(), "application/json"
        elif form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}).encode()
            kind = "application/x-www-form-urlencoded"
        head = f"{method} {path} HTTP/1.1\r\n{self.headers}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        for _ in range(TRIES):
            begun = time.perf_counter()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(head.encode() + body)
                answer = await reader.read()
                writer.close()
                status = int(answer.split(b" ", 2)[1])
            except (OSError, IndexError, ValueError) as trouble:
                self.day.errors[f"{act}: {type(trouble).__name__}"] += 1
                continue
            self.day.note(act, time.perf_counter() - begun)
            if status != wanted:
                self.day.errors[f"{act}: {status}"] += 1
                return status, "", b""
            headers, _, content = answer.partition(b"\r\n\r\n")
            found = re.search(rb"(?i)\r\nlocation: (\S+)", headers)
            return status, found.group(1).decode() if found else "", content
        return 0, "", b""


def _options(pieces: bytes) -> dict[int, list[str]]:
    """Return the answers that can be chosen, by question, of those questions that ask to choose one."""
    try:
        questions = json.loads(pieces)["questions"]
    except (ValueError, KeyError):
        return {}
    found = {int(n): [one or other for one, other in RADIO.findall(html)] for n, html in questions.items()}
    return {position: options for position, options in found.items() if options}


def _turn(page: bytes) -> int:
    found = re.search(rb'data-turn="(\d+)"', page)
    return int(found.group(1)) if found else 0


async def _sit_all(running: Site, prepared: dict[str, Any], day: Day, seconds: int) -> dict[str, float]:
    """Let all sit; return the site's CPU seconds and the saves between the last start and the end."""
    loop = asyncio.get_running_loop()
    now, within = loop.time() + 1, min(STARTS_WITHIN, seconds / 5)
    sessions = prepared["sessions"]
    sitting = [
        asyncio.create_task(
            Candidate(running.port, prepared["cookie"], session, prepared["start"], day, number).sit(
                begins=now + within * number / len(sessions), ends=now + seconds
            )
        )
        for number, session in enumerate(sessions)
    ]
    await asyncio.sleep(now + within + 1 - loop.time())
    before, saved = running.cpu_seconds(), len(day.seconds.get("save", []))
    begun = loop.time()
    await asyncio.sleep(max(now + seconds - 1 - loop.time(), 0.1))
    steady = {
        "cpu": running.cpu_seconds_since(before),
        "saves": len(day.seconds.get("save", [])) - saved,
        "seconds": loop.time() - begun,
    }
    await asyncio.gather(*sitting)
    return steady


def lost(running: Site, acknowledged: Sequence[Save]) -> list[str]:
    """Return a sentence for every acknowledged save that the database has not kept as it was acknowledged."""
    with psycopg.connect(running.environment["DATABASE_URL"]) as session:
        return missing(acknowledged, session.execute(KEPT))


def missing(acknowledged: Sequence[Save], rows: Iterable[Row]) -> list[str]:
    """Return a sentence for every acknowledged save that is in no step, in two, or stands there with another answer.

    ``rows`` are the saved steps as ``KEPT`` reads them. Pure, so that it can be tried by itself.
    """
    kept: dict[tuple[str, str, int | None], list[tuple[int | None, set[str]]]] = {}
    for attempt, device, sequence, position, data in rows:
        kept.setdefault((str(attempt), device, sequence), []).append((position, _values(data.get("response"))))
    wanting = []
    for attempt, device, sequence, position, answer in acknowledged:
        steps = kept.get((attempt, device, sequence), [])
        if len(steps) != 1:
            where = "no step" if not steps else f"{len(steps)} steps"
            wanting.append(f"{attempt} {device} {sequence} was acknowledged and is in {where}.")
        elif steps[0][0] != position or answer.lower() not in steps[0][1]:
            wanting.append(f"{attempt} {device} {sequence} was acknowledged as {answer!r} and kept otherwise.")
    return wanting


def _values(response: Any) -> set[str]:
    """Return every value of a kept response as it is posted: a choice by its name, true and false as such."""
    if isinstance(response, dict):
        return set().union(*(_values(value) for value in response.values()))
    if isinstance(response, list):
        return set().union(*(_values(value) for value in response))
    return {str(response).lower()}


def wanting_of(candidates: int, acknowledged: int, losses: Sequence[str]) -> list[str]:
    """Return what is wanting of a day: answers lost, the first of them named, or that there was nothing to lose."""
    if not acknowledged:
        return [f"None of {candidates} candidates had an answer acknowledged, so nothing was tried."]
    if not losses:
        return []
    return [f"{len(losses)} acknowledged answers of {candidates} candidates are lost: {' '.join(losses[:3])}"]


def run(*, candidates: int | None = None, seconds: int = SECONDS) -> dict[str, Any]:
    """Let so many sit, or 500 and then half as many more each time, until the machine does not bear them."""
    rows: list[dict[str, Any]] = []
    wanting: list[str] = []
    count = candidates or FIRST
    with site() as running:
        while True:
            load = os.getloadavg()[0]
            prepared = running.command(PREPARE.replace("COUNT", str(count)).replace("{DAY}", str(len(rows))))
            day = Day()
            steady = asyncio.run(_sit_all(running, prepared, day, seconds))
            losses = lost(running, day.acknowledged)
            rows.append(
                {
                    "candidates": count,
                    "saves": len(day.acknowledged),
                    "saves/s": f"{steady['saves'] / steady['seconds']:.1f}",
                    **{f"p{int(100 * share)} ms": f"{day.within_ms('save', share):.0f}" for share in (0.5, 0.95, 0.99)},
                    "start p95 ms": f"{day.within_ms('start', 0.95):.0f}",
                    "hand in p95 ms": f"{day.within_ms('hand in', 0.95):.0f}",
                    "errors": sum(day.errors.values()),
                    "lost": len(losses),
                    "CPU ms/save": f"{1000 * steady['cpu'] / max(steady['saves'], 1):.2f}",
                    "load before": f"{load:.1f}",
                }
            )
            print(f"  {rows[-1]} {dict(day.errors)}", flush=True)
            wanting += wanting_of(count, len(day.acknowledged), losses)
            if candidates or wanting or day.errors or not day.within_ms("save", 0.95) < 1000 * MOST_P95:
                return {"rows": rows, "seconds": seconds, "wanting": wanting}
            count = int(count * GROWTH)
