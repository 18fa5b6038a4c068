"""A number with a tolerance, compared exactly. Response: ``{"text": "1,000"}``, as it was typed.

``near`` lists wrong values that have a reason worth telling, each with its own fraction and, where it is said, its own tolerance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types import rational
from assessments.question_types.authoring import (
    VERDICTS,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Lines,
    Values,
    verdicts_filled_in,
    verdicts_put_together,
)
from assessments.question_types.contract import (
    FULL_MARKS,
    BadResponse,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.exchange import Answer, Asking, Exchanged
from assessments.question_types.travelling import around_from, first_right, settings_of
from assessments.question_types.words import (
    LONGEST_STEM,
    SURROUNDINGS,
    check_fraction,
    check_keys,
    check_surroundings,
    check_text,
    check_verdicts,
    comparable,
    divide_stem,
    has_structure,
    surroundings_of,
    told,
    without_hidden,
)

LONGEST_TYPED = 40
_DEFAULTS: dict[str, Any] = {"tolerance": "0", "near": []}
NUMBER_KEYS = frozenset({"fraction", "answer", "tolerance", "value"})
NUMBER_FORM = AuthorForm(
    (
        AuthorField("answer", "Right answer", Entry.NUMBER, "In figures, such as 24 or 1.5."),
        AuthorField(
            "tolerance", "Tolerance (optional)", Entry.NUMBER, "Answers this far away, above or below, are right too."
        ),
        AuthorField("unit", "Unit", Entry.WORDS, "Shown beside the box, such as ‘hours from arrival’."),
        *VERDICTS,
    ),
    (
        AuthorLines(
            "near",
            "Wrong values worth a word of their own (optional)",
            "wrong value",
            (
                AuthorField("value", "Wrong value", Entry.NUMBER),
                AuthorField("fraction", "Worth", Entry.NUMBER, "From 0 up to, not including, 1. Empty is 0."),
                AuthorField("feedback", "Feedback", Entry.LONG, "Say what mistake leads to this value."),
            ),
            blank=1,
        ),
    ),
)
_TYPED = re.compile(r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,12})?")


def read_number(typed: str, *, unit: str = "") -> Fraction:
    """Return the number somebody typed: any script's digits, any minus, thousands in commas, the unit repeated or not."""
    text = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in unicodedata.normalize("NFKC", typed)
        if unicodedata.category(letter) != "Cf"
    )
    text = text.replace("−", "-").replace("–", "-").replace(" ", " ").strip()
    words = re.split(r"(?<=[0-9])\s*(?=[^\W\d])", text, maxsplit=1)
    if len(words) == 2 and unit and comparable(unit).startswith(comparable(words[1])):
        text = words[0]
    text = text.strip()
    if not _TYPED.fullmatch(text):
        raise ValueError(typed)
    return Fraction(text.replace(",", ""))


class Number(QuestionType):
    name = "number"
    label = "A number"
    template_name = "assessments/question_types/number.html"
    takes = frozenset({Asking.NUMBER})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(
            definition, "", needed=("stem", "answer", "unit", "feedback"), allowed=("tolerance", "near", *SURROUNDINGS)
        )
        problems += check_text(
            definition.get("stem"), "stem", what="the situation and the question", longest=LONGEST_STEM
        )
        problems += check_text(
            definition.get("unit"), "unit", what="the unit, and when counting starts", longest=100, is_optional=True
        )
        problems += check_verdicts(definition)
        problems += check_surroundings(definition)
        problems += self._check_number(definition.get("answer"), "answer", "the answer")
        tolerance = definition.get("tolerance", 0)
        problems += self._check_number(tolerance, "tolerance", "the tolerance")
        near = definition.get("near", [])
        if not isinstance(near, list) or not all(isinstance(entry, Mapping) for entry in near):
            return [*problems, Problem("near", "Write the near answers as a list.")]
        for number, entry in enumerate(near):
            problems += self._check_near(entry, f"near.{number}")
        if not has_structure(problems):
            return problems
        if rational.to_fraction(tolerance) < 0:
            problems.append(Problem("tolerance", "A tolerance is 0 or more."))
        values = [rational.to_fraction(entry["value"]) for entry in near]
        for number, value in enumerate(values):
            if value in values[:number]:
                problems.append(Problem(f"near.{number}.value", "This value is listed twice.", is_house_rule=True))
            if self._is_right(definition, value):
                sentence = "This value is right, so it cannot be near."
                problems.append(Problem(f"near.{number}.value", sentence, is_house_rule=True))
        return problems

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        posted = str(data.get(name) or "")
        if len(posted) > LONGEST_TYPED:
            raise BadResponse(f"Write a number, for example 24. What you typed has {len(posted):,} characters.")
        typed = without_hidden(posted)
        if not typed:
            return None
        try:
            read_number(typed, unit=definition["unit"])
        except ValueError:
            raise BadResponse("Write a number in figures, for example 24 or 1.5.") from None
        return {"text": typed}

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        feedback, around = definition["feedback"], surroundings_of(definition)
        wrong = Marked(0, told(feedback["wrong"]) + around)
        if response is None:
            return wrong
        try:
            value = read_number(response["text"], unit=definition["unit"])
        except ValueError:
            return wrong
        if self._is_right(definition, value):
            return Marked(FULL_MARKS, told(feedback["right"]) + around)
        for entry in definition.get("near", []):
            if _is_within(value, entry["value"], entry.get("tolerance", 0)):
                fraction = rational.to_millionths(rational.to_fraction(entry["fraction"]))
                return Marked(fraction, told(entry["feedback"]) + around)
        return wrong

    def summarise(self, definition: Definition, response: Response | None) -> str:
        if response is None:
            return ""
        typed: str = response["text"]
        return typed if typed[-1:].isalpha() else f"{typed} {definition['unit']}".strip()

    def summarise_key(self, definition: Definition) -> str:
        answer = rational.to_text(rational.to_fraction(definition["answer"]))
        tolerance = rational.to_fraction(definition.get("tolerance", 0))
        within = f" (within {rational.to_text(tolerance)})" if tolerance else ""
        return f"{answer} {definition['unit']}".strip() + within

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return told(definition["feedback"]["right"])

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
        kept = "" if response is None else response["text"]
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            typed=kept if typed is None else str(typed.get(name) or ""),
            unit=definition["unit"],
            hint="Write the number in figures.",
            error=error,
            level=level,
            is_closed=is_closed,
        )

    def normalise(self, definition: Definition) -> dict[str, Any]:
        return rational.as_stored(definition, keys=NUMBER_KEYS)  # type: ignore[no-any-return]

    def plain(self, definition: Definition) -> dict[str, Any]:
        return rational.as_written(definition, keys=NUMBER_KEYS)  # type: ignore[no-any-return]

    def author_form(self) -> AuthorForm:
        return NUMBER_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        kept = {name: definition[name] for name in ("answer", "tolerance", "unit") if name in definition}
        return {**kept, **verdicts_filled_in(definition)}, {"near": definition.get("near", [])}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        told = {name: values.get(name, "") for name in ("answer", "unit", "tolerance")}
        if not told["tolerance"]:
            del told["tolerance"]
        near = [{**line, "fraction": line.get("fraction") or "0"} for line in lines.get("near", ())]
        return {**told, **({"near": near} if near else {}), "feedback": verdicts_put_together(values)}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        right = first_right(item.answers)
        answer = item.answers[right]
        near = [_near_from(one) for number, one in enumerate(item.answers) if number != right]
        definition: dict[str, Any] = {
            "stem": item.text,
            "answer": answer.text,
            "unit": str(item.settings.get("unit", "")),
            "feedback": {"right": answer.feedback, "wrong": item.feedback_wrong},
        }
        if answer.tolerance:
            definition["tolerance"] = rational.to_text(answer.tolerance)
        if near:
            definition["near"] = near
        return {**around_from(item, _DEFAULTS), **definition}

    def to_exchange(self, definition: Definition) -> Exchanged:
        feedback = definition["feedback"]
        tolerance = rational.to_fraction(definition.get("tolerance", 0))
        right = Answer(str(definition["answer"]), Fraction(1), feedback["right"], tolerance=tolerance)
        return Exchanged(
            Asking.NUMBER,
            definition["stem"],
            (right, *(_near_to(entry) for entry in definition.get("near", []))),
            type=self.name,
            is_shuffled=False,
            feedback=definition.get("explanation", ""),
            feedback_wrong=feedback["wrong"],
            settings=settings_of(definition, _DEFAULTS, unit=definition["unit"]),
        )

    def _is_right(self, definition: Definition, value: Fraction) -> bool:
        return _is_within(value, definition["answer"], definition.get("tolerance", 0))

    def _check_number(self, value: Any, path: str, what: str) -> list[Problem]:
        try:
            rational.to_fraction(value)
        except ValueError:
            return [Problem(path, f"Write {what} as a number.")]
        return []

    def _check_near(self, entry: Mapping[str, Any], path: str) -> list[Problem]:
        problems = check_keys(entry, path, needed=("value", "fraction", "feedback"), allowed=("tolerance",))
        problems += self._check_number(entry.get("value"), f"{path}.value", "the near answer")
        problems += self._check_number(entry.get("tolerance", 0), f"{path}.tolerance", "the tolerance")
        problems += check_text(
            entry.get("feedback"), f"{path}.feedback", what="feedback for this near answer", is_optional=True
        )
        unreadable = check_fraction(entry.get("fraction"), f"{path}.fraction")
        if not unreadable and not 0 <= rational.to_fraction(entry["fraction"]) < 1:
            sentence = "A near answer earns from 0 up to, but not including, 1."
            problems.append(Problem(f"{path}.fraction", sentence, is_house_rule=True))
        return problems + unreadable


def _near_from(answer: Answer) -> dict[str, Any]:
    near = {"value": answer.text, "fraction": rational.to_text(answer.fraction), "feedback": answer.feedback}
    return {**near, "tolerance": rational.to_text(answer.tolerance)} if answer.tolerance else near


def _near_to(entry: Mapping[str, Any]) -> Answer:
    tolerance = rational.to_fraction(entry.get("tolerance", 0))
    fraction = rational.to_fraction(entry["fraction"])
    return Answer(str(entry["value"]), fraction, entry["feedback"], tolerance=tolerance)


def _is_within(value: Fraction, middle: Any, tolerance: Any) -> bool:
    return abs(value - rational.to_fraction(middle)) <= rational.to_fraction(tolerance)


TYPE = Number()
