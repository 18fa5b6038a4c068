"""Importing: first a plan that says of every question what will become of it, then all of it in one transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction

from assessments.bank import BankRefused, digest_of_words
from assessments.interchange.arriving import Draft, draft_of
from assessments.interchange.brought_pictures import keep_pictures
from assessments.interchange.places import Place, topic_of
from assessments.interchange.reading import NotRead, Reading, Skipped
from assessments.lines import refresh_lines
from assessments.models import Difficulty, Question, QuestionUse, QuestionVersion, Topic, VersionState, VersionStep
from assessments.question_types.exchange import NotExchanged
from assessments.topics import topic_in_bank
from people import clock
from people.models import User

BATCH = 500
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CODE = 80


@dataclass(frozen=True)
class Arrival:
    """A question that will be kept: its code, the draft, the columns of its version, and the number the version will have."""

    code: str
    draft: Draft
    words: Mapping[str, Any]
    digest: str
    number: int = 1
    question: Question | None = None

    @property
    def is_new(self) -> bool:
        """Return whether the question is new; else it is a new version of one there is."""
        return self.question is None


@dataclass(frozen=True)
class Plan:
    """What becomes of a file at a place: ``read`` is the sum of those that arrive and those that are skipped."""

    format: str
    place: Place
    arrivals: Sequence[Arrival]
    skipped: Sequence[Skipped]

    @property
    def read(self) -> int:
        return len(self.arrivals) + len(self.skipped)


@dataclass(frozen=True)
class _Known:
    question: Question
    number: int
    digest: str


def plan_import(reading: Reading, place: Place) -> Plan:
    """Return what importing a file would do. Writes nothing."""
    skipped: list[Skipped] = []
    drafts: list[tuple[str, Draft, dict[str, Any], str]] = []
    for one in reading.found:
        if isinstance(one, Skipped):
            skipped.append(one)
            continue
        try:
            draft = draft_of(one)
        except (NotRead, NotExchanged) as reason:
            skipped.append(Skipped(one.line, one.name, str(reason)))
            continue
        words = _words(draft, place)
        digest = digest_of_words(words, draft.max_mark)
        drafts.append((_wanted_code(draft, place, digest), draft, words, digest))
    known = _known({code for code, *_rest in drafts} | {_other_code(code, place) for code, *_rest in drafts})
    arrivals: dict[str, Arrival] = {}
    for code, draft, words, digest in drafts:
        placed = _placed(code, draft, words, digest, place, known, arrivals)
        if isinstance(placed, Skipped):
            skipped.append(placed)
        else:
            arrivals[placed.code] = placed
    return Plan(reading.format, place, list(arrivals.values()), sorted(skipped, key=lambda one: one.line))


def write_plan(plan: Plan, *, by: User | None, at: datetime) -> None:
    """Keep everything a plan says, as drafts, or nothing. Raises ``BankRefused`` where somebody was faster."""
    try:
        with transaction.atomic():
            for arrival in plan.arrivals:
                keep_pictures(arrival.draft.pictures.values(), by=by, at=at)
            waiting = iter(plan.arrivals)
            while batch := list(islice(waiting, BATCH)):
                _write(batch, plan, by=by, at=at)
    except IntegrityError as problem:
        raise BankRefused(
            "Somebody saved one of these questions meanwhile. Nothing was imported: import the file again."
        ) from problem


def _write(batch: Sequence[Arrival], plan: Plan, *, by: User | None, at: datetime) -> None:
    made = clock.now()
    questions = [arrival.question or _question(arrival, plan.place, by=by, at=made) for arrival in batch]
    topics = _topics({str(arrival.words["topic"]) for arrival in batch}, plan.place, by=by, at=made)
    for question, arrival in zip(questions, batch, strict=True):
        question.topic = topics[str(arrival.words["topic"])]
    pairs = list(zip(questions, batch, strict=True))
    Question.objects.bulk_create([question for question, arrival in pairs if arrival.is_new])
    Question.objects.bulk_update([question for question, arrival in pairs if not arrival.is_new], ["topic"])
    versions = QuestionVersion.objects.bulk_create(
        QuestionVersion(
            question=question,
            number=arrival.number,
            **arrival.words,
            max_mark=arrival.draft.max_mark,
            note=arrival.draft.about.get("note", ""),
            author_name="" if by is None else by.get_full_name(),
            created_at=at,
            created_by=by,
            digest=arrival.digest,
        )
        for question, arrival in zip(questions, batch, strict=True)
    )
    reason = f"Imported from a file in the format {plan.format}."
    VersionStep.objects.bulk_create(
        VersionStep(version=version, state=VersionState.DRAFT, by=by, at=at, reason=reason) for version in versions
    )
    refresh_lines([question.pk for question in questions])


def _topics(words: set[str], place: Place, *, by: User | None, at: datetime) -> dict[str, Topic]:
    """Return the topics of the bank's tree that questions name, made where they are missing."""
    return {word: topic_in_bank(place.bank, word, family=place.family, by=by, at=at) for word in sorted(words)}


def _question(arrival: Arrival, place: Place, *, by: User | None, at: datetime) -> Question:
    about = arrival.draft.about
    return Question(
        code=arrival.code,
        bank=place.bank,
        family=place.family,
        module=about.get("module", ""),
        use=QuestionUse.LESSON if about.get("use") == QuestionUse.LESSON else QuestionUse.EXAM,
        created_at=at,
        created_by=by,
    )


def _words(draft: Draft, place: Place) -> dict[str, Any]:
    about = draft.about
    return {
        "type": draft.type,
        "definition": draft.definition,
        "outcome": about.get("outcome", ""),
        "topic": topic_of(place, about),
        "difficulty": about.get("difficulty", Difficulty.MEDIUM.value),
        "must_pass": about.get("must_pass", "") if about.get("use") != QuestionUse.LESSON else "",
        "references": list(about.get("references", ())),
    }


def _wanted_code(draft: Draft, place: Place, digest: str) -> str:
    """Return the code by which the same question is known again: its own, its number in the file, or its name and content."""
    about = draft.about
    code = str(about.get("code", ""))
    if about.get("is_ours") and _CODE.fullmatch(code) and len(code) <= LONGEST_CODE:
        return code
    if number := _slug(str(about.get("id", ""))):
        return _slug(f"{place.bank}-{number}")
    return f"{_slug(draft.item.name)[:50].strip('-') or 'question'}-{digest[:10]}"


def _other_code(code: str, place: Place) -> str:
    """Return the code of a question whose own is in use by another bank."""
    return f"{code[:60].strip('-')}-{sha256(f'{place.bank}:{code}'.encode()).hexdigest()[:10]}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_CODE].strip("-")


def _known(codes: set[str]) -> dict[str, _Known]:
    """Return the questions there are by code, each with the number and digest of its newest version."""
    found: dict[str, _Known] = {}
    waiting = iter(sorted(codes))
    while batch := list(islice(waiting, BATCH)):
        versions = QuestionVersion.objects.filter(question__code__in=batch).newest().select_related("question")
        for version in versions.defer("definition"):
            found[version.question.code] = _Known(version.question, version.number, version.digest)
    return found


def _placed(
    code: str,
    draft: Draft,
    words: dict[str, Any],
    digest: str,
    place: Place,
    known: Mapping[str, _Known],
    arrivals: Mapping[str, Arrival],
) -> Arrival | Skipped:
    item = draft.item
    if (there := known.get(code)) is not None and there.question.bank != place.bank:
        code = _other_code(code, place)
    if (earlier := arrivals.get(code)) is not None:
        if earlier.digest == digest:
            return Skipped(item.line, item.name, f"It says the same as the question on line {earlier.draft.item.line}.")
        code = f"{code[:60].strip('-')}-{digest[:10]}"
        if code in arrivals:
            return Skipped(item.line, item.name, "It is in the file more than twice.")
    there = known.get(code)
    if there is None:
        return Arrival(code, draft, words, digest)
    if there.digest == digest:
        return Skipped(item.line, item.name, f"It is in the bank already, as {code}.")
    return Arrival(code, draft, words, digest, there.number + 1, there.question)


def as_number(value: Fraction) -> int | float:
    """Return an exact number as JSON has it."""
    return int(value) if value.denominator == 1 else float(value)
