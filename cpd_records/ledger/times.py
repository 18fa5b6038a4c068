"""Whether the ledger's times are true: a clock that ran ahead, once, leaves every later checkpoint a microsecond after its time."""

from __future__ import annotations

from datetime import datetime

from cpd_records.ledger.checkpoints import last_checkpoint
from people.stamps import AHEAD, stamped_ahead


def times_ahead(*, at: datetime) -> str | None:
    """Return what to know and do where the last stamp or checkpoint lies ahead of now (``at``), in sentences, or None."""
    ahead, last = stamped_ahead(at=at), last_checkpoint()
    if last is not None and last.time > at + AHEAD:
        ahead = max(last.time, ahead or last.time)
    if ahead is None:
        return None
    return (
        f"The ledger's last time is {ahead:%Y-%m-%d %H:%M} UTC, and that is still to come: a clock ran ahead. Until then whatever is "
        "signed bears a time just after it, and answers as known at a time since the last right one are provisional. Set the clocks by "
        "a time server, and do as 'A clock that ran ahead' in docs/operations.md says."
    )
