"""An exercise goes from a blind round by a discussion to a second one, and its cut becomes a version of the assessment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client

from assessments.models import AssessmentVersion, StandardRating, StandardSetting
from assessments.standard_setting import leading
from assessments.standard_setting.leading import (
    apply_standard,
    begin_standard_setting,
    invite_judge,
    move_on,
    pool_of,
    tell_judge,
    withdraw_exercise,
)
from assessments.standard_setting.rating import accept_between, rate
from assessments.standard_setting.reading import Stage, compromise_of, exercise_behind, figures_in, item_lines, stage_of
from assessments.standard_setting.refusals import StandardRefused
from people.models import User
from tests.assessments.building import NOON, assessment, question, rules_only
from tests.assessments.decisions.acts import LATER, sat
from tests.courses import authoring
from tests.factories import person as make

pytestmark = pytest.mark.django_db
WHO = "Knows the powers, and is slow where two of them meet."


@pytest.fixture
def version() -> AssessmentVersion:
    return assessment(questions=3, pass_percent=80, family="ethics")


def begun(version: AssessmentVersion, *, judges: int = 3, **more: Any) -> tuple[StandardSetting, list[User]]:
    exercise = begin_standard_setting(version, **{"candidate": WHO, "by": make("Lee"), "at": NOON, **more})
    panel = [make(f"Judge {number}") for number in range(judges)]
    for one in panel:
        invite_judge(exercise, one, by=exercise.by, at=NOON)
    return exercise, panel


def rated(exercise: StandardSetting, panel: list[User], *rows: tuple[int, ...]) -> None:
    for judge, row in zip(panel, rows, strict=True):
        rate(exercise, dict(enumerate(row, start=1)), by=judge, at=NOON)


def closed(version: AssessmentVersion) -> StandardSetting:
    exercise, panel = begun(version)
    rated(exercise, panel, (70, 50, 90), (80, 60, 85), (60, 40, 95))
    move_on(exercise, by=exercise.by, at=NOON)
    move_on(exercise, by=exercise.by, at=NOON)
    rated(exercise, panel, (70, 55, 90), (75, 60, 85), (65, 50, 90))
    move_on(exercise, by=exercise.by, at=NOON)
    return exercise


def test_an_exercise_goes_from_round_to_round_and_becomes_a_pass_mark(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    assert stage_of(exercise) == Stage.FIRST
    rated(exercise, panel, (70, 50, 90), (80, 60, 85), (60, 40, 95))
    # Blind: while a round is open its figures are for nobody.
    assert figures_in(exercise, 1) is None
    assert all(line.first is None for line in item_lines(exercise))
    move_on(exercise, by=exercise.by, at=NOON)
    assert (stage_of(exercise), figures_in(exercise, 1).cut) == (Stage.DISCUSSION, 70)
    move_on(exercise, by=exercise.by, at=NOON)
    rated(exercise, panel, (70, 55, 90), (75, 60, 85), (65, 50, 90))
    move_on(exercise, by=exercise.by, at=NOON)
    applied = apply_standard(exercise, by=exercise.by, at=LATER)
    assert (applied.number, applied.pass_percent, applied.minutes, applied.draw) == (2, 71, 40, version.draw)
    assert exercise_behind(applied).exercise == exercise
    assert exercise_behind(version) is None
    assert stage_of(exercise) == Stage.APPLIED


def test_the_panel_rates_what_the_assessment_may_draw_must_pass_questions_flagged(version: AssessmentVersion) -> None:
    question("must", outcome="LO9", must_pass="Never alone")
    question("elsewhere", outcome="LO8")
    assert [one.question.code for one in pool_of(version)] == ["final-q1", "final-q2", "final-q3"]
    strict = rules_only(draw=[{"outcome": "LO1", "count": 2}], must_pass=True, family="ethics")
    exercise, _panel = begun(strict)
    assert [line.must_pass for line in item_lines(exercise)] == ["", "", "", "Never alone"]
    form, _panel = begun(strict, one_draw=True)
    assert form.items.count() == 3


def test_an_exercise_needs_a_candidate_questions_and_no_more_than_can_be_rated(
    version: AssessmentVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StandardRefused, match="Describe the candidate"):
        begun(version, candidate=" ")
    with pytest.raises(StandardRefused, match="at most 2000"):
        begun(version, candidate="x" * 2001)
    with pytest.raises(StandardRefused, match="no approved question"):
        begun(rules_only(code="empty", draw=[{"outcome": "LO7", "count": 1}]))
    with pytest.raises(StandardRefused, match="Approve more questions"):
        begun(rules_only(code="empty", draw=[{"outcome": "LO7", "count": 1}]), one_draw=True)
    monkeypatch.setattr(leading, "MOST_ITEMS", 2)
    with pytest.raises(StandardRefused, match="more than a panel can rate"):
        begun(version)
    assert not StandardSetting.objects.exists()


def test_judges_are_asked_once_by_mail_and_only_before_the_first_round_closes(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    tell_judge(str(exercise.judges.first().pk))
    [letter] = mail.outbox
    assert letter.to == [panel[0].email]
    assert f"/assess/standards/{exercise.pk}/" in letter.body
    with pytest.raises(StandardRefused, match="on the panel already"):
        invite_judge(exercise, panel[0], by=exercise.by, at=NOON)
    rated(exercise, panel, *[(50, 50, 50)] * 3)
    move_on(exercise, by=exercise.by, at=NOON)
    with pytest.raises(StandardRefused, match="stays as it is"):
        invite_judge(exercise, make(), by=exercise.by, at=NOON)


def test_ratings_are_of_the_panel_in_an_open_round_from_nought_to_a_hundred(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    with pytest.raises(StandardRefused, match="not on the panel"):
        rate(exercise, {1: 50}, by=make(), at=NOON)
    for wrong in ({1: 101}, {1: -1}, {4: 50}):
        with pytest.raises(StandardRefused, match="from 0 to 100"):
            rate(exercise, wrong, by=panel[0], at=NOON)
    rated(exercise, panel, *[(50, 50, 50)] * 3)
    move_on(exercise, by=exercise.by, at=NOON)
    with pytest.raises(StandardRefused, match="No round is open"):
        rate(exercise, {1: 60}, by=panel[0], at=NOON)
    with pytest.raises(StandardRefused, match="No round is open"):
        accept_between(exercise, marks=(50, 70), fails=(5, 30), by=panel[0], at=NOON)


def test_a_rating_changed_is_a_further_row_and_the_last_counts(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    assert rate(exercise, {1: 50, 2: 60}, by=panel[0], at=NOON) == 2
    assert rate(exercise, {1: 50, 2: 65}, by=panel[0], at=NOON) == 1
    assert [line.own for line in item_lines(exercise, judge=exercise.judges.first())] == [50, 65, None]
    assert StandardRating.objects.count() == 3


def test_a_round_closes_with_two_who_rated_everything_and_counts_only_those(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    rate(exercise, {1: 10}, by=panel[2], at=NOON)
    rated(exercise, panel[:1], (70, 50, 90))
    with pytest.raises(StandardRefused, match="Two judges at least"):
        move_on(exercise, by=exercise.by, at=NOON)
    rated(exercise, panel[1:2], (80, 60, 85))
    move_on(exercise, by=exercise.by, at=NOON)
    assert figures_in(exercise, 1).judges == 2


def test_nothing_is_applied_early_twice_or_over_rules_that_changed(version: AssessmentVersion) -> None:
    early, _panel = begun(version)
    with pytest.raises(StandardRefused, match="Close the second round"):
        apply_standard(early, by=early.by, at=LATER)
    first, second = closed(version), closed(version)
    apply_standard(first, by=first.by, at=LATER)
    with pytest.raises(StandardRefused, match="Close the second round"):
        apply_standard(first, by=first.by, at=LATER)
    with pytest.raises(StandardRefused, match="Version 2 of the assessment has been saved since"):
        apply_standard(second, by=second.by, at=LATER)
    with pytest.raises(StandardRefused, match="no further round"):
        move_on(first, by=first.by, at=LATER)


def test_an_exercise_is_given_up_with_a_reason_and_keeps_what_was_rated(version: AssessmentVersion) -> None:
    exercise = closed(version)
    with pytest.raises(StandardRefused, match="Say why"):
        withdraw_exercise(exercise, by=exercise.by, at=LATER, words=" ")
    withdraw_exercise(exercise, by=exercise.by, at=LATER, words="The law changed.")
    assert stage_of(exercise) == Stage.WITHDRAWN
    assert figures_in(exercise, 2) is not None
    with pytest.raises(StandardRefused, match="has ended"):
        withdraw_exercise(exercise, by=exercise.by, at=LATER, words="Again.")


def test_the_compromise_is_held_against_the_first_attempts(version: AssessmentVersion) -> None:
    exercise, panel = begun(version)
    rated(exercise, panel, *[(60, 60, 60)] * 3)
    move_on(exercise, by=exercise.by, at=NOON)
    move_on(exercise, by=exercise.by, at=NOON)
    rated(exercise, panel, *[(60, 60, 60)] * 3)
    with pytest.raises(StandardRefused, match="larger one"):
        accept_between(exercise, marks=(70, 50), fails=(5, 50), by=panel[0], at=NOON)
    accept_between(exercise, marks=(50, 90), fails=(0, 50), by=panel[0], at=NOON)
    for wrong in ((), ("final-q1",), ("final-q1", "final-q2"), ("final-q1", "final-q2", "final-q3")):
        sat(version, make(), wrong=wrong)
    assert compromise_of(exercise) is None
    move_on(exercise, by=exercise.by, at=NOON)
    found = compromise_of(exercise)
    assert (found.marks, found.fails, found.candidates) == ((50, 90), (0, 50), 4)
    # Half of them lie below 50.1 and above 33.4: the line of the acceptable is at 50 there.
    assert found.met_at == (50.0, 50.0)


def test_what_a_panel_did_is_never_changed_on_either_database(version: AssessmentVersion) -> None:
    closed(version)
    for table, column in (
        ("assessments_standardsetting", "candidate"),
        ("assessments_standarditem", "position"),
        ("assessments_standardjudge", "person_id"),
        ("assessments_standardrating", "percent"),
        ("assessments_standardstep", "words"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608


# --- The pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(signed_in: Callable[[User], Client]) -> Client:
    authoring.family("ethics", "Ethics")
    return signed_in(make("Tess", "trainer", family="ethics"))


def test_a_leader_and_judges_go_through_an_exercise_by_their_pages(
    version: AssessmentVersion, desk: Client, signed_in: Callable[[User], Client]
) -> None:
    address = f"/admin/assessments/tests/{version.assessment_id}/standards/"
    assert "Describe the candidate" in desk.post(address, {"candidate": "", "form": "pool"}).content.decode()
    assert desk.post(address, {"candidate": WHO, "form": "pool"}).status_code == 302
    exercise = StandardSetting.objects.get()
    leading_page = f"/admin/assessments/standards/{exercise.pk}/"
    assert "Nobody has this e-mail" in desk.post(leading_page, {"do": "invite", "person": "nobody"}).content.decode()
    panel = [make("Jo"), make("Kim")]
    for one in panel:
        assert desk.post(leading_page, {"do": "invite", "person": one.email}).status_code == 302
    page = f"/assess/standards/{exercise.pk}/"
    for round_number in (1, 2):
        for number, one in enumerate(panel):
            browser = signed_in(one)
            shown = browser.get(page).content.decode()
            assert WHO in shown
            assert "Right: ‘False’" in shown or "False" in shown
            refused = browser.post(page, {"rating-1": "often", "rating-2": "50"})
            assert refused.status_code == 422
            assert 'value="often"' in refused.content.decode()
            ratings = {f"rating-{place}": str(60 + 10 * number) for place in (1, 2, 3)}
            kept = browser.post(page, ratings, follow=True).content.decode()
            assert "You have rated every question." in kept
        assert desk.post(leading_page, {"do": "next"}).status_code == 302
        if round_number == 1:
            assert "First round: from 60 to 70, on average 65" in signed_in(panel[0]).get(page).content.decode()
            assert desk.post(leading_page, {"do": "next"}).status_code == 302
    shown = desk.get(leading_page).content.decode()
    assert "Only 2 judges: treat it as a hint." in shown
    assert "Round 2: 65.0 per cent" in shown
    assert desk.post(leading_page, {"do": "apply"}).status_code == 302
    assert (
        "standard-set by exercise of" in desk.get(f"/admin/assessments/tests/{version.assessment_id}/").content.decode()
    )


def test_a_judges_page_is_for_the_panel_alone(
    version: AssessmentVersion, desk: Client, signed_in: Callable[[User], Client]
) -> None:
    exercise, panel = begun(version)
    page = f"/assess/standards/{exercise.pk}/"
    assert signed_in(panel[0]).get(page).status_code == 200
    assert desk.get(page).status_code == 404
    assert signed_in(make()).post(page, {"rating-1": "50"}).status_code == 404
    assert not StandardRating.objects.exists()


def test_what_a_judge_would_accept_is_all_four_numbers_or_none(
    version: AssessmentVersion, signed_in: Callable[[User], Client]
) -> None:
    exercise, panel = begun(version)
    rated(exercise, panel, *[(60, 60, 60)] * 3)
    move_on(exercise, by=exercise.by, at=NOON)
    move_on(exercise, by=exercise.by, at=NOON)
    browser, page = signed_in(panel[0]), f"/assess/standards/{exercise.pk}/"
    ratings = {f"rating-{place}": "60" for place in (1, 2, 3)}
    assert "Fill in all four" in browser.post(page, {**ratings, "least_mark": "50"}).content.decode()
    turned = {"least_mark": "70", "most_mark": "50", "least_fails": "5", "most_fails": "30"}
    refused = browser.post(page, {**ratings, **turned})
    assert "larger one" in refused.content.decode()
    # Refused is refused whole: the ratings of the same page wait in its boxes.
    assert not StandardRating.objects.filter(round=2).exists()
    assert browser.post(page, {**ratings, **turned, "most_mark": "80"}).status_code == 302
