"""Whoever hands in a test gets the receipt by mail, once: which questions were answered, and never a question, an answer or a mark."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.attempts import expire_attempt, submit_attempt
from assessments.marks import SEND_RECEIPT
from assessments.models import Attempt
from assessments.receipt_mail import send_receipt
from people import work
from people.models import User, WaitingWork
from tests.assessments.attempt_acts import save
from tests.assessments.building import MINUTE, NOON, SHORT_TEXT, SINGLE, question, rules_only, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(person: Any) -> User:
    who: User = person("Ada Bright")
    return who


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two questions, of which the one with words to type was answered."""
    question("choice", type="single_choice", definition=SINGLE)
    question("words", type="short_text", definition=SHORT_TEXT)
    begun = started(
        rules_only(draw=[{"outcome": "LO1", "count": 2}]), candidate, context_title="Mental health: final test"
    )
    save(begun, begun.items.get(question_version__type="short_text").position, {"text": "AMHP"}, 1)
    return begun


def background_work_is_done() -> None:
    for kind, key in work.due_work():
        if kind == SEND_RECEIPT:
            work.do_work(kind, key)


def test_a_submitted_test_sends_its_candidate_one_receipt_that_lists_each_question(
    attempt: Attempt, candidate: User, mailoutbox: list[Any]
) -> None:
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    assert not mailoutbox, "a mail server is no part of handing in"
    background_work_is_done()
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([candidate.email], "We have received your test")
    typed = attempt.items.get(question_version__type="short_text").position
    assert f"- Question {typed}: Answered. Last saved at 12:01:00\n" in mail.body
    assert f"- Question {3 - typed}: Left unanswered\n" in mail.body
    assert "Mental health: final test" in mail.body
    assert "You submitted it at 12:02:00 on 23 November 2026." in mail.body
    assert "1 answered, 1 left unanswered." in mail.body


def test_handing_in_again_sends_no_second_receipt(attempt: Attempt, candidate: User, mailoutbox: list[Any]) -> None:
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    background_work_is_done()
    submit_attempt(attempt, by=candidate, at=NOON + 3 * MINUTE)
    expire_attempt(attempt, at=NOON + 99 * MINUTE)
    background_work_is_done()
    assert len(mailoutbox) == 1
    assert WaitingWork.objects.filter(kind=SEND_RECEIPT).count() == 1


def test_a_test_whose_time_ran_out_sends_its_receipt_too(
    attempt: Attempt, candidate: User, mailoutbox: list[Any]
) -> None:
    expire_attempt(attempt, at=NOON + 41 * MINUTE)
    background_work_is_done()
    assert "Time ran out at 12:40:00 on 23 November 2026. It was submitted as it stood." in " ".join(
        mailoutbox[0].body.split()
    )


def test_no_question_answer_mark_or_name_is_in_the_mail(
    attempt: Attempt, candidate: User, mailoutbox: list[Any]
) -> None:
    assert submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE).outcome == "failed"
    background_work_is_done()
    [mail] = mailoutbox
    [page] = mail.alternatives
    for words in (mail.body, page.content):
        for untold in ("bench", "warrant", "AMHP", "50", "passed", "failed", candidate.name, candidate.service_number):
            assert untold.lower() not in words.replace(str(attempt.pk), "").lower()
    assert mail.extra_headers["Message-ID"] == f"<receipt-{attempt.pk}@localhost>"


def test_the_page_of_the_mail_says_what_its_words_say(attempt: Attempt, candidate: User, mailoutbox: list[Any]) -> None:
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    background_work_is_done()
    [page] = mailoutbox[0].alternatives
    assert page.mimetype == "text/html"
    assert page.content.count("<td>Answered</td><td>12:01:00</td>") == 1
    assert page.content.count("<td>Left unanswered</td><td>Nothing to save</td>") == 1
    assert f'href="http://localhost:8000/assess/{attempt.pk}/receipt/"' in page.content


def test_a_test_that_waits_for_a_person_to_mark_it_is_received_all_the_same(
    candidate: User, mailoutbox: list[Any]
) -> None:
    question("essay", type="written", definition={"stem": "Say why.", "guidance": "Reasons."})
    begun = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    save(begun, 1, {"text": "Because."}, 1)
    assert submit_attempt(begun, by=candidate, at=NOON + 2 * MINUTE).marked_at is None
    background_work_is_done()
    assert "- Question 1: Answered. Waits to be marked. Last saved at 12:01:00" in mailoutbox[0].body


def test_who_has_no_address_or_a_closed_account_gets_none(
    attempt: Attempt, candidate: User, mailoutbox: list[Any]
) -> None:
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    User.objects.filter(pk=candidate.pk).update(is_active=False)
    background_work_is_done()
    assert not mailoutbox
    assert WaitingWork.objects.get(kind=SEND_RECEIPT).done_at, "nothing is left waiting for ever"


def test_an_attempt_that_is_open_or_gone_has_no_receipt(attempt: Attempt, mailoutbox: list[Any]) -> None:
    send_receipt(str(attempt.pk))
    send_receipt("7f0e4f0a-0000-4000-8000-000000000000")
    assert not mailoutbox


def test_the_receipt_page_says_that_it_comes_by_mail(attempt: Attempt, candidate: User, signed_in: Any) -> None:
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    answer = signed_in(candidate).get(f"/assess/{attempt.pk}/receipt/")
    assert "This receipt also comes to you by e-mail." in answer.content.decode()
