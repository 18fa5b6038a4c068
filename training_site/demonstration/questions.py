"""Questions the trainer is writing: one of areas of a picture, one that is written and one of files, all of them drafts.

Nobody marks by hand in the demonstration, so these are read and tried out in the bank and drawn by no test.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from assessments.bank import save_question_version
from assessments.models import QuestionVersion
from assessments.pictures import as_defined, keep_picture
from people.models import User

SIZE = (900, 560)
INK, PAPER, GLASS = "#10264d", "#ffffff", "#1d4f9c"
ALT = (
    "Plan of a ground-floor flat, drawn in lines. A hall runs through the middle with a front door at one end and a back door at the "
    "other. The living room has a window on the street, the bedroom a window on the yard, the bathroom a small high window."
)


def floor_plan() -> bytes:
    """Return a plan of a flat as a picture, the same every time."""
    plan = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(plan)
    draw.rectangle((60, 60, 840, 500), outline=INK, width=8)
    for wall in (
        (60, 240, 330, 240),
        (450, 240, 840, 240),
        (60, 320, 520, 320),
        (640, 320, 840, 320),
        (420, 320, 420, 500),
    ):
        draw.line(wall, fill=INK, width=6)
    draw.line((640, 320, 640, 500), fill=INK, width=6)
    for opening in ((56, 250, 68, 312), (832, 250, 844, 312)):
        draw.rectangle(opening, fill=PAPER)
    draw.arc((30, 250, 110, 374), 270, 360, fill=INK, width=4)
    for window in ((180, 54, 340, 68), (180, 492, 330, 506), (710, 496, 770, 504)):
        draw.rectangle(window, fill=PAPER, outline=GLASS, width=4)
    return _as_png(plan)


def write_draft_questions(*, by: User, at: datetime) -> list[QuestionVersion]:
    """Write the three drafts into the banks of the courses they belong to."""
    plan = as_defined(keep_picture(floor_plan(), by=by, at=at), ALT)
    about: dict[str, Any] = {
        "by": by,
        "at": at,
        "author_name": by.get_full_name(),
        "note": "Illustrative content: for trying out.",
    }
    return [
        save_question_version(
            "init101-d01",
            bank="INIT-101",
            family="initial",
            type="hotspot",
            outcome="LO1",
            topic="ways-out",
            definition={
                "stem": "You and a colleague are about to knock at this ground-floor flat for a man who has run from officers before. "
                "He is not thought to be armed. Which two other ways out does somebody need to watch?",
                "pictures": {"plan": plan},
                "picture": "plan",
                "choose": 2,
                "areas": [
                    {
                        "id": "front",
                        "shape": "rect",
                        "coords": [30, 240, 110, 320],
                        "text": "The front door, where you knock",
                        "fraction": 0,
                        "feedback": "You are standing there. It is watched.",
                    },
                    {
                        "id": "back",
                        "shape": "rect",
                        "coords": [790, 240, 870, 320],
                        "text": "The back door at the other end of the hall",
                        "fraction": "1/2",
                        "feedback": "Yes. It opens on the yard, out of your sight.",
                    },
                    {
                        "id": "yard",
                        "shape": "rect",
                        "coords": [170, 440, 340, 530],
                        "text": "The bedroom window on the yard",
                        "fraction": "1/2",
                        "feedback": "Yes. It is wide, low and out of your sight.",
                    },
                    {
                        "id": "bath",
                        "shape": "circle",
                        "coords": [740, 470, 50],
                        "text": "The small high window of the bathroom",
                        "fraction": 0,
                        "feedback": "It is too small and too high to be the first that needs somebody.",
                    },
                ],
            },
            **about,
        ),
        save_question_version(
            "spec110-d01",
            bank="SPEC-110",
            family="specialist",
            type="written",
            outcome="LO4",
            topic="record",
            definition={
                "stem": "A man matched the description of somebody who had just taken a phone, and its tracking placed it within a few "
                "metres of him. You searched him and found nothing. Write the grounds as they should stand in the record.",
                "lines": 8,
                "most_words": 150,
                "guidance": "Facts about this person and this item, in time order; where the tracking came from; no opinion of him.",
            },
            **about,
        ),
        save_question_version(
            "lead101-d01",
            bank="LEAD-101",
            family="leadership",
            type="file_upload",
            outcome="LO4",
            topic="cpd-plan",
            definition={
                "stem": "Hand in your CPD plan for the year on one page. Take out everything by which somebody else could be recognised.",
                "kinds": ["pdf", "office"],
                "most": 1,
                "guidance": "Three needs at most, each with an act, a date and how it will show; four dates to look at it again.",
            },
            **about,
        ),
    ]


def _as_png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
