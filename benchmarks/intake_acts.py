"""``python -m benchmarks.intake_acts``: write recruits into an empty database, ask every page about them, print what it took as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks.force_acts import ask_for_page

RECRUITS = int(os.environ.get("BENCH_RECRUITS", "5000"))
INTAKES = int(os.environ.get("BENCH_INTAKES", "20"))
BOARD = int(os.environ.get("BENCH_BOARD", "260"))
# Of a board: every so manieth recruit is moved, in difficulty, done with the first phase, paired with a tutor who wrote a note.
MOVED, DIFFICULT, PAIRED = 12, 15, 4
# A tutor costs four times a recruit to write, so only the large board has them.
WEEKS_BETWEEN = 4


def main() -> int:
    import django

    django.setup()
    from people import clock

    with clock.sample_time(clock.now()):
        print(json.dumps(list(_acts())))
    return 0


def _acts() -> Iterator[dict[str, Any]]:
    from courses.models import Recruit
    from people import clock
    from tests import factories

    began = time.monotonic()
    by = factories.person("Administrator", "training-admin", "auditor")
    large = _force(by, clock.today())
    yield {"act": "write", "recruits": Recruit.objects.count(), "seconds": round(time.monotonic() - began, 1)}
    pages = {
        "board": (f"/intakes/{large.pk}/", BOARD),
        "board as XLSX": (f"/intakes/{large.pk}/board.xlsx", BOARD),
        "week with tutors": (f"/intakes/{large.pk}/week/", BOARD),
        "report of an intake": (f"/intakes/{large.pk}/report/", BOARD),
        "report as CSV": (f"/intakes/{large.pk}/report.csv", BOARD),
        "all intakes": ("/intakes/report/", Recruit.objects.count()),
        "all intakes as XLSX": ("/intakes/report.xlsx", Recruit.objects.count()),
        "counts for the public": ("/intakes/counts/", Recruit.objects.count()),
    }
    for act, (address, recruits) in pages.items():
        found = _page(address, by)
        sys.stderr.write(f"{act}: {found}\n")
        yield {"act": act, "recruits": recruits, **found}


def _force(by: Any, today: date) -> Any:
    """Write the intakes, the last of them the large board, and return that one."""
    from courses.models import Programme

    release = Programme.objects.get(code="PCEP").current_release
    each = max((RECRUITS - BOARD) // max(INTAKES - 1, 1), 1)
    last: Any = None
    for number in range(INTAKES):
        is_large = number == INTAKES - 1
        # The large one is in the middle of its first phase, so that half of its board has something to say.
        starts_on = today - timedelta(weeks=12 + WEEKS_BETWEEN * (INTAKES - 1 - number))
        last = _intake(f"Intake {number + 1}", release, BOARD if is_large else each, by, starts_on, is_large=is_large)
    return last


def _intake(name: str, release: Any, recruits: int, by: Any, starts_on: date, *, is_large: bool) -> Any:
    from courses.models import Intake
    from courses.programmes.intakes import open_intake
    from courses.programmes.joining import join
    from courses.programmes.moving import Kind, back_course, record_beside
    from people import clock

    at, today = clock.now(), clock.today()
    where = open_intake(name, release, by=by, at=at, starts_on=starts_on, place="Hendon")
    later, _new = Intake.objects.get_or_create(
        name=f"After {name}",
        defaults={"release": release, "starts_on": starts_on + timedelta(weeks=8), "place": "Hendon", "opened_at": at},
    )
    for number, person in enumerate(_people(recruits)):
        recruit = join(person, where, by=by, at=at)
        if number % MOVED == 1:
            day = min(starts_on + timedelta(weeks=5), today)
            back_course(recruit, later, by=by, at=at, on=day, cause="exam", reason="Failed an examination twice")
        elif number % DIFFICULT == 2:
            record_beside(recruit, Kind.ACTION_PLAN, by=by, at=at, on=today, reason="Two knowledge tests not passed")
        elif is_large and number % PAIRED == 0:
            _with_a_tutor(recruit, by, starts_on)
    return where


def _people(number: int) -> Iterator[Any]:
    """Write people who never sign in here, so that no password is hashed for them."""
    from people.models import User

    first = User.objects.count() + 500_000
    made = [
        User(service_number=str(first + one), email=f"r{first + one}@force.example", name=f"Recruit {first + one}")
        for one in range(number)
    ]
    yield from User.objects.bulk_create(made)


def _with_a_tutor(recruit: Any, by: Any, since: date) -> None:
    from people import clock
    from tests.courses.tutoring.acts import IN_DATE_FOR, noted, paired
    from tests.cpd_records.currency.acts import award

    (tutor,) = _people(1)
    for code in IN_DATE_FOR:
        award(tutor, code, since)
    today = clock.today()
    paired(recruit, tutor, by=by, on=since, until=today + timedelta(weeks=4), at=clock.now())
    noted(recruit, by=tutor, day=today, at=clock.now())


def _page(address: str, user: Any) -> dict[str, Any]:
    meter, size = ask_for_page(address, user)
    told = meter.told(0)
    del told["rows"]
    return {**told, "bytes": size}


if __name__ == "__main__":
    sys.exit(main())
