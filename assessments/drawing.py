"""Which questions an attempt gets: a blueprint filled from a bank by a seed. Pure; the same input gives the same draw.

A draw has exactly the counts its rows ask for, and with must-pass rules one item of each: inside a row it fits where there is
room, in addition where there is none. Second items of a must-pass rule come last. What earlier attempts have seen comes after what is
new (``avoid``), never again (``never``), or like everything else (``free``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

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
    """One line of a blueprint; an empty outcome, topic or difficulty accepts any. A topic is a path and takes in what is below it.

    ``stands_at`` is where the bank's tree has the topic today, empty where that is the path itself.
    """

    outcome: str
    count: int
    topic: str = ""
    difficulty: str = ""
    stands_at: str = ""

    def accepts(self, item: BankItem) -> bool:
        fits_topic = not self.topic or f"{item.topic}/".startswith(f"{self.stands_at or self.topic}/")
        return fits_topic and self.outcome in ("", item.outcome) and self.difficulty in ("", item.difficulty)

    def __str__(self) -> str:
        return ", ".join(part for part in (self.outcome, self.topic, self.difficulty) if part)


class CannotDraw(Exception):
    """The bank cannot meet the blueprint; ``shortfalls`` are sentences that say where."""

    def __init__(self, shortfalls: Sequence[str]) -> None:
        super().__init__("The bank cannot meet the draw. " + " ".join(shortfalls))
        self.shortfalls = list(shortfalls)


def draw_items(
    items: Iterable[BankItem],
    rows: Sequence[DrawRow],
    *,
    must_pass: bool,
    seed: str,
    avoid: Collection[str] = (),
    never: Collection[str] = (),
    attempts_left: int = 1,
) -> list[BankItem]:
    """Return the drawn items in the order the candidate meets them, or raise ``CannotDraw``.

    ``avoid`` are codes seen in earlier attempts: drawn only where the bank leaves no choice. ``never`` are not drawn at all. Of
    ``attempts_left``, this one included, the others are left what they need, where the bank has it: they will never see these again.
    """
    wanted = [item for item in items if item.code not in never and (item.must_pass or _fits(rows, item))]
    shuffled = in_seeded_order(wanted, seed=seed, purpose="draw", key=lambda item: item.code)
    chosen = _one_of_each_rule(shuffled, avoid) if must_pass else []
    codes = {item.code for item in chosen}
    rules = {item.must_pass for item in chosen}
    kept = _kept_for_later(shuffled, rows, codes, must_pass=must_pass, attempts=attempts_left)
    rest = [item for item in shuffled if item.code not in codes]
    # Sorting keeps the seeded order among equals.
    rest.sort(key=lambda item: (item.code in kept, item.must_pass in rules, item.code in avoid))
    places = _Places(rows)
    outside = [item for item in chosen if not places.take(item)]
    for item in rest:
        if places.is_full:
            break
        places.take(item)
    if not places.is_full:
        raise CannotDraw(_shortfalls(rows, shuffled))
    return sorted([*places.taken, *outside], key=lambda item: rank(seed, "order", item.code))


def shortfalls_of_attempts(
    items: Iterable[BankItem], rows: Sequence[DrawRow], *, must_pass: bool, attempts: int
) -> list[str]:
    """Return what a bank lacks for so many draws that share no item, in sentences; empty where every order of draws will be met.

    Items of must-pass rules are counted for their rules first, one an attempt; what is left of them may fill rows.
    """
    short = []
    rows_of_all = [replace(row, count=row.count * attempts) for row in rows]
    by_rule: dict[str, list[BankItem]] = {}
    free = []
    for item in sorted(items, key=lambda one: one.code):
        if must_pass and item.must_pass:
            by_rule.setdefault(item.must_pass, []).append(item)
        elif _fits(rows, item):
            free.append(item)
    for rule, siblings in sorted(by_rule.items()):
        if len(siblings) < attempts:
            short.append(f"The must-pass rule ‘{rule}’: {attempts} wanted for {attempts} attempts, {len(siblings)} approved.")
        free += siblings[attempts:]
    places = _filled(rows_of_all, free)
    if not places.is_full:
        short += [f"{sentence} That is for {attempts} attempts that share none." for sentence in _shortfalls(rows_of_all, free)]
    return short


def _fits(rows: Sequence[DrawRow], item: BankItem) -> bool:
    return any(row.accepts(item) for row in rows)


def _filled(rows: Sequence[DrawRow], items: Iterable[BankItem]) -> _Places:
    places = _Places(rows)
    for item in items:
        if places.is_full:
            break
        places.take(item)
    return places


def _kept_for_later(
    shuffled: Sequence[BankItem], rows: Sequence[DrawRow], chosen: Collection[str], *, must_pass: bool, attempts: int
) -> set[str]:
    """Return the codes that the attempts after this one will need, so that they are drawn now only where there is no choice."""
    if attempts < 2:
        return set()
    by_rule: dict[str, int] = {}
    kept, free = set(), []
    for item in shuffled:
        if must_pass and item.must_pass:
            by_rule[item.must_pass] = by_rule.get(item.must_pass, 0) + 1
            if by_rule[item.must_pass] <= attempts:
                kept.add(item.code)
                continue
        free.append(item)
    # This attempt's rows stand first among all that have to be filled: what they hold at the end is free for now.
    places = _filled([*rows, *(replace(row, count=row.count * (attempts - 1)) for row in rows)], free)
    now = sum(row.count for row in rows)
    return (kept | {item.code for item in places.held_from(now)}) - set(chosen)


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
        self._kinds_of_rows = list(rows)
        # Items that fit the same rows: where one found no place, none of them ever will, for places only fill.
        self._hopeless: set[tuple[bool, ...]] = set()
        self._empty = len(self._rows)

    @property
    def taken(self) -> list[BankItem]:
        return [item for item in self._held if item is not None]

    @property
    def is_full(self) -> bool:
        return self._empty == 0

    def held_from(self, place: int) -> list[BankItem]:
        """Return what stands in the places from this one on."""
        return [item for item in self._held[place:] if item is not None]

    def take(self, item: BankItem) -> bool:
        kind = tuple(row.accepts(item) for row in self._kinds_of_rows)
        if kind in self._hopeless:
            return False
        if self._seat(item, set()):
            self._empty -= 1
            return True
        self._hopeless.add(kind)
        return False

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
