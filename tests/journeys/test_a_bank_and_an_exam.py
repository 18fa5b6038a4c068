"""A trainer builds a bank and an exam of it: topics, a question that others approve, a blueprint, previews, and the exam saved."""

from __future__ import annotations

import pytest

from assessments.models import AssessmentVersion, Attempt, Question
from tests.assessments import building
from tests.courses import authoring
from tests.journeys import stories
from tests.journeys.visitors import PHONE, WIDE, Visitor

FAMILY = "mental-health"
TOPICS = "/admin/assessments/banks/MH-101/topics/"
STATEMENT = "A child found alone at night may be kept in a cell until a parent comes."


def fills(somebody: Visitor, **fields: str) -> None:
    """Fill boxes and selects of a form in the admin by their names."""
    for name, value in fields.items():
        box = somebody.page.locator(f"[name={name}]:visible").first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_trainer_builds_a_bank_and_an_exam(visitor, viewport):
    # Given a bank with three approved questions, and people of its family.
    authoring.family(FAMILY, "Mental health")
    for number in range(3):
        building.question(f"q{number}", family=FAMILY, topic="Custody")
    tess, rae, ada = (
        stories.person(name, role, family=FAMILY)
        for name, role in (
            ("Tess Trainer", "trainer"),
            ("Rae Reviewer", "subject-reviewer"),
            ("Ada Approver", "approver"),
        )
    )
    trainer = visitor(viewport=viewport)
    stories.signs_in(trainer, tess)

    # When the trainer adds a topic to the tree, and renames it.
    trainer.goes_to(TOPICS)
    fills(trainer, path="Custody/Children")
    trainer.presses("Add the topic")
    trainer.sees("The topic Custody/Children is in the tree.")
    trainer.follows("Children")
    fills(trainer, title="Children and young people")
    trainer.presses("Rename the topic")
    trainer.sees("Its old name leads here.")

    # And writes a question there, tries it out, and hands it to others.
    trainer.goes_to("/admin/assessments/questions/new/")
    trainer.page.locator("[name=type][value=true_false]").check()
    trainer.page.locator("[name=chosen]").select_option(label="MH-101")
    fills(trainer, code="mh-101-q9")
    trainer.presses("Write the question")
    fills(trainer, stem=STATEMENT, outcome="LO1", topic="Custody/Children")
    trainer.writes("Feedback when right", "Right.")
    trainer.writes("Feedback when wrong", "Never in a cell.")
    trainer.chooses("False")
    trainer.page.get_by_role("button", name="Save", exact=True).last.click()
    trainer.sees("Version 1 of mh-101-q9 is saved as draft.")
    question = Question.objects.get(code="mh-101-q9")
    assert question.topic
    assert question.topic.title == "Children and young people", "the old name leads to the topic"
    there = f"/admin/assessments/questions/{question.pk}/"
    trainer.goes_to(f"{there}versions/1/")
    trainer.chooses("True")
    trainer.presses("Check my answer")
    trainer.sees("0 per cent of the marks.")
    trainer.goes_to(there)
    trainer.presses("Submit for review")
    trainer.sees("is with the reviewers and approvers now.")

    # Then a reviewer sends it back, it is written anew, and an approver approves it.
    reviewer = visitor()
    stories.signs_in(reviewer, rae)
    reviewer.goes_to(there)
    fills(reviewer, reason="Say whom they wait for.")
    reviewer.presses("Send back to the author")
    trainer.goes_to(there)
    trainer.sees("Say whom they wait for.")
    trainer.presses("Submit for review")
    approver = visitor()
    stories.signs_in(approver, ada)
    approver.goes_to(there)
    approver.presses("Approve")
    approver.sees("is approved. Assessments use it from now on.")

    # When the trainer writes an exam that the bank cannot meet, they are told before it is saved.
    trainer.goes_to("/admin/assessments/tests/new/")
    trainer.page.locator("[name=chosen]").select_option(label="MH-101")
    fills(trainer, code="mh-101-final")
    trainer.presses("Write the rules")
    trainer.page.locator("summary", has_text="Attempts").click()
    fills(trainer, title="Final test", minutes="40", pass_percent="50", attempts="2")
    rules = {"draw-0-topic": "Custody", "draw-0-count": "9"}
    fills(trainer, **rules)
    trainer.presses("Check the draw")
    trainer.sees("Custody: 9 wanted, 4 approved.")
    assert not AssessmentVersion.objects.exists()
    fills(trainer, **{"draw-0-count": "3", "draw-1-topic": "Custody/Children", "draw-1-count": "1"})
    trainer.presses("Check the draw")
    trainer.sees("One draw of many: 4 questions")
    trainer.page.get_by_role("button", name="Save", exact=True).last.click()
    trainer.sees("Version 1 of mh-101-final is saved.")

    # And sits it as a candidate does: nothing saves itself, and nothing is kept.
    rules_page = trainer.page.url
    trainer.goes_to(trainer.page.get_by_role("link", name="Sit it as a candidate").get_attribute("href"))
    trainer.sees("Nothing you do here is kept")
    for number in range(1, 5):
        trainer.sees(f"Question {number}")
        trainer.chooses("False")
        if number == 2:
            trainer.chooses("Flag this question to come back to")
        trainer.presses("Next question" if number < 4 else "Review and submit")
    trainer.sees("4 of 4 answered.")
    trainer.sees("One you flagged")
    trainer.presses("Go to question 2")
    assert trainer.page.get_by_label("False").is_checked()
    trainer.presses("Review and submit")
    trainer.presses("Submit my answers")
    trainer.sees_heading("This would be 100 per cent: passed")
    assert not Attempt.objects.exists()
    trainer.follows("Back to the assessment")
    assert trainer.page.url.split("?")[0] == rules_page.split("?")[0]
