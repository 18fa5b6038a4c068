"""A trainer writes a course of two modules with a test; a reviewer and an approver bring it out; it stands in the catalogue."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.courses import authoring
from tests.journeys import stories

CODE = "ETH-900"
CHECK, EXAM = "eth-900-c01", "eth-900-q01"
OPTIONS = (
    ("Say so", "1", "Silence would be read as consent."),
    ("Say nothing", "0", "It will be read as consent."),
    ("Wait and see", "0", "By then it has happened."),
)
COURSE = "/catalogue/eth-900/"


def test_a_trainer_writes_a_course_and_a_reviewer_and_an_approver_bring_it_out(visitor, a_moment_passes):
    authoring.family("ethics", "Ethics")
    trainer, reviewer, approver = visitor(), visitor(), visitor()
    stories.signs_in(trainer, stories.person("Tess Trainer", "trainer", family="ethics"))
    stories.signs_in(reviewer, stories.person("Rae Reviewer", "subject-reviewer", family="ethics"))
    stories.signs_in(approver, stories.person("Ama Approver", "approver", family="ethics"))

    # Given a trainer at her desk, who writes questions and a test, a course, its modules, its lessons, and puts the test in its place.
    trainer.follows("Authoring")
    writes_a_question(trainer, CHECK, use="Lesson check", begins_bank=True)
    writes_a_question(trainer, EXAM, use="Assessment")
    writes_a_test(trainer)
    course = writes_the_course(trainer)
    first = adds(trainer, course, "Module page", "Speaking up")
    adds(trainer, first, "Lesson page", "The shortcut", then=writes_its_blocks)
    second = adds(trainer, course, "Module page", "Being heard")
    adds(trainer, second, "Lesson page", "The second time", then=says_what_stays)
    adds(trainer, second, "Assessment step page", "Final test", then=names_the_test)

    # The authoring home says what stops publication; once an approver has approved the questions, nothing does.
    trainer.goes_to("/admin/")
    draft = trainer.page.get_by_role("row", name="Saying so")
    expect(draft).to_contain_text(f"Its knowledge check '{CHECK}' is not approved.")
    for code in (CHECK, EXAM):
        approves_a_question(approver, code)
    trainer.goes_to("/admin/")
    draft.get_by_role("link", name="Submit for review").click()
    trainer.sees("Saying so is ready to be reviewed")
    trainer.writes("What is new (optional)", "All of it.")
    trainer.presses("Submit for review")
    trainer.sees("is with the subject reviewers now")
    expect(trainer.page.get_by_role("button", name="Pass the review")).to_have_count(0)

    # When the reviewer has read the whole list and passed it, and the approver has approved it, it is out.
    for decider, decision, said in (
        (reviewer, "Pass the review", "You passed the subject review."),
        (approver, "Approve and bring out", "You approved the course."),
    ):
        decider.goes_to("/my/")
        decider.follows("Authoring")
        decider.follows("Saying so")
        decider.sees("You see a colleague take a shortcut.")
        expect(decider.page.get_by_text("Code of Ethics, principle 1").first).to_be_attached()
        decider.presses(decision)
        decider.sees(said)
    a_moment_passes()

    stands_in_the_catalogue(visitor())
    is_read_as_it_was_written(visitor)


def writes_a_question(trainer, code: str, *, use: str, begins_bank: bool = False):
    trainer.follows("Assessments")
    trainer.follows("New question")
    trainer.chooses("One answer from a list")
    trainer.chooses(use)
    if begins_bank:
        trainer.writes("Code of its course", CODE)
    else:
        trainer.page.get_by_label("Bank", exact=True).select_option(label=CODE)
    box(trainer, "Code").fill(code)
    trainer.presses("Write the question")
    trainer.writes("Stem", f"A colleague takes a shortcut. What do you do first ({code})?")
    for number, (words, worth, feedback) in enumerate(OPTIONS, 1):
        option = trainer.page.get_by_role("group", name=f"Option {number}")
        option.get_by_label("Option").fill(words)
        option.get_by_label("Worth").fill(worth)
        option.get_by_label("Feedback").fill(feedback)
    box(trainer, "Outcome").fill("LO1")
    trainer.presses("Save")
    trainer.sees(f"Version 1 of {code} is saved as draft.")
    trainer.presses("Submit for review")
    trainer.sees(f"Version 1 of {code} is with the reviewers and approvers now.")
    expect(trainer.page.get_by_role("button", name="Approve")).to_have_count(0)


def writes_a_test(trainer):
    trainer.goes_to("/admin/assessments/tests/new/")
    trainer.page.get_by_label("Bank", exact=True).select_option(label=CODE)
    box(trainer, "Code").fill("eth900-final")
    trainer.presses("Write the rules")
    trainer.writes("Title", "Final test")
    trainer.writes("Time limit in minutes", "10")
    trainer.writes("Pass mark in per cent", "50")
    row = trainer.page.get_by_role("group", name="Row 1")
    row.get_by_label("Outcome").fill("LO1")
    row.get_by_label("Questions").fill("1")
    # The bank has no approved question yet, and the screen says so; the rules may stand all the same.
    trainer.presses("Save")
    trainer.presses("Save although the bank cannot meet it")
    trainer.sees("Version 1 of eth900-final is saved.")


def approves_a_question(approver, code: str):
    approver.goes_to("/admin/assessments/")
    approver.follows(code)
    approver.presses("Approve")
    approver.sees(f"Version 1 of {code} is approved.")


def saves(trainer) -> int:
    """Save the draft and return the page's number."""
    trainer.page.get_by_role("button", name="Save draft").first.click()
    trainer.page.wait_for_url("**/edit/")
    return int(trainer.page.url.split("/")[-3])


def box(trainer, name: str) -> Locator:
    return trainer.page.get_by_role("textbox", name=name, exact=True)


def writes_the_course(trainer) -> int:
    page = trainer.page
    trainer.goes_to("/admin/")
    trainer.follows("New course in Ethics")
    box(trainer, "Title*").fill("Saying so")
    box(trainer, "Code*").fill(CODE)
    box(trainer, "Promise").fill("Say what you saw, to whom it helps.")
    types(trainer, page.get_by_role("region", name="Description"), "Silence is learned.")
    box(trainer, "Audience").fill("Everybody")
    page.get_by_role("spinbutton", name="Minutes*").fill("60")
    page.get_by_role("button", name="Add Outcome").click()
    outcome = page.get_by_role("region", name="Outcome 1")
    outcome.get_by_role("textbox", name="Code*").fill("LO1")
    outcome.get_by_role("textbox", name="Text*").fill("Challenge early")
    page.get_by_role("button", name="Add Reference").click()
    reference = page.get_by_role("region", name="Reference 1")
    reference.get_by_role("textbox", name="Code*").fill("code-1")
    reference.get_by_role("textbox", name="Title*").fill("Code of Ethics")
    reference.get_by_role("textbox", name="Provision").fill("principle 1")
    return saves(trainer)


def adds(trainer, parent: int, kind: str, title: str, *, then=None) -> int:
    """Add a page below another and return its number."""
    trainer.goes_to(f"/admin/pages/{parent}/add_subpage/")
    trainer.follows(kind)
    box(trainer, "Title*").press_sequentially(title)
    # The address follows from the title a moment after the last letter.
    expect(trainer.page.locator("[name=slug]")).to_have_value(title.lower().replace(" ", "-"))
    if then is not None:
        then(trainer)
    return saves(trainer)


def types(trainer, place: Locator, words: str):
    """Write into an editor of rich text, which is only there when it has the cursor."""
    editor = place.locator("[contenteditable=true]")
    editor.click()
    expect(editor).to_be_focused()
    trainer.page.keyboard.type(words)
    # The editor hands its words over to the form a moment after the last letter.
    said = "([place, words]) => [...place.querySelectorAll('input')].some(input => input.value.includes(words))"
    trainer.page.wait_for_function(said, arg=[place.element_handle(), words])


def inserts(trainer, block: str) -> Locator:
    """Insert a block at the end of the lesson and return it."""
    body = trainer.page.get_by_role("region", name="Body")
    body.get_by_role("button", name="Insert a block").last.click()
    trainer.page.get_by_role("option", name=block, exact=True).click()
    return body.get_by_role("region").last


def writes_its_blocks(trainer):
    page = trainer.page
    says_what_stays(trainer)
    law = inserts(trainer, "Legislation reference")
    # The course's own references are offered as one types.
    expect(law.get_by_role("combobox")).to_have_attribute("list", "course-references")
    expect(page.locator("#course-references option[value=code-1]")).to_have_count(1)
    law.get_by_role("combobox").fill("code-1")
    page.get_by_role("textbox", name="What it means here*").fill("Challenge is a duty.")
    inserts(trainer, "Knowledge check").get_by_role("combobox", name="Question code").fill(CHECK)
    types(trainer, inserts(trainer, "Reflective prompt (private)"), "Whom would you tell?")


def says_what_stays(trainer):
    box(trainer, "Point").fill("Silence is an answer too.")
    trainer.page.get_by_role("checkbox", name="LO1: Challenge early").check()
    types(trainer, inserts(trainer, "Text"), "You see a colleague take a shortcut.")


def names_the_test(trainer):
    trainer.page.get_by_role("combobox", name="Assessment*").select_option(index=1)


def stands_in_the_catalogue(stranger):
    stranger.goes_to("/catalogue/")
    stranger.follows("Saying so")
    stranger.sees("Say what you saw, to whom it helps.")
    stranger.sees("Challenge early")
    for words in ("Two modules, 3 steps", "1. Speaking up", "2. Being heard", "1 lesson, 1 test."):
        stranger.sees(words)
    stranger.sees("to be reviewed by the force")
    stranger.sees("Sign in to enrol")


def is_read_as_it_was_written(visitor):
    recruit = visitor()
    stories.signs_in(recruit, stories.person("Robin Demo"))
    recruit.goes_to(COURSE)
    recruit.presses("Enrol")
    recruit.sees_heading("The shortcut")
    expect(recruit.page.locator(".law").first).to_contain_text("Challenge is a duty.")
    recruit.chooses("Say so", exact=True)
    recruit.presses("Check my answer")
    recruit.sees("Silence would be read as consent.")
    recruit.sees("Whom would you tell?")
    recruit.presses("Next: The second time")
    recruit.presses("Next: Final test")
    recruit.sees("Start the test")
