"""What was typed is shown in the words of the page it was typed on, whatever the form."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import include, path

from people import clock
from people.models import Hold
from tests.courses import factories as taught
from training_site.form_words import Form, Typed, forms_of, in_words, label_of
from training_site.urls import urlpatterns as site_urls

PASSWORD = "a long enough password"
FORM = """
<form method="post" action="/accounts/logout/"><button name="out" value="1">Sign out</button></form>
<form method="POST" action="">
  <input type="hidden" name="turn" value="3"><button name="do" value="next">Next</button>
  <label for="a">What did you <b>do</b>?</label> <input id="a" name="title">
  <fieldset><legend><h1>When?</h1></legend>
    <label><input type="radio" name="preset" value="today"><span>Today</span></label>
    <label for="d">Day</label><input id="d" name="day_0"><label for="m">Month</label><input id="m" name="day_1">
  </fieldset>
  <fieldset><legend>Where?</legend><fieldset><legend></legend>
    <label for="in">Indoors</label><input type="checkbox" id="in" name="place" value="in">
    <label for="out">Outdoors</label><input type="checkbox" id="out" name="place" value="out">
  </fieldset></fieldset>
  <label for="k">Kind</label><select id="k" name="kind"><option value="b">Briefing<option value="r">Reading</option></select>
  <input type="checkbox" id="f" name="flag" value="yes"><label for="f">Come back to this</label>
  <textarea name="note" aria-label="A note"></textarea>
  <label for="up">Evidence (optional)</label><input type="file" id="up" name="evidence">
</form>
"""


def diary() -> Form:
    return forms_of(FORM)[1]


def test_labels_legends_and_choices_are_the_words_of_what_was_sent():
    sent = [
        ("turn", "3"),
        ("do", "next"),
        ("title", "A <search>"),
        ("preset", "today"),
        ("day_0", "22"),
        ("day_1", "11"),
        ("place", "in"),
        ("place", "out"),
        ("kind", "r"),
        ("flag", "yes"),
        ("note", "one\ntwo"),
    ]
    assert in_words(diary(), sent) == [
        Typed("What did you do?", "A <search>"),
        Typed("When?", "Today, Day 22, Month 11"),
        Typed("Where?", "Indoors, Outdoors"),
        Typed("Kind", "Reading"),
        Typed("Come back to this", "Yes"),
        Typed("A note", "one\ntwo"),
    ]
    assert label_of(diary(), "evidence") == "Evidence (optional)"


def test_what_the_page_does_not_show_has_no_label_and_a_key_is_not_shown_at_all():
    sent = [("gone", "Words I wrote."), ("state", "not-started"), ("at", "2026-11-22T05:40:00Z"), ("empty", " \n")]
    assert in_words(diary(), sent) == [Typed("", "Words I wrote.")]
    assert label_of(diary(), "gone") == ""


@pytest.mark.parametrize(
    "html", ["", "<form", "<label><form><legend><select></label><option>x", "</fieldset></form>\0<input name>"]
)
def test_broken_markup_is_no_error(html):
    for form in forms_of(html):
        assert in_words(form, [("title", "Words I wrote.")]) == [Typed("", "Words I wrote.")]


# --- On the site ------------------------------------------------------------------------------------------------------

HERE = {"HTTP_ORIGIN": "http://testserver"}


def page_of(kind: str) -> Any:
    @login_required
    def view(request: Any) -> HttpResponse:
        if request.method == "POST":
            return HttpResponse("; ".join(f"{name}={value}" for name, value in sorted(request.POST.items())))
        if kind == "writes":
            Hold.objects.create(name="looked at", until=clock.now())
        if kind == "fails":
            raise ZeroDivisionError
        if kind == "gone":
            raise Http404
        if kind == "closed":
            raise PermissionDenied("Not yours.")
        return HttpResponse(FORM)

    return view


KINDS = ("plain", "writes", "fails", "gone", "closed")
urlpatterns = [*(path(f"{kind}/", page_of(kind)) for kind in KINDS), path("", include(site_urls))]
on_site = [pytest.mark.django_db, pytest.mark.urls("tests.training_site.test_form_words")]


def rows(html: str) -> list[tuple[str, str]]:
    return [(unescape(a), unescape(b)) for a, b in re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", html)]


def kept_page(client: Client, officer: Any, address: str, sent: dict[str, Any], *, page: str = "") -> str:
    """Send a form when the session is over, sign in, and return the page that shows what was kept."""
    client.logout()
    referer = {"HTTP_REFERER": f"http://testserver{page}"} if page else {}
    answer = client.post(address, sent, **HERE, **referer)
    back = re.search(r"next=(%2Fkept%2F[^&]+)", answer["Location"])
    assert back is not None
    client.force_login(officer, backend="people.sign_in.SignInBackend")
    shown = client.get(back[1].replace("%2F", "/"))
    assert shown.status_code == 200
    return str(shown.content.decode())


@pytest.fixture
def officer(person: Any) -> Any:
    return person("Olu Demo", password=PASSWORD)


class TestOnTheSite:
    pytestmark = on_site

    @pytest.mark.parametrize("page", ["", "/plain/", "/plain/?step=2"])
    def test_the_page_is_the_one_the_form_stood_on(self, client, officer, page):
        html = kept_page(client, officer, "/plain/", {"title": "A search", "turn": "3", "flag": "yes"}, page=page)
        assert rows(html) == [("What did you do?", "A search"), ("Come back to this", "Yes")]
        assert 'name="turn" value="3"' in html
        assert "Turn" not in html

    @pytest.mark.parametrize("kind", ["fails", "gone", "closed"])
    def test_a_page_that_cannot_be_read_takes_nothing_with_it(self, client, officer, kind, caplog):
        html = kept_page(client, officer, f"/{kind}/", {"title": "A search of the garage", "turn": "3"})
        assert rows(html) == [("You also wrote", "A search of the garage")]
        assert ("cannot be drawn" in caplog.text) is (kind == "fails")

    def test_whatever_the_page_would_write_is_not_written(self, client, officer):
        assert rows(kept_page(client, officer, "/writes/", {"title": "x y"})) == [("What did you do?", "x y")]
        assert not Hold.objects.exists()

    def test_files_are_asked_for_again_by_their_name(self, client, officer):
        file = SimpleUploadedFile("notes <1>.pdf", b"%PDF-1.4")
        html = kept_page(client, officer, "/plain/", {"title": "A search", "evidence": file})
        assert "Files cannot be kept. Send the rest first, then choose this one again:" in html
        assert rows(html) == [("What did you do?", "A search"), ("Evidence (optional)", "notes <1>.pdf")]
        assert "notes" not in kept_page(client, officer, "/plain/", {"title": "A search"})

    def test_a_form_of_nothing_but_a_file_is_kept_too(self, client, officer):
        html = kept_page(client, officer, "/plain/", {"other": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
        assert rows(html) == [("File", "a.pdf")]

    def test_an_old_token_is_answered_in_the_same_words(self, officer):
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer, backend="people.sign_in.SignInBackend")
        refused = client.post("/plain/", {"title": "A search", "csrfmiddlewaretoken": "old"}, **HERE)
        assert refused.status_code == 403
        assert rows(refused.content.decode()) == [("What did you do?", "A search")]

    def test_a_note_in_a_lesson_is_shown_as_the_lesson_asks_for_it(self, client, officer):
        made = taught.release()
        taught.enrolled(officer, made)
        lesson = made.steps.first()
        slot = next(iter(lesson.reflections))
        address = f"/learn/{made.course.slug}/{lesson.slug}/"
        html = kept_page(client, officer, address, {"do": "next", slot: "The garage."}, page=address)
        assert rows(html) == [("Your note (optional)", "The garage.")]

    def test_an_activity_is_shown_with_the_questions_it_answers(self, client, officer):
        sent = {
            "title": "Team talk",
            "day_day": "22",
            "day_month": "11",
            "day_year": "2026",
            "kind": "briefing",
            "learned": "Ask first.",
            "client_token": "5f0c2f4e-7f2e-4a5e-9a53-0a2f4c1f0a11",
        }
        shown = dict(rows(kept_page(client, officer, "/cpd/log/", sent, page="/cpd/log/")))
        assert shown["What did you do?"] == "Team talk"
        assert "Day 22, Month 11, Year 2026" in shown.values()
        assert "Ask first." in shown.values()
        assert "briefing" not in shown.values()
        assert not {"Client token", "Kind", "Learned"} & shown.keys()
