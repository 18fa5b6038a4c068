"""Aiken: a question on one line, answers as ``A) …`` or ``A. …``, and a line that names the right one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from assessments.interchange.assembling import finished
from assessments.interchange.html_words import Pictures
from assessments.interchange.reading import Found, Skipped
from assessments.interchange.texts import kept_words, named
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged

OPTION = re.compile(r"([A-Z])[).]\s*(\S.*)")
KEY = re.compile(r"ANSWER:\s*([A-Z])\s*", re.IGNORECASE)
ANY_KEY = re.compile(r"ANSWER:", re.IGNORECASE)
LONGEST_QUESTION = 200_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class _Question:
    """The lines of one question as they come."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.text: list[str] = []
        self.options: list[tuple[str, str]] = []
        self.length = 0

    def takes(self, line: str) -> bool:
        """Count a line in; return whether the question is still one that is read."""
        self.length += len(line)
        return self.length <= LONGEST_QUESTION

    def name(self) -> str:
        return named("", " ".join(self.text)[:500])

    def why_not(self, key: str) -> str:
        if self.length > LONGEST_QUESTION:
            return f"It is longer than {LONGEST_QUESTION:,} characters. Perhaps the line with its answer is missing."
        letters = [letter for letter, _text in self.options]
        if not self.text:
            return "It has answers and no question before them."
        if len(letters) < 2:
            return "It has fewer than two answers."
        if letters != list(LETTERS[: len(letters)]):
            return "Its answers are not lettered A, B, C and so on."
        if key not in letters:
            return f"Its answer is said to be {key}, and it has no answer {key}."
        return ""

    def shape(self, key: str) -> Exchanged:
        answers = tuple(Answer(kept_words(text), Fraction(letter == key)) for letter, text in self.options)
        return Exchanged(Asking.CHOICE, kept_words("\n".join(self.text)), answers)


def read_aiken(text: str) -> list[Found]:
    """Return every question of an Aiken file, or why it does not arrive."""
    found: list[Found] = []
    question: _Question | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        stripped = line.strip()
        if not stripped:
            continue
        if ANY_KEY.match(stripped):
            found.append(_closed(question or _Question(number), stripped))
            question = None
        elif option := OPTION.fullmatch(stripped):
            question = question or _Question(number)
            if question.takes(stripped):
                question.options.append((option[1], option[2]))
        else:
            if question is not None and question.options:
                found.append(_open(question))
                question = None
            question = question or _Question(number)
            if question.takes(stripped):
                question.text.append(stripped)
    if question is not None:
        found.append(_open(question))
    return found


def _closed(question: _Question, line: str) -> Found:
    key = KEY.fullmatch(line)
    reason = question.why_not(key[1].upper()) if key else "The line with its answer does not name one letter."
    if reason or key is None:
        return Skipped(question.line, question.name(), reason)
    return finished(question.shape(key[1].upper()), about={}, line=question.line, pictures=Pictures())


def _open(question: _Question) -> Skipped:
    reason = "No line 'ANSWER:' says which answer is right."
    if question.length > LONGEST_QUESTION:
        reason = question.why_not("")
    return Skipped(question.line, question.name(), reason)


def write_aiken(items: Sequence[Exchanged]) -> str:
    """Return questions that ``refuse_for_aiken`` takes, one after the other."""
    return "\n".join(_written(item) for item in items)


def refuse_for_aiken(item: Exchanged) -> None:
    """Raise ``NotExchanged`` for what Aiken has no words for."""
    if item.asking is not Asking.CHOICE:
        raise NotExchanged("Aiken has single choices only.")
    texts = [item.text, *(answer.text for answer in item.answers)]
    if any("\n" in text for text in texts) or item.pictures:
        raise NotExchanged("Aiken has no paragraphs and no pictures.")
    if OPTION.fullmatch(item.text) or ANY_KEY.match(item.text):
        raise NotExchanged("Its text would read as an answer.")
    if len(item.answers) > len(LETTERS) or sum(answer.fraction == 1 for answer in item.answers) != 1:
        raise NotExchanged("Aiken needs one right answer of 26 at most.")


def unsaid_in_aiken(item: Exchanged) -> list[str]:
    """Return what is lost of a question in Aiken, as words."""
    lost = []
    if any(answer.feedback for answer in item.answers) or item.feedback:
        lost.append("feedback")
    if any(answer.fraction not in (0, 1) for answer in item.answers):
        lost.append("part marks")
    if item.max_mark != 1:
        lost.append("its marks")
    if not item.is_shuffled:
        lost.append("the order of its options")
    texts = [item.text, *(answer.text for answer in item.answers)]
    if any(kept_words(text) != text for text in texts):
        lost.append("blanks in a row")
    return lost


def _written(item: Exchanged) -> str:
    lines = [item.text]
    lines += [f"{letter}) {answer.text}" for letter, answer in zip(LETTERS, item.answers, strict=False)]
    key = next(letter for letter, answer in zip(LETTERS, item.answers, strict=False) if answer.fraction == 1)
    return "\n".join([*lines, f"ANSWER: {key}", ""])
