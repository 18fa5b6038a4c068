"""Forms of the screens about templates of certificates."""

from __future__ import annotations

from typing import Any

from django import forms

from cpd_records.certificates.templates import REASON_LENGTH, Wording, longest
from cpd_records.models import Design, Sort


def _line(name: str, label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest(name), **more)


class WordingForm(forms.Form):
    """What a version says; see ``Wording``. One for qualifications has one sentence below the name, not two."""

    design = forms.ChoiceField(label="Design", choices=Design.choices, widget=forms.RadioSelect)
    opening = _line("opening", "Above the name")
    completed = _line("completed", "Below the name, when a course was completed")
    passed = _line("passed", "Below the name, when an assessment was passed")
    closing = _line(
        "closing", "A sentence under the course", required=False, help_text="Such as: Skills are assessed in practice."
    )
    signatory = _line(
        "signatory",
        "Who signs",
        required=False,
        help_text="Empty: the force's signatory of the day, from the settings.",
    )
    signatory_title = _line("signatory_title", "Their title", required=False)
    second_signatory = _line("second_signatory", "Who signs beside them", required=False)
    second_title = _line("second_title", "Title of the second", required=False)

    def __init__(self, *args: Any, sort: str = Sort.COURSE, **more: Any) -> None:
        super().__init__(*args, **more)
        if sort == Sort.QUALIFICATION:
            del self.fields["passed"]
            self.fields["completed"].label = "Below the name"
            self.fields["closing"].label = "A sentence under the qualification"

    def wording(self) -> Wording:
        said = {"passed": self.cleaned_data.get("completed"), **self.cleaned_data}
        return Wording(**{name: said[name] for name in Wording.__dataclass_fields__})


class NameForm(forms.Form):
    """What a new template is called."""

    name = forms.CharField(
        label="Name of the template",
        max_length=80,
        help_text="It is chosen and printed by this name, which never changes.",
    )


class ReasonForm(forms.Form):
    """Why a version is written."""

    reason = forms.CharField(label="Why it is changed", max_length=REASON_LENGTH)
