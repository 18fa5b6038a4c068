"""Publishing a table of counts so that no small number in it can be read or worked out. Pure: knows no database.

Counts under the threshold are hidden, zero among them: that nobody was discharged also says something about each of a few. A hidden cell
must not be the difference of what is shown, so further cells are hidden until it could be any of as many numbers as the threshold says.

How that is known: a table with its totals is a circulation. A cell carries its count from its row to its column; a column's total carries
it on to the foot of the table, a row's total brings it back from there. What is shown is fixed. A hidden cell can be larger than it is by
as much as can flow from its column back to its row over other hidden cells, and smaller by as much as can flow the other way.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 10
# How large a count can be, as far as a reader knows who is not told any total.
WITHOUT_END = 10**9

Node = tuple[str, int]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Published:
    """A table as it may be shown: counts with None for what is hidden. ``cells`` are by row, with the totals beside and below."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None

    @property
    def hides_something(self) -> bool:
        everything = [*self.row_totals, *self.column_totals, self.total, *(cell for row in self.cells for cell in row)]
        return None in everything

    @property
    def lines(self) -> Iterator[tuple[str, tuple[int | None, ...], int | None]]:
        """Each row: its name, its cells and its total."""
        return zip(self.rows, self.cells, self.row_totals, strict=True)


def publish(
    rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]], *, threshold: int = THRESHOLD
) -> Published:
    """Return the table with everything hidden that must be. The totals are reckoned here and are part of what is shown."""
    table = with_totals(counts)
    hidden = hidden_places(table, threshold=threshold)

    def shown(row: int, column: int) -> int | None:
        return None if (row, column) in hidden else table[row, column]

    last_row, last_column = len(rows), len(columns)
    return Published(
        rows=tuple(rows),
        columns=tuple(columns),
        cells=tuple(tuple(shown(row, column) for column in range(last_column)) for row in range(last_row)),
        row_totals=tuple(shown(row, last_column) for row in range(last_row)),
        column_totals=tuple(shown(last_row, column) for column in range(last_column)),
        total=shown(last_row, last_column),
    )


def with_totals(counts: Sequence[Sequence[int]]) -> dict[Place, int]:
    """Return the counts by row and column, with row totals in a further column and column totals in a further row."""
    height, width = len(counts), len(counts[0]) if counts else 0
    if any(len(row) != width for row in counts) or any(count < 0 for row in counts for count in row):
        raise ValueError("A table of counts has rows of one length, and no count is below zero.")
    table = {(row, column): counts[row][column] for row in range(height) for column in range(width)}
    table |= {(row, width): sum(counts[row]) for row in range(height)}
    table |= {(height, column): sum(counts[row][column] for row in range(height)) for column in range(width)}
    table[height, width] = sum(sum(row) for row in counts)
    return table


def hidden_places(table: Mapping[Place, int], *, threshold: int = THRESHOLD) -> set[Place]:
    """Return what must not be shown: every small count, and further cells until none of the hidden can be worked out."""
    small = {place for place, count in table.items() if count < threshold}
    hidden = set(small)
    while True:
        for place in sorted(hidden):
            # A small count could be any of as many numbers as the threshold says; what is hidden for its sake, any of two.
            short = (threshold if place in small else 2) - _numbers_possible(table, hidden, place)
            if short > 0:
                hidden |= _cheapest_to_hide(table, hidden, place)
                break
        else:
            return hidden


def range_of(table: Mapping[Place, int], hidden: set[Place], place: Place) -> tuple[int, int]:
    """Return the least and the greatest number a hidden cell could be, for a reader who adds and subtracts what is shown."""
    source, target = _ends(table, place)
    up = _flow(_residual(table, hidden, without=place), target, source)
    down = _flow(_residual(table, hidden, without=place), source, target)
    return max(table[place] - down, 0), table[place] + up


def _numbers_possible(table: Mapping[Place, int], hidden: set[Place], place: Place) -> int:
    least, greatest = range_of(table, hidden, place)
    return greatest - least + 1


def _ends(table: Mapping[Place, int], place: Place) -> tuple[Node, Node]:
    """Return from where to where a cell carries its count."""
    last_row, last_column = max(table)
    row, column = place
    if row == last_row and column == last_column:
        return ("foot", 0), ("side", 0)
    if row == last_row:
        return ("column", column), ("foot", 0)
    if column == last_column:
        return ("side", 0), ("row", row)
    return ("row", row), ("column", column)


def _residual(table: Mapping[Place, int], hidden: set[Place], *, without: Place) -> dict[Node, dict[Node, int]]:
    """Return by how much each hidden cell could grow, along its way, and shrink, against it."""
    found: dict[Node, dict[Node, int]] = {}
    for place in hidden - {without}:
        source, target = _ends(table, place)
        found.setdefault(source, {})[target] = WITHOUT_END
        found.setdefault(target, {})[source] = table[place]
    return found


def _flow(residual: dict[Node, dict[Node, int]], source: Node, target: Node) -> int:
    """Return how much can flow from ``source`` to ``target``; ``residual`` holds afterwards what is left."""
    flowed = 0
    while (way := _way(residual, source, target)) is not None and flowed < WITHOUT_END:
        amount = min(residual[one][other] for one, other in way)
        for one, other in way:
            residual[one][other] -= amount
            back = residual.setdefault(other, {})
            back[one] = back.get(one, 0) + amount
        flowed += amount
    return flowed


def _way(residual: Mapping[Node, Mapping[Node, int]], source: Node, target: Node) -> list[tuple[Node, Node]] | None:
    came_from: dict[Node, Node] = {}
    waiting = deque([source])
    while waiting and target not in came_from:
        node = waiting.popleft()
        for other, room in residual.get(node, {}).items():
            if room > 0 and other != source and other not in came_from:
                came_from[other] = node
                waiting.append(other)
    if target not in came_from:
        return None
    way, node = [], target
    while node != source:
        way.append((came_from[node], node))
        node = came_from[node]
    return way[::-1]


def _cheapest_to_hide(table: Mapping[Place, int], hidden: set[Place], place: Place) -> set[Place]:
    """Return the cells to hide besides, of the least counts, so that the hidden cell at ``place`` could be larger than it is.

    What can flow already is let flow first, so that the way found hides at least one cell more. There always is one, over the totals.
    """
    source, target = _ends(table, place)
    residual = _residual(table, hidden, without=place)
    _flow(residual, target, source)
    steps: dict[Node, list[tuple[Node, int, Place | None]]] = {}
    for one, others in residual.items():
        for other, room in others.items():
            if room > 0:
                steps.setdefault(one, []).append((other, 0, None))
    for shown in sorted(set(table) - hidden):
        one, other = _ends(table, shown)
        steps.setdefault(one, []).append((other, table[shown] + 1, shown))
        if table[shown] > 0:
            steps.setdefault(other, []).append((one, table[shown] + 1, shown))
    return _cheapest_way(steps, target, source)


def _cheapest_way(
    steps: Mapping[Node, Sequence[tuple[Node, int, Place | None]]], source: Node, target: Node
) -> set[Place]:
    """Return the cells that the cheapest way hides."""
    waiting: list[tuple[int, int, Node, tuple[Place, ...]]] = [(0, 0, source, ())]
    done: set[Node] = set()
    number = 0
    while waiting:
        cost, _number, node, hides = heapq.heappop(waiting)
        if node == target:
            return set(hides)
        if node in done:
            continue
        done.add(node)
        for other, price, place in steps.get(node, ()):
            if other not in done:
                number += 1
                heapq.heappush(waiting, (cost + price, number, other, hides if place is None else (*hides, place)))
    raise ValueError("A table with totals has a way round through them.")
