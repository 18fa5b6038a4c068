"""The project's own pages: the front page, help and statements, one's account, and the pages that say what went wrong."""

import re
from uuid import uuid4

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse

from people import clock
from people.models import ForceSettings
from tests import factories
from training_site.views import pages

pytestmark = pytest.mark.django_db


def force_settings():
    from wagtail.models import Site

    return ForceSettings.for_site(Site.objects.get(is_default_site=True))


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_strangers_learn_what_this_is_and_where_to_sign_in(client):
    page = client.get("/")
    assert page.status_code == 200
    assert reverse("account_login") in page.content.decode()
    assert "/verify/" in page.content.decode()


def test_whoever_is_signed_in_goes_to_their_learning(signed_in, person):
    assert signed_in(person()).get("/")["Location"] == "/my/"


@pytest.mark.parametrize("address", ["/", "/help/", "/accessibility/", "/privacy/", "/style/", "/style/?errors=1"])
def test_public_pages_answer_strangers_and_carry_no_inline_script_or_style(client, address):
    page = client.get(address)
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert len(page.content) < 30_000 or address.startswith("/style/")


def test_ones_account_is_for_the_signed_in_only(client, signed_in, person):
    assert client.get("/account/")["Location"].startswith(reverse("account_login"))
    officer = person("Siân Ōkami")
    assert "Siân Ōkami" in signed_in(officer).get("/account/").content.decode()


def test_a_forces_name_and_colour_reach_every_page(client):
    known = force_settings()
    known.force_name, known.brand_colour, known.show_chequer = "Fictional Constabulary", "#3b0a45", False
    known.save()
    html = client.get("/help/").content.decode()
    assert "Fictional Constabulary" in html
    assert 'class="chequer"' not in html
    theme = re.search(r'href="(/theme\.css\?colour=3b0a45)"', html)
    assert theme is not None
    sheet = client.get(theme[1])
    assert sheet["Content-Type"] == "text/css"
    assert "--brand:#3b0a45" in sheet.content.decode()
    assert "max-age=31536000" in sheet["Cache-Control"]


def test_the_standard_colour_needs_no_second_style_sheet(client):
    assert "theme.css" not in client.get("/help/").content.decode()


def test_a_hostile_force_name_is_text(client):
    known = force_settings()
    known.force_name = '<script>alert("x")</script>'
    known.save()
    assert "<script>alert" not in client.get("/help/").content.decode()


def test_a_missing_page_says_so_and_leads_on(client):
    page = client.get("/no/such/page/")
    assert page.status_code == 404
    assert "There is nothing for you at this address" in text_of(page)
    assert "Catalogue" in text_of(page)


def test_a_refusal_repeats_the_sentence_it_was_given():
    request = RequestFactory().get("/team/")
    request.user = factories.person("Bo")
    html = (
        engines["django"]
        .get_template("403.html")
        .render({"exception": "You do not supervise this unit. Its inspector does."}, request)
    )
    assert "You do not supervise this unit. Its inspector does." in html


@pytest.mark.parametrize(("view", "status"), [(pages.bad_request, 400), (pages.server_error, 500)])
def test_failure_pages_are_drawn_without_a_query(rf, view, status, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = view(rf.get("/"))
    assert page.status_code == status
    assert page.content.decode().count("<h1") == 1


def test_a_stale_sign_in_page_leads_back_to_signing_in():
    client = Client(enforce_csrf_checks=True)
    page = pages.csrf_failure(client.post("/accounts/login/", {"login": "x", "password": "secret"}).wsgi_request)
    assert page.status_code == 403
    assert reverse("account_login") in page.content.decode()
    assert "secret" not in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_logout",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
        "account_signup",
        "account_change_password",
        "account_reauthenticate",
        "mfa_index",
    ],
)
def test_sign_in_pages_wear_our_frame(signed_in, person, client, name):
    visitor = client if name in {"account_login", "account_signup", "account_inactive"} else signed_in(person())
    page = visitor.get(reverse(name))
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("<h1") == 1
    assert 'class="header"' in html
    assert "placeholder" not in html
    assert " style=" not in html


def test_a_used_reset_link_says_what_to_do(client):
    page = client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "used-already"}))
    assert "This link no longer works" in text_of(page)
    assert reverse("account_reset_password") in page.content.decode()


def test_an_address_that_only_takes_a_form_says_so_to_whoever_opens_it(client, person, signed_in):
    for somebody in (client, signed_in(person("Officer F. Demo"))):
        page = somebody.get("/account/stay-signed-in/")
        assert page.status_code == 405
        assert page.headers["Allow"] == "POST"
        assert "This address takes what a button sends" in page.content.decode()
        assert somebody.get("/account/stay-signed-in/", headers={"accept": "application/json"}).content == b""


def test_a_script_that_sends_a_form_is_told_where_to_go_and_what_is_said_once_is_still_to_be_said(person, signed_in):
    somebody, by_itself = signed_in(person("Officer F. Demo")), {"X-Goes-By-Itself": "1"}
    sent = {"title": "Briefing", "kind": "briefing", "learned": "Ask first.", "client_token": str(uuid4())}
    days = {"day_preset": clock.today().isoformat(), "length_preset": "45"}
    told = somebody.post("/cpd/log/", {**sent, **days}, headers=by_itself)
    assert (told.status_code, told.content) == (204, b"")
    assert "Logged: 45 min" in text_of(somebody.get(told.headers["X-Goes-To"]))
    assert somebody.post("/cpd/log/", sent, headers=by_itself).status_code == 200
