"""Moodle's embedded answers: ``{1:SHORTANSWER:=Berlin~%50%Bonn#Once}`` inside a text."""

from __future__ import annotations

import re
from fractions import Fraction
from html import unescape

from assessments.interchange.formatted import words_in
from assessments.interchange.html_words import Pictures
from assessments.interchange.numbers import number_text, read_exact
from assessments.interchange.percents import share_of
from assessments.interchange.reading import NotRead
from assessments.question_types.exchange import Answer, Asking, Gap

_FIELD = re.compile(r"\{\s*([0-9]{0,4})\s*:\s*([A-Z]{2,20}(?:_[A-Z]{1,4})?)\s*:((?:\\.|[^{}\\])*)\}", re.DOTALL)
_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), Asking.TEXT),
    **dict.fromkeys(("NUMERICAL", "NM"), Asking.NUMBER),
    **dict.fromkeys(
        (
            "MULTICHOICE",
            "MC",
            "MULTICHOICE_V",
            "MCV",
            "MULTICHOICE_H",
            "MCH",
            "MULTICHOICE_S",
            "MCS",
            "MULTICHOICE_VS",
            "MCVS",
            "MULTICHOICE_HS",
            "MCHS",
        ),
        Asking.CHOICE,
    ),
}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HIDING = {sign: chr(0xE000 + number) for number, sign in enumerate('~#=}/"\\')}
_SHOWING = str.maketrans({hidden: sign for sign, hidden in _HIDING.items()})
_PERCENT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]+)?)%")


def read_cloze(kind: str, text: str, pictures: Pictures) -> tuple[str, tuple[Gap, ...], tuple[Answer, ...]]:
    """Return the words with ``[[gap:g1]]`` where answers stood, the gaps and their answers; raises ``NotRead``."""
    gaps: list[Gap] = []
    answers: list[Answer] = []

    def lifted(match: re.Match[str]) -> str:
        asking = _KINDS.get(match[2])
        if asking is None:
            raise NotRead(f"A gap of the kind {match[2]} is not read.")
        identity = f"g{len(gaps) + 1}"
        gaps.append(Gap(identity, asking, Fraction(match[1] or 1)))
        answers.extend(_answers(identity, asking, match[3], pictures))
        return f"\ue020{identity}\ue021"

    words = words_in(kind, _FIELD.sub(lifted, text.replace("\ue020", "").replace("\ue021", "")), pictures)
    if not gaps:
        raise NotRead("It has no gap that we can read.")
    return words.replace("\ue020", "[[gap:").replace("\ue021", "]]"), tuple(gaps), tuple(answers)


def _answers(gap: str, asking: Asking, inside: str, pictures: Pictures) -> list[Answer]:
    hidden = _ESCAPED.sub(lambda match: _HIDING.get(match[1], match[1]), unescape(inside))
    found = []
    for piece in hidden.split("~"):
        rest, share = piece.strip(), Fraction(0)
        if rest.startswith("="):
            rest, share = rest[1:], Fraction(1)
        elif weight := _PERCENT.match(rest):
            rest, share = rest[weight.end() :], share_of(weight[1])
        if not rest.strip():
            continue
        text, _sign, told = rest.partition("#")
        feedback = words_in("html", told.translate(_SHOWING), pictures)
        found.append(_answer(gap, asking, text.translate(_SHOWING).strip(), share, feedback, pictures))
    if not found:
        raise NotRead("A gap has no answer.")
    return found


def _answer(gap: str, asking: Asking, text: str, share: Fraction, feedback: str, pictures: Pictures) -> Answer:
    if asking is not Asking.NUMBER:
        return Answer(words_in("html", text, pictures), share, feedback, gap=gap)
    value, _colon, tolerance = text.partition(":")
    try:
        number, slip = read_exact(value), read_exact(tolerance or "0")
    except ValueError:
        raise NotRead(f"‘{text[:40]}’ in a gap is not a number.") from None
    return Answer(number_text(number), share, feedback, tolerance=abs(slip), gap=gap)


def cloze_field(gap: Gap, answers: list[Answer]) -> str:
    """Return a gap as Moodle writes it, to stand in HTML that is escaped already elsewhere."""
    name = {Asking.TEXT: "SHORTANSWER", Asking.NUMBER: "NUMERICAL", Asking.CHOICE: "MULTICHOICE"}[gap.asking]
    weight = gap.weight if gap.weight.denominator == 1 else Fraction(1)
    pieces = []
    for answer in answers:
        share = "=" if answer.fraction == 1 else f"%{float(answer.fraction * 100):.5f}".rstrip("0").rstrip(".") + "%"
        text = _safe(answer.text) + (f":{float(answer.tolerance)}" if answer.tolerance else "")
        pieces.append(share + text + (f"#{_safe(answer.feedback)}" if answer.feedback else ""))
    return f"{{{weight}:{name}:{'~'.join(pieces)}}}"


def _safe(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    for sign in '~#}/"':
        escaped = escaped.replace(sign, f"\\{sign}")
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")
