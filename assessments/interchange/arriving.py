"""From a shape to a draft: its type, its definition, and what is wrong with it by the house rules. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments import question_types
from assessments.bank import LONGEST, LONGEST_NOTE, LONGEST_REFERENCE, MOST_MARKS, can_be_max_mark
from assessments.interchange.about import fingerprint_of
from assessments.interchange.brought_pictures import checked_pictures, named_pictures
from assessments.interchange.reading import NotRead
from assessments.interchange.texts import kept_words
from assessments.models import Difficulty
from assessments.pictures import CheckedPicture
from assessments.question_types.contract import Problem, QuestionType
from assessments.question_types.exchange import Exchanged, NotExchanged
from assessments.question_types.words import check_line


@dataclass(frozen=True)
class Draft:
    """A question as it will be kept. ``warnings`` are sentences: house rules it breaks, and what of the file has no place in it."""

    item: Exchanged
    type: str
    definition: dict[str, Any]
    max_mark: Decimal
    about: Mapping[str, Any]
    pictures: Mapping[str, CheckedPicture]
    warnings: tuple[str, ...]


def draft_of(item: Exchanged) -> Draft:
    """Return the draft a question arrives as; raises ``NotRead`` or ``NotExchanged`` with the reason where it cannot."""
    kind = _type_for(item)
    pictures = checked_pictures(item.pictures)
    definition = kind.normalise(_definition(kind, item, pictures))
    problems = question_types.problems_of(kind, definition)
    structure = [problem for problem in problems if not problem.is_house_rule]
    if structure:
        raise NotRead(" ".join(dict.fromkeys(problem.message for problem in structure[:3])))
    max_mark = _mark(item)
    about, left_out = _around(item)
    warnings = (*item.about.get("warnings", ()), *left_out, *(str(problem) for problem in problems))
    return Draft(item, kind.name, definition, max_mark, about, pictures, warnings)


def _type_for(item: Exchanged) -> QuestionType:
    if item.type in question_types.names():
        return question_types.get(item.type)
    for name in question_types.names():
        if item.asking in question_types.get(name).takes:
            return question_types.get(name)
    raise NotExchanged(f"We have no type of question for it yet (it asks by {item.asking}).")


def _definition(kind: QuestionType, item: Exchanged, pictures: Mapping[str, CheckedPicture]) -> dict[str, Any]:
    """Return the definition: letter by letter where the file has it and was not edited since, else as the format says it."""
    exact = item.about.get("exact", {})
    if isinstance(exact.get("definition"), dict) and exact.get("of") == fingerprint_of(item):
        definition = dict(exact["definition"])
    else:
        definition = kind.from_exchange(item)
        if item.feedback:
            # What other systems tell after every answer, whatever the type.
            definition.setdefault("explanation", item.feedback)
    definition.pop("pictures", None)
    if pictures:
        definition["pictures"] = named_pictures(pictures, item.pictures)
    return definition


def _mark(item: Exchanged) -> Decimal:
    rounded = round(Decimal(item.max_mark.numerator) / Decimal(item.max_mark.denominator), 7)
    mark = Decimal(f"{rounded.normalize():f}")
    if not can_be_max_mark(mark):
        raise NotRead(f"It carries {mark} marks; a question of ours carries from 0 to {MOST_MARKS}.")
    return mark


def _around(item: Exchanged) -> tuple[dict[str, Any], list[str]]:
    """Return what surrounds the question as far as it can be kept, and sentences about the rest."""
    about, warnings = item.about, []
    kept: dict[str, Any] = {}
    for name, longest in LONGEST.items():
        value = kept_words(str(about.get(name, "")))
        if not value:
            continue
        problems: list[Problem] = check_line(value, name, longest=longest)
        if problems:
            warnings.append(f"Its {name.replace('_', ' ')} is left out: {problems[0].message}")
        else:
            kept[name] = value
    if about.get("difficulty") in Difficulty.values:
        kept["difficulty"] = about["difficulty"]
    references = [kept_words(one) for one in about.get("references", ())]
    kept["references"] = [one for one in references if one and not check_line(one, "", longest=LONGEST_REFERENCE)]
    notes = [str(about.get("note", ""))]
    if about.get("tags") and not about.get("is_ours"):
        notes.append(f"Tags: {', '.join(about['tags'])}")
    note = "\n".join(part for part in notes if part)
    kept["note"] = (note if about.get("is_ours") else kept_words(note))[:LONGEST_NOTE]
    for name in ("code", "id", "use", "category", "is_ours"):
        if about.get(name):
            kept[name] = about[name]
    return kept, warnings
