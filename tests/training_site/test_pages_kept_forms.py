"""What somebody typed survives a session that ended meanwhile; what another site sent does not come back."""

import re

import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from training_site import kept_forms
from training_site.urls import urlpatterns as site_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.training_site.test_pages_kept_forms")]

MIDDLEWARE = "training_site.kept_forms.KeptFormMiddleware"
PASSWORD = "a long enough password"
OURS = {"HTTP_ORIGIN": "http://testserver"}


@login_required
def diary(request):
    return HttpResponse("; ".join(f"{name}={value}" for name, value in sorted(request.POST.items())))


urlpatterns = [path("diary/", diary), path("", include(site_urls))]


@pytest.fixture(autouse=True)
def _wired(settings):
    if MIDDLEWARE not in settings.MIDDLEWARE:
        after = settings.MIDDLEWARE.index("allauth.account.middleware.AccountMiddleware") + 1
        settings.MIDDLEWARE = [*settings.MIDDLEWARE[:after], MIDDLEWARE, *settings.MIDDLEWARE[after:]]
    settings.CSRF_FAILURE_VIEW = "training_site.views.pages.csrf_failure"


def sign_in(client, officer, next_address):
    return client.post(
        f"/accounts/login/?next={next_address}",
        {"login": officer.email, "password": PASSWORD, "next": next_address},
    )


def test_a_form_that_meets_the_sign_in_page_is_there_after_signing_in(client, person):
    officer = person(password=PASSWORD)
    answer = client.post("/diary/", {"learned": "Ask first, then <search>", "tag": ["a", "b"], "password": "x"}, **OURS)
    back = re.search(r"next=(%2Fkept%2F[^&]+)", answer["Location"])
    assert back is not None
    assert "is kept for an hour" in client.get(answer["Location"]).content.decode()
    address = back[1].replace("%2F", "/")
    assert sign_in(client, officer, address)["Location"] == address

    html = client.get(address).content.decode()
    assert "Ask first, then &lt;search&gt;" in html
    assert 'action="/diary/"' in html
    assert re.findall(r'name="tag" value="(\w)"', html) == ["a", "b"]
    assert 'name="password"' not in html


def test_a_button_that_meets_the_sign_in_page_leads_back_to_where_it_stood(client):
    button = {**OURS, "HTTP_REFERER": "http://testserver/catalogue/lead-101/?q=a"}
    answer = client.post("/catalogue/lead-101/enrol/", {"csrfmiddlewaretoken": "x"}, **button)
    assert answer["Location"] == "/accounts/login/?next=%2Fcatalogue%2Flead-101%2F%3Fq%3Da"
    elsewhere = {"HTTP_ORIGIN": "https://elsewhere.example", "HTTP_REFERER": "https://elsewhere.example/catalogue/"}
    assert "elsewhere" not in client.post("/catalogue/lead-101/enrol/", **elsewhere)["Location"]


def test_what_was_kept_can_be_thrown_away(client, person):
    officer = person(password=PASSWORD)
    address = "/kept/" + client.post("/diary/", {"learned": "secret"}, **OURS)["Location"].split("%2F")[2] + "/"
    sign_in(client, officer, address)
    assert client.post(address).status_code == 302
    gone = client.get(address)
    assert gone.status_code == 404
    assert "secret" not in gone.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "https://testserver.elsewhere.example/"},
        {**OURS, "HTTP_SEC_FETCH_MODE": "cors"},
    ],
)
def test_what_no_page_of_ours_sent_is_not_kept(client, headers):
    assert client.post("/diary/", {"learned": "x"}, **headers)["Location"] == "/accounts/login/?next=/diary/"
    assert kept_forms.SESSION_KEY not in client.session


def test_somebody_elses_browser_does_not_see_it(client, person):
    client.post("/diary/", {"learned": "secret"}, **OURS)
    word = next(iter(client.session[kept_forms.SESSION_KEY]))
    other = Client()
    other.force_login(person(), backend="people.sign_in.SignInBackend")
    assert other.get(f"/kept/{word}/").status_code == 404


def test_ten_megabytes_are_not_kept_and_break_nothing(client):
    answer = client.post("/diary/", {"learned": "x" * 10_000_000}, **OURS)
    assert answer["Location"] == "/accounts/login/?next=/diary/"


def test_the_oldest_forms_give_way(client):
    for number in range(5):
        client.post("/diary/", {"learned": str(number)}, **OURS)
    kept = client.session[kept_forms.SESSION_KEY].values()
    assert [form["fields"] for form in kept] == [[["learned", str(number)]] for number in (2, 3, 4)]


def test_a_form_with_an_old_token_shows_what_was_typed_and_sends_it_again(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(), backend="people.sign_in.SignInBackend")
    refused = client.post("/diary/", {"learned": "Ask first", "csrfmiddlewaretoken": "old"}, **OURS)
    assert refused.status_code == 403
    html = refused.content.decode()
    assert "Ask first" in html
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert token is not None
    again = client.post("/diary/", {"learned": "Ask first", "csrfmiddlewaretoken": token[1]}, **OURS)
    assert "learned=Ask first" in again.content.decode()


def test_another_sites_form_is_refused_and_not_offered_again(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(), backend="people.sign_in.SignInBackend")
    refused = client.post("/diary/", {"learned": "forged"}, HTTP_ORIGIN="https://elsewhere.example")
    assert refused.status_code == 403
    assert "forged" not in refused.content.decode()
