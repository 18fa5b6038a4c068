"""Making CPD through the product's own verbs, and files to attach to it; imported by the tests of CPD."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf
from PIL import Image

from cpd_records import activities
from cpd_records.models import Activity
from people import clock
from people.models import User
from tests import factories

Team = dict[str, User]


def response_team() -> Team:
    """Return a response team with its sergeant, the inspector above, a colleague, and people of elsewhere."""
    borough = factories.unit("borough")
    team_c = factories.unit("team-c", parent=borough)
    other = factories.unit("other-team")
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c),
        "colleague": factories.person("Officer B. Demo", unit=team_c),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c),
        "inspector": factories.person("Inspector C. Demo", "supervisor", unit=borough),
        "trainer": factories.person("Trainer T. Demo", "trainer", family="ethics"),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=other),
        "stranger": factories.person("Officer S. Demo", unit=other),
    }


def logged(officer: User, **more: Any) -> Activity:
    """Log a draft of 45 minutes for today; the same again is another one."""
    answers: dict[str, Any] = {
        "title": "Briefing on knife-crime orders",
        "kind": "briefing",
        "day": clock.today(),
        "minutes": 45,
        "learned": "Orders can carry a search condition.",
        "client_token": None,
        "at": clock.now(),
        "is_another": True,
        **more,
    }
    return activities.log_activity(officer, **answers)


def handed_in(team: Team, *, to: str = "sergeant", **more: Any) -> Activity:
    """Log an activity of the officer's and hand it in."""
    activity = logged(team["officer"], **more)
    return activities.submit_activity(activity, by=team["officer"], verifier=team[to], at=clock.now())


def verified(team: Team, *, by: str = "sergeant", **more: Any) -> Activity:
    """Log an activity of the officer's, hand it in and verify it."""
    return activities.verify_activity(handed_in(team, to=by, **more), by=team[by], at=clock.now())


def answers_on_page(**more: Any) -> dict[str, Any]:
    """Return what the page of the five answers sends for today."""
    day = clock.today()
    return {
        "title": "Briefing on knife-crime orders",
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "length_hours": "",
        "length_minutes": "45",
        "kind": "briefing",
        "learned": "Orders can carry a search condition.",
        **more,
    }


def pdf(words: str = "words", **catalogue: Any) -> bytes:
    """Return a PDF of one page; ``catalogue`` adds to what it says of itself."""
    written = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.Root.Words = pikepdf.String(words)
        for name, value in catalogue.items():
            file.Root[f"/{name}"] = value
        file.save(written)
    return written.getvalue()


def office(*parts: str, types: str = "x", **more: bytes) -> bytes:
    """Return an Office file with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        for part in parts:
            package.writestr(part, "x")
        for part, content in more.items():
            package.writestr(part, content)
    return written.getvalue()


def photograph(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """Return a picture as a phone takes it: lying on its side, and saying where it was taken."""
    picture = Image.new("RGB", size, "navy")
    particulars = Image.Exif()
    particulars[0x0112] = 6
    particulars[0x010F] = "A phone"
    particulars.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    picture.save(written, kind, exif=particulars, **more)
    return written.getvalue()
