"""How an imported record is spoken of wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def provenance(payload: Mapping[str, Any]) -> str:
    """Return 'Imported from the old training system, asserted by PS 41 Webb', from the payload of an imported entry."""
    source, asserted_by = payload.get("source") or "another system", payload.get("asserted_by")
    return f"Imported from {source}, asserted by {asserted_by}" if asserted_by else f"Imported from {source}"
