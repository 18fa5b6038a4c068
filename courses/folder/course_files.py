"""The files of one course folder as its readers take them: YAML, front matter and body, and what nobody took."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from courses.folder.files import Files
from courses.folder.shapes import FORMAT, Problem
from courses.folder.yaml_lines import Keys, Node, Unreadable, read_yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONG = 20_000


def take_slug(keys: Keys, key: str, *, most: int = 80) -> str:
    """Take a word of small letters, digits and single hyphens."""
    value = keys.text(key, most=most)
    if value and not SLUG.fullmatch(value):
        del keys.lines[key]
        keys.wrong(key, f"'{key}' has small letters, digits and single hyphens only, not '{value}'.")
        return ""
    return value


def take_format(keys: Keys) -> None:
    """Take the number of the format, and refuse another."""
    version = keys.whole("format", least=1, most=1_000_000)
    if version not in (None, FORMAT):
        keys.wrong("format", f"This folder is of format {version}; only format {FORMAT} can be read.")


def read_yaml_file(files: Files, name: str) -> Node | None:
    """Return what a YAML file holds, or None and a problem."""
    text = files.text(name)
    if text is None:
        return None
    try:
        node = read_yaml(text, files.shown(name))
    except Unreadable as error:
        files.problems.append(error.problem)
        return None
    if node is None:
        files.refuse(name, "This file is empty.")
    return node


@dataclass
class CourseFiles:
    """One course's files, each read once; what no part of the format asks for is refused at the end."""

    files: Files
    used: set[str] = field(default_factory=set)

    @property
    def problems(self) -> list[Problem]:
        return self.files.problems

    def yaml(self, name: str) -> Node | None:
        self.used.add(name)
        return read_yaml_file(self.files, name)

    def front_matter(self, name: str) -> tuple[Node | None, str, int] | None:
        """Return front matter, body, and the body's first line; None for a file that cannot be read."""
        self.used.add(name)
        text = self.files.text(name)
        if text is None:
            return None
        lines = text.split("\n")
        if lines[0].rstrip() != "---":
            self.files.refuse(name, "The file begins with '---', its front matter, and '---' again.")
            return None
        end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
        if end is None:
            self.files.refuse(name, "The front matter is not closed: end it with '---' on a line of its own.")
            return None
        try:
            node = read_yaml("\n".join(lines[1:end]) + "\n", self.files.shown(name), line=2)
        except Unreadable as error:
            self.problems.append(error.problem)
            return None
        return node, "\n".join(lines[end + 1 :]), end + 2

    def keys(self, node: Node | None, name: str, what: str) -> Keys:
        return Keys(node, self.files.shown(name), self.problems, what)

    def refuse_the_rest(self) -> None:
        """Name every file that is no part of the format, so that a mistyped name is not silently left out."""
        for name in self.files.paths.keys() - self.used:
            if name.startswith("questions/"):
                self.files.refuse(
                    name, "A question file is called as its module's folder, such as 30-section-136.yaml."
                )
            else:
                self.files.refuse(name, "This file is no part of a course folder: rename it or take it out.")
