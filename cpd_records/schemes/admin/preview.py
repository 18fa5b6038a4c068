"""What rules would mean for an officer with so many hours of this and that: the same engine, on learning made up for the look."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from cpd_records.schemes.admin.fields import Figure, Whole, whole_minutes
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.periods import Span, period_of
from cpd_records.schemes.pro_rata import FULL_TIME, Presence
from cpd_records.schemes.progress import Named, Progress, progress_in
from cpd_records.schemes.rules import Rules

# (field, what it is, how the record would describe it)
MADE_UP: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("course", "Courses", {"source": Source.COURSE, "kind": "course", "structured": True, "mandatory": False}),
    (
        "mandatory",
        "Courses that the role requires",
        {"source": Source.COURSE, "kind": "course", "structured": True, "mandatory": True},
    ),
    (
        "briefing",
        "Briefings with others, reflected on",
        {"source": Source.SELF, "kind": "briefing", "structured": False, "participatory": True, "reflective": True},
    ),
    (
        "reading",
        "Reading alone, reflected on",
        {"source": Source.SELF, "kind": "reading", "structured": False, "participatory": False, "reflective": True},
    ),
    (
        "bare",
        "Reading alone, without a reflection",
        {"source": Source.SELF, "kind": "reading", "structured": False, "participatory": False, "reflective": False},
    ),
)


class PreviewForm(forms.Form):
    """An officer with …: hours of each sort, when they joined, how much of full time they work."""

    prefix = "officer"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, words, _qualities in MADE_UP:
            self.fields[name] = Figure(label=f"{words}, hours")
        self.fields["percent"] = Whole(label="Works, in per cent of full time (empty: all)", most=FULL_TIME)
        self.fields["joined_on"] = forms.DateField(
            label="Joined on (empty: long ago)",
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        )

    def progress(self, rules: Rules, *, on: date) -> Progress | None:
        """Return how such an officer would stand on the day; None where what was typed cannot be taken."""
        if not self.is_valid():
            return None
        span = period_of(rules.period, on)
        learning = []
        for number, (name, words, qualities) in enumerate(MADE_UP):
            hours: Decimal = self.cleaned_data[name]
            try:
                minutes = whole_minutes(hours)
            except forms.ValidationError as refusal:
                self.add_error(name, refusal)
                return None
            if minutes:
                day = min(span.starts_on + timedelta(days=number), on)
                learning.append(Learning(UUID(int=number), words, day, minutes, **qualities))
        percent = self.cleaned_data["percent"] or FULL_TIME
        presence = Presence(
            joined_on=self.cleaned_data["joined_on"],
            part_time=((Span(date.min, date.max), percent),) if percent < FULL_TIME else (),
        )
        return progress_in(
            Named("preview", "Preview"),
            lambda day: rules if day >= span.starts_on else None,
            learning,
            presence,
            on=on,
        )
