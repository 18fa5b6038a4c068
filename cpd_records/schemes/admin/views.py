"""Screens about schemes: the list, one scheme with its rules in words and in force for whom, the rules' editor with a preview."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from cpd_records.models import Scheme, SchemeInForce
from cpd_records.schemes.admin.forms import (
    MORE_ROWS,
    ROWS,
    EndForm,
    InForceForm,
    NewSchemeForm,
    RulesEditor,
    editor_for,
)
from cpd_records.schemes.admin.preview import PreviewForm
from cpd_records.schemes.careers import standing_rows
from cpd_records.schemes.keeping import SchemeRefused, change_rules, create_scheme, put_in_force, take_out_of_force
from cpd_records.schemes.listing import every_scheme, in_force_on
from cpd_records.schemes.reading_rules import MOST_PARTS, RulesRefused, read_rules
from cpd_records.schemes.rules import Period, Rules
from cpd_records.schemes.rules_in_words import sentences_of
from people import clock
from people.admin.screens import SystemAdminScreen, signed_in
from people.dates import long_date
from people.stamps import NotRecorded

NOT_FOR_YOU = "Only a system administrator changes CPD schemes. Everybody can read them under CPD."


class SchemeScreen(SystemAdminScreen):
    header_icon = "list-ul"
    not_for_you = NOT_FOR_YOU


class SchemesView(SchemeScreen):
    """Every scheme, with those it is in force for."""

    template_name = "cpd_records/admin/schemes.html"
    page_title = "CPD schemes"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        in_force = list(in_force_on(clock.today()))
        rows = [(one, [row for row in in_force if row.scheme_id == one.pk]) for one in every_scheme()]
        return super().get_context_data(rows=rows, **kwargs)


class OneScheme(SchemeScreen):
    """A screen about one scheme."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scheme = get_object_or_404(Scheme, code=kwargs["code"])
        self.crumbs = [(reverse("schemes_admin:index"), "CPD schemes")]

    def rules_on(self, day: date) -> Rules | None:
        row = standing_rows(self.scheme.rules.model).in_force(day).filter(scheme=self.scheme).first()  # type: ignore[attr-defined]
        return read_rules(row.rules) if row is not None else None

    def back(self) -> HttpResponse:
        return redirect("schemes_admin:scheme", self.scheme.code)


class SchemeView(OneScheme):
    """One scheme: what it asks for, since when, for whom; and the form that puts it in force."""

    template_name = "cpd_records/admin/scheme.html"

    def get_page_title(self) -> str:
        return self.scheme.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", InForceForm())
        kwargs.setdefault("end_form", EndForm(prefix="end"))
        history = standing_rows(SchemeInForce).filter(scheme=self.scheme)
        rules = self.rules_on(clock.today())
        return super().get_context_data(
            scheme=self.scheme,
            words=sentences_of(rules) if rules else None,
            history=self.scheme.rules.known().filter(is_void=False).order_by("-valid_from"),  # type: ignore[attr-defined]
            in_force=history.select_related("unit", "role", "rank").order_by("-valid_from", "-pk"),
            today=clock.today(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put the scheme in force for some."""
        form = InForceForm(request.POST)
        if not form.is_valid():
            return self.again(form=form)
        try:
            row = put_in_force(self.scheme, by=signed_in(request), **form.cleaned_data)
        except (SchemeRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
            return self.again(form=form)
        messages.success(request, f"{self.scheme.title} is in force for {row.whom} from {long_date(row.valid_from)}.")
        return self.back()


class EndView(SchemeView):
    """Record the last day on which a scheme is in force for some."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = standing_rows(SchemeInForce).filter(scheme=self.scheme).select_related("unit", "role", "rank")
        row = get_object_or_404(rows, pk=kwargs["row"])
        form = EndForm(request.POST, prefix="end")
        if not form.is_valid():
            return self.again(end_form=form)
        try:
            take_out_of_force(row, by=signed_in(request), **form.cleaned_data)
        except (SchemeRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
            return self.again(end_form=form)
        messages.success(request, f"Recorded: {self.scheme.title} ends for {row.whom}.")
        return self.back()


class EditorScreen(SchemeScreen, ABC):
    """The editor of rules: more rows, a preview, or saving."""

    template_name = "cpd_records/admin/rules.html"

    @abstractmethod
    def editor(self, data: QueryDict | None) -> RulesEditor:
        """Return the editor with what was posted, or what stands."""

    @abstractmethod
    def save(self, editor: RulesEditor, rules: Rules, request: HttpRequest) -> HttpResponse | None:
        """Call the verb and lead on; None where something else on the page is wrong."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editor = kwargs.setdefault("editor", self.editor(None))
        kwargs.setdefault("preview", PreviewForm())
        named = [(ROWS[name][1], rows) for name, rows in editor.rows.items()]
        return super().get_context_data(named_rows=named, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "rows":
            return self.render_to_response(self.get_context_data(editor=self.editor(_with_more_rows(request.POST))))
        editor, preview = self.editor(request.POST), PreviewForm(request.POST)
        rules = editor.read()
        if request.POST.get("do") == "preview":
            found = preview.progress(rules, on=clock.today()) if rules is not None else None
            words = sentences_of(rules) if rules is not None else None
            return self.render_to_response(
                self.get_context_data(editor=editor, preview=preview, found=found, words_of_rules=words)
            )
        if rules is not None and editor.change.is_valid():
            try:
                answer = self.save(editor, rules, request)
                if answer is not None:
                    return answer
            except (SchemeRefused, NotRecorded) as refusal:
                field = refusal.field if refusal.field in editor.change.fields else None
                editor.change.add_error(field, str(refusal))
            except RulesRefused as refusal:
                editor.once.add_error(None, str(refusal))
        return self.again(editor=editor, preview=preview)


class ChangeRulesView(EditorScreen, OneScheme):
    """Change a scheme's rules from a day on."""

    def get_page_title(self) -> str:
        return f"Change the rules: {self.scheme.title}"

    def editor(self, data: QueryDict | None) -> RulesEditor:
        return editor_for(self.rules_on(clock.today()), data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [*self.crumbs[:1], (reverse("schemes_admin:scheme", args=[self.scheme.code]), self.scheme.title)]
        return super().get_context_data(scheme=self.scheme, **kwargs)

    def save(self, editor: RulesEditor, rules: Rules, request: HttpRequest) -> HttpResponse | None:
        row = change_rules(self.scheme, rules, by=signed_in(request), **editor.change.cleaned_data)
        messages.success(request, f"The rules of {self.scheme.title} hold from {long_date(row.valid_from)}.")
        return self.back()


class NewSchemeView(EditorScreen):
    """A scheme of the force's own."""

    page_title = "New CPD scheme"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.crumbs = [(reverse("schemes_admin:index"), "CPD schemes")]
        self.names = NewSchemeForm(request.POST if request.method == "POST" else None)

    def editor(self, data: QueryDict | None) -> RulesEditor:
        return editor_for(None if data is not None else Rules(Period(1, date(clock.today().year, 4, 1))), data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(names=self.names, **kwargs)

    def save(self, editor: RulesEditor, rules: Rules, request: HttpRequest) -> HttpResponse | None:
        if not self.names.is_valid():
            return None
        try:
            made = create_scheme(
                **self.names.cleaned_data, rules=rules, by=signed_in(request), **editor.change.cleaned_data
            )
        except (SchemeRefused, NotRecorded) as refusal:
            if refusal.field not in self.names.fields:
                raise
            self.names.add_error(refusal.field, str(refusal))
            return None
        messages.success(request, f"{made.title} is there. Put it in force when it is to hold.")
        return redirect("schemes_admin:scheme", made.code)


def _with_more_rows(data: QueryDict) -> QueryDict:
    """Return what was posted with more blank rows in each list, as far as there is room."""
    more = data.copy()
    for name in ROWS:
        total = data.get(f"{name}-TOTAL_FORMS", "")
        number = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
        more[f"{name}-TOTAL_FORMS"] = str(min(number + MORE_ROWS, MOST_PARTS))
    return more
