"""Mail about a course under review: to those who may decide, when it is their turn, once, and from nobody else."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from wagtail.users.models import UserProfile

from courses import reviews
from courses.models import ReviewList
from people import work
from people.models import User
from tests import factories
from tests.courses import authoring
from tests.courses.authoring import NOON

pytestmark = pytest.mark.django_db
SUBJECT = "To review: Saying so"


@pytest.fixture
def trainer() -> User:
    return authoring.trainer()


@pytest.fixture
def rae() -> User:
    return authoring.reviewer()


@pytest.fixture
def ama() -> User:
    return authoring.approver()


def submit(by: User) -> ReviewList:
    return reviews.submit_course(authoring.course(by=by), by=by, at=NOON, note="Module 1 is new.")


def told() -> list[tuple[str, str]]:
    for kind, key in work.due_work():
        work.do_work(kind, key)
    return [(message.to[0], message.subject) for message in mail.outbox]


def test_the_reviewers_are_told_first_and_the_approvers_after_them(trainer: User, rae: User, ama: User) -> None:
    authoring.reviewer("Elsewhere", family="initial")
    review_list = submit(trainer)
    assert told() == [(rae.email, SUBJECT)]
    reviews.pass_review(review_list, by=rae, at=NOON)
    assert told() == [(rae.email, SUBJECT), (ama.email, SUBJECT)]
    first, second = mail.outbox
    assert f"http://localhost:8000/admin/course-reviews/{review_list.pk}/" in first.body
    assert "Tess Trainer sent the course Saying so for review on 22 November 2026 at 12:00." in first.body
    assert "It waits for its subject review." in first.body
    assert "First release." in first.body
    assert "It waits for its approval." in second.body


def test_wagtail_sends_nothing_of_its_own_about_a_submission(trainer: User, rae: User) -> None:
    factories.person("Sys Admin", "system-admin")
    submit(trainer)
    assert mail.outbox == []
    assert told() == [(rae.email, SUBJECT)]


def test_who_worked_on_it_or_sent_it_is_not_told(rae: User) -> None:
    both = factories.person("Both", "trainer", "subject-reviewer", family="ethics")
    submit(both)
    assert told() == [(rae.email, SUBJECT)]


def test_nobody_is_told_of_what_was_withdrawn_or_sent_back_meanwhile(trainer: User, rae: User, ama: User) -> None:
    review_list = submit(trainer)
    reviews.withdraw_submission(review_list, by=trainer, at=NOON)
    assert told() == []
    again = reviews.submit_course(review_list.course.page, by=trainer, at=NOON)
    reviews.send_back(again, by=rae, at=NOON, comment="Say when.")
    assert (rae.email, SUBJECT) not in told()


def test_a_title_of_two_lines_stays_one_subject(trainer: User, rae: User) -> None:
    review_list = submit(trainer)
    ReviewList.objects.filter(pk=review_list.pk).update(
        draft={**review_list.draft, "title": "Saying\r\nBcc: x " + "y" * 300}
    )
    told()
    assert "\n" not in mail.outbox[0].subject
    assert len(mail.outbox[0].subject) == 150


def test_whoever_sent_it_is_told_once_that_it_is_approved_and_not_before_the_commit(
    trainer: User, rae: User, ama: User
) -> None:
    review_list = submit(trainer)
    reviews.pass_review(review_list, by=rae, at=NOON)
    told()
    mail.outbox.clear()
    reviews.approve(review_list, by=ama, at=NOON, comment="Clear and short.")
    assert mail.outbox == [], "nothing is sent inside the transaction"
    assert told() == [(trainer.email, "Approved: Saying so")]
    body = mail.outbox[0].body
    assert f"{ama.get_short_name()} approved the course Saying so on" in body
    assert "They wrote: Clear and short." in body
    assert f"http://localhost:8000/admin/course-reviews/{review_list.pk}/" in body


def test_whoever_sent_it_is_told_why_it_was_sent_back(trainer: User, rae: User) -> None:
    review_list = submit(trainer)
    told()
    mail.outbox.clear()
    reviews.send_back(review_list, by=rae, at=NOON, comment="Say when.")
    assert mail.outbox == []
    assert told() == [(trainer.email, "Sent back: Saying so")]
    assert "They wrote: Say when." in mail.outbox[0].body


def test_who_wants_no_mail_about_decisions_gets_none(trainer: User, rae: User) -> None:
    review_list = submit(trainer)
    told()
    mail.outbox.clear()
    UserProfile.objects.update_or_create(user=trainer, defaults={"rejected_notifications": False})
    reviews.send_back(review_list, by=rae, at=NOON, comment="Say when.")
    assert told() == []


def test_what_is_undone_is_told_to_nobody(trainer: User, rae: User) -> None:
    review_list = submit(trainer)
    told()
    mail.outbox.clear()
    with transaction.atomic():
        reviews.send_back(review_list, by=rae, at=NOON, comment="Say when.")
        transaction.set_rollback(True)
    assert told() == []
