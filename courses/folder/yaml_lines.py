"""YAML with the line of everything, and nothing of YAML that a course folder does not need.

The parser's events are read, never its objects: no tag is obeyed, anchors and aliases are refused, depth is limited, and a key
written twice is seen. What a bare word means is decided by the key it stands under, so ``text: 14:35`` and ``title: No`` are the text an
author meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from assessments.question_types.words import wrong_in
from courses.folder.shapes import Problem

DEEPEST = 12
CLOCK_HERE = ZoneInfo("Europe/London")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_DECIMAL = re.compile(r"[+-]?\d{1,15}\.\d{1,12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?([+-]\d{2}:\d{2}|Z)?")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# Keys whose value is words, whatever the words look like.
TEXT_KEYS = frozenset(
    {
        "id",
        "text",
        "feedback",
        "otherwise",
        "unit",
        "stem",
        "right",
        "wrong",
        "note",
        "match",
        "since",
        "guidance",
        "alt",
    }
)


@dataclass(frozen=True)
class Scalar:
    text: str
    is_bare: bool
    line: int

    @property
    def is_null(self) -> bool:
        return self.is_bare and self.text in _NOTHING


@dataclass(frozen=True)
class Items:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True)
class Entries:
    entries: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | Items | Entries


class Unreadable(Exception):
    """A YAML text that cannot be used; ``problem`` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def read_yaml(text: str, file: str, *, line: int = 1) -> Node | None:
    """Return what a YAML text holds, None for an empty one. ``line`` is the file's line of the text's first."""
    reader = _Reader(file, line)
    try:
        return reader.document(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = line + int(getattr(mark, "line", 0))
        said = f"{error.problem or error.context or 'it cannot be understood'}"
        raise Unreadable(
            Problem(file, where, f"This is not YAML: {said}. Look at quotes, colons and indents.")
        ) from None
    except yaml.YAMLError as error:
        raise Unreadable(Problem(file, line, f"This is not YAML: {str(error).splitlines()[0]}.")) from None


@dataclass
class _Reader:
    file: str
    line: int

    def refuse(self, event: yaml.Event, reason: str) -> Unreadable:
        return Unreadable(Problem(self.file, self.line_of(event), reason))

    def line_of(self, event: yaml.Event) -> int:
        return self.line + int(getattr(event.start_mark, "line", 0))

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(event, "A file holds one YAML document: take out the line '---'.")
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, 1)
        return None if isinstance(root, Scalar) and root.is_null else root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(
                event, "Anchors (&) and aliases (*) are refused: write the value out, or put it in quotes."
            )
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise self.refuse(event, f"The tag '{tag}' is refused: write plain text, numbers and dates.")
        if depth > DEEPEST:
            raise self.refuse(event, f"Nothing in a course folder is nested {DEEPEST} deep.")
        line = self.line_of(event)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, bool(event.implicit[0]), line)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            return Items(tuple(items), line)
        return self.entries(events, depth, line)

    def entries(self, events: Iterator[yaml.Event], depth: int, line: int) -> Entries:
        pairs: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self.node(inner, events, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refuse(inner, "A key is one word.")
            if key.text in seen:
                raise self.refuse(inner, f"The key '{key.text}' is written twice.")
            seen.add(key.text)
            pairs.append((key, self.node(next(events), events, depth + 1)))
        return Entries(tuple(pairs), line)


def plain(node: Node, *, is_text: bool = False) -> Any:
    """Return a node as plain data: null, truths and numbers where a bare word is one, else text."""
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if isinstance(node, Entries):
        return {key.text: plain(value, is_text=key.text in TEXT_KEYS) for key, value in node.entries}
    if node.is_null:
        return None
    if is_text or not node.is_bare:
        return node.text
    if node.text in _TRUTHS:
        return _TRUTHS[node.text]
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    return float(node.text) if _DECIMAL.fullmatch(node.text) else node.text


def lines_of(node: Node, path: str = "") -> dict[str, int]:
    """Return the line of every value by its path, such as ``options.1.feedback``."""
    lines = {path: node.line} if path else {}
    inner: list[tuple[str, Node, int]] = []
    if isinstance(node, Items):
        inner = [(str(number), item, item.line) for number, item in enumerate(node.items)]
    elif isinstance(node, Entries):
        inner = [(key.text, value, key.line) for key, value in node.entries]
    for name, value, line in inner:
        below = f"{path}.{name}" if path else name
        lines.update(lines_of(value, below))
        lines[below] = line
    return lines


class Keys:
    """Takes the keys of one mapping, each by the kind of value it must have, and collects what is wrong.

    A value that is missing or wrong is reported once and comes back as an empty one; ``lines`` has only what was understood.
    """

    def __init__(self, node: Node | None, file: str, problems: list[Problem], what: str, *, line: int = 1) -> None:
        self.file, self.problems, self.what = file, problems, what
        self.line = node.line if node is not None else line
        self.lines: dict[str, int] = {}
        self._taken: list[str] = []
        self._values: dict[str, tuple[int, Node]] = {}
        self.is_mapping = isinstance(node, Entries)
        if isinstance(node, Entries):
            self._values = {key.text: (key.line, value) for key, value in node.entries}
        else:
            self.refuse(self.line, f"Here {what} is expected, as lines of 'key: value'.")

    def refuse(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.file, line, reason))

    def has(self, key: str) -> bool:
        return key in self._values

    def node(self, key: str, *, optional: bool = False) -> Node | None:
        """Take a value as it stands; None where it is absent, reported unless ``optional``."""
        self._taken.append(key)
        if key in self._values:
            return self._values[key][1]
        if self.is_mapping and not optional:
            self.refuse(self.line, f"The key '{key}' of {self.what} is missing.")
        return None

    def accept(self, key: str) -> None:
        self.lines[key] = self._values[key][0]

    def wrong(self, key: str, reason: str) -> None:
        self.refuse(self._values[key][0], reason)

    def text(
        self, key: str, *, most: int, optional: bool = False, may_be_empty: bool = False, one_line: bool = True
    ) -> str:
        """Take words of up to ``most`` characters."""
        node = self.node(key, optional=optional)
        if node is None:
            return ""
        value = node.text.strip() if isinstance(node, Scalar) and not node.is_null else ""
        if not isinstance(node, Scalar):
            self.wrong(key, f"'{key}' is text.")
        elif not value and not may_be_empty:
            self.wrong(key, f"'{key}' is empty: write it.")
        elif len(value) > most:
            self.wrong(key, f"'{key}' may have {most} characters; it has {len(value)}. Shorten it.")
        elif one_line and "\n" in value:
            self.wrong(key, f"'{key}' stands on one line.")
        elif reason := wrong_in(value):
            self.wrong(key, f"'{key}' cannot be kept. {reason}")
        else:
            self.accept(key)
            return value
        return ""

    def choice(self, key: str, choices: Sequence[str], *, optional: bool = False) -> str:
        value = self.text(key, most=200, optional=optional)
        if value and value not in choices:
            del self.lines[key]
            self.wrong(key, f"'{key}' is {_or(choices)}, not '{value}'.")
            return ""
        return value

    def whole(self, key: str, *, least: int, most: int, optional: bool = False, null: bool = False) -> int | None:
        """Take a whole number from ``least`` to ``most``; ``null`` where that has a meaning."""
        node = self.node(key, optional=optional)
        if node is None:
            return None
        if null and isinstance(node, Scalar) and node.is_null:
            self.accept(key)
            return None
        value = plain(node)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(key, f"'{key}' is a whole number from {least} to {most}{' or null' if null else ''}.")
            return None
        self.accept(key)
        return value

    def truth(self, key: str, *, optional: bool = False) -> bool:
        node = self.node(key, optional=optional)
        if node is None:
            return False
        value = plain(node)
        if not isinstance(value, bool):
            self.wrong(key, f"'{key}' is true or false.")
            return False
        self.accept(key)
        return value

    def day(self, key: str, *, null: bool = False) -> date | None:
        node = self.node(key)
        if node is None:
            return None
        if null and isinstance(node, Scalar) and node.is_null:
            self.accept(key)
            return None
        try:
            if not isinstance(node, Scalar) or not _DAY.fullmatch(node.text):
                raise ValueError
            value = date.fromisoformat(node.text)
        except ValueError:
            self.wrong(key, f"'{key}' is a day such as 2026-11-22{', or null' if null else ''}.")
            return None
        self.accept(key)
        return value

    def moment(self, key: str) -> datetime | None:
        """Take a day and time, which may be absent; one without an offset from UTC is that of the clock here."""
        node = self.node(key, optional=True)
        if node is None:
            return None
        try:
            if not isinstance(node, Scalar) or not _MOMENT.fullmatch(node.text):
                raise ValueError
            value = datetime.fromisoformat(node.text)
        except ValueError:
            self.wrong(key, f"'{key}' is a day and time such as 2026-11-30 09:00.")
            return None
        self.accept(key)
        return value.replace(tzinfo=CLOCK_HERE) if value.tzinfo is None else value

    def words(self, key: str, *, most: int, optional: bool = False) -> tuple[str, ...]:
        """Take a list of short texts, each once; each has its line under ``key.number``."""
        node = self.node(key, optional=optional)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.wrong(key, f"'{key}' is a list.")
            return ()
        found: list[str] = []
        for item in node.items:
            value = item.text.strip() if isinstance(item, Scalar) and not item.is_null else ""
            if not value or len(value) > most or "\n" in value:
                self.refuse(item.line, f"Each entry of '{key}' is text of up to {most} characters.")
            elif reason := wrong_in(value):
                self.refuse(item.line, f"This entry of '{key}' cannot be kept. {reason}")
            elif value in found:
                self.refuse(item.line, f"'{value}' stands twice in '{key}'.")
            else:
                self.lines[f"{key}.{len(found)}"] = item.line
                found.append(value)
        self.accept(key)
        return tuple(found)

    def mappings(self, key: str, what: str) -> list[Keys]:
        """Take a list of mappings."""
        node = self.node(key)
        if node is None:
            return []
        if not isinstance(node, Items):
            self.wrong(key, f"'{key}' is a list.")
            return []
        self.accept(key)
        return [Keys(item, self.file, self.problems, what) for item in node.items]

    def rest(self) -> dict[str, tuple[int, Node]]:
        """Take every key not taken so far."""
        left = {key: found for key, found in self._values.items() if key not in self._taken}
        self._taken.extend(left)
        return left

    def close(self) -> None:
        """Refuse every key that nobody took."""
        for key, (line, _node) in self.rest().items():
            known = ", ".join(dict.fromkeys(taken for taken in self._taken if taken != key))
            self.refuse(line, f"'{key[:60]}' is not a key of {self.what}. The keys are {known}.")


def _or(choices: Sequence[str]) -> str:
    quoted = [f"'{choice}'" for choice in choices]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
