"""The style page and the site's own pages in a real browser: axe, 320 pixels, keyboard, and no JavaScript."""

import pytest
from playwright.sync_api import expect

from tests import factories

PASSWORD = "a long enough password"
PUBLIC = ["/", "/help/", "/accessibility/", "/privacy/", "/accounts/login/", "/accounts/password/reset/", "/style/"]
NARROW = {"width": 320, "height": 700}


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, {"width": 360, "height": 740}, NARROW])
def test_public_pages_satisfy_axe_and_never_scroll_sideways(visitor, viewport):
    stranger = visitor(viewport=viewport)
    for path in PUBLIC:
        stranger.goes_to(path)
        width = stranger.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{path} is {width} wide"


def test_the_refused_form_satisfies_axe_and_its_summary_takes_the_focus(visitor):
    stranger = visitor(viewport=NARROW)
    stranger.goes_to("/style/?errors=1")
    expect(stranger.page.locator("[data-error-summary]")).to_be_focused()
    stranger.page.get_by_role("link", name="Length must be 24 hours or less on one day.").click()
    expect(stranger.page.locator("#id_length_0")).to_be_focused()


def test_on_a_phone_the_menu_opens_in_place_and_closes_with_escape(visitor):
    officer = factories.person("Officer A. Demo", password=PASSWORD)
    reader = visitor(viewport={"width": 360, "height": 740})
    reader.signs_in(officer.email, PASSWORD)
    reader.goes_to("/help/")
    menu = reader.page.get_by_role("button", name="Menu")
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.click()
    expect(reader.page.get_by_role("navigation", name="Main")).to_be_visible()
    reader.page.keyboard.press("Escape")
    expect(reader.page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(menu).to_be_focused()


def test_without_javascript_menu_is_a_link_to_the_list_at_the_foot(browser, live_server):
    officer = factories.person("Officer A. Demo", password=PASSWORD)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/help/")
    page.locator("input[name=login]").fill(officer.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.get_by_role("link", name="Menu").click()
    expect(page.get_by_role("navigation", name="Menu")).to_be_in_viewport()
    context.close()


def test_what_is_focused_is_yellow_and_its_words_are_black(visitor):
    stranger = visitor()
    stranger.goes_to("/")
    stranger.page.keyboard.press("Tab")
    expect(stranger.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    button = stranger.page.locator(".band .govuk-button").first
    for _ in range(6):
        stranger.page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    expect(button).to_have_css("background-color", "rgb(255, 221, 0)")
    expect(button).to_have_css("color", "rgb(11, 12, 12)")


def test_a_password_can_be_shown_and_hidden_again(visitor):
    stranger = visitor()
    stranger.goes_to("/accounts/login/")
    stranger.page.get_by_label("Password", exact=True).fill("x")
    stranger.page.get_by_role("button", name="Show password").click()
    expect(stranger.page.locator("input[name=password]")).to_have_attribute("type", "text")
    stranger.page.get_by_role("button", name="Hide password").click()
    expect(stranger.page.locator("input[name=password]")).to_have_attribute("type", "password")
