"""Practice: any number of lesson checks, marked at once, counted nowhere; what is missed is due on later days. Never an exam's question."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from assessments.bank import retire_version
from assessments.models import Attempt, PracticeAnswer, PracticeCard, PracticeRound, QuestionVersion
from assessments.practice.rounds import (
    MOST_AT_ONCE,
    PracticeRefused,
    answer_question,
    begin_round,
    due_questions,
    next_due_on,
    note_lesson_answer,
    open_round,
    questions_behind,
    rebuild_cards,
)
from people.models import User
from tests.assessments.building import NOON, question

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RIGHT, WRONG = {"answer": False}, {"answer": True}


@pytest.fixture
def bo(person: Any) -> User:
    who: User = person("Bo")
    return who


def checks(count: int) -> list[QuestionVersion]:
    return [question(f"check-{number}", use="lesson") for number in range(count)]


def begun(bo: User, versions: list[QuestionVersion], **more: Any) -> PracticeRound:
    usual = {"title": "Detention", "address": "/my/practice/", "by": bo, "at": NOON, "in_order": True}
    return begin_round(bo, [version.question_id for version in versions], **{**usual, **more})


def due(bo: User, days: int) -> list[UUID]:
    return due_questions(bo, on=(NOON + days * DAY).date())


def test_an_answer_is_marked_at_once_kept_and_final_in_its_round(bo: User) -> None:
    practice = begun(bo, checks(2))
    first = answer_question(practice, 1, WRONG, by=bo, at=NOON)
    assert first.fraction == 0
    assert answer_question(practice, 1, RIGHT, by=bo, at=NOON) == first
    assert answer_question(practice, 2, RIGHT, by=bo, at=NOON).fraction == 1_000_000
    assert PracticeAnswer.objects.count() == 2
    assert not Attempt.objects.exists()


def test_what_was_missed_is_due_tomorrow_and_what_was_right_is_not(bo: User) -> None:
    versions = checks(2)
    practice = begun(bo, versions)
    answer_question(practice, 1, WRONG, by=bo, at=NOON)
    answer_question(practice, 2, RIGHT, by=bo, at=NOON)
    assert due(bo, 0) == []
    assert due(bo, 1) == [versions[0].question_id]
    assert next_due_on(bo) == (NOON + DAY).date()


def test_a_missed_question_is_gone_when_it_was_right_in_every_box(bo: User) -> None:
    versions, day = checks(1), 0
    answer_question(begun(bo, versions), 1, WRONG, by=bo, at=NOON)
    for days in (1, 2, 4, 8, 16):
        day += days
        assert due(bo, day) == [versions[0].question_id]
        assert due(bo, day - 1) == []
        answer_question(begun(bo, versions), 1, RIGHT, by=bo, at=NOON + day * DAY)
    assert due(bo, 999) == []
    assert next_due_on(bo) is None


def test_what_a_lesson_was_answered_wrongly_comes_back_too(bo: User) -> None:
    version, exam = checks(1)[0], question("exam-1")
    note_lesson_answer(version.pk, WRONG, officer=bo, at=NOON)
    note_lesson_answer(exam.pk, WRONG, officer=bo, at=NOON)
    note_lesson_answer(exam.pk + 99, WRONG, officer=bo, at=NOON)
    assert due(bo, 1) == [version.question_id]


def test_a_question_of_an_assessment_is_never_practised(bo: User) -> None:
    exam = question("exam-1")
    assert questions_behind([exam.pk]) == {}
    with pytest.raises(PracticeRefused, match="nothing to practise"):
        begun(bo, [exam])
    assert begun(bo, [exam, *checks(1)]).size == 1
    PracticeCard.objects.create(officer=bo, question=exam.question, box=1, due_on=NOON.date())
    assert due(bo, 1) == []


def test_what_is_not_approved_or_was_retired_is_not_practised(bo: User) -> None:
    draft, retired = question("draft", use="lesson", approved=False), checks(1)[0]
    answer_question(begun(bo, [retired]), 1, WRONG, by=bo, at=NOON)
    retire_version(retired, by=None, at=NOON, reason="The law changed.")
    assert questions_behind([draft.pk, retired.pk]) == {}
    assert due(bo, 1) == []


def test_a_question_is_asked_as_it_is_approved_now(bo: User) -> None:
    old = checks(1)[0]
    changed = {**old.definition, "stem": "A 16-year-old may be taken to a police station."}
    new = question("check-0", use="lesson", definition=changed)
    assert questions_behind([old.pk]) == {old.pk: new.question_id}
    assert begun(bo, [old]).versions == [new.pk]


def test_a_round_has_at_most_twenty_and_one_can_begin_as_many_as_one_likes(bo: User) -> None:
    versions = checks(MOST_AT_ONCE + 3)
    rounds = [begun(bo, versions, in_order=False) for _ in range(3)]
    assert {practice.size for practice in rounds} == {MOST_AT_ONCE}
    assert all(len(set(practice.versions)) == MOST_AT_ONCE for practice in rounds)


def test_a_round_left_in_the_middle_can_be_gone_on_with(bo: User) -> None:
    practice = begun(bo, checks(2))
    answer_question(practice, 1, RIGHT, by=bo, at=NOON)
    assert open_round(bo, at=NOON + DAY) == practice
    assert open_round(bo, at=NOON + 15 * DAY) is None
    answer_question(practice, 2, RIGHT, by=bo, at=NOON)
    assert open_round(bo, at=NOON + DAY) is None


def test_practice_is_ones_own(bo: User, person: Any) -> None:
    practice, cy = begun(bo, checks(1)), person("Cy")
    with pytest.raises(PracticeRefused, match="for themselves"):
        answer_question(practice, 1, RIGHT, by=cy, at=NOON)
    with pytest.raises(PracticeRefused, match="for themselves"):
        begun(bo, [QuestionVersion.objects.get()], by=cy)


def test_nothing_is_no_answer_and_a_round_has_only_its_questions(bo: User) -> None:
    practice = begun(bo, checks(1))
    with pytest.raises(PracticeRefused, match="Choose or write an answer first"):
        answer_question(practice, 1, None, by=bo, at=NOON)
    for position in (0, 2):
        with pytest.raises(PracticeRefused, match="no such question"):
            answer_question(practice, position, RIGHT, by=bo, at=NOON)


def test_rounds_and_answers_are_written_once(bo: User) -> None:
    answer_question(begun(bo, checks(1)), 1, WRONG, by=bo, at=NOON)
    for rows, change in (
        (PracticeRound.objects, {"title": "Another"}),
        (PracticeAnswer.objects, {"fraction": 1_000_000}),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            rows.update(**change)


def test_cards_that_went_wrong_are_rebuilt_from_the_answers(bo: User) -> None:
    versions = checks(2)
    practice = begun(bo, versions)
    answer_question(practice, 1, WRONG, by=bo, at=NOON)
    answer_question(practice, 2, WRONG, by=bo, at=NOON)
    assert not rebuild_cards(bo)
    PracticeCard.objects.filter(question=versions[0].question_id).delete()
    PracticeCard.objects.update(box=5)
    assert rebuild_cards(bo)
    assert sorted(PracticeCard.objects.values_list("box", flat=True)) == [1, 1]
    assert not rebuild_cards(bo)
