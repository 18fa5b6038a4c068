"""When a result is told. Until then a mark is known to nobody: not to the candidate, and not to what follows from it.

What never is told has no pass mark (the rules say so), so that what is handed in is complete and nothing is given away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from assessments.events import attempt_marked
from assessments.models import AssessmentVersion, Attempt, AttemptState, ResultsPolicy
from people import clock, work

WORK = "assessments.release_result"


def told_from(version: AssessmentVersion) -> datetime | None:
    """Return the moment before which results are withheld, or None where they are not."""
    return version.results_from if version.results == ResultsPolicy.AFTER_WINDOW else None


def is_withheld(version: AssessmentVersion, *, at: datetime) -> bool:
    """Return whether a result of this assessment is still, or for ever, withheld from its candidate."""
    if version.results == ResultsPolicy.NEVER:
        return True
    moment = told_from(version)
    return moment is not None and at < moment


def tell_or_wait(attempt: Attempt, *, at: datetime, **more: Any) -> None:
    """Tell those above of a mark now, or ask for it to be told when results are; call in the transaction of the mark."""
    moment = told_from(attempt.assessment_version)
    if moment is not None and at < moment:
        work.ask(WORK, str(attempt.pk), at=moment)
        return
    attempt_marked.send(sender=Attempt, attempt=attempt, at=at, **more)


@work.background(WORK)
def release_result(key: str) -> None:
    """Tell those above of the mark of an attempt whose results have been withheld until now; telling twice is telling once."""
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(of=("self",)).select_related("assessment_version").filter(pk=key).first()
        )
        if attempt is None or attempt.score is None or attempt.state == AttemptState.VOIDED:
            return
        now = clock.now()
        moment = told_from(attempt.assessment_version)
        if moment is not None and now < moment:
            raise work.NotYet((moment - now) / timedelta(seconds=1) + 0.01)
        attempt_marked.send(sender=Attempt, attempt=attempt, at=now)
