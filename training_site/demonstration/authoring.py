"""What the trainer has in hand: a draft, a change that waits for the subject reviewer, and one that waits for the approver.

Pages are saved as the editor saves them; everything after that goes through the product's own verbs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from courses.models import CourseOutcome, CoursePage, FamilyPage, LessonPage, ModulePage, ReviewList
from courses.reviews import pass_review, submit_course
from people.models import User

DRAFT_CODE = "ETH-150"
CASE = (
    "<p>It is Sunday evening. PC Ben Osei is off duty and his street's group chat will not stop: police were outside the school on "
    "Friday, and parents are frightened. He was there. One line from him would calm a hundred people, and he knows it is true: "
    "'Nothing to do with the school, it was an old warrant.' His thumb is over 'send'. His neighbour writes: 'Ben, you would tell us, "
    "wouldn't you?'</p>"
)
PROMPT = "<p>Which of your group chats know what you do for a living? What would you want to have said in them before it is asked?</p>"


@dataclass(frozen=True)
class Revision:
    """One sentence changed in a lesson of a course that is out, and what the trainer tells the reviewers about it."""

    course: str
    lesson: str
    old: str
    new: str
    note: str


TO_REVIEW = Revision(
    course="SPEC-110",
    lesson="when-words-do-not-land",
    old="the person with forty words of English.",
    new="the person with forty words of English. Ask for one thing back instead.",
    note="Two classes asked what to say in place of 'Do you understand?'. The lesson now says it where the question is met.",
)
TO_APPROVE = Revision(
    course="MH-101",
    lesson="when-does-it-start",
    old="That is a reason to keep it short.",
    new="That is a reason to keep it short, and to write down the minute you set off and the minute you arrive.",
    note="The case is about two times on two pieces of paper; the rule now says which two to write.",
)


def write_draft(*, by: User) -> CoursePage:
    """Begin a course: a case and a question for oneself, and nothing yet of the law, the check and the test it needs."""
    family = FamilyPage.objects.get(code="ethics")
    course = CoursePage(
        title="What you post off duty",
        code=DRAFT_CODE,
        promise="Decide what you may say about your work, to whom, before your thumb is over 'send'.",
        description="<p>For everybody who has a telephone and a neighbour.</p>",
        audience=["Everyone in policing"],
        minutes=30,
        live=False,
        has_unpublished_changes=True,
        owner=by,
    )
    course.outcomes = [CourseOutcome(code="LO1", text="Keep what you learn at work out of private talk, kindly")]
    family.add_child(instance=course)
    course.save_revision(user=by)
    module = ModulePage(title="Before you send", slug="before-you-send", live=False, has_unpublished_changes=True)
    course.add_child(instance=module)
    module.save_revision(user=by)
    lesson = LessonPage(
        title="A question in the street chat",
        slug="a-question-in-the-street-chat",
        point="Calming people is your job; calming them with what you saw at work is not.",
        minutes=10,
        outcomes=["LO1"],
        body=json.dumps(
            [
                {"type": "case", "value": {"title": "One line would do it", "text": CASE}},
                {"type": "reflect", "value": {"prompt": PROMPT}},
            ]
        ),
        live=False,
        has_unpublished_changes=True,
    )
    module.add_child(instance=lesson)
    lesson.save_revision(user=by)
    return course


def revise_and_submit(change: Revision, *, by: User, at: datetime) -> ReviewList:
    """Change the sentence in the course's lesson and send the course to its subject reviewers."""
    course = CoursePage.objects.get(code=change.course)
    lesson = LessonPage.objects.descendant_of(course).get(slug=change.lesson).get_latest_revision_as_object()
    body = json.dumps(lesson.body.get_prep_value(), ensure_ascii=False)
    if body.count(change.old) != 1:
        raise ValueError(f"The sentence to change is not in {change.course}, {change.lesson}: {change.old}")
    lesson.body = body.replace(change.old, change.new)
    lesson.save_revision(user=by)
    return submit_course(course, by=by, at=at, note=change.note)


def pass_to_approver(change: Revision, *, by: User, at: datetime) -> None:
    """Pass the subject review of the course's change."""
    review_list = ReviewList.objects.still_open().get(course__code=change.course)
    pass_review(review_list, by=by, at=at, comment="Clear, and nothing about the rule itself has changed.")
