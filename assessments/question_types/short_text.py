"""One or two words, compared without case, punctuation, invisible characters and double spaces. Response: ``{"text": "AMHP"}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.question_types.authoring import AuthorField, AuthorForm, AuthorLines, Entry, Lines, Values
from assessments.question_types.contract import (
    BadResponse,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.exchange import Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_fraction, to_millionths, to_text
from assessments.question_types.travelling import answers_from, around_from
from assessments.question_types.words import (
    LONGEST_STEM,
    SURROUNDINGS,
    check_fraction,
    check_keys,
    check_surroundings,
    check_text,
    comparable,
    divide_stem,
    has_structure,
    surroundings_of,
    told,
    without_hidden,
)

LONGEST_TYPED = 200
ACCEPTED_LINES = AuthorLines(
    "accept",
    "Accepted answers",
    "accepted answer",
    (
        AuthorField("text", "Accepted answer", Entry.WORDS, "Capitals and punctuation do not matter."),
        AuthorField("fraction", "Worth", Entry.NUMBER, "1 is full marks, 0.5 half of them."),
        AuthorField("feedback", "Feedback", Entry.LONG),
    ),
    blank=2,
)


class ShortText(QuestionType):
    name = "short_text"
    label = "One or two words"
    template_name = "assessments/question_types/short_text.html"
    takes = frozenset({Asking.TEXT})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "accept", "otherwise"), allowed=SURROUNDINGS)
        problems += check_text(
            definition.get("stem"), "stem", what="the situation and the question", longest=LONGEST_STEM
        )
        problems += check_text(
            definition.get("otherwise"), "otherwise", what="feedback for every other answer", is_optional=True
        )
        problems += check_surroundings(definition)
        accept = definition.get("accept")
        if not isinstance(accept, list) or not accept or not all(isinstance(entry, Mapping) for entry in accept):
            return [*problems, Problem("accept", "List at least one accepted answer.")]
        seen: set[str] = set()
        for number, entry in enumerate(accept):
            problems += self._check_accepted(entry, f"accept.{number}", seen)
        if has_structure(problems) and not any(to_fraction(entry["fraction"]) == 1 for entry in accept):
            problems.append(Problem("accept", "At least one accepted answer earns full marks: give it the fraction 1."))
        return problems

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        posted = str(data.get(name) or "")
        if len(posted) > LONGEST_TYPED:
            raise BadResponse(
                f"Shorten your answer to {LONGEST_TYPED} characters or fewer; it has {len(posted):,}. One or two words are enough."
            )
        typed = without_hidden(posted)
        return {"text": typed} if typed else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        around = surroundings_of(definition)
        if response is not None:
            typed = comparable(response["text"])
            for entry in definition["accept"]:
                if typed == comparable(entry["text"]):
                    return Marked(to_millionths(to_fraction(entry["fraction"])), told(entry["feedback"]) + around)
        return Marked(0, told(definition["otherwise"]) + around)

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else str(response["text"])

    def summarise_key(self, definition: Definition) -> str:
        return " or ".join(entry["text"] for entry in definition["accept"] if to_fraction(entry["fraction"]) == 1)

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        right = [entry["feedback"] for entry in definition["accept"] if to_fraction(entry["fraction"]) == 1]
        return told(*dict.fromkeys(right))

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
            hint="One or two words. Capitals and punctuation do not matter.",
            error=error,
            level=level,
            is_closed=is_closed,
        )

    def author_form(self) -> AuthorForm:
        return AuthorForm((AuthorField("otherwise", "Feedback for every other answer", Entry.LONG),), (ACCEPTED_LINES,))

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return {"otherwise": definition["otherwise"]}, {"accept": definition["accept"]}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        return {"accept": [dict(line) for line in lines.get("accept", ())], "otherwise": values.get("otherwise", "")}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        if any("*" in answer.text for answer in item.answers):
            raise NotExchanged("An answer has a star for any letters, and our questions compare whole words.")
        accept = [
            {"text": answer.text, "fraction": to_text(answer.fraction), "feedback": answer.feedback}
            for answer in item.answers
        ]
        return {"stem": item.text, "accept": accept, "otherwise": item.feedback_wrong, **around_from(item, {})}

    def to_exchange(self, definition: Definition) -> Exchanged:
        return Exchanged(
            Asking.TEXT,
            definition["stem"],
            answers_from(definition["accept"]),
            type=self.name,
            is_shuffled=False,
            feedback=definition.get("explanation", ""),
            feedback_wrong=definition["otherwise"],
        )

    def _check_accepted(self, entry: Mapping[str, Any], path: str, seen: set[str]) -> list[Problem]:
        problems = check_keys(entry, path, needed=("text", "fraction", "feedback"), allowed=())
        text = str(entry.get("text", ""))
        problems += check_text(entry.get("text"), f"{path}.text", what="the accepted answer", longest=LONGEST_TYPED)
        if len(text) > LONGEST_TYPED:
            problems.append(Problem(f"{path}.text", "No candidate can type an answer as long as this."))
        problems += check_text(
            entry.get("feedback"), f"{path}.feedback", what="feedback for this answer", is_optional=True
        )
        words = comparable(text)
        if has_structure(problems) and not words:
            problems.append(Problem(f"{path}.text", "The accepted answer has no letter or digit to compare."))
        if words and words in seen:
            sentence = "This answer is listed twice; case and punctuation do not count."
            problems.append(Problem(f"{path}.text", sentence, is_house_rule=True))
        seen.add(words)
        unreadable = check_fraction(entry.get("fraction"), f"{path}.fraction")
        if not unreadable and to_fraction(entry["fraction"]) < 0:
            sentence = "An accepted answer earns from 0 to 1."
            problems.append(Problem(f"{path}.fraction", sentence, is_house_rule=True))
        return problems + unreadable


TYPE = ShortText()
