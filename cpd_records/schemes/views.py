"""An officer's progress with CPD schemes: the picture, what counts, the declaration, the printed statement, and the rules in words."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd_records.activities.totals import year_of
from cpd_records.activity_rules import ActivityRefused
from cpd_records.certificates import CertificateRefused
from cpd_records.models import Declaration, Scheme
from cpd_records.qualifications.forms import KnownForm
from cpd_records.sampling.asking import asked_of
from cpd_records.schemes.declaring import confirm_declaration, declare
from cpd_records.schemes.forms import DeclarationForm, PeriodForm, StatementForm
from cpd_records.schemes.listing import every_scheme, in_force_on
from cpd_records.schemes.overview import Overview, overview_of
from cpd_records.schemes.rules_in_words import rules_in_words
from cpd_records.schemes.statements import issue_statement, statements_of
from people import access, clock
from people.force import force
from people.looks import record_looks
from people.models import display_name
from people.signed_in import SignedInRequest

ROWS = STATEMENTS = 6
SIGHT = {"where": "Declarations to confirm", "saw": "Your declaration"}
NO_SUPERVISOR = (
    "You hold no supervisor's role, so there are no declarations to confirm. Your training administrator can grant one."
)


@require_safe
@login_required
def progress(request: SignedInRequest) -> HttpResponse:
    """My period: where I stand, what counts and why something does not, what is due."""
    return _page(request, PeriodForm(request.GET))


@require_POST
@login_required
def make_declaration(request: SignedInRequest) -> HttpResponse:
    asked = PeriodForm(request.POST)
    asked.is_valid()
    overview = overview_of(request.user, on=asked.day, code=asked.code)
    form = _declaration_form(overview, request.POST)
    if form is None or overview.progress is None:
        messages.error(request, "Nothing is to be declared for this period now.")
        return redirect(address_of(overview))
    form.is_valid()
    try:
        declare(
            request.user,
            overview.progress,
            by=request.user,
            at=clock.now(),
            agreed=bool(form.cleaned_data.get("agreed")),
            note=form.cleaned_data.get("note") or "",
        )
    except ActivityRefused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _page(request, asked, form=form)
    confirms = " A supervisor of yours confirms it." if overview.progress.declaration.rule.confirmed else ""  # type: ignore[union-attr]
    messages.success(request, f"Your declaration is recorded.{confirms}")
    return redirect(address_of(overview))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def statement(request: SignedInRequest) -> HttpResponse:
    """Ask for a signed statement of any period; the page it leads to says when it is ready."""
    form = StatementForm(request.POST if request.method == "POST" else None, initial=_this_year())
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on")}
        try:
            return redirect(issue_statement(request.user, **days, by=request.user, at=clock.now()))
        except CertificateRefused as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "statements": statements_of(request.user)[:STATEMENTS]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "cpd_records/cpd_statement.html", page, status=status)


@require_safe
@login_required
def schemes(request: SignedInRequest) -> HttpResponse:
    """Every scheme there is and for whom it is in force: rules are no secret."""
    today = clock.today()
    page = {"schemes": every_scheme(), "in_force": in_force_on(today), "today": today}
    return render(request, "cpd_records/schemes.html", page)


@require_safe
@login_required
def scheme(request: SignedInRequest, code: str) -> HttpResponse:
    """One scheme's rules of today in words."""
    found = get_object_or_404(Scheme, code=code)
    today = clock.today()
    row = found.rules.in_force(today).first()  # type: ignore[attr-defined]
    page = {
        "scheme": found,
        "words": rules_in_words(row) if row is not None else None,
        "since": row,
        "in_force": found.in_force.in_force(today).select_related("unit", "role", "rank"),  # type: ignore[attr-defined]
    }
    return render(request, "cpd_records/scheme.html", page)


@require_safe
@login_required
def team_declarations(request: SignedInRequest) -> HttpResponse:
    """Declarations of my people that wait for a supervisor's confirmation, longest first."""
    if not access.has_role(request.user, access.SUPERVISOR):
        raise PermissionDenied(NO_SUPERVISOR)
    waiting = Declaration.objects.confirmable_by(request.user).unconfirmed().select_related("officer", "scheme")
    rows = list(waiting.order_by("at", "pk"))
    record_looks([row.officer_id for row in rows], by=request.user, at=clock.now(), **SIGHT)
    return render(request, "cpd_records/team_declarations.html", {"waiting": rows})


@require_POST
@login_required
def confirm(request: SignedInRequest, declaration_id: UUID) -> HttpResponse:
    readable = Declaration.objects.readable_by(request.user)
    found = get_object_or_404(readable.select_related("officer"), pk=declaration_id)
    try:
        confirm_declaration(found, by=request.user, at=clock.now())
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(
            "cpd_records:cpd_progress" if found.officer_id == request.user.pk else "cpd_records:cpd_declarations"
        )
    messages.success(request, f"Confirmed: the declaration of {display_name(found.officer)}.")
    return redirect("cpd_records:cpd_declarations")


def address_of(overview: Overview, **more: str) -> str:
    """Return the address of the period an overview shows, with ``more`` asked in it."""
    asked = {"on": overview.on.isoformat()} if overview.is_over else {}
    if len(overview.schemes) > 1 and overview.scheme is not None:
        asked["scheme"] = overview.scheme.code
    asked |= more
    return reverse("cpd_records:cpd_progress") + (f"?{urlencode(asked)}" if asked else "")


def _page(request: SignedInRequest, asked: PeriodForm, *, form: DeclarationForm | None = None) -> HttpResponse:
    is_a_day = asked.is_valid()
    known_on = asked.recorded_by
    known_at = clock.end_of_day(known_on) if known_on else None
    overview = overview_of(request.user, on=asked.day, code=asked.code, known_at=known_at)
    newest, wants_all = overview.entries[::-1], request.GET.get("all") == "entries"
    page: dict[str, Any] = {
        "it": overview,
        "entries": newest[: None if wants_all else ROWS],
        "is_cut": len(newest) > ROWS and not wants_all,
        "no_such_day": ""
        if is_a_day or "on" not in asked.errors
        else "There is no record of that day, so this is today's period.",
        "form": form or _declaration_form(overview),
        "statements": statements_of(request.user)[:STATEMENTS],
        "sampled": asked_of(request.user),
        "all_entries": f"{address_of(overview, all='entries')}#entries",
        "today": clock.today(),
        "known_on": known_on,
        "known_form": KnownForm({"known_on": request.GET["known_on"]} if request.GET.get("known_on") else None),
    }
    return render(request, "cpd_records/cpd_progress.html", page)


def _this_year() -> dict[str, date]:
    """Return the days a statement is offered for first: the CPD year so far."""
    today = clock.today()
    return {"starts_on": year_of(today, starts_in=force().cpd_year_starts_month)[0], "ends_on": today}


def _declaration_form(overview: Overview, data: Any = None) -> DeclarationForm | None:
    """Return the form where the officer may declare for the period now."""
    if not overview.may_declare or overview.progress is None or overview.progress.declaration is None:
        return None
    return DeclarationForm(
        data,
        words=overview.progress.declaration.rule.words,
        explains_gaps=bool(overview.progress.gaps),
        initial={"on": overview.on.isoformat(), "scheme": overview.progress.code},
    )
