"""A person's roles, rank and posting: seen, granted and ended by a system administrator, never for themselves."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from people import access, clock
from people.admin.forms import (
    GrantRoleForm,
    PostForm,
    RankForm,
    postings_with_history,
    ranks_with_history,
    roles_with_history,
)
from people.models import User
from people.postings import post_officer
from people.roles import RoleNeedsScope, end_role, give_rank, grant_role
from people.stamps import NotRecorded

FORMS = {"role": GrantRoleForm, "posting": PostForm, "rank": RankForm}


def _person_for(request: HttpRequest, pk: int) -> tuple[User, User]:
    """Return the administrator and the person; refuse everybody else, and refuse one's own page for changes."""
    actor = request.user
    if not (access.is_person(actor) and access.has_role(actor, access.SYSTEM_ADMIN)):
        raise PermissionDenied("Only a system administrator may see and change roles.")
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST" and access.is_own(actor, person):
        raise PermissionDenied("Nobody grants or ends their own roles. Ask another system administrator.")
    return actor, person


def _record(form_name: str, data: dict[str, object], person: User, actor: User) -> str:
    if form_name == "role":
        role = data.pop("role")
        grant_role(person, role.code, by=actor, **data)  # type: ignore[attr-defined, arg-type]
        return f"{role} granted."
    if form_name == "posting":
        post_officer(person, data.pop("unit"), by=actor, **data)  # type: ignore[arg-type]
        return "Posting recorded."
    rank = data.pop("rank")
    give_rank(person, rank.code, by=actor, **data)  # type: ignore[attr-defined, arg-type]
    return f"{rank} recorded."


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a person holds and held; record a role, a posting or a rank."""
    actor, person = _person_for(request, pk)
    name = request.POST.get("form", "")
    bound = {key: form(request.POST if key == name else None, prefix=key) for key, form in FORMS.items()}
    if request.method == "POST" and name in bound and bound[name].is_valid():
        try:
            messages.success(request, _record(name, dict(bound[name].cleaned_data), person, actor))
            return redirect("people_admin:roles", pk=pk)
        except (NotRecorded, RoleNeedsScope) as refusal:
            bound[name].add_error(None, str(refusal))
    context = {
        "person": person,
        "forms": bound,
        "roles": roles_with_history(person),
        "postings": postings_with_history(person),
        "ranks": ranks_with_history(person),
        "today": clock.today(),
        "is_own": access.is_own(actor, person),
        "breadcrumbs_items": [
            {"url": reverse("wagtailusers_users:index"), "label": "People"},
            {"url": "", "label": person.name},
        ],
    }
    return TemplateResponse(request, "people/admin/roles.html", context, status=422 if bound.get(name) else 200)


@require_POST
def end(request: HttpRequest, pk: int, held: int) -> HttpResponse:
    """Record that a role ended yesterday, so that it does not count today."""
    actor, person = _person_for(request, pk)
    row = get_object_or_404(roles_with_history(person), pk=held)
    try:
        end_role(row, by=actor, last_day=clock.today() - timedelta(days=1), reason="Ended by a system administrator")
        messages.success(request, f"{row.role} ended.")
    except NotRecorded as refusal:
        messages.error(request, str(refusal))
    return redirect("people_admin:roles", pk=pk)
