"""One best answer from a list. Response: ``{"option": "b"}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.question_types.authoring import AuthorForm, Lines, Values
from assessments.question_types.contract import (
    Choice,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.exchange import Asking, Exchanged
from assessments.question_types.options import (
    check_options,
    choice_form,
    choices_of,
    chosen_from,
    feedback_of,
    fractions_of,
    options_filled_in,
    options_put_together,
    order_of_options,
    shown_options,
    texts_of,
)
from assessments.question_types.rational import to_millionths
from assessments.question_types.travelling import answers_from, around_from, options_from, settings_of
from assessments.question_types.words import (
    LONGEST_STEM,
    SURROUNDINGS,
    check_keys,
    check_surroundings,
    check_text,
    divide_stem,
    has_structure,
    surroundings_of,
)

_DEFAULTS = {"shuffle": True}


class SingleChoice(QuestionType):
    name = "single_choice"
    label = "One answer from a list"
    template_name = "assessments/question_types/single_choice.html"
    takes = frozenset({Asking.CHOICE})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "options"), allowed=("shuffle", *SURROUNDINGS))
        problems += check_text(
            definition.get("stem"), "stem", what="the situation and the question", longest=LONGEST_STEM
        )
        problems += check_options(definition)
        problems += check_surroundings(definition)
        if not has_structure(problems):
            return problems
        fractions = list(fractions_of(definition).values())
        right = sum(fraction == 1 for fraction in fractions)
        if right != 1:
            sentence = "Exactly one option is right: give one of them the fraction 1."
            problems.append(Problem("options", sentence, is_house_rule=right > 1))
        if any(fraction < 0 for fraction in fractions):
            # Marked as 0: nobody has less than no marks.
            sentence = "Fractions of a single choice lie between 0 and 1."
            problems.append(Problem("options", sentence, is_house_rule=True))
        return problems

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        return order_of_options(definition, seed)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        chosen = chosen_from(definition, [data.get(name)])
        return {"option": chosen[0]} if chosen else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        if response is None:
            return Marked(0, feedback_of(definition, self._right(definition)) + surroundings_of(definition))
        chosen = response["option"]
        fraction = fractions_of(definition).get(chosen)
        told = feedback_of(definition, [chosen]) + surroundings_of(definition)
        return Marked(0 if fraction is None else to_millionths(fraction), told)

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else "".join(texts_of(definition, [response["option"]]))

    def summarise_key(self, definition: Definition) -> str:
        return " or ".join(texts_of(definition, self._right(definition)))

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return feedback_of(definition, self._right(definition))

    def choices(self, definition: Definition) -> list[Choice]:
        return choices_of(definition)

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return [] if response is None else [response["option"]]

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
        chosen = [] if response is None else [response["option"]]
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            options=shown_options(definition, chosen, order),
            error=error,
            level=level,
            is_closed=is_closed,
        )

    def author_form(self) -> AuthorForm:
        return choice_form()

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return options_filled_in(definition)

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        return options_put_together(values, lines)

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        shuffle = {} if item.is_shuffled else {"shuffle": False}
        return {"stem": item.text, "options": options_from(item), **around_from(item, _DEFAULTS), **shuffle}

    def to_exchange(self, definition: Definition) -> Exchanged:
        return Exchanged(
            Asking.CHOICE,
            definition["stem"],
            answers_from(definition["options"]),
            type=self.name,
            is_shuffled=definition.get("shuffle") is not False,
            feedback=definition.get("explanation", ""),
            settings=settings_of(definition, _DEFAULTS),
        )

    def _right(self, definition: Definition) -> list[str]:
        return [identity for identity, fraction in fractions_of(definition).items() if fraction == 1]


TYPE = SingleChoice()
