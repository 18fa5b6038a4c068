"""The catalogue and its families: public to read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.catalogue import ON_A_PAGE, families, listing, query_from
from courses.views.course import course_page
from people import clock


@require_safe
def catalogue(request: HttpRequest, family: str = "") -> HttpResponse:
    """List current releases, narrowed down by what stands in the address."""
    query = query_from(request.GET, family=family, audiences=request.GET.getlist("for"))
    found = listing(query, request.user, on=clock.today())
    page = Paginator(found.entries, ON_A_PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number)
    return render(request, "courses/catalogue.html", {"listing": found, "query": query, "page": page, "pages": pages})


def family_or_course(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer /catalogue/<slug>/, which is a family or a course."""
    family = next((family for family in families() if family.slug == slug), None)
    return catalogue(request, family.code) if family else course_page(request, slug)
