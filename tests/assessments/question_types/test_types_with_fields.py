"""Types with more than one field: what they take as a definition, read as an answer, give as a mark, and say in words."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from assessments import question_types
from assessments.question_types import BadResponse, Marked
from assessments.question_types.exchange import Exchanged
from tests.assessments.question_types.samples import (
    FILES,
    FULL,
    GAP_FILL,
    HOTSPOT,
    MATCHING,
    ORDERING,
    RANK,
    RATE,
    SAMPLES,
    SCENARIO,
    WRITTEN,
    Fields,
    Sample,
    posted,
)

EACH = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
DEFINITIONS = {
    **{name: (sample.type, sample.definition) for name, sample in SAMPLES.items()},
    "written": ("written", WRITTEN),
    "file_upload": ("file_upload", FILES),
}
EACH_DEFINITION = pytest.mark.parametrize(("name", "definition"), DEFINITIONS.values(), ids=DEFINITIONS)


def asked(sample: Sample) -> question_types.Asked:
    return question_types.asked(sample.type, question_types.get(sample.type).normalise(sample.definition))


def answer(sample: Sample, fields: Fields) -> Any:
    return asked(sample).parse(posted(fields), "answer")


def mark(sample: Sample, fields: Fields) -> Marked:
    return asked(sample).mark(answer(sample, fields))


def problems(name: str, definition: Any) -> list[str]:
    kind = question_types.get(name)
    return [problem.path for problem in question_types.problems_of(kind, kind.normalise(definition))]


def with_(definition: Any, path: str, value: Any) -> Any:
    """A copy with another value at a path such as ``gaps.0.kind``."""
    changed = copy.deepcopy(definition)
    here = changed
    *above, last = path.split(".")
    for key in above:
        here = here[int(key)] if isinstance(here, list) else here[key]
    if isinstance(here, list):
        here[int(last)] = value
    elif value is KeyError:
        here.pop(last, None)
    else:
        here[last] = value
    return changed


@EACH_DEFINITION
def test_a_good_definition_has_no_problem_and_survives_storing(name: str, definition: Any) -> None:
    kind = question_types.get(name)
    stored = kind.normalise(definition)
    assert problems(name, definition) == []
    assert kind.normalise(kind.plain(stored)) == stored
    assert kind.normalise(stored) == stored


@EACH_DEFINITION
def test_what_an_author_filled_in_gives_the_definition_back(name: str, definition: Any) -> None:
    kind = question_types.get(name)
    stored = kind.normalise(definition)
    values, lines = kind.filled_in(stored)
    # Pictures are the form's, not the type's.
    around = {key: stored[key] for key in ("stem", "pictures") if key in stored}
    assert kind.normalise({**around, **kind.put_together(values, lines)}) == stored


TRAVELLING = {
    **DEFINITIONS,
    "scenario": (
        "scenario",
        {
            "stem": SCENARIO["stem"],
            "parts": [
                {"id": "p1", "type": "matching", "definition": MATCHING},
                {"id": "p2", "since": "It rains.", "type": "written", "weight": "1/2", "definition": WRITTEN},
            ],
        },
    ),
}


@pytest.mark.parametrize(("name", "definition"), TRAVELLING.values(), ids=TRAVELLING)
def test_what_goes_out_comes_in_again_unchanged(name: str, definition: Any) -> None:
    kind = question_types.get(name)
    stored = kind.normalise(definition)
    shape = kind.to_exchange(stored)
    assert isinstance(shape, Exchanged)
    assert shape.type == name
    assert shape.asking in kind.takes
    again = kind.normalise(kind.from_exchange(shape))
    again |= {"pictures": stored["pictures"]} if "pictures" in stored else {}
    assert [str(one) for one in question_types.problems_of(kind, again)] == []
    assert kind.to_exchange(again) == shape


@EACH
def test_no_answer_scores_nothing(sample: Sample) -> None:
    assert answer(sample, {}) is None
    assert mark(sample, {}).fraction == 0
    assert asked(sample).summarise(None) == ""
    assert not asked(sample).is_answered(None)


@EACH
def test_the_right_answer_earns_everything_and_a_wrong_one_nothing(sample: Sample) -> None:
    assert mark(sample, sample.right).fraction == FULL
    assert mark(sample, sample.wrong).fraction == sample.wrong_mark
    assert asked(sample).what_is_missing(answer(sample, sample.right)) == ""


@EACH
def test_a_part_of_an_answer_earns_its_part_and_says_what_is_missing(sample: Sample) -> None:
    assert mark(sample, sample.part).fraction == sample.part_mark
    assert asked(sample).summarise(answer(sample, sample.part)) == sample.part_words
    assert asked(sample).what_is_missing(answer(sample, sample.part)) == sample.missing


@EACH
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(sample: Sample) -> None:
    for fields in sample.refused:
        with pytest.raises(BadResponse) as refusal:
            answer(sample, fields)
        assert str(refusal.value).endswith(".")
        assert len(str(refusal.value)) < 200


@EACH
def test_the_key_is_told_in_words_and_has_no_marks_of_bold(sample: Sample) -> None:
    words = asked(sample).kind.summarise_key(asked(sample).definition)
    assert words
    assert "**" not in words


@EACH
def test_the_face_has_a_field_for_each_answer_and_never_more(sample: Sample) -> None:
    from django.template.loader import render_to_string

    here = asked(sample)
    page = render_to_string("assessments/question.html", {"question": here.face(None)})
    for field in sample.right:
        assert f'name="{field}"' in page
    assert "style=" not in page
    assert "<script" not in page


@EACH
def test_the_face_shows_again_what_was_answered(sample: Sample) -> None:
    from django.template.loader import render_to_string

    here = asked(sample)
    page = render_to_string("assessments/question.html", {"question": here.face(answer(sample, sample.right))})
    assert page.count(" selected") + page.count(" checked") + page.count('value="24"') >= len(sample.right) - 2


@pytest.mark.parametrize("sample", [one for name, one in SAMPLES.items() if name != "hotspot"])
def test_the_order_comes_from_the_seed_alone(sample: Sample) -> None:
    here = asked(sample)
    order = here.kind.option_order(here.definition, "one")
    assert order == here.kind.option_order(here.definition, "one")
    assert len({tuple(here.kind.option_order(here.definition, f"seed {n}")) for n in range(40)}) > 1
    assert sorted(order) == sorted(here.kind.option_order(here.definition, "two"))


@given(st.data())
def test_marks_stay_between_nothing_and_everything(data: st.DataObject) -> None:
    sample = SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))]
    values = st.sampled_from(
        ["", "1", "2", "3", "4", "a", "b", "m8", "m2", "m5", "x", "y", "24", "AMHP", "-1", "1e9", "é" * 50]
    )
    fields: dict[str, str | tuple[str, ...]] = {name: data.draw(values) for name in sample.right}
    try:
        response = answer(sample, fields)
    except BadResponse:
        return
    fraction = asked(sample).mark(response).fraction
    assert fraction is not None
    assert 0 <= fraction <= FULL
    asked(sample).summarise(response)
    asked(sample).what_is_missing(response)
    asked(sample).face(response)


@given(st.permutations(["k3", "c7", "h1", "a9"]), st.sampled_from(["exact", "neighbours", "places"]))
def test_only_the_right_order_earns_everything(order: list[str], scoring: str) -> None:
    definition = {**ORDERING, "scoring": scoring}
    response = {"places": {identity: place for place, identity in enumerate(order, start=1)}}
    fraction = question_types.get("ordering").mark(definition, response).fraction
    assert (fraction == FULL) == (order == ["k3", "c7", "h1", "a9"])


@pytest.mark.parametrize(
    ("scoring", "order", "fraction"),
    [
        ("exact", ["k3", "c7", "a9", "h1"], 0),
        ("places", ["k3", "c7", "a9", "h1"], FULL // 2),
        ("neighbours", ["k3", "c7", "a9", "h1"], 333_333),
        ("neighbours", ["a9", "k3", "c7", "h1"], 666_667),
        ("places", ["a9", "k3", "c7", "h1"], 0),
    ],
)
def test_an_order_is_scored_by_the_rule_named(scoring: str, order: list[str], fraction: int) -> None:
    response = {"places": {identity: place for place, identity in enumerate(order, start=1)}}
    assert question_types.get("ordering").mark({**ORDERING, "scoring": scoring}, response).fraction == fraction


@given(st.lists(st.integers(1, 4), min_size=3, max_size=3), st.lists(st.integers(10, 40), min_size=3, max_size=3))
def test_a_rating_is_scored_by_its_distance_from_the_key(ratings: list[int], keys: list[int]) -> None:
    responses = [{"id": f"r{n}", "text": "x" * (n + 1), "key": f"{key / 10}"} for n, key in enumerate(keys)]
    fraction = (
        question_types.get("situational_judgement")
        .mark({**RATE, "responses": responses}, {"ratings": {f"r{n}": rating for n, rating in enumerate(ratings)}})
        .fraction
    )
    each = [1 - abs(r - k / 10) / max(k / 10 - 1, 4 - k / 10) for r, k in zip(ratings, keys, strict=True)]
    assert fraction == pytest.approx(sum(each) / 3 * FULL, abs=2)


def test_the_right_order_is_never_shown_by_chance() -> None:
    kind = question_types.get("ordering")
    right = [item["id"] for item in ORDERING["items"]]
    assert all(kind.option_order(ORDERING, str(seed)) != right for seed in range(300))


def test_each_gap_tells_its_own_feedback() -> None:
    told = mark(SAMPLES["gap_fill"], SAMPLES["gap_fill"].part).feedback
    assert told == (
        "Gap 1: It is the AMHP.",
        "Gap 2: 24 hours from arrival.",
        "Gap 3: Only the doctor may.",
    )


def test_a_gap_that_wants_a_number_says_so_and_is_kept_as_typed() -> None:
    fields = {**SAMPLES["gap_fill"].right, "answer.long": "a day"}
    response = answer(SAMPLES["gap_fill"], fields)
    assert response["gaps"]["long"] == "a day"
    assert asked(SAMPLES["gap_fill"]).what_is_missing(response) == "Gap 2 wants a number in figures."


def test_a_judgement_without_a_panel_is_for_practice_and_says_so() -> None:
    kind = question_types.get("situational_judgement")
    alone = {key: value for key, value in RATE.items() if key != "panel"}
    assert kind.why_practice_only(alone)
    assert not kind.why_practice_only(RATE)
    assert "author's key" in kind.face(alone, None).hint
    assert kind.summarise_key(alone).endswith("(author's key)")
    assert kind.normalise({**alone, "panel": None}) == kind.normalise(alone)
    inside = with_(SCENARIO, "parts.0", {"id": "p1", "type": "situational_judgement", "definition": alone})
    assert question_types.get("scenario").why_practice_only(inside)


@pytest.mark.parametrize(
    ("name", "definition", "path"),
    [
        ("matching", with_(MATCHING, "pairs", MATCHING["pairs"][:1]), "pairs"),
        ("matching", with_(MATCHING, "pairs.0.match", "zz"), "pairs.0.match"),
        ("matching", with_(MATCHING, "matches.1.text", "Arrest without warrant."), "matches.2.text"),
        ("matching", with_(MATCHING, "matches.1.id", "m8"), "matches.1.id"),
        ("matching", with_(MATCHING, "pairs.0.text", ""), "pairs.0.text"),
        ("matching", with_(MATCHING, "matches", "none"), "matches"),
        ("matching", with_(MATCHING, "colour", "red"), "colour"),
        ("ordering", with_(ORDERING, "scoring", "roughly"), "scoring"),
        ("ordering", with_(ORDERING, "items", ORDERING["items"][:2]), "items"),
        ("ordering", with_(ORDERING, "items.0.text", "Search"), "items.3.text"),
        ("gap_fill", with_(GAP_FILL, "text", "No gap."), "gaps.0.id"),
        ("gap_fill", with_(GAP_FILL, "text", GAP_FILL["text"] + " [[gap:more]]"), "text"),
        ("gap_fill", with_(GAP_FILL, "text", GAP_FILL["text"] + " [[gap:who]]"), "text"),
        ("gap_fill", with_(GAP_FILL, "gaps.0.kind", "guessed"), "gaps.0.kind"),
        ("gap_fill", with_(GAP_FILL, "gaps.0.accept", []), "gaps.0.accept"),
        ("gap_fill", with_(GAP_FILL, "gaps.0.accept.0.fraction", 0.5), "gaps.0.accept"),
        ("gap_fill", with_(GAP_FILL, "gaps.0.accept.0.fraction", 2), "gaps.0.accept.0.fraction"),
        ("gap_fill", with_(GAP_FILL, "gaps.1.answer", "a day"), "gaps.1.answer"),
        ("gap_fill", with_(GAP_FILL, "gaps.1.tolerance", -1), "gaps.1.tolerance"),
        ("gap_fill", with_(GAP_FILL, "gaps.1.weight", 0), "gaps.1.weight"),
        ("gap_fill", with_(GAP_FILL, "gaps.2.options.0.id", "y"), "gaps.2.options"),
        (
            "gap_fill",
            with_(GAP_FILL, "gaps.2.options", [{"id": "x", "text": "doctor", "fraction": 1}]),
            "gaps.2.options",
        ),
        ("situational_judgement", with_(RATE, "mode", "feel"), "mode"),
        ("situational_judgement", with_(RATE, "scale", ["Good"]), "scale"),
        ("situational_judgement", with_(RATE, "responses.0.key", 5), "responses.0.key"),
        ("situational_judgement", with_(RATE, "panel", {"size": 6, "on": "May"}), "panel.on"),
        ("situational_judgement", with_(RATE, "panel", {"size": "six", "on": "2026-05-31"}), "panel.size"),
        ("situational_judgement", with_(RANK, "responses.0.key", 2), "responses"),
        ("situational_judgement", with_(RANK, "scale", ["a", "b"]), "scale"),
        ("written", with_(WRITTEN, "lines", 0), "lines"),
        ("file_upload", with_(FILES, "kinds", []), "kinds"),
        ("file_upload", with_(FILES, "kinds", ["program"]), "kinds"),
        ("file_upload", with_(FILES, "most", 11), "most"),
        ("hotspot", with_(HOTSPOT, "picture", "cellar"), "picture"),
        ("hotspot", with_(HOTSPOT, "pictures", KeyError), "picture"),
        ("hotspot", with_(HOTSPOT, "choose", 1), "areas"),
        ("hotspot", with_(HOTSPOT, "choose", 3), "choose"),
        ("hotspot", with_(HOTSPOT, "areas.0.fraction", 0.25), "areas"),
        ("hotspot", with_(HOTSPOT, "areas.0.shape", "star"), "areas.0.shape"),
        ("hotspot", with_(HOTSPOT, "areas.0.coords", [10, 10, 80]), "areas.0.coords"),
        ("hotspot", with_(HOTSPOT, "areas.0.coords", [10, 10, 400, 90]), "areas.0.coords"),
        ("hotspot", with_(HOTSPOT, "areas.0.coords", [80, 10, 80, 90]), "areas.0.coords"),
        ("hotspot", with_(HOTSPOT, "areas.0.coords", "left"), "areas.0.coords"),
        ("hotspot", with_(HOTSPOT, "areas.1.coords", [10, 10, 40]), "areas.1.coords"),
        ("hotspot", with_(HOTSPOT, "areas.2.coords", [1, 2, 3, 4]), "areas.2.coords"),
        ("hotspot", with_(HOTSPOT, "pictures.hall.digest", "abc"), "pictures.hall.digest"),
        ("hotspot", with_(HOTSPOT, "pictures.hall.alt", ""), "pictures.hall.alt"),
        ("hotspot", with_(HOTSPOT, "pictures.hall.type", "image/svg+xml"), "pictures.hall.type"),
        ("hotspot", with_(HOTSPOT, "pictures.hall.width", "wide"), "pictures.hall.width"),
        ("hotspot", with_(HOTSPOT, "pictures", {"No Name": HOTSPOT["pictures"]}), "pictures"),
        ("matching", with_(MATCHING, "stem", "See [[picture:none]]. Which?"), "stem"),
        ("matching", with_(MATCHING, "pairs.0.text", "[[picture:none]]"), "pairs.0.text"),
        ("written", with_(WRITTEN, "most_words", "many"), "most_words"),
        ("scenario", with_(SCENARIO, "parts", SCENARIO["parts"][:1]), "parts"),
        ("scenario", with_(SCENARIO, "parts.0.type", "scenario"), "parts.0.type"),
        ("scenario", with_(SCENARIO, "parts.0.type", "essay"), "parts.0.type"),
        ("scenario", with_(SCENARIO, "parts.0.definition.stem", ""), "parts.0.definition.stem"),
        ("scenario", with_(SCENARIO, "parts.0.definition.options.0.text", ""), "parts.0.definition.options.0.text"),
        ("scenario", with_(SCENARIO, "parts.0.definition.confidence", True), "parts.0.definition.confidence"),
        ("scenario", with_(SCENARIO, "parts.1.weight", -1), "parts.1.weight"),
        ("scenario", with_(SCENARIO, "parts.1.since", " "), "parts.1.since"),
    ],
)
def test_a_bad_definition_is_refused_at_the_place(name: str, definition: Any, path: str) -> None:
    assert path in problems(name, definition)


@pytest.mark.parametrize(
    ("name", "definition", "path"),
    [
        ("matching", with_(MATCHING, "feedback", KeyError), "feedback.right"),
        ("ordering", with_(ORDERING, "items", sorted(ORDERING["items"], key=lambda one: one["id"])), "items"),
        ("gap_fill", with_(GAP_FILL, "gaps.0.feedback.wrong", ""), "gaps.0.feedback.wrong"),
        ("situational_judgement", with_(RATE, "panel.size", 4), "panel.size"),
        ("situational_judgement", with_(RATE, "responses.0.spread", "0.9"), "responses.0.spread"),
        ("situational_judgement", with_(RATE, "responses.0.feedback", ""), "responses.0.feedback"),
        ("written", with_(WRITTEN, "guidance", KeyError), "guidance"),
        ("scenario", with_(SCENARIO, "parts.2.definition.feedback", KeyError), "parts.2.definition.feedback.right"),
    ],
)
def test_what_the_content_guide_asks_is_a_house_rule_that_a_draft_may_break(
    name: str, definition: Any, path: str
) -> None:
    kind = question_types.get(name)
    found = question_types.problems_of(kind, kind.normalise(definition))
    assert [(problem.path, problem.is_house_rule) for problem in found if problem.path == path] == [(path, True)]
    assert all(problem.is_house_rule for problem in found)
    kind.mark(kind.normalise(definition), None)


def test_a_written_answer_keeps_its_lines_and_waits_for_a_person() -> None:
    kind = question_types.get("written")
    text = "First line.\r\n\r\n  Indented\x00 line."
    response = kind.parse(WRITTEN, posted({"answer": text}), "answer")
    assert response == {"text": "First line.\n\n  Indented line."}
    assert kind.mark(WRITTEN, response) == Marked(None)
    assert kind.mark(WRITTEN, None).fraction == 0
    assert kind.summarise(WRITTEN, response) == "First line.\n\n  Indented line."


def test_a_written_answer_of_twenty_thousand_characters_is_taken_and_a_longer_one_is_shown_again() -> None:
    kind = question_types.get("written")
    response = kind.parse(WRITTEN, posted({"answer": "é" * 20_000}), "answer")
    assert response is not None
    assert len(response["text"]) == 20_000
    too_long = posted({"answer": "x" * 20_001})
    with pytest.raises(BadResponse, match="20,001"):
        kind.parse(WRITTEN, too_long, "answer")
    assert kind.face(WRITTEN, None, typed=too_long).typed == "x" * 20_001


def test_more_words_than_asked_are_kept_and_counted() -> None:
    kind = question_types.get("written")
    response = kind.parse(WRITTEN, posted({"answer": "word " * 201}), "answer")
    assert kind.what_is_missing(WRITTEN, response) == "It has 201 words; the limit is 200."


def test_more_areas_than_were_asked_for_score_nothing() -> None:
    sample = SAMPLES["hotspot"]
    assert mark(sample, {"answer": ("a", "b", "c")}).fraction == 0
    assert (
        asked(sample).what_is_missing(answer(sample, {"answer": ("a", "b", "c")})) == "Three of two areas are chosen."
    )
    assert mark(sample, {"answer": ("a", "b")}).fraction == FULL // 2


def test_one_area_is_chosen_as_one_of_a_list_is() -> None:
    one = {
        **HOTSPOT,
        "choose": 1,
        "areas": [{**area, "fraction": worth} for area, worth in zip(HOTSPOT["areas"], (1, "0.25", 0), strict=True)],
    }
    kind = question_types.get("hotspot")
    assert problems("hotspot", one) == []
    assert kind.face(one, None).more["kind"] == "radio"
    assert [kind.mark(one, {"areas": [area]}).fraction for area in "abc"] == [FULL, 250_000, 0]


def test_every_area_right_or_wrong_is_drawn_and_listed_alike() -> None:
    from django.template.loader import render_to_string

    here = asked(SAMPLES["hotspot"])
    page = render_to_string(
        "assessments/question.html", {"question": here.face(None, address=lambda digest: f"/p/{digest}")}
    )
    for area in HOTSPOT["areas"]:
        assert page.count(f'for="answer-{area["id"]}"') == 1
        assert page.count(f'id="answer-{area["id"]}"') == 1
        assert area["text"] in page
    assert 'alt="A hallway with a door, a stair and a window."' in page
    assert f'src="/p/{HOTSPOT["pictures"]["hall"]["digest"]}"' in page


def test_files_wait_for_a_person_and_are_named_by_digest_alone() -> None:
    kind = question_types.get("file_upload")
    one, two, three = ("1" * 64, "2" * 64, "3" * 64)
    response = kind.parse(FILES, posted({"answer": (one, one, two)}), "answer")
    assert response == {"files": [{"digest": one}, {"digest": two}]}
    assert kind.mark(FILES, response) == Marked(None)
    assert kind.mark(FILES, None).fraction == 0
    named = {"files": [{"digest": one, "name": "plan.pdf", "size": 9}, {"digest": two, "name": "b.jpg", "size": 9}]}
    assert kind.summarise(FILES, named) == "plan.pdf; b.jpg"
    with pytest.raises(BadResponse, match="Two files fit, and there are three"):
        kind.parse(FILES, posted({"answer": (one, two, three)}), "answer")
    for wrong in ("../../etc/passwd", "x", "1" * 65):
        with pytest.raises(BadResponse):
            kind.parse(FILES, posted({"answer": wrong}), "answer")


def test_a_case_with_a_written_part_waits_until_that_is_marked() -> None:
    case = with_(SCENARIO, "parts.0", {"id": "p1", "type": "written", "definition": WRITTEN})
    kind = question_types.get("scenario")
    assert problems("scenario", case) == []
    assert not kind.is_marked_by_machine(case)
    assert kind.mark(case, {"parts": {"p1": {"text": "So."}, "p2": {"text": "AMHP"}}}).fraction is None
    assert kind.mark(case, {"parts": {"p2": {"text": "AMHP"}}}).fraction == 600_000
    assert "confidence" in problems("scenario", {**case, "confidence": True})


# --- How sure one is ---------------------------------------------------------------------------------------------------


@EACH
def test_how_sure_one_is_is_kept_beside_any_answer_and_changes_no_mark(sample: Sample) -> None:
    sure = question_types.asked(sample.type, {**asked(sample).definition, "confidence": True})
    response = sure.parse(posted({**sample.part, "answer.confidence": "low"}), "answer")
    assert response is not None
    assert response["confidence"] == "low"
    assert sure.mark(response) == mark(sample, sample.part)
    assert sure.summarise(response) == sample.part_words
    alone = sure.parse(posted({"answer.confidence": "high"}), "answer")
    assert alone == {"confidence": "high"}
    assert not sure.is_answered(alone)
    assert sure.mark(alone).fraction == 0
    assert sure.face(alone).confidence == "high"
    with pytest.raises(BadResponse):
        sure.parse(posted({"answer.confidence": "very"}), "answer")


def test_only_a_question_marked_by_itself_can_ask_how_sure_one_is() -> None:
    assert "confidence" in problems("written", {**WRITTEN, "confidence": True})
    assert "confidence" in problems("matching", {**MATCHING, "confidence": "yes"})
    assert problems("matching", {**MATCHING, "confidence": True}) == []


def test_a_question_that_does_not_ask_ignores_how_sure_one_says_to_be() -> None:
    data = QueryDict(mutable=True)
    data["answer.confidence"] = "high"
    assert asked(SAMPLES["matching"]).parse(data, "answer") is None
