"""XML read safely into a small tree that knows its lines. No entity is defined or expanded, nothing outside is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from assessments.interchange.reading import Unreadable
from assessments.interchange.texts import decoded

DEEPEST = 200
MOST_ELEMENTS = 5_000_000
SEPARATOR = "\n"


@dataclass
class Node:
    """An element: its name without a prefix, its namespace, attributes without theirs, and what it holds in order."""

    name: str
    namespace: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0
    inside: list[Node | str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def children(self, *names: str) -> list[Node]:
        """Return the elements right inside, those of the given names where any are given."""
        return [one for one in self.inside if isinstance(one, Node) and (not names or one.name in names)]

    def child(self, name: str) -> Node | None:
        return next(iter(self.children(name)), None)

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the elements of these names at any depth, in the order of the file; every one where no name is given."""
        waiting = list(reversed(self.children()))
        while waiting:
            node = waiting.pop()
            if not names or node.name in names:
                yield node
            waiting.extend(reversed(node.children()))

    def text(self) -> str:
        """Return all text inside."""
        pieces: list[str] = []
        waiting: list[Node | str] = list(reversed(self.inside))
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                pieces.append(one)
            else:
                waiting.extend(reversed(one.inside))
        return "".join(pieces)

    def at(self, *path: str) -> Node | None:
        """Return the first element along a path of names, or None."""
        node: Node | None = self
        for name in path:
            node = None if node is None else node.child(name)
        return node

    def text_at(self, *path: str) -> str:
        """Return the text of the first element along a path, without blanks at its ends; '' where there is none."""
        node = self.at(*path)
        return "" if node is None else node.text().strip()


def read_xml(content: bytes) -> Node:
    """Return the root of a file, or raise ``Unreadable`` with a sentence that names the line."""
    try:
        return _parsed(content, None)
    except expat.ExpatError as problem:
        first = problem
    if first.code in (expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN], 18):
        # Says UTF-8, or nothing, and is Windows text.
        try:
            return _parsed(decoded(content).encode(), "utf-8")
        except expat.ExpatError as problem:
            first = problem
    raise Unreadable(
        f"The file is not well-formed XML: line {first.lineno} has a mistake ({expat.ErrorString(first.code)}). "
        "Export it again; nothing of it was read."
    )


def _parsed(content: bytes, encoding: str | None) -> Node:
    parser = expat.ParserCreate(encoding, namespace_separator=SEPARATOR)
    parser.buffer_text = True
    root = Node("")
    open_nodes = [root]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(open_nodes) > DEEPEST:
            raise Unreadable("The file is nested too deeply or has too many parts. Divide it.")
        namespace, _sign, name = tag.rpartition(SEPARATOR)
        plain = {key.rpartition(SEPARATOR)[2]: value for key, value in attributes.items()}
        node = Node(name, namespace, plain, parser.CurrentLineNumber)
        open_nodes[-1].inside.append(node)
        open_nodes.append(node)

    def end(_tag: str) -> None:
        open_nodes.pop()

    def characters(text: str) -> None:
        open_nodes[-1].inside.append(text)

    def comment(text: str) -> None:
        open_nodes[-1].comments.append(text)

    def refuse_entity(*_about: object) -> None:
        raise Unreadable(
            "The file defines entities of its own, which are never read. Export it without a document type."
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.CommentHandler = comment
    parser.EntityDeclHandler = refuse_entity
    parser.ExternalEntityRefHandler = refuse_entity  # type: ignore[assignment]
    parser.SkippedEntityHandler = refuse_entity
    parser.Parse(content, True)
    return root.children()[0]
