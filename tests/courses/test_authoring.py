"""What authors, reviewers and approvers meet in the admin."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection, GroupPagePermission, Page, Workflow

from courses import releases
from courses.families import set_up_family
from courses.models import CoursePage, Release, ReviewList
from people.models import WaitingWork
from tests import factories
from tests.courses import authoring
from tests.courses.authoring import NOON
from tests.courses.authoring_pages import edit_form, trainer_fixture, written_fixture  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Families ---------------------------------------------------------------------------------------------------------


def test_a_family_has_groups_a_collection_and_a_workflow_of_its_own_once():
    page = authoring.family()
    set_up_family(page)
    names = set(Group.objects.values_list("name", flat=True))
    assert {"Trainers: ethics", "Reviewers: ethics", "Approvers: ethics"} <= names
    held = GroupPagePermission.objects.filter(group__name="Trainers: ethics", page=page)
    assert {one.permission.codename for one in held} == {"add_page", "change_page"}
    assert Collection.objects.filter(name="Ethics").count() == 1
    workflow = Workflow.objects.get(name="Review and approval: Ethics")
    assert [type(task.specific).__name__ for task in workflow.tasks] == ["SubjectReviewTask", "ApprovalTask"]


def test_a_trainer_writes_in_their_family_only(trainer, written):
    other = authoring.family("leadership", "Leadership")
    assert written.permissions_for_user(trainer).can_edit()
    assert not written.permissions_for_user(trainer).can_publish()
    assert authoring.family().permissions_for_user(trainer).can_add_subpage()
    assert not authoring.family().permissions_for_user(trainer).can_edit()
    assert not other.permissions_for_user(trainer).can_add_subpage()


def test_a_trainer_orders_and_deletes_lessons_without_publishing_rights(trainer, written, signed_in):
    module = written.get_children().first()
    assert Page.objects.get(pk=module.pk).permissions_for_user(trainer).can_reorder_children()
    lesson = authoring.lesson_of(written)
    answer = signed_in(trainer).post(f"/admin/pages/{lesson.pk}/set_position/?position=1")
    assert answer.status_code == 200
    assert [step.slug for step in module.get_children()][:2] == ["the-second-time", "the-shortcut"]
    assert signed_in(trainer).post(f"/admin/pages/{lesson.pk}/delete/").status_code == 302
    assert not Page.objects.filter(pk=lesson.pk).exists()


# --- The editor -------------------------------------------------------------------------------------------------------


def test_lists_are_written_a_line_each_and_chosen_from_the_course(trainer, written, signed_in):
    client = signed_in(trainer)
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    assert data["audience"].strip() == "Everybody"
    answer = client.post(f"/admin/pages/{written.pk}/edit/", {**data, "audience": "Sergeants\n\n Inspectors \n"})
    assert answer.status_code == 302
    assert CoursePage.objects.get(pk=written.pk).get_latest_revision_as_object().audience == ["Sergeants", "Inspectors"]


def test_the_lesson_editor_suggests_what_the_course_has(trainer, written, signed_in):
    content = signed_in(trainer).get(f"/admin/pages/{authoring.lesson_of(written).pk}/edit/").content.decode()
    assert '<datalist id="course-references"><option value="code-1">' in content
    assert 'value="eth900-c01"' in content
    assert "LO1: Challenge early" in content


def test_a_new_module_says_what_stands_under_it_and_parts_share_their_courses_state(trainer, written, signed_in):
    admin, explorer = signed_in(trainer), reverse("wagtailadmin_explore", args=[written.pk])
    add = reverse("wagtailadmin_pages:add", args=["courses", "modulepage", written.pk])
    assert admin.post(add, {**edit_form(admin, add), "title": "At the door", "slug": "at-the-door"}).status_code == 302
    made = written.get_children().get(title="At the door")
    listed = admin.get(explorer).content.decode()
    assert reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", made.pk]) in listed
    assert "Add its first lesson" in listed
    assert "with its course" in listed


def test_a_part_of_a_course_offers_saving_only(written, signed_in):
    admin = factories.person("Sys Admin", "system-admin")
    client = signed_in(admin)
    for part in [written.get_children().first(), authoring.lesson_of(written)]:
        content = client.get(f"/admin/pages/{part.pk}/edit/").content.decode()
        assert "action-save-draft" in content or "Save draft" in content
        assert 'name="action-publish"' not in content
        assert 'name="action-submit"' not in content


def test_a_crafted_publish_of_a_module_saves_a_draft_and_publishes_nothing(written, signed_in):
    client = signed_in(factories.person("Sys Admin", "system-admin"))
    module = written.get_children().first().specific
    data = edit_form(client, f"/admin/pages/{module.pk}/edit/")
    answer = client.post(f"/admin/pages/{module.pk}/edit/", {**data, "summary": "Kept.", "action-publish": "Publish"})
    assert answer.status_code == 302
    module.refresh_from_db()
    assert not module.live
    assert module.get_latest_revision_as_object().summary == "Kept."


def test_bulk_publishing_of_lessons_is_refused(written, signed_in):
    client = signed_in(factories.person("Sys Admin", "system-admin"))
    lesson = authoring.lesson_of(written)
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={lesson.pk}&next=/admin/", {"include_descendants": ""})
    lesson.refresh_from_db()
    assert not lesson.live


def test_publishing_from_the_editor_releases_once(written, signed_in):
    admin = factories.person("Sys Admin", "system-admin")
    client = signed_in(admin)
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    answer = client.post(f"/admin/pages/{written.pk}/edit/", {**data, "action-publish": "Publish"})
    assert answer.status_code == 302
    release = Release.objects.get()
    assert release.released_by == admin
    assert CoursePage.objects.get(pk=written.pk).live


def test_publishing_from_the_editor_what_is_not_ready_keeps_a_draft_and_says_why(written, signed_in):
    client = signed_in(factories.person("Sys Admin", "system-admin"))
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    answer = client.post(
        f"/admin/pages/{written.pk}/edit/", {**data, "promise": "", "action-publish": "Publish"}, follow=True
    )
    assert "It has no promise" in answer.content.decode()
    assert not Release.objects.exists()
    written = CoursePage.objects.get(pk=written.pk)
    assert not written.live
    assert written.get_latest_revision_as_object().promise == ""


def test_scheduling_from_the_editor_asks_for_the_day(written, signed_in):
    client = signed_in(factories.person("Sys Admin", "system-admin"))
    day = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    assert "go_live_at" in data
    client.post(
        f"/admin/pages/{written.pk}/edit/", {**data, "go_live_at": f"{day:%Y-%m-%d %H:%M}", "action-publish": "Publish"}
    )
    assert WaitingWork.objects.get(kind="courses.publish_scheduled").due_at == day
    assert not Release.objects.exists()
    assert ReviewList.objects.get().frozen_because


def test_a_code_never_changes_once_the_course_came_out(written, trainer, signed_in):
    releases.publish_release(written, by=None, at=NOON)
    client = signed_in(trainer)
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    answer = client.post(f"/admin/pages/{written.pk}/edit/", {**data, "code": "ETH-901"})
    assert "a code never changes" in answer.content.decode()


def test_addresses_lead_to_where_learners_read(written):
    assert written.get_url() == "/catalogue/eth-900/"
    assert authoring.lesson_of(written).get_url() == "/learn/eth-900/the-shortcut/"
    assert written.get_children().first().specific.get_url() == "/catalogue/eth-900/"


@pytest.mark.parametrize("what", ["course", "lesson", "test"])
def test_a_draft_is_previewed_in_the_learners_own_look(written, trainer, signed_in, what):
    shown = {
        "course": written,
        "lesson": authoring.lesson_of(written),
        "test": written.get_descendants().get(slug="final-test"),
    }[what]
    answer = signed_in(trainer).get(f"/admin/pages/{shown.pk}/view_draft/")
    assert answer.status_code == 200
    content = answer.content.decode()
    if what == "lesson":
        assert "You see a colleague take a shortcut." in content
        assert "What do you do first (eth900-c01)?" in content
        assert "Whom would you tell?" in content
    if what == "course":
        assert "challenge early" in content
        assert "The second time" in content
