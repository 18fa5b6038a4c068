"""The two tasks of the one workflow each family has: subject review, then approval.

Wagtail moves the tasks; who may decide, and what is brought out, is decided here and in ``courses.review_decisions`` on the frozen list:
never the requester, never anyone who worked on a listed page, superusers included, and always the list that was read, not what is
latest then.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Task, TaskState

from courses import review_decisions
from courses.models.releases import Decision, ReviewList
from people import access, clock, work
from people.holders import holders_of

if TYPE_CHECKING:
    from people.models import User


class UnderReview(WorkflowLock):
    """While a list is under review its course page stands still for everybody; modules and lessons may be worked on."""

    def get_message(self, user: Any) -> str:
        return (
            "This course is under review. What was submitted is frozen; what you change in its lessons now is for the next "
            "submission. To change this page, withdraw the submission first."
        )

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return "Nobody changes this page while the course is under review"

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return "Under review"

    def get_icon(self, user: Any, can_lock: bool = False) -> str:
        return "lock"


class CourseTaskState(TaskState):
    """One task on one frozen list. Whatever way Wagtail decides it, the guards are here and the decision becomes a row of ours."""

    review_list = models.ForeignKey(ReviewList, on_delete=models.PROTECT, null=True, related_name="task_states")

    @transaction.atomic
    def approve(
        self, user: Any = None, update: bool = True, comment: str = "", at: datetime | None = None
    ) -> TaskState:
        task: FamilyTask = self.task.specific
        review_list = review_decisions.decide(
            self.review_list, task.decision, role=task.role, by=user, at=at or clock.now(), comment=comment
        )
        # Wagtail would publish what is latest by now; what was approved is the list.
        self.workflow_state.on_finish = partial(review_decisions.bring_out, review_list)
        state = super().approve(user=user, update=update, comment=comment)
        if task.decision == Decision.APPROVED:
            self._tell_requester()
        return state

    @transaction.atomic
    def reject(self, user: Any = None, update: bool = True, comment: str = "", at: datetime | None = None) -> TaskState:
        task: FamilyTask = self.task.specific
        review_decisions.decide(
            self.review_list, Decision.SENT_BACK, role=task.role, by=user, at=at or clock.now(), comment=comment
        )
        state = super().reject(user=user, update=update, comment=comment)
        self._tell_requester()
        return state

    @transaction.atomic
    def cancel(
        self, user: Any = None, resume: bool = False, comment: str = "", at: datetime | None = None
    ) -> TaskState:
        review_decisions.withdraw(self.review_list, by=user, at=at or clock.now(), comment=comment)
        return super().cancel(user=user, resume=resume, comment=comment)

    def _tell_requester(self) -> None:
        """Ask for the mail that says what was decided, in the transaction that decides it."""
        if self.review_list is not None and self.review_list.requested_by_id is not None:
            work.ask("courses.tell_requester", str(self.pk))


class FamilyTask(Task):
    """Abstract. A task of a family's workflow, open to holders of one role for that family."""

    family = models.SlugField(max_length=60)

    task_state_class = CourseTaskState
    lock_class = UnderReview
    role: str
    decision: Decision
    admin_form_fields = [*Task.admin_form_fields, "family"]
    admin_form_readonly_on_edit_fields = [*Task.admin_form_readonly_on_edit_fields, "family"]

    class Meta:
        abstract = True

    @transaction.atomic
    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Start on the list under review, freezing one where somebody starts the workflow without our screen."""
        page = workflow_state.content_object.specific
        review_list = review_decisions.list_to_decide(page, by=user, at=clock.now())
        state = super().start(workflow_state, user=user)
        state.review_list = review_list
        state.save(update_fields=["review_list"])
        for person in holders_of(self.role, family=self.family):
            work.ask("courses.tell_decider", f"{state.pk}:{person.pk}")
        return state

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        """A reviewer reads the list on our screen; it brings no right to edit."""
        return False

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        return True

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        return False

    def user_can_unlock(self, obj: Page, user: Any) -> bool:
        return False

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        state = obj.current_workflow_task_state
        review_list = getattr(state, "review_list", None)
        if (
            review_list is None
            or state.task_id != self.pk
            or review_decisions.why_not_decide(review_list, self.role, user)
        ):
            return []
        return [("reject", "Send back", True), ("approve", self.action_label, True)]

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[TaskState]:
        if not access.has_role(user, self.role, family=self.family):
            return TaskState.objects.none()
        waiting = CourseTaskState.objects.filter(
            task=self, status=TaskState.STATUS_IN_PROGRESS, review_list__isnull=False
        ).select_related("review_list__course")
        mine = [one.pk for one in waiting if not review_decisions.why_not_decide(one.review_list, self.role, user)]
        return TaskState.objects.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> str:
        return "Decided on the list under review by people who hold the role for the family and did not work on it."


class SubjectReviewTask(FamilyTask):
    """A subject reviewer of the family reads the list under review."""

    role = access.SUBJECT_REVIEWER
    decision = Decision.REVIEWED
    action_label = "Pass the review"

    class Meta:
        verbose_name = "subject review"


class ApprovalTask(FamilyTask):
    """An approver of the family brings the list out."""

    role = access.APPROVER
    decision = Decision.APPROVED
    action_label = "Approve and bring out"

    class Meta:
        verbose_name = "approval"
