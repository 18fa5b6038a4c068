"""Submitting, reviewing, approving: who may, on what, and what is kept of it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import TaskState, WorkflowState

from courses import freezing, review_decisions, reviews
from courses.models import CoursePage, CourseTaskState, Decision, Release, ReviewList
from tests import factories
from tests.courses import authoring
from tests.courses.authoring import LATER, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer():
    return authoring.trainer()


@pytest.fixture
def submitted(trainer) -> ReviewList:
    return reviews.submit_course(authoring.course(by=trainer), by=trainer, at=NOON, note="Module 1 is new.")


def task_names(page: CoursePage) -> str:
    state = page.current_workflow_task_state
    return type(state.task.specific).__name__ if state else ""


def test_submitting_freezes_the_pages_and_starts_the_subject_review(submitted, trainer):
    page = submitted.course.page
    assert [item["slug"] for item in submitted.items] == [
        "eth-900",
        "speaking-up",
        "the-shortcut",
        "the-second-time",
        "final-test",
    ]
    assert submitted.requested_by == trainer
    assert submitted.editors == [trainer.pk]
    assert submitted.draft["steps"][0]["html"]
    assert task_names(page) == "SubjectReviewTask"
    assert page.current_workflow_state.requested_by == trainer


def test_the_list_goes_from_subject_review_to_approval_to_release(submitted):
    reviews.pass_review(submitted, by=authoring.reviewer(), at=NOON, comment="Checked against the Code.")
    assert task_names(submitted.course.page) == "ApprovalTask"
    reviews.approve(submitted, by=authoring.approver(), at=LATER)
    assert Release.objects.get().review_list == submitted
    assert [(row.decision, row.by.name, row.at) for row in submitted.decisions.all()] == [
        (Decision.REVIEWED, "Rae Reviewer", NOON),
        (Decision.APPROVED, "Ama Approver", LATER),
    ]


def test_a_course_is_under_review_once_at_a_time(submitted, trainer):
    with pytest.raises(reviews.AlreadyUnderReview, match="Withdraw that submission"):
        reviews.submit_course(submitted.course.page, by=trainer, at=LATER)


def test_a_course_that_is_not_ready_is_not_submitted(trainer):
    page = authoring.course(by=trainer)
    authoring.question("eth900-c01").question.versions.update(state="draft")
    with pytest.raises(freezing.NotReady) as refused:
        reviews.submit_course(page, by=trainer, at=NOON)
    assert {problem.what for problem in refused.value.problems} == {"Its knowledge check 'eth900-c01' is not approved."}
    assert not ReviewList.objects.exists()
    assert not WorkflowState.objects.exists()


# --- Who may decide ---------------------------------------------------------------------------------------------------


def test_the_requester_never_decides_whatever_roles_they_hold():
    both = factories.person("Both", "trainer", "subject-reviewer", "approver", "system-admin", family="ethics")
    submitted = reviews.submit_course(authoring.course(), by=both, at=NOON)
    with pytest.raises(review_decisions.NotYours, match="You submitted this course"):
        reviews.pass_review(submitted, by=both, at=NOON)
    reviews.pass_review(submitted, by=authoring.reviewer(), at=NOON)
    with pytest.raises(review_decisions.NotYours, match="You submitted this course"):
        reviews.approve(submitted, by=both, at=NOON)
    assert not Release.objects.exists()


def test_nobody_who_edited_a_listed_page_decides_even_if_somebody_edited_after_them(trainer):
    helper = factories.person("Helper", "subject-reviewer", "approver", family="ethics")
    page = authoring.course(by=trainer)
    authoring.rewrite(authoring.lesson_of(page), "A sentence of theirs.", by=helper)
    authoring.rewrite(authoring.lesson_of(page), "And a comma.", by=trainer)
    submitted = reviews.submit_course(page, by=trainer, at=NOON)
    with pytest.raises(review_decisions.NotYours, match="You worked on what is listed"):
        reviews.pass_review(submitted, by=helper, at=NOON)


def test_who_edited_before_the_last_release_may_decide_about_the_next(trainer):
    helper = factories.person("Helper", "subject-reviewer", family="ethics")
    page = authoring.course(by=trainer)
    authoring.rewrite(authoring.lesson_of(page), "A sentence of theirs.", by=helper)
    first = reviews.submit_course(page, by=trainer, at=NOON)
    reviews.pass_review(first, by=authoring.reviewer(), at=NOON)
    reviews.approve(first, by=authoring.approver(), at=NOON)
    second = reviews.submit_course(CoursePage.objects.get(pk=page.pk), by=trainer, at=LATER)
    reviews.pass_review(second, by=helper, at=LATER)


@pytest.mark.parametrize("role", ["trainer", "assessor", "approver", "system-admin"])
def test_only_subject_reviewers_pass_the_subject_review(submitted, role):
    somebody = factories.person("Somebody", role, family="ethics")
    with pytest.raises(review_decisions.NotYours, match="not a subject reviewer"):
        reviews.pass_review(submitted, by=somebody, at=NOON)


def test_an_approver_of_another_family_does_not_approve(submitted):
    reviews.pass_review(submitted, by=authoring.reviewer(), at=NOON)
    with pytest.raises(review_decisions.NotYours, match="not an approver"):
        reviews.approve(submitted, by=authoring.approver(family="leadership"), at=NOON)


def test_approval_does_not_come_before_the_subject_review(submitted):
    with pytest.raises(review_decisions.NotUnderReview, match="has not been done yet"):
        reviews.approve(submitted, by=authoring.approver(), at=NOON)


def test_a_list_is_decided_once(submitted):
    reviewer = authoring.reviewer()
    reviews.pass_review(submitted, by=reviewer, at=NOON)
    with pytest.raises(review_decisions.NotUnderReview, match="passed the subject review already"):
        reviews.pass_review(submitted, by=reviewer, at=NOON)
    reviews.approve(submitted, by=authoring.approver(), at=NOON)
    with pytest.raises(review_decisions.NotUnderReview):
        reviews.approve(submitted, by=authoring.approver("Another"), at=NOON)
    assert Release.objects.count() == 1


def test_wagtails_own_task_state_cannot_be_approved_around_the_guards(submitted, trainer):
    state = CourseTaskState.objects.get(review_list=submitted)
    with pytest.raises(PermissionDenied):
        state.approve(user=trainer)
    assert state.task.specific.get_actions(submitted.course.page, trainer) == []
    assert not state.task.specific.get_task_states_user_can_moderate(trainer).exists()


def test_wagtail_shows_the_task_to_those_who_may_decide(submitted):
    reviewer = authoring.reviewer()
    assert list(TaskState.objects.reviewable_by(reviewer)) == list(TaskState.objects.all())
    task = submitted.course.page.current_workflow_task
    assert [name for name, _label, _modal in task.get_actions(submitted.course.page, reviewer)] == ["reject", "approve"]
    assert not submitted.course.page.permissions_for_user(reviewer).can_edit()


# --- Back and again ---------------------------------------------------------------------------------------------------


def test_sending_back_needs_a_word(submitted):
    with pytest.raises(review_decisions.CommentNeeded, match="what has to change"):
        reviews.send_back(submitted, by=authoring.reviewer(), at=NOON, comment="  ")


def test_a_course_sent_back_by_the_approver_goes_through_both_tasks_again(submitted, trainer):
    reviewer, approver = authoring.reviewer(), authoring.approver()
    reviews.pass_review(submitted, by=reviewer, at=NOON)
    reviews.send_back(submitted, by=approver, at=NOON, comment="The duty is misstated.")
    page = CoursePage.objects.get(pk=submitted.course.page_id)
    authoring.rewrite(authoring.lesson_of(page), "Put right.", by=trainer)
    again = reviews.submit_course(page, by=trainer, at=LATER)
    assert task_names(page) == "SubjectReviewTask"
    reviews.pass_review(again, by=reviewer, at=LATER)
    reviews.approve(again, by=approver, at=LATER)
    assert "Put right." in Release.objects.get().steps.get(slug="the-shortcut").html
    assert submitted.decisions.last().comment == "The duty is misstated."


def test_a_submission_can_be_withdrawn_and_sent_again(submitted, trainer):
    reviews.withdraw_submission(submitted, by=trainer, at=NOON)
    assert submitted.decisions.get().decision == Decision.WITHDRAWN
    page = CoursePage.objects.get(pk=submitted.course.page_id)
    assert not page.workflow_in_progress
    again = reviews.submit_course(page, by=trainer, at=LATER)
    assert again.pk != submitted.pk


def test_a_reviewer_does_not_withdraw_a_submission(submitted):
    with pytest.raises(review_decisions.NotYours, match="send it back instead"):
        reviews.withdraw_submission(submitted, by=authoring.reviewer(), at=NOON)


def test_the_course_page_stands_still_under_review_and_its_lessons_do_not(submitted, trainer):
    page = submitted.course.page
    assert page.get_lock().for_user(trainer)
    lesson = authoring.lesson_of(page)
    assert lesson.get_lock() is None
    assert lesson.permissions_for_user(trainer).can_edit()


def test_starting_the_workflow_the_wagtail_way_freezes_a_list_too(trainer):
    page = authoring.course(by=trainer)
    page.get_workflow().start(page, trainer)
    submitted = ReviewList.objects.get()
    assert submitted.requested_by == trainer
    reviews.pass_review(submitted, by=authoring.reviewer(), at=NOON)
    reviews.approve(submitted, by=authoring.approver(), at=LATER)
    assert Release.objects.count() == 1


def test_lists_are_seen_by_the_family_only(submitted, trainer):
    assert list(ReviewList.objects.visible_to(trainer)) == [submitted]
    assert list(ReviewList.objects.visible_to(authoring.reviewer())) == [submitted]
    assert not ReviewList.objects.visible_to(authoring.trainer("Other", family="leadership")).exists()
    assert not ReviewList.objects.visible_to(factories.person("Officer")).exists()
