"""Which questions an attempt gets: a blueprint filled from a bank by a seed. Pure; the same input gives the same draw.

A draw has exactly the counts its rows ask for, and with must-pass rules one item of each: inside a row it fits where there is
room, in addition where there is none. Items stand by section in the order in which the rows name them, in seeded order inside;
one in addition stands in the first section that accepts it, else after all of them. Second items of a must-pass rule come last.
What earlier attempts have seen comes after what is new (``avoid``), never again (``never``), or like everything else (``free``).
"""

from __future__ import annotations

from collections import Counter
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
    section: str = ""


@dataclass(frozen=True)
class DrawRow:
    """One line of a blueprint; an empty outcome, topic or difficulty accepts any. A topic is a path and takes in what is below it.

    ``section`` is the section of the paper it fills; ``least`` the per cent that has to be reached in it, None for no such rule.
    ``stands_at`` is where the bank's tree has the topic today, empty where that is the path itself.
    """

    outcome: str
    count: int
    topic: str = ""
    difficulty: str = ""
    stands_at: str = ""
    section: str = ""
    least: int | None = None

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
    """Return the drawn items in the order the candidate meets them, each with its section, or raise ``CannotDraw``.

    ``avoid`` are codes seen in earlier attempts: drawn only where the bank leaves no choice. ``never`` are not drawn at all. Of
    ``attempts_left``, this one included, the others are left what they need, where the bank has it: they will never see these again.
    """
    places = _Places(rows)
    listed = [item for item in items if item.must_pass or any(places.kind_of(item))]
    wanted = [item for item in listed if item.code not in never]
    shuffled = in_seeded_order(wanted, seed=seed, purpose="draw", key=lambda item: item.code)
    chosen = _one_of_each_rule(shuffled, avoid) if must_pass else []
    codes = {item.code for item in chosen}
    rules = {item.must_pass for item in chosen}
    kept = _kept_for_later(listed, shuffled, rows, must_pass=must_pass, attempts=attempts_left)
    rest = [item for item in shuffled if item.code not in codes]
    # Sorting keeps the seeded order among equals.
    rest.sort(key=lambda item: (item.code in kept, item.must_pass in rules, item.code in avoid))
    outside = [item for item in chosen if not places.take(item)]
    for item in rest:
        if places.is_full:
            break
        places.take(item)
    spent = sorted({item.must_pass for item in listed if item.must_pass} - rules) if must_pass else []
    if spent or not places.is_full:
        short = [f"Must-pass rule ‘{rule}’: 1 wanted, none left." for rule in spent]
        raise CannotDraw(short + ([] if places.is_full else _shortfalls(rows, shuffled)))
    sections = list(dict.fromkeys(row.section for row in rows))
    beside = [replace(item, section=_section_beside(item, rows)) for item in outside]
    return sorted(
        [*places.taken, *beside],
        key=lambda item: (
            sections.index(item.section) if item.section in sections else len(sections),
            rank(seed, "order", item.code),
        ),
    )


def _section_beside(item: BankItem, rows: Sequence[DrawRow]) -> str:
    """Return the section in which an item stands that was drawn beside the rows; empty where none accepts it."""
    return next((row.section for row in rows if row.accepts(item)), "")


def shortfalls_of_attempts(
    items: Iterable[BankItem], rows: Sequence[DrawRow], *, must_pass: bool, attempts: int
) -> list[str]:
    """Return what a bank lacks for so many draws that share no item, in sentences; empty where every order of draws will be met.

    Each attempt gets one item of every must-pass rule; the others of a rule are not counted on to fill rows.
    """
    listed = sorted(items, key=lambda item: item.code)
    rules = Counter(item.must_pass for item in listed if item.must_pass) if must_pass else Counter()
    short = [
        f"Must-pass rule ‘{rule}’: {attempts} wanted, {there} approved."
        for rule, there in sorted(rules.items())
        if there < attempts
    ]
    needed = [replace(row, count=row.count * attempts) for row in _besides_rules(listed, rows, must_pass=must_pass)]
    free = [item for item in listed if not (must_pass and item.must_pass)]
    if not _filled(needed, free).is_full:
        short += _shortfalls([row for row in needed if row.count], free)
    return [f"For {attempts} attempts that share no question: {sentence}" for sentence in short]


def _besides_rules(items: Iterable[BankItem], rows: Sequence[DrawRow], *, must_pass: bool) -> list[DrawRow]:
    """Return the rows with what is left to fill once one item of each rule has its place, whichever of its siblings that is."""
    places = _Places(rows)
    if must_pass:
        common: dict[str, tuple[bool, ...]] = {}
        for item in items:
            if item.must_pass:
                fits = places.kind_of(item)
                known = common.get(item.must_pass, fits)
                common[item.must_pass] = tuple(both and one for both, one in zip(known, fits, strict=True))
        for rule, fits in sorted(common.items()):
            places.take(BankItem(rule, ""), fits)
    return [replace(row, count=room) for row, room in zip(rows, places.room, strict=True)]


def _filled(rows: Sequence[DrawRow], items: Iterable[BankItem]) -> _Places:
    places = _Places(rows)
    for item in items:
        if places.is_full:
            break
        places.take(item)
    return places


def _kept_for_later(
    listed: Sequence[BankItem], shuffled: Sequence[BankItem], rows: Sequence[DrawRow], *, must_pass: bool, attempts: int
) -> set[str]:
    """Return the codes that the attempts after this one will need, so that they are drawn now only where there is no choice."""
    if attempts < 2:
        return set()
    besides = _besides_rules(listed, rows, must_pass=must_pass)
    free = [item for item in shuffled if not (must_pass and item.must_pass)]
    places = _filled([replace(row, count=row.count * attempts) for row in besides], free)
    order = {item.code: number for number, item in enumerate(shuffled)}
    kept = {item.code for item in shuffled if must_pass and item.must_pass}
    for row, held in zip(besides, places.held, strict=True):
        codes = sorted((item.code for item in held), key=lambda code: order[code])
        kept |= set(codes[row.count :])
    return kept


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

    Taking items in order of preference by augmenting paths gives the best set there is, also where rows overlap. Items that fit the
    same rows are of one kind, and one of a kind is as good as another when places are shared out anew.
    """

    def __init__(self, rows: Sequence[DrawRow]) -> None:
        self._rows = list(rows)
        self._held: list[dict[tuple[bool, ...], list[BankItem]]] = [{} for _row in rows]
        self._kinds: dict[tuple[str, str, str], tuple[bool, ...]] = {}
        # A kind that found no place never will: places only fill.
        self._hopeless: set[tuple[bool, ...]] = set()
        self.room = [row.count for row in rows]

    @property
    def held(self) -> list[list[BankItem]]:
        """The items of each row."""
        return [[item for items in held.values() for item in items] for held in self._held]

    @property
    def taken(self) -> list[BankItem]:
        """Every item that has a place, with the section of its row."""
        return [
            replace(item, section=row.section) if row.section else item
            for row, items in zip(self._rows, self.held, strict=True)
            for item in items
        ]

    @property
    def is_full(self) -> bool:
        return not any(self.room)

    def kind_of(self, item: BankItem) -> tuple[bool, ...]:
        """Return for each row whether it accepts the item."""
        said = (item.outcome, item.topic, item.difficulty)
        if said not in self._kinds:
            self._kinds[said] = tuple(row.accepts(item) for row in self._rows)
        return self._kinds[said]

    def take(self, item: BankItem, kind: tuple[bool, ...] | None = None) -> bool:
        kind = self.kind_of(item) if kind is None else kind
        if kind in self._hopeless:
            return False
        if self._seat(item, kind, set()):
            return True
        self._hopeless.add(kind)
        return False

    def _seat(self, item: BankItem, kind: tuple[bool, ...], tried: set[int]) -> bool:
        fitting = [row for row, fits in enumerate(kind) if fits and row not in tried]
        for row in fitting:
            if self.room[row]:
                self.room[row] -= 1
                self._held[row].setdefault(kind, []).append(item)
                return True
        for row in fitting:
            if row in tried:
                continue
            tried.add(row)
            for other in [known for known, items in self._held[row].items() if items and known != kind]:
                if self._seat(self._held[row][other][-1], other, tried):
                    self._held[row][other].pop()
                    self._held[row].setdefault(kind, []).append(item)
                    return True
        return False


def _shortfalls(rows: Sequence[DrawRow], items: Sequence[BankItem]) -> list[str]:
    short = []
    for row in rows:
        there = sum(row.accepts(item) for item in items)
        if there < row.count:
            short.append(f"{row}: {row.count} wanted, {there} approved.")
    return short or ["Its rows ask for the same questions; together they want more than there are."]
