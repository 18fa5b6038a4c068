"""``python -m benchmarks.ledger_acts ACT SIZE``: do one act on the ledger of that size and print what it took as JSON."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from people.models import User

ACTS = ("load", "verify", "tile, first", "tile, later", "proof", "as at a day", "currency as at a day", "seal")
PEOPLE = 45_000
EACH = 280
# Of each person, the first few are accounts too, so that they can be asked about as people are.
ACCOUNTS = 200
DAYS = 2_520
FIRST_DAY = date(2019, 1, 1)
IN_ONE_TRANSACTION = 50_000
TURNS = int(os.environ.get("BENCH_TURNS", "200"))
SEALED_AT_THE_END = int(os.environ.get("BENCH_SEALED", "20000"))
CODES = ("PPST", "FALP", "JRFT", "DP", "CCU", "ETH", "DEI", "SAFE", "MH", "MISP")
# Ids of the history: the same seed writes the same rows.
RANDOM = random.Random(20_260_901)  # not for secrets


def people_of(size: int) -> list[uuid.UUID]:
    """Return the public ids of those the entries are about: 45,000, or so many that each has 280."""
    return [uuid.UUID(int=(7 << 120) + number) for number in range(min(PEOPLE, max(1, size // EACH)))]


def load(size: int) -> dict[str, Any]:
    """Write the history: entries, what they say, places, tiles, and a checkpoint a day."""
    from cpd_records.ledger.history import HistoryWriter
    from people import clock
    from people.models import User

    people = people_of(size)
    for number, officer in enumerate(people[:ACCOUNTS]):
        User.objects.create_user(
            service_number=str(100_000 + number),
            email=f"bench{number}@force.example",
            name=f"Bench {number}",
            password=None,
            public_id=officer,
        )
    began = time.perf_counter()
    with clock.sample_time(_moment(DAYS - 1, 86_399)):
        writer = HistoryWriter()
        waiting: list[Any] = []
        for day in _history(size, people):
            waiting.append(day)
            if sum(len(one.facts) for one in waiting) >= IN_ONE_TRANSACTION:
                writer.write(waiting)
                waiting = []
        writer.write(waiting)
    _analyse()
    return _rate(size, time.perf_counter() - began)


def _history(size: int, people: list[uuid.UUID]) -> Iterator[Any]:
    from cpd_records.ledger.history import Fact, SealedDay
    from cpd_records.models import EntryKind

    written = 0
    for number in range(DAYS):
        count = size * (number + 1) // DAYS - written
        day = FIRST_DAY + timedelta(days=number)
        facts = []
        for place in range(count):
            code = CODES[(written + place) % len(CODES)]
            is_award = place % 2 == 0
            facts.append(
                Fact(
                    id=uuid.UUID(int=RANDOM.getrandbits(128), version=4),
                    salt=RANDOM.randbytes(32),
                    recorded_at=_moment(number, 60_000 + place % 20_000),
                    kind=(EntryKind.QUALIFICATION if is_award else EntryKind.COMPLETION).value,
                    officer=people[(written + place) % len(people)],
                    day=day,
                    payload={"title": f"Training for {code}", "basis": "course"} if is_award else _completed(code),
                    subject=code if is_award else f"SPEC-{code}",
                    minutes=180,
                )
            )
        written += count
        yield SealedDay(facts, _moment(number, 86_000))


def _completed(code: str) -> dict[str, Any]:
    return {"title": f"Course for {code}", "release": 1, "outcome": "passed", "score_millionths": 850_000}


def verify(size: int) -> dict[str, Any]:
    """The whole verification, as the command does it; its memory is that of its own process."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "ledger_verify", "--json"], check=False, stdout=subprocess.PIPE, text=True
    )
    seconds = time.perf_counter() - began
    found = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    return {**_rate(found["sealed"], seconds), "peak MB": peak, "ok": found["ok"] and found["sealed"] >= size}


def tile_first(size: int) -> dict[str, Any]:
    """A full tile of hashes, and a bundle of entries, that nobody has asked for before."""
    return _tiles(size, forget=True)


def tile_later(size: int) -> dict[str, Any]:
    """The same once they are files."""
    return _tiles(size, forget=False)


def _tiles(size: int, *, forget: bool) -> dict[str, Any]:
    from cpd_records.ledger.publishing import TileName, files_directory, tile_content

    names = [TileName(level, RANDOM.randrange(size // 256)) for _turn in range(TURNS // 2) for level in (0, None)]
    for name in names:
        if forget:
            (files_directory() / name.path).unlink(missing_ok=True)
        else:
            tile_content(name)
    return _turns(tile_content, names)


def proof(size: int) -> dict[str, Any]:
    """The inclusion proof of any entry, held against the last checkpoint."""
    from cpd_records.ledger.proofs import proof_of
    from cpd_records.models import LedgerEntry

    places = [RANDOM.randrange(size) for _turn in range(TURNS)]
    return _turns(proof_of, [LedgerEntry.objects.get(place__index=index) for index in places])


def as_at_a_day(size: int) -> dict[str, Any]:
    """What the ledger says about one person up to a day, as known at a time."""
    from cpd_records.ledger.queries import entries_of

    people = people_of(size)
    asked = [(people[RANDOM.randrange(len(people))], _any_day()) for _turn in range(TURNS)]
    return _turns(lambda one: entries_of(one[0], on=one[1].date(), known_at=one[1]), asked)


def currency_as_at_a_day(size: int) -> dict[str, Any]:
    """One person's currency on a day, as known at a time."""
    from cpd_records.currency import currency_of
    from people.models import User

    officers: list[User] = list(User.objects.filter(email__startswith="bench"))
    asked = [(RANDOM.choice(officers), _any_day()) for _turn in range(TURNS)]
    return _turns(lambda one: currency_of(one[0], on=one[1].date(), known_at=one[1]), asked)


def seal(size: int) -> dict[str, Any]:
    """Give so many waiting entries their places in the grown tree, in the sealer's own batches."""
    from django.db import transaction

    from cpd_records.ledger.entries import append_entry
    from cpd_records.ledger.sealing import seal_now

    people = people_of(size)
    with transaction.atomic():
        for number in range(SEALED_AT_THE_END):
            append_entry(
                kind="completion",
                officer=people[number % len(people)],
                day=FIRST_DAY + timedelta(days=DAYS),
                subject="SPEC-110",
                minutes=180,
                payload=_completed("PPST"),
            )
    began = time.perf_counter()
    report = seal_now()
    seconds = time.perf_counter() - began
    if (report.sealed, report.size) != (SEALED_AT_THE_END, size + SEALED_AT_THE_END):
        raise RuntimeError(f"The sealer left something: {report}")
    return _rate(SEALED_AT_THE_END, seconds)


def _moment(day: int, second: int) -> datetime:
    return datetime.combine(FIRST_DAY, datetime.min.time(), tzinfo=UTC) + timedelta(days=day, seconds=second)


def _any_day() -> datetime:
    return _moment(RANDOM.randrange(DAYS // 2, DAYS), 86_399)


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rate(count: int, seconds: float) -> dict[str, Any]:
    return {"seconds": round(seconds, 2), "entries/s": round(count / seconds), "peak MB": _peak()}


def _turns(act: Callable[[Any], Any], asked: list[Any]) -> dict[str, Any]:
    """Do an act once for nothing, then time each turn."""
    act(asked[0])
    seconds = []
    for one in asked[1:]:
        began = time.perf_counter()
        act(one)
        seconds.append(time.perf_counter() - began)
    ordered = sorted(seconds)
    return {
        "p50 ms": round(median(ordered) * 1000, 3),
        "p95 ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 3),
        "peak MB": _peak(),
    }


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    import django

    django.setup()
    acts: dict[str, Callable[[int], dict[str, Any]]] = {
        "load": load,
        "verify": verify,
        "tile, first": tile_first,
        "tile, later": tile_later,
        "proof": proof,
        "as at a day": as_at_a_day,
        "currency as at a day": currency_as_at_a_day,
        "seal": seal,
    }
    print(json.dumps(acts[sys.argv[1]](int(sys.argv[2]))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
