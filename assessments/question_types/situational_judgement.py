"""How good is each of several responses to a dilemma, held against the agreed key of a panel.

Definition: ``mode`` (``rate``: each on a scale; ``rank``: best first), ``scale`` (labels, worst first; of rate), ``responses: [{id, text,
key, spread?, feedback?}]`` with the key a number on the scale or a place, ``panel: {size, on}`` (left out: the author's own key).
Response: ``{"ratings": {"a": 3}}`` or ``{"places": {"a": 1}}``.

The mark of a rating is 1 − distance ÷ the largest distance there could be from that key, and the question's is their mean. Ranks are
marked together: 1 − the sum of distances ÷ the largest sum, which is half of n², rounded down (Spearman's footrule).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from assessments.question_types import rational
from assessments.question_types.authoring import AuthorForm, Lines, Values
from assessments.question_types.contract import (
    FULL_MARKS,
    AnsweredPart,
    BadResponse,
    Choice,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.distances import worth_of_order, worth_of_rating
from assessments.question_types.entries import by_id, check_entries, check_fraction, check_stem, in_order, is_whole
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.judgement_authoring import AUTHOR_FORM, judgement_filled_in, judgement_put_together
from assessments.question_types.places import (
    choices_by_place,
    chosen_places,
    missing_places,
    order_given,
    order_in_words,
    parse_places,
    parts_by_place,
    place_rows,
    places_in_words,
    shuffled,
)
from assessments.question_types.rational import to_fraction, to_millionths, to_text
from assessments.question_types.words import check_keys, check_text, divide_stem, in_words, without_emphasis
from assessments.seeds import in_seeded_order

FEWEST, MOST = 3, 8
HALF = Fraction(1, 2)
SMALLEST_PANEL = 5
# Illustrative: the content guide's bound on how far a panel may differ.
WIDEST_SPREAD = Fraction(4, 5)
NUMBER_KEYS = frozenset({"key", "spread"})
AUTHORS_KEY = "No panel has rated this yet: the key is its author's, so it is for practice only."
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class SituationalJudgement(QuestionType):
    name = "situational_judgement"
    label = "Situational judgement"
    template_name = "assessments/question_types/situational_judgement.html"
    takes = frozenset({Asking.RATINGS})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "mode", "responses"), allowed=("scale", "panel"))
        problems += check_stem(definition, what="the dilemma and the question")
        mode = definition.get("mode")
        if mode not in ("rate", "rank"):
            problems.append(Problem("mode", "'mode' is 'rate' or 'rank'."))
        problems += check_entries(
            definition.get("responses"),
            "responses",
            word="response",
            fewest=FEWEST,
            most=MOST,
            needed=("key",),
            allowed=("spread", "feedback"),
        )
        if mode == "rate":
            problems += _check_scale(definition.get("scale"))
        elif "scale" in definition:
            problems.append(Problem("scale", "Only ratings have a scale; ranks are places."))
        problems += _check_panel(definition.get("panel"))
        if any(not problem.is_house_rule for problem in problems):
            return problems
        return problems + _check_keys(definition) + _check_responses(definition)

    def why_practice_only(self, definition: Definition) -> str:
        return "" if definition.get("panel") else AUTHORS_KEY

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        ids = list(by_id(definition["responses"]))
        if definition["mode"] == "rank":
            return shuffled(ids, seed)
        return in_seeded_order(ids, seed=seed, purpose="options", key=str)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            return parse_places(known, data, name)
        kept: dict[str, int] = {}
        for identity in known:
            typed = str(data.get(f"{name}.{identity}") or "")
            if not typed:
                continue
            if not (
                typed.isascii() and typed.isdigit() and len(typed) < 3 and 1 <= int(typed) <= len(definition["scale"])
            ):
                raise BadResponse("That is not on the scale of this question. Choose one of the ratings shown.")
            kept[identity] = int(typed)
        return {"ratings": kept} if kept else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        fraction = (
            _rank_mark(definition, response) if definition["mode"] == "rank" else _rating_mark(definition, response)
        )
        told = tuple(
            f"‘{without_emphasis(one['text'])}’: {one['feedback']}"
            for one in definition["responses"]
            if one.get("feedback")
        )
        return Marked(to_millionths(fraction), told)

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            return missing_places(known, response)
        done = len((response or {"ratings": ()})["ratings"])
        return "" if done == len(known) else f"{in_words(done).capitalize()} of {in_words(len(known))} are rated."

    def summarise(self, definition: Definition, response: Response | None) -> str:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            return places_in_words(known, response)
        ratings = {} if response is None else response["ratings"]
        return "; ".join(
            f"{without_emphasis(one['text'])}: {_label(definition, ratings[identity])}"
            for identity, one in known.items()
            if identity in ratings
        )

    def summarise_key(self, definition: Definition) -> str:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            ids = sorted(known, key=lambda identity: to_fraction(known[identity]["key"]))
            said = order_in_words(known, ids)
        else:
            said = "; ".join(
                f"{without_emphasis(one['text'])}: {_label(definition, to_fraction(one['key']))}"
                for one in known.values()
            )
        return said if definition.get("panel") else f"{said} (author's key)"

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            right = sorted(known, key=lambda identity: to_fraction(known[identity]["key"]))
            return parts_by_place(known, right, response)
        ratings = {} if response is None else response["ratings"]
        rated = {identity: _label(definition, rating) for identity, rating in ratings.items() if identity in known}
        keys = {identity: _label(definition, to_fraction(one["key"])) for identity, one in known.items()}
        return [
            AnsweredPart(
                without_emphasis(one["text"]),
                rated.get(identity, ""),
                keys[identity],
                # What counts is the distance from the experts: only their own rating is told apart.
                FULL_MARKS if rated.get(identity) == keys[identity] else None,
            )
            for identity, one in known.items()
        ]

    def choices(self, definition: Definition) -> list[Choice]:
        known = by_id(definition["responses"])
        if definition["mode"] == "rank":
            return choices_by_place(known, sorted(known, key=lambda identity: to_fraction(known[identity]["key"])))
        return [
            # Experts may stand between two ratings: the nearer is right, of two as near the lower.
            Choice(f"{identity}/{rating}", label, rating == ceil(to_fraction(one["key"]) - HALF), group=one["text"])
            for identity, one in known.items()
            for rating, label in enumerate(definition["scale"], start=1)
        ]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        if response is None:
            return []
        if definition["mode"] == "rank":
            return chosen_places(response)
        return [f"{identity}/{rating}" for identity, rating in response["ratings"].items()]

    def face(
        self,
        definition: Definition,
        response: Response | None,
        *,
        name: str = "answer",
        order: Sequence[str] = (),
        level: int = 1,
        is_closed: bool = False,
        error: str = "",
        typed: Posted | None = None,
    ) -> Face:
        scene, question = divide_stem(definition["stem"])
        known = by_id(definition["responses"])
        is_rank = definition["mode"] == "rank"
        if is_rank:
            order = order or self.option_order(definition, definition["stem"])
            more = place_rows(known, response, name=name, order=order)
        else:
            ratings = {} if response is None else response["ratings"]
            rows = [
                {"field": f"{name}.{one}", "text": known[one]["text"], "chosen": ratings.get(one, 0)}
                for one in in_order(known, order)
            ]
            more = {"rows": rows, "scale": list(enumerate(definition["scale"], start=1))}
        hint = "Give each a place. 1 is the best." if is_rank else "Rate each by itself. Two may have the same rating."
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            hint=hint if definition.get("panel") else f"{hint} Practice only: author's key, not yet rated by a panel.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={**more, "is_rank": is_rank},
        )

    def normalise(self, definition: Definition) -> dict[str, Any]:
        stored: dict[str, Any] = rational.as_stored(definition, keys=NUMBER_KEYS)
        # A file that says 'panel: null' means that there is none.
        return {key: value for key, value in stored.items() if key != "panel" or value is not None}

    def plain(self, definition: Definition) -> dict[str, Any]:
        return rational.as_written(definition, keys=NUMBER_KEYS)  # type: ignore[no-any-return]

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return judgement_filled_in(definition)

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        return judgement_put_together(values, lines)

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        mode = item.settings.get("mode", "rate")
        if not item.answers or any(answer.rating is None for answer in item.answers):
            raise NotExchanged("A response has no rating in its key.")
        responses = [
            {
                "id": answer.id or f"r{number}",
                "text": answer.text,
                "key": to_text(answer.rating or Fraction(0)),
                "feedback": answer.feedback,
            }
            for number, answer in enumerate(item.answers, start=1)
        ]
        kept = ("panel",) if mode == "rank" else ("scale", "panel")
        around = {name: item.settings[name] for name in kept if item.settings.get(name)}
        return {"stem": item.text, "mode": mode, "responses": responses, **around}

    def to_exchange(self, definition: Definition) -> Exchanged:
        each = Fraction(1, len(definition["responses"]))
        answers = tuple(
            Answer(
                text=one["text"],
                fraction=each,
                feedback=one.get("feedback", ""),
                rating=to_fraction(one["key"]),
                id=one["id"],
            )
            for one in definition["responses"]
        )
        settings = {name: definition[name] for name in ("mode", "scale", "panel") if name in definition}
        return Exchanged(Asking.RATINGS, definition["stem"], answers, type=self.name, settings=settings)


def _rating_mark(definition: Definition, response: Response | None) -> Fraction:
    ratings = {} if response is None else response["ratings"]
    top = len(definition["scale"])
    total = Fraction(0)
    for one in definition["responses"]:
        rating = ratings.get(one["id"])
        if rating is not None:
            total += worth_of_rating(rating, to_fraction(one["key"]), top)
    return total / len(definition["responses"])


def _rank_mark(definition: Definition, response: Response | None) -> Fraction:
    """Return the mark of an order; one that is not whole scores nothing."""
    keys = {one["id"]: to_fraction(one["key"]) for one in definition["responses"]}
    given = order_given(by_id(definition["responses"]), response)
    if len(given) < len(keys):
        return Fraction(0)
    return worth_of_order([keys[identity] for identity in given])


def _label(definition: Definition, rating: Fraction | int) -> str:
    """Return a rating in words; a panel's mean between two labels is a number."""
    if rating == int(rating) and 1 <= rating <= len(definition["scale"]):
        return str(definition["scale"][int(rating) - 1]).lower()
    return to_text(Fraction(rating))


def _check_scale(scale: Any) -> list[Problem]:
    if not isinstance(scale, list) or not 2 <= len(scale) <= 7:
        return [Problem("scale", "Write the scale as 2 to 7 labels, the worst first.")]
    problems = []
    for number, label in enumerate(scale):
        problems += check_text(label, f"scale.{number}", what="this label of the scale", longest=60)
    return problems


def _check_panel(panel: Any) -> list[Problem]:
    if panel is None:
        return []
    if not isinstance(panel, Mapping):
        return [Problem("panel", "Say how many rated it and when, or leave the panel out.")]
    problems = check_keys(panel, "panel", needed=("size", "on"), allowed=())
    size = panel.get("size")
    if not isinstance(size, int) or not is_whole(size) or size < 1:
        problems.append(Problem("panel.size", "Say how many rated it, as a whole number."))
    elif size < SMALLEST_PANEL:
        sentence = f"A panel has at least {in_words(SMALLEST_PANEL)} people; this one has {in_words(size)}."
        problems.append(Problem("panel.size", sentence, is_house_rule=True))
    if not isinstance(panel.get("on"), str) or not _DAY.fullmatch(panel["on"]):
        problems.append(Problem("panel.on", "Write the day the panel rated it as 2026-05-31."))
    return problems


def _check_keys(definition: Definition) -> list[Problem]:
    responses = definition["responses"]
    top = len(responses) if definition["mode"] == "rank" else len(definition["scale"])
    problems = []
    for number, one in enumerate(responses):
        problems += check_fraction(one["key"], f"responses.{number}.key", "the key", least=1, most=top)
        if "spread" in one:
            problems += check_fraction(one["spread"], f"responses.{number}.spread", "the spread", most=top)
    if problems or definition["mode"] == "rate":
        return problems
    places = sorted(to_fraction(one["key"]) for one in responses)
    if places != [Fraction(place) for place in range(1, top + 1)]:
        return [Problem("responses", f"The keys of a ranking are the places 1 to {top}, each once.")]
    return []


def _check_responses(definition: Definition) -> list[Problem]:
    problems = []
    for number, one in enumerate(definition["responses"]):
        path = f"responses.{number}"
        said = one.get("feedback", "")
        if isinstance(said, str) and not said.strip():
            sentence = "Write feedback for this response: what makes it better or worse."
            problems.append(Problem(f"{path}.feedback", sentence, is_house_rule=True))
        else:
            problems += check_text(said, f"{path}.feedback", what="feedback for this response")
        try:
            is_wide = to_fraction(one.get("spread", 0)) > WIDEST_SPREAD
        except ValueError:
            continue
        if is_wide:
            sentence = "The panel differed too far on this response (a spread above 0.8): leave it out, or have it rated again."
            problems.append(Problem(f"{path}.spread", sentence, is_house_rule=True))
    return problems


TYPE = SituationalJudgement()
