"""An answer in the officer's own words, marked by a person. Response: ``{"text": "…"}``.

Definition: ``lines`` (the height of the box), ``most_words`` (said, and counted, never enforced: nothing written is lost), ``guidance`` for
the marker, which candidates never see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assessments.question_types.authoring import AuthorField, AuthorForm, Entry, Lines, Values, whole_number
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
from assessments.question_types.entries import check_stem, is_whole
from assessments.question_types.exchange import Asking, Exchanged
from assessments.question_types.words import check_keys, check_text, divide_stem, without_hidden

LONGEST_TYPED = 20_000
USUAL_LINES, MOST_LINES = 8, 40
AUTHOR_FORM = AuthorForm(
    (
        AuthorField(
            "lines", "Lines of the box", Entry.WHOLE, f"Empty is {USUAL_LINES}. The box grows with what is written."
        ),
        AuthorField(
            "most_words", "Words at most (optional)", Entry.WHOLE, "Said to candidates. More is kept all the same."
        ),
        AuthorField(
            "guidance", "Guidance for the marker", Entry.LONG, "What a good answer has. Candidates never see it."
        ),
    )
)


class Written(QuestionType):
    name = "written"
    label = "A written answer"
    template_name = "assessments/question_types/written.html"
    is_closed = False
    takes = frozenset({Asking.OPEN})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem",), allowed=("lines", "most_words", "guidance"))
        problems += check_stem(definition)
        lines = definition.get("lines", USUAL_LINES)
        if not is_whole(lines) or not 1 <= lines <= MOST_LINES:
            problems.append(Problem("lines", f"The box has 1 to {MOST_LINES} lines."))
        words = definition.get("most_words", 1)
        if not is_whole(words) or not 1 <= words <= 4_000:
            problems.append(Problem("most_words", "Words at most are 1 to 4,000, or left out."))
        guidance = definition.get("guidance", "")
        if isinstance(guidance, str) and not guidance.strip():
            sentence = "Write what a good answer has, so that markers agree."
            return [*problems, Problem("guidance", sentence, is_house_rule=True)]
        return problems + check_text(guidance, "guidance", what="the guidance for the marker", longest=10_000)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        posted = str(data.get(name) or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(posted) > LONGEST_TYPED:
            raise BadResponse(
                f"Shorten your answer to {LONGEST_TYPED:,} characters or fewer; it has {len(posted):,}. What you wrote stays in the box."
            )
        # Lines stay; what nobody can see goes.
        text = "\n".join(_line(line) for line in posted.split("\n")).strip("\n")
        return {"text": text} if text.strip() else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        """Nothing written scores nothing; everything else waits for a person."""
        return Marked(0) if response is None else Marked(None)

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        most = definition.get("most_words")
        count = len((response or {"text": ""})["text"].split())
        return f"It has {count:,} words; the limit is {most:,}." if most and count > most else ""

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else str(response["text"])

    def summarise_key(self, definition: Definition) -> str:
        return ""

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
        most = definition.get("most_words")
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            typed=kept if typed is None else str(typed.get(name) or ""),
            hint=(f"Use {most:,} words at most. " if most else "") + "A person marks this answer.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={"lines": definition.get("lines", USUAL_LINES)},
        )

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return {name: definition.get(name, "") for name in ("lines", "most_words", "guidance")}, {}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        told = {name: whole_number(values[name]) for name in ("lines", "most_words") if values.get(name)}
        return {**told, **({"guidance": values["guidance"]} if values.get("guidance") else {})}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        lines = item.settings.get("lines") or USUAL_LINES
        made: dict[str, Any] = {"stem": item.text, "lines": min(max(int(lines), 1), MOST_LINES)}
        if item.settings.get("most_words"):
            made["most_words"] = int(item.settings["most_words"])
        guidance = item.settings.get("guidance")
        return {**made, **({"guidance": guidance} if guidance else {})}

    def to_exchange(self, definition: Definition) -> Exchanged:
        settings = {name: definition[name] for name in ("lines", "most_words", "guidance") if name in definition}
        return Exchanged(Asking.OPEN, definition["stem"], type=self.name, settings=settings)


def _line(line: str) -> str:
    kept = without_hidden(line)
    indent = line[: len(line) - len(line.lstrip(" "))]
    return indent + kept if kept else ""


TYPE = Written()
