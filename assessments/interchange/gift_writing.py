"""Shapes to GIFT that Moodle reads. What it has no words for is refused here, or goes into a comment by whoever calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.interchange.about import write_about
from assessments.interchange.html_words import html_of_words, is_plain
from assessments.interchange.percents import percent_of
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": None, **{sign: f"\\{sign}" for sign in "#=~{}:"}})


def category_line(topic: str) -> str:
    """Return the line that says to which category the following questions belong."""
    return f"$CATEGORY: $course$/top/{topic.replace(chr(10), ' ')}\n\n"


def write_gift(item: Exchanged, about: Mapping[str, Any]) -> str:
    """Return one question with the comments that belong to it."""
    if item.pictures:
        raise NotExchanged("GIFT carries no pictures; export it as Moodle XML or QTI.")
    answers = _ANSWERS.get(item.asking)
    if answers is None:
        raise NotExchanged("GIFT has no words for questions of this kind.")
    inside = answers(item)
    general = f"####{_text(item.feedback)}" if item.feedback else ""
    tags = "".join(f" [tag:{_token(tag)}]" for tag in about.get("tags", ()))
    code = f" [id:{_token(about['code'])}]" if about.get("code") else ""
    comment = f"//{code}{tags}\n" if code or tags else ""
    return f"{comment}// {write_about(about)}\n::{_escaped(item.name)}::{_text(item.text)}{{{inside}{general}}}\n\n"


def _choice(item: Exchanged) -> str:
    return _lines(
        f"={_told(answer)}" if answer.fraction == 1 else f"~{_weight(answer)}{_told(answer)}" for answer in item.answers
    )


def _choices(item: Exchanged) -> str:
    return _lines(f"~{_weight(answer)}{_told(answer)}" for answer in item.answers)


def _truth(item: Exchanged) -> str:
    right = next(answer for answer in item.answers if answer.fraction == 1)
    wrong = next(answer for answer in item.answers if answer is not right)
    told = f"#{_text(wrong.feedback)}#{_text(right.feedback)}" if right.feedback or wrong.feedback else ""
    return f"{right.text.upper()}{told}"


def _words(item: Exchanged) -> str:
    if any("*" in answer.text for answer in item.answers):
        raise NotExchanged("A star in an accepted answer stands for any letters in Moodle.")
    if any("->" in answer.text for answer in item.answers):
        raise NotExchanged("An arrow in an accepted answer would read as the arrow between the halves of a pair.")
    lines = [f"=%{percent_of(answer.fraction)}%{_typed(answer)}" for answer in item.answers]
    if item.feedback_wrong:
        lines.append(f"=%0%*#{_text(item.feedback_wrong)}")
    return _lines(lines)


def _numbers(item: Exchanged) -> str:
    lines = []
    for answer in item.answers:
        tolerance = decimal_text(str(answer.tolerance or 0))
        feedback = f"#{_text(answer.feedback)}" if answer.feedback else ""
        lines.append(f"=%{percent_of(answer.fraction)}%{decimal_text(answer.text)}:{tolerance}{feedback}")
    if item.feedback_wrong:
        lines.append(f"~#{_text(item.feedback_wrong)}")
    return "#" + _lines(lines)


def _pairs(item: Exchanged) -> str:
    if any("->" in answer.text for answer in item.answers):
        raise NotExchanged("An arrow in a text would read as the arrow between the halves of a pair.")
    if len(item.answers) < 2:
        raise NotExchanged("GIFT needs two pairs or more.")
    return _lines(f"={_text(answer.text)} -> {_escaped(answer.match)}" for answer in item.answers)


def _open(_item: Exchanged) -> str:
    return ""


_ANSWERS = {
    Asking.CHOICE: _choice,
    Asking.CHOICES: _choices,
    Asking.TRUTH: _truth,
    Asking.TEXT: _words,
    Asking.NUMBER: _numbers,
    Asking.PAIRS: _pairs,
    Asking.OPEN: _open,
}


def decimal_text(number: str) -> str:
    """Return an exact number with twelve decimals at most; ``n/d`` is rounded."""
    if "/" not in number:
        return number
    above, _stroke, below = number.partition("/")
    return f"{int(above) / int(below):.12f}".rstrip("0").rstrip(".")


def _lines(lines: Any) -> str:
    return "\n" + "".join(f"\t{line}\n" for line in lines)


def _weight(answer: Answer) -> str:
    # A text that begins with a percentage would read as a weight.
    return f"%{percent_of(answer.fraction)}%" if answer.fraction or answer.text.startswith("%") else ""


def _told(answer: Answer) -> str:
    return _text(answer.text) + (f"#{_text(answer.feedback)}" if answer.feedback else "")


def _typed(answer: Answer) -> str:
    return _escaped(answer.text) + (f"#{_text(answer.feedback)}" if answer.feedback else "")


def _text(text: str) -> str:
    if is_plain(text) and not text.startswith("["):
        return _escaped(text)
    return "[html]" + _escaped(html_of_words(text))


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _token(text: str) -> str:
    return " ".join(text.split()).replace("]", "\\]")
