"""What is ruled about one question of an attempt, as a step of the attempt keeps it: the shape, and what may be read from it.

``{"neutral": true}`` takes it out, ``{"award": true}`` gives its mark to everybody, ``{"key_from": version}`` marks by another version's
key, ``{"keys": [version, …]}`` by the best of several. ``decision`` names the decision it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assessments.models import QuestionVersion

Ruled = Mapping[str, Any]


def is_neutral(ruled: Ruled) -> bool:
    return bool(ruled.get("neutral"))


def is_awarded(ruled: Ruled) -> bool:
    return bool(ruled.get("award"))


def key_ids(ruled: Ruled) -> list[int]:
    """Return the versions whose keys mark the question; empty where its own does."""
    one = ruled.get("key_from")
    return [one] if one else list(ruled.get("keys", ()))


def keys_by_id(rulings: Iterable[Ruled]) -> dict[int, QuestionVersion]:
    """Return every version that the rulings name, in one query, or none where they name none."""
    wanted = {key for ruled in rulings for key in key_ids(ruled)}
    return QuestionVersion.objects.select_related("question").in_bulk(wanted) if wanted else {}
