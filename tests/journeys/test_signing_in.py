"""Signing in with something one has: an authenticator app with recovery codes, and a passkey."""

from __future__ import annotations

import struct
import time
from base64 import b32decode
from hashlib import sha1
from hmac import digest

import pytest
from playwright.sync_api import expect

from tests.courses import authoring
from tests.journeys import stories

PERIOD = 30
NOT_RIGHT = "That code or key is not right, or its time has passed. Try the newest code, or another key."


def code_of(secret: str, *, ahead: int = 0) -> str:
    """The six figures an authenticator app shows (RFC 6238), now or so many periods ahead."""
    mac = digest(b32decode(secret), struct.pack(">Q", int(time.time()) // PERIOD + ahead), sha1)
    place = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def needs_second_factor(settings):
    """As in production: the authors' pages ask for a second factor."""
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    # The app's clock and ours never differ here, but a period may end between reading the code and sending it.
    settings.MFA_TOTP_TOLERANCE = 1


def test_an_author_sets_up_an_authenticator_app_and_signs_in_with_it(visitor, needs_second_factor):
    authoring.family("ethics")
    tariq = stories.person("Tariq Demo", "trainer", family="ethics")
    author = visitor()
    stories.signs_in(author, tariq)

    # Given an author without a second factor, the authors' pages lead to setting one up.
    author.goes_to("/admin/")
    author.sees("Set up a second factor first: the authoring pages need one.")
    author.follows("Set up an app")
    confirms(author)
    secret = author.page.locator("main code").inner_text()
    author.writes("Code from the app", "000000")
    author.presses("Set up the app")
    author.sees(NOT_RIGHT)
    author.writes("Code from the app", code_of(secret))
    author.presses("Set up the app")
    author.sees("10 of 10 are left.")
    recovery = author.page.locator(".recovery-codes code").first.inner_text()
    author.goes_to("/admin/")
    expect(author.page.locator("h1, h2").filter(has_text="Tariq").first).to_be_visible()

    # When they sign in the next time, the password alone is not enough.
    author.context.clear_cookies()
    stories.signs_in(author, tariq)
    author.sees_heading("Enter your code")
    author.goes_to("/my/")
    author.sees_heading("Enter your code")
    author.writes("Code", "000000")
    author.presses("Sign in")
    author.sees(NOT_RIGHT)
    author.writes("Code", code_of(secret))
    author.presses("Sign in")
    author.sees_heading("My learning")

    # And without the phone, a recovery code works, once.
    for works in (True, False):
        author.context.clear_cookies()
        stories.signs_in(author, tariq)
        author.writes("Code", recovery)
        author.presses("Sign in")
        author.sees_heading("My learning" if works else "Enter your code")


def test_a_passkey_signs_in_without_a_password(visitor):
    olu = stories.person("Olu Demo")
    officer = visitor()
    has_a_phone_that_knows_the_fingerprint(officer)
    stories.signs_in(officer, olu)

    # Given a key they set up to be used instead of the password.
    officer.goes_to("/account/")
    officer.goes_to("/accounts/2fa/")
    officer.follows("Add a key")
    confirms(officer)
    officer.writes("A name for it (optional)", "Work phone")
    officer.chooses("Use it instead of the password")
    officer.presses("Add the key")
    officer.sees("The key is added.")

    # When they come another day, the finger is enough.
    officer.context.clear_cookies()
    officer.goes_to("/accounts/login/")
    officer.presses("Sign in with a passkey")
    officer.sees_heading("My learning")

    # Then, once the key is taken away, it signs nobody in.
    officer.goes_to("/accounts/2fa/webauthn/")
    officer.follows("Remove Work phone")
    confirms(officer)
    officer.presses("Remove the key")
    officer.context.clear_cookies()
    officer.goes_to("/accounts/login/")
    officer.page.get_by_role("button", name="Sign in with a passkey").click()
    officer.sees(NOT_RIGHT)
    assert "/accounts/login/" in officer.page.url


def confirms(somebody):
    """Give the password once more before a factor is changed."""
    somebody.sees_heading("Confirm that it is you")
    somebody.writes("Password", stories.PASSWORD)
    somebody.presses("Confirm")


def has_a_phone_that_knows_the_fingerprint(officer):
    """Plug a virtual authenticator into the browser, one that asks for the finger and always gets it."""
    browser = officer.context.new_cdp_session(officer.page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
