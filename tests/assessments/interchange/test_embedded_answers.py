"""Cases and judgements as Moodle's embedded answers: what it can score as we do goes out and comes back, what it cannot is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.interchange.arriving import Draft, draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Skipped
from assessments.interchange.texts import kept_words
from assessments.question_types.exchange import Exchanged
from tests.assessments.building import MULTIPLE
from tests.assessments.interchange.test_cases_and_judgements import CHOICE, NUMBER, TYPED, WRITTEN, stored
from tests.assessments.interchange.test_round_trips import comes_back
from tests.assessments.interchange.trips import known_definitions, version_of, written

KNOWN = known_definitions()
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
TRUTH = {"stem": "He may be kept for 24 hours.", "answer": True, "feedback": {"right": "Yes.", "wrong": "He may."}}
SIGNS = st.text(alphabet="~#={}%\\/\"&<;:*ab 1'", min_size=1, max_size=12).map(lambda text: kept_words(f"x{text}y"))


@st.composite
def whole_ratings(draw: Any) -> dict[str, Any]:
    top = draw(st.integers(2, 7))
    keys = draw(st.lists(st.integers(1, top), min_size=3, max_size=8))
    return {
        "stem": "A colleague jokes about a victim.\n\nHow good is each response?",
        "mode": "rate",
        "scale": [f"Label {number}" for number in range(1, top + 1)],
        "responses": [
            {"id": f"r{number}", "text": f"Response {number}", "key": str(key), "feedback": f"Because {number}."}
            for number, key in enumerate(keys, start=1)
        ],
    }


PARTS = st.one_of(
    st.sampled_from(
        [
            ("single_choice", CHOICE),
            ("short_text", TYPED),
            ("number", NUMBER),
            ("true_false", TRUTH),
            ("multiple_response", MULTIPLE),
            ("gap_fill", KNOWN["gap_fill"][1]),
        ]
    ),
    whole_ratings().map(lambda definition: ("situational_judgement", definition)),
)


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    parts = []
    for number, (kind, definition) in enumerate(draw(st.lists(PARTS, min_size=2, max_size=5)), start=1):
        part: dict[str, Any] = {"id": f"p{number}", "type": kind, "definition": definition}
        if draw(st.booleans()):
            part["since"] = f"It is {number} o'clock.\n\nNothing else has changed."
        if (weight := draw(st.sampled_from([1, 2, 3, Fraction(1, 2)]))) != 1:
            part["weight"] = str(weight)
        parts.append(part)
    return {"stem": "A man sits on a bench.\n\nHe says that he is cold.", "parts": parts}


def bare(kind: str, definition: dict[str, Any], mark: str = "1") -> str:
    """Return the file without the comment that only our own importer reads."""
    exported = written(version_of(kind, definition, mark=mark), "moodle-xml")
    assert exported.written, [str(one) for one in exported.unsaid]
    return re.sub(r"<!--.*?-->", "", exported.content.decode(), flags=re.DOTALL)


def read(content: str) -> Exchanged:
    (found,) = read_file(content.encode()).found
    assert isinstance(found, Exchanged), found
    return found


def without_comment(kind: str, definition: dict[str, Any], mark: str = "1") -> Draft:
    return draft_of(read(bare(kind, definition, mark)))


def refusal(kind: str, definition: dict[str, Any]) -> str:
    exported = written(version_of(kind, stored(kind, definition)), "moodle-xml")
    assert exported.written == 0
    (unsaid,) = exported.unsaid
    assert unsaid.sentence.endswith(".")
    return unsaid.sentence


def case_of(*parts: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "stem": "A man sits on a bench.",
        "parts": [
            {"id": f"p{number}", "type": kind, "definition": definition}
            for number, (kind, definition) in enumerate(parts, start=1)
        ],
    }


@FEW
@given(definition=whole_ratings(), mark=st.sampled_from(["1", "2.5", "6"]))
def test_ratings_come_back_and_without_our_comment_too(definition: dict[str, Any], mark: str) -> None:
    definition = stored("situational_judgement", definition)
    comes_back("situational_judgement", definition, "moodle-xml", mark=mark)
    draft = without_comment("situational_judgement", definition, mark)
    assert (draft.type, draft.definition, str(draft.max_mark)) == ("situational_judgement", definition, mark)


@FEW
@given(definition=cases(), mark=st.sampled_from(["1", "2.5", "6"]))
def test_a_case_of_embedded_kinds_comes_back_unchanged(definition: dict[str, Any], mark: str) -> None:
    definition = stored("scenario", definition)
    comes_back("scenario", definition, "moodle-xml", mark=mark)
    draft = without_comment("scenario", definition, mark)
    assert (draft.type, draft.definition["stem"]) == ("scenario", definition["stem"])
    for part, was in zip(draft.definition["parts"], definition["parts"], strict=True):
        assert (part["definition"]["stem"], part.get("since")) == (was["definition"]["stem"], was.get("since"))
        assert part["type"] == was["type"].replace("true_false", "single_choice")


@FEW
@given(texts=st.lists(SIGNS, min_size=6, max_size=6, unique=True))
def test_signs_that_moodle_reads_come_back_as_words(texts: list[str]) -> None:
    one, two, told, typed_words, wrong, other = texts
    # What Moodle would take for a sign of its own in an accepted answer is refused, as another test says.
    accepted = kept_words(re.sub(r"\*|\\+(?=[}#])", "", typed_words))
    choice = {
        "stem": "Which?",
        "options": [
            {"id": "a", "text": one, "fraction": "1", "feedback": told},
            {"id": "b", "text": two, "fraction": "0", "feedback": wrong},
        ],
    }
    typed = {
        "stem": "What?",
        "accept": [{"text": accepted, "fraction": "1", "feedback": told}],
        "otherwise": other,
    }
    definition = stored("scenario", case_of(("single_choice", choice), ("short_text", typed)))
    draft = without_comment("scenario", definition)
    first, second = (part["definition"] for part in draft.definition["parts"])
    assert [(o["text"], o["feedback"]) for o in first["options"]] == [
        (one, told),
        (two, wrong),
    ]
    assert second["accept"][0]["text"] == accepted
    assert second["otherwise"] == other


def test_a_case_is_scored_in_moodle_by_its_weights_and_explained_after_it() -> None:
    definition = case_of(("single_choice", CHOICE), ("short_text", TYPED))
    definition["parts"][1]["weight"] = "3"
    content = bare("scenario", stored("scenario", {**definition, "explanation": "Ask first."}), "4")
    assert "{1:MULTICHOICE_VS:%25%Later#Too late.~=Now#Right.~%0%Never#No.}" in content
    assert "{3:SHORTANSWER:=AMHP#Yes.~%33.33333%social worker#Close.~*#It is the AMHP.}" in content
    assert "Part 1: Section 136 asks for it where it is practicable." in content
    exported = written(version_of("scenario", stored("scenario", definition), mark="4"), "moodle-xml")
    assert not exported.unsaid
    exported = written(version_of("scenario", stored("scenario", definition), mark="2"), "moodle-xml")
    assert "Moodle counts it as 4 marks; ours carries 2." in str(exported.unsaid[0])


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (("matching", KNOWN["matching"][1]), "pairs to match, as part 2 asks"),
        (("ordering", KNOWN["ordering"][1]), "things to put in order"),
        (("written", WRITTEN), "an answer that a person marks"),
        (("situational_judgement", KNOWN["rank"][1]), "an order in other ways"),
    ],
)
def test_a_case_with_a_part_that_moodle_cannot_embed_is_refused(part: tuple[str, dict[str, Any]], words: str) -> None:
    assert words in refusal("scenario", case_of(("single_choice", CHOICE), part))


def test_what_moodle_would_score_otherwise_is_refused_and_not_bent() -> None:
    rate = KNOWN["rate"][1]
    between = [{**rate["responses"][0], "key": "2.6"}, *rate["responses"][1:]]
    assert "between two labels" in refusal("situational_judgement", {**rate, "responses": between})
    star = {**TYPED, "accept": [{"text": "AM*", "fraction": "1", "feedback": ""}]}
    assert "A star" in refusal("scenario", case_of(("single_choice", CHOICE), ("short_text", star)))
    stroke = {**TYPED, "accept": [{"text": "a\\}b", "fraction": "1", "feedback": ""}]}
    assert "A stroke before a brace" in refusal("scenario", case_of(("single_choice", CHOICE), ("short_text", stroke)))
    weights = case_of(("single_choice", CHOICE), ("short_text", TYPED))
    weights["parts"][0]["weight"], weights["parts"][1]["weight"] = "0.0001", "99.9999"
    assert "no small whole numbers" in refusal("scenario", weights)


def test_ratings_edited_so_that_they_no_longer_score_by_distance_are_named() -> None:
    content = bare("situational_judgement", KNOWN["rate"][1])
    (found,) = read_file(content.replace("%33.33333%", "%90%").encode()).found
    assert isinstance(found, Skipped)
    assert "not scored by their distance" in found.reason


def test_several_right_answers_and_any_other_number_are_read_as_moodle_counts_them() -> None:
    text = (
        '<p>A car.</p><div class="case-part"><p>Which?</p><p>{2:MR:=A~=B~C}</p></div>'
        '<div class="case-part"><p>How many?</p><p>{1:NM:=5:1#Yes~*#Count again}</p></div>'
    )
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    draft = draft_of(
        read(
            f'<quiz><question type="cloze"><name><text>n</text></name><questiontext format="html"><text>{escaped}</text>'
            "</questiontext></question></quiz>"
        )
    )
    several, number = draft.definition["parts"]
    assert (several["type"], several["weight"], number["type"]) == ("multiple_response", "2", "number")
    assert [one["fraction"] for one in several["definition"]["options"]] == ["0.5", "0.5", "-0.5"]
    assert number["definition"]["feedback"] == {"right": "Yes", "wrong": "Count again"}


def test_what_is_said_of_each_gap_comes_back_without_our_comment() -> None:
    kind, definition = KNOWN["gap_fill"]
    read_again = without_comment(kind, definition).definition
    assert [gap["feedback"] for gap in read_again["gaps"]] == [gap["feedback"] for gap in definition["gaps"]]
