"""The forms of the officer's own page: what they will do differently, evidence, and what is asked at submission."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms

from cpd_records import activity_rules
from cpd_records.activities import ActivityRefused, ChangedMeanwhile, Details, find_verifier
from cpd_records.evidence_files import ACCEPTED, PHOTOS, CheckedFile
from cpd_records.form_fields import (
    CompetenciesField,
    OpenQuestion,
    SavedForm,
    SeveralFilesField,
    SeveralFilesInput,
    moment_text,
)
from cpd_records.forms_cpd import asked, line_field, offered, text_field
from cpd_records.models import Activity, Competency, EthicalPrinciple
from people.models import Role, User, display_name

SOMEBODY_ELSE = "somebody-else"
FIRST = 2


def competencies_field(label: str = "Link it to a competency") -> CompetenciesField:
    """Return the choice of competencies; what is offered is set when the form is made."""
    return CompetenciesField(
        label=label,
        required=False,
        error_messages={"invalid_choice": "Choose competencies from the list."},
        widget=forms.CheckboxSelectMultiple,
    )


class EvidenceForm(SavedForm):
    """Abstract. Competencies, files, and photos taken with a phone's camera."""

    competencies = competencies_field()
    evidence = SeveralFilesField(
        label="Evidence",
        required=False,
        help_text="Photo, PDF or Office file, up to 10 MB. We remove the location from photos.",
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )
    photo = SeveralFilesField(
        label="Take a photo",
        required=False,
        widget=SeveralFilesInput(attrs={"accept": PHOTOS, "capture": "environment"}),
    )

    def __init__(self, *args: Any, kept: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["competencies"]
        field.choices = offered(Competency, kept=kept)

    @property
    def shows_every_competency(self) -> bool:
        """Whether one that is folded away is chosen."""
        field: Any = self.fields["competencies"]
        return bool(set(self["competencies"].value() or ()) - {code for code, _title in field.choices[:FIRST]})

    @property
    def competency_count(self) -> int:
        field: Any = self.fields["competencies"]
        return len(field.choices)

    @property
    def files_chosen(self) -> list[CheckedFile]:
        """The files that were chosen and the photos that were taken."""
        return [*self.cleaned_data["evidence"], *self.cleaned_data["photo"]]


class ReflectionForm(EvidenceForm):
    """The officer's own page. Everything may be left empty."""

    reflection = text_field("What will you do differently?")
    helps = text_field(
        "Who or what does it help?", rows=2, help_text="A colleague, a victim, the public, your own practice."
    )
    field_order = ("reflection", "helps", "competencies", "evidence", "photo")

    def clean_reflection(self) -> str:
        return asked(activity_rules.checked_reflection, self.cleaned_data["reflection"])

    def clean_helps(self) -> str:
        return asked(activity_rules.checked_reflection, self.cleaned_data["helps"])

    @property
    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reflection", "helps", "competencies")}


def reflection_form(activity: Activity) -> ReflectionForm:
    """Return the form filled with what is written."""
    initial = {name: getattr(activity, name) for name in ("reflection", "helps", "competencies")}
    return ReflectionForm(
        initial={**initial, "seen_at": moment_text(activity.reflected_at)}, kept=activity.competencies
    )


class DetailsForm(EvidenceForm):
    """What a scheme may ask for at submission. ``asked`` stands open on the page, the rest is folded away."""

    is_structured = OpenQuestion(
        label="Was it structured?",
        yes="Yes: planned, with stated outcomes and a check",
        no="No: reading, a briefing, on the job",
    )
    is_participatory = OpenQuestion(
        label="Did others take part?", yes="Yes, with at least one other person", no="No, on my own"
    )
    is_core = OpenQuestion(
        label="Core or your own choice?", yes="Core: my role or the force asks for it", no="My own choice"
    )
    on_duty = OpenQuestion(label="On duty or in your own time?", yes="On duty", no="In my own time")
    applied = text_field("How did you apply it, or how will you?", rows=3)
    principles = forms.MultipleChoiceField(
        label="Which ethical principle does it serve?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose ethical principles from the list."},
    )
    pdr_objective = line_field("Which PDR objective does it serve?")
    role = forms.ModelChoiceField(
        label="Which role is it for?",
        queryset=Role.objects.none(),
        required=False,
        empty_label="None in particular",
        error_messages={"invalid_choice": "Choose a role from the list."},
    )
    no_evidence_reason = line_field("If there is no evidence, say why", help_text="Such as: nothing was handed out.")
    all_days = forms.BooleanField(required=False)

    field_order = (
        "is_structured",
        "is_participatory",
        "is_core",
        "on_duty",
        "applied",
        "principles",
        "pdr_objective",
        "role",
        "competencies",
        "evidence",
        "photo",
        "no_evidence_reason",
    )
    # Which fields of the page answer what a scheme asks for, where the names differ.
    TOGETHER = {"no_evidence_reason": ("evidence", "photo", "no_evidence_reason")}

    def __init__(
        self, *args: Any, asked_for: Collection[str] = (), kept: Activity, others: int = 0, **more: Any
    ) -> None:
        super().__init__(*args, kept=kept.competencies, **more)
        if others:
            days = f"{others} other days" if others > 1 else "other day"
            self.fields["all_days"].label = f"Submit the {days} of it too, with the same answers"
        else:
            del self.fields["all_days"]
        self.asked_for = frozenset(asked_for)
        self.conflict: ChangedMeanwhile | None = None
        principles: Any = self.fields["principles"]
        principles.choices = offered(EthicalPrinciple, kept=kept.principles)
        role: Any = self.fields["role"]
        role.queryset = Role.objects.exclude(duty="").order_by("title")
        self.fields["competencies"].label = "Which competency does it serve?"
        self.fields["competencies"].help_text = "Only you see this, unless you share your reflection."

    def clean_applied(self) -> str:
        return asked(
            activity_rules.checked_text, self.cleaned_data["applied"], field="applied", what="Your text", most=4000
        )

    @property
    def details(self) -> Details:
        names = [name for name in self.field_order if name not in ("evidence", "photo")]
        return Details(**{name: self.cleaned_data[name] for name in names})

    @property
    def takes_all_days(self) -> bool:
        """Whether the other days of the series go with it."""
        return bool(self.cleaned_data.get("all_days"))

    @property
    def open_fields(self) -> list[Any]:
        """The fields that the scheme asks for, or with something wrong in them."""
        return [self[name] for name in self.field_order if name in self._open]

    @property
    def folded_fields(self) -> list[Any]:
        return [self[name] for name in self.field_order if name not in self._open]

    @property
    def _open(self) -> set[str]:
        names = {part for name in self.asked_for for part in self.TOGETHER.get(name, (name,))}
        return names | {name for name in self.field_order if name in self.errors}

    @property
    def has_folded_answers(self) -> bool:
        """Whether something folded away is answered already."""
        return any(field.value() not in (None, "", []) for field in self.folded_fields)


def details_form(
    activity: Activity, *, asked_for: Collection[str], others: int = 0, all_days: bool = False
) -> DetailsForm:
    """Return the form filled with what is answered; ``others`` is how many other days of its series may go with it."""
    names = [name for name in DetailsForm.field_order if name not in ("evidence", "photo")]
    initial = {name: getattr(activity, name) for name in names}
    initial |= {"seen_at": moment_text(activity.changed_at), "all_days": all_days}
    return DetailsForm(initial=initial, asked_for=asked_for, kept=activity, others=others)


class VerifierForm(forms.Form):
    """Whom to hand an activity in to: a supervisor of the officer's, or a named other person; cleans to ``chosen``.

    ``first`` is who proposed to reject it, where a second reviewer is sought.
    """

    verifier = forms.ChoiceField(
        label="Your supervisors",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who verifies it.",
            "invalid_choice": "That person does not supervise you now. Choose again.",
        },
    )
    other_verifier = forms.CharField(
        label="E-mail address or service number of somebody else",
        help_text="A sergeant or above, a trainer or an assessor who knows the subject.",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, *args: Any, officer: User, supervisors: list[User], first: User | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.officer = officer
        self.first = first
        self.people = {str(person.public_id): person for person in supervisors if person != first}
        choices = [(key, display_name(person)) for key, person in self.people.items()]
        field: Any = self.fields["verifier"]
        field.choices = [*choices, (SOMEBODY_ELSE, "Somebody else")]
        if first is not None:
            field.label = "Who reads it second?"
            field.error_messages["required"] = "Choose who reads it second."
            field.error_messages["invalid_choice"] = "That person does not supervise the officer now. Choose again."
        elif not choices:
            field.label = "Nobody supervises you today"
        if not choices:
            field.initial = SOMEBODY_ELSE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key = cleaned.get("verifier")
        if key == SOMEBODY_ELSE:
            try:
                self.chosen = find_verifier(cleaned.get("other_verifier") or "", officer=self.officer, first=self.first)
            except ActivityRefused as refusal:
                self.add_error("other_verifier", str(refusal))
        elif key:
            self.chosen = self.people[key]
        return cleaned
