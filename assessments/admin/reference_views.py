"""Screens of the references that a bank's questions cite: the list, and writing one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from assessments import authors
from assessments.admin.fields import WordsField
from assessments.models import LegalReference, Topic
from assessments.references import BadReference, ReferenceWords, save_reference
from people import clock
from people.admin.screens import AdminScreen, signed_in

NOT_YOURS = "Trainers of a family write the references of its banks."
BAD_DAY = "Write a day such as 2027-02-28."


class ReferenceForm(forms.Form):
    """A reference to law or guidance."""

    code = WordsField(label="Id", max_length=80, help_text="Such as pace-s1. Questions cite it by this; it stays.")
    act = WordsField(label="Act or guidance, with its year", max_length=255)
    provision = WordsField(label="Provision (optional)", max_length=255, help_text="Such as section 136(1A).")
    url = WordsField(label="Link to the text (optional)", max_length=500)
    checked_on = forms.DateField(
        label="Checked on (empty: not checked)",
        required=False,
        widget=AdminDateInput,
        error_messages={"invalid": BAD_DAY},
    )
    checked_by = WordsField(label="Checked by (optional)", max_length=200)
    review_by = forms.DateField(
        label="To be checked again by (optional)",
        required=False,
        widget=AdminDateInput,
        error_messages={"invalid": BAD_DAY},
    )


class ReferenceIndex(AdminScreen):
    """The references of a bank, those to be checked first in front."""

    template_name = "assessments/admin/references.html"
    header_icon = "doc-full"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        tops = Topic.objects.visible_to(request.user).filter(parent__isnull=True)
        self.top = get_object_or_404(tops, bank=kwargs["bank"])
        self.crumbs = [(reverse("assessments_admin:banks"), "Banks, topics and references")]

    def get_page_title(self) -> str:
        return f"References of {self.top.bank}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = LegalReference.objects.visible_to(self.request.user).filter(bank=self.top.bank)
        may_write = authors.may_write(self.request.user, self.top.family)
        return super().get_context_data(top=self.top, rows=rows, today=clock.today(), may_write=may_write, **kwargs)


class ReferenceWriting(AdminScreen, ABC):
    """What writing a new reference and changing one have in common."""

    template_name = "assessments/admin/reference_edit.html"
    header_icon = "edit"
    is_new = True

    @abstractmethod
    def place(self) -> tuple[str, str]:
        """Return the bank and its family."""

    def _set_crumbs(self) -> None:
        bank = self.place()[0]
        self.crumbs = [
            (reverse("assessments_admin:banks"), "Banks, topics and references"),
            (reverse("assessments_admin:references", args=[bank]), f"References of {bank}"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self._set_crumbs()
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**{**kwargs, "bank": self.place()[0]})

    def form(self, data: Any = None) -> ReferenceForm:
        return ReferenceForm(data)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bank, family = self.place()
        form = self.form(request.POST)
        if form.is_valid():
            words = ReferenceWords(**form.cleaned_data)
            try:
                saved = save_reference(
                    bank, words, family=family, by=signed_in(request), at=clock.now(), seen=not self.is_new
                )
            except BadReference as refused:
                for problem in refused.problems:
                    form.add_error(problem.path if problem.path in form.fields else None, problem.message)
            else:
                messages.success(request, f"{saved} is saved as {saved.code}.")
                return redirect("assessments_admin:references", bank)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class NewReference(ReferenceWriting):
    """A new reference of a bank."""

    page_title = "New reference"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        tops = Topic.objects.visible_to(request.user).filter(parent__isnull=True)
        self.top = get_object_or_404(tops, bank=kwargs["bank"])
        if not authors.may_write(request.user, self.top.family):
            raise PermissionDenied(NOT_YOURS)

    def place(self) -> tuple[str, str]:
        return self.top.bank, self.top.family


class EditReference(ReferenceWriting):
    """A reference written anew; its id stays."""

    is_new = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        seen = LegalReference.objects.visible_to(request.user)
        self.reference = get_object_or_404(seen, pk=kwargs["reference_id"])
        if not authors.may_write(request.user, self.reference.family):
            raise PermissionDenied(NOT_YOURS)

    def get_page_title(self) -> str:
        return f"Reference {self.reference.code}"

    def place(self) -> tuple[str, str]:
        return self.reference.bank, self.reference.family

    def form(self, data: Any = None) -> ReferenceForm:
        kept = {name: getattr(self.reference, name) for name in ReferenceForm.base_fields}
        form = ReferenceForm(data, initial=kept)
        form.fields["code"].disabled = True
        return form
