"""Several answers from a list; the stem's form says how many. Response: ``{"options": ["a", "c"]}``.

With ``partial`` right picks share full marks and wrong picks take away, never below 0; without it only the exact set scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types.authoring import AuthorField, AuthorForm, Entry, Lines, Values, whole_number
from assessments.question_types.contract import (
    FULL_MARKS,
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
    in_words,
    surroundings_of,
)

CHOOSE = AuthorField(
    "choose",
    "How many to choose",
    Entry.WHOLE,
    "As many as are right. The worths of the right ones add up to 1.",
)
PARTIAL = AuthorField(
    "partial",
    "Give part of the marks for part of the answer",
    Entry.TICK,
    "Wrong options then take marks away: give each a worth below 0, such as -0.5.",
)
_DEFAULTS = {"partial": False, "shuffle": True}
# Thirds written as 0.333 add up to a little less than 1.
TOLERANCE = Fraction(1, 100)


class MultipleResponse(QuestionType):
    name = "multiple_response"
    label = "Several answers from a list"
    template_name = "assessments/question_types/multiple_response.html"
    takes = frozenset({Asking.CHOICES})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(
            definition, "", needed=("stem", "options", "choose"), allowed=("partial", "shuffle", *SURROUNDINGS)
        )
        problems += check_text(
            definition.get("stem"), "stem", what="the situation and the question", longest=LONGEST_STEM
        )
        problems += check_options(definition)
        problems += check_surroundings(definition)
        if not isinstance(definition.get("partial", False), bool):
            problems.append(Problem("partial", "'partial' is true or false."))
        choose = definition.get("choose")
        if isinstance(choose, bool) or not isinstance(choose, int):
            problems.append(Problem("choose", "Say how many to choose, as a whole number."))
        elif isinstance(definition.get("options"), list) and not 1 <= choose <= len(definition["options"]):
            problems.append(Problem("choose", "Say how many to choose: at least one, at most all."))
        if not has_structure(problems):
            return problems
        right = [fraction for fraction in fractions_of(definition).values() if fraction > 0]
        wrong = [fraction for fraction in fractions_of(definition).values() if fraction <= 0]
        if choose != len(right):
            sentence = f"{len(right)} options are right, so candidates choose {len(right)}, not {choose}."
            problems.append(Problem("choose", sentence, is_house_rule=bool(right)))
        if not right or abs(sum(right, Fraction(-1))) > TOLERANCE:
            sentence = "The fractions of the right options add up to 1."
            problems.append(Problem("options", sentence, is_house_rule=bool(right)))
        if not wrong:
            problems.append(Problem("options", "At least one option is wrong.", is_house_rule=True))
        elif definition.get("partial") and any(fraction == 0 for fraction in wrong):
            sentence = "With partial credit a wrong option takes marks away: give it a negative fraction."
            problems.append(Problem("options", sentence, is_house_rule=True))
        return problems

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        return order_of_options(definition, seed)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        chosen = chosen_from(definition, data.getlist(name))
        return {"options": chosen} if chosen else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        right = self._right(definition)
        around = surroundings_of(definition)
        if response is None:
            return Marked(0, feedback_of(definition, right) + around)
        chosen = set(response["options"])
        told = feedback_of(definition, chosen) + around
        if chosen == right:
            return Marked(FULL_MARKS, told)
        if not definition.get("partial"):
            return Marked(0, told)
        fractions = fractions_of(definition)
        total = sum((fractions.get(identity, Fraction(0)) for identity in chosen), Fraction(0))
        # Only the exact set earns full marks, whatever rounded fractions add up to.
        return Marked(min(to_millionths(total), FULL_MARKS - 1), told)

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else "; ".join(texts_of(definition, response["options"]))

    def summarise_key(self, definition: Definition) -> str:
        return "; ".join(texts_of(definition, self._right(definition)))

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return feedback_of(definition, self._right(definition))

    def choices(self, definition: Definition) -> list[Choice]:
        return choices_of(definition)

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return [] if response is None else list(response["options"])

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
        choose = definition["choose"]
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            options=shown_options(definition, [] if response is None else response["options"], order),
            hint=f"Choose {in_words(choose)}."
            + (" A wrong choice takes marks away." if definition.get("partial") else ""),
            error=error,
            level=level,
            is_closed=is_closed,
        )

    def author_form(self) -> AuthorForm:
        return choice_form(CHOOSE, PARTIAL)

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        values, lines = options_filled_in(definition)
        return {**values, "choose": definition["choose"], "partial": definition.get("partial", False)}, lines

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        partial = {"partial": True} if values.get("partial") else {}
        return {**options_put_together(values, lines), "choose": whole_number(values.get("choose", "")), **partial}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        right = sum(answer.fraction > 0 for answer in item.answers)
        choose = item.settings.get("choose", right)
        definition = {"stem": item.text, "options": options_from(item), "choose": choose}
        if item.settings.get("partial", True):
            definition["partial"] = True
        if not item.is_shuffled:
            definition["shuffle"] = False
        return {**around_from(item, _DEFAULTS), **definition}

    def to_exchange(self, definition: Definition) -> Exchanged:
        answers = answers_from(definition["options"])
        more: dict[str, Any] = {} if definition.get("partial") else {"partial": False}
        if definition["choose"] != sum(answer.fraction > 0 for answer in answers):
            more["choose"] = definition["choose"]
        return Exchanged(
            Asking.CHOICES,
            definition["stem"],
            answers,
            type=self.name,
            is_shuffled=definition.get("shuffle") is not False,
            feedback=definition.get("explanation", ""),
            settings=settings_of(definition, _DEFAULTS, **more),
        )

    def _right(self, definition: Definition) -> set[str]:
        return {identity for identity, fraction in fractions_of(definition).items() if fraction > 0}


TYPE = MultipleResponse()
