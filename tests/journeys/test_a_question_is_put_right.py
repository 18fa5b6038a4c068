"""A candidate queries a question; a trainer takes it out, a colleague checks the law, and a certificate follows."""

from __future__ import annotations

from datetime import timedelta

from assessments.models import Question, QuestionQuery
from courses.models import Completion
from people import clock
from people.work import sweep_once
from tests.courses import authoring
from tests.courses import factories as taught
from tests.journeys import stories
from tests.journeys.visitors import PHONE

RESULT = "/learn/eth-901/final-test/result/"
WORDS = "Saying nothing is right as well since the order changed."


def test_a_query_leads_to_a_decision_that_brings_a_certificate(visitor):
    # Given somebody who missed the pass mark by one question.
    authoring.family("ethics", "Ethics")
    olu = stories.person("Olu Demo")
    enrolment = taught.enrolled(olu, taught.release_with_test(), at=clock.now() - timedelta(days=3))
    taught.do_lessons(enrolment, at=clock.now() - timedelta(days=2))
    attempt = taught.sit(enrolment, right=2, at=clock.now() - timedelta(hours=1))
    Question.objects.filter(bank="ETH-901").update(family="ethics")
    assessment = attempt.assessment_version.assessment
    assessment.family = "ethics"
    assessment.save()

    # When they query the question from their result, on a phone.
    officer = visitor(viewport=PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to(f"{RESULT}{attempt.pk}/")
    officer.sees_heading("Not passed this time")
    officer.follows("Query a question")
    officer.follows("Question 3")
    officer.writes("What is wrong with the question?", WORDS)
    officer.presses("Send my query")
    officer.sees("We have your query about question 3.")
    officer.sees(WORDS)

    # And a trainer reads it without a name, and proposes to give everybody the mark.
    tess = stories.person("Tess Trainer", "trainer", family="ethics")
    trainer = visitor()
    stories.signs_in(trainer, tess)
    trainer.goes_to("/admin/assessments/queries/")
    trainer.sees(WORDS)
    query = QuestionQuery.objects.select_related("item__question_version").get()
    trainer.goes_to(f"/admin/assessments/queries/{query.pk}/")
    assert "Olu" not in trainer.page.locator("main").inner_text()
    trainer.follows("Decide about the question")
    trainer.chooses("Give everybody its mark")
    trainer.page.get_by_label("Version 1 (approved").first.check()
    trainer.writes("What is wrong with the question", "Both answers are right.")
    trainer.presses("Propose")
    trainer.sees("0 from passed to not passed, 1 from not passed to passed")
    decision = trainer.page.url

    # Then a colleague checks the law, the trainer confirms, and what waits is done.
    colleague = visitor()
    stories.signs_in(colleague, stories.person("Ada Approver", "approver", family="ethics"))
    colleague.page.goto(decision)
    colleague.page.get_by_label("What you looked at").fill("Police Act 1996, section 39A")
    colleague.page.get_by_label("When you looked").fill(clock.today().isoformat())
    colleague.page.keyboard.press("Escape")
    colleague.presses("The law bears it out")
    colleague.sees("Waits to be confirmed")
    trainer.page.goto(decision)
    trainer.presses("Confirm and mark again")
    trainer.sees("Confirmed")
    sweep_once()
    trainer.page.reload()
    trainer.sees("1 attempt marked again, of which 1 changed.")

    # And the candidate has passed, reads the earlier mark, and has a certificate on its way.
    assert Completion.objects.filter(enrolment=enrolment).exists()
    officer.goes_to(f"{RESULT}{attempt.pk}/")
    officer.sees_heading("You passed")
    officer.sees("Before: 50%, not passed")
    officer.sees("Both answers are right.")
    officer.sees("The course is complete")
