"""Cases and situational judgements in QTI: scored part by part and by distance, in the item itself and not only in our comment."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import question_types
from assessments.interchange.arriving import Draft, draft_of
from assessments.interchange.exporting import Exported
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Skipped
from assessments.interchange.reports import responses_of
from assessments.question_types.exchange import Asking, Exchanged
from tests.assessments.interchange.test_round_trips import comes_back
from tests.assessments.interchange.trips import keep_the_sample_picture, known_definitions, version_of, written

KNOWN = known_definitions()
V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def _picture() -> None:
    keep_the_sample_picture()


def bare(exported: Exported) -> str:
    """Return the item without the comment that only our own importer reads."""
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        return re.sub(r"<!--.*?-->", "", archive.read("q-1/item.xml").decode(), flags=re.DOTALL)


def read(content: str) -> Exchanged:
    (found,) = read_file(content.encode()).found
    assert isinstance(found, Exchanged), found
    return found


def refused(content: str) -> str:
    (found,) = read_file(content.encode()).found
    assert isinstance(found, Skipped)
    assert found.reason.endswith(".")
    return found.reason


def stored(kind: str, definition: dict[str, Any]) -> dict[str, Any]:
    made = dict(question_types.get(kind).normalise(definition))
    problems = question_types.problems_of(question_types.get(kind), made)
    assert all(problem.is_house_rule for problem in problems), problems
    return made


def without_comment(kind: str, definition: dict[str, Any], mark: str = "1") -> Draft:
    exported = written(version_of(kind, definition, mark=mark), "qti")
    assert exported.written, [str(one) for one in exported.unsaid]
    return draft_of(read(bare(exported)))


@st.composite
def ratings(draw: Any) -> dict[str, Any]:
    top = draw(st.integers(2, 7))
    keys = draw(st.lists(st.fractions(1, top, max_denominator=12), min_size=3, max_size=8))
    return {
        "stem": "A colleague jokes about a victim. How good is each response?",
        "mode": "rate",
        "scale": [f"Label {number}" for number in range(1, top + 1)],
        "responses": [
            {"id": f"r{number}", "text": f"Response {number}", "key": str(key), "feedback": f"Because {number}."}
            for number, key in enumerate(keys, start=1)
        ],
    }


@st.composite
def rankings(draw: Any) -> dict[str, Any]:
    keys = draw(st.integers(3, 8).flatmap(lambda number: st.permutations(range(1, number + 1))))
    responses = [
        {"id": f"r{number}", "text": f"Response {number}", "key": str(key), "feedback": f"Because {number}."}
        for number, key in enumerate(keys, start=1)
    ]
    return {"stem": "Which is best?", "mode": "rank", "responses": responses}


CHOICE = {
    "stem": "When do you speak to the nurse?",
    "options": [
        {"id": "a", "text": "Later", "fraction": "0.25", "feedback": "Too late."},
        {"id": "b", "text": "Now", "fraction": "1", "feedback": "Right."},
        {"id": "c", "text": "Never", "fraction": "0", "feedback": "No."},
    ],
    "explanation": "Section 136 asks for it where it is practicable.",
}
TYPED = {
    "stem": "Who applies for the warrant?",
    "accept": [
        {"text": "AMHP", "fraction": "1", "feedback": "Yes."},
        {"text": "social worker", "fraction": "1/3", "feedback": "Close."},
    ],
    "otherwise": "It is the AMHP.",
}
NUMBER = {
    "stem": "How many hours can he be kept?",
    "answer": "24",
    "unit": "",
    "tolerance": "0.5",
    "feedback": {"right": "Yes.", "wrong": "It is 24 hours."},
}
WRITTEN = {"stem": "Why?", "lines": 5, "guidance": "Two reasons."}
PARTS = st.one_of(
    st.just(("single_choice", CHOICE)),
    st.just(("short_text", TYPED)),
    st.just(("number", NUMBER)),
    st.just(("written", WRITTEN)),
    ratings().map(lambda definition: ("situational_judgement", definition)),
    rankings().map(lambda definition: ("situational_judgement", definition)),
)
WEIGHTS = st.one_of(st.just(Fraction(1)), st.integers(1, 9).map(Fraction), st.fractions("1/4", 9, max_denominator=6))


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    parts = []
    for number, (kind, definition) in enumerate(draw(st.lists(PARTS, min_size=2, max_size=5)), start=1):
        part: dict[str, Any] = {"id": f"p{number}", "type": kind, "definition": definition}
        if draw(st.booleans()):
            part["since"] = f"It is {number} o'clock.\n\nNothing else has changed."
        if (weight := draw(WEIGHTS)) != 1:
            part["weight"] = str(weight)
        parts.append(part)
    return {"stem": "A man sits on a bench.\n\nHe says that he is cold.", "parts": parts}


@FEW
@given(definition=st.one_of(ratings(), rankings()), mark=st.sampled_from(["1", "2.5", "3", "0.7"]))
def test_a_judgement_comes_back_with_its_key_and_its_scoring_even_without_our_comment(
    definition: dict[str, Any], mark: str
) -> None:
    definition = stored("situational_judgement", definition)
    comes_back("situational_judgement", definition, "qti", mark=mark)
    draft = without_comment("situational_judgement", definition, mark)
    assert (draft.type, draft.definition, str(draft.max_mark)) == ("situational_judgement", definition, mark)


@FEW
@given(definition=cases(), mark=st.sampled_from(["1", "2.5", "6"]))
def test_any_case_comes_back_unchanged(definition: dict[str, Any], mark: str) -> None:
    comes_back("scenario", stored("scenario", definition), "qti", mark=mark)


@FEW
@given(definition=cases(), mark=st.sampled_from(["1", "2.5", "6"]))
def test_a_case_is_the_same_case_without_our_comment(definition: dict[str, Any], mark: str) -> None:
    definition = stored("scenario", definition)
    draft = without_comment("scenario", definition, mark)
    assert (draft.type, str(draft.max_mark)) == ("scenario", mark)
    assert draft.definition["stem"] == definition["stem"]
    for part, was in zip(draft.definition["parts"], definition["parts"], strict=True):
        assert {**part, "weight": ""} == {**was, "weight": ""}
    weights = [Fraction(part.get("weight", 1)) for part in draft.definition["parts"]]
    given_weights = [Fraction(part.get("weight", 1)) for part in definition["parts"]]
    assert [weight / sum(weights) for weight in weights] == [weight / sum(given_weights) for weight in given_weights]


@pytest.mark.parametrize("name", ["scenario", "rate", "rank"])
def test_a_file_edited_by_hand_is_read_as_it_stands(name: str) -> None:
    kind, definition = KNOWN[name]
    with zipfile.ZipFile(io.BytesIO(written(version_of(kind, definition), "qti").content)) as archive:
        content = archive.read("q-1/item.xml").decode()
    head, body = content.split("<itemBody>")
    words = {"scenario": "You are back at the station.", "rate": "Very effective", "rank": "Laugh it off"}[name]
    changed = draft_of(read(f"{head}<itemBody>{body.replace(words, 'Something else')}"))
    assert words in str(definition)
    assert "Something else" in str(changed.definition)
    assert words not in str(changed.definition)
    assert changed.type == kind


def test_a_judgement_whose_scoring_was_changed_by_hand_is_refused_not_bent() -> None:
    kind, definition = KNOWN["rate"]
    content = bare(written(version_of(kind, definition), "qti"))
    changed = re.sub(r'mapKey="R1 S2" mappedValue="[0-9.]+"', 'mapKey="R1 S2" mappedValue="0.01"', content)
    assert changed != content
    assert "not scored by their distance" in refused(changed)
    kind, definition = KNOWN["rank"]
    content = bare(written(version_of(kind, definition), "qti"))
    assert "how far each answer lies" in refused(
        content.replace("<subtract>", "<sum>").replace("</subtract>", "</sum>")
    )


def test_how_an_order_is_scored_stands_in_the_item_itself() -> None:
    kind, definition = KNOWN["ordering"]
    for scoring in ("exact", "neighbours", "places"):
        draft = without_comment(kind, {**definition, "scoring": scoring}, "3")
        assert (draft.type, draft.definition["scoring"]) == (kind, scoring)
        assert [one["text"] for one in draft.definition["items"]] == [one["text"] for one in definition["items"]]


def test_what_is_said_of_each_gap_stands_in_the_item_itself() -> None:
    kind, definition = KNOWN["gap_fill"]
    choice = ("single_choice", CHOICE)
    whole = without_comment(kind, definition).definition
    parts = [
        {"id": f"p{number}", "type": name, "definition": inner}
        for number, (name, inner) in enumerate((choice, (kind, definition)), start=1)
    ]
    part = without_comment("scenario", stored("scenario", {"stem": "A case.", "parts": parts})).definition["parts"][1]
    for read_again in (whole, part["definition"]):
        assert [gap["feedback"] for gap in read_again["gaps"]] == [gap["feedback"] for gap in definition["gaps"]]


def test_a_picture_of_the_case_is_shown_in_its_parts() -> None:
    pictures = KNOWN["hotspot"][1]["pictures"]
    name = next(iter(pictures))
    parts = [
        {
            "id": "p1",
            "type": "single_choice",
            "definition": {**CHOICE, "stem": f"[[picture:{name}]]\n\nWhere are you?"},
        },
        {"id": "p2", "type": "short_text", "definition": TYPED},
    ]
    definition = stored("scenario", {"stem": "A hallway.", "parts": parts, "pictures": pictures})
    comes_back("scenario", definition, "qti")


# Items by others.


def item(body: str, declared: str, rules: str, outcomes: str = "", after: str = "") -> str:
    return (
        f'<assessmentItem xmlns="{V21}" identifier="I1" title="Composite" adaptive="false" timeDependent="false">{declared}'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>{outcomes}'
        f"<itemBody>{body}</itemBody><responseProcessing>{rules}</responseProcessing>{after}</assessmentItem>"
    )


def response(name: str, cardinality: str, kind: str, *correct: str) -> str:
    values = "".join(f"<value>{value}</value>" for value in correct)
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{kind}">'
        f"<correctResponse>{values}</correctResponse></responseDeclaration>"
    )


def choice(name: str, prompt: str = "") -> str:
    asked = f"<prompt>{prompt}</prompt>" if prompt else ""
    options = "".join(f'<simpleChoice identifier="{one}">Answer {one}</simpleChoice>' for one in "AB")
    return f'<choiceInteraction responseIdentifier="{name}" shuffle="false" maxChoices="1">{asked}{options}</choiceInteraction>'


def scored(name: str, marks: int, told: str = "") -> str:
    tell = f'<setOutcomeValue identifier="{told}"><baseValue baseType="identifier">YES</baseValue></setOutcomeValue>'
    return (
        f'<responseCondition><responseIf><match><variable identifier="{name}"/><correct identifier="{name}"/></match>'
        f'<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/><baseValue baseType="float">{marks}</baseValue>'
        f"</sum></setOutcomeValue>{tell if told else ''}</responseIf></responseCondition>"
    )


def test_an_item_by_others_with_several_interactions_is_a_case() -> None:
    body = (
        '<div class="grid-row"><div><p>A car is stopped.</p><p>It has no lights.</p></div></div>'
        f"<div>{choice('R1', 'What do you ask first?')}</div>"
        f"<div><p>Now look at the back.</p><p>Which lamp is broken?</p>{choice('R2')}</div>"
        '<div><p>The speed limit is <textEntryInteraction responseIdentifier="R3"/> here and '
        '<textEntryInteraction responseIdentifier="R4"/> in town.</p></div>'
    )
    declared = (
        response("R1", "single", "identifier", "B")
        + response("R2", "single", "identifier", "A")
        + response("R3", "single", "string", "60")
        + response("R4", "single", "string", "30")
    )
    told = '<outcomeDeclaration identifier="F2" cardinality="single" baseType="identifier"/>'
    after = '<modalFeedback outcomeIdentifier="F2" identifier="YES" showHide="show">The left one.</modalFeedback>'
    after += '<modalFeedback outcomeIdentifier="SCORE" identifier="Z" showHide="hide">Read PACE again.</modalFeedback>'
    rules = scored("R1", 2) + scored("R2", 4, "F2") + scored("R3", 1) + scored("R4", 1)
    draft = draft_of(read(item(body, declared, rules, told, after)))
    assert (draft.type, draft.max_mark) == ("scenario", 8)
    first, second, third = draft.definition["parts"]
    assert draft.definition["stem"] == "A car is stopped.\n\nIt has no lights."
    assert [part["type"] for part in (first, second, third)] == ["single_choice", "single_choice", "gap_fill"]
    assert [part.get("weight", "1") for part in (first, second, third)] == ["1", "2", "1"]
    assert first["definition"]["stem"] == "What do you ask first?"
    assert second["definition"]["stem"] == "Now look at the back.\n\nWhich lamp is broken?"
    assert [one["feedback"] for one in first["definition"]["options"]] == ["", ""]
    assert [one["feedback"] for one in second["definition"]["options"]] == ["The left one.", ""]
    assert draft.about["note"] == "Feedback on the whole: Read PACE again."


def test_one_that_only_scores_as_a_whole_is_named() -> None:
    body = choice("R1", "First?") + choice("R2", "Second?")
    declared = response("R1", "single", "identifier", "B") + response("R2", "single", "identifier", "A")
    right = "".join(
        f'<match><variable identifier="{name}"/><correct identifier="{name}"/></match>' for name in ("R1", "R2")
    )
    rules = (
        f"<responseCondition><responseIf><and>{right}</and><setOutcomeValue identifier="
        '"SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition>'
    )
    assert "score together only" in refused(item(body, declared, rules))


def test_a_part_that_cannot_be_read_is_named_by_its_number() -> None:
    body = choice("R1", "First?") + '<drawingInteraction responseIdentifier="R2"/>'
    declared = response("R1", "single", "identifier", "B") + response("R2", "single", "file")
    assert refused(item(body, declared, scored("R1", 1))).startswith("Part 2: Answers by ‘drawingInteraction’")


def test_a_part_that_a_person_marks_has_what_the_closed_ones_leave() -> None:
    body = choice("R1", "First?") + '<p>Why?</p><extendedTextInteraction responseIdentifier="R2" expectedLines="5"/>'
    declared = response("R1", "single", "identifier", "B") + response("R2", "single", "string")
    content = item(body, declared, scored("R1", 1))
    found = read(content)
    assert [part.asking for part in found.parts] == [Asking.CHOICE, Asking.OPEN]
    assert any("is worth" in warning for warning in found.about["warnings"])
    told = read(content.replace('baseType="float"/>', 'baseType="float" normalMaximum="4"/>', 1))
    assert ([part.max_mark for part in told.parts], told.max_mark) == ([1, 3], 4)


def test_a_match_by_others_that_earns_by_distance_is_a_judgement() -> None:
    rows = "".join(
        f'<simpleAssociableChoice identifier="Q{n}" matchMax="1">Row {n}</simpleAssociableChoice>' for n in "123"
    )
    labels = "".join(
        f'<simpleAssociableChoice identifier="S{n}" matchMax="0">Label {n}</simpleAssociableChoice>' for n in "123"
    )
    body = (
        '<p>How good?</p><matchInteraction responseIdentifier="R" shuffle="false" maxAssociations="3">'
        f"<simpleMatchSet>{rows}</simpleMatchSet><simpleMatchSet>{labels}</simpleMatchSet></matchInteraction>"
    )
    worth = {"Q1": (2, 1, 0), "Q2": (0, 1, 2), "Q3": (0, 2, 0)}
    entries = "".join(
        f'<mapEntry mapKey="{row} S{number}" mappedValue="{value}"/>'
        for row, values in worth.items()
        for number, value in enumerate(values, start=1)
    )
    declared = (
        '<responseDeclaration identifier="R" cardinality="multiple" baseType="directedPair"><correctResponse>'
        "<value>Q1 S1</value><value>Q2 S3</value><value>Q3 S2</value></correctResponse>"
        f'<mapping defaultValue="0">{entries}</mapping></responseDeclaration>'
    )
    rules = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="R"/></setOutcomeValue>'
    draft = draft_of(read(item(body, declared, rules)))
    assert (draft.type, draft.max_mark) == ("situational_judgement", 6)
    assert [one["key"] for one in draft.definition["responses"]] == ["1", "3", "2"]
    assert draft.definition["scale"] == ["Label 1", "Label 2", "Label 3"]
    right_or_wrong = item(body, declared.replace('mappedValue="1"', 'mappedValue="0"'), rules)
    assert draft_of(read(right_or_wrong)).type == "matching"


def test_a_report_tells_the_answers_of_each_part_and_the_key_of_each_response() -> None:
    definition = {
        "stem": "A man sits on a bench.",
        "parts": [
            {"id": "p1", "type": "single_choice", "weight": "3", "definition": CHOICE},
            {"id": "p2", "type": "situational_judgement", "definition": KNOWN["rate"][1]},
        ],
    }
    item = without_comment("scenario", stored("scenario", definition)).item
    assert [(text, fraction) for text, fraction, _feedback in responses_of(item)] == [
        ("Part 1: Later", Fraction(3, 16)),
        ("Part 1: Now", Fraction(3, 4)),
        ("Part 1: Never", 0),
        ("Part 2: Say at once that it is not right -> Very effective", Fraction(1, 12)),
        ("Part 2: Say nothing and tell the sergeant tomorrow -> Of little use", Fraction(1, 12)),
        ("Part 2: Laugh it off -> Makes it worse", Fraction(1, 12)),
    ]
