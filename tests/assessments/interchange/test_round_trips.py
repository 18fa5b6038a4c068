"""What is exported comes back unchanged, whatever its words; what a format has no words for is refused with a sentence, never dropped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from assessments import question_types
from assessments.interchange.exporting import export_questions
from assessments.interchange.formats import read_file
from assessments.interchange.texts import kept_words
from assessments.question_types.exchange import Exchanged
from tests.assessments.interchange.trips import (
    FORMATS,
    carried,
    draft_in,
    keep_the_sample_picture,
    known_definitions,
    version_of,
    with_texts,
    written,
)

KNOWN = known_definitions()
PAIRS = [(name, format) for name, (kind, _definition) in KNOWN.items() for format in carried(name, kind)]
REFUSED = [
    (name, format)
    for name, (kind, _definition) in KNOWN.items()
    for format in FORMATS
    if format not in carried(name, kind)
]
ABOUT = {
    "outcome": "LO2",
    "topic": "Custody",
    "difficulty": "hard",
    "must_pass": "A life hangs on it -- always.",
    "references": ["pace-s1", "mha-s136"],
    "note": "Asked in May.\nTwo of five were wrong --> look again.",
}
# What means something in one of the formats, and what often breaks.
SIGNS = "{}=~#:\\*->[]<>&\"'%@$/_!?().,;|^`0123456789 \n\u00a0éßŁ你ا\u200f😀½"
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co"])
WORDS = st.text(alphabet=st.one_of(st.sampled_from(SIGNS), LETTERS), max_size=40)
TRICKS = st.sampled_from(
    [
        "=right ~wrong#told {T}",
        "::name:: $CATEGORY: top",
        "// no comment [id:x] [tag:y]",
        "about-the-question: {}",
        "%50%half",
        "*",
        "A) One\nANSWER: A",
        "1.\n\n2. **bold** and ** not **",
        "]]> <!-- &amp; &lt;b&gt; -->",
        "{1:SHORTANSWER:=x}",
        "[html]<p>x</p>",
        "a -> b",
        "\\n \\\\ \\=",
        "TRUE",
        "#1:2",
        "- one\n- two\n\n1. three",
        "[[picture:none]]",
        "@@PLUGINFILE@@/x.png",
    ]
)  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _picture() -> None:
    keep_the_sample_picture()


def comes_back(kind: str, definition: dict[str, Any], format: str, mark: str = "1", **about: Any) -> None:
    """Say that a question is written, read as it was, and written again to the same bytes."""
    version = version_of(kind, definition, mark=mark, **about)
    exported = written(version, format)
    left_out = [one.sentence for one in exported.unsaid if one.is_left_out]
    if left_out:
        assert exported.written == 0
        assert all(sentence.endswith(".") for sentence in left_out), left_out
        return
    assert not [str(one) for one in exported.unsaid if "little changed" in one.sentence]
    draft = draft_in(exported)
    assert (draft.type, draft.definition, draft.max_mark) == (kind, definition, version.max_mark)
    again = written(version_of(draft.type, draft.definition, mark=str(draft.max_mark), **about), format)
    assert again.content == exported.content


@pytest.mark.parametrize(("name", "format"), PAIRS)
def test_every_kind_of_question_comes_back_from_every_format_that_carries_it(name: str, format: str) -> None:
    kind, definition = KNOWN[name]
    exported = written(version_of(kind, definition, **ABOUT), format)
    assert exported.written == 1, [str(one) for one in exported.unsaid]
    comes_back(kind, definition, format, mark="2.5", **ABOUT)


@pytest.mark.parametrize(("name", "format"), PAIRS)
def test_what_surrounds_a_question_comes_back_too(name: str, format: str) -> None:
    kind, definition = KNOWN[name]
    about = draft_in(written(version_of(kind, definition, use="lesson", **ABOUT), format)).about
    assert {key: about[key] for key in ABOUT} == ABOUT
    assert (about["code"], about["use"], about["is_ours"]) == ("q-1", "lesson", True)


@pytest.mark.parametrize(("name", "format"), REFUSED)
def test_what_a_format_has_no_words_for_is_refused_with_a_sentence(name: str, format: str) -> None:
    kind, definition = KNOWN[name]
    exported = written(version_of(kind, definition), format)
    if format == "aiken" and kind == "single_choice":
        assert exported.written == 1
        return
    assert (exported.written, exported.content) == (0, b"")
    (unsaid,) = exported.unsaid
    assert unsaid.is_left_out
    assert unsaid.sentence.endswith(".")
    assert "q-1 is not exported" in str(unsaid)


@pytest.mark.parametrize(("name", "format"), PAIRS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.one_of(WORDS, TRICKS), min_size=1, max_size=8))
def test_any_words_come_back_or_are_refused(name: str, format: str, texts: list[str]) -> None:
    kind, definition = KNOWN[name]
    turn = iter(range(10_000))
    changed = with_texts(
        definition, lambda old: f"{texts[(n := next(turn)) % len(texts)]} {n}" if "[[" not in old else old
    )
    changed = dict(question_types.get(kind).normalise(changed))
    problems = question_types.problems_of(question_types.get(kind), changed)
    assume(all(problem.is_house_rule for problem in problems))
    comes_back(kind, changed, format)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.one_of(WORDS, TRICKS), min_size=4, max_size=4), right=st.integers(0, 2))
def test_aiken_brings_back_the_words_and_the_key_or_refuses(texts: list[str], right: int) -> None:
    kind = question_types.get("single_choice")
    options = [
        {"id": "abc"[n], "text": f"{text} {n}".strip(), "fraction": int(n == right), "feedback": "Told."}
        for n, text in enumerate(texts[1:])
    ]
    definition = dict(kind.normalise({"stem": f"{texts[0]}?".strip(), "options": options}))
    assume(all(problem.is_house_rule for problem in question_types.problems_of(kind, definition)))
    exported = written(version_of("single_choice", definition), "aiken")
    if not exported.written:
        assert exported.unsaid[0].sentence.endswith(".")
        return
    (item,) = read_file(exported.content, format="aiken").found
    assert isinstance(item, Exchanged)
    said = (item.text, [(one.text, one.fraction) for one in item.answers])
    keeps = kept_words if "blanks in a row" in exported.unsaid[0].sentence else str
    wanted = [(keeps(one["text"]), n == right) for n, one in enumerate(definition["options"])]
    assert said == (keeps(definition["stem"]), wanted)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    fractions=st.lists(st.fractions(min_value=-1, max_value=1, max_denominator=40), min_size=2, max_size=8),
    mark=st.decimals(min_value="0.1", max_value=100, places=3),
    format=st.sampled_from(["gift", "moodle-xml", "qti"]),
)
def test_shares_and_marks_come_back_exactly(fractions: list[Any], mark: Any, format: str) -> None:
    kind = question_types.get("multiple_response")
    options = [
        {"id": f"o{n}", "text": f"Answer {n}", "fraction": str(share), "feedback": ""}
        for n, share in enumerate(fractions)
    ]
    definition = dict(kind.normalise({"stem": "Which?", "choose": 2, "partial": True, "options": options}))
    assume(all(problem.is_house_rule for problem in question_types.problems_of(kind, definition)))
    comes_back("multiple_response", definition, format, mark=f"{mark.normalize():f}")


def test_several_questions_of_several_topics_come_back_in_one_file() -> None:
    for format in ("gift", "moodle-xml", "qti"):
        versions = []
        for number, (name, found) in enumerate(PAIRS):
            if found == format:
                kind, definition = KNOWN[name]
                version = version_of(kind, definition, topic=f"Topic {number % 3}")
                version.question.code = f"q-{number}"
                versions.append(version)
        exported = export_questions(versions, format)
        reading = read_file(exported.content)
        assert reading.format == format
        assert [one.about["code"] for one in reading.found if isinstance(one, Exchanged)] == [
            version.question.code for version in versions
        ]
