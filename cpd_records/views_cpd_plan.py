"""An officer's plan: what they mean to learn, and what became of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST

from cpd_records import activities
from cpd_records.activities import ActivityRefused, ChangedMeanwhile
from cpd_records.activities.planning import requirement_titles
from cpd_records.form_fields import moment_text
from cpd_records.forms_cpd_plan import PlanForm, plan_change_form, plan_form
from cpd_records.models import Competency, PlanItem, PlanState
from cpd_records.views_cpd import refuse_auditors
from people import clock
from people.signed_in import SignedInRequest

ROWS = 6


@methods(["GET", "HEAD", "POST"])
@login_required
def plan(request: SignedInRequest) -> HttpResponse:
    """What I plan, the soonest first, and the form that adds to it."""
    refuse_auditors(request)
    form = PlanForm(request.POST) if request.method == "POST" else plan_form()
    if form.is_bound and form.is_valid():
        try:
            token = form.cleaned_data["client_token"]
            activities.plan_learning(request.user, **form.answers, client_token=token, at=clock.now())
            messages.success(request, "On your plan.")
            return redirect("cpd_records:cpd_plan")
        except ActivityRefused as refusal:
            form.refuse(refusal)
    own = PlanItem.objects.of(request.user).prefetch_related("activities")
    wanted = request.GET.get("all")
    ended = list(
        own.exclude(state=PlanState.OPEN).order_by("-changed_at", "pk")[: 400 if wanted == "ended" else ROWS + 1]
    )
    is_cut = wanted != "ended" and len(ended) > ROWS
    page = {
        "form": form,
        "open": _in_words(list(own.filter(state=PlanState.OPEN).order_by("due_on", "created_at"))),
        "ended": _in_words(ended[:ROWS] if is_cut else ended),
        "is_cut": is_cut,
        "today": clock.today(),
    }
    return render(request, "cpd_records/cpd_plan.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def plan_item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Change one thing I plan."""
    item = get_object_or_404(PlanItem.objects.of(request.user), pk=item_id)
    if request.method != "POST":
        return render(request, "cpd_records/cpd_plan_item.html", {"item": item, "form": plan_change_form(item)})
    form = PlanForm(request.POST, kept=item.competency)
    page = {"item": item, "form": form}
    if form.is_valid():
        seen = form.cleaned_data["seen_at"] or item.created_at
        try:
            activities.change_plan(item, by=request.user, at=clock.now(), seen_changed_at=seen, **form.answers)
            return redirect("cpd_records:cpd_plan")
        except ChangedMeanwhile as refusal:
            data = form.data.copy()  # type: ignore[attr-defined]
            data["seen_at"] = moment_text(refusal.activity.changed_at)
            form.data = data
            page |= {"conflict": refusal, "kept": refusal.activity}
            return render(request, "cpd_records/cpd_plan_item.html", page, status=409)
        except ActivityRefused as refusal:
            form.refuse(refusal)
    return render(request, "cpd_records/cpd_plan_item.html", page)


@require_POST
@login_required
def plan_state(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Mark one thing I plan as done, left out, or to do again."""
    item = get_object_or_404(PlanItem.objects.of(request.user), pk=item_id)
    try:
        activities.set_plan_state(item, by=request.user, state=request.POST.get("state", ""), at=clock.now())
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_plan")


def _in_words(items: list[PlanItem]) -> list[tuple[PlanItem, str]]:
    """Return each item with the title of what it is for; at most two queries for all of them."""
    requirements = requirement_titles(item.qualification for item in items if item.qualification)
    competencies = Competency.titles_by_code(item.competency for item in items if item.competency)
    return [(item, requirements.get(item.qualification) or competencies.get(item.competency, "")) for item in items]
