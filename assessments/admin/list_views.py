"""The list of questions: narrowed by what stands in the address, fifty on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator

from assessments import authors
from assessments.admin.list_forms import ListForm
from assessments.finding import choices_for, lines_found
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
        form = ListForm(asked, choices=choices, places=places)
        lines = lines_found(user, form.cleaned_data if form.is_valid() else {}, on=clock.today())
        # What is not narrowed to is counted and ordered without reading definitions; the page's fifty are read whole.
        page = Paginator(lines.select_related("version", "topic"), PAGE).get_page(asked.get("p"))
        narrowed = {name: value for name, value in asked.items() if name != "p" and value}
        families = authors.families_written_by(user)
        return super().get_context_data(
            form=form,
            page=page,
            query=urlencode(narrowed),
            may_write=families is None or bool(families),
            today=clock.today(),
            is_open=bool(set(narrowed) - {"q", "bank", "topic", "state"}),
            **kwargs,
        )
