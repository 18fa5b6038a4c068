"""A scheme's rules as fields: what holds once, and rows of targets, maxima and what never counts. Nothing is written as JSON by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from cpd_records.activity_rules import cleaned_text
from cpd_records.schemes.admin.fields import CategoryForm, Figure, Whole, whole_minutes
from cpd_records.schemes.keeping import kinds_of_learning
from cpd_records.schemes.reading_rules import MOST_PARTS, Problem, RulesRefused, read_rules
from cpd_records.schemes.rules import ASKABLE, DeclarationRule, Maximum, Measure, Never, Rules, Target
from people import clock
from people.models import Rank, Role, Unit

MORE_ROWS = 2
MEASURES = [("minutes", "Hours"), ("entries", "Entries"), ("points", "Points")]
DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
NO, DAYS, MONTHS = "", "days", "months"


class InForceForm(forms.Form):
    """From when and for whom a scheme is put in force; with no unit, role or rank for the whole force."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("code"), required=False, empty_label="The whole force")
    role = forms.ModelChoiceField(Role.objects.all(), required=False, to_field_name="code", empty_label="No one role")
    rank = forms.ModelChoiceField(Rank.objects.all(), required=False, to_field_name="code", empty_label="No one rank")
    valid_from = forms.DateField(label="From", initial=clock.today, widget=DATE)
    valid_until = forms.DateField(label="Last day", required=False, widget=DATE, help_text="Empty means until ended.")
    reason = forms.CharField(label="Why", max_length=1000)


class EndForm(forms.Form):
    """The last day of a scheme for some, and why it ends."""

    last_day = forms.DateField(label="Last day", initial=clock.today, widget=DATE)
    reason = forms.CharField(label="Why", max_length=1000)


class RulesForm(forms.Form):
    """What a scheme has once."""

    years = Whole(label="Years of a period", least=1, most=5, initial=1)
    starts_on = forms.DateField(
        label="First day of a period",
        required=False,
        widget=DATE,
        help_text="Periods follow one another from this day, before it too. Empty: a rolling period, counted back from any day.",
    )
    points_per_hour = Whole(label="Points an hour", most=100, help_text="Only where a target is counted in points.")
    pro_rata = forms.ChoiceField(
        label="Targets are reduced",
        required=False,
        choices=[(NO, "Not at all"), (DAYS, "By days"), (MONTHS, "By months")],
    )
    part_time = forms.BooleanField(label="for part-time work", required=False)
    joiners = forms.BooleanField(label="for those who join during a period", required=False)
    absence = forms.BooleanField(label="for absence", required=False)
    words = forms.CharField(
        label="What the officer declares",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Empty: nothing is declared.",
    )
    days_before_end = Whole(label="Days before the period's end from which one can declare", most=366)
    days_after_end = Whole(label="Days after the period's end until which it is due", most=366)
    confirmed = forms.BooleanField(label="A supervisor confirms the declaration", required=False)
    gap_months = Whole(
        label="Months without an entry that are to be explained", most=24, help_text="Empty: gaps need no explanation."
    )
    asks = forms.MultipleChoiceField(
        label="Asked when an activity is submitted",
        required=False,
        choices=list(ASKABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="What a target's sort needs to know (structured, with others, core) is asked without being ticked here.",
    )

    @staticmethod
    def initial_of(rules: Rules) -> dict[str, Any]:
        reduced, declared = rules.pro_rata, rules.declaration or DeclarationRule("")
        return {
            "years": rules.period.years,
            "starts_on": rules.period.starts_on,
            "points_per_hour": rules.points_per_hour or "",
            "pro_rata": reduced.by.value if reduced else NO,
            **{name: reduced is None or getattr(reduced, name) for name in ("part_time", "joiners", "absence")},
            "words": declared.words,
            "days_before_end": declared.days_before_end,
            "days_after_end": declared.days_after_end,
            "confirmed": declared.confirmed,
            "gap_months": rules.gap_months or "",
            "asks": sorted(rules.asks),
        }

    def clean_words(self) -> str:
        return cleaned_text(self.cleaned_data["words"])

    def data_of(self) -> dict[str, Any]:
        """Return what was typed as the rules have it."""
        typed = self.cleaned_data
        period: dict[str, Any] = {"years": typed["years"]}
        if typed["starts_on"]:
            period["starts_on"] = typed["starts_on"].isoformat()
        reduced = {name: typed[name] for name in ("part_time", "joiners", "absence")}
        declared = {name: typed[name] for name in ("words", "days_before_end", "days_after_end", "confirmed")}
        return {
            "period": period,
            "points_per_hour": typed["points_per_hour"],
            "pro_rata": {"by": typed["pro_rata"], **reduced} if typed["pro_rata"] else None,
            "declaration": declared if declared["words"] else None,
            "gap_months": typed["gap_months"],
            "asks": list(typed["asks"]),
        }


class PartForm(CategoryForm):
    """One row. A row in which nothing is typed does not count, nor one that is to be left out."""

    title = forms.CharField(label="Name", required=False, max_length=200)
    remove = forms.BooleanField(label="Leave this row out", required=False)
    field_order = ["title", "measure", "amount", "most", "carry_most", "carry_periods"]

    def clean_title(self) -> str:
        return " ".join(cleaned_text(self.cleaned_data["title"]).split())

    @property
    def counts(self) -> bool:
        typed = {name: value for name, value in self.cleaned_data.items() if name not in ("measure", "remove")}
        return not self.cleaned_data.get("remove") and any(typed.values())


class MeasuredForm(PartForm):
    """A row with a figure: hours where the measure is hours, else a whole number."""

    measure = forms.ChoiceField(label="Counted in", choices=MEASURES, initial="minutes", required=False)
    figures: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.figures:
            figure = cleaned.get(name)
            if figure is None:
                continue
            try:
                cleaned[name] = self._units(figure, cleaned.get("measure", ""))
            except ValidationError as refusal:
                self.add_error(name, refusal)
        return cleaned

    @staticmethod
    def _units(figure: Decimal, measure: str) -> int:
        if measure == Measure.MINUTES:
            return whole_minutes(figure)
        if figure != figure.to_integral_value():
            raise ValidationError("Entries and points are whole numbers.")
        return int(figure)


class TargetForm(MeasuredForm):
    amount = Figure(label="At least")
    carry_most = Figure(label="Carried over at most")
    carry_periods = Whole(label="for so many periods", most=3)
    figures = ("amount", "carry_most")

    def part(self) -> dict[str, Any]:
        names = ("title", "measure", "amount", "carry_most", "carry_periods")
        return {**{name: self.cleaned_data[name] for name in names}, "of": self.category()}

    @classmethod
    def initial_of_part(cls, target: Target) -> dict[str, Any]:
        return {
            "title": target.title,
            "measure": target.measure.value,
            "amount": figure_of(target.measure, target.amount),
            "carry_most": figure_of(target.measure, target.carry_most) if target.carry_most else "",
            "carry_periods": target.carry_periods or "",
            **cls.initial_of(target.of),
        }


class MaximumForm(MeasuredForm):
    most = Figure(label="At most")
    figures = ("most",)

    def part(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in ("title", "measure", "most")}, "of": self.category()}

    @classmethod
    def initial_of_part(cls, part: Maximum) -> dict[str, Any]:
        most = figure_of(part.measure, part.most)
        return {"title": part.title, "measure": part.measure.value, "most": most, **cls.initial_of(part.of)}


class NeverForm(PartForm):
    def part(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "of": self.category()}

    @classmethod
    def initial_of_part(cls, part: Never) -> dict[str, Any]:
        return {"title": part.title, **cls.initial_of(part.of)}


def figure_of(measure: Measure, amount: int) -> str:
    """Return an amount as somebody would type it: minutes as hours."""
    figure = Decimal(amount) / 60 if measure == Measure.MINUTES else Decimal(amount)
    return f"{figure.normalize():f}"


class ChangeForm(forms.Form):
    """From which day the rules hold, and why they change."""

    valid_from = forms.DateField(label="These rules hold from", initial=clock.today, widget=DATE)
    reason = forms.CharField(label="Why they change", max_length=1000, help_text="Kept with the rules, and shown.")


class NewSchemeForm(forms.Form):
    """What a scheme of the force's own is called."""

    code = forms.SlugField(
        label="Short name",
        max_length=40,
        help_text="Letters, figures and hyphens, such as detective-target. It never changes.",
    )
    title = forms.CharField(label="Name", max_length=120)
    source = forms.CharField(
        label="Where its rules come from", max_length=300, required=False, help_text="Such as: policy 12 of 3 May 2026."
    )


ROWS: dict[str, tuple[type[PartForm], str]] = {
    "targets": (TargetForm, "Target"),
    "maxima": (MaximumForm, "At most"),
    "never": (NeverForm, "Never counts"),
}


@dataclass
class RulesEditor:
    """The form of a scheme's rules, its rows, and where each problem is shown."""

    once: RulesForm
    change: ChangeForm
    rows: dict[str, BaseFormSet[PartForm]]

    @property
    def has_errors(self) -> bool:
        return bool(self.once.errors or self.change.errors) or any(
            any(row.errors for row in rows.forms) or rows.non_form_errors() for rows in self.rows.values()
        )

    def read(self) -> Rules | None:
        """Return the rules that were typed, or None, with each problem beside its field."""
        if not all([self.once.is_valid(), *(rows.is_valid() for rows in self.rows.values())]):
            return None
        data = {
            **self.once.data_of(),
            **{name: [row.part() for row in self._kept(name)] for name in self.rows},  # type: ignore[attr-defined]
        }
        try:
            return read_rules(data, kinds={code for code, _words in kinds_of_learning()})
        except RulesRefused as refusal:
            for problem in refusal.problems:
                self._show(problem)
            return None

    def _kept(self, name: str) -> list[PartForm]:
        return [row for row in self.rows[name].forms if row.counts]

    def _show(self, problem: Problem) -> None:
        parts = problem.place.split(".")
        if parts[0] in self.rows and len(parts) > 1:
            row = self._kept(parts[0])[int(parts[1])]
            row.add_error(parts[2] if len(parts) > 2 and parts[2] in row.fields else None, problem.words)
            return
        named = parts[-1] if parts[-1] in self.once.fields else parts[0]
        self.once.add_error(named if named in self.once.fields else None, problem.words)


def editor_for(rules: Rules | None, data: QueryDict | None = None) -> RulesEditor:
    """Return the editor of rules (None: of new ones), or of what was posted."""
    parts: Mapping[str, Any] = {"targets": rules.targets, "maxima": rules.maxima, "never": rules.never} if rules else {}
    rows: dict[str, BaseFormSet[PartForm]] = {}
    for name, (form, _words) in ROWS.items():
        made = formset_factory(form, extra=MORE_ROWS, max_num=MOST_PARTS, absolute_max=MOST_PARTS)
        initial = [form.initial_of_part(part) for part in parts.get(name, ())]  # type: ignore[attr-defined]
        rows[name] = made(data, prefix=name, initial=initial)
    once = RulesForm.initial_of(rules) if rules else {"part_time": True, "joiners": True, "absence": True}
    return RulesEditor(RulesForm(data, initial=once), ChangeForm(data), rows)
