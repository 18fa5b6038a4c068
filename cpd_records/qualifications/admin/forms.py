"""Forms of the screens about qualifications: the rule as fields, what is needed, and of whom it is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from cpd_records.models import Qualification, QualificationRule, RuleStatus
from cpd_records.qualifications.refusals import REASON_LENGTH
from cpd_records.qualifications.rules import MOST_DAYS, MOST_MONTHS, Terms
from cpd_records.schemes.admin.fields import Figure, whole_minutes
from people import clock
from people.models import Rank, Role, Unit

STATUSES = [
    (RuleStatus.ILLUSTRATIVE, "Illustrative: a local default, not a national standard"),
    (RuleStatus.PARTLY_SOURCED, "Partly sourced: the rest is a local default"),
    (RuleStatus.SOURCED, "Sourced: the source below says so"),
]


def _day(label: str, **more: Any) -> forms.DateField:
    more.setdefault("initial", clock.today)
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **more)


def _whole(label: str, least: int, most: int, **more: Any) -> forms.IntegerField:
    sentence = f"A whole number from {least} to {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence, "required": sentence},
        **more,
    )


def _hours(minutes: int | None) -> str:
    """Return minutes as the figure somebody would type for the hours."""
    return f"{Decimal(minutes) / 60:.2f}".rstrip("0").rstrip(".") if minutes else ""


def _why(**more: Any) -> forms.CharField:
    return forms.CharField(label="Why", max_length=REASON_LENGTH, **more)


class RuleForm(forms.Form):
    """What a rule says; see ``Terms``. Lengths are typed as hours and cleaned to whole minutes."""

    validity_months = _whole(
        "Lasts, in months",
        1,
        MOST_MONTHS,
        required=False,
        help_text="From the day of the award. Empty: it does not lapse.",
    )
    warning_days = _whole("Shows as due, in days before it lapses", 0, MOST_DAYS, initial=90)
    grace_days = _whole("Grace, in days after the last day", 0, MOST_DAYS, initial=0)
    early_renewal_days = _whole(
        "Keeps its anniversary when renewed within so many days before it lapses", 0, MOST_DAYS, initial=0
    )
    absence_stops_clock = forms.BooleanField(label="A recorded absence stops its clock", required=False)
    initial_minutes = Figure(label="Initial training, in hours (empty: not said)")
    refresher_minutes = Figure(label="Refresher, in hours (empty: not said)")
    exception_allowed = forms.BooleanField(label="A risk-assessed exception may be granted", required=False)
    exception_rank = forms.ModelChoiceField(
        Rank.objects.all(), label="By the rank of", required=False, to_field_name="code", empty_label="Any supervisor"
    )
    exception_days = _whole("For how many days at most", 1, MOST_DAYS, initial=90)
    lapse = forms.CharField(label="What follows when it lapses", max_length=200, help_text="Such as: Authority ends.")
    applies_to = forms.CharField(label="Whom it is for, in words", max_length=200, required=False)
    status = forms.ChoiceField(label="How far it rests on a source", choices=STATUSES)
    source = forms.CharField(label="Source", max_length=300, required=False)

    @staticmethod
    def initial_of(rule: QualificationRule) -> dict[str, Any]:
        said = dict(vars(Terms.of(rule)))
        rank: Rank | None = said["exception_rank"]
        lengths = {name: _hours(said[name]) for name in ("initial_minutes", "refresher_minutes")}
        return {**said, **lengths, "exception_rank": rank.code if rank else ""}

    def clean_initial_minutes(self) -> int | None:
        return whole_minutes(self.cleaned_data["initial_minutes"]) or None

    def clean_refresher_minutes(self) -> int | None:
        return whole_minutes(self.cleaned_data["refresher_minutes"]) or None

    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


class FromForm(forms.Form):
    """From when a rule holds, and why it is changed."""

    valid_from = _day("From", help_text="Awards made before that day last as the former rule said.")
    reason = _why()


class SinceForm(forms.Form):
    """From when the first rule of a new qualification holds."""

    valid_from = _day("The rule holds from", help_text="Awards of earlier days count by it too.")


class NamesForm(forms.Form):
    """What a qualification is called."""

    code = forms.CharField(max_length=20, help_text="Such as PPST. It never changes.")
    title = forms.CharField(max_length=120)
    short_title = forms.CharField(max_length=24, help_text="Heads a column of the team board.")


class NeedForm(forms.Form):
    """Another qualification without which this one does not carry."""

    prefix = "need"

    needed = forms.ModelChoiceField(
        Qualification.objects.order_by("order", "code"), label="Needs", to_field_name="code", empty_label="Choose"
    )
    valid_from = _day("From")
    reason = _why(required=False)


class RequirementForm(forms.Form):
    """Of whom it is asked; with no role, rank or unit, of everybody."""

    prefix = "asked"

    role = forms.ModelChoiceField(Role.objects.all(), required=False, to_field_name="code", empty_label="No one role")
    rank = forms.ModelChoiceField(Rank.objects.all(), required=False, to_field_name="code", empty_label="No one rank")
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("code"), required=False, to_field_name="code", empty_label="The whole force"
    )
    valid_from = _day("From")
    valid_until = _day("Last day", required=False, initial=None, help_text="Empty means until ended.")
    stops_duty = forms.BooleanField(label="Without it, what the role allows ends", required=False, initial=True)
    reason = _why(required=False)


class EndForm(forms.Form):
    """The last day of a need or a requirement, and why it ends."""

    prefix = "end"

    last_day = _day("Last day")
    reason = _why(required=False)
