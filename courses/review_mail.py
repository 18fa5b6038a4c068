"""Mail about a list under review: to subject reviewers when it is submitted, to approvers when it passed the review, to whoever sent it
when it is approved or sent back.

Asked for where a task of the family's workflow starts or is decided (``courses.models.workflow``), so by every way Wagtail has of doing it.
Wagtail's own mail about a submission goes to superusers only, who decide nothing here; the settings switch it off. Its mail about
what was decided would go out inside the transaction; it is taken out (``courses.admin.apps``).
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


@work.background("courses.tell_requester")
def tell_requester(key: str) -> None:
    """Tell whoever submitted a list what came of it: approved and brought out, or sent back and why."""
    state = CourseTaskState.objects.select_related("review_list__requested_by", "finished_by").get(pk=key)
    review_list = state.review_list
    if review_list is None or review_list.requested_by is None or state.finished_by is None:
        return
    title = str(review_list.draft["title"])
    is_approved = state.status == TaskState.STATUS_APPROVED
    tell_of_submission(
        review_list.requested_by,
        subject=f"{'Approved' if is_approved else 'Sent back'}: {title}",
        template="courses/mail/list_decided.txt",
        about={
            "title": title,
            "is_approved": is_approved,
            "decided_by": state.finished_by.get_short_name(),
            "decided_at": state.finished_at,
            "comment": state.comment,
        },
        path=reverse("courses_admin:review", args=[review_list.pk]),
        wish="approved" if is_approved else "rejected",
    )
