"""Put things in order. Response: ``{"places": {"a": 1}}``, see ``places``.

Definition: ``items: [{id, text}]`` in the right order, ``scoring`` (``exact``: all or nothing; ``neighbours``: the share of neighbours that
follow each other; ``places``: the share at the right place), ``feedback: {right, wrong}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from assessments.question_types.authoring import (
    ID,
    VERDICTS,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Lines,
    Values,
    verdicts_filled_in,
    verdicts_put_together,
    with_quiet_ids,
)
from assessments.question_types.contract import (
    AnsweredPart,
    Choice,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.entries import by_id, check_entries, check_stem, check_told, told
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
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
from assessments.question_types.rational import to_millionths
from assessments.question_types.words import check_keys, divide_stem

FEWEST, MOST = 3, 10
SCORINGS = {
    "exact": "All or nothing",
    "neighbours": "The share of neighbours that follow each other",
    "places": "The share of items at the right place",
}
AUTHOR_FORM = AuthorForm(
    (
        AuthorField("scoring", "Marks", Entry.CHOICE, choices=tuple(SCORINGS.items()), begins_with="neighbours"),
        *VERDICTS,
    ),
    (
        AuthorLines(
            "items",
            "Items, in the right order",
            "item",
            (ID, AuthorField("text", "Item", Entry.LONG)),
            blank=4,
            most=MOST,
        ),
    ),
)


class Ordering(QuestionType):
    name = "ordering"
    label = "Put in order"
    template_name = "assessments/question_types/ordering.html"
    takes = frozenset({Asking.ORDER})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "items"), allowed=("scoring", "feedback"))
        problems += check_stem(definition) + check_told(definition.get("feedback"))
        problems += check_entries(definition.get("items"), "items", word="item", fewest=FEWEST, most=MOST)
        if definition.get("scoring", "exact") not in SCORINGS:
            problems.append(Problem("scoring", "'scoring' is 'exact', 'neighbours' or 'places'."))
        if not problems and sorted(by_id(definition["items"])) == list(by_id(definition["items"])):
            sentence = "Give the items ids that do not run in the right order: they can be read in the page's source."
            problems.append(Problem("items", sentence, is_house_rule=True))
        return problems

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        return shuffled(list(by_id(definition["items"])), seed)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        return parse_places(by_id(definition["items"]), data, name)

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        right = list(by_id(definition["items"]))
        given = order_given(by_id(definition["items"]), response)
        fraction = Fraction(1 if given == right else 0)
        scoring = definition.get("scoring", "exact")
        if scoring == "neighbours":
            follows = set(pairwise(right))
            fraction = Fraction(sum(pair in follows for pair in pairwise(given)), len(right) - 1)
        elif scoring == "places":
            places = {} if response is None else response["places"]
            at_place = sum(places.get(identity) == place for place, identity in enumerate(right, start=1))
            # A place given twice is right for neither.
            doubled = [identity for identity in places if identity not in given]
            at_place -= sum(places[identity] == right.index(identity) + 1 for identity in doubled if identity in right)
            fraction = Fraction(at_place, len(right))
        return Marked(to_millionths(fraction), told(definition, given == right))

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        return missing_places(by_id(definition["items"]), response)

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return places_in_words(by_id(definition["items"]), response)

    def summarise_key(self, definition: Definition) -> str:
        return order_in_words(by_id(definition["items"]), list(by_id(definition["items"])))

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        entries = by_id(definition["items"])
        return parts_by_place(entries, list(entries), response)

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return told(definition, True)

    def choices(self, definition: Definition) -> list[Choice]:
        return choices_by_place(by_id(definition["items"]), list(by_id(definition["items"])))

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return chosen_places(response)

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
        entries = by_id(definition["items"])
        # Without an order of the attempt's own (a preview) the right one would show.
        order = order or self.option_order(definition, definition["stem"])
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            hint="Give each a place. 1 comes first.",
            error=error,
            level=level,
            is_closed=is_closed,
            more=place_rows(entries, response, name=name, order=order),
        )

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        values = {"scoring": definition.get("scoring", "exact"), **verdicts_filled_in(definition)}
        return values, {"items": definition["items"]}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        items = with_quiet_ids([dict(line) for line in lines.get("items", ())])
        scoring = values.get("scoring") or "exact"
        return {"items": items, "scoring": scoring, "feedback": verdicts_put_together(values)}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        if len(item.answers) < FEWEST:
            raise NotExchanged(f"It has {len(item.answers)} items to put in order; {FEWEST} are needed.")
        items = with_quiet_ids([{"id": answer.id, "text": answer.text} for answer in item.answers])
        return {
            "stem": item.text,
            "items": items,
            "scoring": item.settings.get("scoring", "exact"),
            "feedback": {"right": item.feedback_right, "wrong": item.feedback_wrong},
        }

    def to_exchange(self, definition: Definition) -> Exchanged:
        feedback = definition.get("feedback") or {}
        each = Fraction(1, len(definition["items"]))
        return Exchanged(
            asking=Asking.ORDER,
            text=definition["stem"],
            answers=tuple(Answer(text=item["text"], fraction=each, id=item["id"]) for item in definition["items"]),
            type=self.name,
            feedback_right=feedback.get("right", ""),
            feedback_wrong=feedback.get("wrong", ""),
            settings={"scoring": definition.get("scoring", "exact")},
        )


TYPE = Ordering()
