"""What the tests of portfolios do again and again, through the product's own verbs."""

from __future__ import annotations

import io
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from PIL import Image

from courses.models import PortfolioItem, PortfolioJudgement, ProgrammeRelease, Recruit
from courses.portfolio.handing_in import Evidence, hand_in
from courses.portfolio.judging import Marks, judge_item, seen_of
from courses.portfolio.refusals import phase_of
from courses.portfolio.signing_off import digest_of_portfolio, judged_items
from courses.programmes.releasing import release_programme
from cpd_records.evidence_files import CheckedFile
from people.models import User
from tests import factories
from tests.courses.programmes.acts import PLAN, START, noon, weeks

HEADINGS: list[dict[str, Any]] = [
    {"slug": "searching", "title": "Searching individuals", "needed": 2},
    {"slug": "property", "title": "Property", "needed": 1},
]
HOLDS = Marks(valid=True, authentic=True, up_to_date=True, sufficient=True)
THIN = Marks(valid=True, authentic=True, up_to_date=True, sufficient=False)
DAY = weeks(2)


def plan(**more: Any) -> dict[str, Any]:
    """Return the plan of the tests with a portfolio in its tutor phase."""
    data = deepcopy(PLAN)
    data["phases"][1] |= {"portfolio": HEADINGS, "records": [], **more}
    return data


def release(code: str = "FOLIO", **more: Any) -> ProgrammeRelease:
    return release_programme(code, plan(**more), by=None, at=noon(START))


def evidence(*headings: str, **more: Any) -> Evidence:
    said: dict[str, Any] = {
        "headings": headings or ("searching",),
        "title": "A search in the street",
        "words": "I explained the grounds before I searched, and recorded them within the hour.",
        "happened_on": DAY - timedelta(days=1),
        "place": "Peckham ward",
    }
    return Evidence(**{**said, **more})


def handed_in(who: Recruit, *headings: str, on: date = DAY, **more: Any) -> PortfolioItem:
    return hand_in(who, "tutor", evidence(*headings, **more), token=uuid4(), by=who.officer, at=noon(on))


def judged(
    item: PortfolioItem, by: User, marks: Marks = HOLDS, *, reason: str = "", at: datetime | None = None
) -> PortfolioJudgement:
    item.refresh_from_db()
    assert item.current is not None
    return judge_item(item, marks, reason=reason, seen=seen_of(item.current), by=by, at=at or noon(DAY))


def complete(who: Recruit, by: User) -> list[PortfolioItem]:
    """Hand in and judge what every heading needs."""
    items = [handed_in(who, "searching"), handed_in(who, "searching", "property")]
    for item in items:
        judged(item, by)
    return items


def seen_of_portfolio(who: Recruit) -> str:
    return digest_of_portfolio(judged_items(who, phase_of(who, "tutor")))


def assessor(name: str = "Asha Demo", **more: Any) -> User:
    return factories.person(name, "assessor", **more)


def photo(colour: str = "navy", name: str = "notebook.png") -> CheckedFile:
    return CheckedFile(name, png(colour), ".png", "image/png")


def png(colour: str = "navy") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "PNG")
    return data.getvalue()
