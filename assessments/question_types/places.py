"""What types share that ask for an order: each entry is given a place. Response: ``{"places": {"a": 1}}``, as far as places were given.

Places may be missing or given twice while somebody is at it, and are kept as they are; only an order that is whole is a whole answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.question_types.contract import FULL_MARKS, AnsweredPart, BadResponse, Choice, Posted, Response
from assessments.question_types.entries import in_order
from assessments.question_types.words import in_words, without_emphasis
from assessments.seeds import in_seeded_order

Entries = Mapping[str, Mapping[str, Any]]


def shuffled(ids: Sequence[str], seed: str) -> list[str]:
    """Return the ids in seeded order that is not the one they have: what is right is never shown by chance."""
    order = in_seeded_order(list(ids), seed=seed, purpose="options", key=str)
    return order if order != list(ids) else [*order[1:], order[0]]


def parse_places(entries: Entries, data: Posted, name: str) -> Response | None:
    """Return the places posted under ``name.id``."""
    kept: dict[str, int] = {}
    for identity in entries:
        typed = str(data.get(f"{name}.{identity}") or "").strip()
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and 1 <= int(typed) <= len(entries)):
            raise BadResponse(f"A place is a whole number from 1 to {len(entries)}. Choose one for each.")
        kept[identity] = int(typed)
    return {"places": kept} if kept else None


def order_given(entries: Entries, response: Response | None) -> list[str]:
    """Return the ids in the order given; those without a place, or with one that is given twice, are left out."""
    places = {} if response is None else response["places"]
    given = list(places.values())
    sure = {identity: place for identity, place in places.items() if identity in entries and given.count(place) == 1}
    return sorted(sure, key=lambda identity: sure[identity])


def missing_places(entries: Entries, response: Response | None) -> str:
    """Return what an order lacks, as a sentence; empty for a whole one."""
    places = list((response or {"places": {}})["places"].values())
    left = len(entries) - len(places)
    if left:
        return f"{in_words(left).capitalize()} of {in_words(len(entries))} {'has' if left == 1 else 'have'} no place."
    if len(set(places)) < len(places):
        return "One place is given twice."
    return ""


def place_rows(entries: Entries, response: Response | None, *, name: str, order: Sequence[str]) -> dict[str, Any]:
    """Return what ``places.html`` shows: entries in the order given where it is whole, else in the seeded one."""
    places = {} if response is None else response["places"]
    given = order_given(entries, response)
    ids = given if len(given) == len(entries) else in_order(entries, order)
    rows = [
        {
            "field": f"{name}.{identity}",
            "id": identity,
            "text": entries[identity]["text"],
            "place": places.get(identity, 0),
        }
        for identity in ids
    ]
    return {"rows": rows, "places": list(range(1, len(entries) + 1))}


def choices_by_place(entries: Entries, right: Sequence[str]) -> list[Choice]:
    """Return for each place what can be put there; ``right`` are the ids in the right order."""
    return [
        Choice(f"{place}/{identity}", entry["text"], right[place - 1] == identity, group=f"Place {place}")
        for place in range(1, len(entries) + 1)
        for identity, entry in entries.items()
    ]


def chosen_places(response: Response | None) -> list[str]:
    """Return what was put where, as ``choices_by_place`` names it."""
    return [] if response is None else [f"{place}/{identity}" for identity, place in response["places"].items()]


def parts_by_place(entries: Entries, right: Sequence[str], response: Response | None) -> list[AnsweredPart]:
    """Return each entry with the place given and its right one, in the right order. A place given twice is right for neither."""
    places = {} if response is None else response["places"]
    given = order_given(entries, response)
    return [
        AnsweredPart(
            without_emphasis(entries[identity]["text"]),
            f"Place {places[identity]}" if identity in places else "",
            f"Place {place}",
            FULL_MARKS if identity in given and places[identity] == place else 0,
        )
        for place, identity in enumerate(right, start=1)
    ]


def order_in_words(entries: Entries, ids: Sequence[str]) -> str:
    """Return an order as '1. …; 2. …'."""
    return "; ".join(
        f"{number}. {without_emphasis(entries[identity]['text'])}" for number, identity in enumerate(ids, start=1)
    )


def places_in_words(entries: Entries, response: Response | None) -> str:
    """Return the places given, lowest first, whatever is missing."""
    places = {} if response is None else response["places"]
    known = sorted((place, identity) for identity, place in places.items() if identity in entries)
    return "; ".join(f"{place}. {without_emphasis(entries[identity]['text'])}" for place, identity in known)
