"""The receipt of a test by mail: what was received and when. Questions, answers and marks stay out of it."""

from __future__ import annotations

from django.template.loader import render_to_string

from assessments.marks import SEND_RECEIPT
from assessments.models import Attempt, AttemptState
from assessments.receipts import receipt_of
from people import clock, work
from people.mail import full_address, send

SUBJECT = "We have received your test"


@work.background(SEND_RECEIPT)
def send_receipt(key: str) -> None:
    """Send the candidate of the attempt named by ``key`` what was received; asked for once, when an attempt is closed.

    A crash after the mail server took it and before that is noted sends it again, under the same name: better twice than never. Who has
    no address, or a closed account, gets none.
    """
    attempt = Attempt.objects.select_related("officer", "assessment_version").filter(pk=key).first()
    if attempt is None or attempt.state == AttemptState.OPEN:
        return
    receipt = receipt_of(attempt, at=clock.now())
    about = {
        "receipt": receipt,
        "attempt": attempt,
        "title": attempt.context_title or attempt.assessment_version.title,
        "address": full_address(f"/assess/{attempt.pk}/receipt/"),
    }
    send(
        attempt.officer,
        subject=SUBJECT,
        words=render_to_string("assessments/mail/receipt.txt", about),
        page=render_to_string("assessments/mail/receipt.html", about),
        name=f"receipt-{attempt.pk}",
    )
