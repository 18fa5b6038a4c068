"""Forms of decisions on questions: the proposal, and what is done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.widgets import AdminDateInput

from assessments.admin.fields import WordsField
from assessments.decisions.reading import VersionLine
from assessments.models import AssessmentVersion, DecisionKind
from assessments.models.decisions import REASON_LENGTH, REFERENCE_LENGTH

CHOOSE = {"required": "Choose what to do with the question.", "invalid_choice": "Choose from the list."}


class ProposalForm(forms.Form):
    """What to do with which versions, and why. Cleans versions to rows."""

    kind = forms.ChoiceField(
        label="What to do", choices=DecisionKind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    versions = forms.MultipleChoiceField(
        label="Versions it is about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="No other version is touched, newer or older.",
    )
    keys = forms.MultipleChoiceField(
        label="Versions whose key is right",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For another key or several keys only. Save the right key as a new version of the question first.",
    )
    assessments = forms.MultipleChoiceField(
        label="Only for attempts at (none: all)", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = WordsField(
        label="What is wrong with the question",
        long=True,
        max_length=REASON_LENGTH,
        help_text="Candidates whose mark changes read it.",
    )

    def __init__(self, *args: Any, lines: list[VersionLine], drawn_by: list[AssessmentVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {str(line.version.number): line.version for line in lines}
        self._assessments = {str(one.pk): one for one in drawn_by}
        choices = [(str(line.version.number), line.words) for line in lines]
        for name in ("versions", "keys"):
            self._choice(name).choices = choices
        self._choice("assessments").choices = [
            (key, f"{one.assessment.code}, version {one.number}") for key, one in self._assessments.items()
        ]
        if not drawn_by:
            del self.fields["assessments"]

    @property
    def proposal(self) -> dict[str, Any]:
        """What ``propose_decision`` takes."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["kind"],
            "reason": cleaned["reason"],
            "versions": [self._versions[number] for number in cleaned["versions"]],
            "keys": [self._versions[number] for number in cleaned["keys"]],
            "assessments": [self._assessments[key] for key in cleaned.get("assessments", [])],
        }

    def _choice(self, name: str) -> forms.MultipleChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.MultipleChoiceField):
            raise TypeError(name)
        return field


class StepForm(forms.Form):
    """What is done with a proposal; which fields count depends on the button."""

    reference = WordsField(
        label="What you looked at", max_length=REFERENCE_LENGTH, help_text="Act and section, or guidance and its date."
    )
    looked_on = forms.DateField(
        label="When you looked",
        required=False,
        widget=AdminDateInput,
        error_messages={"invalid": "Enter a day, for example 2026-11-30."},
    )
    words = WordsField(
        label="Words",
        long=True,
        max_length=REASON_LENGTH,
        help_text="Needed to object and to withdraw. Everybody who works on the question reads them.",
    )
