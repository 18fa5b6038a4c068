"""A trainer sets the day a course comes out, in a real browser, under the admin's own content security policy."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect
from wagtail.models import Revision

from courses.models import CoursePage, Release, ReviewList
from people.models import WaitingWork
from tests.courses import authoring

PASSWORD = "a long enough password"


def test_a_course_is_submitted_for_a_day_reviewed_approved_and_comes_out_on_it(visitor, a_moment_passes):
    people = [authoring.trainer(), authoring.reviewer(), authoring.approver()]
    course = authoring.course(by=people[0])
    day = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)

    trainer = visitor()
    trainer.signs_in(people[0].email, PASSWORD)
    trainer.goes_to(f"/admin/pages/{course.pk}/edit/")
    trainer.page.get_by_role("button", name="Toggle status").click()
    trainer.page.get_by_role("button", name="Set schedule").click()
    # The picker opens, so its script ran; then the day is typed, which is quicker than leafing to it.
    trainer.page.get_by_label("Go live date/time").click()
    expect(trainer.page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    trainer.page.get_by_label("Go live date/time").fill(f"{day:%Y-%m-%d %H:%M}")
    trainer.page.get_by_label("Go live date/time").press("Tab")
    trainer.page.get_by_role("button", name="Save schedule").click()
    trainer.page.wait_for_load_state()
    trainer.page.get_by_role("button", name="More actions").click()
    trainer.presses("Save and go to review")
    trainer.sees("is ready to be reviewed")
    trainer.sees("Once approved, it comes out on")
    trainer.writes("What is new (optional)", "All of it.")
    trainer.presses("Submit for review")
    trainer.sees("is with the subject reviewers now")
    address = f"/admin/course-reviews/{ReviewList.objects.get().pk}/"

    for somebody, decision in ((people[1], "Pass the review"), (people[2], "Approve and bring out")):
        decider = visitor()
        decider.signs_in(somebody.email, PASSWORD)
        decider.goes_to("/admin/")
        decider.follows("Saying so")
        assert decider.page.url.endswith(address)
        decider.sees("You see a colleague take a shortcut.")
        decider.presses(decision)
    decider.sees("It comes out now, or on the day set for it.")
    assert not Release.objects.exists()
    assert WaitingWork.objects.get(kind="courses.publish_scheduled").due_at == day

    authoring.make_due(CoursePage.objects.get(pk=course.pk))
    WaitingWork.objects.filter(kind="courses.publish_scheduled").update(due_at=timezone.now() - timedelta(minutes=1))
    a_moment_passes()
    assert Release.objects.get().released_by == people[2]
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()
    trainer.goes_to(f"/catalogue/{course.slug}/")
    trainer.sees("Saying so")
