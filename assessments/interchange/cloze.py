"""Moodle's embedded answers: ``{1:SHORTANSWER:=Berlin~%50%Bonn#Once}`` inside a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from html import unescape

from assessments.interchange.formatted import words_in
from assessments.interchange.gift_writing import decimal_text
from assessments.interchange.html_words import Pictures, html_of_words
from assessments.interchange.numbers import number_text, read_exact
from assessments.interchange.percents import percent_of, share_of
from assessments.interchange.reading import NotRead
from assessments.question_types.exchange import Answer, Asking, Gap, NotExchanged
from assessments.question_types.rational import to_text

_FIELD = re.compile(r"\{\s*([0-9]{0,4})\s*:\s*([A-Z]{2,20}(?:_[A-Z]{1,4})?)\s*:((?:\\.|[^{}\\])*)\}", re.DOTALL)
_CHOICES = ("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH")
_CHOICES_SHUFFLED = ("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS")
_CHOICE = ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH")
_CHOICE_SHUFFLED = ("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS")
_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), Asking.TEXT),
    **dict.fromkeys(("NUMERICAL", "NM"), Asking.NUMBER),
    **dict.fromkeys((*_CHOICE, *_CHOICE_SHUFFLED), Asking.CHOICE),
    **dict.fromkeys((*_CHOICES, *_CHOICES_SHUFFLED), Asking.CHOICES),
}
_NAMES = {Asking.TEXT: "SHORTANSWER", Asking.NUMBER: "NUMERICAL", Asking.CHOICE: "MULTICHOICE"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HIDING = {sign: chr(0xE000 + number) for number, sign in enumerate('~#=}/"\\')}
_SHOWING = str.maketrans({hidden: sign for sign, hidden in _HIDING.items()})
_PERCENT = re.compile(r"%(-?[0-9]{1,3}(?:[.,][0-9]+)?)%")
# What begins an entity is no feedback.
_TOLD = re.compile(r"(?<!&)(?<!&amp;)#")
# Moodle takes a stroke before two signs only; entities it takes for all.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", **{sign: f"&#{ord(sign)};" for sign in "~#{}\\"}})
OPEN, CLOSE = "\ue020", "\ue021"


@dataclass(frozen=True)
class Field:
    """An embedded answer: its place in the text, how it asks, what it counts, and its answers."""

    id: str
    name: str
    asking: Asking
    weight: Fraction
    answers: tuple[Answer, ...]

    @property
    def is_shuffled(self) -> bool:
        return self.name in (*_CHOICE_SHUFFLED, *_CHOICES_SHUFFLED)


def fields_in(text: str, pictures: Pictures) -> tuple[str, list[Field]]:
    """Return the text with marks where answers stood, and the answers; raises ``NotRead``."""
    fields: list[Field] = []

    def lifted(match: re.Match[str]) -> str:
        asking = _KINDS.get(match[2])
        if asking is None:
            raise NotRead(f"A gap of the kind {match[2]} is not read.")
        identity = f"g{len(fields) + 1}"
        answers = _answers(identity, asking, match[3], pictures)
        fields.append(Field(identity, match[2], asking, Fraction(match[1] or 1), tuple(answers)))
        return f"{OPEN}{identity}{CLOSE}"

    return _FIELD.sub(lifted, text.replace(OPEN, "").replace(CLOSE, "")), fields


def read_cloze(kind: str, text: str, pictures: Pictures) -> tuple[str, tuple[Gap, ...], tuple[Answer, ...]]:
    """Return the words with ``[[gap:g1]]`` where answers stood, the gaps and their answers; raises ``NotRead``."""
    marked, fields = fields_in(text, pictures)
    several = next((field for field in fields if field.asking is Asking.CHOICES), None)
    if several is not None:
        raise NotRead(f"A gap of the kind {several.name} is not read.")
    words = words_in(kind, marked, pictures)
    if not fields:
        raise NotRead("It has no gap that we can read.")
    gaps = tuple(Gap(field.id, field.asking, field.weight) for field in fields)
    answers = tuple(answer for field in fields for answer in field.answers)
    return words.replace(OPEN, "[[gap:").replace(CLOSE, "]]"), gaps, answers


def _answers(gap: str, asking: Asking, inside: str, pictures: Pictures) -> list[Answer]:
    hidden = _ESCAPED.sub(lambda match: _HIDING.get(match[1], match[1]), inside)
    found = []
    says_shares = False
    for piece in hidden.split("~"):
        rest, share = piece.strip(), Fraction(0)
        if rest.startswith("="):
            rest, share = rest[1:], Fraction(1)
        elif weight := _PERCENT.match(rest):
            rest, share = rest[weight.end() :], share_of(weight[1].replace(",", "."))
            says_shares = True
        if not rest.strip():
            continue
        text, *told = _TOLD.split(rest, maxsplit=1)
        feedback = words_in("html", _shown("".join(told)), pictures)
        found.append(_answer(gap, asking, _shown(text).strip(), share, feedback, pictures))
    if not found:
        raise NotRead("A gap has no answer.")
    return _shared(found, says_shares=says_shares) if asking is Asking.CHOICES else found


def _shown(text: str) -> str:
    return unescape(text).translate(_SHOWING)


def _shared(answers: Sequence[Answer], *, says_shares: bool) -> list[Answer]:
    """Return answers of which several are right as Moodle counts them: the right ones share full marks, the others take one away."""
    whole = sum((answer.fraction for answer in answers if answer.fraction > 0), Fraction(0))
    if not whole:
        raise NotRead("A gap has no right answer.")
    lost = Fraction(0) if says_shares else -1 / whole
    return [
        replace(
            answer,
            fraction=answer.fraction / whole if answer.fraction > 0 else answer.fraction if says_shares else lost,
        )
        for answer in answers
    ]


def _answer(gap: str, asking: Asking, text: str, share: Fraction, feedback: str, pictures: Pictures) -> Answer:
    if asking is not Asking.NUMBER or text == "*":
        kind = "moodle" if asking is Asking.TEXT else "html"
        return Answer(words_in(kind, text, pictures), share, feedback, gap=gap)
    value, _colon, tolerance = text.partition(":")
    try:
        number, slip = read_exact(value), read_exact(tolerance or "0")
    except ValueError:
        raise NotRead(f"‘{text[:40]}’ in a gap is not a number.") from None
    return Answer(number_text(number), share, feedback, tolerance=abs(slip), gap=gap)


def cloze_field(gap: Gap, answers: Sequence[Answer], otherwise: str = "") -> str:
    """Return a gap as Moodle writes it, to stand in HTML that is escaped already elsewhere."""
    weight = int(gap.weight) if gap.weight.denominator == 1 else 1
    otherwise = "" if gap.asking is Asking.CHOICE else otherwise
    return embedded(_NAMES[gap.asking], gap.asking, weight, answers, otherwise)


def embedded(name: str, asking: Asking, weight: int, answers: Sequence[Answer], otherwise: str = "") -> str:
    """Return an embedded answer; ``otherwise`` is told to any other than those named. Raises ``NotExchanged``."""
    if asking is Asking.TEXT and any("*" in answer.text for answer in answers):
        raise NotExchanged("A star in an accepted answer stands for any letters in Moodle.")
    if asking is Asking.TEXT and any(sign in answer.text for answer in answers for sign in ("\\}", "\\#")):
        raise NotExchanged("A stroke before a brace or a hash in an accepted answer is a sign of Moodle's own.")
    pieces = [_piece(asking, answer) for answer in answers]
    if otherwise:
        pieces.append(f"*#{_told(otherwise)}")
    return f"{{{weight}:{name}:{'~'.join(pieces)}}}"


def _piece(asking: Asking, answer: Answer) -> str:
    is_whole = answer.fraction == 1 and asking is not Asking.CHOICES
    share = "=" if is_whole else f"%{percent_of(answer.fraction)}%"
    if asking is Asking.NUMBER:
        text = decimal_text(answer.text)
        text += f":{decimal_text(to_text(answer.tolerance))}" if answer.tolerance else ""
    elif asking is Asking.TEXT:
        text = answer.text.replace("\n", " ").translate(_ENTITIES)
    else:
        text = _told(answer.text)
    return share + text + (f"#{_told(answer.feedback)}" if answer.feedback else "")


def _told(words: str) -> str:
    """Return words that Moodle takes as HTML once it has read its own signs."""
    if "[[picture:" in words:
        raise NotExchanged("Moodle takes no pictures into embedded answers.")
    # A stroke that is an entity twice over is no sign of Moodle's own when it has read one of them.
    return html_of_words(words).replace("\n", " ").replace("\\", "&#92;").translate(_ENTITIES)
