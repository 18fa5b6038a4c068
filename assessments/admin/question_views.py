"""Screens of a question: writing one, its history and what is decided about it, trying it out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin import messages

from assessments import authors, bank, question_types
from assessments.admin.editor import Editor, editor_for
from assessments.admin.forms import NewQuestionForm, ReasonForm
from assessments.admin.picture_forms import ADD as PICTURE
from assessments.admin.picture_forms import with_new_picture
from assessments.admin.trying import trial_of
from assessments.admin.type_editor import ADD, is_written_here, with_more
from assessments.describing import BadDescription, describe_question
from assessments.key_tables import key_tables
from assessments.models import Question, QuestionUse, QuestionVersion, VersionState
from assessments.picture_addresses import address_in_bank
from assessments.references import references_cited
from people import clock
from people.admin.screens import AdminScreen, signed_in

PAGE = 50
NOT_A_WRITER = "Trainers of a family write its questions."


class NewQuestionView(AdminScreen):
    """Where a new question belongs and of what type it is."""

    page_title = "New question"
    template_name = "assessments/admin/question_new.html"
    header_icon = "plus"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]
        user = signed_in(self.request)
        families = authors.families_written_by(user)
        if families is not None and not families:
            raise PermissionDenied(NOT_A_WRITER)
        asked = self.request.GET
        form = NewQuestionForm(asked if "code" in asked else None, by=user, initial={"chosen": ""})
        return super().get_context_data(form=form, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(**kwargs)
        form = context["form"]
        if form.is_bound and form.is_valid():
            address = reverse("assessments_admin:question_write", args=[form.cleaned_data["type"]])
            return redirect(f"{address}?{urlencode({name: request.GET.get(name, '') for name in form.fields})}")
        return self.render_to_response(context)


class QuestionWriting(AdminScreen, ABC):
    """What writing a new question and editing one have in common."""

    template_name = "assessments/admin/question_edit.html"
    header_icon = "edit"
    type_name = ""
    use = ""
    seen = 0
    version: QuestionVersion | None = None

    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """Return code, bank, family and use."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        by = signed_in(self.request)
        if "editor" not in kwargs:
            kwargs["editor"] = editor_for(self.type_name, by=by, version=self.version)
        kwargs.setdefault("seen", self.seen)
        return super().get_context_data(identity=self.identity(), version=self.version, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by, seen, act = signed_in(request), posted_number(request.POST.get("seen")), request.POST.get("do", "")
        data, refusal = with_new_picture(request.POST, request.FILES, by=by, at=clock.now())
        editor = editor_for(self.type_name, by=by, data=data, version=self.version)
        if refusal:
            editor.pictures.new.add_error("new_picture", refusal)
        if act.startswith(ADD):
            more = with_more(editor.answer, data, act)
            editor = editor_for(self.type_name, by=by, data=more, version=self.version)
        if act.startswith(ADD) or act == PICTURE or refusal:
            return self.render_to_response(self.get_context_data(editor=editor, seen=seen))
        saved, seen = self._save(editor, seen)
        if saved is None:
            return self.render_to_response(self.get_context_data(editor=editor, seen=seen))
        messages.success(
            request, f"Version {saved.number} of {saved.question.code} is saved as {saved.get_state_display().lower()}."
        )
        return redirect("assessments_admin:question", saved.question_id)

    def _save(self, editor: Editor, seen: int) -> tuple[QuestionVersion | None, int]:
        """Save, or show why not; and say which version the author has seen by then."""
        identity = self.identity()
        words = editor.check(identity["use"])
        if words is None:
            return None, seen
        about = {name: words.pop(name) for name in ("tags", "source")}
        try:
            by = signed_in(self.request)
            with transaction.atomic():
                saved = bank.save_question_version(
                    **identity,
                    **words,
                    by=by,
                    at=clock.now(),
                    author_name=by.get_full_name(),
                    seen=seen,
                    keeps_drafts=True,
                )
                describe_question(saved.question, **about)
            return saved, seen
        except bank.ChangedMeanwhile as refused:
            editor.words.add_error(None, f"{refused} Compare, then save again to put yours on top.")
            return None, refused.last
        except (bank.BadQuestion, BadDescription) as refused:
            editor.show(refused.problems)
        except bank.BankRefused as refused:
            editor.words.add_error(None, str(refused))
        return None, seen


def posted_number(value: str | None) -> int:
    """Return a small number a form carried, 0 for anything else."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else 0


class WriteQuestionView(QuestionWriting):
    """The second screen of a new question: what it says."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.type_name = kwargs["type_name"]
        if not is_written_here(self.type_name):
            raise Http404
        self.crumbs = [
            (reverse("assessments_admin:index"), "Questions"),
            (reverse("assessments_admin:question_new"), "New question"),
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        place = NewQuestionForm({**request.GET.dict(), "type": self.type_name}, by=signed_in(request))
        if not (place.is_place() if request.method == "POST" else place.is_valid()):
            return redirect(f"{reverse('assessments_admin:question_new')}?{request.GET.urlencode()}")
        self.place = {**place.cleaned_data, "code": place.cleaned_data.get("code") or request.GET.get("code", "")}
        return super().dispatch(request, *args, **kwargs)

    def identity(self) -> dict[str, Any]:
        return {name: self.place[name] for name in ("code", "bank", "family", "use")}

    def get_page_title(self) -> str:
        return f"New question {self.place['code']}"


class EditQuestionView(QuestionWriting):
    """A new version of a question, begun from its newest."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.question = get_object_or_404(Question.objects.visible_to(request.user), pk=kwargs["question_id"])
        if not authors.may_write(request.user, self.question.family):
            raise PermissionDenied(NOT_A_WRITER)
        self.version = bank.latest_version(self.question.code)
        if self.version is None or not is_written_here(self.version.type):
            raise Http404
        self.type_name, self.seen = self.version.type, self.version.number
        here = reverse("assessments_admin:question", args=[self.question.pk])
        self.crumbs = [(reverse("assessments_admin:index"), "Questions"), (here, self.question.code)]

    def identity(self) -> dict[str, Any]:
        question = self.question
        return {"code": question.code, "bank": question.bank, "family": question.family, "use": question.use}

    def get_page_title(self) -> str:
        return f"Edit {self.question.code}"


class QuestionView(AdminScreen):
    """A question: what a version says, who did what when and why, and the next step for those who may take it."""

    template_name = "assessments/admin/question.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        seen = Question.objects.visible_to(request.user).select_related("topic__parent__parent")
        self.question = get_object_or_404(seen, pk=kwargs["question_id"])
        self.versions = list(
            self.question.versions.select_related("question", "created_by")
            .prefetch_related("steps__by")
            .order_by("-number")
        )
        asked = request.POST.get("version") or request.GET.get("version")
        chosen = [row for row in self.versions if str(row.number) == asked] if asked else self.versions[:1]
        if not chosen:
            raise Http404
        self.version = chosen[0]
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]

    def get_page_title(self) -> str:
        return self.question.code

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        user, family, state = self.request.user, self.question.family, self.version.state
        out_of_date = bank.why_out_of_date(self.version)
        is_newest = self.version == self.versions[0]
        may = {
            "edit": authors.may_write(user, family) and is_newest and is_written_here(self.version.type),
            "decide": authors.may_decide(user, family) and self.question.use == QuestionUse.EXAM,
            "submit": state == VersionState.DRAFT and authors.may_write(user, family) and not out_of_date,
            "return": state == VersionState.IN_REVIEW and authors.may_send_back(user, family),
            "approve": state == VersionState.IN_REVIEW and authors.may_approve(user, family) and not out_of_date,
            "retire": state != VersionState.RETIRED and authors.may_retire(user, family),
        }
        return super().get_context_data(
            question=self.question,
            version=self.version,
            versions=self.versions,
            may=may,
            key=key_tables(self.version.type, self.version.definition),
            pictures=question_types.asked(self.version.type, self.version.definition).pictures(
                address_in_bank(self.version)
            ),
            out_of_date=out_of_date,
            cited=references_cited(self.question.bank, self.version.references),
            tags=[tag.word for tag in self.question.tags.all()],
            reviewer=next((step for step in self.version.steps.all() if step.state == VersionState.APPROVED), None),
            today=clock.today(),
            # What uses a question lies above: what is above puts its part here.
            panels=[show(self.request, self.question) for show in hooks.get_hooks("question_panels")],
            house_rules=bank.house_rules_broken(self.version) if state == VersionState.DRAFT else [],
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                said = self._do(request.POST.get("do", ""), form.cleaned_data["reason"])
            except bank.BankRefused as refused:
                form.add_error("reason" if isinstance(refused, bank.BadReason) else None, str(refused))
            else:
                messages.success(request, said)
                return redirect("assessments_admin:question", self.question.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _do(self, what: str, reason: str) -> str:
        by, at, version, family = signed_in(self.request), clock.now(), self.version, self.question.family
        allowed = {
            "submit": authors.may_write,
            "return": authors.may_send_back,
            "approve": authors.may_approve,
            "retire": authors.may_retire,
        }
        if what not in allowed:
            raise bank.BankRefused("Choose what to do with the question.")
        if not allowed[what](by, family):
            raise PermissionDenied("Your roles for this family do not include this step.")
        name = f"Version {version.number} of {self.question.code}"
        if what == "submit":
            bank.submit_for_review(version, by=by, at=at)
            return f"{name} is with the reviewers and approvers now."
        if what == "return":
            bank.return_version(version, by=by, at=at, reason=reason)
            return f"{name} went back to its author with your reason."
        if what == "approve":
            bank.approve_version(version, by=by, at=at, reason=reason)
            return f"{name} is approved. {QuestionUse(self.question.use).label}s use it from now on."
        bank.retire_version(version, by=by, at=at, reason=reason)
        return f"{name} is retired. Attempts that drew it keep it."


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, question_id: Any, number: int) -> HttpResponse:
    """Show a version in the candidates' own page; a posted answer is marked and forgotten."""
    versions = QuestionVersion.objects.visible_to(request.user).select_related("question")
    version = get_object_or_404(versions, question=question_id, number=number)
    trial = trial_of(version, request.POST if request.method == "POST" else None)
    return render(request, "assessments/admin/preview.html", {"version": version, "trial": trial})
