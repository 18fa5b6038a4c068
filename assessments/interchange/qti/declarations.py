"""What an item declares: its responses with their right values and mappings, and its outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from assessments.interchange.numbers import read_exact
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node


@dataclass(frozen=True)
class Mapping:
    """What mapped values are worth. Keys are compared without case where the file says so."""

    values: dict[str, Fraction]
    otherwise: Fraction = Fraction(0)
    lowest: Fraction | None = None
    highest: Fraction | None = None
    folded: frozenset[str] = frozenset()

    def worth(self, response: list[str]) -> Fraction:
        """Return the sum of what each given value is worth, once each, within the bounds."""
        total = sum((self._one(value) for value in dict.fromkeys(response)), Fraction(0))
        if self.lowest is not None:
            total = max(total, self.lowest)
        return total if self.highest is None else min(total, self.highest)

    def _one(self, value: str) -> Fraction:
        if value in self.values:
            return self.values[value]
        folded = value.casefold()
        return next((self.values[key] for key in self.folded if key.casefold() == folded), self.otherwise)


@dataclass(frozen=True)
class ResponseDeclaration:
    identifier: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...] = ()
    mapping: Mapping | None = None


@dataclass
class OutcomeDeclaration:
    identifier: str
    cardinality: str
    base_type: str
    default: tuple[str, ...] = ()
    most: Fraction | None = None


@dataclass
class Declarations:
    """Everything an item declares, by identifier."""

    responses: dict[str, ResponseDeclaration] = field(default_factory=dict)
    outcomes: dict[str, OutcomeDeclaration] = field(default_factory=dict)


def declarations_of(item: Node) -> Declarations:
    """Return what an item declares; raises ``NotRead`` for a number that is none."""
    found = Declarations()
    for node in item.children("responseDeclaration"):
        one = ResponseDeclaration(
            node.get("identifier"),
            node.get("cardinality", "single"),
            node.get("baseType"),
            _values(node.child("correctResponse")),
            _mapping(node.child("mapping")),
        )
        found.responses[one.identifier] = one
    for node in item.children("outcomeDeclaration"):
        most = node.get("normalMaximum")
        found.outcomes[node.get("identifier")] = OutcomeDeclaration(
            node.get("identifier"),
            node.get("cardinality", "single"),
            node.get("baseType"),
            _values(node.child("defaultValue")),
            number(most) if most else None,
        )
    return found


def number(text: str) -> Fraction:
    """Return a number of an item, or raise ``NotRead``."""
    try:
        return read_exact(text)
    except ValueError:
        raise NotRead(f"‘{text[:40]}’ is not a number.") from None


def _values(node: Node | None) -> tuple[str, ...]:
    return () if node is None else tuple(" ".join(value.text().split()) for value in node.children("value"))


def _mapping(node: Node | None) -> Mapping | None:
    if node is None:
        return None
    entries = [(entry.get("mapKey"), entry) for entry in node.children("mapEntry")]
    return Mapping(
        {key: number(entry.get("mappedValue", "0")) for key, entry in entries},
        number(node.get("defaultValue", "0")),
        number(node.get("lowerBound")) if node.get("lowerBound") else None,
        number(node.get("upperBound")) if node.get("upperBound") else None,
        frozenset(key for key, entry in entries if entry.get("caseSensitive", "false") == "false"),
    )
