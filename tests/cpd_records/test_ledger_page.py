"""The worked example in ``docs/ledger.md`` is run as it stands, and its bytes are those of the vectors."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from cpd_records.ledger.entries import COLUMNS
from cpd_records.verification import examination
from tests.cpd_records import ledger_by_hand as by_hand

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")


def test_the_worked_example_can_be_followed_as_it_is_written() -> None:
    steps = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(steps) == 6

    seen: dict[str, Any] = {}
    exec("\n".join(steps), seen)  # noqa: S102 (our own page)

    entry = json.loads((by_hand.VECTORS / "entries.json").read_text(encoding="utf-8"))[0]
    notes = json.loads((by_hand.VECTORS / "notes.json").read_text(encoding="utf-8"))
    assert (seen["payload"], seen["salt"].hex()) == (entry["canonical"], entry["salt"])
    assert seen["commitment"].hex() == entry["commitment"]
    assert (seen["proof"], seen["verifier_key"]) == (notes["proofs"][0], notes["verifier_key"])


def test_the_page_names_every_member_that_a_column_stands_for_and_every_kind_of_harm() -> None:
    for name in COLUMNS:
        assert f"`{name}`" in PAGE
    sources = [file.read_text(encoding="utf-8") for file in Path(examination.__file__).parent.glob("*.py")]
    kinds = set(re.findall(r'found\(\s*[\w.()]+, "([a-z ]+)"', "\n".join(sources)))
    assert len(kinds) > 12
    for kind in kinds:
        assert f"| `{kind}` |" in PAGE
