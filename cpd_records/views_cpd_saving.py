"""How a page that saves by itself is answered: with the time, or with the sentence why it is not saved."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest, JsonResponse

from cpd_records.activities import ActivityRefused, ChangedMeanwhile
from cpd_records.activity_rules import clock_time
from cpd_records.form_fields import moment_text

HEADER = "X-Saved-By"
NOT_SAVED, CHANGED = 422, 409


def is_by_itself(request: HttpRequest) -> bool:
    """Return whether the page's script sent the form while somebody writes, and nobody pressed a button."""
    return request.method == "POST" and request.headers.get(HEADER) == "page"


def saved(at: datetime, *, seen_at: datetime | None) -> JsonResponse:
    """Answer that it is saved: the clock's time for people, the moment for the form's next save."""
    return _answer({"saved_at": clock_time(at), "seen_at": moment_text(seen_at)})


def gone() -> JsonResponse:
    """Answer that the form was logged meanwhile, so there is nothing to keep."""
    return _answer({"gone": "logged"})


def not_saved(refusal: ActivityRefused) -> JsonResponse:
    """Answer why it is not saved."""
    status = CHANGED if isinstance(refusal, ChangedMeanwhile) else NOT_SAVED
    return _answer({"refused": str(refusal)}, status=status)


def not_saved_form(form: forms.Form) -> JsonResponse:
    """Answer with the first thing that is wrong in a form."""
    sentences = [str(sentence) for errors in form.errors.values() for sentence in errors]
    return _answer({"refused": sentences[0] if sentences else ""}, status=NOT_SAVED)


def _answer(said: dict[str, str], *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(said, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
