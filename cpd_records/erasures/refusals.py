"""Why an erasure is not asked for, decided or carried out: sentences for whoever asked."""

from __future__ import annotations

NOT_FOR_YOU = "Disclosure officers ask for erasures and approve them, and auditors read them. You hold neither role."
ONLY_READ = "Disclosure officers ask for erasures and approve them; as an auditor you read them."
HELD = (
    "A legal hold stands on this officer, so nothing of theirs may be erased. "
    "It can be asked for when the hold is lifted, under Legal holds."
)

CHANGED = "What would go has changed since you looked, so nothing was done. It is shown anew below: look at it, then press again."


class ErasureNotAllowed(Exception):
    """The message is a sentence; ``field`` names what it is about, '' for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
