"""Setting up a family of courses: its groups, who may write where, its collection of media, its workflow.

Who is in the groups follows from roles (``people.roles.refresh_groups``), which finds them by the names used here.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    BaseViewRestriction,
    Collection,
    CollectionViewRestriction,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from courses.models.pages import FamilyPage
from courses.models.workflow import ApprovalTask, FamilyTask, SubjectReviewTask
from people import access
from people.roles import family_group_name

WRITERS = ("add_page", "change_page")


@transaction.atomic
def set_up_family(page: FamilyPage) -> None:
    """Give a family its three groups, its collection and its workflow. Safe to repeat: a second run changes nothing."""
    trainers, reviewers, approvers = groups_of(page.code)
    _may_enter_admin(trainers, reviewers, approvers)
    for codename in WRITERS:
        GroupPagePermission.objects.get_or_create(
            group=trainers, page=page, permission=_permission("wagtailcore", codename)
        )
    _give_collection(page, trainers, readers=[trainers, reviewers, approvers])
    _give_workflow(page)


def titles_by_code() -> dict[str, str]:
    """Return what each family is called, for the apps below, which know a family by its code only."""
    return dict(FamilyPage.objects.values_list("code", "title"))


def groups_of(family: str) -> tuple[Group, Group, Group]:
    """Return the groups of a family's trainers, subject reviewers and approvers, making those that are missing."""
    names = [family_group_name(role, family) for role in (access.TRAINER, access.SUBJECT_REVIEWER, access.APPROVER)]
    trainers, reviewers, approvers = (Group.objects.get_or_create(name=name)[0] for name in names)
    return trainers, reviewers, approvers


def collection_of(page: FamilyPage) -> Collection:
    """Return the family's collection of pictures and documents, making it where it is missing."""
    given = GroupCollectionPermission.objects.filter(group=groups_of(page.code)[0]).select_related("collection").first()
    if given is not None:
        return given.collection
    return Collection.get_first_root_node().add_child(name=page.title)


def _may_enter_admin(*groups: Group) -> None:
    entry = _permission("wagtailadmin", "access_admin")
    for group in groups:
        group.permissions.add(entry)


def _give_collection(page: FamilyPage, writers: Group, *, readers: list[Group]) -> None:
    collection = collection_of(page)
    for model in (get_image_model(), get_document_model()):
        for action in ("add", "change", "choose"):
            GroupCollectionPermission.objects.get_or_create(
                group=writers,
                collection=collection,
                permission=_permission(model._meta.app_label, f"{action}_{model._meta.model_name}"),
            )
    # Originals are for authors; learners read the copies a release holds, through a view that asks whether they are enrolled.
    restriction, _created = CollectionViewRestriction.objects.get_or_create(
        collection=collection, restriction_type=BaseViewRestriction.GROUPS
    )
    restriction.groups.add(*readers)


def _give_workflow(page: FamilyPage) -> None:
    review = _task(SubjectReviewTask, f"Subject review: {page.title}", page.code)
    approval = _task(ApprovalTask, f"Approval: {page.title}", page.code)
    existing = WorkflowPage.objects.filter(page=page).select_related("workflow").first()
    workflow = existing.workflow if existing else Workflow.objects.create(name=f"Review and approval: {page.title}")
    for order, task in enumerate((review, approval)):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    if existing is None:
        WorkflowPage.objects.create(workflow=workflow, page=page)


def _task(kind: type[FamilyTask], name: str, family: str) -> FamilyTask:
    task, _created = kind.objects.get_or_create(family=family, defaults={"name": name})
    return task


def _permission(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)
