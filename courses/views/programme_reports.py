"""Reports on initial training: how it went for an intake and for all of them, counts for the public, each also as CSV and XLSX."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.models import Intake
from courses.programme_reports import files
from courses.programme_reports.cohorts import Cohort, cohort_of, cohorts
from courses.programme_reports.public_counts import public_counts
from courses.programme_reports.suppression import THRESHOLD
from courses.programmes.boards import board_of
from people import access, clock
from people.looks import record_looks
from people.signed_in import SignedInRequest

NOT_FOR_YOU = (
    "Training administrators and auditors read what is counted about intakes, trainers what is of their own. "
    "You hold none of these roles."
)
COUNTS_NOT_FOR_YOU = "Training administrators and auditors read the counts for the public. You hold neither role."
SAW_BOARD, SAW_WAYS = "Phase, week, and how training goes", "Days of each phase, weeks lost and causes"


@require_safe
@login_required
def board_file(request: SignedInRequest, intake_id: int, kind: str) -> HttpResponse:
    """An intake at a glance as a file."""
    found = _intake(request, intake_id)
    board = board_of(found, clock.today())
    looked_at = [member.recruit.officer_id for _heading, members in board.groups for member in members]
    record_looks(looked_at, by=request.user, at=clock.now(), where=f"Intake {found.name} as a file", saw=SAW_BOARD)
    name = f"intake-{found.pk}-{board.on.isoformat()}"
    return files.file_of(kind, name, files.BOARD_TITLES, files.board_rows(board), sheet=found.name)


@require_safe
@login_required
def report(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """How it went for those who began with an intake: weeks lost and causes, the way from the start to patrol. Nobody is named."""
    found = _intake(request, intake_id)
    page = {"intake": found, "cohort": cohort_of(found, clock.today()), "today": clock.today()}
    return render(request, "courses/reports/intake.html", page)


@require_safe
@login_required
def report_file(request: SignedInRequest, intake_id: int, kind: str) -> HttpResponse:
    """The same by recruit, as a file."""
    found = _intake(request, intake_id)
    cohort = cohort_of(found, clock.today())
    looked_at = [way.recruit.officer_id for way in cohort.ways]
    record_looks(looked_at, by=request.user, at=clock.now(), where=f"Intake {found.name} as a file", saw=SAW_WAYS)
    name = f"intake-{found.pk}-report-{cohort.on.isoformat()}"
    return files.file_of(kind, name, files.cohort_titles(cohort), files.cohort_rows(cohort), sheet=found.name)


@require_safe
@login_required
def overview(request: SignedInRequest) -> HttpResponse:
    """All intakes one may see, by the day they began. Nobody is named."""
    return render(request, "courses/reports/overview.html", {"cohorts": _cohorts(request), "today": clock.today()})


@require_safe
@login_required
def overview_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    rows = files.overview_rows(_cohorts(request))
    name = f"intakes-{clock.today().isoformat()}"
    return files.file_of(kind, name, files.OVERVIEW_TITLES, rows, sheet="Intakes")


@require_safe
@login_required
def counts(request: SignedInRequest) -> HttpResponse:
    """The counts the public asks for, as they may be handed out."""
    _refuse_counts(request)
    page = {"counts": public_counts(clock.today()), "threshold": THRESHOLD}
    return render(request, "courses/reports/counts.html", page)


@require_safe
@login_required
def counts_file(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    _refuse_counts(request)
    found = public_counts(clock.today())
    titles = files.counts_titles(found)
    return files.file_of(kind, f"recruits-{found.as_at.year}", titles, files.counts_rows(found), sheet="Counts")


def _cohorts(request: SignedInRequest) -> list[Cohort]:
    found = list(Intake.objects.visible_to(request.user).select_related("release__programme"))
    if not found and not access.has_any_role(request.user, access.TRAINING_ADMIN, access.AUDITOR, access.SYSTEM_ADMIN):
        raise PermissionDenied(NOT_FOR_YOU)
    return cohorts(found, clock.today())


def _refuse_counts(request: SignedInRequest) -> None:
    if not access.has_any_role(request.user, access.TRAINING_ADMIN, access.AUDITOR, access.SYSTEM_ADMIN):
        raise PermissionDenied(COUNTS_NOT_FOR_YOU)


def _intake(request: SignedInRequest, intake_id: int) -> Intake:
    readable = Intake.objects.visible_to(request.user).select_related("release__programme")
    return get_object_or_404(readable, pk=intake_id)
