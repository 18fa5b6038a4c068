"""How a verdict is said before the author's own words about an answer."""

from __future__ import annotations

from collections.abc import Sequence

OPENINGS = {"right": "That is right.", "partly": "Partly right.", "wrong": "Not quite."}
SAID_ALREADY = {"right": ("right", "yes", "correct"), "partly": ("partly",), "wrong": ("no", "wrong")}


def opening_of(verdict: str, feedback: Sequence[str]) -> str:
    """Return ``right``, ``partly`` or ``wrong`` in words; nothing where the author's words begin with it, and for any other verdict."""
    words = feedback[0].split(maxsplit=1) if feedback else []
    # 'No.' is a verdict, 'No rank can' is not.
    is_alone = bool(words) and (len(words) == 1 or words[0][-1] in ".,:;!")
    first = words[0].strip(".,:;!").lower() if is_alone else ""
    return "" if first in SAID_ALREADY.get(verdict, ()) else OPENINGS.get(verdict, "")
