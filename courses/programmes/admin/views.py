"""Screens about programmes: the list, one with its releases, and the editor that brings out a release."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from courses.programmes.admin.forms import CodeForm, Editor, WithdrawForm, editor_for, with_more_phases
from courses.programmes.listing import every_programme, is_code_taken, programme_called, releases_of
from courses.programmes.refusals import RecruitRefused
from courses.programmes.releasing import plan_of, release_programme, withdraw_release
from courses.programmes.values import DECIDERS, SIGNERS, Plan, canonical
from people import clock
from people.admin.screens import SystemAdminScreen, signed_in


class ProgrammeScreen(SystemAdminScreen):
    header_icon = "list-ol"
    not_for_you = (
        "Only a system administrator changes programmes of initial training. Recruits see theirs on their way."
    )


class ProgrammesView(ProgrammeScreen):
    """Every programme with its current release."""

    template_name = "courses/admin/programmes.html"
    page_title = "Programmes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [(one, plan_of(one.current_release)) for one in every_programme() if one.current_release]
        return super().get_context_data(rows=rows, **kwargs)


class OneProgramme(ProgrammeScreen):
    """A screen about one programme."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = programme_called(kwargs["code"])
        if found is None:
            raise Http404("There is no programme of this code.")
        self.programme = found
        self.crumbs = [(reverse("programmes_admin:index"), "Programmes")]

    @property
    def plan(self) -> Plan | None:
        release = self.programme.current_release
        return plan_of(release) if release else None

    def back(self) -> HttpResponse:
        return redirect("programmes_admin:programme", self.programme.code)


class ProgrammeView(OneProgramme):
    """One programme: what its current release asks phase by phase, and its releases."""

    template_name = "courses/admin/programme.html"

    def get_page_title(self) -> str:
        return self.programme.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WithdrawForm())
        kwargs.setdefault("refused", None)
        return super().get_context_data(
            programme=self.programme,
            phases=in_words(self.plan),
            plan=self.plan,
            releases=releases_of(self.programme),
            **kwargs,
        )


class WithdrawView(ProgrammeView):
    """Let nobody new begin on a release."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        release = get_object_or_404(self.programme.releases, number=kwargs["number"])  # type: ignore[attr-defined]
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.again(form=form, refused=release.number)
        withdraw_release(release, by=signed_in(request), at=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, f"Nobody new begins on {release}. Recruits who are on it keep it.")
        return self.back()


class EditorScreen(ProgrammeScreen, ABC):
    """The editor: more phases, a look at what it says, or bringing it out."""

    template_name = "courses/admin/programme_release.html"

    @abstractmethod
    def editor(self, data: QueryDict | None) -> Editor:
        """Return the editor with what was posted, or what stands."""

    @abstractmethod
    def save(self, data: dict[str, Any], request: HttpRequest) -> HttpResponse | None:
        """Call the verb and lead on; None where something else on the page is wrong."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("editor", self.editor(None))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "phases":
            return self.render_to_response(self.get_context_data(editor=self.editor(with_more_phases(request.POST))))
        editor = self.editor(request.POST)
        plan = editor.read()
        if plan is not None and request.POST.get("do") == "look":
            return self.render_to_response(self.get_context_data(editor=editor, phases=in_words(plan)))
        if plan is not None:
            try:
                answer = self.save(json.loads(canonical(plan)), request)
                if answer is not None:
                    return answer
            except RecruitRefused as refusal:
                editor.once.add_error(None, str(refusal))
        return self.again(editor=editor)


class NewReleaseView(EditorScreen, OneProgramme):
    """Change a programme by bringing out its next release; recruits stay on the one they began on."""

    def get_page_title(self) -> str:
        return f"A new release of {self.programme.title}"

    def editor(self, data: QueryDict | None) -> Editor:
        return editor_for(self.plan, data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("programmes_admin:programme", args=[self.programme.code])
        self.crumbs = [*self.crumbs[:1], (address, self.programme.title)]
        return super().get_context_data(programme=self.programme, **kwargs)

    def save(self, data: dict[str, Any], request: HttpRequest) -> HttpResponse | None:
        before = self.programme.current_release
        release = release_programme(self.programme.code, data, by=signed_in(request), at=clock.now())
        if before is not None and release.pk == before.pk:
            messages.info(request, "Nothing was changed, so no release was brought out.")
        else:
            messages.success(request, f"{release} is out. Intakes opened from now on begin on it.")
        return self.back()


class NewProgrammeView(EditorScreen):
    """A programme of the force's own."""

    page_title = "New programme"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.crumbs = [(reverse("programmes_admin:index"), "Programmes")]
        self.names = CodeForm(request.POST if request.method == "POST" else None)

    def editor(self, data: QueryDict | None) -> Editor:
        return editor_for(None, data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(names=self.names, **kwargs)

    def save(self, data: dict[str, Any], request: HttpRequest) -> HttpResponse | None:
        if not self.names.is_valid():
            return None
        code = self.names.cleaned_data["code"]
        if is_code_taken(code):
            self.names.add_error("code", "A programme has this code already. Choose another, or change that one.")
            return None
        release = release_programme(code, data, by=signed_in(request), at=clock.now())
        messages.success(request, f"{release} is out. Intakes can be opened on it.")
        return redirect("programmes_admin:programme", code)


def in_words(plan: Plan | None) -> list[dict[str, Any]]:
    """Return the phases of a plan as the screens show them."""
    if plan is None:
        return []
    return [
        {
            "phase": phase,
            "decided_by": DECIDERS[phase.decided_by],
            "signed_by": SIGNERS[phase.portfolio_signed_by],
        }
        for phase in plan.phases
    ]
