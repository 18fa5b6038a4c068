"""What waits for a reviewer or an approver of questions, and the mail that tells them of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from wagtail.users.models import UserProfile

from assessments.bank import approve_version, retire_version, return_version, submit_for_review
from assessments.models import QuestionVersion
from assessments.reviews import questions_waiting_for
from people import work
from people.models import User, WaitingWork
from tests.assessments.building import DEFINITIONS, NOON, SINGLE, TRUE_FALSE, question
from tests.factories import person

FAMILY = "mental-health"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return person("Ann Author", "trainer", family=FAMILY)


@pytest.fixture
def ada() -> User:
    return person("Ada Approver", "approver", family=FAMILY)


def sent(code: str = "q1", *, by: User | None, after: int = 0, **more: Any) -> QuestionVersion:
    """Make a question of the family and send it to review, ``after`` minutes past noon."""
    version = question(code, by=by, family=FAMILY, approved=False, **more)
    return submit_for_review(version, by=by, at=NOON + timedelta(minutes=after))


def codes(user: User, **more: Any) -> list[str]:
    return [row.version.question.code for row in questions_waiting_for(user, **more)]


def told() -> list[str]:
    """Do what waits to be done; return who got which subject, in order."""
    for kind, key in work.due_work():
        work.do_work(kind, key)
    return [f"{message.to[0]}: {message.subject}" for message in mail.outbox]


# --- What waits -------------------------------------------------------------------------------------------------------


def test_what_was_sent_first_stands_first_with_who_sent_it_and_what_changed(ann: User, ada: User) -> None:
    sent("late", by=ann, after=9)
    sent("early", by=ann, after=1)
    [first, second] = questions_waiting_for(ada)
    assert (first.version.question.code, second.version.question.code) == ("early", "late")
    assert (first.sender, first.sent_at, first.changes) == ("Ann Author", NOON + timedelta(minutes=1), "New question.")
    assert first.address.endswith("?version=1")
    assert codes(ada, limit=1) == ["early"]


def test_reviewers_and_approvers_of_the_family_or_of_all_see_it_and_nobody_else(ann: User, ada: User) -> None:
    sent(by=ann)
    assert codes(ada) == codes(person("", "subject-reviewer", family=FAMILY)) == codes(person("", "approver")) == ["q1"]
    for other in (
        ann,
        person("", "approver", family="ethics"),
        person("", "trainer", family=FAMILY),
        person("", "system-admin", is_superuser=True),
        person(""),
    ):
        assert codes(other) == []


def test_nobody_finds_their_own_words_there_or_what_they_sent() -> None:
    both = person("Both", "trainer", "approver", family=FAMILY)
    other = person("Other", "trainer", "approver", family=FAMILY)
    sent("mine", by=both)
    assert (codes(both), codes(other)) == ([], ["mine"])
    # Somebody else changed it since: the words of the first author are in it still.
    sent("shared", by=both, after=1)
    sent("shared", by=other, topic="Custody", after=2)
    assert (codes(both), codes(other)) == ([], ["mine"])
    # Sent by somebody who did not write it: not theirs to wait for either.
    draft = question("passed-on", by=None, family=FAMILY, approved=False)
    submit_for_review(draft, by=both, at=NOON)
    assert "passed-on" not in codes(both)
    assert "passed-on" in codes(other)


def test_words_approved_since_are_nobodys_own_any_more(ada: User) -> None:
    both = person("Both", "trainer", "approver", family=FAMILY)
    approve_version(sent(by=both), by=ada, at=NOON)
    sent(by=ada, topic="Custody")
    assert (codes(both), codes(ada)) == (["q1"], [])


def test_a_question_stands_there_once_and_not_when_a_newer_version_is_in_use(ann: User, ada: User) -> None:
    sent(by=ann)
    second = sent(by=ann, topic="Custody", after=1)
    assert [row.version for row in questions_waiting_for(ada)] == [second]
    approve_version(second, by=ada, at=NOON)
    assert codes(ada) == []


def test_what_was_decided_or_sent_back_waits_no_more(ann: User, ada: User) -> None:
    return_version(sent("back", by=ann), by=ada, at=NOON, reason="Two keys.")
    retire_version(sent("gone", by=ann), by=ada, at=NOON, reason="Worn out.")
    assert codes(ada) == []


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"definition": {**TRUE_FALSE, "answer": True}}, "The right answer changed since version 1."),
        (
            {"definition": {**TRUE_FALSE, "stem": "Now?"}, "topic": "Custody", "references": ["mha-136"]},
            "The stem, the topic and the references changed since version 1.",
        ),
        ({"note": "Why."}, "The note changed since version 1."),
        (
            {"type": "single_choice", "definition": {**SINGLE, "shuffle": False}},
            "The type, the stem, the options, the order of the options, the right answer and the feedback changed since version 1.",
        ),
    ],
)
def test_what_changed_is_told_in_a_sentence_without_the_question(
    more: dict[str, Any], sentence: str, ann: User, ada: User
) -> None:
    approve_version(sent(by=ann), by=ada, at=NOON)
    sent(by=ann, after=1, **more)
    assert [row.changes for row in questions_waiting_for(ada)] == [sentence]


def test_the_list_takes_as_many_queries_for_one_question_as_for_many(
    ann: User, ada: User, django_assert_num_queries: Any
) -> None:
    for number in range(12):
        sent(f"q{number:02}", by=ann, after=number)
    questions_waiting_for(ada)
    with django_assert_num_queries(3):
        assert len(questions_waiting_for(ada)) == 12


# --- Mail -------------------------------------------------------------------------------------------------------------


def test_each_reviewer_and_approver_gets_one_mail_that_tells_nothing_of_the_question(ann: User, ada: User) -> None:
    rae = person("Rae Reviewer", "subject-reviewer", family=FAMILY)
    person("Elsewhere", "approver", family="ethics")
    version = sent(by=ann, type="single_choice")
    subject = "To review: question q1"
    assert sorted(told()) == sorted([f"{ada.email}: {subject}", f"{rae.email}: {subject}"])
    message = mail.outbox[0]
    assert f"http://localhost:8000/admin/assessments/questions/{version.question_id}/?version=1" in message.body
    assert (
        "Ann Author sent version 1 of question q1, bank MH-101, for review on 23 November 2026 at 12:00."
        in message.body
    )
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    said = message.subject + message.body
    for words in (SINGLE["stem"], *(option["text"] for option in SINGLE["options"]), ann.email, ada.email):
        assert words not in said
    assert "Ann" not in message.subject


def test_asked_and_done_again_it_is_still_one_mail(ann: User, ada: User) -> None:
    sent(by=ann)
    told()
    for row in WaitingWork.objects.filter(kind="assessments.tell_reviewer"):
        work.ask(row.kind, row.key)
    assert len(told()) == 1


def test_one_sent_back_and_in_again_is_told_again(ann: User, ada: User) -> None:
    version = sent(by=ann)
    told()
    return_version(version, by=ada, at=NOON, reason="Two keys.")
    submit_for_review(version, by=ann, at=NOON)
    assert len(told()) == 2


def test_nobody_is_told_of_what_is_decided_by_then_or_their_own(ann: User, ada: User) -> None:
    both = person("Both", "trainer", "approver", family=FAMILY)
    approve_version(sent("decided", by=ann), by=ada, at=NOON)
    sent("own", by=both)
    assert told() == [f"{ada.email}: To review: question own"]


def test_a_closed_account_and_one_that_wants_no_such_mail_get_none(ann: User, ada: User) -> None:
    bo = person("Bo", "approver", family=FAMILY)
    UserProfile.get_for_user(bo)
    UserProfile.objects.filter(user=bo).update(submitted_notifications=False)
    sent(by=ann)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert told() == []
    assert not WaitingWork.objects.filter(done_at__isnull=True).exists()


def test_a_mail_that_cannot_be_sent_waits_and_holds_nobody_up(ann: User, ada: User, monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise ConnectionRefusedError("no mail host")

    sent(by=ann)
    with monkeypatch.context() as patched:
        patched.setattr("people.mail.EmailMultiAlternatives.send", refuse)
        assert told() == []
    WaitingWork.objects.update(due_at=NOON - timedelta(days=99))
    assert told() == [f"{ada.email}: To review: question q1"]


def test_an_import_tells_nobody(ada: User) -> None:
    version = question("q1", by=None, family=FAMILY, approved=False, definition=DEFINITIONS["true_false"])
    submit_for_review(version, by=None, at=NOON, tell=False)
    assert not WaitingWork.objects.exists()
