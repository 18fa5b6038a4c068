"""Forms of the people pages in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from people import access, clock
from people.models import Posting, Rank, RankHeld, Role, RoleHeld, Unit, User


class PersonForm(forms.ModelForm):
    """Who somebody is. No password: they set their own by the link on the sign-in page. Roles are granted on a page of their own."""

    class Meta:
        model = User
        fields = ["service_number", "email", "name", "short_name", "is_active"]

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Evidence and other forces know the person by it.
            self.fields["service_number"].disabled = True
        if editing_self:
            self.fields["is_active"].disabled = True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email__iexact=email).exists():
            raise forms.ValidationError("Somebody else signs in with this address. Enter another, or open their page.")
        return email

    def clean_service_number(self) -> str:
        number: str = self.cleaned_data["service_number"].strip()
        if User.objects.exclude(pk=self.instance.pk).filter(service_number__iexact=number).exists():
            raise forms.ValidationError("This service number is somebody else's. Service numbers are never used twice.")
        return number

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit=False)
        if person.pk is None:
            person.set_unusable_password()
        if commit:
            person.save()
        return person


class GrantRoleForm(forms.Form):
    """A role to grant: which, for which family or unit, from when, why."""

    role = forms.ModelChoiceField(Role.objects.all(), to_field_name="code")
    family = forms.SlugField(
        required=False,
        max_length=60,
        help_text="Code of one course family, for example ethics. Empty means every family.",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.order_by("code"),
        required=False,
        help_text="A supervisor's unit: the role covers the units below it.",
    )
    valid_from = forms.DateField(
        label="From", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    valid_until = forms.DateField(
        label="Last day",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Empty means until ended.",
    )
    reason = forms.CharField(max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role is not None and role.code == access.SUPERVISOR and unit is None:
            self.add_error("unit", "A supervisor supervises a unit. Choose the unit.")
        start, end = cleaned.get("valid_from"), cleaned.get("valid_until")
        if start and end and end < start:
            self.add_error("valid_until", "The last day is before the first. Check both dates.")
        return cleaned


class PostForm(forms.Form):
    """A posting: unit, shoulder number, from when."""

    unit = forms.ModelChoiceField(Unit.objects.order_by("code"))
    shoulder_number = forms.CharField(max_length=20, required=False)
    valid_from = forms.DateField(
        label="From", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(max_length=300, required=False)


class RankForm(forms.Form):
    """A rank: which, acting or not, from when."""

    rank = forms.ModelChoiceField(Rank.objects.all(), to_field_name="code")
    acting = forms.BooleanField(required=False)
    valid_from = forms.DateField(
        label="From", initial=clock.today, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(max_length=300, required=False)


def roles_with_history(person: User) -> QuerySet[RoleHeld]:
    """Return the standing rows of a person's roles, newest first."""
    return _standing(RoleHeld, person).select_related("role", "unit")


def postings_with_history(person: User) -> QuerySet[Posting]:
    """Return the standing rows of a person's postings, newest first."""
    return _standing(Posting, person).select_related("unit")


def ranks_with_history(person: User) -> QuerySet[RankHeld]:
    """Return the standing rows of a person's ranks, newest first."""
    return _standing(RankHeld, person).select_related("rank")


def _standing(model: Any, person: User) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.known().filter(officer=person, is_void=False)
    return rows.order_by("-valid_from")
