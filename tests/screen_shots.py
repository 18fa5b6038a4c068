"""Every screen and state that ``make screens`` photographs: who looks, where, and what they do there first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

PASSWORD = "policing-by-consent"
Act = Callable[[Page, dict[str, str]], None]
WIDE = (1440,)
PHONE = (360,)


@dataclass(frozen=True)
class Shot:
    """One picture. ``who`` is the part of an e-mail address, empty for a stranger; ``path`` may name states in braces.

    ``whole`` takes the page from top to foot; ``body`` names a page that no link leads to; ``pdf`` draws a file the site sends;
    ``printed`` draws the page as it is printed.
    """

    name: str
    who: str
    path: str
    act: Act | None = None
    widths: tuple[int, ...] = (1440, 360)
    status: int = 200
    whole: bool = True
    body: str = ""
    pdf: bool = False
    printed: bool = False
    forced_colours: bool = False
    javascript: bool = True


# --- What somebody does before the picture is taken ----------------------------------------------------------------------


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def _sign_in(page: Page, who: str, password: str = PASSWORD) -> None:
    page.fill("input[name=login]", f"{who}@force.example")
    page.fill("input[name=password]", password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_load_state()


def wrong_password(page: Page, _states: dict[str, str]) -> None:
    _sign_in(page, "officer", "not this one")


def open_menu(page: Page, _states: dict[str, str]) -> None:
    page.locator("header").get_by_text("Menu").click()


def focus_button(page: Page, _states: dict[str, str]) -> None:
    page.locator(".do-next .govuk-button").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")


def fill_cpd(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("What did you do?").fill("Briefing on missing children")
    page.locator("label.preset", has_text="Today").click()
    page.locator("label.preset", has_text="45 min").click()
    page.get_by_label("Briefing or session").check()
    page.get_by_label("What did you learn?").fill("I ask who saw the child last before I ask where.")


def log_25_hours(page: Page, states: dict[str, str]) -> None:
    fill_cpd(page, states)
    page.get_by_text("Another length").click()
    page.locator("input[name=length_hours]").fill("25")
    page.locator("main form button[type=submit]:visible").first.click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def log_empty(page: Page, _states: dict[str, str]) -> None:
    page.get_by_label("What did you do?").fill("Briefing on missing children")
    page.locator("main form button[type=submit]:visible").first.click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


def log_offline(page: Page, states: dict[str, str]) -> None:
    fill_cpd(page, states)
    page.context.set_offline(True)
    page.locator("main form button[type=submit]:visible").first.click()
    page.wait_for_timeout(700)


def end_session(page: Page, states: dict[str, str]) -> None:
    fill_cpd(page, states)
    page.context.clear_cookies(name="sessionid")
    page.locator("main form button[type=submit]:visible").first.click()
    page.wait_for_url("**/accounts/login/**")


def come_back(page: Page, states: dict[str, str]) -> None:
    end_session(page, states)
    _sign_in(page, "officer")


def old_token(page: Page, states: dict[str, str]) -> None:
    fill_cpd(page, states)
    page.context.clear_cookies(name="csrftoken")
    page.locator("main form button[type=submit]:visible").first.click()
    expect(page.locator("h1")).not_to_have_text("Log CPD")


def lose_connection(page: Page, _states: dict[str, str]) -> None:
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    _give_an_answer(page)
    expect(page.locator("main").get_by_text("has not reached us yet").first).to_be_visible()


def move_to_another_device(page: Page, states: dict[str, str]) -> None:
    page.wait_for_load_state("networkidle")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_load_state("networkidle")
    page.bring_to_front()
    _give_an_answer(page)
    expect(page.get_by_text("This one is now read only").first).to_be_visible()


def five_minutes_left(page: Page, _states: dict[str, str]) -> None:
    page.clock.install()
    page.reload()
    page.wait_for_load_state("networkidle")
    form = page.locator("[data-attempt]")
    left = int(form.get_attribute("data-end") or 0) - int(form.get_attribute("data-now") or 0)
    page.clock.fast_forward(max(left - 4 * 60_000 - 50_000, 0))
    expect(page.locator("main").get_by_text("minutes left").first).to_be_visible()


def _give_an_answer(page: Page) -> None:
    box = page.locator("main input[type=radio], main input[type=checkbox].option__input").last
    if box.count():
        box.check()
    else:
        page.locator("#answer").fill("12")


def upload_edited(page: Page, states: dict[str, str]) -> None:
    page.locator("input[type=file]").set_input_files(states["edited-file"])
    page.locator("form:has(input[type=file]) button").first.click()
    page.wait_for_load_state()


def type_nonsense(page: Page, _states: dict[str, str]) -> None:
    page.locator("main input[type=text]").first.fill("PASSED")
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def first_proof(page: Page, _states: dict[str, str]) -> None:
    page.get_by_role("link", name="Proof").first.click()
    page.wait_for_load_state()


def return_without_reason(page: Page, _states: dict[str, str]) -> None:
    page.get_by_role("button", name="Return").last.click()
    page.wait_for_load_state()


def filter_on(page: Page, _states: dict[str, str]) -> None:
    page.locator(".filters summary").first.click()


# --- The pictures --------------------------------------------------------------------------------------------------------

README_SHOTS = (
    Shot("01-my-learning-officer", "officer", "/my/", widths=WIDE, whole=False),
    Shot("03-course", "officer", "/catalogue/mh-101/", widths=WIDE, whole=False),
    Shot("04-lesson", "recruit", "/learn/spec-110/smell-nerves-and-place/", widths=WIDE, whole=False),
    Shot("05-attempt", "sitting", "{attempt}?q=8", widths=WIDE, whole=False),
    Shot("07-record", "officer", "/my/record/", widths=WIDE, whole=False),
)

SHOTS = (
    Shot("00-home", "", "/"),
    Shot("00-sign-in", "", "/accounts/login/"),
    Shot("00-sign-in-wrong", "", "/accounts/login/", wrong_password),
    Shot("00-signed-out", "officer", "/accounts/logout/"),
    Shot("00-password-reset", "", "/accounts/password/reset/"),
    Shot("00-help", "", "/help/"),
    Shot("00-accessibility", "", "/accessibility/"),
    Shot("00-privacy", "", "/privacy/"),
    Shot("00-account", "officer", "/account/"),
    Shot("00-two-factor", "officer", "/accounts/2fa/"),
    Shot("00-menu", "supervisor", "/my/", open_menu, PHONE, whole=False),
    Shot("00-not-found", "", "/nothing/here/", status=404),
    Shot("00-error-400", "", "/my/", body="400.html"),
    Shot("00-error-403", "", "/my/", body="403.html"),
    Shot("00-error-429", "", "/my/", body="429.html"),
    Shot("00-error-500", "", "/my/", body="500.html"),
    Shot("00-session-ended", "officer", "/cpd/log/", end_session),
    Shot("00-session-back", "officer", "/cpd/log/", come_back),
    Shot("00-form-too-old", "officer", "/cpd/log/", old_token),
    Shot("01-my-learning-recruit", "recruit", "/my/"),
    Shot("01-my-learning-officer", "officer", "/my/"),
    Shot("01-my-learning-supervisor", "supervisor", "/my/"),
    Shot("01-my-learning-first-day", "first-day", "/my/"),
    Shot("01-my-learning-test-open", "sitting", "/my/"),
    Shot("01-my-learning-long", "many", "/my/"),
    Shot("01-my-learning-name-long", "name-long", "/my/"),
    Shot("01-my-learning-name-ethiopic", "name-ethiopic", "/my/"),
    Shot("01-my-learning-name-arabic", "name-arabic", "/my/"),
    Shot("01-my-learning-focus", "officer", "/my/", focus_button, WIDE, whole=False),
    Shot("01-my-learning-forced-colours", "officer", "/my/", widths=WIDE, forced_colours=True),
    Shot("02-catalogue", "officer", "/catalogue/"),
    Shot("02-catalogue-stranger", "", "/catalogue/"),
    Shot("02-catalogue-family", "officer", "/catalogue/specialist/"),
    Shot("02-catalogue-filtered", "officer", "/catalogue/?hide=in-date&hours=2"),
    Shot("02-catalogue-nothing-found", "officer", "/catalogue/?q=kettling"),
    Shot("02-catalogue-no-javascript", "officer", "/catalogue/?q=search", widths=PHONE, javascript=False),
    Shot("03-course", "officer", "/catalogue/mh-101/"),
    Shot("03-course-finished", "officer", "/catalogue/eth-101/"),
    Shot("03-course-not-enrolled", "iqa", "/catalogue/spec-110/"),
    Shot("03-course-stranger", "", "/catalogue/init-101/"),
    Shot("03-course-printed", "officer", "/catalogue/mh-101/", widths=WIDE, printed=True),
    Shot("04-lesson", "recruit", "/learn/spec-110/smell-nerves-and-place/", widths=(1440, 360, 320)),
    Shot("04-lesson-law", "recruit", "/learn/mh-101/where-it-stops/"),
    Shot("04-lesson-check-right", "answered-right", "{check-right}", whole=False),
    Shot("04-lesson-check-wrong", "answered-wrong", "{check-wrong}", whole=False),
    Shot("04-lesson-reflection-kept", "answered-right", "{reflection-right}", whole=False),
    Shot("04-lesson-not-enrolled", "iqa", "/learn/mh-101/where-it-stops/", status=403),
    Shot("04-lesson-printed", "recruit", "/learn/spec-110/smell-nerves-and-place/", widths=WIDE, printed=True),
    Shot("04-lesson-forced-colours", "answered-wrong", "{check-wrong}", widths=WIDE, whole=False, forced_colours=True),
    Shot("05-start", "recruit", "/learn/init-101/final/"),
    Shot("05-start-open", "sitting", "/learn/spec-110/final/"),
    Shot("05-start-wait", "failed", "/learn/mh-101/final/"),
    Shot("05-attempt", "sitting", "{attempt}?q=8", widths=(1440, 360, 320)),
    Shot("05-attempt-first", "sitting", "{attempt}"),
    Shot("05-attempt-flagged", "sitting", "{attempt}?q=4"),
    Shot("05-attempt-not-saved", "sitting", "{attempt}?q=9", lose_connection),
    Shot("05-attempt-read-only", "sitting", "{attempt}?q=10", move_to_another_device),
    Shot("05-attempt-5-minutes", "sitting", "{attempt}?q=9", five_minutes_left),
    Shot("05-attempt-no-javascript", "sitting", "{attempt}?q=8", widths=PHONE, javascript=False),
    Shot("05-attempt-forced-colours", "sitting", "{attempt}?q=8", widths=WIDE, forced_colours=True),
    Shot("05-review", "sitting", "{attempt}review/"),
    Shot("05-time-up", "late", "{time-up}", javascript=False),
    Shot("05-receipt", "passed", "{receipt}"),
    Shot("05-receipt-time-ran-out", "ended", "{receipt-expired}"),
    Shot("06-result-passed", "passed", "{result-passed}"),
    Shot("06-result-passed-certificate-being-made", "waiting", "{result-waiting}"),
    Shot("06-result-failed", "failed", "{result-failed}"),
    Shot("06-result-failed-and-passed-since", "officer", "{result-passed-since}"),
    Shot("07-record", "officer", "/my/record/"),
    Shot("07-record-empty", "first-day", "/my/record/"),
    Shot("07-record-empty-year", "officer", "/my/record/?year=2023"),
    Shot("07-record-long", "many", "/my/record/"),
    Shot("07-record-name-long", "name-long", "/my/record/"),
    Shot("07-record-name-ethiopic", "name-ethiopic", "/my/record/"),
    Shot("07-record-name-arabic", "name-arabic", "/my/record/"),
    Shot("07-record-printed", "officer", "/my/record/", widths=WIDE, printed=True),
    Shot("07-proof", "officer", "/my/record/", first_proof),
    Shot("07-certificate-being-made", "waiting", "{being-made}", status=202),
    Shot("08-cpd", "officer", "/cpd/"),
    Shot("08-cpd-empty", "first-day", "/cpd/"),
    Shot("08-cpd-log", "officer", "/cpd/log/", widths=(1440, 360, 320)),
    Shot("08-cpd-log-filled", "officer", "/cpd/log/", fill_cpd),
    Shot("08-cpd-error", "officer", "/cpd/log/", log_empty),
    Shot("08-cpd-error-25-hours", "officer", "/cpd/log/", log_25_hours),
    Shot("08-cpd-offline", "officer", "/cpd/log/", log_offline, PHONE),
    Shot("08-cpd-draft", "officer", "{cpd-draft}"),
    Shot("08-cpd-reflection", "officer", "{cpd-reflect}"),
    Shot("08-cpd-submit", "officer", "{cpd-submit}"),
    Shot("08-cpd-delete", "officer", "{cpd-discard}"),
    Shot("08-cpd-returned", "officer", "{cpd-returned}"),
    Shot("08-cpd-verified", "officer", "{cpd-verified}"),
    Shot("09-team-cpd", "supervisor", "/team/cpd/"),
    Shot("09-team-cpd-activity", "supervisor", "{cpd-team}"),
    Shot("09-team-cpd-return-without-reason", "supervisor", "{cpd-team}", return_without_reason),
    Shot("10-certificate", "recruit", "{pdf}", widths=WIDE, pdf=True),
    Shot("10-certificate-name-long", "name-long", "{pdf-name-long}", widths=WIDE, pdf=True),
    Shot("10-certificate-name-ethiopic", "name-ethiopic", "{pdf-name-ethiopic}", widths=WIDE, pdf=True),
    Shot("10-certificate-name-arabic", "name-arabic", "{pdf-name-arabic}", widths=WIDE, pdf=True),
    Shot("10-verify", "", "/verify/"),
    Shot("10-verify-mistyped", "", "/verify/", type_nonsense),
    Shot("10-verify-valid", "", "{verify-valid}"),
    Shot("10-verify-expired", "", "{verify-expired}"),
    Shot("10-verify-superseded", "", "{verify-superseded}"),
    Shot("10-verify-revoked", "", "{verify-revoked}"),
    Shot("10-verify-edited", "", "/verify/", upload_edited),
    Shot("10-verify-unknown", "", "/verify/AAAABBBBCCCC/", status=404),
    Shot("10-verify-how", "", "/verify/how-it-works/"),
    Shot("10-verify-printed", "", "{verify-valid}", widths=WIDE, printed=True),
    Shot("10-verify-forced-colours", "", "{verify-valid}", widths=WIDE, forced_colours=True),
    Shot("13-authoring", "trainer", "/admin/", widths=WIDE),
    Shot("13-authoring-reviewer", "reviewer", "/admin/", widths=WIDE),
    Shot("13-authoring-nothing-waits", "approver", "/admin/", widths=WIDE),
    Shot("13-course-editor", "trainer", "{course-page}", widths=WIDE, whole=False),
    Shot("13-lesson-editor", "trainer", "{lesson-page}", widths=WIDE, whole=False),
    Shot("13-awaiting-my-review", "approver", "/admin/awaiting-my-review/", widths=WIDE),
    Shot("13-drafts", "trainer", "/admin/course-drafts/", widths=WIDE),
    Shot("13-submit", "trainer", "{submit}", widths=WIDE),
    Shot("13-reviews", "reviewer", "/admin/course-reviews/", widths=WIDE),
    Shot("13-review", "reviewer", "{review}", widths=WIDE),
    Shot("13-class-list", "trainer", "{class-list}", widths=WIDE),
    Shot("13-review-dates", "approver", "{review-dates}", widths=WIDE),
    Shot("13-withdraw", "approver", "{withdraw}", widths=WIDE),
    Shot("13-questions", "trainer", "/admin/assessments/"),
    Shot("13-questions-narrowed", "trainer", "/admin/assessments/?bank=MH-101&state=approved&difficulty=hard"),
    Shot("13-banks", "trainer", "/admin/assessments/banks/"),
    Shot("13-topics", "trainer", "/admin/assessments/banks/MH-101/topics/"),
    Shot("13-references", "trainer", "/admin/assessments/banks/MH-101/references/"),
    Shot("13-law-changed", "trainer", "/admin/law-changed/find/?act=Mental+Health+Act+1983&provision=section+136"),
    Shot("13-question-new", "trainer", "/admin/assessments/questions/new/", widths=WIDE),
    Shot("13-question-write", "trainer", "/admin/assessments/questions/new/single_choice/", widths=WIDE),
    Shot("13-question", "trainer", "{question}", widths=WIDE),
    Shot("13-question-edit", "trainer", "{question}edit/", widths=WIDE),
    Shot("13-question-preview", "trainer", "{question}versions/1/", widths=WIDE),
    Shot("13-assessments", "trainer", "/admin/assessments/tests/", widths=WIDE),
    Shot("13-assessment", "trainer", "{assessment}", widths=WIDE),
    Shot("13-assessment-edit", "trainer", "{assessment}edit/", widths=WIDE),
    Shot("13-assessment-draw", "trainer", "{assessment}versions/1/draw/?seed=ab"),
    Shot("13-assessment-sat", "trainer", "{assessment}versions/1/try/?seed=ab"),
    Shot("13-people", "admin", "/admin/users/", widths=WIDE),
)

# After newer releases came out and a course was withdrawn.
SHOTS_AFTER = (
    Shot("03-course-newer-must-read", "told", "/catalogue/spec-110/"),
    Shot("03-course-newer-must-retake", "again", "/catalogue/init-101/"),
    Shot("03-course-withdrawn", "iqa", "/catalogue/mh-101/"),
    Shot("03-course-withdrawn-while-in-it", "left", "/catalogue/mh-101/"),
    Shot("04-lesson-newer-must-read", "told", "/learn/spec-110/smell-nerves-and-place/", whole=False),
    Shot("04-lesson-withdrawn-while-in-it", "left", "/learn/mh-101/where-it-stops/", whole=False),
    Shot("01-my-learning-newer-must-retake", "again", "/my/"),
)
