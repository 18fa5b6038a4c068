"""Screens of assessments: the list, writing the rules with a look at what the bank can give, and their history."""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments import assessment_rules, authors, bank
from assessments.admin.assessment_forms import MOST_ROWS, ROWS, NewAssessmentForm, RulesEditor, rules_editor
from assessments.admin.question_views import PAGE, posted_number
from assessments.admin.type_forms import with_one_row_more
from assessments.banks import contents_of
from assessments.models import Assessment, AssessmentVersion
from assessments.standard_setting.reading import exercise_behind
from assessments.topics import tree_of
from people import clock
from people.admin.screens import AdminScreen, signed_in

NOT_A_WRITER = "Trainers of a family write its assessments."


class AssessmentIndex(AdminScreen):
    """Assessments of one's families, and whether their banks can meet them."""

    page_title = "Assessments"
    template_name = "assessments/admin/assessments.html"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Assessment.objects.visible_to(self.request.user).with_versions()
        page = Paginator(seen.order_by("code"), PAGE).get_page(self.request.GET.get("p"))
        families = authors.families_written_by(self.request.user)
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]
        return super().get_context_data(page=page, may_write=families is None or bool(families), **kwargs)


class AssessmentView(AdminScreen):
    """An assessment: its rules, what the bank gives today, its versions."""

    template_name = "assessments/admin/assessment.html"
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Assessment.objects.visible_to(request.user)
        self.assessment = get_object_or_404(visible, pk=kwargs["assessment_id"])
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments")]

    def get_page_title(self) -> str:
        return self.assessment.code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions = list(self.assessment.versions.select_related("assessment", "created_by").order_by("-number"))
        asked = self.request.GET.get("version")
        chosen = [row for row in versions if str(row.number) == asked] if asked else versions[:1]
        if not chosen:
            raise Http404
        return super().get_context_data(
            assessment=self.assessment,
            version=chosen[0],
            versions=versions,
            may_write=authors.may_write(self.request.user, self.assessment.family),
            shortfalls=assessment_rules.shortfalls(chosen[0]),
            standard=exercise_behind(chosen[0]),
            **kwargs,
        )


class AssessmentWriting(AdminScreen, ABC):
    """What writing a new assessment and editing one have in common."""

    template_name = "assessments/admin/assessment_edit.html"
    header_icon = "edit"
    seen = 0
    version: AssessmentVersion | None = None

    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """Return code, bank and family."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("editor", rules_editor(version=self.version))
        kwargs.setdefault("seen", self.seen)
        identity = self.identity()
        return super().get_context_data(
            identity=identity,
            version=self.version,
            contents=contents_of(identity["bank"]),
            topics=[place for place in tree_of(identity["bank"]) if place.depth],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        data, what = request.POST, request.POST.get("do")
        seen = posted_number(data.get("seen"))
        if what == "add":
            editor = rules_editor(data=with_one_row_more(data, ROWS, most=MOST_ROWS), version=self.version)
            return self.render_to_response(self.get_context_data(editor=editor, seen=seen))
        editor = rules_editor(data=data, version=self.version)
        rules = editor.check()
        shown: dict[str, Any] = {"editor": editor, "seen": seen}
        if rules is not None:
            trial = assessment_rules.trial(self.identity()["bank"], **rules)
            short = assessment_rules.shortfalls(trial)
            if what == "check" or (short and what != "save-anyway"):
                shown |= {"shortfalls": short, "is_checked": True}
                shown["drawn"] = [] if short else assessment_rules.draw(trial, seed=secrets.token_hex(16))
            else:
                saved, shown["seen"] = self._save(editor, rules, seen)
                if saved is not None:
                    messages.success(request, f"Version {saved.number} of {saved.assessment.code} is saved.")
                    return redirect("assessments_admin:assessment", saved.assessment_id)
        return self.render_to_response(self.get_context_data(**shown))

    def _save(self, editor: RulesEditor, rules: dict[str, Any], seen: int) -> tuple[AssessmentVersion | None, int]:
        """Save, or show why not; and say which version the author has seen by then."""
        try:
            by = signed_in(self.request)
            return assessment_rules.save_assessment_version(
                **self.identity(), **rules, by=by, at=clock.now(), seen=seen
            ), seen
        except bank.ChangedMeanwhile as refused:
            editor.words.add_error(None, f"{refused} Compare, then save again to put yours on top.")
            return None, refused.last
        except assessment_rules.BadAssessment as refused:
            editor.show(refused.problems)
        except bank.BankRefused as refused:
            editor.words.add_error(None, str(refused))
        return None, seen


class NewAssessmentView(AdminScreen):
    """Where a new assessment belongs."""

    page_title = "New assessment"
    template_name = "assessments/admin/assessment_new.html"
    header_icon = "plus"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments")]
        user = signed_in(self.request)
        families = authors.families_written_by(user)
        if families is not None and not families:
            raise PermissionDenied(NOT_A_WRITER)
        asked = self.request.GET
        return super().get_context_data(form=NewAssessmentForm(asked if "code" in asked else None, by=user), **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        form = context["form"]
        if form.is_bound and form.is_valid():
            asked = urlencode({name: request.GET.get(name, "") for name in form.fields})
            return redirect(f"{reverse('assessments_admin:assessment_write')}?{asked}")
        return self.render_to_response(context)


class WriteAssessmentView(AssessmentWriting):
    """The second screen of a new assessment: its rules."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        place = NewAssessmentForm(request.GET, by=signed_in(request))
        if not (place.is_place() if request.method == "POST" else place.is_valid()):
            return redirect(f"{reverse('assessments_admin:assessment_new')}?{request.GET.urlencode()}")
        self.place = {**place.cleaned_data, "code": place.cleaned_data.get("code") or request.GET.get("code", "")}
        self.crumbs = [
            (reverse("assessments_admin:assessments"), "Assessments"),
            (reverse("assessments_admin:assessment_new"), "New assessment"),
        ]
        return super().dispatch(request, *args, **kwargs)

    def identity(self) -> dict[str, Any]:
        return {name: self.place[name] for name in ("code", "bank", "family")}

    def get_page_title(self) -> str:
        return f"New assessment {self.place['code']}"


class EditAssessmentView(AssessmentWriting):
    """A new version of an assessment's rules, begun from its newest."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Assessment.objects.visible_to(request.user)
        self.assessment = get_object_or_404(visible, pk=kwargs["assessment_id"])
        if not authors.may_write(request.user, self.assessment.family):
            raise PermissionDenied(NOT_A_WRITER)
        self.version = assessment_rules.current_version(self.assessment)
        self.seen = 0 if self.version is None else self.version.number
        here = reverse("assessments_admin:assessment", args=[self.assessment.pk])
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments"), (here, self.assessment.code)]

    def identity(self) -> dict[str, Any]:
        assessment = self.assessment
        return {"code": assessment.code, "bank": assessment.bank, "family": assessment.family}

    def get_page_title(self) -> str:
        return f"Edit {self.assessment.code}"
