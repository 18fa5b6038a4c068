"""My record as others see it: the very same parts that their pages show, so that nobody has to take our word for it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cpd_records.models import Activity, Certificate
from cpd_records.models.activities import HANDED_IN
from people import access, clock
from people.models import User
from people.signed_in import SignedInRequest
from training_site.team_person import person_page

SUPERVISOR, VERIFIER, AUDITOR, ANYBODY = "supervisor", "verifier", "auditor", "anybody"
VIEWERS = {
    SUPERVISOR: "A supervisor",
    VERIFIER: "Who verifies my CPD",
    AUDITOR: "An auditor or disclosure officer",
    ANYBODY: "Somebody with a certificate",
}


@require_safe
@login_required
def seen(request: SignedInRequest) -> HttpResponse:
    """What one of those who may look at my record sees of it. Looking at it as they do is no look."""
    officer, today = request.user, clock.today()
    asked = request.GET.get("by", "")
    viewer = asked if asked in VIEWERS else SUPERVISOR
    context = {"viewers": VIEWERS, "viewer": viewer, "on": today, "today": today}
    if viewer == SUPERVISOR:
        page = person_page(officer, on=today, known_at=None, today=today)
        supervisors = list(access.supervisors_of(officer))
        context |= page | {"supervisors": supervisors}
        if supervisors:
            context["activities"] = _handed_in(officer, to=supervisors[0])
    elif viewer == VERIFIER:
        handed_in = Activity.objects.of(officer).filter(state__in=HANDED_IN, verifier__isnull=False)
        context["activities"] = list(handed_in.select_related("verifier").newest_first())
    else:
        own = Certificate.objects.visible_to(officer).filter(officer=officer).exclude(title="").issued()
        context["certificates"] = list(own.order_by("-awarded_on", "-created_at"))
    return render(request, "training_site/my_record_seen.html", context)


def _handed_in(officer: User, *, to: User) -> list[Activity]:
    """Return the officer's activities that this supervisor may read, the newest first."""
    return list(Activity.objects.readable_by_supervisor(to).filter(officer=officer).newest_first())
