"""Importing lists, for training administrators and system administrators: hand in, map, look, check, start, see what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import clock
from people.importing import files, reports, showing
from people.importing.forms import GOOD_LINES, ColumnsForm, StartForm, UploadForm
from people.importing.kinds import ImportKind, checked_options, kinds_for
from people.importing.letting_go import goes_on
from people.models import FileImport, ImportState
from people.signed_in import SignedInRequest
from people.tables.rows import TableRefused
from people.tables.writing import CSV_TYPE, XLSX_TYPE

ROWS = 20
ONLY_ADMINISTRATORS = (
    "Lists are imported by training administrators, and lists of people by system administrators too. Ask one of them."
)


def _kinds(request: SignedInRequest) -> list[ImportKind]:
    kinds = kinds_for(request.user)
    if not kinds:
        raise PermissionDenied(ONLY_ADMINISTRATORS)
    return kinds


def _import(request: SignedInRequest, pk: int) -> FileImport:
    """Return an import of a kind that this person may import; any other does not exist."""
    _kinds(request)
    return get_object_or_404(files.imports_visible_to(request.user), pk=pk)


@require_safe
@login_required
def imports(request: SignedInRequest) -> HttpResponse:
    """Past imports, the latest first, and the kinds that can be begun."""
    kinds = _kinds(request)
    pages = Paginator(files.imports_visible_to(request.user), ROWS)
    page = pages.get_page(request.GET.get("page"))
    numbers = list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    titles = {kind.code: kind.title for kind in kinds}
    rows = [(run, titles[run.kind], showing.outcome_of(run)) for run in page]
    return render(request, "people/imports/list.html", {"kinds": kinds, "rows": rows, "page": page, "pages": numbers})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_in(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a file of one kind."""
    kind = next((kind for kind in _kinds(request) if kind.code == code), None)
    if kind is None:
        raise PermissionDenied(ONLY_ADMINISTRATORS)
    form = UploadForm(request.POST, request.FILES, kind=kind) if request.method == "POST" else UploadForm(kind=kind)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            options = checked_options(kind, form.said)
            run = files.take_file(
                kind, upload, name=upload.name, options=options, by=request.user, at=clock.now(), on=clock.today()
            )
            return redirect("imports:import", run.pk)
        except TableRefused as refusal:
            form.add_error("file", str(refusal))
        except ValueError as problem:
            form.add_error(None, str(problem))
    return render(request, "people/imports/hand_in.html", {"kind": kind, "form": form})


@require_safe
@login_required
def show(request: SignedInRequest, pk: int) -> HttpResponse:
    """One import, as far as it is."""
    return _shown(request, _import(request, pk))


def _shown(request: SignedInRequest, run: FileImport, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "run": run,
        "kind": next(kind for kind in _kinds(request) if kind.code == run.kind),
        "particulars": showing.particulars_of(run),
        "is_own": run.by_id == request.user.pk,
        "goes_on": goes_on(run),
    }
    if run.state == ImportState.UPLOADED:
        preview = showing.preview_of(run)
        context |= {"preview": preview, "columns": ColumnsForm(run=run, first=preview.first)}
    elif run.state != ImportState.DISCARDED:
        context |= {
            "counts": showing.verdict_counts(run),
            "refused": showing.first_answers(run),
            "outcome": showing.outcome_of(run),
            "start": StartForm(),
        }
    return render(request, "people/imports/import.html", {**context, **forms})


@require_POST
@login_required
def map_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what the columns mean, and look again."""
    run = _import(request, pk)
    form = ColumnsForm(request.POST, run=run)
    if not form.is_valid():
        return _shown(request, run, columns=form)
    try:
        files.map_columns(run, form.mapping, by=request.user, at=clock.now())
    except (TableRefused, files.NotNow) as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:import", pk)


@require_POST
@login_required
def check(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have every line checked in the background."""
    run = _import(request, pk)
    try:
        files.begin_check(run, by=request.user)
    except (TableRefused, files.NotNow) as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:import", pk)


@require_POST
@login_required
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Have the lines written in the background: all of them, or the good ones."""
    run = _import(request, pk)
    form = StartForm(request.POST)
    if not form.is_valid():
        return _shown(request, run, start=form)
    good_lines = form.cleaned_data["choice"] == GOOD_LINES
    try:
        files.begin_writing(run, all_or_nothing=not good_lines, by=request.user, at=clock.now())
    except files.NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:import", pk)


@require_POST
@login_required
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let go of a file of which nothing was written."""
    run = _import(request, pk)
    try:
        files.discard(run, at=clock.now())
        messages.success(request, f"{run.name} was discarded. Nothing of it was written.")
    except files.NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:imports")


@require_safe
@login_required
def report_csv(request: SignedInRequest, pk: int) -> HttpResponse:
    """What became of each line, as CSV."""
    run = _import(request, pk)
    return _file(reports.report_as_csv(run), CSV_TYPE, f"import-{run.pk}.csv")


@require_safe
@login_required
def report_xlsx(request: SignedInRequest, pk: int) -> HttpResponse:
    """What became of each line, as XLSX."""
    run = _import(request, pk)
    return _file(reports.report_as_xlsx(run), XLSX_TYPE, f"import-{run.pk}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
