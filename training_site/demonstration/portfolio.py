"""The half-filled portfolio of the demonstration's recruit: what was handed in, what came back, what waits, and a sample of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from courses.models import PortfolioItem, PortfolioSampleMember, Recruit
from courses.portfolio.files import keep_files
from courses.portfolio.handing_in import Evidence, hand_in, hand_in_anew
from courses.portfolio.judging import Marks, judge_item, seen_of
from courses.portfolio.quality import draw_judgements, read_judgement
from cpd_records.evidence_files import checked_file
from people.models import User

PHASE = "tutor-phase"
HOLDS = Marks(valid=True, authentic=True, up_to_date=True, sufficient=True)
SAMPLED_DAYS_AGO, READ_DAYS_AGO = 7, 6
PAPER, LINES, INK = "#fdfbf3", "#c9d3e6", "#26334d"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence: handed in so many days ago, judged so many days ago by whom (None: it waits)."""

    days_ago: int
    headings: tuple[str, ...]
    title: str
    words: str
    place: str
    judged: int | None = None
    judge: str = "trainer"
    reference: str = ""
    photo: bool = False
    witness: str = ""
    # Where it came back: why, how long ago, and what was handed in anew.
    returned: int | None = None
    reason: str = ""
    anew: str = ""


PIECES = (
    Piece(
        62,
        ("searching-individuals", "law-and-ethics"),
        "My first search in practice",
        "In the exercise I said who I am, which power I use and what I look for before I put a hand on anything. I asked "
        "whether there was anything sharp. It showed me that the reason has to come first, or nobody listens to it.",
        "Hendon",
        judged=60,
        reference="Exercise sheet 4",
    ),
    Piece(
        55,
        ("managing-information", "radio-and-pnc"),
        "Handing over at the end of a shift",
        "I handed over three open tasks by radio and in writing, each with what is known, since when, and what comes next. The "
        "next shift asked me nothing back.",
        "Peckham ward",
        judged=53,
    ),
    Piece(
        48,
        ("anti-social-behaviour", "victims-and-witnesses"),
        "Listening to a shopkeeper",
        "A shopkeeper was tired of being shouted at. I let them finish, said what I could do today and what I could not, and "
        "came back two days later as I had said.",
        "Peckham ward",
        judged=46,
        judge="assessor",
        witness="officer",
    ),
    Piece(
        41,
        ("road-policing", "law-and-ethics"),
        "A day with the roads team",
        "I stopped four vehicles under supervision, explained each time under which power, and gave advice once where a ticket "
        "would have been lawful. I wrote down why.",
        "Old Kent Road",
        judged=39,
    ),
    Piece(
        34,
        ("missing-persons", "vulnerability", "initial-response"),
        "Looking for a child who was late home",
        "I asked who had seen the child last before I asked where, and searched the home first. I passed on what worried the "
        "family in their own words. The child was found with a friend.",
        "Camberwell ward",
        judged=32,
        judge="assessor",
        reference="Notebook 2, page 31",
        photo=True,
    ),
    Piece(
        27,
        ("property", "managing-information"),
        "Booking in found property",
        "I booked in nine items in front of the person who found them, sealed each, and had my colleague check the seals against the list.",
        "Walworth station",
        judged=25,
    ),
    Piece(
        20,
        ("managing-conflict", "fairness"),
        "Calming two people in a queue",
        "Two people argued and I talked them down.",
        "Camberwell ward",
        judged=15,
        returned=19,
        reason=(
            "This says that it ended well, not what you did. Say what you said first, how you treated each of them, "
            "and what you would change."
        ),
        anew=(
            "Two people argued about a place. I stood where both could see me, spoke to the louder one first, and "
            "asked each what they needed. I gave both the same time. I would step further back: I was in their way."
        ),
    ),
    Piece(
        13,
        ("searching-places",),
        "A car park at night",
        "We searched a car park after an alarm. I took the upper floor.",
        "Elephant and Castle",
        returned=11,
        reason=(
            "Say what you were looking for, how you divided the floor, and how you knew that nothing was left out."
        ),
    ),
    Piece(
        10,
        ("interviewing-witnesses", "victims-and-witnesses"),
        "A first statement from a neighbour",
        "I let the neighbour tell it once without a question, then asked open ones, and read the statement back. Two sentences "
        "were changed by the neighbour, and I left both to be seen.",
        "Walworth ward",
        judged=8,
        reference="Learning record 14",
    ),
    Piece(
        4,
        ("initial-response", "volume-investigation"),
        "Door to door after a break-in",
        "I asked at twenty doors, noted who was in and who was not, and went back to the three who were not. One of them had a camera.",
        "Peckham ward",
        photo=True,
    ),
    Piece(
        2,
        ("searching-individuals", "fairness"),
        "Why I searched one and not the other",
        "Two people stood together. I could name a fact for one of them and none for the other, and said so to both.",
        "Peckham ward",
    ),
)


def hand_in_piece(piece: Piece, people: dict[str, User], at: datetime) -> None:
    """The recruit hands a piece in, with a photograph of the page where there is one."""
    recruit, by = _recruit(people), people["recruit"]
    files: tuple[UUID, ...] = ()
    if piece.photo:
        upload = SimpleUploadedFile("notebook-page.png", _page_of_notebook(), "image/png")
        kept = keep_files(recruit, PHASE, _token(piece), [checked_file(upload)], by=by, at=at)
        files = tuple(one.pk for one in kept)
    hand_in(recruit, PHASE, _evidence(piece, people, at, files=files), token=_token(piece), by=by, at=at)


def return_piece(piece: Piece, people: dict[str, User], at: datetime) -> None:
    marks = Marks(valid=True, authentic=True, up_to_date=True, sufficient=False)
    item = _item(piece, people)
    judge_item(item, marks, reason=piece.reason, seen=_seen(item), by=people[piece.judge], at=at)


def hand_in_piece_anew(piece: Piece, people: dict[str, User], at: datetime) -> None:
    said = _evidence(piece, people, at, words=piece.anew)
    hand_in_anew(_item(piece, people), said, seen=1, by=people["recruit"], at=at)


def judge_piece(piece: Piece, people: dict[str, User], at: datetime) -> None:
    item = _item(piece, people)
    judge_item(item, HOLDS, reason="", seen=_seen(item), by=people[piece.judge], at=at)


def sample_judgements(people: dict[str, User], at: datetime) -> None:
    """The quality assurer draws a fifth of what was judged so far, at least two of each judge's."""
    today = timezone.localdate(at)
    draw_judgements(
        starts_on=today - timedelta(days=60),
        ends_on=today,
        seed="Numbers drawn on the first Saturday of the month",
        share=200,
        least=2,
        by=people["iqa"],
        at=at,
    )


def read_first_of_sample(people: dict[str, User], at: datetime) -> None:
    """The quality assurer agrees with one of them; the others are still to be read."""
    member = PortfolioSampleMember.objects.filter(is_selected=True).order_by("judgement__at").first()
    if member is not None:
        read_judgement(member, outcome="agreed", words="", by=people["iqa"], at=at)


def _recruit(people: dict[str, User]) -> Recruit:
    return Recruit.objects.select_related("officer", "release__programme").get(officer=people["recruit"])


def _item(piece: Piece, people: dict[str, User]) -> PortfolioItem:
    rows = PortfolioItem.objects.select_related("current", "recruit")
    return rows.get(recruit__officer=people["recruit"], client_token=_token(piece))


def _seen(item: PortfolioItem) -> tuple[int, int]:
    return seen_of(item.current) if item.current else (0, 0)


def _evidence(
    piece: Piece, people: dict[str, User], at: datetime, *, words: str = "", files: tuple[UUID, ...] = ()
) -> Evidence:
    return Evidence(
        headings=piece.headings,
        title=piece.title,
        words=words or piece.words,
        happened_on=timezone.localdate(at) - timedelta(days=1),
        place=piece.place,
        reference=piece.reference,
        witness=people[piece.witness].service_number if piece.witness else "",
        files=files,
    )


def _token(piece: Piece) -> UUID:
    return uuid5(NAMESPACE_URL, f"portfolio/{piece.title}")


def _page_of_notebook() -> bytes:
    """Draw a ruled page with lines of writing that nobody can read: a photograph as it should be, without a case on it."""
    page = Image.new("RGB", (600, 800), PAPER)
    pen = ImageDraw.Draw(page)
    for y in range(90, 780, 46):
        pen.line((40, y, 560, y), fill=LINES, width=2)
        for x in range(60, 440 + (y % 7) * 14, 26):
            pen.line((x, y - 8, x + 14, y - 8 - (x * y) % 12), fill=INK, width=3)
    written = io.BytesIO()
    page.save(written, "PNG")
    return written.getvalue()
