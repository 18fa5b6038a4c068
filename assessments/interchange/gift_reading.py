"""GIFT to shapes, as Moodle reads it: a blank line ends a question, a backslash keeps a sign from meaning anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.interchange.about import read_about
from assessments.interchange.assembling import finished, pair_answers
from assessments.interchange.formatted import words_in
from assessments.interchange.html_words import Pictures
from assessments.interchange.numbers import number_text, read_exact
from assessments.interchange.percents import share_of
from assessments.interchange.reading import Found, NotRead, Skipped
from assessments.interchange.texts import named, one_line
from assessments.question_types.exchange import Answer, Asking, Exchanged

LONGEST_QUESTION = 200_000
BLANK = "_____"
CATEGORY = "$CATEGORY:"
_ESCAPES = re.compile(r"\\(\\|[:#={}~n])")
# Escaped signs wait as characters of no meaning, so that what follows looks at bare ones only.
_HIDING = {sign: chr(0xE000 + number) for number, sign in enumerate("\\:#={}~n")}
_SHOWING = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDING.items()})
_OWN = re.compile("[\ue000-\ue007]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,2}\.?[0-9]*)%")
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]")
# '{1:MULTICHOICE:' and its like: how Moodle's embedded answers begin, which read as GIFT would give a right answer of that name.
_EMBEDDED = re.compile(r"[0-9]{0,4}\s*:\s*[A-Z]{2,20}(_[A-Z]{1,4})?\s*:")
_TOKEN = re.compile(r"\[(id|tag):((?:\\\]|[^\]\x00-\x1f])+)\]")
_TRUE, _FALSE = frozenset({"T", "TRUE"}), frozenset({"F", "FALSE"})


@dataclass
class _Block:
    """The lines of one question, and what the comments before and in it say."""

    line: int
    lines: list[str] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)


def read_gift(text: str) -> list[Found]:
    """Return every question of a GIFT file, or why it does not arrive."""
    found: list[Found] = []
    category = ""
    for block in _blocks(text):
        joined = "\n".join(block.lines).strip()
        if joined.startswith(CATEGORY):
            category = one_line(_shown(_hidden(joined[len(CATEGORY) :])))
            continue
        found.append(_read(joined, block, category))
    return found


def _blocks(text: str) -> Iterator[_Block]:
    """Yield questions and categories; comments are taken out, and a category stands for itself whatever follows it."""
    block: _Block | None = None
    about: dict[str, Any] = {}
    for number, line in enumerate(_OWN.sub("", text.removeprefix("\ufeff")).split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            about |= _comment(stripped)
        elif not stripped:
            if block is not None:
                yield _with(block, about)
                block, about = None, {}
        elif stripped.startswith(CATEGORY) and block is None:
            yield _Block(number, [stripped])
        else:
            block = block or _Block(number)
            block.lines.append(stripped)
    if block is not None:
        yield _with(block, about)


def _with(block: _Block, about: dict[str, Any]) -> _Block:
    block.about = about
    return block


def _comment(line: str) -> dict[str, Any]:
    """Return what a comment says of its question: our own line, or Moodle's id and tags."""
    if about := read_about(line):
        return about
    said: dict[str, Any] = {}
    if len(line) > LONGEST_QUESTION:
        return said
    for kind, value in _TOKEN.findall(line):
        words = one_line(value.replace("\\]", "]"))
        if kind == "id":
            said.setdefault("id", words)
        else:
            said.setdefault("tags", []).append(words)
    return said


def _read(text: str, block: _Block, category: str) -> Found:
    if len(text) > LONGEST_QUESTION:
        reason = (
            f"It is longer than {LONGEST_QUESTION:,} characters. Perhaps an empty line between questions is missing."
        )
        return Skipped(block.line, named("", text[:200]), reason)
    hidden = _hidden(text)
    name, rest = _name_of(hidden)
    pictures = Pictures()
    try:
        item = _question(rest, name, pictures)
        about = {**block.about, **({"category": category} if category else {})}
        return finished(item, about=about, line=block.line, pictures=pictures)
    except NotRead as reason:
        return Skipped(block.line, named(name, _shown(rest.partition("{")[0])), str(reason))


def _name_of(hidden: str) -> tuple[str, str]:
    if hidden.startswith("::"):
        name, end, rest = hidden[2:].partition("::")
        if end:
            return one_line(_shown(name)), rest.strip()
    return "", hidden


def _question(text: str, name: str, pictures: Pictures) -> Exchanged:
    start, finish = text.find("{"), text.find("}")
    if start < 0 and finish < 0:
        raise NotRead("It asks nothing: it has no answers in braces, so it is a description.")
    if start < 0 or finish < start:
        raise NotRead(
            "Its braces do not match: answers stand between { and }, and a brace in a text needs a backslash before it."
        )
    inside = text[start + 1 : finish].strip()
    is_last = text.endswith("}") and finish == len(text) - 1
    asked = text[:start] + ("" if is_last else BLANK) + text[finish + 1 :]
    if "{" in text[finish + 1 :] or "}" in text[finish + 1 :] or "{" in inside:
        raise NotRead(
            "It has more than one place for answers in braces; write a backslash before a brace that is text."
        )
    if _EMBEDDED.match(inside):
        raise NotRead("Its answers are written as embedded answers (Cloze), not as GIFT: export it as Moodle XML.")
    answers, mark, general = inside.rpartition("####")
    answers = answers.strip() if mark else inside
    kind, asked = _formatted(asked)
    reader = _Reader(kind, pictures)
    shape = _answers(answers, reader)
    return Exchanged(
        text=reader.words(asked),
        name=name,
        feedback=reader.text(general) if mark else "",
        **shape,
    )


def _answers(inside: str, reader: _Reader) -> dict[str, Any]:
    """Return the kind of asking with its answers, decided in Moodle's order."""
    if not inside:
        return {"asking": Asking.OPEN}
    if inside.startswith("#"):
        return _numbers(inside[1:], reader)
    if "~" in inside:
        return _choices(inside, reader)
    if "=" in inside and "->" in inside:
        return _pairs(inside, reader)
    if inside.partition("#")[0].strip().upper() in _TRUE | _FALSE:
        return _truth(inside, reader)
    return {"asking": Asking.TEXT, **_texts(inside, reader)}


def _choices(inside: str, reader: _Reader) -> dict[str, Any]:
    is_single = "=" in inside
    answers = [_weighed(piece, Fraction(0), reader) for piece in _pieces(inside.replace("=", "~="), "~")]
    if len(answers) < 2:
        raise NotRead("It has fewer than two answers to choose from.")
    return {"asking": Asking.CHOICE if is_single else Asking.CHOICES, "answers": tuple(answers)}


def _pairs(inside: str, reader: _Reader) -> dict[str, Any]:
    pieces = _pieces(inside, "=")
    if len(pieces) < 2:
        raise NotRead("It has fewer than two pairs.")
    answers = []
    for piece in pieces:
        left, arrow, right = piece.partition("->")
        if not arrow:
            raise NotRead(f"One of its pairs has no arrow: ‘{_shown(piece)[:60]}’.")
        answers.append((reader.text(left), one_line(_shown(right))))
    return {"asking": Asking.PAIRS, "answers": pair_answers(answers)}


def _truth(inside: str, reader: _Reader) -> dict[str, Any]:
    word, *told = inside.split("#", 2)
    is_true = word.strip().upper() in _TRUE
    wrong, right = [*(reader.text(one) for one in told), "", ""][:2]
    answers = tuple(
        Answer(name, Fraction(is_right), right if is_right else wrong)
        for name, is_right in (("True", is_true), ("False", not is_true))
    )
    return {"asking": Asking.TRUTH, "answers": answers, "is_shuffled": False}


def _texts(inside: str, reader: _Reader) -> dict[str, Any]:
    answers, wrong = [], ""
    for piece in _pieces(inside, "="):
        answer = _weighed(piece, Fraction(1), reader)
        if answer.text == "*" and answer.fraction <= 0:
            wrong = answer.feedback
        else:
            answers.append(answer)
    if not answers:
        raise NotRead("It accepts no answer.")
    return {"answers": tuple(answers), "feedback_wrong": wrong, "is_shuffled": False}


def _numbers(inside: str, reader: _Reader) -> dict[str, Any]:
    inside, _tilde, other = inside.partition("~")
    wrong = reader.text(other.partition("#")[2])
    answers = []
    for piece in _pieces(inside, "="):
        weight, rest = _weight(piece, Fraction(1))
        number, _sign, feedback = rest.partition("#")
        plain = _shown(number).strip()
        if plain == "*":
            wrong = wrong or reader.text(feedback)
            continue
        value, tolerance = _number(plain)
        answers.append(Answer(number_text(value), weight, reader.text(feedback), tolerance=tolerance))
    if not answers:
        raise NotRead("It has no number for an answer.")
    return {"asking": Asking.NUMBER, "answers": tuple(answers), "feedback_wrong": wrong, "is_shuffled": False}


def _number(text: str) -> tuple[Fraction, Fraction]:
    """Return the number and its tolerance from ``10``, ``10:0.5`` or ``9.5..10.5``."""
    try:
        if ".." in text:
            low, _dots, high = text.partition("..")
            least, most = read_exact(low), read_exact(high)
            return (least + most) / 2, abs(most - least) / 2
        value, _colon, tolerance = text.partition(":")
        return read_exact(value), abs(read_exact(tolerance)) if tolerance.strip() else Fraction(0)
    except ValueError:
        raise NotRead(f"‘{text[:40]}’ is not a number.") from None


def _weighed(piece: str, otherwise: Fraction, reader: _Reader) -> Answer:
    if piece.startswith("="):
        # What follows is text, whatever it looks like; only the weight it has anyway is passed over.
        weight, rest = Fraction(1), piece[1:].strip().removeprefix("%100%")
    else:
        weight, rest = _weight(piece, otherwise)
    text, _sign, feedback = rest.partition("#")
    return Answer(reader.text(text), weight, reader.text(feedback))


def _weight(piece: str, otherwise: Fraction) -> tuple[Fraction, str]:
    match = _WEIGHT.match(piece)
    return (share_of(match[1]), piece[match.end() :]) if match else (otherwise, piece)


def _pieces(text: str, sign: str) -> list[str]:
    """Return the answers between signs; what stands before the first is one too, unless it is nothing."""
    pieces = [piece.strip() for piece in text.split(sign)]
    pieces = pieces[1:] if not pieces[0] else pieces
    if not all(pieces):
        raise NotRead("It has an answer with nothing in it.")
    return pieces


def _formatted(hidden: str, otherwise: str = "moodle") -> tuple[str, str]:
    text = hidden.strip()
    match = _FORMAT.match(text)
    return (match[1], text[match.end() :]) if match else (otherwise, text)


@dataclass(frozen=True)
class _Reader:
    """Turns texts of a question into words, in the format of the question where they name none."""

    format: str
    pictures: Pictures

    def text(self, hidden: str) -> str:
        kind, text = _formatted(hidden, self.format)
        return words_in(kind, _shown(text), self.pictures)

    def words(self, hidden: str) -> str:
        return words_in(self.format, _shown(hidden), self.pictures)


def _hidden(text: str) -> str:
    return _ESCAPES.sub(lambda match: _HIDING[match[1]], text)


def _shown(hidden: str) -> str:
    return hidden.translate(_SHOWING)
