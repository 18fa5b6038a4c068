"""An officer whose record has one of everything an evidence pack tells, and packs of it opened."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from courses.evidence.building import write_pack
from courses.models import EvidencePackFile
from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import grant_exception
from people import clock
from people.models import User
from people.roles import grant_role
from tests import factories
from tests.courses.factories import do_lessons, enrolled, release_with_test, sit
from tests.cpd_records.currency.acts import at_noon, award, on_day, seal

TODAY = clock.today()
THE_DAY = TODAY - timedelta(days=100)


def filled() -> User:
    """A response officer who passed a course on THE_DAY less 10, was granted an exception on it, and was awarded first aid late."""
    # Stamps never go back, so everything is recorded in its order.
    with on_day(THE_DAY - timedelta(days=40)):
        unit = factories.unit("central", name="Central North BCU")
        officer = factories.person("Olu Demo", unit=unit, rank="constable")
        inspector = factories.person("Inspector C. Demo", "supervisor", unit=unit, rank="inspector")
        grant_role(officer, "response-officer", by=None, valid_from=factories.LONG_AGO)
        award(officer, "PPST", clock.today())
        seal()
    with on_day(THE_DAY - timedelta(days=10)) as noon:
        enrolment = enrolled(officer, release_with_test(), at=noon - timedelta(days=5))
        do_lessons(enrolment, at=noon - timedelta(days=1))
        sit(enrolment, right=1, at=noon - timedelta(days=1, hours=1))
        sit(enrolment, right=3, at=noon)
        seal()
    with on_day(THE_DAY) as noon:
        grant_exception(
            officer,
            Qualification.objects.get(code="POPS3"),
            by=inspector,
            at=noon,
            until=THE_DAY + timedelta(days=60),
            reason="Instructors are short",
            conditions="Not in charge of a serial",
        )
        seal()
    with on_day(THE_DAY + timedelta(days=30)):
        award(officer, "FALP", THE_DAY - timedelta(days=30))
        seal()
    return officer


def packed(
    officer: User, *, on: date = THE_DAY, known_at: datetime | None = None, purpose: str = "Inquest, case 12"
) -> tuple[bytes, EvidencePackFile]:
    """Build a pack; return its bytes and the row that keeps its digest."""
    into = io.BytesIO()
    made = write_pack(officer, on=on, known_at=known_at, purpose=purpose, at=clock.now(), into=into)
    return into.getvalue(), made


def then() -> datetime:
    """The end of the day asked about, more or less."""
    return at_noon(THE_DAY) + timedelta(hours=8)


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def said(data: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(opened(data).read("evidence.json"))
    return read
