"""One good question of each type with several fields, with answers as a page posts them and what they earn."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.http import QueryDict
from PIL import Image

from tests.assessments.building import SHORT_TEXT, SINGLE

FULL = 1_000_000
Fields = Mapping[str, str | tuple[str, ...]]

MATCHING: dict[str, Any] = {
    "stem": "You are asked for powers on the street. Which power belongs to which act?",
    "matches": [
        {"id": "m8", "text": "Search for stolen or prohibited articles"},
        {"id": "m2", "text": "Enter to save life or limb"},
        {"id": "m5", "text": "Arrest without warrant"},
    ],
    "pairs": [
        {"id": "s1", "text": "PACE section 1", "match": "m8"},
        {"id": "s17", "text": "PACE section 17", "match": "m2"},
    ],
    "feedback": {"right": "Each belongs where you put it.", "wrong": "Section 24 is arrest; read both sections again."},
}
ORDERING: dict[str, Any] = {
    "stem": "You are about to search a man for a stolen phone. What comes first?",
    "items": [
        {"id": "k3", "text": "Say who you are"},
        {"id": "c7", "text": "Say what you look for"},
        {"id": "h1", "text": "Say your grounds"},
        {"id": "a9", "text": "Search"},
    ],
    "scoring": "places",
    "feedback": {"right": "He knows all before you begin.", "wrong": "All of it is said before the search."},
}
GAP_FILL: dict[str, Any] = {
    "stem": "Complete the note in the pocket book.",
    "text": "She was taken to a place of **safety** at 14:20. The [[gap:who]] is told.\n\nShe may be held for [[gap:long]] hours, "
    "and that may be extended by a [[gap:by]].",
    "gaps": [
        {
            "id": "who",
            "kind": "typed",
            "accept": [{"text": "AMHP", "fraction": 1}, {"text": "social worker", "fraction": 0.5}],
            "feedback": {"right": "The AMHP is told.", "wrong": "It is the AMHP."},
        },
        {
            "id": "long",
            "kind": "number",
            "answer": 24,
            "tolerance": 0,
            "weight": 2,
            "feedback": {"right": "24 hours from arrival.", "wrong": "It is 24 hours from arrival."},
        },
        {
            "id": "by",
            "kind": "chosen",
            "options": [
                {"id": "x", "text": "sergeant", "fraction": 0},
                {"id": "y", "text": "doctor", "fraction": 1},
            ],
            "feedback": {"right": "The doctor, on her condition alone.", "wrong": "Only the doctor may."},
        },
    ],
}
RATE: dict[str, Any] = {
    "stem": "A colleague jokes about a victim in the van. How good is each response?",
    "mode": "rate",
    "scale": ["Makes it worse", "Of little use", "Effective", "Very effective"],
    "responses": [
        {
            "id": "r1",
            "text": "Say at once that it is not right",
            "key": 4,
            "feedback": "It stops and nobody has to guess.",
        },
        {
            "id": "r2",
            "text": "Say nothing and tell the sergeant tomorrow",
            "key": 2,
            "feedback": "The victim hears it today.",
        },
        {"id": "r3", "text": "Laugh it off", "key": 1, "feedback": "It tells him that you agree."},
    ],
    "panel": {"size": 6, "on": "2026-05-31"},
}
RANK: dict[str, Any] = {
    **{key: RATE[key] for key in ("stem", "panel")},
    "mode": "rank",
    "responses": [
        {**RATE["responses"][0], "key": 1},
        {**RATE["responses"][1], "key": 2},
        {**RATE["responses"][2], "key": 3},
    ],
}
WRITTEN: dict[str, Any] = {
    "stem": "You have stopped a man who does not speak English. What do you write in the record, and why?",
    "lines": 6,
    "most_words": 200,
    "guidance": "Grounds, object, what was said and how it was understood.",
}
SCENARIO: dict[str, Any] = {
    "stem": "A caller saw a man put a knife into a red rucksack.\n\nYou see three men at the bus stop. One has a red rucksack.",
    "parts": [
        {"id": "p1", "type": "single_choice", "definition": SINGLE},
        {
            "id": "p2",
            "since": "He has run off and been caught.",
            "type": "short_text",
            "weight": 3,
            "definition": SHORT_TEXT,
        },
        {"id": "p3", "since": "You are back at the station.", "type": "ordering", "definition": ORDERING},
    ],
}


def drawing(width: int = 320, height: int = 200, colour: str = "navy") -> bytes:
    """A small picture, the same bytes every time."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(written, "PNG")
    return written.getvalue()


PICTURE: dict[str, Any] = {
    "digest": sha256(drawing()).hexdigest(),
    "type": "image/png",
    "width": 320,
    "height": 200,
    "alt": "A hallway with a door, a stair and a window.",
}
HOTSPOT: dict[str, Any] = {
    "stem": "Look at the hallway. Which two ways out must be watched?",
    "pictures": {"hall": PICTURE},
    "picture": "hall",
    "choose": 2,
    "areas": [
        {
            "id": "a",
            "shape": "rect",
            "coords": [10, 10, 80, 90],
            "text": "The door",
            "fraction": 0.5,
            "feedback": "It opens.",
        },
        {
            "id": "b",
            "shape": "circle",
            "coords": [160, 100, 40],
            "text": "The stair",
            "fraction": 0,
            "feedback": "It ends.",
        },
        {
            "id": "c",
            "shape": "poly",
            "coords": [220, 20, 300, 20, 260, 120],
            "text": "The window",
            "fraction": 0.5,
            "feedback": "It is low enough to climb out of.",
        },
    ],
}
FILES: dict[str, Any] = {
    "stem": "Hand in your plan of the search as a PDF or a photo.",
    "kinds": ["picture", "pdf"],
    "most": 2,
    "guidance": "A scale.",
}


@dataclass(frozen=True)
class Sample:
    """A question, a right, a part and a wrong answer with what the part earns, and answers it refuses."""

    type: str
    definition: Mapping[str, Any]
    right: Fields
    part: Fields
    part_mark: int
    wrong: Fields
    refused: tuple[Fields, ...] = ()
    part_words: str = ""
    missing: str = ""
    wrong_mark: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)


SAMPLES = {
    "matching": Sample(
        "matching",
        MATCHING,
        right={"answer.s1": "m8", "answer.s17": "m2"},
        part={"answer.s1": "m8"},
        part_mark=FULL // 2,
        wrong={"answer.s1": "m5", "answer.s17": "m5"},
        refused=({"answer.s1": "zz"}, {"answer.s17": "<script>"}),
        part_words="PACE section 1: Search for stolen or prohibited articles",
        missing="One of two are matched.",
    ),
    "ordering": Sample(
        "ordering",
        ORDERING,
        right={"answer.k3": "1", "answer.c7": "2", "answer.h1": "3", "answer.a9": "4"},
        part={"answer.k3": "1", "answer.c7": "2", "answer.h1": "4", "answer.a9": "4"},
        part_mark=FULL // 2,
        wrong={"answer.k3": "2", "answer.c7": "1", "answer.h1": "4", "answer.a9": "3"},
        refused=({"answer.k3": "5"}, {"answer.k3": "0"}, {"answer.k3": "first"}, {"answer.k3": "1" * 5000}),
        part_words="1. Say who you are; 2. Say what you look for; 4. Search; 4. Say your grounds",
        missing="One place is given twice.",
    ),
    "gap_fill": Sample(
        "gap_fill",
        GAP_FILL,
        right={"answer.who": "a.m.h.p.", "answer.long": "24", "answer.by": "y"},
        part={"answer.who": "Social worker", "answer.long": "24.0"},
        part_mark=625_000,
        wrong={"answer.who": "nurse", "answer.long": "a day", "answer.by": "x"},
        refused=({"answer.by": "z"}, {"answer.who": "x" * 201}),
        part_words="1. Social worker; 2. 24.0",
        missing="Two of three gaps are filled.",
    ),
    "rate": Sample(
        "situational_judgement",
        RATE,
        right={"answer.r1": "4", "answer.r2": "2", "answer.r3": "1"},
        part={"answer.r1": "4", "answer.r2": "3"},
        part_mark=500_000,
        wrong={"answer.r1": "1", "answer.r2": "4", "answer.r3": "4"},
        refused=({"answer.r1": "5"}, {"answer.r1": "0"}, {"answer.r1": "best"}),
        part_words="Say at once that it is not right: very effective; Say nothing and tell the sergeant tomorrow: effective",
        missing="Two of three are rated.",
    ),
    "rank": Sample(
        "situational_judgement",
        RANK,
        right={"answer.r1": "1", "answer.r2": "2", "answer.r3": "3"},
        part={"answer.r1": "2", "answer.r2": "1", "answer.r3": "3"},
        part_mark=500_000,
        wrong={"answer.r1": "3", "answer.r2": "2", "answer.r3": "1"},
        refused=({"answer.r1": "4"},),
        part_words="1. Say nothing and tell the sergeant tomorrow; 2. Say at once that it is not right; 3. Laugh it off",
    ),
    "hotspot": Sample(
        "hotspot",
        HOTSPOT,
        right={"answer": ("a", "c")},
        part={"answer": ("c",)},
        part_mark=FULL // 2,
        wrong={"answer": ("b",)},
        refused=({"answer": ("z",)}, {"answer": ("<script>",)}),
        part_words="The window",
        missing="One of two areas is chosen.",
    ),
    "scenario": Sample(
        "scenario",
        SCENARIO,
        right={
            "answer.p1": "b",
            "answer.p2": "AMHP",
            **{f"answer.p3.{item}": str(place) for place, item in enumerate(("k3", "c7", "h1", "a9"), start=1)},
        },
        part={"answer.p2": "social worker", "answer.p3.k3": "1"},
        part_mark=350_000,
        wrong={"answer.p1": "a", "answer.p2": "sergeant"},
        refused=({"answer.p1": "q"}, {"answer.p2": "x" * 201}, {"answer.p3.k3": "9"}),
        part_words="(2) social worker; (3) 1. Say who you are",
        missing="Two of its three parts are answered.",
    ),
}


def values_of(value: str | tuple[str, ...]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def posted(fields: Fields) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, values_of(value))
    return data
