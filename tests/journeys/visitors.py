"""Somebody at a browser, in the words of a story: goes to, presses, writes, sees.

Whatever page they come to is read by axe, must not scroll sideways, and must raise no error, no refusal by the content security policy
and no answer of 500. In the admin our own screens are read, within Wagtail's frame; Wagtail's screens and its frame are its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Error, Locator, Page, Response, expect

from tests.permissions.routes import module_of
from tests.settings import ROOT

OUR_APPS = {"people", "cpd_records", "assessments", "courses", "training_site"}
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
# A phone in the hand: the page is told that fingers point.
ON_A_PHONE: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
# For a story that is told on both, as ``screen``.
BOTH_WIDTHS = pytest.mark.parametrize("screen", [{"viewport": WIDE}, ON_A_PHONE], ids=["wide", "phone"])
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# How a page is built: its elements and what axe looks at on them; neither its words nor what differs from one person to the next.
AS_BUILT = """() => [...document.querySelectorAll('body *')].map(element =>
    [element.tagName, ...[...element.attributes].map(({name, value}) =>
        ['value', 'href', 'action', 'content', 'src'].includes(name) || name.startsWith('data-')
            ? name + (value ? '' : ' empty') : name + '=' + value.replace(/[0-9a-f]{8,}|\\d+/g, '#')),
     element.childElementCount ? '' : element.textContent.trim() ? 'words' : 'no words'].join(' ')).join('\\n')"""
FOUND = """async ([where, rules]) => (await axe.run(document.querySelector(where) ?? document, {runOnly: rules})).violations.map(
    found => found.id + ': ' + found.help + ' — ' + found.nodes.map(node => node.target.join(' ')).join(', '))"""
# What of a page is read: all of it, or in the admin what stands in Wagtail's frame.
WHOLE, IN_THE_FRAME = "html", "main .nice-padding"
# The last: between two pages there is a moment without a document element.
MOVED_ON = re.compile(
    "axe is not defined|Execution context was destroyed|navigation|Cannot find context|reading 'scrollWidth'"
)


def is_ours(address: str) -> bool:
    """Return whether a view of ours answers at the address, not Wagtail's or Django's own."""
    path = urlsplit(address).path
    if not path.startswith("/admin/"):
        return True
    try:
        return module_of(resolve(path).func).split(".")[0] in OUR_APPS
    except Resolver404:
        return False


class Reading:
    """The pages axe has read, by width and by how they are built."""

    def __init__(self) -> None:
        self.known: set[tuple[int, int, str]] = set()

    def is_new(self, page: Page) -> bool:
        key = (page.viewport_size["width"] if page.viewport_size else 0, hash(page.title()), page.evaluate(AS_BUILT))
        if key in self.known:
            return False
        self.known.add(key)
        return True


class Visitor:
    """Somebody at a browser of their own, with one page open at a time."""

    def __init__(self, context: BrowserContext, address: str, reading: Reading, *, javascript: bool = True) -> None:
        self.context = context
        self.address = address
        self.reading = reading
        self.faults: list[str] = []
        context.on("page", self._watch)
        self.page: Page = context.new_page()
        self.switch = None if javascript else context.new_cdp_session(self.page)
        self._runs_scripts(False)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        page.on("response", self._answered)

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    # --- Going about -------------------------------------------------------------------------------------------------
    def goes_to(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.looks()

    def presses(self, name: str, *, role: Any = "button", exact: bool = True) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def follows(self, name: str, *, exact: bool = True) -> None:
        self.presses(name, role="link", exact=exact)

    def chooses(self, name: str, *, exact: bool = False) -> None:
        self.page.get_by_label(name, exact=exact).first.check()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def signs_in(self, login: str, password: str) -> None:
        self.goes_to("/accounts/login/")
        self.gives_password(login, password)

    def gives_password(self, login: str, password: str) -> None:
        """Fill and send the sign-in page this person has come to."""
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("main button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)
        self.looks()

    def is_signed_out(self) -> None:
        """The session ends, as after twelve hours, while the page stays open."""
        self.context.clear_cookies(name="sessionid")

    def downloads(self, name: str, folder: Path, *, role: Any = "link") -> Path:
        """Press what hands out a file and return where it was saved."""
        with self.page.expect_download() as handed_out:
            self.page.get_by_role(role, name=name, exact=True).first.click()
        saved = folder / handed_out.value.suggested_filename
        handed_out.value.save_as(saved)
        return saved

    # --- Seeing ------------------------------------------------------------------------------------------------------
    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        self.looks()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def sees_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=text)).to_be_visible()
        self.looks()

    def region(self, name: str) -> Locator:
        """A section by its heading."""
        return self.page.get_by_role("region", name=name)

    def is_refused(self, path: str, *, status: int = 404, secrets: tuple[str, ...] = ()) -> str:
        """Come to a page that is not theirs: refused, and telling nothing. Returns the words shown."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.looks()
        source = self.page.content()
        told = [secret for secret in secrets if secret in source]
        assert not told, f"{path} tells {told}"
        return self.page.locator("main").inner_text()

    def describes(self) -> str:
        """Return the address and the words of the page, for the report of a story that breaks off."""
        try:
            return f"{self.page.url}\n{self.page.locator('body').inner_text(timeout=1000)}"
        except Error as error:
            return f"{self.page.url}: {error}"

    def looks(self) -> None:
        """Let axe read the page unless it has read one built like it, and see that nothing scrolls sideways."""
        while True:
            try:
                return self._look()
            except Error as error:
                # The page moved on under the eyes: look at the next one.
                if not MOVED_ON.search(str(error)):
                    raise
                self.page.wait_for_load_state()

    def _look(self) -> None:
        page = self.page
        path = page.url.split("?")[0].split("#")[0]
        if not path.startswith("http") or not is_ours(path):
            return
        where = IN_THE_FRAME if "/admin/" in path else WHOLE
        assert page.viewport_size
        wide, allowed = page.evaluate("document.documentElement.scrollWidth"), page.viewport_size["width"]
        assert wide <= allowed, f"{path} is {wide} wide in a window of {allowed}"
        if self.reading.is_new(page):
            # The page's own scripts were not run when it came and are not run now; axe itself needs timers.
            self._runs_scripts(True)
            page.evaluate(AXE)
            found = page.evaluate(FOUND, [where, RULES])
            self._runs_scripts(False)
            assert not found, f"{path}\n" + "\n".join(found)

    def _runs_scripts(self, yes: bool) -> None:
        """Where JavaScript is switched off, switch it on or off again."""
        if self.switch is not None:
            self.switch.send("Emulation.setScriptExecutionDisabled", {"value": not yes})
