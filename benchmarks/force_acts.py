"""``python -m benchmarks.force_acts NAME``: do one act on a populated database and print what it took as JSON."""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

TURNS = int(os.environ.get("BENCH_TURNS", "20"))
ACTS = (
    "board, everybody",
    "board, everybody, one requirement",
    "board, 300",
    "board, 12",
    "units compared",
    "a person's record",
    "currency as at a day",
    "follow completions",
    "rebuild",
    "reminders",
    "import",
)


@dataclass
class Meter:
    """Times turns of an act: seconds of each, CPU of this process and its database session, queries of the last."""

    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0
    queries: int = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        from django.db import connection

        connection.ensure_connection()
        backend = 0
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (backend,) = cursor.fetchone()
        self.queries = 0

        def count(execute: Any, *given: Any) -> Any:
            self.queries += 1
            return execute(*given)

        before, began, spent = _cpu_of(backend), time.perf_counter(), time.process_time()
        with connection.execute_wrapper(count):
            yield
        self.seconds.append(time.perf_counter() - began)
        self.cpu += time.process_time() - spent + _cpu_of(backend) - before

    def told(self, rows: int) -> dict[str, Any]:
        ordered = sorted(self.seconds)
        return {
            "rows": rows,
            "queries": self.queries,
            "seconds": round(median(ordered), 4),
            "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 4),
            "cpu s": round(self.cpu / len(ordered), 4),
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def _cpu_of(session: int) -> float:
    """Return the seconds of a database session's process so far; nothing where the database is in this one."""
    from benchmarks.server import process_cpu_seconds

    return process_cpu_seconds(session) if session else 0.0


def main() -> int:
    import django

    django.setup()
    print(json.dumps(_act(sys.argv[1])))
    return 0


def _act(name: str) -> dict[str, Any]:
    acts: dict[str, Callable[[], dict[str, Any]]] = {
        "board, everybody": lambda: _page("/team/", _head(0)),
        "board, everybody, one requirement": lambda: _page("/team/?requirement=DP", _head(0)),
        "board, 300": lambda: _page("/team/", _head(3)),
        "board, 12": lambda: _page("/team/", _head(4)),
        "units compared": lambda: _page("/team/compare/", _head(0)),
        "a person's record": lambda: _page("/my/record/", _constable()),
        "currency as at a day": _as_at,
        "follow completions": _follow,
        "rebuild": _rebuild,
        "reminders": _reminders,
        "import": _import,
    }
    return acts[name]()


def _head(level: int) -> Any:
    """Return the first head of a unit of that level: 0 the force, 3 a function of 300, 4 a shift of 12."""
    from people.models import User
    from training_site.populating.people_rows import service_number
    from training_site.populating.units import plan_units

    units = plan_units(User.objects.count())
    place = next(number for number, unit in enumerate(units) if unit.level == level)
    return User.objects.get(service_number=service_number(place))


def _constable() -> Any:
    from people.models import User

    return User.objects.filter(is_active=True).order_by("pk").last()


def _page(address: str, user: Any) -> dict[str, Any]:
    from cpd_records.models import Standing
    from cpd_records.readiness import officers_in
    from people import access, clock

    meter, size = ask_for_page(address, user)
    team = access.has_role(user, access.SUPERVISOR)
    rows = Standing.objects.filter(is_required=True)
    rows = rows.filter(officer__in=officers_in(user, None, on=clock.today()) if team else [user.pk])
    return {**meter.told(rows.count()), "bytes": size}


def ask_for_page(address: str, user: Any) -> tuple[Meter, int]:
    """Ask for a page as somebody, first once and then in turns that are measured; return the meter and the page's bytes."""
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="people.sign_in.SignInBackend")
    meter = Meter()
    client.get(address)
    for _turn in range(TURNS):
        with meter.turn():
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")
    return meter, len(answer.content)


def _as_at() -> dict[str, Any]:
    """One officer's currency on a day two years ago, as known at its end; another officer each time."""
    from datetime import UTC, datetime, time

    from cpd_records.currency import currency_of
    from people import clock
    from people.models import User

    day = clock.today() - timedelta(days=730)
    moment = datetime.combine(day, time(23), UTC)
    officers = list(User.objects.order_by("public_id")[:210])
    meter = Meter()
    for officer in officers[:10]:
        currency_of(officer, on=day, known_at=moment)
    for officer in officers[10:]:
        with meter.turn():
            answer = currency_of(officer, on=day, known_at=moment)
    return meter.told(len(answer.qualifications))


def _follow() -> dict[str, Any]:
    """The standings after a day on which many officers completed something: written and sealed before, then followed."""
    from django.db import transaction

    from cpd_records.currency.following import follow
    from cpd_records.ledger.sealing import seal_now
    from cpd_records.models import Qualification
    from cpd_records.qualifications.awarding import COURSE, award_qualification
    from people import clock
    from people.models import User

    follow()
    count = int(os.environ.get("BENCH_COMPLETIONS", "5000"))
    officers = list(User.objects.filter(is_active=True).order_by("public_id")[:count])
    subject = Qualification.objects.get(code="DP")
    with transaction.atomic():
        for turn in range(count):
            award_qualification(officers[turn % len(officers)], subject, day=clock.today(), by=None, basis=COURSE)
    seal_now()
    meter = Meter()
    with meter.turn():
        found = follow()
    return meter.told(found)


def _rebuild() -> dict[str, Any]:
    from cpd_records.currency.following import rebuild
    from cpd_records.models import Standing

    meter = Meter()
    with meter.turn():
        rebuild()
    return meter.told(Standing.objects.count())


def _reminders() -> dict[str, Any]:
    from cpd_records.reminders.finding import find_reminders
    from people import clock

    meter = Meter()
    with meter.turn():
        found = find_reminders(on=clock.today())
    return meter.told(found)


def _import() -> dict[str, Any]:
    """A list of past records from another system, checked and written, as the command does it."""
    from cpd_records.importing.records_kind import RECORDS
    from people import clock
    from people.importing.at_once import import_at_once
    from people.models import User

    count = int(os.environ.get("BENCH_IMPORT_ROWS", "50000"))
    # A force that was kept has the rows of the last run already: these are others.
    begun = int(time.time())
    numbers = list(User.objects.order_by("pk").values_list("service_number", flat=True))
    codes = ("PPST", "FALP", "JRFT", "DP", "CCU", "ETH", "DEI", "SAFE", "MH", "MISP")
    with tempfile.NamedTemporaryFile("w+", suffix=".csv", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["service_number", "qualification", "day", "reference"])
        for turn in range(count):
            day = clock.today() - timedelta(days=4000 + turn // len(numbers))
            writer.writerow(
                [numbers[turn % len(numbers)], codes[turn % len(codes)], day.isoformat(), f"R{begun}-{turn}"]
            )
        file.flush()
        meter = Meter()
        with meter.turn(), open(file.name, "rb") as opened:
            _run, report = import_at_once(
                RECORDS, opened, name="records.csv", by=None, options={"source": "the former system", "asserted_by": ""}
            )
    if not report.written:
        raise RuntimeError(f"The list was refused: {report.counts}")
    return meter.told(count)


if __name__ == "__main__":
    sys.exit(main())
