"""Mail to those who may decide about a list under review: subject reviewers when it is submitted, approvers when it passed the review.

Asked for where a task of the family's workflow starts (``courses.models.workflow``), so by every way Wagtail has of submitting.
Wagtail's own mail about a submission goes to superusers only, who decide nothing here; the settings switch it off.
"""

from __future__ import annotations

from django.urls import reverse
from wagtail.models import TaskState

from courses import review_decisions
from courses.differences import difference_of
from courses.models import CourseTaskState
from people import work
from people.mail import tell_of_submission
from people.models import User


@work.background("courses.tell_decider")
def tell_decider(key: str) -> None:
    """Tell one person of one task, ``task state:person``; nothing where it was decided meanwhile, or is not theirs to decide."""
    number, person = key.split(":")
    state = CourseTaskState.objects.get(pk=number)
    review_list, task, to = state.review_list, state.task.specific, User.objects.get(pk=person)
    if state.status != TaskState.STATUS_IN_PROGRESS or review_list is None:
        return
    if review_decisions.why_not_decide(review_list, task.role, to):
        return
    title = str(review_list.draft["title"])
    sender = review_list.requested_by
    tell_of_submission(
        to,
        subject=f"To review: {title}",
        template="courses/mail/list_waiting.txt",
        about={
            "title": title,
            "sender": "The importer" if sender is None else sender.get_short_name(),
            "sent_at": review_list.requested_at,
            "task": task.get_verbose_name(),
            "role": review_decisions.ROLE_WORDS[task.role],
            "changes": difference_of(review_list).in_words(),
        },
        path=reverse("courses_admin:review", args=[review_list.pk]),
    )
