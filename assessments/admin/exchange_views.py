"""Screens for files of questions: handing one in, looking at what would come of it, importing it; and writing one for another system."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments import authors
from assessments.admin.exchange_forms import ExportForm, ImportForm
from assessments.bank import BankRefused
from assessments.banks import banks_to_write_in
from assessments.interchange.exporting import ENDINGS, Exported, export_questions, versions_of_topic
from assessments.interchange.formats import LABELS
from assessments.interchange.handing_in import MOST_QUESTIONS, give_up, hand_in_file, import_file, plan_of
from assessments.interchange.importing import Plan
from assessments.interchange.reading import Unreadable
from assessments.interchange.reports import question_as_json, shares_of
from assessments.models import BroughtFile
from assessments.topics import tree_of
from people import clock
from people.admin.screens import AdminScreen, signed_in

PAGE = 20
NOT_FOR_YOU = "Trainers of a family import its questions and write them to files."


class ExchangeScreen(AdminScreen):
    """What importing and exporting have in common: for those who write questions."""

    header_icon = "download"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        families = authors.families_written_by(signed_in(request))
        if families is not None and not families:
            raise PermissionDenied(NOT_FOR_YOU)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:index"), "Questions"), *self.crumbs]
        return super().get_context_data(**kwargs)


class ImportView(ExchangeScreen):
    """Hand in a file."""

    page_title = "Import questions"
    template_name = "assessments/admin/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = signed_in(self.request)
        kwargs.setdefault("form", ImportForm(by=by))
        waiting = BroughtFile.objects.visible_to(by).filter(imported_at__isnull=True, let_go_at__isnull=True)
        return super().get_context_data(waiting=waiting[:PAGE], **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by = signed_in(request)
        form = ImportForm(request.POST, request.FILES, by=by)
        if form.has_error("new_family", "invalid_choice"):
            raise PermissionDenied(NOT_FOR_YOU)
        if form.is_valid():
            given = form.cleaned_data
            try:
                brought = hand_in_file(
                    given["file"].read(),
                    name=given["file"].name,
                    format=given["format"],
                    path=given["topic"],
                    bank=given["bank"],
                    family=given["family"],
                    by=by,
                    at=clock.now(),
                )
            except Unreadable as refusal:
                form.add_error("file", str(refusal))
            except BankRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("assessments_admin:import_look", brought.pk)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class ImportLookView(ExchangeScreen):
    """What would come of a file, question by question; then it is imported or given up."""

    page_title = "Look before importing"
    template_name = "assessments/admin/import_look.html"
    crumbs = []
    brought: BroughtFile

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        mine = BroughtFile.objects.visible_to(signed_in(request))
        self.brought = get_object_or_404(mine, pk=kwargs["brought_id"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.brought.imported_at is not None:
            return redirect(self._list())
        try:
            plan = plan_of(self.brought)
        except (BankRefused, Unreadable) as refusal:
            messages.error(request, str(refusal))
            return redirect("assessments_admin:import")
        return self.render_to_response(self.get_context_data(plan=plan, **kwargs))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:import"), "Import questions")]
        plan: Plan = kwargs["plan"]
        page = Paginator(plan.arrivals, PAGE).get_page(self.request.GET.get("p"))
        rows = [(arrival, question_as_json(arrival), shares_of(arrival)) for arrival in page]
        new = sum(arrival.is_new for arrival in plan.arrivals)
        return super().get_context_data(
            brought=self.brought,
            page=page,
            rows=rows,
            new=new,
            newer=len(plan.arrivals) - new,
            warned=sum(bool(arrival.draft.warnings) for arrival in plan.arrivals),
            label=LABELS[plan.format],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by = signed_in(request)
        try:
            if request.POST.get("do") == "give-up":
                give_up(self.brought, by=by, at=clock.now())
                messages.success(request, f"{self.brought.name} is let go. Nothing of it was imported.")
                return redirect("assessments_admin:import")
            done = import_file(self.brought, by=by, at=clock.now())
        except (BankRefused, Unreadable) as refusal:
            messages.error(request, str(refusal))
            return redirect("assessments_admin:import")
        count = done.imported or 0
        messages.success(request, f"{count} question{'' if count == 1 else 's'} of {done.name} imported as drafts.")
        return redirect(self._list())

    def _list(self) -> str:
        return f"{reverse('assessments_admin:index')}?{urlencode({'bank': self.brought.bank, 'state': 'draft'})}"


class ExportView(ExchangeScreen):
    """Write a topic's questions to a file of another system: what it cannot say first, then the file."""

    page_title = "Export questions"
    template_name = "assessments/admin/export.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        banks = [bank for bank, _family in banks_to_write_in(signed_in(request))]
        asked = request.GET
        bank = asked.get("bank", "")
        form = ExportForm(
            asked if "bank" in asked else None, banks=banks, places=tree_of(bank) if bank in banks else []
        )
        if not form.is_bound or not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        versions = versions_of_topic("/".join(part for part in (bank, given["topic"]) if part))
        count = versions.count()
        if count > MOST_QUESTIONS:
            form.add_error(
                "topic", f"These are {count:,} questions, and a page writes {MOST_QUESTIONS:,}. Choose a topic below."
            )
            return self.render_to_response(self.get_context_data(form=form))
        exported = export_questions(versions, given["format"])
        if "file" in asked and exported.written:
            return _handed_over(exported, f"{bank}.{ENDINGS[given['format']]}")
        query = urlencode({**given, "file": "1"})
        return self.render_to_response(self.get_context_data(form=form, exported=exported, query=query))


def _handed_over(exported: Exported, name: str) -> HttpResponse:
    response = HttpResponse(exported.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
