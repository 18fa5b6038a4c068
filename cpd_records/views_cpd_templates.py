"""The force's templates: written by trainers and administrators, offered to everybody who logs CPD."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods

from cpd_records import activities
from cpd_records.activities import ActivityRefused
from cpd_records.activities.templates import NOT_FOR_YOU, may_offer
from cpd_records.forms_cpd_templates import TemplateForm
from cpd_records.models import ActivityTemplate
from people.signed_in import SignedInRequest


def _refuse_others(request: SignedInRequest) -> None:
    if not may_offer(request.user):
        raise PermissionDenied(NOT_FOR_YOU)


@methods(["GET", "HEAD", "POST"])
@login_required
def templates(request: SignedInRequest) -> HttpResponse:
    """The templates of the force, and the form that adds one."""
    _refuse_others(request)
    form = TemplateForm(request.POST) if request.method == "POST" else TemplateForm()
    if form.is_bound and form.is_valid():
        try:
            activities.offer_template(form.answers, by=request.user)
            messages.success(request, "Offered to everybody who logs CPD.")
            return redirect("cpd_records:cpd_templates")
        except ActivityRefused as refusal:
            form.refuse(refusal)
    found = ActivityTemplate.objects.run_by(request.user)
    return render(request, "cpd_records/cpd_templates.html", {"form": form, "templates": found})


@methods(["GET", "HEAD", "POST"])
@login_required
def template(request: SignedInRequest, template_id: int) -> HttpResponse:
    """Change one template of the force, or take it back."""
    _refuse_others(request)
    found = get_object_or_404(ActivityTemplate.objects.run_by(request.user), pk=template_id)
    form = TemplateForm(request.POST if request.method == "POST" else None, kept=found)
    if form.is_bound and form.is_valid():
        try:
            activities.change_template(found, form.answers, by=request.user)
            messages.success(request, "Changed. What was logged from it stays as it is.")
            return redirect("cpd_records:cpd_templates")
        except ActivityRefused as refusal:
            form.refuse(refusal)
    return render(request, "cpd_records/cpd_template.html", {"form": form, "template": found})
