"""Words of a question: what they may contain, how a stem divides, when two short texts say the same.

What words may contain is decided here once, for questions written in the product and for course folders alike (``wrong_in``).
Right-to-left text is text like any other; what turns the direction of letters round so that a text reads otherwise than it is, is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assessments.question_types.contract import Problem
from assessments.question_types.rational import to_fraction

LONGEST_STEM = 4_000
LONGEST_TEXT = 2_000
# What a definition of any type may have; ``around`` checks it.
AROUND = ("pictures", "confidence", "explanation")
# What a question can be at all; what it should be is a house rule of its own.
LONGEST_KEPT = 50_000
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

_SENTENCE_END = re.compile(r"(?<=[.!?])[’”'\")]*\s+(?=[‘“'\"(*]*[A-Z0-9])")
_OPENS_A_QUOTE = re.compile(r"""(?:^|\s)['‘"“]""")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
# Joiners and direction marks that words of some languages need, and the number signs of Arabic and its neighbours, which are seen.
# Overrides, embeddings and isolates, which can hide what a text says, are not among them; nor are tags.
_NEEDED = frozenset(
    "\n\t\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters by name, blanks to the eye.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
RAW_HTML = "Raw HTML is refused: write plain text."
_LEFT_OUT = frozenset(".'’‘`´")


def wrong_in(text: str) -> str:
    """Return why a text cannot be kept, as a sentence; nothing where it can."""
    return RAW_HTML if has_markup(text) else wrong_sign_in(text)


def has_markup(text: str) -> bool:
    """Return whether a text has a tag or a comment of HTML in it; a sign such as '<' alone is text."""
    return _MARKUP.search(text) is not None


def wrong_sign_in(text: str) -> str:
    """Return which character of a text cannot be seen and after which words it stands, as a sentence; nothing where there is none."""
    sign = hidden_sign(text)
    if not sign:
        return ""
    here = text.index(sign)
    before = " ".join(text[max(here - 60, 0) : here].split())[-20:]
    place = f", after ‘{before}’" if before else ", at the beginning"
    return f"A character that cannot be shown (U+{ord(sign):04X}) stands here{place}: take it out."


def hidden_sign(text: str) -> str:
    """Return the first character that no reader would see and no word needs, or nothing."""
    if text.isprintable() and _FILLERS.isdisjoint(text):
        return ""
    return next((sign for sign in text if _is_hidden(sign)), "")


def _is_hidden(sign: str) -> bool:
    return sign in _FILLERS or (unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") and sign not in _NEEDED)


def check_words(value: Any, path: str = "") -> list[Problem]:
    """Return a problem for each text in a definition, however deep, that cannot be kept."""
    if isinstance(value, str):
        reason = wrong_in(value)
        return [Problem(path, reason)] if reason else []
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, list | tuple):
        inner = enumerate(value)
    return [problem for key, below in inner for problem in check_words(below, f"{path}.{key}" if path else str(key))]


def check_line(value: str, path: str, *, longest: int) -> list[Problem]:
    """Return what is wrong with a short text that may be left out and stands on one line."""
    if len(value) > longest:
        return [Problem(path, f"Shorten this to {longest:,} characters or fewer; it has {len(value):,}.")]
    if "\n" in value or "\r" in value:
        return [Problem(path, "Write this on one line.")]
    return check_words(value, path)


def check_text(
    value: Any, path: str, *, what: str, longest: int = LONGEST_TEXT, is_optional: bool = False
) -> list[Problem]:
    """Return what is wrong with a text that a good question has. Without one that ``is_optional`` it can still be marked.

    A text that is longer than ``longest`` breaks a house rule; one that could not be kept or shown at all is a matter of structure.
    """
    if not isinstance(value, str) or not value.strip():
        return [Problem(path, f"Write {what}.", is_house_rule=is_optional and isinstance(value, str))]
    if len(value) > longest:
        sentence = f"Shorten {what} to {longest:,} characters or fewer; it has {len(value):,}."
        too_long = Problem(path, sentence, is_house_rule=len(value) <= LONGEST_KEPT)
        return [too_long, *check_words(value, path)] if too_long.is_house_rule else [too_long]
    return check_words(value, path)


def check_fraction(value: Any, path: str) -> list[Problem]:
    """Return what is wrong with an answer's share of full marks as such."""
    try:
        fraction = to_fraction(value)
    except ValueError:
        return [Problem(path, "Write the fraction as a number such as 1, 0.5 or 1/3.")]
    return [] if -1 <= fraction <= 1 else [Problem(path, "A fraction lies between -1 and 1.")]


def has_structure(problems: Iterable[Problem]) -> bool:
    """Return whether nothing of the structure is wrong, so that the rest can be looked at."""
    return all(problem.is_house_rule for problem in problems)


# Words told with every answer. Types that tell it themselves check it; for all others the engine does both.
SURROUNDINGS = ("explanation",)


def check_surroundings(definition: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the explanation of a definition."""
    if "explanation" not in definition:
        return []
    return check_text(definition["explanation"], "explanation", what="the explanation, or leave it out")


def surroundings_of(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is told after every answer."""
    return told(definition.get("explanation", ""))


def with_explanation(definition: Mapping[str, Any], feedback: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is told of an answer with the explanation of the question after it, once."""
    explanation = surroundings_of(definition)
    return feedback if set(explanation) <= set(feedback) else feedback + explanation


def told(*texts: str) -> tuple[str, ...]:
    """Return those texts of feedback that say something."""
    return tuple(text for text in texts if text.strip())


def check_keys(
    definition: Mapping[str, Any], path: str, *, needed: Sequence[str], allowed: Sequence[str]
) -> list[Problem]:
    """Return a problem for every key that is missing or unknown. What any question may have beside its type's keys is known."""
    prefix = f"{path}." if path else ""
    allowed = allowed if path else (*allowed, *AROUND)
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
            problems += check_text(feedback[key], f"feedback.{key}", what=what, is_optional=True)
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


def says_something(text: str) -> bool:
    """Return whether a text holds a letter or a figure that can be seen: a dash, dots or an invisible filler say nothing."""
    return any(unicodedata.category(sign)[0] in "LN" and sign not in _FILLERS for sign in text)


def without_hidden(text: str) -> str:
    """Return typed text without what ``hidden_sign`` finds, for answers, which are never refused for it; line breaks become spaces."""
    return "".join(" " if sign in "\r\n\t" else sign for sign in text if sign == "\r" or not _is_hidden(sign)).strip()


def shortened(text: str, *, longest: int = 300) -> str:
    """Return the beginning of a long text, cut at a word and marked as cut; line breaks become spaces."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0] + " …"


def quoted(text: str) -> str:
    """Return an answer in quotation marks; one that is somebody's words already keeps one pair, not two."""
    words = str(text).strip()
    inside = words[1:-1]
    is_speech = len(words) > 2 and words[0] in "'‘\"“" and words[-1] in "'’\"”" and not _OPENS_A_QUOTE.search(inside)
    return f"‘{inside if is_speech else words}’"


def quoted_sentence(text: str) -> str:
    """Return a quoted answer that ends its sentence: the full stop is left out where the answer brings its own."""
    words = quoted(text)
    return words if words[:-1].endswith((".", "?", "!")) else f"{words}."
