"""Which questions an attempt gets: a blueprint filled from a bank by a seed. Pure; the same input gives the same draw.

A draw has exactly the counts its rows ask for, and with must-pass rules one item of each: inside a row it fits where there is
room, in addition where there is none. Items not seen before come first, and second items of a must-pass rule last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assessments.seeds import in_seeded_order, rank


@dataclass(frozen=True)
class BankItem:
    """What the draw needs to know of a question."""

    code: str
    outcome: str
    topic: str = ""
    difficulty: str = ""
    must_pass: str = ""


@dataclass(frozen=True)
class DrawRow:
    """One line of a blueprint; empty topic or difficulty accepts any."""

    outcome: str
    count: int
    topic: str = ""
    difficulty: str = ""

    def accepts(self, item: BankItem) -> bool:
        fits_topic = self.topic in ("", item.topic)
        return item.outcome == self.outcome and fits_topic and self.difficulty in ("", item.difficulty)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.outcome, self.topic, self.difficulty) if part)


class CannotDraw(Exception):
    """The bank cannot meet the blueprint; ``shortfalls`` are sentences that say where."""

    def __init__(self, shortfalls: Sequence[str]) -> None:
        super().__init__("The bank cannot meet the draw. " + " ".join(shortfalls))
        self.shortfalls = list(shortfalls)


def draw_items(
    items: Iterable[BankItem], rows: Sequence[DrawRow], *, must_pass: bool, seed: str, avoid: Collection[str] = ()
) -> list[BankItem]:
    """Return the drawn items in the order the candidate meets them, or raise ``CannotDraw``.

    ``avoid`` are codes seen in earlier attempts: drawn only where the bank leaves no choice.
    """
    shuffled = in_seeded_order(items, seed=seed, purpose="draw", key=lambda item: item.code)
    chosen = _one_of_each_rule(shuffled, avoid) if must_pass else []
    rules = {item.must_pass for item in chosen}
    rest = [item for item in shuffled if item not in chosen]
    # Sorting keeps the seeded order among equals.
    rest.sort(key=lambda item: (item.must_pass in rules, item.code in avoid))
    places = _Places(rows)
    outside = [item for item in chosen if not places.take(item)]
    for item in rest:
        if places.is_full:
            break
        places.take(item)
    if not places.is_full:
        raise CannotDraw(_shortfalls(rows, shuffled))
    return sorted([*places.taken, *outside], key=lambda item: rank(seed, "order", item.code))


def _one_of_each_rule(shuffled: Sequence[BankItem], avoid: Collection[str]) -> list[BankItem]:
    best: dict[str, BankItem] = {}
    for item in shuffled:
        if not item.must_pass:
            continue
        kept = best.get(item.must_pass)
        if kept is None or (kept.code in avoid and item.code not in avoid):
            best[item.must_pass] = item
    return list(best.values())


class _Places:
    """The places of a blueprint. An item is taken if the places can be shared out anew so that everyone has one.

    Taking items in order of preference by augmenting paths gives the best set there is, also where rows overlap.
    """

    def __init__(self, rows: Sequence[DrawRow]) -> None:
        self._rows = [row for row in rows for _place in range(row.count)]
        self._held: list[BankItem | None] = [None] * len(self._rows)

    @property
    def taken(self) -> list[BankItem]:
        return [item for item in self._held if item is not None]

    @property
    def is_full(self) -> bool:
        return None not in self._held

    def take(self, item: BankItem) -> bool:
        return self._seat(item, set())

    def _seat(self, item: BankItem, tried: set[int]) -> bool:
        for place, row in enumerate(self._rows):
            if place in tried or not row.accepts(item):
                continue
            tried.add(place)
            holder = self._held[place]
            if holder is None or self._seat(holder, tried):
                self._held[place] = item
                return True
        return False


def _shortfalls(rows: Sequence[DrawRow], items: Sequence[BankItem]) -> list[str]:
    short = []
    for row in rows:
        there = sum(row.accepts(item) for item in items)
        if there < row.count:
            short.append(f"{row}: {row.count} wanted, {there} approved.")
    return short or ["Its rows ask for the same questions; together they want more than there are."]
