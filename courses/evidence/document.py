"""A pack's answer as a document to be read: a tagged PDF with who asked and why on every page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from assessments.models import Outcome
from courses.evidence.gathering import Evidence
from cpd_records.plain_pdf import drawn
from people.dates import long_date
from people.force import force

TEMPLATE = "courses/evidence/pack.html"
STYLES = Path(settings.BASE_DIR) / "templates" / "courses" / "evidence" / "pack.css"


def as_pdf(evidence: Evidence) -> bytes:
    """Return the document. The same evidence gives the same bytes: no moment of drawing stands in it."""
    return drawn(as_html(evidence), STYLES)


def as_html(evidence: Evidence) -> str:
    """Return the page that is drawn."""
    return render_to_string(TEMPLATE, page_of(evidence))


def page_of(evidence: Evidence) -> dict[str, Any]:
    """Return what the page says."""
    question, checkpoint = evidence.question, evidence.ground.checkpoint
    shown: dict[str, None] = {}
    texts = [one for one in evidence.taught if not (one.folder in shown or shown.update({one.folder: None}))]
    return {
        "it": evidence,
        "question": question,
        "force": force(),
        "day": long_date(question.on),
        "known": moment_words(question.known_at) if question.known_at else "",
        "checkpoint_at": moment_words(checkpoint.time) if checkpoint else "",
        "root": bytes(checkpoint.root).hex() if checkpoint else "",
        "duties": evidence.currency.roles,
        "qualifications": [
            {"it": one, "word": one.verdict.value.replace("_", " ").capitalize()}
            for one in sorted(evidence.currency.qualifications, key=lambda one: not one.is_required)
        ],
        "decisions": evidence.rulings,
        "attempts": [
            {
                "it": one,
                "title": one.attempt.context_title or one.attempt.assessment_version.title,
                "percent": None if one.state.score is None else one.state.score // 10_000,
                "outcome": str(Outcome(one.state.outcome).label) if one.state.outcome else "",
                "questions": [
                    {"it": item, "percent": None if item.fraction is None else round(item.fraction / 10_000)}
                    for item in one.items
                ],
            }
            for one in evidence.attempts
        ],
        "texts": texts,
    }


def moment_words(moment: Any) -> str:
    """Return a moment in words, to the second, by the force's own clock: '3 March 2026 at 18:00:05 GMT'."""
    local = timezone.localtime(moment)
    return f"{long_date(local)} at {local:%H:%M:%S %Z}"
