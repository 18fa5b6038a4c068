"""My team: whom one can post on a day, what falls next, and how units compare; all of it to print or to take away as a file.

Every look at somebody's record is recorded. A page that only counts looks at nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from cpd_records.currency.groups import Group
from cpd_records.readiness import Line, NotYourUnit, Question, board_of, lines_of, units_of
from cpd_records.readiness.board import ON_A_PAGE
from cpd_records.readiness.comparing import FEWEST_FOR_A_SHARE, FEWEST_PEOPLE, compare_units
from cpd_records.readiness.forecast import WINDOWS, forecast_of
from cpd_records.readiness.summaries import FALLS_DAYS, SOON_DAYS, most_held
from people import access, clock
from people.looks import record_looks
from people.signed_in import SignedInRequest
from people.tables.writing import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx
from training_site.forms_team import TYPED_DAYS, BoardForm, requirement_choices
from training_site.team_person import ways_for

Found = TypeVar("Found")
BOARD = {"where": "Team board", "saw": "Verdicts and dates"}
FORECAST = {"where": "Team forecast", "saw": "What ends next"}
FILE = {"where": "Team board as a file", "saw": "Verdicts and dates"}


class SupervisorRequest(SignedInRequest):
    """A request of somebody who supervises a unit today."""


def for_supervisors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let through who supervises a unit today, in their own right or for somebody on leave."""

    @wraps(view)
    @login_required
    def guarded(request: SupervisorRequest, *args: Any, **more: Any) -> HttpResponse:
        if not access.has_role(request.user, access.SUPERVISOR):
            raise PermissionDenied("You supervise no unit today, so there is no team to show.")
        return view(request, *args, **more)

    return guarded


@require_safe
@for_supervisors
def board(request: SupervisorRequest) -> HttpResponse:
    """Whom can I post? Three numbers, then people in three groups, the worst first."""
    form, question = _asked(request)
    context: dict[str, Any] = {"form": form, "question": question, "soon": SOON_DAYS, "today": clock.today()}
    if question is not None:
        found = _or_404(lambda: board_of(request.user, question))
        record_looks([line.officer for line in found.lines], by=request.user, at=clock.now(), **BOARD)
        pages = Paginator(range(found.pages), 1)
        page = pages.get_page(question.page)
        context |= {
            "board": found,
            "groups": [(GROUPS[group], found.counts.get(group, 0), lines) for group, lines in found.groups],
            "authority": most_held(found.totals),
            "falls_by": clock.today().fromordinal(question.on.toordinal() + FALLS_DAYS),
            "soon_by": clock.today().fromordinal(question.on.toordinal() + SOON_DAYS),
            "page": page,
            "pages": list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
            "printed_at": clock.now(),
            "on_a_page": ON_A_PAGE,
            "signs": SIGNS,
            "is_today": question.is_today,
            "people_at": _address_of_people(),
            "on_that_day": _on_that_day(question),
        }
    return render(request, "team/board.html", context, status=200 if question else 400)


@require_safe
@for_supervisors
def board_file(request: SupervisorRequest, kind: str) -> HttpResponse:
    """The whole board of the question in the address, as CSV or XLSX."""
    _form, question = _asked(request)
    if question is None:
        raise Http404("That question cannot be answered. Go back to the team board and check the day.")
    columns, lines = _or_404(lambda: lines_of(request.user, question))
    record_looks([line.officer for line in lines], by=request.user, at=clock.now(), **FILE)
    titles = ["Person", "Rank and number", "Means", *(title for _code, title, _short in columns)]
    rows = (_row(line) for line in lines)
    name = f"team-{question.on.isoformat()}.{kind}"
    content, content_type = (
        (as_csv(titles, rows), CSV_TYPE) if kind == "csv" else (as_xlsx(titles, rows, sheet="Team"), XLSX_TYPE)
    )
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@for_supervisors
def forecast(request: SupervisorRequest) -> HttpResponse:
    """Who lapses in the 30, 60 or 90 days after today or another day."""
    form, question = _asked(request)
    asked = request.GET.get("days", "")
    window = int(asked) if asked in {str(days) for days in WINDOWS} else WINDOWS[0]
    context: dict[str, Any] = {"form": form, "question": question, "windows": WINDOWS, "window": window}
    if question is not None:
        found = _or_404(lambda: forecast_of(request.user, question, window=window))
        page = Paginator(found.falling, ON_A_PAGE).get_page(question.page)
        record_looks([one.officer for one in page], by=request.user, at=clock.now(), **FORECAST)
        numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
        # Somebody is nominated and reminded by what stands today.
        rows = ways_for([(one.officer, one.code) for one in page]) if question.is_today else [() for _one in page]
        context |= {
            "forecast": found,
            "page": page,
            "pages": numbers,
            "rows": zip(page, rows, strict=True),
            "is_today": question.is_today,
            "on_that_day": _on_that_day(question),
        }
    return render(request, "team/forecast.html", context, status=200 if question else 400)


@require_safe
@for_supervisors
def compare(request: SupervisorRequest) -> HttpResponse:
    """Units beside each other with how they moved. Nobody is named, so nobody is looked at."""
    form, question = _asked(request)
    context: dict[str, Any] = {
        "form": form,
        "question": question,
        "fewest": FEWEST_PEOPLE,
        "fewest_for_a_share": FEWEST_FOR_A_SHARE,
    }
    if question is not None:
        context["comparison"] = _or_404(lambda: compare_units(request.user, question))
        context["is_today"] = question.is_today
    return render(request, "team/compare.html", context, status=200 if question else 400)


# What the signs in the cells mean, on the screen below the board and on paper on every page.
SIGNS = (
    ("octagon", "Expired"),
    ("hourglass", "In grace"),
    ("clock", "Due"),
    ("diamond", "Excepted"),
    ("square", "Restricted"),
    ("dashed-ring", "Never held"),
    ("bar", "Exempt"),
    ("tick-bare", "In date"),
)
GROUPS = {Group.CANNOT: "cannot", Group.DUE: "due", Group.IN_DATE: "in-date"}


def _asked(request: SupervisorRequest) -> tuple[BoardForm, Question | None]:
    """Return the form as the address fills it, and the question; None where something typed is no day or no unit of theirs."""
    typed = request.GET.copy()
    if not typed.get("on"):
        typed["on"] = clock.today().strftime("%d/%m/%Y")
    day = _typed_day(str(typed["on"])) or clock.today()
    form = BoardForm(typed, units=units_of(request.user, on=day), requirements=requirement_choices())
    if not form.is_valid():
        return form, None
    asked = form.cleaned_data
    page = request.GET.get("page", "")
    return form, Question(
        on=asked["on"],
        unit=asked["unit"],
        code=asked["requirement"],
        order=asked["show"] or "worst",
        page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        every_column=request.GET.get("columns") == "all",
        known_at=clock.end_of_day(asked["on"]) if asked["as_known"] and asked["on"] <= clock.today() else None,
    )


def _typed_day(text: str) -> date | None:
    for pattern in TYPED_DAYS:
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    return None


def _or_404(find: Callable[[], Found]) -> Found:
    try:
        return find()
    except NotYourUnit as refused:
        raise Http404(str(refused)) from refused


def _on_that_day(question: Question) -> str:
    """Return what asks a person's page the same question: nothing for today."""
    if question.is_today:
        return ""
    return f"?on={question.on:%d/%m/%Y}{'&as_known=then' if question.known_at else ''}"


def _address_of_people() -> str:
    """Return what stands before the public id in the address of a person's page, asked once for the fifty of a board."""
    nobody = UUID(int=0)
    return reverse("team-person", args=[nobody]).removesuffix(f"{nobody}/")


def _row(line: Line) -> list[str]:
    return [line.name, line.badge, line.meaning, *(f"{cell.words}" for cell in line.cells)]


def back_to_team(request: HttpRequest, officer: UUID) -> HttpResponse:
    """Return to the page of the team that an act was posted from, else to the person's."""
    asked = request.POST.get("back", "")
    if asked.startswith("/team/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return redirect(asked)
    return redirect("team-person", officer=officer)
