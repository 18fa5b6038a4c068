"""Forms of an assessment: its rules, and the rows of its blueprint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import formset_factory
from django.http import QueryDict
from wagtail.admin.widgets import AdminDateTimeInput

from assessments.admin.fields import WholeNumber, WordsField
from assessments.admin.forms import TAKEN, PlaceForm, TagsField
from assessments.admin.type_forms import RowForm, RowSet
from assessments.checking_rules import check_rules
from assessments.models import (
    QUERY_DAYS,
    Assessment,
    AssessmentVersion,
    Difficulty,
    FeedbackPolicy,
    Layout,
    Navigation,
    OverlapRule,
    ResultsPolicy,
)
from assessments.question_types import Problem
from assessments.sittings import LONGEST_SECTION

MOST_ROWS = 60
ROWS = "draw"


class NewAssessmentForm(PlaceForm):
    """Where a new assessment belongs."""

    def clean_code(self) -> str:
        code = super().clean_code()
        if Assessment.objects.filter(code=code).exists():
            raise forms.ValidationError(TAKEN, code="taken")
        return code


class CodesField(WordsField):
    """Codes of questions, one a line or with commas between them; cleans to a list."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return list(dict.fromkeys(super().clean(value).replace(",", " ").split()))


class MomentField(forms.DateTimeField):
    """A day and time, or None."""

    def __init__(self, **more: Any) -> None:
        sentence = "Enter a day and time, for example 2026-11-30 09:00."
        super().__init__(required=False, widget=AdminDateTimeInput, error_messages={"invalid": sentence}, **more)


class RulesForm(forms.Form):
    """An assessment's rules but for the blueprint. An empty limit is none."""

    # What stands folded, by its heading: a short test needs none of it.
    FOLDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "When and how it is sat": ("opens_at", "closes_at", "layout", "navigation", "is_invigilated"),
        "Attempts": ("attempts", "wait_hours", "overlap"),
        "How sure candidates are": ("counts_confidence",),
        "Results and queries": ("feedback", "results", "results_from", "query_days"),
        "Questions never drawn": ("excluded_questions", "excluded_tags"),
    }

    title = WordsField(label="Title", max_length=200)
    minutes = WholeNumber(
        label="Time limit in minutes (empty: none)", sentence="The time limit is 1 to 600 minutes, or empty for none."
    )
    pass_percent = WholeNumber(
        label="Pass mark in per cent (empty: none)", sentence="The pass mark is 0 to 100 per cent, or empty for none."
    )
    must_pass = forms.BooleanField(
        label="Draw one question of every must-pass rule of the bank",
        required=False,
        help_text="Who gets one of them wrong fails, whatever the score.",
    )
    attempts = WholeNumber(
        label="Attempts (empty: any number)", sentence="The number of attempts is 1 to 1,000, or empty for any."
    )
    wait_hours = WholeNumber(
        label="Hours between attempts (empty: none)", sentence="The wait between attempts is 0 hours to one year."
    )
    overlap = forms.ChoiceField(
        label="One person’s attempts", choices=OverlapRule.choices, initial=OverlapRule.AVOID, required=False
    )
    excluded_questions = CodesField(
        label="Questions left out (optional)", long=True, help_text="Their codes, one a line. They are never drawn."
    )
    excluded_tags = TagsField(
        label="Tags left out (optional)",
        max_length=1_300,
        help_text="With commas between them. Questions with one are never drawn.",
    )
    feedback = forms.ChoiceField(
        label="Candidates see what was right", choices=FeedbackPolicy.choices, initial=FeedbackPolicy.AFTER_SUBMIT
    )

    results = forms.ChoiceField(
        label="Candidates are told their result",
        choices=ResultsPolicy.choices,
        initial=ResultsPolicy.AT_ONCE,
        required=False,
        help_text="Until then a course does not go on by it either. Never: only without a pass mark.",
    )
    results_from = MomentField(label="Results from (empty unless from a day and time)")
    query_days = WholeNumber(
        label="Working days in which a question may be queried (empty: none)",
        sentence="Candidates can query questions for 0 to 250 working days.",
        initial=QUERY_DAYS,
        help_text="Counted from the result. 10 is a local default, not a national standard.",
    )

    opens_at = MomentField(label="Opens (empty: open at once)")
    closes_at = MomentField(
        label="Closes (empty: stays open)",
        help_text="Who has begun by then keeps the whole time limit. Without a time limit, the test ends then.",
    )
    layout = forms.ChoiceField(
        label="Candidates see",
        choices=Layout.choices,
        initial=Layout.ONE,
        required=False,
        help_text="On one page, candidates scroll, and answer in any order. At most 100 questions.",
    )
    navigation = forms.ChoiceField(
        label="Candidates answer in",
        choices=Navigation.choices,
        initial=Navigation.FREE,
        required=False,
        help_text="Forward only: who goes on cannot come back.",
    )
    is_invigilated = forms.BooleanField(
        label="Invigilated",
        required=False,
        help_text="It begins only in a room that is open, with the room’s start code.",
    )

    counts_confidence = forms.BooleanField(
        label="How sure candidates are counts",
        required=False,
        help_text="In questions that ask it, right earns a third, two thirds or all of the mark; wrong costs nothing, two thirds or "
        "twice the mark. Who is right in everything and unsure of it has a third: choose the pass mark with that in mind.",
    )

    @classmethod
    def initial_of(cls, version: AssessmentVersion) -> dict[str, Any]:
        """Return what the fields show of stored rules."""
        kept = {name: getattr(version, name, "") for name in cls.base_fields}
        left_out = {
            "excluded_questions": "\n".join(version.excluded.get("questions", [])),
            "excluded_tags": ", ".join(version.excluded.get("tags", [])),
        }
        return {**kept, **left_out, "wait_hours": version.wait_hours or None}

    def clean_overlap(self) -> str:
        return str(self.cleaned_data["overlap"] or OverlapRule.AVOID)

    def clean_layout(self) -> str:
        return str(self.cleaned_data["layout"] or Layout.ONE)

    def clean_navigation(self) -> str:
        return str(self.cleaned_data["navigation"] or Navigation.FREE)

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields that every assessment fills in."""
        folded = {name for names in self.FOLDS.values() for name in names}
        return [field for field in self if field.name not in folded]

    @property
    def folds(self) -> list[Fold]:
        """The others by heading; open where one says something unusual or is wrong."""
        return [
            Fold(heading, [self[name] for name in names], any(self._is_told(name) for name in names))
            for heading, names in self.FOLDS.items()
        ]

    def _is_told(self, name: str) -> bool:
        shown, usual = self[name].value(), self.fields[name].initial
        return name in self.errors or str(shown or "") != str(usual or "")


@dataclass(frozen=True)
class Fold:
    """Fields under a heading that opens."""

    heading: str
    fields: list[forms.BoundField]
    is_open: bool


class DrawRowForm(RowForm):
    """One line of the blueprint."""

    outcome = WordsField(label="Outcome (empty: any)", max_length=20)
    count = WholeNumber(label="Questions", sentence="Say how many questions to draw, 1 or more.")
    topic = WordsField(label="Topic with what is below it (empty: any)", max_length=120)
    difficulty = forms.ChoiceField(label="Difficulty", choices=[("", "Any"), *Difficulty.choices], required=False)
    section = WordsField(label="Section of the paper (empty: none)", max_length=LONGEST_SECTION)
    least = WholeNumber(
        label="Least per cent in it (empty: none)", sentence="The least is 1 to 100 per cent, or empty for none."
    )

    def entry(self) -> dict[str, Any]:
        return {name: value for name, value in super().entry().items() if value not in ("", None) or name == "count"}


@dataclass
class RulesEditor:
    """The rules and the rows of an assessment being written."""

    words: RulesForm
    rows: RowSet

    @property
    def has_errors(self) -> bool:
        return self.words.is_bound and (
            bool(self.words.errors) or bool(self.rows.non_form_errors()) or any(self.rows.errors)
        )

    def check(self) -> dict[str, Any] | None:
        """Return the rules as ``save_assessment_version`` takes them; where something is wrong, show it and return None."""
        if not all([self.words.is_valid(), self.rows.is_valid()]):
            return None
        rules = {**self.words.cleaned_data, "draw": [row.entry() for row in self.rows.kept()]}
        rules["wait_hours"] = rules["wait_hours"] or 0
        rules["query_days"] = rules["query_days"] or 0
        rules["results"] = rules["results"] or ResultsPolicy.AT_ONCE.value
        left_out = {name: rules.pop(f"excluded_{name}") for name in ("questions", "tags")}
        rules["excluded"] = {name: listed for name, listed in left_out.items() if listed}
        problems = check_rules(rules)
        self.show(problems)
        return None if problems else rules

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field it is about."""
        for problem in problems:
            key, _dot, rest = problem.path.partition(".")
            number, _dot, field = rest.partition(".")
            kept = self.rows.kept() if key == ROWS else []
            if number.isdigit() and int(number) < len(kept):
                row = kept[int(number)]
                row.add_error(field if field in row.fields else None, problem.message)
            elif key == ROWS:
                self.rows.non_form_errors().append(problem.message)
            else:
                self.words.add_error(key if key in self.words.fields else None, problem.message)


def rules_editor(*, data: QueryDict | None = None, version: AssessmentVersion | None = None) -> RulesEditor:
    """Return the editor of a new assessment, of stored rules, or of what was posted."""
    initial: list[Mapping[str, Any]] | None = None if version is None else version.draw
    kind = formset_factory(
        DrawRowForm,
        formset=RowSet,
        extra=3 if version is None else 0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    words = RulesForm(data, initial=None if version is None else RulesForm.initial_of(version))
    return RulesEditor(words, kind(data, prefix=ROWS, initial=initial))  # type: ignore[arg-type]
