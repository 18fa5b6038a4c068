"""The receipt of an attempt: what was received and when, told from the steps themselves, before any score."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.attempt_pages import marked_now
from assessments.digests import digest_of
from assessments.models import Attempt, ResultsPolicy
from assessments.question_types.asking import without_confidence
from assessments.releasing import is_withheld, told_from
from assessments.replay import replay

# Letters and digits that cannot be taken for one another when read out.
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ROWS_SHOWN = 5
CHANGES = {1: "changed once", 2: "changed twice"}
_OWN_PATH = re.compile(r"/(?!/)[\w./-]*")


@dataclass(frozen=True)
class ReceiptRow:
    """What was received for one question."""

    position: int
    words: str
    saved_at: datetime | None


@dataclass(frozen=True)
class Receipt:
    """What was received and when, under a reference that depends on every answer."""

    attempt: Attempt
    reference: str
    rows: tuple[ReceiptRow, ...]
    answered: int
    result_address: str
    told_from: datetime | None = None
    is_never_told: bool = False
    waiting: int = 0

    @property
    def unanswered(self) -> int:
        return len(self.rows) - self.answered

    @property
    def first_rows(self) -> list[ReceiptRow]:
        """A few rows for a first look: what was left unanswered always among them."""
        open_rows = [row for row in self.rows if row.saved_at is None][:ROWS_SHOWN]
        others = [row for row in self.rows if row not in open_rows]
        return sorted([*open_rows, *others[: ROWS_SHOWN - len(open_rows)]], key=lambda row: row.position)


def receipt_of(attempt: Attempt, *, at: datetime) -> Receipt:
    """Return what was received, from the steps themselves, and when the result is told; one query more while an answer waits."""
    told = replay(attempt.steps.all())
    waiting = positions_waiting(attempt) if attempt.marked_at is None else set()
    rows = []
    for position, item in told.items.items():
        if without_confidence(item.response) is None:
            rows.append(ReceiptRow(position, "Left unanswered", None))
            continue
        changed = CHANGES.get(item.changes, f"changed {item.changes} times") if item.changes else ""
        words = f"Answered, {changed}" if changed else "Answered"
        if position in waiting:
            words += ". Waits to be marked"
        rows.append(ReceiptRow(position, words, item.saved_at))
    responses = {str(position): item.response for position, item in told.items.items()}
    moment = told_from(attempt.assessment_version)
    return Receipt(
        attempt=attempt,
        reference=_reference({"attempt": str(attempt.pk), "responses": responses}),
        rows=tuple(rows),
        answered=sum(row.saved_at is not None for row in rows),
        result_address="" if is_withheld(attempt.assessment_version, at=at) else _result_address(attempt),
        told_from=moment if moment is not None and at < moment else None,
        is_never_told=attempt.assessment_version.results == ResultsPolicy.NEVER,
        waiting=len(waiting),
    )


def positions_waiting(attempt: Attempt) -> set[int]:
    """Return where the answers stand that a person has yet to mark."""
    items = attempt.items.select_related("question_version").defer("question_version__note")
    return {item.position for item in items if marked_now(item).fraction is None}


def _reference(received: dict[str, Any]) -> str:
    value = int(digest_of(received), 16)
    letters = ""
    for _place in range(8):
        value, rest = divmod(value, len(REFERENCE_LETTERS))
        letters += REFERENCE_LETTERS[rest]
    return letters


def _result_address(attempt: Attempt) -> str:
    """The result's page, inside what the attempt was started from; empty where there is none or none yet."""
    if attempt.marked_at is None or not attempt.context_address or not _OWN_PATH.fullmatch(attempt.context_address):
        return ""
    return f"{attempt.context_address}result/{attempt.pk}/"
