"""What the families of courses are called. Roles are held, and questions belong, by a family's code; its title is told from above."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _no_titles() -> Mapping[str, str]:
    return {}


_tell: Callable[[], Mapping[str, str]] = _no_titles


def titles_are_told_by(tell: Callable[[], Mapping[str, str]]) -> None:
    """Let ``tell`` answer with every family's title by its code, whenever somebody asks. Called once, when the app above is ready."""
    global _tell
    _tell = tell


def family_titles(codes: list[str]) -> dict[str, str]:
    """Return the titles of these families by their codes, the code itself where nobody knows a title. One query."""
    told = _tell()
    return {code: told.get(code, code) for code in codes}
