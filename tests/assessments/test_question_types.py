"""The five types: what they accept as a definition, read as an answer, and give as a mark."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from assessments import question_types
from assessments.question_types import BadResponse, Face, Marked, Problem, QuestionType, rational
from assessments.question_types.number import read_number
from assessments.question_types.words import comparable, divide_stem, quoted, quoted_sentence
from tests.assessments.building import DEFINITIONS, MULTIPLE, NUMBER, SHORT_TEXT, SINGLE, TRUE_FALSE

FULL = 1_000_000


def posted(*values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.setlist("answer", list(values))
    return data


def answer(name: str, *values: str, definition: dict[str, Any] | None = None) -> Any:
    return question_types.get(name).parse(definition or DEFINITIONS[name], posted(*values), "answer")


def mark(name: str, *values: str, definition: dict[str, Any] | None = None) -> Marked:
    definition = definition or DEFINITIONS[name]
    return question_types.get(name).mark(definition, answer(name, *values, definition=definition))


def changed(definition: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(definition), **changes}


def problems(name: str, definition: dict[str, Any]) -> list[str]:
    return [problem.path for problem in question_types.get(name).validate(definition)]


def test_the_five_types_are_known_by_name() -> None:
    assert set(DEFINITIONS) <= set(question_types.names())


def test_an_unknown_type_is_refused_by_name() -> None:
    with pytest.raises(question_types.UnknownType, match="'essay' is not a question type"):
        question_types.get("essay")


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_good_definition_has_no_problem_and_survives_storing(name: str) -> None:
    question_type = question_types.get(name)
    stored = question_type.normalise(DEFINITIONS[name])
    assert question_type.validate(DEFINITIONS[name]) == []
    assert question_type.validate(stored) == []
    assert question_type.normalise(question_type.plain(stored)) == stored


@pytest.mark.parametrize("name", DEFINITIONS)
def test_no_answer_scores_nothing_and_says_why(name: str) -> None:
    question_type = question_types.get(name)
    assert answer(name) is None
    assert answer(name, "") is None
    marked = question_type.mark(DEFINITIONS[name], None)
    assert marked.fraction == 0
    assert marked.feedback
    assert question_type.summarise(DEFINITIONS[name], None) == ""
    assert not question_type.is_answered(DEFINITIONS[name], None)


@pytest.mark.parametrize(
    ("name", "values", "fraction", "words"),
    [
        ("single_choice", ["b"], FULL, "Now, before you decide"),
        ("single_choice", ["a"], 0, "On the way to hospital"),
        ("single_choice", ["c"], 250_000, "After deciding"),
        ("multiple_response", ["b", "a"], FULL, "A registered nurse; An AMHP"),
        ("multiple_response", ["a"], 500_000, "A registered nurse"),
        ("multiple_response", ["a", "c"], 0, "A registered nurse; Your duty sergeant"),
        ("multiple_response", ["c", "d"], 0, "Your duty sergeant; Her sister"),
        ("true_false", ["false"], FULL, "False"),
        ("true_false", ["true"], 0, "True"),
        ("number", ["24"], FULL, "24 hours from arrival"),
        ("number", ["23.5"], FULL, "23.5 hours from arrival"),
        ("number", ["23.4"], 0, "23.4 hours from arrival"),
        ("number", ["72"], 0, "72 hours from arrival"),
        ("number", ["24 hours"], FULL, "24 hours"),
        ("short_text", ["amhp"], FULL, "amhp"),
        ("short_text", [" A.M.H.P. "], FULL, "A.M.H.P."),
        ("short_text", ["Approved  mental-health professional"], FULL, "Approved  mental-health professional"),
        ("short_text", ["Social Worker"], 500_000, "Social Worker"),
        ("short_text", ["sergeant"], 0, "sergeant"),
    ],
)
def test_answers_are_marked(name: str, values: list[str], fraction: int, words: str) -> None:
    assert mark(name, *values).fraction == fraction
    assert question_types.get(name).summarise(DEFINITIONS[name], answer(name, *values)) == words


def test_keys_are_told_in_words() -> None:
    keys = {name: question_types.get(name).summarise_key(definition) for name, definition in DEFINITIONS.items()}
    assert keys == {
        "single_choice": "Now, before you decide",
        "multiple_response": "A registered nurse; An AMHP",
        "true_false": "False",
        "number": "24 hours from arrival (within 0.5)",
        "short_text": "AMHP or approved mental health professional",
    }


def test_feedback_belongs_to_what_was_chosen() -> None:
    assert mark("single_choice", "a").feedback == ("Useful, but too late.",)
    assert mark("multiple_response", "d", "a").feedback == (
        "Yes. A nurse is listed.",
        "Ask her, but it is not the duty.",
    )
    assert mark("number", "72").feedback == ("The limit before 11 December 2017.",)


def test_without_partial_credit_only_the_exact_set_scores() -> None:
    exact = changed(MULTIPLE, partial=False)
    assert mark("multiple_response", "a", definition=exact).fraction == 0
    assert mark("multiple_response", "a", "b", "c", definition=exact).fraction == 0
    assert mark("multiple_response", "a", "b", definition=exact).fraction == FULL


def test_thirds_add_up_to_exactly_full_marks() -> None:
    options = [{"id": letter, "text": letter * 3, "fraction": "1/3", "feedback": "x"} for letter in "abc"]
    options.append({"id": "d", "text": "ddd", "fraction": "-1/3", "feedback": "x"})
    thirds = {"stem": "Which three?", "choose": 3, "partial": True, "options": options}
    assert problems("multiple_response", thirds) == []
    assert mark("multiple_response", "a", "b", "c", definition=thirds).fraction == FULL
    assert mark("multiple_response", "a", "b", definition=thirds).fraction == 666_667
    rounded = copy.deepcopy(thirds)
    for option in rounded["options"]:
        option["fraction"] = 0.333
    rounded["options"][3]["fraction"] = -0.333
    assert mark("multiple_response", "a", "b", "c", definition=rounded).fraction == FULL


def options_with(definition: dict[str, Any], only: str = "", **changes: Any) -> dict[str, Any]:
    """A definition with every option changed, or the one whose id is ``only``."""
    options = [{**option, **changes} if only in ("", option["id"]) else option for option in definition["options"]]
    return changed(definition, options=options)


def one_more(definition: dict[str, Any], key: str, **entry: Any) -> dict[str, Any]:
    """A definition with one more option or accepted answer."""
    return changed(definition, **{key: [*definition[key], {"feedback": "x", "fraction": 0, **entry}]})


@pytest.mark.parametrize(
    ("name", "definition", "path"),
    [
        ("single_choice", changed(SINGLE, stem=" "), "stem"),
        ("single_choice", changed(SINGLE, stem="a\x00b"), "stem"),
        ("single_choice", changed(SINGLE, stem="a" * 5000), "stem"),
        ("single_choice", changed(SINGLE, colour="red"), "colour"),
        ("single_choice", changed(SINGLE, options=SINGLE["options"][:1]), "options"),
        ("single_choice", changed(SINGLE, options="none"), "options"),
        ("single_choice", options_with(SINGLE, fraction=1), "options"),
        ("single_choice", options_with(SINGLE, fraction=0), "options"),
        ("single_choice", options_with(SINGLE, only="a", fraction=-1), "options"),
        ("single_choice", options_with(SINGLE, fraction="lots"), "options.0.fraction"),
        ("single_choice", options_with(SINGLE, id="a"), "options.1.id"),
        ("single_choice", options_with(SINGLE, id="A B"), "options.0.id"),
        ("single_choice", options_with(SINGLE, text="Same."), "options.1.text"),
        ("single_choice", options_with(SINGLE, feedback=""), "options.0.feedback"),
        ("single_choice", one_more(SINGLE, "options", id="d", text="All of the above"), "options.3.text"),
        ("multiple_response", changed(MULTIPLE, choose=3), "choose"),
        ("multiple_response", changed(MULTIPLE, choose="two"), "choose"),
        ("multiple_response", changed(MULTIPLE, partial="yes"), "partial"),
        ("multiple_response", options_with(MULTIPLE, only="a", fraction=0.4), "options"),
        ("multiple_response", options_with(MULTIPLE, only="c", fraction=0), "options"),
        ("true_false", changed(TRUE_FALSE, answer="no"), "answer"),
        ("true_false", changed(TRUE_FALSE, feedback={"right": "x"}), "feedback.wrong"),
        ("true_false", changed(TRUE_FALSE, feedback="x"), "feedback"),
        ("number", changed(NUMBER, answer="many"), "answer"),
        ("number", changed(NUMBER, answer=True), "answer"),
        ("number", changed(NUMBER, tolerance=-1), "tolerance"),
        ("number", changed(NUMBER, near="72"), "near"),
        ("number", one_more(NUMBER, "near", value=24), "near.1.value"),
        ("number", one_more(NUMBER, "near", value=72), "near.1.value"),
        ("number", one_more(NUMBER, "near", value=36, fraction=1), "near.1.fraction"),
        ("short_text", changed(SHORT_TEXT, accept=[]), "accept"),
        ("short_text", changed(SHORT_TEXT, accept=SHORT_TEXT["accept"][2:]), "accept"),
        ("short_text", one_more(SHORT_TEXT, "accept", text="a.m.h.p"), "accept.3.text"),
        ("short_text", one_more(SHORT_TEXT, "accept", text="…"), "accept.3.text"),
        ("short_text", one_more(SHORT_TEXT, "accept", text="x", fraction=2), "accept.3.fraction"),
        ("short_text", changed(SHORT_TEXT, otherwise=None), "otherwise"),
    ],
)
def test_a_bad_definition_is_refused_at_the_place(name: str, definition: dict[str, Any], path: str) -> None:
    assert path in problems(name, definition)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("single_choice", ["z"]),
        ("single_choice", ["<script>alert(1)</script>"]),
        ("multiple_response", ["a", "z"]),
        ("true_false", ["maybe"]),
        ("number", ["many"]),
        ("number", ["1e999999999"]),
        ("number", ["24; DROP TABLE people_user"]),
        ("number", ["9" * 10_000_000]),
        ("short_text", ["a" * 10_000_000]),
        ("short_text", ["a" + "́" * 1000]),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(name: str, values: list[str]) -> None:
    with pytest.raises(BadResponse) as refusal:
        answer(name, *values)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    "typed",
    ["<b>AMHP</b>", "'; DROP TABLE x; --", "AMHP\u202e\u200b", "AM\x00HP", "🚓", "ＡＭＨＰ", "a" + "́" * 150],
)
def test_hostile_words_are_kept_as_words(typed: str) -> None:
    response = answer("short_text", typed)
    assert "\x00" not in response["text"]
    assert mark("short_text", typed).fraction in (0, FULL)


def test_invisible_characters_and_wide_letters_do_not_count() -> None:
    assert mark("short_text", "AM\u200bHP\u202e").fraction == FULL
    assert mark("short_text", "ＡＭＨＰ").fraction == FULL


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,000", 1000), ("−5", -5), (" 1.50 ", Fraction(3, 2)), ("٢٤", 24), ("+7", 7), ("1 ", 1)],
)
def test_numbers_are_read_as_people_type_them(typed: str, value: Any) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize("typed", ["", "1,00", "1.2.3", "--1", "24 apples", "0x10", "NaN", "inf"])
def test_what_is_no_number_is_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError):
        read_number(typed, unit="hours")


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=999))
def test_exact_numbers_survive_their_text(value: Fraction) -> None:
    assert rational.to_fraction(rational.to_text(value)) == value


@given(st.text(max_size=300))
def test_any_text_can_be_answered_compared_and_divided(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)
    scene, asked = divide_stem(text)
    assert "".join((scene + asked).split()) == "".join(text.split())
    try:
        response = answer("short_text", text)
    except BadResponse:
        return
    assert question_types.get("short_text").mark(SHORT_TEXT, response).fraction in (0, 500_000, FULL)


@given(st.sets(st.sampled_from("abcd")))
def test_marks_stay_between_nothing_and_everything(chosen: set[str]) -> None:
    fraction = mark("multiple_response", *chosen).fraction
    assert fraction is not None
    assert 0 <= fraction <= FULL
    assert (fraction == FULL) == (chosen == {"a", "b"})


def test_the_option_order_comes_from_the_seed_alone() -> None:
    single = question_types.get("single_choice")
    orders = {tuple(single.option_order(SINGLE, f"seed {number}")) for number in range(60)}
    assert len(orders) == 6
    assert single.option_order(SINGLE, "one") == single.option_order(SINGLE, "one")
    assert single.option_order(changed(SINGLE, shuffle=False), "one") == ["a", "b", "c"]
    assert question_types.get("true_false").option_order(TRUE_FALSE, "one") == []


def test_a_face_divides_scene_and_question_and_shows_the_answer() -> None:
    face = question_types.get("single_choice").face(SINGLE, {"option": "b"}, order=["c", "b", "a"])
    assert face.scene == "She sits calmly on a bench."
    assert face.question == "When do you speak to the nurse?"
    assert [option.id for option in face.options] == ["c", "b", "a"]
    assert [option.id for option in face.options if option.is_chosen] == ["b"]


class Ordering(QuestionType):
    """A type of its own, as a later one would be written: it names nothing of the engine but the contract."""

    name = "ordering_in_a_test"
    label = "Put in order"
    template_name = "assessments/question_types/short_text.html"

    def validate(self, definition: Any) -> list[Problem]:
        return [] if definition.get("steps") else [Problem("steps", "Write the steps.")]

    def parse(self, definition: Any, data: Any, name: str) -> dict[str, Any] | None:
        return {"steps": data.getlist(name)} if data.getlist(name) else None

    def mark(self, definition: Any, response: Any) -> Marked:
        return Marked(FULL if response and response["steps"] == definition["steps"] else 0, ("In that order.",))

    def summarise(self, definition: Any, response: Any) -> str:
        return ", then ".join(response["steps"]) if response else ""

    def summarise_key(self, definition: Any) -> str:
        return ", then ".join(definition["steps"])

    def face(self, definition: Any, response: Any, **more: Any) -> Face:
        return Face(self.template_name, more.get("name", "answer"), "", definition["stem"])


@pytest.fixture
def ordering() -> Any:
    yield question_types.register(Ordering())
    question_types.unregister(Ordering.name)


def test_a_new_type_needs_nothing_but_its_own_module(ordering: Any, db: None, person: Any) -> None:
    from assessments.attempts import save_posted, submit_attempt
    from assessments.results import result_of
    from tests.assessments.building import MINUTE, NOON, question, rules_only, started

    question("o1", type=ordering.name, definition={"stem": "In which order?", "steps": ["ask", "tell", "search"]})
    candidate = person("Bo")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    save_posted(attempt.pk, 1, posted("ask", "tell", "search"), by=candidate, at=NOON, device="d", sequence=1, turn=0)
    result = result_of(submit_attempt(attempt, by=candidate, at=NOON + MINUTE), at=NOON + MINUTE)
    assert result.is_passed
    assert result.items[0].response == "ask, then tell, then search"


@pytest.mark.parametrize(
    ("answer", "words", "sentence"),
    [
        ("Say so", "‘Say so’", "‘Say so’."),
        ("Wait for the sergeant.", "‘Wait for the sergeant.’", "‘Wait for the sergeant.’"),
        (
            "'Is there anything you would change?'",
            "‘Is there anything you would change?’",
            "‘Is there anything you would change?’",
        ),
        ("'Stop' and then 'search'", "‘'Stop' and then 'search'’", "‘'Stop' and then 'search'’."),
        ("the officers' room", "‘the officers' room’", "‘the officers' room’."),
        ("'", "‘'’", "‘'’."),
    ],
)
def test_an_answer_is_quoted_once_and_its_sentence_ends_once(answer: str, words: str, sentence: str) -> None:
    assert (quoted(answer), quoted_sentence(answer)) == (words, sentence)
