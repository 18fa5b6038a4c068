"""The words a question or a reference is found by. Pure: what is written and what is looked for are taken apart by the same lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

# A word is a run of letters and digits; longer ones are cut, so that one of them cannot fill an index.
WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 60
MOST_WANTED = 12
# Parts of a definition that are not words of the question: how it is put together, and what is said after an answer.
NOT_ASKED = frozenset(
    [
        "id",
        "fraction",
        "feedback",
        "otherwise",
        "type",
        "kind",
        "digest",
        "match",
        "key",
        "shape",
        "coords",
        "scoring",
        "mode",
        "weight",
        "picture",
        "pictures",
        "guidance",
    ]
)


def words_of(*texts: str) -> str:
    """Return every word of the texts once, in small letters, sorted, a space between them."""
    return " ".join(sorted({word for text in texts for word in _words(text)}))


def words_wanted(text: str) -> list[str]:
    """Return the words somebody looks for: each has to begin a word of what is found. At most twelve."""
    return list(dict.fromkeys(_words(text)))[:MOST_WANTED]


def asked_in(definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a definition asks: the stem and whatever may be answered, of every type there is."""
    for key, value in definition.items():
        if key not in NOT_ASKED:
            yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from asked_in(value)
    elif isinstance(value, Iterable):
        for one in value:
            yield from _texts(one)


def _words(text: str) -> Iterator[str]:
    return (word[:LONGEST_WORD] for word in WORD.findall(text.casefold()))
