"""What was somebody trained to do on a day, and what did we know? Asked by auditors and disclosure officers."""

from __future__ import annotations

from datetime import date, time

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.evidence.forms import PackForm
from people import access, clock
from people.models import User
from people.signed_in import SignedInRequest
from training_site.as_known import ASKERS, answer_page, find_officer
from training_site.forms_team import KNOWN_ON, KNOWN_THEN, EvidenceForm


@require_safe
@login_required
def evidence(request: SignedInRequest) -> HttpResponse:
    """Ask about a person and a day, as recorded by a time; the question stays in the address."""
    if not access.has_any_role(request.user, *ASKERS):
        raise PermissionDenied(
            "Auditors and disclosure officers ask here. A supervisor asks on the person's page in the team."
        )
    form = EvidenceForm(request.GET if "who" in request.GET else None)
    context: dict[str, object] = {"form": form, "today": clock.today()}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        officer = find_officer(request.user, asked["who"])
        if officer is None:
            form.add_error("who", "Nobody is known by that. Check the e-mail address or service number.")
        else:
            on, known_on = asked["on"], {KNOWN_THEN: asked["on"], KNOWN_ON: asked["known_on"]}.get(asked["as_known"])
            known_on = known_on if known_on and known_on <= clock.today() else None
            known_time = asked["known_time"] if asked["as_known"] == KNOWN_ON else None
            known_at = clock.by_the_time(known_on, known_time) if known_on else None
            context |= answer_page(officer, by=request.user, on=on, known_at=known_at)
            pack_form = _pack_form(request, officer, on, known_on, known_time)
            context |= {"on": on, "known_at": known_at, "pack_form": pack_form}
            context["is_leaver"] = not officer.is_active and not access.is_own(request.user, officer)
    return render(request, "training_site/evidence.html", context, status=400 if form.errors else 200)


def _pack_form(
    request: SignedInRequest, officer: User, on: date, known_on: date | None, known_time: time | None
) -> PackForm | None:
    """Return the form that asks for a pack of the same answer: about a day that has begun, and never about oneself."""
    if access.is_own(request.user, officer) or on > clock.today():
        return None
    asked = {
        "who": officer.service_number,
        "on": on.isoformat(),
        "known_on": known_on.isoformat() if known_on else "",
        "known_time": known_time.isoformat() if known_on and known_time else "",
    }
    return PackForm(initial=asked)
