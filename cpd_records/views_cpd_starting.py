"""Where logging may begin: a template, an earlier activity, a finished course, something half written."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cpd_records import activities
from cpd_records.activities import ActivityRefused
from cpd_records.activities.templates import may_offer
from cpd_records.models import Activity, ActivityTemplate, PlanItem, PlanState, UnfinishedForm
from cpd_records.views_cpd import own_activity, refuse_auditors
from people import clock
from people.signed_in import SignedInRequest

MOST = 12


@require_safe
@login_required
def starting_points(request: SignedInRequest) -> HttpResponse:
    """Everything an activity may be begun from; a dozen of each."""
    refuse_auditors(request)
    templates = list(ActivityTemplate.objects.visible_to(request.user))
    page = {
        "force_templates": [template for template in templates if template.owner_id is None],
        "own_templates": [template for template in templates if template.owner_id is not None],
        "plan": PlanItem.objects.of(request.user).filter(state=PlanState.OPEN).order_by("due_on", "created_at")[:MOST],
        "earlier": Activity.objects.of(request.user).newest_first()[:MOST],
        "courses": activities.finished_courses(request.user, most=MOST),
        "offers_templates": may_offer(request.user),
    }
    return render(request, "cpd_records/cpd_start.html", page)


@require_POST
@login_required
def keep_template(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = own_activity(request, activity_id)
    try:
        activities.keep_as_template(activity, by=request.user)
        messages.success(request, "Kept as a template. It fills in the form whenever you want it.")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("cpd_records:cpd_activity", activity.pk)
    return redirect("cpd_records:cpd_start")


@require_POST
@login_required
def drop_template(request: SignedInRequest, template_id: int) -> HttpResponse:
    template = get_object_or_404(ActivityTemplate.objects.of(request.user), pk=template_id)
    activities.delete_template(template, by=request.user)
    messages.success(request, "The template is deleted. What you logged from it stays.")
    return redirect("cpd_records:cpd_start")


@require_POST
@login_required
def drop_unfinished(request: SignedInRequest, token: UUID) -> HttpResponse:
    """Throw away what was half written."""
    form = get_object_or_404(UnfinishedForm.objects.of(request.user), token=token)
    activities.throw_away(form, by=request.user, at=clock.now())
    messages.success(request, "What was half written is deleted.")
    return redirect("cpd_records:cpd")
