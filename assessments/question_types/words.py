"""Words of a question: what may be kept, how a stem divides, when two short texts say the same."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.question_types.contract import Problem

LONGEST_STEM = 4_000
LONGEST_TEXT = 2_000
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

_SENTENCE_END = re.compile(r"(?<=[.!?])[’”'\")]*\s+(?=[‘“'\"(*]*[A-Z0-9])")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_LEFT_OUT = frozenset(".'’‘`´")


def check_text(value: Any, path: str, *, what: str, longest: int = LONGEST_TEXT) -> list[Problem]:
    """Return what is wrong with a required text."""
    if not isinstance(value, str) or not value.strip():
        return [Problem(path, f"Write {what}.")]
    if len(value) > longest:
        return [Problem(path, f"Shorten {what} to {longest:,} characters or fewer; it has {len(value):,}.")]
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return [Problem(path, f"Remove the character from {what} that is not text.")]
    return []


def check_keys(
    definition: Mapping[str, Any], path: str, *, needed: Sequence[str], allowed: Sequence[str]
) -> list[Problem]:
    """Return a problem for every key that is missing or unknown."""
    prefix = f"{path}." if path else ""
    missing = [Problem(f"{prefix}{key}", f"'{key}' is missing.") for key in needed if key not in definition]
    unknown = [
        Problem(f"{prefix}{key}", f"'{key}' is not a field of this question.")
        for key in definition
        if key not in needed and key not in allowed
    ]
    return missing + unknown


def check_verdicts(definition: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with ``feedback: {right, wrong}``."""
    feedback = definition.get("feedback")
    if not isinstance(feedback, Mapping):
        return [Problem("feedback", "Write feedback for a right and for a wrong answer.")]
    problems = check_keys(feedback, "feedback", needed=("right", "wrong"), allowed=())
    for key, what in (("right", "feedback for a right answer"), ("wrong", "feedback for a wrong answer")):
        if key in feedback:
            problems += check_text(feedback[key], f"feedback.{key}", what=what)
    return problems


def divide_stem(stem: str) -> tuple[str, str]:
    """Return the scene and the question of a stem: the question begins with the last sentence, or the last that asks.

    >>> divide_stem("She sits calmly. When do you ring? Role or initials.")
    ('She sits calmly.', 'When do you ring? Role or initials.')
    """
    stem = stem.strip()
    paragraphs = re.split(r"\n\s*\n", stem)
    if len(paragraphs) > 1:
        return "\n\n".join(paragraphs[:-1]), paragraphs[-1]
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(stem))]
    sentences = [stem[start:end].strip() for start, end in zip(starts, [*starts[1:], len(stem)], strict=True)]
    asking = [number for number, sentence in enumerate(sentences) if "?" in sentence]
    first = asking[-1] if asking else len(sentences) - 1
    return " ".join(sentences[:first]), " ".join(sentences[first:])


def in_words(number: int) -> str:
    """Return a small number as a word, a larger one in figures."""
    return NUMBER_WORDS[number] if 0 <= number < len(NUMBER_WORDS) else str(number)


def without_emphasis(text: str) -> str:
    """Return a text without the marks of bold, for summaries in plain words."""
    return _EMPHASIS.sub(r"\1", text)


def comparable(text: str) -> str:
    """Return a short text as it is compared: without case, punctuation, invisible characters and double spaces."""
    bare = _bare(text)
    # What was left out may bring a letter and its accent together: composed again, until nothing changes.
    while (again := _bare(bare)) != bare:
        bare = again
    return bare


def _bare(text: str) -> str:
    kept = []
    for letter in unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()):
        category = unicodedata.category(letter)
        if letter in _LEFT_OUT or (category in ("Cf", "Cc") and not letter.isspace()):
            continue
        kept.append(" " if category[0] in "PSZ" or letter.isspace() else letter)
    return " ".join("".join(kept).split())


def without_controls(text: str) -> str:
    """Return typed text without characters that no database keeps and no reader sees; line breaks become spaces."""
    clean = "".join(
        " " if letter in "\r\n\t" else letter
        for letter in text
        if letter in "\r\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
    )
    return clean.strip()
