"""A single rule people get wrong: true or false. Response: ``{"answer": true}``."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types.authoring import (
    VERDICTS,
    AuthorField,
    AuthorForm,
    Entry,
    Lines,
    Values,
    verdicts_filled_in,
    verdicts_put_together,
)
from assessments.question_types.contract import (
    FULL_MARKS,
    BadResponse,
    Choice,
    Definition,
    Face,
    FaceOption,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.travelling import around_from
from assessments.question_types.words import (
    LONGEST_STEM,
    SURROUNDINGS,
    check_keys,
    check_surroundings,
    check_text,
    check_verdicts,
    divide_stem,
    surroundings_of,
    told,
)

WORDS = {True: "True", False: "False"}


class TrueFalse(QuestionType):
    name = "true_false"
    label = "True or false"
    template_name = "assessments/question_types/true_false.html"
    takes = frozenset({Asking.TRUTH})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "answer", "feedback"), allowed=SURROUNDINGS)
        problems += check_text(definition.get("stem"), "stem", what="the statement", longest=LONGEST_STEM)
        if not isinstance(definition.get("answer"), bool):
            problems.append(Problem("answer", "The answer is true or false."))
        return problems + check_verdicts(definition) + check_surroundings(definition)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        value = data.get(name)
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise BadResponse("That is not one of the answers of this question. Choose true or false.")
        return {"answer": value == "true"}

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        is_right = response is not None and response["answer"] is definition["answer"]
        feedback = told(definition["feedback"]["right" if is_right else "wrong"])
        return Marked(FULL_MARKS if is_right else 0, feedback + surroundings_of(definition))

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else WORDS[response["answer"]]

    def summarise_key(self, definition: Definition) -> str:
        return WORDS[definition["answer"]]

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return told(definition["feedback"]["right"])

    def choices(self, definition: Definition) -> list[Choice]:
        return [Choice(str(value).lower(), WORDS[value], definition["answer"] is value) for value in (True, False)]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return [] if response is None else [str(response["answer"]).lower()]

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
        chosen = None if response is None else response["answer"]
        options = tuple(
            FaceOption(
                id=str(value).lower(),
                text=WORDS[value],
                is_chosen=chosen is value,
                is_right=definition["answer"] is value,
                feedback=definition["feedback"]["right" if definition["answer"] is value else "wrong"],
            )
            for value in (True, False)
        )
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            options=options,
            hint="True or false?",
            error=error,
            level=level,
            is_closed=is_closed,
        )

    def author_form(self) -> AuthorForm:
        choices = (("true", "True"), ("false", "False"))
        return AuthorForm((AuthorField("answer", "The statement is", Entry.CHOICE, choices=choices), *VERDICTS))

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return {"answer": "true" if definition["answer"] else "false", **verdicts_filled_in(definition)}, {}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        answer = {"true": True, "false": False}.get(values.get("answer", ""))
        return {"answer": answer, "feedback": verdicts_put_together(values)}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        told_of = {answer.text: answer for answer in item.answers}
        if set(told_of) != set(WORDS.values()):
            raise NotExchanged("Its answers are not True and False.")
        answer = told_of["True"].fraction > told_of["False"].fraction
        feedback = {"right": told_of[WORDS[answer]].feedback, "wrong": told_of[WORDS[not answer]].feedback}
        return {"stem": item.text, "answer": answer, "feedback": feedback, **around_from(item, {})}

    def to_exchange(self, definition: Definition) -> Exchanged:
        answer, feedback = definition["answer"], definition["feedback"]
        return Exchanged(
            Asking.TRUTH,
            definition["stem"],
            tuple(
                Answer(WORDS[value], Fraction(value is answer), feedback["right" if value is answer else "wrong"])
                for value in (True, False)
            ),
            type=self.name,
            is_shuffled=False,
            feedback=definition.get("explanation", ""),
        )


TYPE = TrueFalse()
