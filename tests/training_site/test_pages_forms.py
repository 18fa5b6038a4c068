"""Forms in the design system's markup: labels, hints, errors and what was typed; the admin's widgets are left alone."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines

from people.form_fields import DayField, MinutesField
from training_site.style_page import ExampleForm


def render(text, **context):
    return engines["django"].from_string(text).render(context)


class Lengths(forms.Form):
    day = DayField(label="When?")
    length = MinutesField(label="How long?")


def lengths(**data):
    typed = {"day_day": "22", "day_month": "11", "day_year": "2026", "length_hours": "1", "length_minutes": "15"}
    query = QueryDict(mutable=True)
    query.update(typed | data)
    return Lengths(query)


def test_a_day_and_a_length_become_a_date_and_minutes():
    form = lengths()
    assert form.is_valid()
    assert form.cleaned_data == {"day": date(2026, 11, 22), "length": 75}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ({"day_month": "Nov"}, date(2026, 11, 22)),
        ({"day_month": "november"}, date(2026, 11, 22)),
        ({"day_day": " 01 ", "day_month": "2"}, date(2026, 2, 1)),
    ],
)
def test_a_month_may_be_a_word(typed, day):
    form = lengths(**typed)
    assert form.is_valid()
    assert form.cleaned_data["day"] == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day_day": "", "day_month": "", "day_year": ""}, "Enter the day it happened, for example 22 11 2026."),
        ({"day_year": ""}, "Enter a day, a month and a year, for example 22 11 2026."),
        ({"day_day": "31", "day_month": "2"}, "There is no such day."),
        ({"day_year": "26"}, "There is no such day."),
        ({"day_day": "٢٢"}, "There is no such day."),
        ({"day_day": "<b>1</b>"}, "There is no such day."),
        ({"day_year": "0000"}, "There is no such day."),
        ({"length_hours": "25", "length_minutes": "0"}, "Length must be 24 hours or less on one day."),
        ({"length_hours": "0", "length_minutes": "0"}, "Length must be at least one minute."),
        ({"length_hours": "", "length_minutes": ""}, "Enter how long it took, in hours and minutes."),
        ({"length_hours": "1.5"}, "Hours and minutes are whole numbers, for example 1 and 30."),
        ({"length_minutes": "-5"}, "Hours and minutes are whole numbers, for example 1 and 30."),
        ({"length_hours": "9" * 30}, "Hours and minutes are whole numbers"),
    ],
)
def test_a_refusal_says_what_to_write_and_keeps_what_was_typed(typed, sentence):
    form = lengths(**typed)
    html = render("{% error_summary form %}{{ form }}", form=form)
    assert not form.is_valid()
    assert sentence in html
    for value in typed.values():
        if value.strip() and "<" not in value:
            assert f'value="{value}"' in html


def test_every_control_has_a_label_and_every_error_a_way_to_its_field():
    form = ExampleForm(QueryDict("day_day=31&day_month=2&day_year=2026&email=nobody&attempts=x"))
    html = render("{% error_summary form %}{{ form }}", form=form)
    for target in ("id_title", "id_day_0", "id_length_0", "id_kind_0", "id_learned", "id_email", "id_attempts"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
        assert f'for="{target}"' in html
    assert 'aria-describedby="id_learned_helptext id_learned_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count('value="x"') == 1, "a number box keeps what is no number"


def test_no_error_no_summary():
    assert render("{% error_summary form none %}", form=Lengths(), none=None) == ""


def test_hostile_labels_choices_and_values_are_text():
    bad = '"><script>alert(1)</script>'

    class Hostile(forms.Form):
        one = forms.CharField(label=bad, help_text=bad)
        many = forms.ChoiceField(label="x", choices=[(bad, bad)], widget=forms.RadioSelect)

    form = Hostile(QueryDict("one=%22%3E%3Cscript%3E"))
    assert "<script" not in render("{% error_summary form %}{{ form }}", form=form)


def test_a_bare_widget_stays_djangos_own():
    class Plain(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"data-width": "5"}))

    form = Plain()
    assert "govuk" not in str(form["name"])
    assert "govuk-input--width-5" in form["name"].as_field_group()
    assert "data-width" in str(form["name"]), "drawing a field leaves its widget as it was"


def test_grouped_choices_keep_their_headings():
    class Grouped(forms.Form):
        place = forms.ChoiceField(
            widget=forms.RadioSelect, choices=[("North", [("h", "Hendon")]), ("South", [("l", "Lambeth")])]
        )

    html = str(Grouped())
    assert html.index("North") < html.index("Hendon") < html.index("South") < html.index("Lambeth")


def test_an_optional_day_may_be_left_out():
    class Optional(forms.Form):
        day = DayField(required=False)

    form = Optional(QueryDict("day_day=&day_month=&day_year="))
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_words_for_somebody_elses_form():
    html = render('{% field form.day label="On which day?" hint="The first one." %}', form=Lengths())
    assert "On which day?" in html
    assert "The first one." in html
