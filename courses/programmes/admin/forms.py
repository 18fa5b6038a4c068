"""A programme as fields: its title, and a form for each phase. Nothing is written as JSON by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.text import slugify

from courses.programmes.refusals import REASON_LENGTH
from courses.programmes.values import (
    DECIDERS,
    INDEPENDENT_PATROL,
    MOST_PHASES,
    MOST_WEEKS,
    SIGNERS,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    Decider,
    Phase,
    Plan,
    ProgrammeRefused,
    Signer,
    read_plan,
)

MORE_PHASES = 2
LINES = {"rows": 4, "spellcheck": "false"}


class ProgrammeForm(forms.Form):
    """What a programme says once."""

    title = forms.CharField(label="Title", max_length=TITLE_LENGTH)
    source = forms.CharField(
        label="Where it comes from",
        max_length=SOURCE_LENGTH,
        required=False,
        help_text="Whoever reads the programme sees this.",
    )
    is_local_default = forms.BooleanField(
        label="It is a local default, not a national standard", required=False, initial=True
    )


class CodeForm(forms.Form):
    """What a programme is called for its whole life."""

    code = forms.RegexField(
        r"\A[A-Z0-9]+(?:-[A-Z0-9]+)*\Z",
        label="Code",
        max_length=40,
        help_text="Capitals, digits and hyphens, such as DETECTIVE-ENTRY. It never changes.",
        error_messages={"invalid": "Use capitals, digits and hyphens, such as DETECTIVE-ENTRY."},
    )


class PhaseForm(forms.Form):
    """One phase; a title left empty means that there is none."""

    title = forms.CharField(label="Phase", max_length=TITLE_LENGTH, required=False)
    slug = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    weeks = forms.IntegerField(label="Target weeks", min_value=1, max_value=MOST_WEEKS, required=False)
    decided_by = forms.ChoiceField(
        label="Done with it is decided by",
        choices=[(one.value, words) for one, words in DECIDERS.items()],
        required=False,
    )
    courses = forms.CharField(
        label="Courses", required=False, help_text="Codes, such as INIT-101, with spaces or commas between them."
    )
    assessments = forms.CharField(
        label="Assessments",
        required=False,
        help_text="Codes of what must be passed beside the courses, with spaces or commas between them.",
    )
    qualifications = forms.CharField(
        label="Qualifications", required=False, help_text="Codes, such as PPST, with spaces or commas between them."
    )
    records = forms.CharField(
        label="Recorded by hand",
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text="One on each line, such as: Tutor’s report.",
    )
    portfolio = forms.CharField(
        label="Headings of its portfolio",
        required=False,
        widget=forms.Textarea(attrs=LINES),
        help_text="One on each line, with how many items must be judged sufficient: Searching individuals; 2",
    )
    portfolio_signed_by = forms.ChoiceField(
        label="Its portfolio is signed off by",
        choices=[(one.value, words) for one, words in SIGNERS.items()],
        required=False,
    )
    grants = forms.BooleanField(label="Ending it grants independent patrol", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("title") and any(
            cleaned.get(name) for name in ("weeks", "courses", "assessments", "qualifications", "records", "portfolio")
        ):
            self.add_error("title", "Give the phase a title, or empty its other fields.")
        if cleaned.get("title") and not cleaned.get("weeks") and "weeks" not in self.errors:
            self.add_error("weeks", f"Enter how many weeks it is meant to take, from 1 to {MOST_WEEKS}.")
        return cleaned


class WithdrawForm(forms.Form):
    """Why nobody new may begin on a release."""

    reason = forms.CharField(label="Why may nobody new begin on it?", max_length=REASON_LENGTH)


@dataclass
class Editor:
    """The forms of a programme. ``before`` is the plan that stands, so that what keeps its title keeps its slug."""

    once: ProgrammeForm
    phases: BaseFormSet[PhaseForm]
    before: Plan | None = None

    @property
    def has_errors(self) -> bool:
        return bool(self.once.errors or self.phases.total_error_count())

    def read(self) -> Plan | None:
        """Return the plan the forms say; None where something is wrong, which stands beside its field or above all."""
        if not (self.once.is_valid() & self.phases.is_valid()):
            return None
        told = [form.cleaned_data for form in self.phases if form.cleaned_data.get("title")]
        known = {phase.slug: phase for phase in self.before.phases} if self.before else {}
        data = {**self.once.cleaned_data, "phases": [_phase(one, known.get(one["slug"])) for one in told]}
        try:
            return read_plan(data)
        except ProgrammeRefused as refused:
            self.once.add_error(None, str(refused))
            return None


def editor_for(plan: Plan | None, data: QueryDict | None) -> Editor:
    """Return the editor with what was posted, else with the plan, else empty."""
    if data is not None:
        return Editor(ProgrammeForm(data, prefix="programme"), _phases(data, prefix="phases"), plan)
    once = {"title": plan.title, "source": plan.source, "is_local_default": plan.is_local_default} if plan else None
    phases = [_initial(phase) for phase in plan.phases] if plan else []
    return Editor(ProgrammeForm(initial=once, prefix="programme"), _phases(initial=phases, prefix="phases"), plan)


def with_more_phases(data: QueryDict) -> QueryDict:
    """Return what was posted with more empty phases, as far as there is room."""
    more = data.copy()
    total = data.get("phases-TOTAL_FORMS", "")
    number = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    more["phases-TOTAL_FORMS"] = str(min(number + MORE_PHASES, MOST_PHASES))
    return more


_phases = formset_factory(PhaseForm, extra=1, max_num=MOST_PHASES, absolute_max=MOST_PHASES, validate_max=True)


def _initial(phase: Phase) -> dict[str, Any]:
    return {
        "title": phase.title,
        "slug": phase.slug,
        "weeks": phase.weeks,
        "decided_by": phase.decided_by.value,
        "courses": " ".join(phase.courses),
        "assessments": " ".join(phase.assessments),
        "qualifications": " ".join(phase.qualifications),
        "records": "\n".join(record.title for record in phase.records),
        "portfolio": "\n".join(f"{heading.title}; {heading.needed}" for heading in phase.portfolio),
        "portfolio_signed_by": phase.portfolio_signed_by.value,
        "grants": phase.grants == INDEPENDENT_PATROL,
    }


def _phase(told: Mapping[str, Any], before: Phase | None) -> dict[str, Any]:
    records = {record.title: record.slug for record in before.records} if before else {}
    headings = {heading.title: heading.slug for heading in before.portfolio} if before else {}
    found: dict[str, Any] = {
        "slug": before.slug if before else slug_of(told["title"]),
        "title": told["title"],
        "weeks": told["weeks"],
        "decided_by": told["decided_by"] or Decider.ADMINISTRATOR.value,
        "courses": _codes(told["courses"]),
        "assessments": _words(told["assessments"]),
        "qualifications": _codes(told["qualifications"]),
        "records": [
            {"slug": records.get(title) or slug_of(title), "title": title} for title in _lines(told["records"])
        ],
        "grants": INDEPENDENT_PATROL if told["grants"] else "",
    }
    portfolio = [_heading(line, headings) for line in _lines(told["portfolio"])]
    if portfolio:
        found |= {
            "portfolio": portfolio,
            "portfolio_signed_by": told["portfolio_signed_by"] or Signer.SUPERVISOR.value,
        }
    return found


def _heading(line: str, known: Mapping[str, str]) -> dict[str, Any]:
    title, _, needed = (part.strip() for part in line.rpartition(";"))
    if not title:
        title, needed = line, "1"
    number = int(needed) if needed.isascii() and needed.isdigit() and len(needed) < 4 else needed
    return {"slug": known.get(title) or slug_of(title), "title": title, "needed": number}


def slug_of(title: str) -> str:
    """Return the slug of a title that is new: small letters, digits and hyphens, 40 at most."""
    return slugify(title)[:40].strip("-")


def _codes(text: str) -> list[str]:
    return [code.upper() for code in _words(text)]


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _lines(text: str) -> Iterable[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
