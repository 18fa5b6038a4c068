"""Forms of our own admin screens. They carry what was typed back when it is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateInput

from courses.models import ReleaseDemand


class SubmissionForm(forms.Form):
    """What a trainer says when sending a course to review."""

    note = forms.CharField(
        label="What is new (optional)",
        required=False,
        max_length=4000,
        widget=AdminAutoHeightTextInput,
        help_text="The reviewers read this first.",
    )
    demand = forms.ChoiceField(
        label="What the new release asks of those who are in, or finished, an older one",
        choices=ReleaseDemand.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    demand_reason = forms.CharField(
        label="Why (needed if it asks anything)",
        required=False,
        max_length=500,
        widget=AdminAutoHeightTextInput,
        help_text="Learners read this beside the new release.",
    )

    def __init__(self, *args: Any, first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            # Nobody is in an older release of a course that has none.
            del self.fields["demand"], self.fields["demand_reason"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("demand") and not (said.get("demand_reason") or "").strip():
            self.add_error("demand_reason", "Write why, so that learners know what changed for them.")
        return said


class DecisionForm(forms.Form):
    """What a reviewer or approver writes beside a decision."""

    comment = forms.CharField(
        label="Comment",
        required=False,
        max_length=4000,
        widget=AdminAutoHeightTextInput,
        help_text="Needed when you send the course back. The authors read it.",
    )


class ReviewDateForm(forms.Form):
    """When the force reviewed a release."""

    reviewed_on = forms.DateField(label="Reviewed on", widget=AdminDateInput)
    next_review_on = forms.DateField(label="Next review on (optional)", required=False, widget=AdminDateInput)
    reviewer_title = forms.CharField(
        label="As what you reviewed it (optional)",
        required=False,
        max_length=200,
        help_text="For example Legal reviewer. Shown on the course page before your name.",
    )
    note = forms.CharField(label="Note (optional)", required=False, widget=AdminAutoHeightTextInput)


class WithdrawalForm(forms.Form):
    """Why a course is withdrawn."""

    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=500,
        widget=AdminAutoHeightTextInput,
        help_text="Everybody who looks for the course reads this.",
        error_messages={"required": "Write why the course is withdrawn."},
    )
