"""My learning, the home page after sign-in, and my record: pages that combine courses, attempts, certificates and the ledger."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import TypeVar
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.practice.rounds import due_questions
from assessments.rooms.listing import rooms_to_run
from courses import decisions
from courses import my_learning as sections
from courses import my_record as record
from courses.certificates_held import certificates_of
from courses.do_next import do_next
from courses.nominations import open_nominations, ways_to_qualifications
from courses.programmes.due import due_in_phase
from courses.programmes.recruits import Path, own_path
from courses.requirements_due import ask_about, courses_answering, in_order, requirements_due
from courses.tutoring.notes import last_note
from courses.tutoring.pairing import tutored_by
from cpd_records.activities import totals_of_year
from cpd_records.activities.planning import next_on_plan
from cpd_records.currency import CurrencyAnswer
from cpd_records.ledger.proofs import NothingToOpen, NotSealed, opening_of, proof_of
from cpd_records.ledger.refusals import standing_refusal
from cpd_records.ledger.tiles import TilesBroken
from cpd_records.qualifications.forms import BothTimesForm
from people import access, clock
from people.models import User
from people.postings import posting_of, unit_name
from people.signed_in import SignedInRequest
from people.tables.writing import CSV_TYPE
from training_site import my_currency, whole_record
from training_site.words import day_as, ledger_number

logger = logging.getLogger(__name__)
Content = TypeVar("Content")
SHOWN = 6
PLANNED = 3
NO_PROOF = (
    "The ledger cannot make this proof at the moment: the hashes it is made of are not whole here. Your entry is not lost. "
    "Those who run the service are told; try again later."
)
# Entries of a year before 'Show all': the page stays small on a bad network.
ON_A_PAGE = 20


@require_safe
@login_required
def my_learning(request: SignedInRequest) -> HttpResponse:
    """What to do now, what is due, what is open, what is finished. A section that fails says so; the others stand."""
    officer, today, now = request.user, clock.today(), clock.now()
    sittings = _section(lambda: sections.open_sittings(officer))
    courses = _section(lambda: sections.open_courses(officer, at=now))
    answer = _section(lambda: my_currency.answer_for(officer, on=today))
    path = _section(lambda: own_path(officer, on=today))
    due = None if answer is None else _section(lambda: _due(officer, answer, courses or [], path, on=today))
    following = _section(lambda: do_next(sittings or [], courses or [], due or [], on=today))
    listed = following.course if following else ""
    totals = _section(lambda: totals_of_year(officer, on=today))
    to_decide = _section(lambda: decisions.decisions_waiting(officer))
    returned = _section(lambda: sections.returned_activities(officer))
    rooms = _section(lambda: rooms_to_run(officer))
    show = request.GET.get("show", "")
    listed_due = _without(due, listed, lambda item: item.course)
    context = {
        "path": path,
        "shift_note": _section(lambda: last_note(path.recruit)) if path else None,
        "tutored": _section(lambda: tutored_by(officer, on=today)),
        "in_date": my_currency.in_date_of(answer) if answer else None,
        "do_next": following,
        "do_next_is_due": bool(following and any(item.course == listed for item in due or [])),
        "due": listed_due,
        "ask_about": ask_about((listed_due or [])[: None if show == "due" else SHOWN], others=bool(returned)),
        "courses": _without(courses, listed, lambda item: item.reader.code),
        "has_courses": bool(courses),
        "finished": _section(lambda: sections.finished(officer)),
        "decisions": to_decide,
        "returned": returned,
        "rooms": rooms,
        "to_practise": _section(lambda: len(due_questions(officer, on=today))),
        # Said only where every list was read and none holds anything.
        "nothing_waits": courses is not None and due == [] and to_decide == [] and returned == [] and rooms == [],
        "totals": totals,
        "logs_cpd": access.logs_cpd(officer),
        "longest_bar": max((minutes for _label, minutes in totals.rows), default=0) if totals else 0,
        "now": now,
        "show": show,
        "limit": SHOWN,
    }
    return render(request, "training_site/my_learning.html", context)


@require_safe
@login_required
def my_record(request: SignedInRequest) -> HttpResponse:
    """What the service has on record, a year at a time, with certificates and downloads."""
    officer, today = request.user, clock.today()
    asked, show = request.GET.get("year", ""), request.GET.get("show", "")
    year = int(asked) if asked.isdecimal() and 1900 <= int(asked) <= today.year + 1 else None
    everything = show == "everything"
    most = None if show in ("timeline", "everything") else ON_A_PAGE
    form = BothTimesForm(request.GET if request.GET.get("known_on") or request.GET.get("on") else None)
    asked_on, known_on = None, None
    if form.is_bound and form.is_valid():
        asked_on = form.cleaned_data["on"] if request.GET.get("on") else None
        known_on = form.cleaned_data["known_on"]
    known_at = clock.end_of_day(known_on) if known_on else None
    stood_on = asked_on or known_on or today
    answer = _section(lambda: my_currency.answer_for(officer, on=today))
    is_now = stood_on == today and known_at is None
    then = answer if is_now else _section(lambda: my_currency.answer_for(officer, on=stood_on, known_at=known_at))
    last_days = my_currency.last_days_by_entry(then) if then else {}
    logs_cpd = access.logs_cpd(officer)
    held = _section(lambda: certificates_of(officer, on=stood_on, known_at=known_at, replaced=show == "replaced"))
    context = {
        "who": _section(lambda: _who(officer)),
        "record": _section(
            lambda: record.record_of(
                officer,
                year=year,
                on=stood_on,
                last_days=last_days,
                most=most,
                everything=everything,
                known_at=known_at,
                up_to=asked_on,
            )
        ),
        "certificates": held,
        "certificates_replace": any(one.replaces for one in held or ()),
        "currency": my_currency.at_a_glance(answer) if answer else None,
        "looks": _section(lambda: my_currency.looks_at(officer, at=clock.now())),
        "logs_cpd": logs_cpd,
        "totals": _section(lambda: totals_of_year(officer, on=today)) if logs_cpd else None,
        "plan": _section(lambda: next_on_plan(officer, most=PLANNED)) if logs_cpd else None,
        "today": today,
        "show": show,
        "form": form,
        "asked_on": asked_on,
        "known_on": known_on,
        "limit": SHOWN,
    }
    return render(request, "training_site/my_record.html", context)


@require_safe
@login_required
@never_cache
def training_record(request: SignedInRequest) -> HttpResponse:
    """Everything on my record as a table for a spreadsheet."""
    found = whole_record.whole_record_of(request.user, at=clock.now())
    return _download(whole_record.as_table(found), CSV_TYPE, "training-record.csv")


@require_safe
@login_required
@never_cache
def training_record_pdf(request: SignedInRequest) -> HttpResponse:
    """Everything on my record as a document to hand on."""
    found = whole_record.whole_record_of(request.user, at=clock.now())
    return _download(whole_record.as_pdf(found), "application/pdf", "training-record.pdf")


@require_safe
@login_required
def entry_proof(request: SignedInRequest, entry: UUID) -> HttpResponse:
    """Where an entry stands in the ledger, and the two files that prove it to somebody outside."""
    part = record.own_entry(request.user, entry)
    if part is None:
        return _erased_entry(request, entry)
    shown = record.entry_in_words(request.user, part)
    particulars = [
        ("What", shown.title, shown.detail),
        ("Day", day_as(part.day, "j F Y")),
        ("Recorded", day_as(part.recorded_at, "j F Y, H:i:s")),
        ("Entry", str(part.entry_id)),
        ("Place in the ledger", ledger_number(shown.index) if shown.index is not None else "Not sealed yet"),
    ]
    context = {"entry": shown, "particulars": particulars, "ledger_refuses": standing_refusal() is not None}
    return render(request, "training_site/entry_proof.html", context)


@require_safe
@login_required
def proof_file(request: SignedInRequest, entry: UUID) -> HttpResponse:
    """The inclusion proof: that the entry stands in the signed tree. It says nothing of what the entry says."""
    part = record.own_entry(request.user, entry)
    erased = record.own_erasure(request.user, entry) if part is None else None
    if part is None and erased is None:
        raise Http404
    try:
        proof = proof_of(part.entry if part is not None else erased.entry)  # type: ignore[union-attr]  # one of them is there
    except NotSealed as not_yet:
        return _no_proof(str(not_yet), again_in=5)
    except TilesBroken:
        logger.exception("The proof of an entry could not be made: the tree's hashes are not whole")
        return _no_proof(NO_PROOF, again_in=600)
    return _download(proof, "text/plain; charset=utf-8", f"{entry}.tlog-proof")


@require_safe
@login_required
def opening_file(request: SignedInRequest, entry: UUID) -> HttpResponse:
    """What the entry says, with the salt that ties it to the tree. Whoever has this file can read the entry."""
    part = record.own_entry(request.user, entry)
    try:
        opening = opening_of(part.entry) if part is not None else None
    except NothingToOpen:  # erased since it was read
        opening = None
    if opening is None:
        return _erased_entry(request, entry, status=HTTPStatus.GONE)
    return _download(json.dumps(opening, indent=2), "application/json", f"{entry}.opening.json")


def _due(
    officer: User, answer: CurrencyAnswer, courses: list[sections.OpenCourse], path: Path | None, *, on: date
) -> list[sections.Due]:
    """Return what requirements, nominations, certificates, newer releases and a phase of training ask, the most pressing first."""
    ways = ways_to_qualifications()
    nominations = open_nominations([officer.pk]).values()
    asked = requirements_due(answer, ways, nominations, courses, on=on)
    others = sections.due_soon(officer, on=on)
    if path is not None:
        others += due_in_phase(path, on=on, told={item.course for item in (*asked, *others)})
    return in_order(asked, others, courses_answering(answer, ways))


def _section(read: Callable[[], Content]) -> Content | None:
    """Return what a section shows, or None where it could not be read: the rest of the page stands."""
    try:
        return read()
    except Exception:
        logger.exception("A section of a page could not be read")
        return None


def _without(items: list[Content] | None, listed: str, code_of: Callable[[Content], str]) -> list[Content] | None:
    """Leave out what 'do next' says already."""
    return None if items is None else [item for item in items if not listed or code_of(item) != listed]


def _erased_entry(request: SignedInRequest, entry: UUID, *, status: int = HTTPStatus.OK) -> HttpResponse:
    """Say of an entry of the reader's own that it was erased; its place in the tree is proved as ever. Of anybody else's say nothing."""
    erasure = record.own_erasure(request.user, entry)
    if erasure is None:
        raise Http404
    particulars = [
        ("Erased", day_as(erasure.at, "j F Y, H:i")),
        ("Under", erasure.authority),
        ("Entry", str(entry)),
        (
            "Place in the ledger",
            "Not sealed yet" if (place := getattr(erasure, "index", None)) is None else ledger_number(place),
        ),
    ]
    page = {"entry": entry, "particulars": particulars}
    return render(request, "training_site/entry_erased.html", page, status=status)


def _no_proof(why: str, *, again_in: int) -> HttpResponse:
    return HttpResponse(
        f"{why}\n",
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(again_in)},
    )


def _download(text: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _who(officer: User) -> dict[str, str]:
    """Say who this is: the name, which may run from right to left; rank and number; the unit."""
    ranks = officer.ranks.in_force(clock.today()).select_related("rank").order_by("is_acting")
    rank = ", ".join(f"acting {row.rank.title.lower()}" if row.is_acting else row.rank.title.lower() for row in ranks)
    posting = posting_of(officer)
    number = f"service number {officer.service_number}"
    return {
        "name": officer.name,
        "rank": f"{rank}, {number}" if rank else number,
        "unit": unit_name(posting.unit) if posting else "",
    }
