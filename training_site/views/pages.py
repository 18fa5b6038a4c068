"""Pages of the project itself: the front page, help, statements, one's account, and the pages that say what went wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people import sessions
from people.force import force
from training_site import kept_forms, style_page
from training_site.navigation import beyond_navigation
from training_site.words import day_as

# Addresses whose failed token means that the sign-in page itself had stood open too long.
SIGN_IN_ADDRESSES = "/accounts/"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, for strangers; whoever is signed in goes to their learning."""
    if request.user.is_authenticated:
        return redirect("/my/")
    return render(request, "pages/home.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@require_safe
@login_required
def your_account(request: HttpRequest) -> HttpResponse:
    """Who one is here, and how one signs in."""
    return render(request, "pages/your_account.html", {"beyond": beyond_navigation(request)})


@require_POST
@login_required
def stay_signed_in(request: HttpRequest) -> JsonResponse:
    """Begin one's session anew, and tell the page's script its new end: seconds from now, the time of day, and the words for it."""
    end = sessions.renew(request)
    time = day_as(end.at, "H:i")
    return JsonResponse({"seconds": end.seconds, "clock": time, "words": f"You stay signed in until {time}."})


@require_safe
@cache_control(public=True, max_age=31536000)
def theme(request: HttpRequest) -> HttpResponse:
    """The force's colour as a style sheet; its address names the colour, so it may be kept for ever."""
    colour = force().brand_colour
    return HttpResponse(
        f":root{{--brand:{colour};--govuk-brand-colour:{colour};--govuk-link-hover-colour:{colour}}}\n",
        content_type="text/css",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def kept_form(request: HttpRequest, word: str) -> HttpResponse:
    """Show what was typed before the session ended, ready to be sent again; POST throws it away."""
    if request.method == "POST":
        kept_forms.forget(request, word)
        return redirect("/my/")
    kept = kept_forms.find(request, word)
    context = {"kept": kept, "shown": kept_forms.shown(request, kept) if kept else None}
    return render(request, "pages/kept_form.html", context, status=200 if kept else 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: say so, and keep what one of our own pages sent."""
    kept = kept_forms.typed_in(request)
    context = {
        "kept": kept,
        "shown": kept_forms.shown(request, kept) if kept else None,
        "signing_in": request.path.startswith(SIGN_IN_ADDRESSES),
        "no_cookie": reason == REASON_NO_CSRF_COOKIE,
        "address": request.path,
    }
    return render(request, "pages/csrf_failure.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 without asking the database anything: what was sent may be the reason."""
    return render(None, "400.html", status=400)  # type: ignore[arg-type]


def server_error(request: HttpRequest) -> HttpResponse:
    """500, drawn from constants alone, with the time to quote."""
    return render(None, "500.html", {"at": timezone.now()}, status=500)  # type: ignore[arg-type]


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component on one page; exists only while developing and testing."""
    return render(request, "style.html", style_page.examples(request.GET))
