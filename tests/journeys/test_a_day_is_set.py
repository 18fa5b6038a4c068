"""A system administrator sets the day a course comes out with the admin's own date picker, under the admin's own policy for scripts."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, expect

from courses.models import CoursePage, Release
from people.models import WaitingWork
from tests.courses import authoring
from tests.journeys import stories


def test_a_day_chosen_in_the_date_picker_brings_the_course_out_when_it_comes(visitor, a_moment_passes):
    course = authoring.course(by=authoring.trainer())
    ada = stories.person("Ada Admin", "system-admin")
    administrator, stranger = visitor(), visitor()
    stories.signs_in(administrator, ada)

    # Given the editor of a course, a day of next month is chosen by pressing it in the calendar, never typed.
    page = administrator.page
    with page.expect_response("**/edit/") as opened:
        administrator.goes_to(f"/admin/pages/{course.pk}/edit/")
    policy = opened.value.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    page.get_by_label("Go live date/time").click()
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    calendar.locator(".xdsoft_next").first.click()
    calendar.locator("td.xdsoft_date:not(.xdsoft_other_month)", has_text="17").first.click()
    nine = calendar.locator(".xdsoft_time", has_text="09:00").first
    turns_to(nine, of=calendar.locator(".xdsoft_time_box"))
    nine.click()
    today = timezone.localdate()
    next_month = (today.replace(day=28) + timedelta(days=7)).replace(day=17)
    expect(page.get_by_label("Go live date/time")).to_have_value(f"{next_month} 09:00")
    page.get_by_role("button", name="Save schedule").click()
    administrator.sees("has been updated")

    # When it is published with that day, it waits: it is nowhere yet.
    page.get_by_role("button", name="More actions").click()
    administrator.presses("Schedule to publish")
    administrator.sees("has been scheduled for publishing")
    waiting = WaitingWork.objects.get(kind="courses.publish_scheduled")
    assert timezone.localtime(waiting.due_at) == timezone.make_aware(
        timezone.datetime(next_month.year, next_month.month, 17, 9)
    )
    a_moment_passes()
    assert not Release.objects.exists()
    stranger.is_refused("/catalogue/eth-900/")

    # Then the day comes.
    authoring.make_due(CoursePage.objects.get(pk=course.pk))
    WaitingWork.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    a_moment_passes()
    assert Release.objects.get().released_by == ada
    stranger.goes_to("/catalogue/eth-900/")
    stranger.sees("Saying so")


def turns_to(time: Locator, *, of: Locator) -> None:
    """Turn the wheel over a list that opens where the clock stands, until a time is seen in it."""
    of.hover()
    for _turn in range(150):
        seen, place = of.bounding_box(), time.bounding_box()
        assert seen is not None
        assert place is not None
        if place["y"] < seen["y"]:
            time.page.mouse.wheel(0, -100)
        elif place["y"] + place["height"] > seen["y"] + seen["height"]:
            time.page.mouse.wheel(0, 100)
        else:
            return
        time.page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError("Nine o'clock was not reached by turning the wheel.")
