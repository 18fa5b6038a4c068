"""An officer's own currency, who looked at their record, and how they wish to be reminded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.reminders.wishes import set_wish, wish_of
from people import clock
from people.force import force
from people.signed_in import SignedInRequest
from training_site import my_currency
from training_site.forms_team import DayForm
from training_site.forms_wishes import WishForm

ON_A_PAGE = 50


@require_safe
@login_required
def requirements(request: SignedInRequest) -> HttpResponse:
    """All that is required of me, today or on a day I ask about, as known today or by the end of that day."""
    today = clock.today()
    form = DayForm(request.GET if request.GET.get("on") or request.GET.get("as_known") else None)
    on, known_at = today, None
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"] or today
        known_at = clock.end_of_day(on) if form.cleaned_data["as_known"] and on <= today else None
    answer = my_currency.answer_for(request.user, on=on, known_at=known_at)
    context = {
        "form": form,
        "on": on,
        "today": today,
        "known_at": known_at,
        "answer": answer,
        "may_i": my_currency.may_i(answer),
        "required": my_currency.required_of(answer),
        "needed": my_currency.needed_of(answer),
        "held": my_currency.held_of(answer),
    }
    return render(request, "training_site/my_requirements.html", context)


@require_safe
@login_required
def looks(request: SignedInRequest) -> HttpResponse:
    """Everybody who looked at my record: name, when, from where, what they saw."""
    page = Paginator(my_currency.all_looks(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    pages = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return render(request, "training_site/my_looks.html", {"page": page, "pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reminders(request: SignedInRequest) -> HttpResponse:
    """How I wish to be reminded of what ends."""
    wish = wish_of(request.user)
    days = force().reminder_days
    form = WishForm(request.POST or None, initial=wish, days=days)
    if request.method == "POST" and form.is_valid():
        set_wish(request.user, **form.cleaned_data)
        messages.success(request, "Saved. It holds from the next reminder on.")
        return redirect("my-reminders")
    return render(request, "training_site/my_reminders.html", {"form": form})
