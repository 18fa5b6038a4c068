"""What is refused about proposals."""

from __future__ import annotations


class ProposalRefused(Exception):
    """A proposal that cannot be made or decided like this. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotYourDecision(ProposalRefused):
    """Somebody who may not decide: the officer, the author, or somebody without the role."""


class Stale(ProposalRefused):
    """What the proposal is about was changed since: it is refused or taken back, and proposed anew where it still holds."""
