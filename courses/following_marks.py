"""What follows from a mark, and from a mark that moved: a step done, a course completed; or a pass taken back, with its certificate.

The engine's one signal ends here. Marks are told when results are, so nothing here gives a result away before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.models import Attempt, AttemptState, Outcome
from courses.completions import certificate_now, is_withdrawn
from courses.enrolments import context_stem
from courses.models import Completion, Enrolment, EnrolmentOutcome
from courses.outlines import Step
from courses.progress import (
    attempts_that_passed,
    complete_again,
    context_of,
    enrolment_of,
    missing_for_completion,
    outline_for,
    pass_step,
    steps_done,
)
from cpd_records.certificates.decisions import LONGEST_REASON
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.standing import revocation_of
from cpd_records.models import PublicReason
from people.models import User

CORRECTED = "The result it rested on was corrected."


def on_attempt_marked(sender: Any, attempt: Attempt, **more: Any) -> None:
    """Answer the engine's one signal, in the transaction of the mark."""
    after_attempt(
        attempt, at=more.get("at"), by=more.get("by"), second=more.get("second"), reason=more.get("reason", "")
    )


def after_attempt(
    attempt: Attempt,
    *,
    at: datetime | None = None,
    by: User | None = None,
    second: User | None = None,
    reason: str = "",
) -> None:
    """Follow a mark. A pass is a step done, and may complete the course.

    A pass that a recorded decision took back is a step not done; where the course was completed with it, the certificate is withdrawn in
    the names of the two people behind it, ``by`` and ``second``, and with it what the course awarded. One that came back is completed
    anew.
    """
    enrolment = enrolment_of(attempt)
    if enrolment is None or attempt.state == AttemptState.VOIDED:
        return
    stem = context_stem(enrolment)
    for step in outline_for(enrolment).assessments:
        if context_of(stem, step.slug) != attempt.context_ref:
            continue
        if attempt.outcome in (Outcome.PASSED, Outcome.COMPLETED):
            _passed(enrolment, step, attempt)
        elif by is not None and second is not None and at is not None:
            _taken_back(enrolment, step, at=at, by=by, second=second, reason=reason)


def _passed(enrolment: Enrolment, step: Step, attempt: Attempt) -> None:
    if enrolment.closed_at is None or enrolment.outcome == EnrolmentOutcome.LEFT:
        pass_step(enrolment, step.slug, attempt)
        return
    completion = Completion.objects.filter(enrolment=enrolment).select_related("certificate").first()
    if completion is None or step.slug in steps_done(enrolment):
        return
    withdrawn = revocation_of(certificate_now(completion))
    if withdrawn is not None and withdrawn.public_reason == PublicReason.RESULT_CORRECTED:
        done = {*steps_done(enrolment), step.slug}
        if not missing_for_completion(outline_for(enrolment), done):
            complete_again(enrolment, attempt)


def _taken_back(enrolment: Enrolment, step: Step, *, at: datetime, by: User, second: User, reason: str) -> None:
    """Undo a step that rested on a pass, unless another attempt passed it; and withdraw what was completed with it."""
    if attempts_that_passed(enrolment, step.slug).exists() or step.slug not in steps_done(enrolment):
        return
    with transaction.atomic():
        enrolment.steps_done.filter(step=step.slug).delete()  # type: ignore[attr-defined]
        completion = Completion.objects.filter(enrolment=enrolment).select_related("certificate").first()
        if completion is None or not missing_for_completion(outline_for(enrolment), steps_done(enrolment)):
            return
        certificate = certificate_now(completion)
        # Withdrawn before for another reason, it stays so, and the mark stands all the same.
        if is_withdrawn(completion) or revocation_of(certificate) is not None:
            return
        revoke_certificate(
            certificate,
            by=by,
            approved_by=second,
            at=at,
            reason=(reason or CORRECTED)[:LONGEST_REASON],
            public_reason=PublicReason.RESULT_CORRECTED,
        )
