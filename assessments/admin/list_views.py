"""The list of questions: narrowed by what stands in the address, fifty on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator

from assessments import authors
from assessments.admin.list_forms import ListForm
from assessments.finding import advice_on, choices_for, lines_found
from assessments.topics import tree_of
from people import clock
from people.admin.screens import AdminScreen

PAGE = 50


class QuestionIndex(AdminScreen):
    """Questions of one's families, each by its newest version."""

    page_title = "Questions"
    template_name = "assessments/admin/questions.html"
    header_icon = "list-ul"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, asked = self.request.user, self.request.GET
        choices = choices_for(user)
        bank = asked.get("bank", "")
        places = tree_of(bank) if bank in choices.banks else []
        families = authors.families_written_by(user)
        may_write = families is None or bool(families)
        form = ListForm(asked, choices=choices, places=places, sees_analysis=may_write)
        lines = lines_found(user, form.cleaned_data if form.is_valid() else {}, on=clock.today())
        # What is not narrowed to is counted and ordered without reading definitions; the page's fifty are read whole.
        page = Paginator(lines.select_related("version", "topic"), PAGE).get_page(asked.get("p"))
        advice = advice_on(user, [line.question_id for line in page])
        narrowed = {name: value for name, value in asked.items() if name != "p" and value}
        return super().get_context_data(
            form=form,
            page=page,
            query=urlencode(narrowed),
            may_write=may_write,
            rows=[(line, advice.get(line.question_id, "")) for line in page],
            today=clock.today(),
            is_open=bool(set(narrowed) - {"q", "bank", "topic", "state"}),
            **kwargs,
        )
