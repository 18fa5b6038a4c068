"""What in a text looks like a detail of a case: a crime number, a name, a way to reach or find somebody. Pure: knows no database.

It warns and never decides: a number may be that of a training record, a name that of a street. So it prefers a question too many to a
victim's name too few, and whoever wrote the text answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from courses.portfolio.capital_words import NOBODYS


class Kind(StrEnum):
    """What something looks like."""

    NUMBER = "number"
    NAME = "name"
    PHONE = "phone"
    PLATE = "plate"
    EMAIL = "email"
    BIRTH = "birth"
    POSTCODE = "postcode"


WORDS = {
    Kind.NUMBER: "a crime, incident or custody number",
    Kind.NAME: "somebody’s name",
    Kind.PHONE: "a telephone number",
    Kind.PLATE: "a number plate",
    Kind.EMAIL: "an e-mail address",
    Kind.BIRTH: "a date of birth",
    Kind.POSTCODE: "a postcode",
}
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of text and what it looks like."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        return f"‘{self.text}’ looks like {WORDS[self.kind]}."


# A capital and small letters, also with an accent; O’Neill, McKay and Smith-Jones are one word.
_WORD = r"(?:[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]+|[’'][A-Z][a-z]+)(?:[A-Z][a-z]+)?(?:[-’'][A-Z][a-z]+)*)"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Lady|Lord|Master|Rev|Prof|PC|WPC|DC|DS|DI|PS|Sgt|Sergeant|Insp|Inspector|PCSO|Constable)"
_PART = (
    r"(?:victim|suspect|witness|complainant|informant|offender|detainee|prisoner|patient|caller|neighbour"
    r"|mother|father|son|daughter|wife|husband|partner)"
)

# The number behind a word that says what it is, however the number is written.
_SAID = re.compile(
    r"\b(?i:crime|cris|crn|crimint|cad|incident|inc|log|custody|detained|intel|intelligence|urn|pnc(?:\s?id)?|niche|occurrence|exhibit|merlin)"
    r"(?:\s+(?i:record|ref|reference|report|number|no|num|id|log|of)){0,3}\.?(?:\s+|\s*[:#-]\s*)"
    r"((?:[A-Z]{1,4}[/-]?)?\d[\dA-Z]+(?:[/-][\dA-Z]+)*|[A-Z]{1,4}[/-]?\d+|\d+[/-][\dA-Z]+)(?![\w])"
)
# Numbers that need no word before them: 01AB/12345/26, 3012345/26, AB/1234/26, 2026/0012345, 26/123456X, 45*12345*010126.
_BARE = re.compile(
    r"(?<![\w/-])(?:"
    r"\d{2}[A-Z]{1,3}/\d{2,7}/\d{2}"
    r"|[A-Z]{2,3}/\d{3,6}/(?:19|20)?\d{2}"
    r"|\d{5,8}/(?:19|20)?\d{2}"
    r"|\d{2}/\d{4,7}/\d{2}"
    r"|(?:19|20)\d{2}/\d{5,8}"
    r"|\d{2}(?:\d{2})?/\d{4,7}[A-Z]"
    r"|\d{2}[*-]\d{4,7}[*-]\d{2,6}"
    r"|42\d{9}"
    r")(?![\w/])"
)
# Read from its beginning only: begun anew at every letter, a long word would be read as often as it has letters.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w/])(?:(?:\+|00)44\s?(?:\(0\))?\s?|\(?0)(?:[1-37]\d[\s-]?\)?\s?)(?:\d[\s-]?){7,8}\d?(?![\w/])"
)
# The present style, the one before it with its year letter first, and the one before that with it last.
_PLATE = re.compile(
    r"(?<![\w/-])(?:[A-HJ-PR-Y][A-Z]\d{2}\s?[A-Z]{3}|[A-HJ-NPR-TV-Y]\d{1,3}\s?[A-Z]{3}|[A-Z]{3}\s?\d{1,3}[A-HJ-NPR-TV-Y])(?![\w/-])"
)
_BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\s*[:-]?\s*(\d{1,2}[\s./-](?:\d{1,2}|[A-Za-z]{3,9})[\s./-]\d{2,4})",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[\dA-HJKPSTUW]? ?\d[ABD-HJLNP-UW-Z]{2})\b")
_TITLED = re.compile(rf"\b{_TITLE}\.?\s+((?:[A-Z]\.?\s+)?{_WORD}(?:\s+{_WORD})?)")
_PLAYED = re.compile(rf"\b(?:{_PART}|named|called)[\s,:]+(?:was\s+|is\s+)?({_WORD}(?:\s+{_WORD})?)")
_RUN = re.compile(rf"(?<![\w’'-]){_WORD}(?:\s+{_WORD})+(?![\w-])")


def case_details(
    texts: Mapping[str, str] | Iterable[str], *, numbers_in: Iterable[str] = (), places_in: Iterable[str] = ()
) -> tuple[Found, ...]:
    """Return what looks like a detail of a case in the texts, each once, in the order it stands there.

    ``numbers_in`` names texts in which a number is expected: the reference under which evidence is kept. In those of ``places_in`` words
    with capitals beside each other are a place. Everything else is looked for there too.
    """
    named = texts if isinstance(texts, Mapping) else dict(enumerate(texts))
    numbers, places = set(numbers_in), set(places_in)
    found: dict[tuple[Kind, str], Found] = {}
    for name, text in named.items():
        for one in _in_text(text, is_place=name in places):
            if not (name in numbers and one.kind is Kind.NUMBER):
                found.setdefault((one.kind, one.text.casefold()), one)
    return tuple(found.values())


def digest_of(found: Iterable[Found]) -> str:
    """Return a word for exactly these findings: who confirms them hands it back. '' for none."""
    lines = sorted(f"{one.kind}:{one.text}" for one in found)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32] if lines else ""


def _in_text(text: str, *, is_place: bool) -> list[Found]:
    """Return what is found in one text. What was taken for one thing is not read again as another."""
    found: list[tuple[int, Found]] = []
    left = text
    for kind, pattern in (
        (Kind.EMAIL, _EMAIL),
        (Kind.BIRTH, _BIRTH),
        (Kind.NUMBER, _SAID),
        (Kind.NUMBER, _BARE),
        (Kind.PHONE, _PHONE),
        (Kind.PLATE, _PLATE),
        (Kind.POSTCODE, _POSTCODE),
        (Kind.NAME, _TITLED),
        (Kind.NAME, _PLAYED),
    ):
        for match in pattern.finditer(left):
            whole = match[pattern.groups]
            if kind is Kind.NAME and _is_common(whole):
                continue
            shown = match[0] if kind in (Kind.NUMBER, Kind.NAME, Kind.BIRTH) else whole
            found.append((match.start(), Found(kind, " ".join(shown.split()))))
            left = left[: match.start()] + "·" * (match.end() - match.start()) + left[match.end() :]
    for match in () if is_place else _RUN.finditer(left):
        # Of words with capitals beside each other, those that are nobody's name divide the others.
        for is_nobodys, words in groupby(match[0].split(), key=NOBODYS.__contains__):
            name = list(words)
            if not is_nobodys and len(name) > 1:
                found.append((match.start(), Found(Kind.NAME, " ".join(name))))
    return [one for _place, one in sorted(found, key=lambda pair: pair[0])]


def _is_common(words: str) -> bool:
    return all(word in NOBODYS for word in words.split())
