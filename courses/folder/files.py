"""The files of a course folder, taken as if an enemy had packed them: no links, no strange names, no surprises of size.

Every path is found by listing, never by joining what a file says, so nothing outside the folder can be named.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assessments.question_types.words import hidden_sign, wrong_sign_in
from courses.folder.shapes import Problem

LARGEST_TEXT = 1024 * 1024
LARGEST_IMAGE = 10 * 1024 * 1024
LARGEST_MEDIUM = 200 * 1024 * 1024
MOST_FILES = 2000
DEEPEST = 3
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass
class Files:
    """The files below one folder, by their path with slashes, relative to ``root``; ``problems`` says what was refused on the way."""

    root: Path
    prefix: str = ""
    problems: list[Problem] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def refuse(self, name: str, reason: str, line: int = 1) -> None:
        self.problems.append(Problem(self.shown(name), line, reason))

    def find(self) -> None:
        """Find every file; refuse links, devices, names that cannot travel, too many and too deep."""
        self._find(self.root, "", 1)

    def _find(self, folder: Path, above: str, depth: int) -> None:
        for entry in sorted(os.scandir(folder), key=lambda found: found.name):
            name = f"{above}{entry.name}"
            if entry.name.startswith("."):
                continue
            if len(self.paths) >= MOST_FILES:
                self.refuse(above.rstrip("/") or "course.md", f"A course folder holds {MOST_FILES} files at most.")
                return
            if entry.is_symlink():
                self.refuse(name, "A symbolic link is refused: put the file itself here.")
            elif not _NAME.fullmatch(entry.name):
                reason = (
                    "A file name has plain letters, digits, hyphens and dots only, and begins with a letter or digit."
                )
                self.refuse(printable(name), reason)
            elif entry.is_dir(follow_symlinks=False):
                if depth >= DEEPEST:
                    self.refuse(name, "Folders of a course stand no deeper than this.")
                else:
                    self._find(Path(entry.path), f"{name}/", depth + 1)
            elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                self.refuse(name, "This is not a plain file.")
            else:
                self.paths[name] = Path(entry.path)

    def below(self, folder: str) -> Iterator[str]:
        """Yield the paths inside a folder, in order."""
        return (name for name in self.paths if name.startswith(f"{folder}/"))

    def text(self, name: str) -> str | None:
        """Return a text file with plain line ends, or None and a problem."""
        path = self.paths.get(name)
        if path is None:
            self.refuse(name, "This file is missing.")
            return None
        size = path.stat().st_size
        if size > LARGEST_TEXT:
            self.refuse(
                name, f"A text file may have {LARGEST_TEXT // 1024} KB; this one has {size // 1024} KB. Split it."
            )
            return None
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self.refuse(name, "This file is not UTF-8: save it as UTF-8.", line)
            return None
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        if bad := hidden_sign(text):
            line = text[: text.index(bad)].count("\n") + 1
            self.refuse(name, wrong_sign_in(text), line)
            return None
        return text

    def content(self, name: str, largest: int = LARGEST_MEDIUM) -> bytes:
        """Return a file's bytes; of one that is too large, one more than it may have."""
        with self.paths[name].open("rb") as file:
            return file.read(largest + 1)


def printable(name: str) -> str:
    """Return a file name as it can be printed, whatever bytes it has."""
    return name.encode("unicode_escape", "backslashreplace").decode("ascii")
