"""One case and several questions about it, shown together. Response: ``{"parts": {"p1": response}}`` of the parts that were answered.

Definition: the stem is the case; ``parts: [{id, since?, type, weight?, definition}]``, each a question of another type that follows time.
Each can be answered even if the one before was missed. The mark is the weighted mean of the parts', and waits while a part waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessments.question_types import registry
from assessments.question_types.authoring import (
    AuthorField,
    AuthorForm,
    AuthorParts,
    Entry,
    Lines,
    Values,
    with_ids,
)
from assessments.question_types.contract import (
    AnsweredPart,
    BadResponse,
    Choice,
    Definition,
    Face,
    FacePart,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.entries import ID, check_entries, check_fraction, check_stem, share
from assessments.question_types.exchange import Asking, Exchanged, NotExchanged
from assessments.question_types.rational import as_stored, as_written, to_fraction, to_text
from assessments.question_types.words import (
    check_keys,
    check_surroundings,
    check_text,
    divide_stem,
    in_words,
    with_explanation,
    without_emphasis,
)

FEWEST, MOST = 2, 8
MOST_WEIGHT = 100
# Files belong to a whole question, and a case inside a case would be read by nobody.
NOT_INSIDE = ("scenario", "file_upload")


class Scenario(QuestionType):
    name = "scenario"
    label = "A case with several questions"
    template_name = "assessments/question_types/scenario.html"
    takes = frozenset({Asking.CASE})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "parts"), allowed=())
        problems += check_stem(definition, what="the case")
        problems += check_entries(
            definition.get("parts"),
            "parts",
            word="question",
            fewest=FEWEST,
            most=MOST,
            needed=("type", "definition"),
            allowed=("since", "weight"),
            texts=False,
        )
        if problems:
            return problems
        for number, part in enumerate(definition["parts"]):
            problems += _check_part(part, f"parts.{number}")
        return problems

    def is_marked_by_machine(self, definition: Definition) -> bool:
        parts = definition.get("parts")
        known = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
        return all(registry.get(part["type"]).is_closed for part in known if part.get("type") in registry.names())

    def why_practice_only(self, definition: Definition) -> str:
        return next((why for part in _parts(definition) if (why := part.kind.why_practice_only(part.definition))), "")

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        """Return ``part/option`` for each part in the order its own type gives: one list for all."""
        return [
            f"{part.id}/{option}"
            for part in _parts(definition)
            for option in part.kind.option_order(part.definition, f"{seed}/{part.id}")
        ]

    def written_order(self, definition: Definition, seed: str) -> list[str]:
        return [
            f"{part.id}/{option}"
            for part in _parts(definition)
            for option in part.kind.written_order(part.definition, f"{seed}/{part.id}")
        ]

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        kept = {}
        for number, part in enumerate(_parts(definition), start=1):
            try:
                response = part.kind.parse(part.definition, data, f"{name}.{part.id}")
            except BadResponse as refused:
                raise BadResponse(f"Part {number} of this case: {refused}") from None
            if response is not None:
                kept[part.id] = response
        return {"parts": kept} if kept else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        answers = {} if response is None else response["parts"]
        weighted, told, waits = [], [], False
        for number, part in enumerate(_parts(definition), start=1):
            marked = part.kind.mark(part.definition, answers.get(part.id))
            if answers and part.id not in answers:
                # What a type tells of no answer begins as if the right one had been given.
                told.append(f"Part {number} has no answer.")
            else:
                told += [f"Part {number}: {words}" for words in with_explanation(part.definition, marked.feedback)]
            if marked.fraction is None:
                waits = True
            else:
                weighted.append((part.weight, Fraction(marked.fraction)))
        if waits:
            return Marked(None, tuple(told))
        return Marked(int(share(weighted) + Fraction(1, 2)), tuple(told))

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        answers = {} if response is None else response["parts"]
        parts = _parts(definition)
        if len(answers) < len(parts):
            return f"{in_words(len(answers)).capitalize()} of its {in_words(len(parts))} parts are answered."
        missing = [
            (number, part.kind.what_is_missing(part.definition, answers[part.id])) for number, part in _numbered(parts)
        ]
        return next((f"Part {number}: {words}" for number, words in missing if words), "")

    def summarise(self, definition: Definition, response: Response | None) -> str:
        answers = {} if response is None else response["parts"]
        said = [
            (number, part.kind.summarise(part.definition, answers.get(part.id)))
            for number, part in _numbered(_parts(definition))
        ]
        return "; ".join(f"({number}) {words}" for number, words in said if words)

    def summarise_key(self, definition: Definition) -> str:
        said = [(number, part.kind.summarise_key(part.definition)) for number, part in _numbered(_parts(definition))]
        return "; ".join(f"({number}) {words}" for number, words in said if words)

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        answers = {} if response is None else response["parts"]
        told = []
        for number, part in _numbered(_parts(definition)):
            answer = answers.get(part.id)
            inside = part.kind.parts(part.definition, answer)
            _scene, question = divide_stem(part.definition["stem"])
            told += [replace(one, of=f"Part {number}: {one.of}") for one in inside] or [
                AnsweredPart(
                    f"Part {number}: {without_emphasis(question)}",
                    part.kind.summarise(part.definition, answer),
                    part.kind.summarise_key(part.definition),
                    part.kind.mark(part.definition, answer).fraction,
                )
            ]
        return told

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return tuple(
            f"Part {number}: {words}"
            for number, part in _numbered(_parts(definition))
            for words in with_explanation(part.definition, part.kind.explain_key(part.definition))
        )

    def choices(self, definition: Definition) -> list[Choice]:
        return [
            replace(one, id=f"{part.id}:{one.id}", group=f"Part {number}" + (f": {one.group}" if one.group else ""))
            for number, part in _numbered(_parts(definition))
            for one in part.kind.choices(part.definition)
        ]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        answers = {} if response is None else response["parts"]
        return [
            f"{part.id}:{one}"
            for part in _parts(definition)
            for one in part.kind.chosen(part.definition, answers.get(part.id))
        ]

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
        answers = {} if response is None else response["parts"]
        parts = tuple(
            FacePart(
                part.kind.face(
                    part.definition,
                    answers.get(part.id),
                    name=f"{name}.{part.id}",
                    order=[one.removeprefix(f"{part.id}/") for one in order if one.startswith(f"{part.id}/")],
                    level=level + 1,
                    is_closed=is_closed,
                    typed=typed,
                ),
                since=part.since,
            )
            for part in _parts(definition)
        )
        return Face(
            template_name=self.template_name,
            name=name,
            scene=definition["stem"],
            question=f"A case in {in_words(len(parts))} parts",
            error=error,
            level=level,
            is_closed=is_closed,
            parts=parts,
        )

    def normalise(self, definition: Definition) -> dict[str, Any]:
        return _each(as_stored(definition, keys=frozenset({"weight"})), "normalise")

    def plain(self, definition: Definition) -> dict[str, Any]:
        return _each(as_written(definition, keys=frozenset({"weight"})), "plain")

    def author_form(self) -> AuthorForm:
        return AuthorForm(
            parts=AuthorParts(
                "parts",
                "Questions of the case",
                "question",
                (
                    AuthorField("since", "What has happened since (optional)", Entry.LONG),
                    AuthorField("weight", "Weight (optional)", Entry.NUMBER, "Its part of the whole; empty is 1."),
                ),
                tuple(name for name in registry.names() if name not in NOT_INSIDE),
                most=MOST,
            )
        )

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        shapes = []
        for part in _parts(definition):
            values, lines = part.kind.filled_in(part.definition)
            about = {"id": part.id, "since": part.since, "weight": part.given_weight, "stem": part.definition["stem"]}
            shapes.append({"type": part.kind.name, "about": about, "values": values, "lines": lines})
        return {}, {"parts": shapes}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        parts = []
        for shape in lines.get("parts", ()):
            about = shape["about"]
            definition = registry.get(shape["type"]).put_together(shape["values"], shape["lines"])
            part: dict[str, Any] = {"id": about.get("id", ""), "type": shape["type"]}
            part |= {name: about[name] for name in ("since", "weight") if about.get(name)}
            parts.append({**part, "definition": {"stem": about.get("stem", ""), **definition}})
        return {"parts": with_ids(parts)}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        if not item.parts:
            raise NotExchanged("It has no questions, so it is no case.")
        # Weights are what they are to each other, the greatest within our bounds.
        greatest = max(inner.max_mark for inner in item.parts)
        scale = Fraction(MOST_WEIGHT) / greatest if greatest > MOST_WEIGHT else 1
        parts = []
        for number, (inner, identity) in enumerate(zip(item.parts, _ids(item.parts), strict=True), start=1):
            kind = _kind_for(inner)
            if kind is None:
                raise NotExchanged(f"Question {number} of the case is of a kind that does not stand inside one.")
            part: dict[str, Any] = {"id": identity, "type": kind.name}
            if inner.settings.get("since"):
                part["since"] = inner.settings["since"]
            if (weight := inner.max_mark * scale) != 1:
                part["weight"] = to_text(weight)
            try:
                definition = kind.from_exchange(inner)
            except NotExchanged as reason:
                raise NotExchanged(f"Part {number}: {reason}") from None
            if inner.feedback:
                definition.setdefault("explanation", inner.feedback)
            parts.append({**part, "definition": definition})
        return {"stem": item.text, "parts": parts}

    def to_exchange(self, definition: Definition) -> Exchanged:
        inner = []
        for part in _parts(definition):
            shape = part.kind.to_exchange(part.definition)
            settings = {**shape.settings, **({"since": part.since} if part.since else {})}
            feedback = shape.feedback or part.definition.get("explanation", "")
            inner.append(replace(shape, name=part.id, max_mark=part.weight, settings=settings, feedback=feedback))
        return Exchanged(Asking.CASE, definition["stem"], type=self.name, parts=tuple(inner))


class _Part:
    """A question of the case with its type."""

    def __init__(self, part: Mapping[str, Any]) -> None:
        self.id: str = part["id"]
        self.kind = registry.get(part["type"])
        self.definition: Mapping[str, Any] = part["definition"]
        self.since: str = part.get("since", "")
        self.given_weight = part.get("weight", "")
        self.weight = to_fraction(part.get("weight", 1))


def _parts(definition: Definition) -> list[_Part]:
    return [_Part(part) for part in definition["parts"]]


def _numbered(parts: Sequence[_Part]) -> list[tuple[int, _Part]]:
    return list(enumerate(parts, start=1))


def _check_part(part: Mapping[str, Any], path: str) -> list[Problem]:
    if part["type"] not in registry.names() or part["type"] in NOT_INSIDE:
        return [Problem(f"{path}.type", "A question of this type cannot stand inside a case.")]
    inner = part["definition"]
    if not isinstance(inner, Mapping):
        return [Problem(f"{path}.definition", "Write the question.")]
    problems = []
    if "since" in part:
        problems += check_text(part["since"], f"{path}.since", what="what has happened since")
    if "weight" in part:
        problems += check_fraction(part["weight"], f"{path}.weight", "the weight", most=MOST_WEIGHT)
        if not problems and to_fraction(part["weight"]) == 0:
            problems.append(Problem(f"{path}.weight", "The weight of a question is above 0."))
    for key in ("pictures", "confidence"):
        if key in inner:
            problems.append(
                Problem(f"{path}.definition.{key}", f"'{key}' belongs to the case, not to one of its questions.")
            )
    below = registry.get(part["type"]).validate(inner)
    below += [problem for problem in check_surroundings(inner) if problem.path not in {one.path for one in below}]
    return problems + [
        Problem(f"{path}.definition.{problem.path}" if problem.path else path, problem.message, problem.is_house_rule)
        for problem in below
    ]


def _each(definition: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return a definition whose parts are stored, or written, as their own types do."""
    parts = definition.get("parts")
    if not isinstance(parts, list):
        return dict(definition)
    return {**definition, "parts": [_converted(part, method) for part in parts]}


def _converted(part: Any, method: str) -> Any:
    if not isinstance(part, Mapping) or part.get("type") not in registry.names():
        return part
    inner = part.get("definition")
    if not isinstance(inner, Mapping) or part["type"] in NOT_INSIDE:
        return part
    return {**part, "definition": getattr(registry.get(part["type"]), method)(inner)}


def _ids(parts: Sequence[Exchanged]) -> list[str]:
    """Return the ids the questions came with, or fresh ones where any is missing, twice there or of another form."""
    ids = [part.name for part in parts]
    if len(set(ids)) == len(ids) and all(ID.fullmatch(identity) for identity in ids):
        return ids
    return [f"p{number}" for number in range(1, len(ids) + 1)]


def _kind_for(item: Exchanged) -> QuestionType | None:
    known = [registry.get(name) for name in registry.names() if name not in NOT_INSIDE]
    named = [kind for kind in known if kind.name == item.type]
    return next((kind for kind in [*named, *known] if kind.name == item.type or item.asking in kind.takes), None)


TYPE = Scenario()
