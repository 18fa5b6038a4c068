"""Forms of lawful erasure: about whom, on what ground, which classes and why; and what the second person says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cpd_records.erasures.foreseeing import Foreseen
from cpd_records.erasures.several import NONE_CHOSEN
from cpd_records.models import ErasureGround, ErasureRequest
from cpd_records.models.erasures import REASON_LENGTH
from people.erasure_plans import retention_classes


def _classes(none_of_it: str) -> forms.MultipleChoiceField:
    """Which classes go; ``none_of_it`` is the sentence about one that is not listed. Who makes the form says which there are."""
    return forms.MultipleChoiceField(
        label="Which records?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one class of records.", "invalid_choice": none_of_it},
    )


def _reason(example: str, label: str = "Why?") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=example,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a sentence."},
    )


class WhoForm(forms.Form):
    """Whose records."""

    who = forms.CharField(
        label="Whose records?",
        help_text="E-mail address or service number. Somebody who has left is found too.",
        max_length=254,
        error_messages={"required": "Enter the officer's e-mail address or service number."},
    )


class DueForm(forms.Form):
    """Of which class; empty or unknown is all of them."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        titles = [(code, one.title) for code, one in retention_classes().items()]
        self.fields["class"] = forms.ChoiceField(
            label="Of which class?", required=False, choices=[("", "All classes"), *titles]
        )


class GroundForm(forms.Form):
    """On what ground: it decides whether only what is due goes."""

    ground = forms.ChoiceField(
        label="On what ground?",
        choices=ErasureGround.choices,
        widget=forms.RadioSelect,
        initial=ErasureGround.RETENTION,
    )


class AskForm(forms.Form):
    """Which classes go, of those of which the preview found something, and why; ground and ``seen`` are the preview's."""

    ground = forms.ChoiceField(choices=ErasureGround.choices, widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    classes = _classes("Of that class nothing would go. Choose among those that are listed.")
    reason = _reason("For example: left in 2018, nothing pending. Name nobody. The officer can read it.")

    def __init__(self, *given: Any, foreseen: Foreseen, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["classes"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (one.retention.code, f"{one.retention.title}: {one.count}") for one in foreseen.classes if one.count
        ]


class DisposalForm(forms.Form):
    """Which classes of what is due go, of everybody who was chosen, and why."""

    classes = _classes("Of that class nothing is due. Choose among those that are listed.")
    reason = _reason("For example: the period has ended, nothing pending. Name nobody. Each of them can read it.")

    def __init__(self, *given: Any, totals: Iterable[tuple[str, str, int, int]], **more: Any) -> None:
        """``totals`` are code, title, records and people of each class of which something is due."""
        super().__init__(*given, **more)
        self.fields["classes"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (code, f"{title}: {records:,} of {'one person' if people == 1 else f'{people} people'}")
            for code, title, records, people in totals
        ]


class DecideForm(forms.Form):
    """What the second person says; ``seen`` is the preview they were shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    reason = _reason(
        "For example: checked against the schedule. Name nobody. The officer can read it.", "Why do you decide so?"
    )
    decision = forms.ChoiceField(
        choices=(("approve", "Approve"), ("refuse", "Refuse")),
        error_messages={"required": "Press one of the two buttons: approve or refuse."},
    )


class DecideSeveralForm(forms.Form):
    """Which of the requests on the page are decided, how and why; each carries the preview that was shown with it."""

    # Drawn beside each preview, so an error has no field to lead to.
    chosen = forms.MultipleChoiceField(
        widget=forms.MultipleHiddenInput,
        error_messages={
            "required": NONE_CHOSEN,
            "invalid_choice": "One of those you chose waits no longer. Look at what does, then choose again.",
        },
    )
    reason = DecideForm.base_fields["reason"]
    decision = DecideForm.base_fields["decision"]

    def __init__(self, *given: Any, requests: Iterable[ErasureRequest], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["chosen"].choices = [(str(one.pk), one.officer.name) for one in requests]  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Why a request is taken back, or cancelled."""

    reason = _reason("For example: asked for by mistake. Name nobody. The officer can read it.")
