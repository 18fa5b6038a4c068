"""What an answer scores: an item's response processing carried out, within the part of it that closed questions use.

Values are lists of text; None is QTI's null. What we do not know raises ``NotRead``, so that no score is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from assessments.interchange.qti.declarations import Declarations, number
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.rational import to_text

Value = list[str] | None
_TEMPLATES = ("match_correct", "map_response")
_SCORE = "SCORE"
_BROKEN = re.compile(r"-?[0-9]{1,80}/[1-9][0-9]{0,80}")
_MOST_OUTCOMES = 200
_READING = ("variable", "correct", "mapResponse", "mapResponsePoint")


@dataclass
class Scored:
    """What an answer came to: its score, and all outcomes by identifier."""

    score: Fraction
    outcomes: dict[str, Value] = field(default_factory=dict)


class Processing:
    """An item's way from responses to a score."""

    def __init__(self, item: Node, declared: Declarations) -> None:
        self._declared = declared
        self._rules = item.child("responseProcessing")
        self.score_name = self._score_name()

    def score(self, responses: Mapping[str, list[str]]) -> Scored:
        """Return what these responses, by identifier, score; one that is left out is no answer."""
        given: dict[str, Value] = {name: list(values) or None for name, values in responses.items()}
        if self._rules is None or not self._rules.children():
            return Scored(self._by_template(given))
        run = _Run(self._declared, given)
        run.rules(self._rules.children())
        return Scored(_as_number(run.outcomes.get(self.score_name)), run.outcomes)

    @cached_property
    def depends_on(self) -> dict[str, frozenset[str]]:
        """Of each outcome that is set by the rules the responses it may depend on; empty for more outcomes than anybody writes."""
        reads: dict[str, set[str]] = {}
        _note_reads([] if self._rules is None else self._rules.children(), frozenset(), reads)
        if len(reads) > _MOST_OUTCOMES:
            return {}
        grown = True
        while grown:
            # What an outcome reads of others counts as its own.
            wider = {name: used.union(*(reads.get(one, ()) for one in used)) for name, used in reads.items()}
            grown, reads = wider != reads, wider
        return {name: frozenset(used & set(self._declared.responses)) for name, used in reads.items()}

    def told_by(self, responses: AbstractSet[str]) -> frozenset[str]:
        """Return the outcomes that hang on these responses alone, and so tell what is said of them."""
        return frozenset(outcome for outcome, used in self.depends_on.items() if used and used <= responses)

    def _by_template(self, given: Mapping[str, Value]) -> Fraction:
        """Score by one of the templates everybody has, or by what is declared where an item names none."""
        template = "" if self._rules is None else self._rules.get("template").rstrip("/").rpartition("/")[2]
        name = template.removesuffix(".xml")
        if template and name not in (*_TEMPLATES, "CC2_match", "CC2_map_response"):
            raise NotRead(f"Its marks come from the template ‘{name[:60]}’, which we do not know.")
        total = Fraction(0)
        for declaration in self._declared.responses.values():
            response = given.get(declaration.identifier) or []
            if declaration.mapping is not None and "match" not in name:
                total += declaration.mapping.worth(response)
            elif declaration.correct:
                total += _is_same(declaration.cardinality, response, list(declaration.correct))
            elif declaration.mapping is not None:
                total += declaration.mapping.worth(response)
        return total

    def _score_name(self) -> str:
        outcomes = self._declared.outcomes
        numeric = [
            name
            for name, one in outcomes.items()
            if one.base_type in ("integer", "float") and one.cardinality == "single"
        ]
        if _SCORE in numeric or self._rules is None or not self._rules.children():
            return _SCORE
        used = {node.get("identifier") for node in self._rules.all("setOutcomeValue")}
        numeric = [name for name in numeric if name in used]
        if len(numeric) != 1:
            raise NotRead("It does not say which of its outcomes is the score.")
        return numeric[0]


def _note_reads(rules: list[Node], above: frozenset[str], reads: dict[str, set[str]]) -> None:
    """Note of each outcome what its values, and the conditions it is set under, read."""
    for node in rules:
        if node.name == "setOutcomeValue":
            reads.setdefault(node.get("identifier"), set()).update(above, _read_in(node))
        elif node.name == "responseCondition":
            seen = above
            for branch in node.children():
                inside = branch.children()
                if branch.name != "responseElse" and inside:
                    seen, inside = seen | _read_in(inside[0]), inside[1:]
                _note_reads(inside, seen, reads)
        elif node.name == "responseProcessingFragment":
            _note_reads(node.children(), above, reads)


def _read_in(expression: Node) -> frozenset[str]:
    nodes = [expression, *expression.all()]
    return frozenset(node.get("identifier") for node in nodes if node.name in _READING)


class _Exit(Exception):
    """The rules say that processing ends here."""


class _Run:
    """One carrying out of the rules."""

    def __init__(self, declared: Declarations, given: Mapping[str, Value]) -> None:
        self._declared = declared
        self._given = given
        self.outcomes: dict[str, Value] = {
            name: list(one.default) or (["0"] if one.base_type in ("integer", "float") else None)
            for name, one in declared.outcomes.items()
        }

    def rules(self, nodes: list[Node]) -> None:
        try:
            self._each(nodes)
        except _Exit:
            return

    def _each(self, nodes: list[Node]) -> None:
        for node in nodes:
            if node.name == "responseCondition":
                self._condition(node)
            elif node.name == "setOutcomeValue":
                self.outcomes[node.get("identifier")] = self.value(node.children()[0])
            elif node.name == "exitResponse":
                raise _Exit
            elif node.name == "responseProcessingFragment":
                self._each(node.children())
            else:
                raise NotRead(f"Its marks depend on ‘{node.name[:40]}’, which we do not know.")

    def _condition(self, node: Node) -> None:
        for branch in node.children():
            inside = branch.children()
            if branch.name == "responseElse":
                self._each(inside)
                return
            if inside and self._is_true(inside[0]):
                self._each(inside[1:])
                return

    def _is_true(self, node: Node) -> bool:
        return self.value(node) == ["true"]

    def value(self, node: Node) -> Value:
        """Return the value of an expression."""
        operation = _OPERATIONS.get(node.name)
        if operation is None:
            raise NotRead(f"Its marks depend on ‘{node.name[:40]}’, which we do not know.")
        return operation(self, node)

    def values(self, node: Node) -> list[Value]:
        return [self.value(child) for child in node.children()]

    def variable(self, node: Node) -> Value:
        name = node.get("identifier")
        return self._given[name] if name in self._given else self.outcomes.get(name)

    def correct(self, node: Node) -> Value:
        declaration = self._declared.responses.get(node.get("identifier"))
        return None if declaration is None else list(declaration.correct) or None

    def mapped(self, node: Node) -> Value:
        declaration = self._declared.responses.get(node.get("identifier"))
        if declaration is None or declaration.mapping is None:
            raise NotRead("It maps a response that has no mapping.")
        return [to_text(declaration.mapping.worth(self._given.get(declaration.identifier) or []))]

    def cardinality(self, node: Node) -> str:
        name = node.get("identifier")
        declaration = self._declared.responses.get(name) or self._declared.outcomes.get(name)
        if declaration is not None and node.name in ("variable", "correct"):
            return declaration.cardinality
        return "ordered" if node.name == "ordered" else "multiple" if node.name == "multiple" else "single"


def _is_same(cardinality: str, one: list[str], other: list[str]) -> bool:
    if cardinality == "ordered":
        return one == other
    return sorted(_canonical(value) for value in one) == sorted(_canonical(value) for value in other)


def _canonical(value: str) -> str:
    """Return a value as it is compared: numbers by what they are, text as it stands."""
    try:
        return to_text(number(value))
    except NotRead:
        return value


def _as_number(value: Value) -> Fraction:
    if not value:
        return Fraction(0)
    # What was reckoned here may have no end as a decimal.
    return Fraction(value[0]) if _BROKEN.fullmatch(value[0]) else number(value[0])


def _truth(value: bool) -> Value:
    return ["true" if value else "false"]


def _match(run: _Run, node: Node) -> Value:
    first, second = node.children()[:2]
    one, other = run.value(first), run.value(second)
    if one is None or other is None:
        return None
    cardinality = next(
        (kind for kind in (run.cardinality(first), run.cardinality(second)) if kind != "single"), "single"
    )
    return _truth(_is_same(cardinality, one, other))


def _member(run: _Run, node: Node) -> Value:
    one, many = run.values(node)[:2]
    return None if one is None or many is None else _truth(one[0] in many)


def _contains(run: _Run, node: Node) -> Value:
    whole, part = run.values(node)[:2]
    return None if whole is None or part is None else _truth(set(part) <= set(whole))


def _string_match(run: _Run, node: Node) -> Value:
    one, other = run.values(node)[:2]
    if one is None or other is None:
        return None
    first, second = " ".join(one), " ".join(other)
    if node.get("caseSensitive", "true") == "false":
        first, second = first.casefold(), second.casefold()
    return _truth(second in first if node.get("substring") == "true" else first == second)


def _equal(run: _Run, node: Node) -> Value:
    one, other = run.values(node)[:2]
    if one is None or other is None:
        return None
    first, second = _as_number(one), _as_number(other)
    slips = [number(part) for part in node.get("tolerance").split()]
    if node.get("toleranceMode") == "relative" and slips:
        slips = [abs(first) * slip / 100 for slip in slips]
    below, above = (
        (slips[0], slips[-1]) if slips and node.get("toleranceMode", "exact") != "exact" else (Fraction(0), Fraction(0))
    )
    return _truth(first - below <= second <= first + above)


def _compared(test: Callable[[Fraction, Fraction], bool]) -> Callable[[_Run, Node], Value]:
    def compare(run: _Run, node: Node) -> Value:
        one, other = run.values(node)[:2]
        return None if one is None or other is None else _truth(test(_as_number(one), _as_number(other)))

    return compare


def _product(run: _Run, node: Node) -> Value:
    product = Fraction(1)
    for value in run.values(node):
        product *= _as_number(value)
    return [to_text(product)]


def _subtract(run: _Run, node: Node) -> Value:
    one, other = run.values(node)[:2]
    return [to_text(_as_number(one) - _as_number(other))]


def _divide(run: _Run, node: Node) -> Value:
    one, other = run.values(node)[:2]
    below = _as_number(other)
    return None if one is None or not below else [to_text(_as_number(one) / below)]


def _collected(run: _Run, node: Node) -> Value:
    return [part for value in run.values(node) for part in value or []] or None


def _bounded(choose: Callable[[list[Fraction]], Fraction]) -> Callable[[_Run, Node], Value]:
    return lambda run, node: [to_text(choose([_as_number(value) for value in run.values(node)]))]


_OPERATIONS: dict[str, Callable[[_Run, Node], Value]] = {
    "baseValue": lambda run, node: [" ".join(node.text().split())],
    "variable": lambda run, node: run.variable(node),
    "correct": lambda run, node: run.correct(node),
    "mapResponse": lambda run, node: run.mapped(node),
    "null": lambda run, node: None,
    "isNull": lambda run, node: _truth(run.value(node.children()[0]) is None),
    "not": lambda run, node: _truth(run.value(node.children()[0]) != ["true"]),
    "and": lambda run, node: _truth(all(value == ["true"] for value in run.values(node))),
    "or": lambda run, node: _truth(any(value == ["true"] for value in run.values(node))),
    "match": _match,
    "member": _member,
    "contains": _contains,
    "stringMatch": _string_match,
    "equal": _equal,
    "gt": _compared(lambda one, other: one > other),
    "gte": _compared(lambda one, other: one >= other),
    "lt": _compared(lambda one, other: one < other),
    "lte": _compared(lambda one, other: one <= other),
    "sum": lambda run, node: [to_text(sum((_as_number(value) for value in run.values(node)), Fraction(0)))],
    "product": _product,
    "subtract": _subtract,
    "divide": _divide,
    "multiple": _collected,
    "ordered": _collected,
    "max": _bounded(max),
    "min": _bounded(min),
    "index": lambda run, node: (run.value(node.children()[0]) or [""])[int(node.get("n", "1")) - 1 :][:1] or None,
}
