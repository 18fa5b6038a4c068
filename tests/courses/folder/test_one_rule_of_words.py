"""What words may contain: the engine and the folder answer alike, because both ask the same rule."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import question_types
from assessments.question_types.words import says_something, without_hidden, wrong_in
from tests.assessments.building import DEFINITIONS
from tests.courses.folder.conftest import Check

QUESTIONS = "TINY-101/questions/30-who-knows.yaml"
STEM = "stem: What a neighbour heard is what a neighbour saw."
REFUSED = {
    "override": "right\u202eto left",
    "isolate": "a\u2066b",
    "embedding": "a\u202bb",
    "null": "a\x00b",
    "escape": "a\x1b[31mb",
    "half a pair": "a\ud83db",
    "line separator": "a\u2028b",
    "tags": "a\U000e0061b",
    "filler": "a\u3164b",
    "markup": "a <b>b</b>",
    "closing tag": "a</p>b",
    "comment": "a <!-- b",
    "image": "a <img src=x onerror=x()> b",
}
KEPT = {
    "arabic": "\u0627\u0644\u0634\u0631\u0637\u0629 \u0661\u0662\u0663",
    "hebrew": "\u05de\u05e9\u05d8\u05e8\u05d4, section 136",
    "direction marks": "a\u200f\u05d0\u200e\u061cb",
    "arabic number signs": "\u0600\u0661\u0662 \u06dd\u0663",
    "persian joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "emoji family": "\U0001f46e\U0001f3fd\u200d\u2640\ufe0f",
    "signs of comparing": "5 < 6 and 7 > 6; x <y",
    "ethiopic": "\u12a0\u1260\u1260 \u1260\u1251\u120b",
}


def with_stem(check: Check, stem: str) -> str:
    """Put a stem into the tiny folder, written with escapes as a hidden character would be; return every refusal."""
    escaped = "".join(f"\\U{ord(sign):08X}" for sign in stem)
    return "\n".join(map(str, check(QUESTIONS, STEM, f'stem: "{escaped}"').refusals))


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_engine_refuses_the_folder_refuses(check: Check, name: str) -> None:
    text = REFUSED[name]
    reason = wrong_in(text)
    assert reason.endswith(".")
    for kind, definition in DEFINITIONS.items():
        found = question_types.get(kind).validate({**definition, "stem": text})
        assert [(problem.path, problem.message) for problem in found] == [("stem", reason)]
    found_in_folder = with_stem(check, text)
    # YAML knows no half of a pair: what it cannot read it refuses by itself.
    assert reason in found_in_folder or (name == "half a pair" and "This is not YAML" in found_in_folder)


@pytest.mark.parametrize("name", KEPT)
def test_what_the_engine_keeps_the_folder_keeps(check: Check, name: str) -> None:
    text = KEPT[name]
    assert wrong_in(text) == ""
    for kind, definition in DEFINITIONS.items():
        assert question_types.get(kind).validate({**definition, "stem": text}) == []
    assert with_stem(check, text) == ""


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_every_text_of_every_type_is_judged(kind: str) -> None:
    question_type = question_types.get(kind)
    for path, definition in with_each_text(DEFINITIONS[kind], "<i>x</i>"):
        found = question_types.problems_of(question_type, question_type.normalise(definition))
        assert path in {problem.path for problem in found}, path


def test_a_text_its_type_does_not_look_at_is_judged_all_the_same() -> None:
    definition = {**DEFINITIONS["true_false"], "more": [{"caption": "<b>"}, 3, None]}
    found = question_types.problems_of(question_types.get("true_false"), definition)
    assert "more.0.caption" in {problem.path for problem in found}


@pytest.mark.parametrize(
    ("old", "new"),
    [("topic: ", "topic: a <b>b</b> "), ("note: |-", "note: |-\n      a <b>b</b>"), ("author: ", "author: <i>A</i> ")],
)
def test_the_words_around_a_question_are_judged_in_a_folder_too(check: Check, old: str, new: str) -> None:
    found = "\n".join(map(str, check(QUESTIONS, old, new).refusals))
    assert "Raw HTML is refused" in found


def test_a_sign_written_as_an_entity_in_a_lesson_is_refused(check: Check) -> None:
    lesson = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
    found = "\n".join(map(str, check(lesson, "PC Amara", "PC &#x202E;Amara").refusals))
    assert "(U+202E) stands here" in found


@pytest.mark.parametrize("text", [*REFUSED.values(), *KEPT.values()])
def test_what_a_candidate_typed_is_cleaned_of_hidden_characters_and_never_refused(text: str) -> None:
    cleaned = without_hidden(text)
    assert wrong_in(cleaned) in ("", "Raw HTML is refused: write plain text.")
    assert says_something(cleaned) == says_something(text)


def with_each_text(value: Any, text: str, path: str = "") -> list[tuple[str, Any]]:
    """Return, for every text in a definition, its path and the definition with that text replaced."""
    if isinstance(value, str):
        return [(path, text)]
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = []
    for key, below in inner:
        for where, changed in with_each_text(below, text, f"{path}.{key}" if path else str(key)):
            copy = dict(value) if isinstance(value, dict) else list(value)
            copy[key] = changed
            found.append((where, copy))
    return found
