"""What a browser is told and what it is never given: tokens, policies, caches, cookies, redirects, log lines, sessions."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import resolve

from people.models import User
from tests import factories
from tests.courses import authoring
from tests.permissions.acts import act_for
from tests.permissions.asking import PERSONS, STRANGER, World, undone
from tests.permissions.matrix import Row, rows
from tests.permissions.routes import module_of
from tests.permissions.world import world_made

PASSWORD = "a long enough password"
# Anybody may keep these: they are the same for everybody, or named by what they hold.
SHARED = (
    "/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/theme.css",
    "/style/",
    "/catalogue/",
    "/branding/",
    "/verify/",
    "/ledger/",
)
WITHOUT_TOKEN = {"/verify/"}  # changes nothing and needs no session; see its view


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with world_made(django_db_blocker) as made:
        yield made


@pytest.fixture(scope="module")
def pages(world: World) -> list[tuple[Row, str, Any]]:
    """Every address of ours that answers a GET: the row, who asked, the response."""
    found = []
    for row in rows():
        if row.method == "GET" and is_ours(row, world):
            found.append((row, row.reader, world.ask(row.reader, "GET", world.address(row.address)).response))
    return found


def is_ours(row: Row, world: World) -> bool:
    view = resolve(world.address(row.address).split("?")[0]).func
    return not module_of(view).startswith(("wagtail.", "rest_framework."))


# --- Tokens -----------------------------------------------------------------------------------------------------------


def test_every_post_of_the_product_needs_its_token(world: World) -> None:
    wrong = []
    for row in rows():
        if row.method == "POST" and row.address not in WITHOUT_TOKEN:
            act = act_for(row.what)
            with undone():
                browser = world.client(row.reader, enforce_csrf_checks=True)
                answer = browser.post(world.address(row.address), act.data(world), **act.more)
            location = answer.headers.get("Location", "")
            is_asked_to_sign_in = location.startswith(("/accounts/login/", "/admin/login/"))
            is_led_away = answer.status_code == 302 and leads_away(row)
            if not (answer.status_code == 403 or is_asked_to_sign_in or is_led_away):
                wrong.append(f"{row}: status {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def leads_away(row: Row) -> bool:
    """Return whether the matrix says that nothing is done at the address, whoever asks."""
    return {word for _column, word in row.cells} <= {"away", "sign in", "no", "404"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_that_act_need_the_token_too(world: World, method: str) -> None:
    for address in (
        "/accounts/2fa/webauthn/keys/<passkey>/remove/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/logout/",
    ):
        with undone():
            browser = world.client("Owner", enforce_csrf_checks=True)
            assert getattr(browser, method.lower())(world.address(address)).status_code == 403


# --- Headers ----------------------------------------------------------------------------------------------------------


def test_every_answer_carries_a_policy_and_is_not_guessed_at(pages: list[tuple[Row, str, Any]]) -> None:
    for row, _person, response in pages:
        policy = response.headers.get("Content-Security-Policy", "")
        assert "default-src" in policy, row
        assert "object-src 'none'" in policy or "default-src 'none'" in policy, row
        if not row.address.startswith("/admin/"):
            assert "unsafe" not in policy, row
        assert response.headers["X-Content-Type-Options"] == "nosniff", row
        assert response.headers["Referrer-Policy"] == "same-origin", row
        assert response.headers["X-Frame-Options"] == "SAMEORIGIN", row


def test_no_page_of_ours_has_a_script_or_a_style_of_its_own(pages: list[tuple[Row, str, Any]]) -> None:
    """The policy would stop them; here they are not even written. The admin's frame is Wagtail's and has a policy of its own."""
    wrong = []
    for row, _person, response in pages:
        if "html" in response.headers.get("Content-Type", "") and not row.address.startswith("/admin/"):
            reader = Inline()
            reader.feed(response.content.decode())
            wrong += [f"{row}: {found}" for found in reader.found]
    assert not wrong, "\n".join(wrong)


class Inline(HTMLParser):
    """Finds what runs or styles from within a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        is_data = known.get("type") in {"application/json", "application/ld+json"}
        if tag == "style" or (tag == "script" and not known.get("src") and not is_data):
            self.found.append(f"<{tag}>")
        self.found += [name for name in known if name == "style" or name.startswith("on")]
        linked = [known.get(name, "") for name in ("href", "src", "action", "formaction")]
        self.found += [
            address for address in linked if address.strip().lower().startswith(("javascript:", "data:text"))
        ]
        if tag in {"script", "link", "img", "iframe"} and re.match(r"(https?:)?//", known.get("src", "")):
            self.found.append(known["src"])

    handle_startendtag = handle_starttag


def test_no_page_about_a_person_is_kept_by_a_browser_or_on_the_way(pages: list[tuple[Row, str, Any]]) -> None:
    wrong = []
    for row, person, response in pages:
        if person == STRANGER or row.address.startswith(SHARED[1:]) or response.status_code != 200:
            continue
        said = response.headers.get("Cache-Control", "")
        if (
            "no-store" not in said
            and not ("private" in said and "learn/files" in row.address)
            and "brand.css" not in row.address
            # Documents about the issuer and lists of bits, for wallets of strangers: they name nobody.
            and not row.address.startswith("/credentials/")
        ):
            wrong.append(f"{row}: {said!r}")
    assert not wrong, "\n".join(wrong)


def test_shared_pages_are_not_shared_between_people(world: World) -> None:
    """A page that anybody may read, but that greets whoever is signed in, says that it differs by cookie."""
    for address in ("/help/", "/catalogue/", "/catalogue/<course>/", "/verify/"):
        response = world.ask("Owner", "GET", world.address(address)).response
        assert "Cookie" in response.headers.get("Vary", "") or "no-store" in response.headers.get(
            "Cache-Control", ""
        ), address
        assert "public" not in response.headers.get("Cache-Control", ""), address


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("Owner", "/cpd/<draft>/files/<draft file>/"),
        ("Supervisor", "/cpd/<shared>/files/<shared file>/"),
        ("Officer", "/learn/files/<file>"),
        ("Reviewer", "/admin/course-reviews/<list>/files/<file>"),
        ("Owner", "/certificates/<certificate>/"),
    ],
)
def test_uploads_are_handed_over_and_never_run(world: World, person: str, address: str) -> None:
    response = world.ask(person, "GET", world.address(address)).response
    assert response.status_code == 200
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Type"].split(";")[0] in {"image/png", "application/pdf"}
    assert "public" not in response.headers.get("Cache-Control", "")
    if "certificates" not in address:
        assert "sandbox" in response.headers["Content-Security-Policy"]


def test_cookies_are_for_this_site_and_not_for_scripts(world: World) -> None:
    browser = Client()
    page = browser.get("/accounts/login/")
    with undone():
        signed_in = browser.post("/accounts/login/", {"login": world.people["Learner"].email, "password": PASSWORD})
    for cookie in (*page.cookies.values(), *signed_in.cookies.values()):
        assert cookie["samesite"] == "Lax", cookie.key
        assert cookie["httponly"] or cookie.key == "csrftoken", cookie.key
        assert "@" not in cookie.value
    assert signed_in.cookies["sessionid"]["httponly"]


# --- Redirects --------------------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "/%09/evil.example",
    " //evil.example",
)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(world: World, target: str) -> None:
    person = world.people["Learner"]
    sign_in = {"login": person.email, "password": PASSWORD, "next": target}
    answers = []
    for browser, method, address, data in (
        (Client(), "post", "/accounts/login/", sign_in),
        (Client(), "get", "/admin/login/", {"next": target}),
        (Client(), "get", "/_util/login/", {"next": target}),
        (world.client("Learner"), "get", "/accounts/login/", {"next": target}),
        (world.client("Learner"), "post", "/accounts/logout/", {"next": target}),
        (world.client("Learner"), "post", "/accounts/reauthenticate/", {"password": PASSWORD, "next": target}),
        (world.client("Learner"), "get", "/kept/x/", {"next": target}),
        (world.client("Trainer"), "get", "/admin/", {"next": target}),
        (world.client("System admin"), "post", f"/admin/users/edit/{person.pk}/", {"next": target}),
        (world.client("System admin"), "post", "/admin/bulk/people/user/delete/", {"next": target}),
    ):
        with undone():
            answers.append(getattr(browser, method)(address, data))
        cache.clear()
    for answer in answers:
        location = answer.headers.get("Location", "")
        assert not location or re.match(r"/(?![/\\])", location), location


def test_an_attempt_leads_back_into_this_site_only(world: World) -> None:
    """The address that an attempt carries comes from above and is checked once more where it is linked."""
    html = world.ask("Owner", "GET", world.address("/assess/<attempt>/receipt/")).response.content.decode()  # type: ignore[attr-defined]
    assert not re.search(r'href="(?:https?:)?//', html.split("<main")[1].split("</main")[0])


# --- What is said about people ----------------------------------------------------------------------------------------


def test_no_log_line_and_no_address_names_anybody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A walk over every row by everybody who may be in a log line: refusals, failures, wrong codes, wrong passwords."""
    told = [word for user in world.people.values() for word in (user.email, user.service_number)]
    told += ["What I had typed", world.places["code"], PASSWORD]
    leaks = []
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        for row in rows():
            for person in (row.reader, STRANGER):
                act = act_for(row.what)
                data = act.data(world) if row.method == "POST" else {}
                answer = world.ask(person, row.method, world.address(row.address), data, **act.more)
                location = answer.response.headers.get("Location", "")
                leaks += [f"{row} leads to {location}" for word in told[:-2] if word in location]
        world.ask(
            STRANGER, "POST", "/accounts/login/", {"login": world.people["Owner"].email, "password": "What I had typed"}
        )
        world.ask(STRANGER, "GET", "/verify/0000-0000-0000/")
        world.ask(STRANGER, "POST", "/verify/", {"code": "What I had typed"})
    for record in caplog.records:
        line = record.getMessage() + (record.exc_text or "")
        leaks += [f"{record.name}: {line[:160]}" for word in told if word in line]
    assert len(caplog.records) > 100
    assert not leaks, "\n".join(sorted(set(leaks)))


def test_no_link_on_a_page_carries_a_name_a_number_or_an_address_of_somebody(
    pages: list[tuple[Row, str, Any]], world: World
) -> None:
    told = [
        word for person in PERSONS for word in (world.people[person].email, f"={world.people[person].service_number}")
    ]
    for row, _person, response in pages:
        if "html" in response.headers.get("Content-Type", ""):
            for address in re.findall(r'(?:href|action)="([^"]+)"', response.content.decode()):
                assert not [word for word in told if word in address], f"{row}: {address}"


# --- Sessions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def officer(db: None) -> User:
    return factories.person("Officer", email="officer@force.example", password=PASSWORD)


def browser_of(person: User) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert browser.get("/my/").status_code == 200
    return browser


def test_a_closed_account_is_signed_out_at_its_next_request(officer: User, signed_in: Callable[[User], Client]) -> None:
    browser = browser_of(officer)
    admin = signed_in(factories.person("Admin", "system-admin"))
    who = {"service_number": officer.service_number, "email": officer.email, "name": officer.name}
    assert admin.post(f"/admin/users/edit/{officer.pk}/", who).status_code == 302
    assert browser.get("/my/").headers["Location"].startswith("/accounts/login/")
    browser.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
    assert browser.get("/my/").status_code == 302


def test_a_changed_password_ends_every_other_session(officer: User) -> None:
    here, elsewhere = browser_of(officer), browser_of(officer)
    new = "another-long-one-9"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert here.get("/my/").status_code == 200
    assert elsewhere.get("/my/").headers["Location"].startswith("/accounts/login/")


def test_a_password_set_by_a_link_ends_every_session(officer: User, mailoutbox: list[Any]) -> None:
    elsewhere = browser_of(officer)
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": officer.email})
    link = next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word)
    page = stranger.get("/" + link.split("/", 3)[3], follow=True)
    new = "another-long-one-9"
    stranger.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert elsewhere.get("/my/").headers["Location"].startswith("/accounts/login/")


def test_a_reset_link_does_not_outlive_a_changed_password(officer: User, mailoutbox: list[Any]) -> None:
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": officer.email})
    path = "/" + next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word).split("/", 3)[3]
    officer.set_password("another-long-one-9")
    officer.save()
    assert "password1" not in stranger.get(path, follow=True).content.decode()


def test_a_reset_link_runs_out(officer: User, mailoutbox: list[Any], settings: Any) -> None:
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": officer.email})
    path = "/" + next(word for word in mailoutbox[0].body.split() if "/reset/key/" in word).split("/", 3)[3]
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "password1" not in stranger.get(path, follow=True).content.decode()


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(officer: User) -> None:
    browser = Client()
    browser.post("/cpd/log/", {"title": "A briefing"}, HTTP_ORIGIN="http://testserver")
    before = browser.cookies["sessionid"].value
    browser.post("/accounts/login/", {"login": officer.email, "password": PASSWORD})
    after = browser.cookies["sessionid"].value
    assert before != after
    stolen = Client()
    stolen.cookies["sessionid"] = after
    assert stolen.get("/my/").status_code == 200
    browser.post("/accounts/logout/")
    assert stolen.get("/my/").status_code == 302


def test_a_lost_role_is_gone_at_the_next_request(signed_in: Callable[[User], Client]) -> None:
    authoring.family()
    trainer = authoring.trainer()
    browser, admin = signed_in(trainer), signed_in(factories.person("Admin", "system-admin"))
    assert browser.get("/admin/").status_code == 200
    held = trainer.roles_held.get()
    admin.post(f"/admin/people-roles/{trainer.pk}/roles/{held.pk}/end/")
    assert browser.get("/admin/").status_code == 403
