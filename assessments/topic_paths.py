"""Paths of topics as somebody types them and as they are kept: titles joined by '/'. Pure."""

from __future__ import annotations

from collections.abc import Iterable

SEPARATOR = "/"


def titles_in(path: str) -> list[str]:
    """Return the titles a typed path names, from the top; parts that say nothing are left out."""
    return [title for part in path.split(SEPARATOR) if (title := " ".join(part.split()))]


def key_of(titles: Iterable[str]) -> str:
    """Return the path that titles are kept under: the same for every way of writing them."""
    return SEPARATOR.join(title.casefold() for title in titles)
