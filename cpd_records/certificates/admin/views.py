"""Screens about templates of certificates: the list, one with its versions and specimens, a new one, a change, and retiring."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from cpd_records.certificates.admin.forms import NameForm, ReasonForm, WordingForm
from cpd_records.certificates.templates import (
    KEEPERS,
    READERS,
    TemplateRefused,
    Wording,
    change_template,
    every_template,
    make_template,
    newest_version,
    retire_template,
    template_called,
    version_numbered,
    versions_of,
)
from cpd_records.models import CertificateTemplate, Sort
from people import access, clock
from people.admin.screens import AdminScreen, signed_in

NOT_READ = "Templates of certificates are for trainers, reviewers, approvers and system administrators."
NOT_KEPT = "Only an approver or a system administrator changes templates. You can look at them and at their specimens."


class TemplateScreen(AdminScreen):
    """Abstract. A screen for ``allowed`` roles."""

    header_icon = "doc-full"
    allowed: tuple[str, ...] = READERS
    not_for_you = NOT_READ

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.has_any_role(signed_in(request), *self.allowed):
            raise PermissionDenied(self.not_for_you)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_change=access.has_any_role(signed_in(self.request), *KEEPERS), **kwargs)

    def again(self, **context: Any) -> HttpResponse:
        """Show the screen once more, with what was typed and why it was refused."""
        return self.render_to_response(self.get_context_data(**context), status=422)


class TemplatesView(TemplateScreen):
    """Every template, those offered first."""

    template_name = "cpd_records/admin/certificate_templates.html"
    page_title = "Certificate templates"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=every_template(), own_forms=_specimens().OWN_FORMS, **kwargs)


class OneTemplate(TemplateScreen):
    """Abstract. A screen about one template."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = template_called(kwargs["code"])
        if found is None:
            raise Http404("There is no template of this code.")
        self.template: CertificateTemplate = found
        self.crumbs = [(reverse("certificate_templates_admin:index"), "Certificate templates")]

    def get_page_title(self) -> str:
        return self.template.name

    def back(self) -> HttpResponse:
        return redirect("certificate_templates_admin:template", self.template.code)


class TemplateView(OneTemplate):
    """One template: what it says now, specimens to look at, and how it changed."""

    template_name = "cpd_records/admin/certificate_template.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = versions_of(self.template)
        return super().get_context_data(
            template=self.template,
            now=versions[0],
            versions=versions,
            specimens=_specimens().specimens_of(self.template.sort),
            is_for_qualifications=self.template.sort == Sort.QUALIFICATION,
            **kwargs,
        )


class EditScreen(TemplateScreen):
    """Abstract. A form with the wording of a version."""

    template_name = "cpd_records/admin/certificate_template_edit.html"
    allowed = KEEPERS
    not_for_you = NOT_KEPT


class NewTemplateView(EditScreen):
    """A template with its first version: for courses, or with ``?for=qualification`` for qualifications."""

    def get_page_title(self) -> str:
        return f"New certificate template for {self.sort.label.lower()}"

    @property
    def sort(self) -> Sort:
        asked = self.request.GET.get("for", "")
        return Sort.QUALIFICATION if asked == Sort.QUALIFICATION else Sort.COURSE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        leave = reverse("certificate_templates_admin:index")
        self.crumbs = [(leave, "Certificate templates")]
        kwargs.setdefault("beside", NameForm())
        kwargs.setdefault("form", WordingForm(initial=vars(Wording.first_for(self.sort)), sort=self.sort))
        return super().get_context_data(leave=leave, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name, form = NameForm(request.POST), WordingForm(request.POST, sort=self.sort)
        if name.is_valid() & form.is_valid():
            try:
                made = make_template(
                    name.cleaned_data["name"], form.wording(), by=signed_in(request), at=clock.now(), sort=self.sort
                )
            except TemplateRefused as refused:
                refuse(refused, form, name)
            else:
                messages.success(request, f"{made.name} is there. Look at its specimens before it is used.")
                return redirect("certificate_templates_admin:template", made.code)
        return self.again(beside=name, form=form)


class ChangeView(EditScreen, OneTemplate):
    """The next version of a template; certificates awarded earlier stay as they are."""

    def get_page_title(self) -> str:
        return f"Change {self.template.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        leave = reverse("certificate_templates_admin:template", args=[self.template.code])
        self.crumbs = [*self.crumbs[:1], (leave, self.template.name)]
        latest = newest_version(self.template)
        kwargs.setdefault("beside", ReasonForm())
        initial = vars(Wording.of(latest)) if latest else None
        kwargs.setdefault("form", WordingForm(initial=initial, sort=self.template.sort))
        return super().get_context_data(template=self.template, leave=leave, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        why, form = ReasonForm(request.POST), WordingForm(request.POST, sort=self.template.sort)
        if why.is_valid() & form.is_valid():
            try:
                version = change_template(
                    self.template,
                    form.wording(),
                    reason=why.cleaned_data["reason"],
                    by=signed_in(request),
                    at=clock.now(),
                )
            except TemplateRefused as refused:
                refuse(refused, form, why)
            else:
                messages.success(request, f"Certificates awarded from now on are made with version {version.number}.")
                return self.back()
        return self.again(beside=why, form=form)


class RetireView(OneTemplate):
    """Offer a template to courses no more."""

    allowed = KEEPERS
    not_for_you = NOT_KEPT

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        retire_template(self.template, by=signed_in(request), at=clock.now())
        messages.success(request, f"{self.template.name} is retired. What was made with it stays as it is.")
        return self.back()


class SpecimenView(OneTemplate):
    """A page of PDF that shows what somebody would be handed, marked as a specimen. Nothing is awarded, recorded or kept."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = version_numbered(self.template, kwargs["number"])
        specimens = _specimens()
        specimen = specimens.specimen_called(kwargs["specimen"], self.template.sort)
        if version is None or specimen is None:
            raise Http404("There is no such specimen.")
        pdf = specimens.draw_specimen(specimen, Wording.of(version).form(str(version)), at=clock.now())
        headers = {"Content-Disposition": f'inline; filename="specimen-{self.template.code}-{version.number}.pdf"'}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


class OwnFormView(TemplateScreen):
    """A specimen of a document in the product's own form, as it is made without a template."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        specimens = _specimens()
        own = specimens.own_form_called(kwargs["key"])
        if own is None:
            raise Http404("There is no such document.")
        headers = {"Content-Disposition": f'inline; filename="specimen-{own.key}.pdf"'}
        pdf = specimens.draw_own_form(own, at=clock.now())
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def refuse(refused: TemplateRefused, *shown: forms.Form) -> None:
    """Put a refusal beside the field it is about, or above the first form."""
    about = next((form for form in shown if refused.field in form.fields), None)
    (about or shown[0]).add_error(refused.field if about else None, str(refused))


def _specimens() -> Any:
    """Drawing brings WeasyPrint's libraries along; a web process loads them when the first specimen is looked at."""
    return import_module("cpd_records.certificates.specimens")
