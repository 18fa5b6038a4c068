"""A release is a record: written once, the approved list, whole whatever becomes of what it was made from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, Revision

from courses import freezing, releases, reviews
from courses.models import Course, CoursePage, Decision, LessonPage, Release, ReleaseStep, ReviewList
from cpd_records.models import Qualification
from people.models import WaitingWork
from people.work import sweep_once
from tests.courses import authoring
from tests.courses.authoring import LATER, NOON

pytestmark = pytest.mark.django_db


def whole(release: Release) -> bool:
    return releases.is_whole(Release.objects.get(pk=release.pk))


def approved(page: CoursePage, trainer: Any) -> ReviewList:
    review_list = reviews.submit_course(page, by=trainer, at=NOON)
    reviews.pass_review(review_list, by=authoring.reviewer(), at=NOON)
    reviews.approve(review_list, by=authoring.approver(), at=LATER)
    return review_list


def test_a_release_copies_everything_a_learner_will_read():
    page = authoring.course(by=authoring.trainer())
    release = releases.publish_release(page, by=None, at=NOON)
    assert release.released_at == NOON
    assert (release.number, release.title, release.minutes, release.validity_months) == (1, "Saying so", 60, 24)
    assert release.particulars["promise"] == "Say what you saw, to whom it helps."
    assert release.particulars["outcomes"] == [{"code": "LO1", "text": "Challenge early"}]
    lesson, _other, test = release.steps.all()
    assert "You see a colleague take a shortcut." in lesson.html
    slot = "check-00000000-0000-4000-8000-000000000003"
    assert f'<div data-slot="{slot}"></div>' in lesson.html
    assert lesson.checks[slot]["code"] == "eth900-c01"
    assert lesson.checks[slot]["definition"]["options"][0]["feedback"] == "Silence is an answer too."
    assert lesson.reflections == {"reflect-00000000-0000-4000-8000-000000000004": "<p>Whom would you tell?</p>"}
    assert [reference["id"] for reference in lesson.references] == ["code-1"]
    assert test.assessment_version.pass_percent == 80
    assert Course.objects.get(code="ETH-900").current_release == release
    assert whole(release)


def test_a_release_freezes_what_it_leads_to_and_what_that_was_called():
    page = authoring.course(by=authoring.trainer(), leads_to=["MH"])
    release = releases.publish_release(page, by=None, at=NOON)
    Qualification.objects.filter(code="MH").update(title="Another name")
    release.refresh_from_db()
    assert release.leads_to == ["MH"]
    assert release.particulars["leads_to"] == [{"code": "MH", "title": "Mental health response and section 136"}]
    assert whole(release)


def test_a_course_that_leads_where_it_cannot_does_not_come_out():
    page = authoring.course(by=authoring.trainer(), leads_to=["DP"])
    with pytest.raises(freezing.NotReady, match="Write 12 months"):
        releases.publish_release(page, by=None, at=NOON)
    assert not Release.objects.exists()


def test_publishing_the_same_revision_twice_is_one_release():
    page = authoring.course(by=authoring.trainer())
    first = releases.publish_release(page, by=None, at=NOON)
    assert releases.publish_release(page, by=None, at=LATER) == first
    assert Release.objects.count() == 1


def test_a_release_without_review_says_so_and_who():
    admin = authoring.factories.person("Sys Admin", "system-admin")
    release = releases.publish_release(authoring.course(), by=admin, at=NOON)
    assert release.released_by == admin
    assert "without a review" in release.review_list.frozen_because
    assert [row.decision for row in release.review_list.decisions.all()] == [Decision.PUBLISHED]


def test_a_course_that_is_not_ready_is_not_released_and_keeps_its_page_unpublished():
    page = authoring.course()
    authoring.lesson_of(page).delete()
    page.promise = ""
    revision = page.save_revision()
    with pytest.raises(freezing.NotReady, match="no promise"):
        revision.publish()
    page.refresh_from_db()
    assert not page.live
    assert not Release.objects.exists()


# --- Whichever way Wagtail publishes ----------------------------------------------------------------------------------


def test_publish_now_gives_one_release():
    page = authoring.course()
    page.save_revision().publish()
    assert Release.objects.get().number == 1


def test_approval_gives_one_release():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    review_list = approved(page, trainer)
    release = Release.objects.get()
    assert release.review_list == review_list
    assert release.released_by.name == "Ama Approver"
    page.refresh_from_db()
    assert page.live


def test_a_scheduled_day_gives_one_release_on_that_day_and_not_before():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    page.go_live_at = timezone.now() + timedelta(days=2)
    page.save_revision(user=trainer)
    approved(CoursePage.objects.get(pk=page.pk), trainer)
    assert not Release.objects.exists()
    row = WaitingWork.objects.get(kind="courses.publish_scheduled")
    assert abs(row.due_at - page.go_live_at) < timedelta(seconds=1)
    authoring.make_due(page)
    releases.publish_scheduled()
    releases.publish_scheduled()
    release = Release.objects.get()
    assert release.released_by.name == "Ama Approver"


def test_wagtails_own_command_brings_out_what_is_due_too():
    page = authoring.course()
    page.go_live_at = timezone.now() + timedelta(days=2)
    page.save_revision().publish()
    authoring.make_due(page)
    call_command("publish_scheduled")
    call_command("publish_scheduled")
    assert Release.objects.count() == 1


def test_the_sweeper_brings_out_a_scheduled_release():
    page = authoring.course()
    page.go_live_at = timezone.now() + timedelta(days=2)
    page.save_revision().publish()
    authoring.make_due(page)
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    WaitingWork.objects.update(due_at=revision.approved_go_live_at)
    sweep_once()
    assert Release.objects.count() == 1
    assert WaitingWork.objects.get(kind="courses.publish_scheduled").done_at


def test_a_live_course_scheduled_again_keeps_its_release_until_the_day():
    page = authoring.course()
    page.save_revision().publish()
    page = CoursePage.objects.get(pk=page.pk)
    page.go_live_at = timezone.now() + timedelta(days=2)
    revision = page.save_revision()
    revision.publish()
    releases.ask_for_go_live(revision.pk)
    assert Release.objects.count() == 1
    authoring.make_due(page)
    releases.publish_scheduled()
    assert list(Release.objects.values_list("number", flat=True)) == [1, 2]


def test_bulk_publishing_gives_one_release(signed_in):
    page = authoring.course()
    admin = authoring.factories.person("Sys Admin", "system-admin")
    client = signed_in(admin)
    answer = client.post(
        f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/", {"include_descendants": "on"}
    )
    assert answer.status_code == 302
    release = Release.objects.get()
    assert release.released_by == admin
    assert not Page.objects.descendant_of(page).live().exists()


def test_bulk_publishing_again_brings_out_changed_lessons_and_nothing_where_nothing_changed(signed_in):
    page = authoring.course()
    client = signed_in(authoring.factories.person("Sys Admin", "system-admin"))
    address = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/"
    client.post(address, {})
    client.post(address, {})
    assert Release.objects.count() == 1
    authoring.rewrite(authoring.lesson_of(page), "A paragraph more.")
    client.post(address, {})
    assert "A paragraph more." in Release.objects.get(number=2).steps.get(slug="the-shortcut").html


def test_modules_and_lessons_are_never_published_by_themselves():
    page = authoring.course()
    lesson = authoring.lesson_of(page)
    with pytest.raises(Exception, match="brought out with their course"):
        lesson.latest_revision.publish()
    admin = authoring.factories.person("Sys Admin", "system-admin")
    assert not lesson.permissions_for_user(admin).can_publish()
    assert not Page.objects.get(pk=lesson.pk).permissions_for_user(admin).can_publish()
    assert lesson.get_workflow() is None


# --- The approved list, not what is latest ----------------------------------------------------------------------------


def test_approval_releases_what_was_submitted_not_what_was_written_since():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    review_list = reviews.submit_course(page, by=trainer, at=NOON)
    authoring.rewrite(authoring.lesson_of(page), "Written after the review began.", by=trainer)
    later = page.get_latest_revision_as_object()
    later.promise = "Another promise."
    later.save_revision(user=trainer)
    authoring.question("eth900-c01", stem="Another stem")
    reviews.pass_review(review_list, by=authoring.reviewer(), at=NOON)
    reviews.approve(review_list, by=authoring.approver(), at=LATER)
    release = Release.objects.get()
    assert release.particulars["promise"] == "Say what you saw, to whom it helps."
    step = release.steps.get(slug="the-shortcut")
    assert "Written after" not in step.html
    assert "Another stem" not in json.dumps(step.checks)
    page.refresh_from_db()
    assert page.promise == "Say what you saw, to whom it helps."
    assert page.has_unpublished_changes


def test_the_next_release_has_what_was_written_since_and_learners_keep_theirs():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    first = releases.publish_release(page, by=None, at=NOON)
    authoring.rewrite(authoring.lesson_of(page), "A paragraph more.", by=trainer)
    review_list = reviews.submit_course(
        page, by=trainer, at=LATER, demand="must_acknowledge", demand_reason="The duty is wider now."
    )
    reviews.pass_review(review_list, by=authoring.reviewer(), at=LATER)
    reviews.approve(review_list, by=authoring.approver(), at=LATER)
    second = Release.objects.get(number=2)
    assert "A paragraph more." in second.steps.get(slug="the-shortcut").html
    assert "A paragraph more." not in first.steps.get(slug="the-shortcut").html
    assert (second.demand, second.demand_reason) == ("must_acknowledge", "The duty is wider now.")
    assert Course.objects.get().current_release == second
    assert whole(first)


# --- Whole whatever happens -------------------------------------------------------------------------------------------


def snapshot(release: Release) -> list[Any]:
    return list(ReleaseStep.objects.filter(release=release).values())


def test_a_release_stays_whole_when_its_pages_are_deleted():
    page = authoring.course()
    release = releases.publish_release(page, by=None, at=NOON)
    before = snapshot(release)
    CoursePage.objects.get(pk=page.pk).delete()
    assert snapshot(release) == before
    assert whole(release)
    course = Course.objects.get(code="ETH-900")
    assert course.page is None
    assert course.current_release == release


def test_a_release_stays_whole_when_a_picture_is_replaced_and_deleted():
    picture = authoring.picture("landing.png")
    body = authoring.lesson_body(("image", {"image": picture.pk, "alternative": "A landing", "caption": ""}))
    page = authoring.course(body=body)
    release = releases.publish_release(page, by=None, at=NOON)
    shown = release.steps.get(slug="the-shortcut").files.first()
    content = storages["private"].open(f"releases/{shown.file_id}").read()
    picture.file.save("landing.png", authoring.picture(colour="red").file)
    picture.renditions.all().delete()
    picture.delete()
    assert storages["private"].open(f"releases/{shown.file_id}").read() == content
    assert f"/learn/files/{shown.file_id}/landing.png" in release.steps.get(slug="the-shortcut").html
    assert whole(release)


def test_a_release_stays_whole_when_a_document_is_deleted():
    paper = authoring.document()
    page = authoring.course(
        body=authoring.lesson_body(("document", {"document": paper.pk, "title": "The form to fill"}))
    )
    release = releases.publish_release(page, by=None, at=NOON)
    entry = release.steps.get(slug="the-shortcut").files.get()
    paper.delete()
    assert entry.name == "form.pdf"
    assert storages["private"].open(f"releases/{entry.file_id}").read() == b"%PDF-1.4 a form"


def test_a_release_stays_whole_when_a_block_is_renamed():
    page = authoring.course()
    release = releases.publish_release(page, by=None, at=NOON)
    before = snapshot(release)
    for lesson in LessonPage.objects.descendant_of(page):
        renamed = [
            {**block, "type": "key" if block["type"] == "text" else block["type"]} for block in lesson.body.raw_data
        ]
        LessonPage.objects.filter(pk=lesson.pk).update(body=json.dumps(renamed))
    page.references.all().delete()
    page.save()
    assert snapshot(release) == before
    assert whole(release)


def test_a_release_stays_whole_when_revisions_are_purged():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    review_list = approved(page, trainer)
    release = Release.objects.get()
    before = snapshot(release)
    Revision.objects.all().delete()
    assert snapshot(release) == before
    assert whole(release)
    assert [row.decision for row in review_list.decisions.all()] == [Decision.REVIEWED, Decision.APPROVED]


def test_purging_before_approval_does_not_change_what_is_approved():
    trainer = authoring.trainer()
    page = authoring.course(by=trainer)
    review_list = reviews.submit_course(page, by=trainer, at=NOON)
    authoring.rewrite(authoring.lesson_of(page), "Later.", by=trainer)
    call_command("purge_revisions")
    reviews.pass_review(review_list, by=authoring.reviewer(), at=NOON)
    reviews.approve(review_list, by=authoring.approver(), at=LATER)
    assert "Later." not in Release.objects.get().steps.get(slug="the-shortcut").html


def test_the_same_file_in_two_lessons_is_kept_once():
    picture = authoring.picture()
    body = authoring.lesson_body(("image", {"image": picture.pk, "alternative": "A landing", "caption": ""}))
    release = releases.publish_release(authoring.course(body=body), by=None, at=NOON)
    first, second = (
        {entry.file_id for entry in release.steps.get(slug=slug).files.all()}
        for slug in ("the-shortcut", "the-second-time")
    )
    assert first == second
    assert len(first) == 2  # one for each width it is served in


def test_a_course_made_again_after_a_deletion_goes_on_with_the_next_number():
    page = authoring.course()
    releases.publish_release(page, by=None, at=NOON)
    CoursePage.objects.get(pk=page.pk).delete()
    again = authoring.course()
    assert releases.publish_release(again, by=None, at=LATER).number == 2
    assert Course.objects.get().page == again
