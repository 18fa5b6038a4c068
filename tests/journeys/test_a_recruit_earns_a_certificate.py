"""A recruit finds a course, studies it, loses the connection in its test, passes, and a stranger checks the certificate."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from playwright.sync_api import expect

from tests.journeys import stories


def test_a_recruit_studies_passes_without_connection_and_a_stranger_checks_the_certificate(
    visitor, a_moment_passes, tmp_path
):
    robin = stories.person("Robin Demo")
    stories.handing_over_is_out(tmp_path)

    recruit = visitor()
    stories.signs_in(recruit, robin)
    finds_and_enrols(recruit)
    studies(recruit)
    sits_the_test_and_loses_the_connection(recruit)
    code, file = passes_and_downloads(recruit, a_moment_passes, tmp_path)

    stranger = visitor()
    checks_the_code(stranger, code)
    checks_the_file(stranger, file, tmp_path)


def finds_and_enrols(recruit):
    # Given an empty 'My learning', the catalogue is one press away.
    recruit.sees("You have not started a course.")
    recruit.follows("Look in the catalogue")
    recruit.writes("Search by subject, law or code", "handover")
    recruit.presses("Search")
    recruit.follows(stories.TITLE)
    recruit.sees("Hand over so that the next officer can act")
    # When they enrol, they stand in the first lesson.
    recruit.presses("Enrol")
    recruit.sees("You are enrolled on Handing over")
    recruit.sees_heading("What you did not check")


def studies(recruit):
    page = recruit.page
    law = page.locator(".law").first
    expect(law).to_contain_text("Example Act 1990")
    # A wrong answer to a check is told why, without a page load; a right one too.
    recruit.chooses("Nothing, as the log will show what was done")
    recruit.presses("Check my answer")
    recruit.sees("The log shows what was written, not what was left out.")
    recruit.page.get_by_role("link", name="Try again").click()
    recruit.presses("Check my answer")
    expect(page.locator(".check .govuk-error-message:visible")).to_contain_text("Choose")
    recruit.looks()
    recruit.chooses("That the bedroom is locked and unopened")
    recruit.presses("Check my answer")
    recruit.sees("The gap is the first thing they need.")
    # A private note is kept when they leave the field.
    recruit.writes("Your note (optional)", "The garage. I never said that I had not opened it.")
    page.get_by_label("Your note (optional)").blur()
    expect(page.locator("[data-kept]")).to_contain_text("Kept")
    recruit.presses("Next: Who said it")
    recruit.sees_heading("Who said it")
    recruit.presses("Next: Your own handover")
    recruit.sees_heading("Your own handover")

    # When they come back another day, the product leads them to where they were.
    recruit.goes_to("/my/")
    recruit.page.locator(".do-next a.govuk-button").click()
    recruit.sees_heading("Your own handover")
    recruit.presses("I have done this task. Next: Final test")
    recruit.sees_heading("Final test")
    # And what they wrote is still there, for them alone.
    recruit.goes_to("/learn/tiny-101/what-you-did-not-check/")
    expect(page.get_by_label("Your note (optional)")).to_have_value(
        "The garage. I never said that I had not opened it."
    )


def sits_the_test_and_loses_the_connection(recruit):
    page = recruit.page
    state = page.locator("[data-save-state]")
    recruit.goes_to("/learn/tiny-101/final/")
    with page.expect_response("**/questions/"):
        recruit.presses("Start the test")
    stories.stands_at_question(recruit, 1)
    stories.answers(recruit)
    expect(state).to_contain_text("Saved at")

    # When the connection goes, nothing stops, and the page says what is not saved and where it is kept.
    recruit.context.set_offline(True)
    recruit.presses("Next question")
    stories.stands_at_question(recruit, 2)
    stories.answers(recruit)
    expect(state).to_contain_text("Not saved. Kept in this browser")
    recruit.sees("Your last answer has not reached us yet.")
    recruit.presses("Next question")
    stories.stands_at_question(recruit, 3)
    stories.answers(recruit)
    recruit.sees("Your last 2 answers have not reached us yet.")
    # Nothing can be handed in while answers have not arrived.
    page.get_by_role("button", name="Review and submit").filter(visible=True).first.click()
    expect(page.locator("#live")).to_contain_text("have not reached us yet")
    stories.stands_at_question(recruit, 3)

    # When it comes back, everything is sent by itself.
    recruit.context.set_offline(False)
    expect(state).to_contain_text("Saved at")
    recruit.does_not_see("not reached us yet. They")
    page.reload()
    stories.stands_at_question(recruit, 3)
    expect(page.locator("[data-answered]")).to_have_text("3")


def passes_and_downloads(recruit, a_moment_passes, folder: Path) -> tuple[str, Path]:
    page = recruit.page
    page.get_by_role("button", name="Review and submit").filter(visible=True).first.click()
    recruit.sees("3 of 3 answered, all received.")
    recruit.presses("Submit my answers")
    # The receipt lists what was received, before any score.
    recruit.sees_heading("We have received your test")
    expect(page.locator("#received tbody tr").filter(has_text="Answered")).to_have_count(3)
    recruit.follows("See my result")
    recruit.sees_heading("You passed")
    recruit.sees("Your certificate is being made")

    # A moment later the certificate is there, and on the record.
    a_moment_passes()
    recruit.follows("Look again")
    recruit.sees("Your certificate is ready")
    recruit.goes_to("/my/record/")
    recruit.sees("Certificates")
    file = recruit.downloads(stories.TITLE, folder)
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo["/Title"])
        code = str(pdf.docinfo["/Subject"]).removeprefix("Certificate ")
    recruit.goes_to(stories.HANDING_OVER)
    recruit.sees("open the certificate")
    return code, file


def checks_the_code(stranger, code: str):
    # Given only the paper: its code, typed by hand.
    stranger.goes_to("/verify/")
    stranger.writes("Code", code.lower())
    stranger.presses("Check this code")
    stranger.sees("Robin Demo")
    stranger.sees(stories.TITLE)
    assert stranger.page.get_by_role("navigation").count() == 0


def checks_the_file(stranger, file: Path, folder: Path):
    # Given the file itself: whole, and with one letter changed by somebody.
    stranger.follows("Check another certificate")
    stranger.page.locator("input[type=file]").set_input_files(file)
    stranger.presses("Check this file")
    stranger.sees("Robin Demo")
    genuine = stranger.page.get_by_role("heading", level=1).inner_text()
    forged = folder / "forged.pdf"
    forged.write_bytes(file.read_bytes() + b"\n% Robin was here")
    stranger.follows("Check another certificate")
    stranger.page.locator("input[type=file]").set_input_files(forged)
    stranger.presses("Check this file")
    expect(stranger.page.get_by_role("heading", level=1)).not_to_have_text(genuine)
