"""Whatever is posted, a mark of any type lies between nothing and full marks, or waits for a person; so does one by how sure one was."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import question_types
from assessments.question_types import BadResponse
from tests.assessments.building import DEFINITIONS
from tests.assessments.question_types.samples import FILES, FULL, SAMPLES, WRITTEN

KINDS: dict[str, tuple[str, Any]] = {
    **{name: (name, definition) for name, definition in DEFINITIONS.items()},
    **{name: (sample.type, sample.definition) for name, sample in SAMPLES.items()},
    "written": ("written", WRITTEN),
    "file_upload": ("file_upload", FILES),
}
BITS = ["", "a", "b", "c", "d", "x", "y", "m8", "m2", "m5", "1", "2", "3", "4", "24", "72", "24,5", "true", "false"]
VALUES = st.one_of(st.sampled_from([*BITS, "AMHP", "social worker", "0" * 64, "\u202e", "1e999"]), st.text(max_size=30))


def test_every_type_there_is_is_tried_here() -> None:
    assert {type_name for type_name, _definition in KINDS.values()} == set(question_types.names())


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_mark_lies_between_nothing_and_full_marks(data: st.DataObject) -> None:
    type_name, definition = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    kind = question_types.get(type_name)
    known = {**definition, **({"confidence": True} if kind.is_marked_by_machine(definition) else {})}
    asked = question_types.asked(type_name, kind.normalise(known))
    fields = QueryDict(mutable=True)
    # What its page asks for, as its template names it.
    for name in [*(f"answer{rest}" for rest in _names(definition)), "answer.confidence"]:
        fields.setlist(name, data.draw(st.lists(VALUES, max_size=3)))
    try:
        response = asked.parse(fields, "answer")
    except BadResponse:
        return
    fraction = asked.mark(response).fraction
    assert fraction is None or 0 <= fraction <= FULL
    assert (fraction is None) <= (not asked.kind.is_marked_by_machine(definition))
    assert asked.is_answered(response) or fraction == 0
    assert isinstance(asked.summarise(response), str)
    assert {*asked.chosen(response)} <= {choice.id for choice in asked.choices()}


def _names(definition: Any) -> list[str]:
    """Return what may follow 'answer' in the names of a question's fields."""
    listed = ("pairs", "items", "gaps", "responses", "parts")
    ids = [entry["id"] for key in listed for entry in definition.get(key, ())]
    inner = [f".{part['id']}{rest}" for part in definition.get("parts", ()) for rest in _names(part["definition"])]
    return ["", *(f".{identity}" for identity in ids), *inner]
