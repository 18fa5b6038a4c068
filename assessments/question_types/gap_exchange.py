"""A text with gaps on its way in or out. Answers name their gap; the gap says how it is filled and what it weighs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from assessments.question_types.authoring import LETTERS
from assessments.question_types.contract import Definition
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap, NotExchanged
from assessments.question_types.rational import to_fraction, to_text

_ASKING = {"typed": Asking.TEXT, "chosen": Asking.CHOICE, "number": Asking.NUMBER}
_KIND = {asking: kind for kind, asking in _ASKING.items()}
# In a file the text stands in one piece; here the first paragraph is what is asked.
_DIVIDE = "\n\n"


def gaps_from_exchange(item: Exchanged) -> dict[str, Any]:
    """Return the definition. What stands before the first paragraph with a gap is the stem."""
    if not item.gaps:
        raise NotExchanged("It has no gaps.")
    paragraphs = item.text.split(_DIVIDE)
    first = next((number for number, text in enumerate(paragraphs) if "[[gap:" in text), 0)
    stem = _DIVIDE.join(paragraphs[:first]).strip() or "Fill in the gaps."
    return {
        "stem": stem,
        "text": _DIVIDE.join(paragraphs[first:]).strip(),
        "gaps": [_gap(gap, [answer for answer in item.answers if answer.gap == gap.id], item) for gap in item.gaps],
    }


def gaps_to_exchange(definition: Definition, type_name: str) -> Exchanged:
    """Return the question: the stem, then the text with its gaps."""
    gaps, answers = [], []
    for gap in definition["gaps"]:
        gaps.append(Gap(gap["id"], _ASKING[gap["kind"]], to_fraction(gap.get("weight", 1))))
        told = gap.get("feedback") or {}
        if gap["kind"] == "number":
            answers.append(
                Answer(
                    text=to_text(to_fraction(gap["answer"])),
                    fraction=Fraction(1),
                    feedback=told.get("right", ""),
                    tolerance=to_fraction(gap.get("tolerance", 0)),
                    gap=gap["id"],
                )
            )
            continue
        for entry in gap["accept"] if gap["kind"] == "typed" else gap["options"]:
            fraction = to_fraction(entry["fraction"])
            said = told.get("right" if fraction == 1 else "wrong", "")
            answers.append(
                Answer(text=entry["text"], fraction=fraction, feedback=said, gap=gap["id"], id=entry.get("id", ""))
            )
    return Exchanged(
        asking=Asking.GAPS,
        text=f"{definition['stem']}{_DIVIDE}{definition['text']}",
        answers=tuple(answers),
        type=type_name,
        gaps=tuple(gaps),
        settings={"wrong": {gap["id"]: (gap.get("feedback") or {}).get("wrong", "") for gap in definition["gaps"]}},
    )


def _gap(gap: Gap, answers: list[Answer], item: Exchanged) -> dict[str, Any]:
    kind = _KIND.get(gap.asking)
    if kind is None or not answers:
        raise NotExchanged(f"Gap '{gap.id}' has no answers we can read.")
    right = next((answer for answer in answers if answer.fraction == 1), None)
    wrong = item.settings.get("wrong", {}).get(gap.id, "")
    wrong = wrong or next((answer.feedback for answer in answers if answer.fraction <= 0 and answer.feedback), "")
    made: dict[str, Any] = {
        "id": gap.id,
        "kind": kind,
        "feedback": {"right": right.feedback if right else "", "wrong": wrong},
    }
    if gap.weight != 1:
        made["weight"] = to_text(gap.weight)
    if kind == "number":
        if right is None:
            raise NotExchanged(f"Gap '{gap.id}' has no number that is right.")
        return {**made, "answer": right.text, "tolerance": to_text(right.tolerance or Fraction(0))}
    if kind == "typed":
        # A wrong answer that was foreseen scores nothing, as any other does.
        accept = [{"text": one.text, "fraction": to_text(one.fraction)} for one in answers if one.fraction > 0]
        return {**made, "accept": accept}
    options = [
        {"id": one.id or LETTERS[number], "text": one.text, "fraction": to_text(max(one.fraction, Fraction(0)))}
        for number, one in enumerate(answers)
    ]
    return {**made, "options": options}
