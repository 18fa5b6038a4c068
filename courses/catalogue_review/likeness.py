"""Which questions say nearly the same, by the share of runs of words they have in common.

Broder, A. Z. (1997) 'On the resemblance of documents': the resemblance of two texts is the Jaccard index of their shingles, here runs of
three words. Two texts alike but for a name or a number keep most of their shingles; two on one subject share few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

LONGEST_RUN = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def shingles(text: str, run: int = LONGEST_RUN) -> frozenset[tuple[str, ...]]:
    """Return every run of words of a text; a text shorter than a run is one shingle."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) <= run:
        return frozenset([tuple(words)]) if words else frozenset()
    return frozenset(tuple(words[at : at + run]) for at in range(len(words) - run + 1))


def resemblance(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Return the Jaccard index of two sets, 0 to 1; nothing resembles an empty text."""
    return len(one & other) / len(one | other) if one and other else 0.0


def find_alike(texts: Mapping[str, str], *, least: float) -> Iterator[tuple[str, str, float]]:
    """Yield the pairs of names whose texts resemble each other by ``least`` (0 to 1) or more, in the order of ``texts``."""
    cut = {name: shingles(text) for name, text in texts.items()}
    holders: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, pieces in cut.items():
        for piece in pieces:
            holders[piece].append(name)
    order = {name: number for number, name in enumerate(cut)}
    pairs = {pair for names in holders.values() for pair in combinations(sorted(names, key=order.__getitem__), 2)}
    for one, other in sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]])):
        share = resemblance(cut[one], cut[other])
        if share >= least:
            yield one, other, share
