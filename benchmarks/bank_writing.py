"""Writes a large bank in bulk: questions with versions, topics, tags and references, courses that cite them, what an analysis found.

Words follow Zipf's law over an invented vocabulary, so that some are in every other question and most in a few, as in a real bank.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BANKS, TOPICS, ACTS, SECTIONS = 10, 60, 40, 50
FAMILY = "bench"
# Courses with pages, each so many lessons, and releases of courses that have no page any more.
PAGES, LESSONS, RELEASES = 60, 8, 240
AT_ONCE = 2_000
SYLLABLES = [
    "ar",
    "bel",
    "cor",
    "dan",
    "est",
    "fol",
    "gar",
    "hin",
    "ist",
    "jor",
    "kel",
    "lan",
    "mor",
    "nis",
    "or",
    "pel",
    "ran",
    "sol",
    "tur",
    "ven",
]


class Words:
    """An invented vocabulary and chances from one seed."""

    def __init__(self, seed: int = 20261129, size: int = 6_000) -> None:
        self.chance = random.Random(seed)
        known = {
            "".join(self.chance.choice(SYLLABLES) for _part in range(self.chance.choice((1, 2, 3, 3))))
            for _word in range(size * 2)
        }
        self.all = sorted(known)[:size]
        self.chance.shuffle(self.all)
        self._weights = [1 / (place + 3) for place in range(len(self.all))]

    def some(self, count: int) -> str:
        return " ".join(self.chance.choices(self.all, self._weights, k=count))


def write_bank(questions: int) -> dict[str, Any]:
    """Write it, and return what the acts ask for: the author, a bank, a topic, words and an act."""
    from assessments.lines import rebuild_lines
    from assessments.models import Question, QuestionTag, QuestionVersion, VersionStep
    from people.models import User
    from tests import factories

    words = Words()
    authors = [factories.person(f"Author {n}", "trainer", family=FAMILY) for n in range(12)]
    topics, references = _topics(words), _references()
    rows: list[Any] = []
    versions: list[Any] = []
    steps: list[Any] = []
    tags: list[Any] = []
    for number in range(questions):
        bank = number % BANKS
        by = authors[number % len(authors)]
        question = Question(
            id=uuid.UUID(int=words.chance.getrandbits(128), version=4),
            code=f"bank{bank}-{number:05}",
            bank=f"BANK-{bank}",
            family=FAMILY,
            topic=words.chance.choice(topics[bank]),
            use="lesson" if number % 9 == 0 else "exam",
            created_at=NOON,
            created_by=by,
        )
        rows.append(question)
        for place in range(1 + (number % 3 == 0)):
            state = ("approved", "draft")[place] if number % 7 else "draft"
            version = QuestionVersion(
                question=question,
                number=place + 1,
                type="single_choice",
                definition=_definition(words),
                outcome=f"LO{1 + number % 8}",
                difficulty=("easy", "medium", "hard")[number % 3],
                references=words.chance.sample(references, 2),
                created_at=NOON,
                created_by=by,
                state=state,
                digest=f"{number}-{place}".ljust(64, "0"),
            )
            versions.append(version)
            steps.append(VersionStep(version=version, state=state, by=authors[(number + 1) % len(authors)], at=NOON))
        if number % 5 == 0:
            tags.append(QuestionTag(question=question, word=f"tag {number % 37}"))
    for model, made in ((Question, rows), (QuestionVersion, versions), (VersionStep, steps), (QuestionTag, tags)):
        model.objects.bulk_create(made, batch_size=AT_ONCE)  # type: ignore[attr-defined]
    rebuild_lines()
    _rules()
    _weak(versions[:: max(questions // 400, 1)])
    _courses(words, authors[0], references)
    return {
        "author": User.objects.get(pk=authors[0].pk),
        "topic": topics[3][0].pk,
        "common": words.all[0],
        "rare": words.all[4000],
    }


def _definition(words: Words) -> dict[str, Any]:
    options = [
        {"id": letter, "text": words.some(7), "fraction": int(letter == "a"), "feedback": words.some(10)}
        for letter in "abcd"
    ]
    return {"stem": f"{words.some(22)}?", "options": options}


def _topics(words: Words) -> list[list[Any]]:
    from assessments.models import Topic

    trees = []
    for bank in range(BANKS):
        top = Topic.objects.create(bank=f"BANK-{bank}", family=FAMILY, title=f"BANK-{bank}", created_at=NOON)
        heads = [
            Topic(bank=top.bank, family=FAMILY, parent=top, title=f"Head {n}", path=f"head {n}", created_at=NOON)
            for n in range(6)
        ]
        below = [
            Topic(
                bank=top.bank,
                family=FAMILY,
                parent=head,
                title=f"Part {n}",
                path=f"{head.path}/part {n}",
                created_at=NOON,
            )
            for head in heads
            for n in range(TOPICS // 6 - 1)
        ]
        Topic.objects.bulk_create([*heads, *below])
        trees.append([*heads, *below])
    return trees


def _references() -> list[str]:
    from assessments.models import LegalReference
    from assessments.search_words import words_of

    codes = [f"act{act}-s{section}" for act in range(ACTS) for section in range(1, SECTIONS + 1)]
    rows = []
    for bank in range(BANKS):
        for place, code in enumerate(codes):
            act, section = f"Invented Act {1960 + place // SECTIONS}", f"section {1 + place % SECTIONS}"
            rows.append(
                LegalReference(
                    bank=f"BANK-{bank}",
                    family=FAMILY,
                    code=code,
                    act=act,
                    provision=section,
                    words=words_of(act, section),
                    review_by=(NOON + timedelta(days=place % 700 - 20)).date(),
                    changed_at=NOON,
                )
            )
    LegalReference.objects.bulk_create(rows, batch_size=AT_ONCE)
    return codes


def _rules() -> None:
    from assessments.assessment_rules import save_assessment_version

    for bank in range(BANKS):
        for number in range(8):
            save_assessment_version(
                f"test-{bank}-{number}",
                bank=f"BANK-{bank}",
                family=FAMILY,
                title=f"Test {number}",
                minutes=60,
                pass_percent=70,
                by=None,
                at=NOON,
                draw=[
                    {"outcome": f"LO{1 + number}", "count": 20},
                    {"topic": f"Head {number % 6}", "count": 20},
                    {"outcome": "LO2", "topic": "Head 1", "difficulty": "hard", "count": 5},
                ],
            )


def _weak(versions: list[Any]) -> None:
    from assessments.models import AnalysedAssessment, Assessment, WeakQuestion

    analysed = AnalysedAssessment.objects.create(
        assessment=Assessment.objects.first(), marked_until=NOON, candidates=500, reckoned_at=NOON
    )
    WeakQuestion.objects.bulk_create(
        [
            WeakQuestion(analysed=analysed, question_version=version, trouble=1, sentence="Strong candidates do worse.")
            for version in versions
        ]
    )


def _courses(words: Words, by: Any, references: list[str]) -> None:
    """Write courses as authors have them, and courses as learners read them, that cite what the bank's questions cite."""
    from courses.models import CoursePage, CourseReference, LessonPage, ModulePage
    from tests.courses import authoring, factories

    place = authoring.family(FAMILY, "Bench")
    cited = [
        (code, f"Invented Act {1960 + n // SECTIONS}", f"section {1 + n % SECTIONS}")
        for n, code in enumerate(references)
    ]
    for number in range(PAGES):
        page = CoursePage(title=f"Course {number}", code=f"BEN-{number:03}", minutes=60, live=False, owner=by)
        chosen = words.chance.sample(cited, 20)
        page.references = [CourseReference(code=code, title=act, provision=section) for code, act, section in chosen]
        place.add_child(instance=page)
        page.save_revision(user=by)
        module = page.add_child(instance=ModulePage(title="Module", slug="module", live=False))
        for lesson in range(LESSONS):
            law = {"references": [chosen[lesson][0], chosen[lesson + 8][0]], "text": words.some(12)}
            body = [{"type": "text", "value": f"<p>{words.some(120)}</p>"}, {"type": "law", "value": law}]
            module.add_child(
                instance=LessonPage(title=f"Lesson {lesson}", slug=f"lesson-{lesson}", body=body, live=False)
            )
    for number in range(RELEASES):
        steps = []
        for lesson in range(12):
            rows = [
                {"id": code, "title": act, "provision": section, "says": words.some(30)}
                for code, act, section in words.chance.sample(cited, 3)
            ]
            steps.append(factories.lesson(f"lesson-{lesson}", references=rows, text=words.some(400)))
        factories.release(code=f"OUT-{number:03}", family=FAMILY, steps=steps)
