"""Adjustments in a sitting: taken at the start, kept by the attempt, seen by the candidate and by nobody who marks or teaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from assessments import question_types
from assessments.models import AttemptStep
from assessments.replaying import replay_attempts
from people import clock
from people.adjustments import Granted, end_adjustment, grant_adjustment
from people.models import Adjustment, User
from tests.assessments.attempt_acts import RIGHT, candidate_fixture, save  # noqa: F401
from tests.assessments.building import MINUTE, NOON, SINGLE, assessment, question, rules_only, started
from tests.assessments.question_types.samples import GAP_FILL, MATCHING, ORDERING, RANK, RATE, SCENARIO

pytestmark = pytest.mark.django_db


def granted(officer: User, person: Any, **more: Any) -> Adjustment:
    day = (NOON - timedelta(days=30)).date()
    return grant_adjustment(officer, Granted(**more), by=person("Admin", "training-admin"), valid_from=day)


def test_extra_time_is_in_the_deadline_and_rounded_up(candidate: Any, person: Any) -> None:
    granted(candidate, person, extra_percent=25)
    attempt = started(assessment(minutes=41), candidate)
    assert attempt.deadline_at == NOON + 52 * MINUTE
    assert (attempt.extra_minutes, attempt.adjustments) == (11, {"extra_percent": 25})
    step = AttemptStep.objects.get(attempt=attempt)
    assert step.data["adjustments"] == {"extra_percent": 25}
    assert step.data["deadline"] == attempt.deadline_at.isoformat()


def test_who_has_none_begins_as_always(candidate: Any) -> None:
    attempt = started(assessment(minutes=40), candidate)
    assert (attempt.extra_minutes, attempt.adjustments) == (0, {})
    assert "adjustments" not in AttemptStep.objects.get(attempt=attempt).data


def test_extra_time_lengthens_no_test_without_a_limit(candidate: Any, person: Any) -> None:
    granted(candidate, person, extra_percent=100)
    closes_at = NOON + timedelta(hours=1)
    attempt = started(assessment(minutes=None, closes_at=closes_at), candidate)
    assert (attempt.deadline_at, attempt.extra_minutes) == (closes_at, 0)


def test_what_an_attempt_began_with_stays(candidate: Any, person: Any) -> None:
    row = granted(candidate, person, extra_percent=25)
    attempt = started(assessment(minutes=40), candidate)
    end_adjustment(row, by=person("Other", "training-admin"), last_day=row.valid_from)
    attempt.refresh_from_db()
    assert attempt.adjustments == {"extra_percent": 25}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        type(attempt).objects.filter(pk=attempt.pk).update(adjustments={})
    assert replay_attempts().is_clean


def test_options_stand_as_written_for_who_asked_for_it_and_for_nobody_else(candidate: Any, person: Any) -> None:
    for number in range(6):
        question(f"q{number}", type="single_choice", definition={**SINGLE, "stem": f"Question {number}?"})
    version = rules_only(draw=[{"outcome": "LO1", "count": 6}])
    usual = [item.option_order for item in started(version, candidate).items.all()]
    other = person("Cy")
    granted(other, person, keeps_order=True)
    asked = [item.option_order for item in started(version, other).items.all()]
    assert asked == [["a", "b", "c"]] * 6
    assert usual != asked


@pytest.mark.parametrize("sample", [ORDERING, MATCHING, RATE, RANK], ids=["ordering", "matching", "rate", "rank"])
def test_an_order_that_would_tell_the_answer_is_shuffled_all_the_same(sample: dict[str, Any]) -> None:
    name = "situational_judgement" if "mode" in sample else "ordering" if "items" in sample else "matching"
    kind = question_types.get(name)
    for seed in "abcdef":
        assert kind.written_order(sample, seed) == kind.option_order(sample, seed)


def test_gaps_keep_what_their_author_wrote_and_each_part_of_a_case_as_its_own_type_does() -> None:
    gaps = question_types.get("gap_fill")
    assert gaps.written_order(GAP_FILL, "a") == gaps.written_order(GAP_FILL, "b")
    assert sorted(gaps.written_order(GAP_FILL, "a")) == sorted(gaps.option_order(GAP_FILL, "a"))
    case = question_types.get("scenario")
    assert [one for one in case.written_order(SCENARIO, "x") if one.startswith("p1/")] == [
        f"p1/{option['id']}" for option in SCENARIO["parts"][0]["definition"]["options"]
    ]
    assert sorted(case.written_order(SCENARIO, "a")) == sorted(case.option_order(SCENARIO, "a"))


def test_larger_print_is_on_every_page_of_the_attempt(candidate: Any, person: Any, signed_in: Any) -> None:
    version = assessment(minutes=40)
    plain = started(version, candidate, at=clock.now(), context="course:2")
    granted(candidate, person, has_larger_print=True)
    attempt = started(version, candidate, at=clock.now())
    desk: Client = signed_in(candidate)
    for way in ("", "review/"):
        assert "page--larger" in desk.get(f"/assess/{attempt.pk}/{way}").content.decode()
        assert "page--larger" not in desk.get(f"/assess/{plain.pk}/{way}").content.decode()


def test_the_page_of_the_attempt_says_nothing_of_extra_time(candidate: Any, person: Any, signed_in: Any) -> None:
    granted(candidate, person, extra_percent=25)
    attempt = started(assessment(minutes=40), candidate, at=clock.now())
    content = signed_in(candidate).get(f"/assess/{attempt.pk}/").content.decode().lower()
    assert "extra" not in content
    assert "adjust" not in content
