"""A learner walks through a whole shipped course: every lesson, every check, a note in each, the test, the certificate.

They read on a phone and answer at a desk, so that each lesson is seen at both widths, before it is answered and after.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from assessments.models import Attempt
from courses.folder.loading import load_catalogue
from courses.folder.minutes import A_CHECK, A_REFLECTION, WORDS_A_MINUTE, words_of_lesson
from courses.folder.reading import read_folder
from courses.folder.shapes import Course as Shipped
from courses.folder.shapes import Lesson
from courses.management.commands.load_catalogue import STARTER_CATALOGUE
from courses.models import Course, ReleaseStep
from people import clock
from tests.journeys import stories
from tests.journeys.stories import fills
from tests.journeys.visitors import ON_A_PHONE, Visitor
from training_site.demonstration.answers import Fields, fields_of

CODE = "ETH-101"
NOTE = "I would ask one question more, and write down who answered it."


def test_a_learner_reads_on_a_phone_answers_at_a_desk_and_earns_the_certificate(
    visitor: Any, a_moment_passes: Any
) -> None:
    shipped = read_folder(STARTER_CATALOGUE / CODE).catalogue.courses[0]
    load_catalogue(STARTER_CATALOGUE / CODE, by=None, at=clock.now())
    course = Course.objects.get(code=CODE)
    assert course.current_release
    steps = {step.slug: step for step in course.current_release.steps.all()}
    robin = stories.person("Robin Demo")
    desk, phone = visitor(), visitor(**ON_A_PHONE)
    for somebody in (desk, phone):
        stories.signs_in(somebody, robin)

    promised = enrols(desk, shipped)
    lessons = list(shipped.steps())
    shown = []
    for lesson, following in zip(lessons, [*lessons[1:], shipped.tests[0]], strict=True):
        assert isinstance(lesson, Lesson)
        address = f"/learn/{course.slug}/{lesson.slug}/"
        desk.sees_heading(lesson.title)
        shown.append(minutes_shown(desk, lesson))
        phone.goes_to(address)
        phone.sees_heading(lesson.title)
        answers_every_check(desk, steps[lesson.slug])
        writes_a_note(desk, steps[lesson.slug])
        phone.goes_to(address)
        finds_it_all_on_the_phone(phone, steps[lesson.slug])
        desk.presses(f"Next: {following.title}")

    # The hours on the course's page are those of its lessons, its test and its talk with the supervisor.
    assert shipped.extra_minutes
    assert promised == sum(shown) + shipped.tests[0].minutes + shipped.extra_minutes.minutes
    sits_the_test(desk, phone)
    reaches_the_certificate(desk, phone, a_moment_passes, shipped)


def minutes_in(text: str) -> int:
    """Return the minutes that '2 h 30 min' stands for."""
    hours, minutes = re.search(r"(\d+)\sh\b", text), re.search(r"(\d+)\smin\b", text)
    assert hours or minutes, text
    return 60 * int(hours[1] if hours else 0) + int(minutes[1] if minutes else 0)


def enrols(desk: Visitor, shipped: Shipped) -> int:
    """Enrol from the course's page and return the minutes it promises."""
    desk.goes_to(f"/catalogue/{shipped.slug}/")
    desk.sees_heading(shipped.title)
    if shipped.content_warning:
        desk.sees(shipped.content_warning.text)
    promised = minutes_in(desk.page.get_by_text("in your own time").inner_text())
    desk.presses("Enrol")
    return promised


def minutes_shown(desk: Visitor, lesson: Lesson) -> int:
    """Return the minutes above the lesson, after holding them to the rule: words, checks and notes, rounded up to five."""
    told = desk.page.get_by_text(re.compile(r"\babout\s\d", re.IGNORECASE)).first.inner_text()
    shown = minutes_in(told.split("bout", 1)[1])
    checks, notes = (sum(1 for _ in lesson.blocks_of(kind)) for kind in ("check", "reflect"))
    exact = words_of_lesson(lesson) / WORDS_A_MINUTE + float(checks * A_CHECK + notes * A_REFLECTION)
    assert exact <= shown < exact + 5, f"{lesson.slug}: {exact:.1f} minutes by the rule, {shown} on the page"
    return shown


def answers_every_check(desk: Visitor, step: ReleaseStep) -> None:
    """Answer what comes before the text by a mistake and what comes after it rightly; each answer is told why."""
    for slot, check in step.checks.items():
        section = desk.page.locator(f"[id='{slot}']")
        is_right = check.get("when") != "before"
        fills(section, as_filled(fields_of(check["type"], check["definition"], is_right=is_right, name=slot)))
        section.get_by_role("button", name="Check my answer").click()
        told = section.locator(".feedback")
        expect(told).to_have_class(re.compile("feedback--right" if is_right else "feedback--(wrong|partly)"))
        assert len(told.inner_text().split()) > 5, f"{step.slug}, {slot}: the feedback teaches nothing"
    desk.looks()


def writes_a_note(desk: Visitor, step: ReleaseStep) -> None:
    assert step.reflections, f"{step.slug} asks for no reflection"
    for slot in step.reflections:
        section = desk.page.locator(f"[id='{slot}']")
        section.get_by_label("Your note (optional)").fill(NOTE)
        section.get_by_role("button", name="Keep my note").focus()
        expect(section.locator("[data-kept]")).to_contain_text("Kept")


def finds_it_all_on_the_phone(phone: Visitor, step: ReleaseStep) -> None:
    expect(phone.page.locator(".feedback")).to_have_count(len(step.checks))
    expect(phone.page.get_by_label("Your note (optional)").first).to_have_value(NOTE)
    expect(phone.page.get_by_role("button", name=re.compile("^Next: "))).to_be_visible()


def sits_the_test(desk: Visitor, phone: Visitor) -> None:
    phone.goes_to(desk.page.url.removeprefix(desk.address))
    desk.presses("Start the test")
    attempt = Attempt.objects.get()
    items = list(attempt.items.select_related("question_version").order_by("position"))
    for item in items:
        stories.stands_at_question(desk, item.position)
        version = item.question_version
        fills(desk.page.locator("[data-piece]"), as_filled(fields_of(version.type, version.definition, is_right=True)))
        last = item is items[-1]
        name = "Review and submit" if last else "Next question"
        desk.page.get_by_role("button", name=name).filter(visible=True).first.click()
    desk.sees(f"{len(items)} of {len(items)} answered, all received.")
    desk.presses("Submit my answers")
    desk.sees_heading("We have received your test")
    desk.follows("See my result")
    desk.sees_heading("You passed")


def reaches_the_certificate(desk: Visitor, phone: Visitor, a_moment_passes: Any, shipped: Shipped) -> None:
    a_moment_passes()
    desk.follows("Look again")
    desk.sees("Your certificate is ready")
    phone.goes_to(f"/catalogue/{shipped.slug}/")
    phone.follows("open the certificate")
    phone.sees(shipped.title)


def as_filled(fields: Fields) -> dict[str, str | tuple[str, ...]]:
    return {name: tuple(values) for name, values in fields.items()}
