"""Due for disposal: whose records' time is over, as found last night, with a way to what would go of each."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cpd_records.erasures.due import last_listed
from cpd_records.erasures.reading import due_told
from cpd_records.erasures.refusals import NOT_FOR_YOU
from cpd_records.models import DueForDisposal
from people import access, clock
from people.looks import record_looks
from people.signed_in import SignedInRequest
from training_site.forms_erasures import DueForm

ROWS = 25
LOOKED = {"where": "Due for disposal", "saw": "How many of your records are past their time"}


@require_safe
@never_cache
@login_required
def due(request: SignedInRequest) -> HttpResponse:
    """The list, of one class or all, those with most first."""
    if not access.has_any_role(request.user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    form = DueForm(request.GET)
    of_class = form.cleaned_data["class"] if form.is_valid() else ""
    rows = DueForDisposal.objects.visible_to(request.user).still_due().select_related("officer")
    if of_class:
        rows = rows.filter(counts__has_key=of_class)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    record_looks({row.officer_id for row in page}, by=request.user, at=clock.now(), **LOOKED)
    shown: dict[str, Any] = {"form": form, "page": page, "people": due_told(page), "of_class": of_class}
    shown |= {
        "pages": page.paginator.get_elided_page_range(page.number),
        "count": page.paginator.count,
        "found_at": last_listed(),
    }
    return render(request, "training_site/erasures/due.html", shown)
