"""A text with gaps to fill in. Response: ``{"gaps": {"g1": "AMHP"}}``: what was typed, or the id of what was chosen.

Definition: ``text`` with ``[[gap:g1]]`` where a gap is; ``gaps: [{id, kind, weight?, feedback?, …}]`` with ``accept: [{text,
fraction}]`` where it is ``typed``, ``options: [{id, text, fraction}]`` where it is ``chosen``, ``answer`` and ``tolerance`` where it is a
``number``. The mark is the weighted mean of the gaps'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types import rational
from assessments.question_types.authoring import AuthorForm, Lines, Values
from assessments.question_types.contract import (
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
from assessments.question_types.entries import (
    by_id,
    check_entries,
    check_fraction,
    check_stem,
    check_told,
    in_order,
    share,
    told,
)
from assessments.question_types.exchange import Asking, Exchanged
from assessments.question_types.gap_authoring import AUTHOR_FORM, gaps_filled_in, gaps_put_together
from assessments.question_types.gap_exchange import gaps_from_exchange, gaps_to_exchange
from assessments.question_types.number import read_number
from assessments.question_types.rational import to_fraction, to_millionths, to_text
from assessments.question_types.words import (
    check_keys,
    check_text,
    comparable,
    divide_stem,
    in_words,
    without_emphasis,
    without_hidden,
)
from assessments.seeds import in_seeded_order

KINDS = ("typed", "chosen", "number")
MOST_GAPS = 15
LONGEST_TYPED = 200
LONGEST_BODY = 6_000
NUMBER_KEYS = frozenset({"fraction", "weight", "answer", "tolerance"})
GAP = re.compile(r"\[\[gap:([a-z0-9][a-z0-9_-]{0,19})\]\]")
WORDS_BEFORE = 6
OTHER = "other"


class GapFill(QuestionType):
    name = "gap_fill"
    label = "Fill the gaps"
    template_name = "assessments/question_types/gap_fill.html"
    takes = frozenset({Asking.GAPS})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "text", "gaps"), allowed=())
        problems += check_stem(definition)
        problems += check_text(definition.get("text"), "text", what="the text with its gaps", longest=LONGEST_BODY)
        gaps = definition.get("gaps")
        problems += check_entries(
            gaps,
            "gaps",
            word="gap",
            fewest=1,
            most=MOST_GAPS,
            needed=("kind",),
            allowed=("weight", "feedback", "accept", "options", "answer", "tolerance"),
            texts=False,
        )
        if any(not problem.is_house_rule for problem in problems):
            return problems
        for number, gap in enumerate(definition["gaps"]):
            problems += _check_gap(gap, f"gaps.{number}")
        placed = GAP.findall(definition["text"])
        known = list(by_id(definition["gaps"]))
        for identity in dict.fromkeys(placed):
            if identity not in known:
                problems.append(Problem("text", f"The text has [[gap:{identity}]], and there is no gap of that name."))
            elif placed.count(identity) > 1:
                problems.append(Problem("text", f"[[gap:{identity}]] stands twice in the text."))
        for number, identity in enumerate(known):
            if identity not in placed:
                problems.append(
                    Problem(f"gaps.{number}.id", f"Write [[gap:{identity}]] in the text where this gap stands.")
                )
        return problems

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        """Return ``gap.option`` in seeded order: one list for all gaps."""
        return in_seeded_order(self.written_order(definition, seed), seed=seed, purpose="options", key=str)

    def written_order(self, definition: Definition, seed: str) -> list[str]:
        return [
            f"{gap['id']}.{option['id']}"
            for gap in definition["gaps"]
            if gap["kind"] == "chosen"
            for option in gap["options"]
        ]

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        kept: dict[str, str] = {}
        for number, gap in enumerate(_as_placed(definition), start=1):
            posted = str(data.get(f"{name}.{gap['id']}") or "")
            if gap["kind"] == "chosen":
                if posted and posted not in by_id(gap["options"]):
                    raise BadResponse(f"That is not one of the answers of gap {number}. Choose from those shown.")
            elif len(posted) > LONGEST_TYPED:
                raise BadResponse(
                    f"Shorten gap {number} to {LONGEST_TYPED} characters or fewer; it has {len(posted):,}."
                )
            typed = without_hidden(posted)
            if typed:
                kept[gap["id"]] = typed
        return {"gaps": kept} if kept else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        filled = {} if response is None else response["gaps"]
        gaps = _as_placed(definition)
        fractions = [_fraction(gap, filled.get(gap["id"], "")) for gap in gaps]
        weighted = zip((_weight(gap) for gap in gaps), fractions, strict=True)
        feedback = [
            f"Gap {number}: {words}" if len(gaps) > 1 else words
            for number, (gap, fraction) in enumerate(zip(gaps, fractions, strict=True), start=1)
            for words in told(gap, fraction == 1)
        ]
        return Marked(to_millionths(share(weighted)), tuple(feedback))

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        filled = {} if response is None else response["gaps"]
        count = len(definition["gaps"])
        if len(filled) < count:
            return f"{in_words(len(filled)).capitalize()} of {in_words(count)} gaps are filled."
        for number, gap in enumerate(_as_placed(definition), start=1):
            if gap["kind"] == "number" and _number(filled[gap["id"]]) is None:
                return f"Gap {number} wants a number in figures."
        return ""

    def summarise(self, definition: Definition, response: Response | None) -> str:
        filled = {} if response is None else response["gaps"]
        said = [(number, _in_words(gap, filled.get(gap["id"], ""))) for number, gap in _numbered(definition)]
        return "; ".join(f"{number}. {words}" for number, words in said if words)

    def summarise_key(self, definition: Definition) -> str:
        return "; ".join(f"{number}. {_key(gap)}" for number, gap in _numbered(definition))

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        filled = {} if response is None else response["gaps"]
        return [
            AnsweredPart(
                f"Gap {number}",
                _in_words(gap, filled.get(gap["id"], "")),
                _key(gap),
                to_millionths(_fraction(gap, filled.get(gap["id"], ""))),
            )
            for number, gap in _numbered(definition)
        ]

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return tuple(f"Gap {number}: {words}" for number, gap in _numbered(definition) for words in told(gap, True))

    def choices(self, definition: Definition) -> list[Choice]:
        return [choice for number, gap in _numbered(definition) for choice in _choices(gap, f"Gap {number}")]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        filled = {} if response is None else response["gaps"]
        return [f"{gap['id']}/{_chosen(gap, filled[gap['id']])}" for gap in definition["gaps"] if gap["id"] in filled]

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
        filled = {} if response is None else response["gaps"]
        gaps = by_id(definition["gaps"])
        rows = []
        number = 0
        for text in re.split(r"\n\s*\n", definition["text"].strip()):
            pieces: list[dict[str, Any]] = []
            for place, piece in enumerate(GAP.split(text)):
                if place % 2 == 0:
                    pieces.append({"words": piece})
                    continue
                number += 1
                gap = gaps[piece]
                field = f"{name}.{piece}"
                kept = filled.get(piece, "") if typed is None else str(typed.get(field) or "")
                before = " ".join(
                    without_emphasis(GAP.sub("", "".join(p.get("words", "") for p in pieces))).split()[-WORDS_BEFORE:]
                )
                pieces.append({"gap": _face_of_gap(gap, field, number, kept, before, order)})
            rows.append(pieces)
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            hint="Fill in what you know. Each gap counts by itself.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={"paragraphs": rows},
        )

    def normalise(self, definition: Definition) -> dict[str, Any]:
        return rational.as_stored(definition, keys=NUMBER_KEYS)  # type: ignore[no-any-return]

    def plain(self, definition: Definition) -> dict[str, Any]:
        return rational.as_written(definition, keys=NUMBER_KEYS)  # type: ignore[no-any-return]

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        return {"text": definition["text"]}, {"gaps": gaps_filled_in(definition["gaps"])}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        return {"text": values.get("text", ""), "gaps": gaps_put_together(lines.get("gaps", ()))}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        return gaps_from_exchange(item)

    def to_exchange(self, definition: Definition) -> Exchanged:
        return gaps_to_exchange(definition, self.name)


def _check_gap(gap: Mapping[str, Any], path: str) -> list[Problem]:
    kind = gap["kind"]
    if kind not in KINDS:
        return [Problem(f"{path}.kind", "A gap is 'typed', 'chosen' or a 'number'.")]
    problems = check_told(gap.get("feedback"), f"{path}.feedback")
    if "weight" in gap:
        problems += check_fraction(gap["weight"], f"{path}.weight", "the weight", most=100)
        if not problems and to_fraction(gap["weight"]) == 0:
            problems.append(Problem(f"{path}.weight", "The weight of a gap is above 0."))
    if kind == "number":
        problems += check_fraction(gap.get("answer"), f"{path}.answer", "the right number", least=-(10**15), most=None)
        return problems + check_fraction(gap.get("tolerance", 0), f"{path}.tolerance", "the tolerance", most=None)
    key, word = ("accept", "accepted answer") if kind == "typed" else ("options", "option")
    entries = gap.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return [*problems, Problem(f"{path}.{key}", f"List the {word}s of this gap.")]
    fewest = 1 if kind == "typed" else 2
    if not fewest <= len(entries) <= 12:
        problems.append(Problem(f"{path}.{key}", f"Give {fewest} to 12 {word}s; there are {len(entries)}."))
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        here = f"{path}.{key}.{number}"
        needed = ("text", "fraction") if kind == "typed" else ("id", "text", "fraction")
        problems += check_keys(entry, here, needed=needed, allowed=())
        problems += check_text(entry.get("text"), f"{here}.text", what=f"the {word}", longest=LONGEST_TYPED)
        problems += check_fraction(entry.get("fraction"), f"{here}.fraction", "the worth")
        words = comparable(str(entry.get("text", "")))
        if words in seen:
            problems.append(Problem(f"{here}.text", f"This {word} is listed twice; case and punctuation do not count."))
        seen.add(words)
    if kind == "chosen" and len({str(entry.get("id")) for entry in entries}) < len(entries):
        problems.append(Problem(f"{path}.{key}", "Each option of a gap has an id of its own."))
    if not problems and not any(to_fraction(entry["fraction"]) == 1 for entry in entries):
        problems.append(Problem(f"{path}.{key}", f"At least one {word} is right: give it the worth 1."))
    return problems


def _numbered(definition: Definition) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(_as_placed(definition), start=1))


def _as_placed(definition: Definition) -> list[Mapping[str, Any]]:
    """Return the gaps as they follow each other in the text."""
    known = by_id(definition["gaps"])
    return [known[identity] for identity in GAP.findall(definition["text"]) if identity in known]


def _weight(gap: Mapping[str, Any]) -> Fraction:
    return to_fraction(gap.get("weight", 1))


def _number(typed: str) -> Fraction | None:
    try:
        return read_number(typed)
    except ValueError:
        return None


def _fraction(gap: Mapping[str, Any], filled: str) -> Fraction:
    if not filled:
        return Fraction(0)
    if gap["kind"] == "number":
        value = _number(filled)
        is_right = value is not None and abs(value - to_fraction(gap["answer"])) <= to_fraction(gap.get("tolerance", 0))
        return Fraction(1 if is_right else 0)
    if gap["kind"] == "chosen":
        option = by_id(gap["options"]).get(filled)
        return Fraction(0) if option is None else to_fraction(option["fraction"])
    typed = comparable(filled)
    return next(
        (to_fraction(entry["fraction"]) for entry in gap["accept"] if comparable(entry["text"]) == typed), Fraction(0)
    )


def _choices(gap: Mapping[str, Any], group: str) -> list[Choice]:
    """Return what can stand in a gap; what nobody foresaw is one choice."""
    if gap["kind"] == "chosen":
        known = [(entry["id"], entry["text"], to_fraction(entry["fraction"]) > 0) for entry in gap["options"]]
    elif gap["kind"] == "typed":
        worths = enumerate(gap["accept"], start=1)
        known = [(str(number), entry["text"], to_fraction(entry["fraction"]) > 0) for number, entry in worths]
    else:
        known = [("right", _key(gap), True)]
    more = [] if gap["kind"] == "chosen" else [(OTHER, "Something else", False)]
    return [Choice(f"{gap['id']}/{name}", text, is_right, group) for name, text, is_right in [*known, *more]]


def _chosen(gap: Mapping[str, Any], filled: str) -> str:
    """Return which of ``_choices`` a filled gap is."""
    if gap["kind"] == "chosen":
        return filled
    if gap["kind"] == "number":
        return "right" if _fraction(gap, filled) == 1 else OTHER
    typed = comparable(filled)
    accepted = enumerate(gap["accept"], start=1)
    return next((str(number) for number, entry in accepted if comparable(entry["text"]) == typed), OTHER)


def _in_words(gap: Mapping[str, Any], filled: str) -> str:
    if gap["kind"] != "chosen":
        return filled
    option = by_id(gap["options"]).get(filled)
    return "" if option is None else without_emphasis(option["text"])


def _key(gap: Mapping[str, Any]) -> str:
    if gap["kind"] == "number":
        tolerance = to_fraction(gap.get("tolerance", 0))
        within = f" (within {to_text(tolerance)})" if tolerance else ""
        return f"{to_text(to_fraction(gap['answer']))}{within}"
    entries = gap["options"] if gap["kind"] == "chosen" else gap["accept"]
    return " or ".join(without_emphasis(entry["text"]) for entry in entries if to_fraction(entry["fraction"]) == 1)


def _face_of_gap(
    gap: Mapping[str, Any], field: str, number: int, kept: str, before: str, order: Sequence[str]
) -> dict[str, Any]:
    options: list[Mapping[str, Any]] = []
    longest = 0
    if gap["kind"] == "chosen":
        mine = [name.removeprefix(f"{gap['id']}.") for name in order if name.startswith(f"{gap['id']}.")]
        known = by_id(gap["options"])
        options = [known[identity] for identity in in_order(known, mine)]
    elif gap["kind"] == "typed":
        longest = max(len(entry["text"]) for entry in gap["accept"])
    return {
        "field": field,
        "number": number,
        "label": f"Gap {number}" + (f", after ‘{before}’" if before else ""),
        "kind": gap["kind"],
        "kept": kept,
        "options": options,
        # Wide enough for what is asked, in steps, so that the width does not give the answer away.
        "width": 5 if gap["kind"] == "number" else 10 if longest <= 12 else 20,
        "is_right": _fraction(gap, kept) == 1,
        "is_partly": 0 < _fraction(gap, kept) < 1,
    }


TYPE = GapFill()
