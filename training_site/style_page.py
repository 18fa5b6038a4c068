"""What the style page shows: every component with invented content, a form in each state."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict

from people.form_fields import DayField, MinutesField
from training_site.icons import SHAPES
from training_site.states import LOOKS

KINDS = [
    ("briefing", "Briefing or session"),
    ("reading", "Reading or watching"),
    ("job", "On the job, with feedback"),
    ("other", "Something else"),
]
PLACES = [
    ("", "Choose a place"),
    ("North", [("hendon", "Hendon"), ("bow", "Bow")]),
    ("South", [("lambeth", "Lambeth")]),
]


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="What did you do?", max_length=200)
    day = DayField(label="When?", help_text="For example 22 11 2026.")
    length = MinutesField(label="How long?")
    kind = forms.ChoiceField(label="What kind?", choices=KINDS, widget=forms.RadioSelect)
    learned = forms.CharField(
        label="What did you learn?", help_text="One sentence is enough.", widget=forms.Textarea(attrs={"rows": 3})
    )
    place = forms.ChoiceField(label="Where (optional)", choices=PLACES, required=False)
    competencies = forms.MultipleChoiceField(
        label="Link it to a competency",
        choices=[("critical", "We analyse critically"), ("ownership", "We take ownership")],
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "true"}),
        required=False,
    )
    evidence = forms.FileField(
        label="Evidence (optional)",
        help_text="Photo, PDF or Office file, up to 10 MB. We remove the location from photos.",
        required=False,
    )
    email = forms.EmailField(label="E-mail address")
    attempts = forms.IntegerField(label="Attempts", widget=forms.NumberInput(attrs={"data-width": "3"}))
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    shared = forms.BooleanField(label="Share this with my supervisor", required=False)


TYPED = (
    "title=Night scenario exercise, Hendon&day_day=31&day_month=2&day_year=2026&length_hours=25&length_minutes=0"
    "&kind=briefing&learned=&email=nobody&attempts=x&password="
)


def examples(query: QueryDict) -> dict[str, Any]:
    """Return the context of the style page; ``?errors=1`` shows the form after a refusal."""
    refused = ExampleForm(QueryDict(TYPED)) if query.get("errors") else None
    pages = Paginator(range(400), 50)
    page = pages.get_page(query.get("page") or 3)
    return {
        "form": refused or ExampleForm(initial={"day": date(2026, 11, 22), "length": 45, "kind": "briefing"}),
        "states": [state for state, look in LOOKS.items() if look.icon],
        "icons": list(SHAPES),
        "page": page,
        "pages": list(pages.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "day": date(2026, 2, 28),
        "particulars": [
            ("Hours", "4"),
            ("For", "Frontline, supervisors, control room"),
            ("Lasts", "24 months", "Local default, not a national standard"),
            ("Name", "Christopher-Alexander Featherstonehaugh-Olorunfemi"),
        ],
        "colours": [
            ("brand", "Police blue", "Header, headings, rules"),
            ("action", "Action blue", "Links, buttons"),
            ("copper", "Copper", "Do next only"),
            ("ink", "Ink", "Text"),
            ("quiet", "Quiet", "Second text"),
            ("edge-soft", "Control edge", "Options, secondary buttons"),
            ("mist", "Mist", "Title band, case study"),
            ("sand", "Sand", "Behind do next"),
            ("green", "Green", "In date"),
            ("ochre", "Ochre", "Due, in grace"),
            ("red", "Red", "Expired, error"),
            ("purple", "Purple", "Exception, replaced"),
        ],
        "questions": [
            {"number": number, "answered": number in {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 14}, "flagged": number in {4, 14}}
            for number in range(1, 26)
        ],
    }
