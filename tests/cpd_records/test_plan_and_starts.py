"""What is planned becomes an activity; templates, earlier activities and finished courses fill in the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, ChangedMeanwhile, NotYourActivity, Offered
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, ActivityTemplate, Competency, EntryKind, LedgerEntry, PlanItem, Qualification
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_acts import Team, answers_on_page, logged, response_team
from tests.hostile import HOSTILE, runs_in, sendable
from tests.queries import at_most_queries

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def team() -> Team:
    return response_team()


def planned(officer: User, **more: Any) -> PlanItem:
    answers: dict[str, Any] = {
        "title": "Learn to interview",
        "why": "I lead my first one in May.",
        "due_on": None,
        **more,
    }
    return activities.plan_learning(officer, at=clock.now(), **answers)


def finished(officer: User, title: str = "Stop and search", *, days_ago: int = 3, minutes: int = 240) -> LedgerEntry:
    with transaction.atomic():
        return append_entry(
            kind=EntryKind.COMPLETION,
            officer=officer.public_id,
            day=clock.today() - timedelta(days=days_ago),
            minutes=minutes,
            subject="SPEC-110",
            payload={"title": title},
        )


# --- The plan ---------------------------------------------------------------------------------------------------------


def test_a_planned_thing_says_what_why_by_when_and_what_for(team: Team) -> None:
    code = Qualification.objects.earliest("pk").code
    item = planned(team["officer"], due_on=clock.today() + timedelta(days=30), qualification=code)
    assert (item.state, item.qualification, item.why) == ("open", code, "I lead my first one in May.")
    token = uuid4()
    assert planned(team["officer"], client_token=token) == planned(team["officer"], client_token=token)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"title": " "}, "title", "Say in a few words what you plan to learn."),
        ({"title": "x" * 201}, "title", "What you plan is 201 characters long and 200 fit."),
        ({"why": "x" * 4001}, "why", "Your reason is 4,001 characters long and 4,000 fit."),
        ({"qualification": "NONE"}, "link", "Choose a requirement from the list, or none."),
        ({"competency": "kindness"}, "link", "Choose a competency from the list, or none."),
    ],
)
def test_a_plan_that_cannot_be_is_refused(team: Team, more: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ActivityRefused, match=sentence) as refusal:
        planned(team["officer"], **more)
    assert refusal.value.field == field


def test_a_day_that_has_passed_cannot_be_planned_and_one_already_planned_stays(team: Team) -> None:
    today = clock.today()
    for day in (today - timedelta(days=1), today + timedelta(days=4000)):
        with pytest.raises(ActivityRefused):
            planned(team["officer"], due_on=day)
    item = planned(team["officer"], due_on=today)
    later = clock.now() + timedelta(days=5)
    changed = activities.change_plan(
        item, by=team["officer"], at=later, seen_changed_at=item.changed_at, title="New words", why="", due_on=today
    )
    assert changed.title == "New words"


def test_a_plan_is_its_officers_alone(team: Team, signed_in: Browser) -> None:
    item = planned(team["officer"])
    for who in ("colleague", "sergeant"):
        with pytest.raises(NotYourActivity):
            activities.set_plan_state(item, by=team[who], state="done", at=clock.now())
        assert signed_in(team[who]).get(f"/cpd/plan/{item.pk}/").status_code == 404
        assert "Learn to interview" not in signed_in(team[who]).get("/cpd/plan/").content.decode()
        form = signed_in(team[who]).get(f"/cpd/log/?from=plan:{item.pk}").content.decode()
        assert "Learn to interview" not in form


def test_a_change_from_another_window_is_refused(team: Team) -> None:
    item = planned(team["officer"])
    seen = item.changed_at
    answers = {"why": "", "due_on": None, "by": team["officer"], "seen_changed_at": seen}
    activities.change_plan(item, title="First", at=clock.now(), **answers)
    with pytest.raises(ChangedMeanwhile):
        activities.change_plan(item, title="Second", at=clock.now(), **answers)


def test_logging_what_was_planned_marks_it_done_and_deleting_the_draft_opens_it_again(team: Team) -> None:
    item = planned(team["officer"], competency="analyse")
    start = activities.start_from(team["officer"], f"plan:{item.pk}")
    activity = logged(team["officer"], start=start)
    item.refresh_from_db()
    assert (item.state, activity.plan_item, activity.competencies) == ("done", item, ["analyse"])
    activities.discard_activity(activity, by=team["officer"], at=clock.now())
    item.refresh_from_db()
    assert item.state == "open"


def test_the_plan_through_its_page(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    day = clock.today() + timedelta(days=40)
    sent = {
        "title": "Learn to interview",
        "why": "For May.",
        "due_on_day": day.day,
        "due_on_month": day.month,
        "due_on_year": day.year,
        "link": "competency:analyse",
        "client_token": str(uuid4()),
    }
    assert (
        "Say in a few words what you plan to learn."
        in browser.post("/cpd/plan/", {**sent, "title": ""}).content.decode()
    )
    for _ in range(2):
        assert browser.post("/cpd/plan/", sent).status_code == 302
    item = PlanItem.objects.get()
    page = browser.get("/cpd/plan/").content.decode()
    assert "For: We analyse critically." in page
    form = browser.get(f"/cpd/log/?from=plan:{item.pk}").content.decode()
    assert 'value="Learn to interview"' in form
    browser.post("/cpd/log/", answers_on_page(start=f"plan:{item.pk}", client_token=str(uuid4())))
    assert PlanItem.objects.get().state == "done"
    assert "Logged " in browser.get("/cpd/plan/").content.decode()
    browser.post(f"/cpd/plan/{item.pk}/state/", {"state": "open"})
    assert PlanItem.objects.get().state == "open"
    wrong = browser.post(f"/cpd/plan/{item.pk}/state/", {"state": "won"}, follow=True).content.decode()
    assert "An item of a plan is to do, done or left out." in wrong
    changed = {**sent, "title": "Learn to interview children", "seen_at": PlanItem.objects.get().changed_at.isoformat()}
    assert browser.post(f"/cpd/plan/{item.pk}/", changed).status_code == 302
    assert browser.post(f"/cpd/plan/{item.pk}/", {**changed, "title": "From another tab"}).status_code == 409


def test_the_plan_costs_the_same_for_one_and_for_many(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    code = Qualification.objects.earliest("pk").code
    for number in range(12):
        item = planned(team["officer"], title=f"Thing {number}", qualification=code, competency="")
        if number % 2:
            logged(team["officer"], start=activities.start_from(team["officer"], f"plan:{item.pk}"))
    planned(team["officer"], competency="ownership")
    browser.get("/cpd/plan/")
    with at_most_queries(13):
        browser.get("/cpd/plan/")


# --- Starting points --------------------------------------------------------------------------------------------------


def test_a_copy_brings_everything_but_the_day_the_reflection_and_the_files(team: Team, signed_in: Browser) -> None:
    activity = logged(team["officer"])
    activities.write_details(
        activity,
        by=team["officer"],
        at=clock.now(),
        seen=activities.Seen(activity.changed_at),
        details=activities.Details(is_structured=True, on_duty=True, principles=["courage"], applied="There."),
    )
    activities.write_reflection(
        activity,
        by=team["officer"],
        at=clock.now(),
        seen=activities.Seen(None),
        reflection="Mine",
        helps="",
        competencies=["analyse"],
    )
    browser = signed_in(team["officer"])
    page = browser.get(f"/cpd/log/?from=copy:{activity.pk}").content.decode()
    assert activity.title in page
    assert 'name="day_day" value=' not in page
    browser.post("/cpd/log/", answers_on_page(title="Copied", start=f"copy:{activity.pk}", client_token=str(uuid4())))
    copy = Activity.objects.get(title="Copied")
    assert (copy.source, copy.is_structured, copy.on_duty, copy.principles) == ("copy", True, True, ["courage"])
    assert (copy.reflection, copy.applied, copy.competencies) == ("", "", ["analyse"])


def test_one_may_keep_a_template_of_ones_own_and_delete_it(team: Team, signed_in: Browser) -> None:
    activity, browser = logged(team["officer"]), signed_in(team["officer"])
    for _ in range(2):
        browser.post(f"/cpd/{activity.pk}/template/")
    template = ActivityTemplate.objects.get()
    assert (template.owner, template.minutes) == (team["officer"], 45)
    assert "Your templates" in browser.get("/cpd/start/").content.decode()
    assert "Your templates" not in signed_in(team["colleague"]).get("/cpd/start/").content.decode()
    assert activities.start_from(team["colleague"], f"template:{template.pk}").answers == {}
    start = activities.start_from(team["officer"], f"template:{template.pk}")
    assert logged(team["officer"], title="Again", start=start).source == "template"
    assert signed_in(team["colleague"]).post(f"/cpd/templates/{template.pk}/delete/").status_code == 404
    browser.post(f"/cpd/templates/{template.pk}/delete/")
    assert not ActivityTemplate.objects.exists()
    assert Activity.objects.filter(title="Again").exists()


def test_only_so_many_templates_of_ones_own_fit(team: Team) -> None:
    for number in range(40):
        activities.keep_as_template(logged(team["officer"], title=f"Talk {number}", minutes=1), by=team["officer"])
    with pytest.raises(ActivityRefused, match=r"40 templates of your own fit. Delete one first."):
        activities.keep_as_template(logged(team["officer"], title="One more"), by=team["officer"])
    with pytest.raises(NotYourActivity):
        activities.keep_as_template(logged(team["colleague"]), by=team["officer"])


def test_trainers_and_administrators_offer_templates_to_everybody(team: Team, signed_in: Browser) -> None:
    offered = Offered("Weekly briefing", "briefing", 15, False, True, None, ["analyse"])
    template = activities.offer_template(offered, by=team["trainer"])
    assert activities.offer_template(offered, by=factories.person("Admin", "training-admin")) == template
    page = signed_in(team["officer"]).get("/cpd/start/").content.decode()
    assert "Weekly briefing" in page
    form = signed_in(team["officer"]).get(f"/cpd/log/?from=template:{template.pk}").content.decode()
    assert 'value="Weekly briefing"' in form
    activities.change_template(
        template, Offered("Weekly briefing", "briefing", 15, None, None, None, is_active=False), by=team["trainer"]
    )
    assert "Weekly briefing" not in signed_in(team["officer"]).get("/cpd/start/").content.decode()
    for who in ("officer", "sergeant"):
        with pytest.raises(NotYourActivity, match=r"Only trainers, training administrators and system administrators"):
            activities.offer_template(offered, by=team[who])
        assert signed_in(team[who]).get("/cpd/templates/").status_code == 403
    own = activities.keep_as_template(logged(team["officer"]), by=team["officer"])
    with pytest.raises(NotYourActivity, match=r"This is an officer's own template."):
        activities.change_template(own, offered, by=team["trainer"])


def test_a_template_that_cannot_be_is_refused_on_the_page(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["trainer"])
    page = browser.post("/cpd/templates/", {"title": "", "kind": "", "length_hours": "25"}).content.decode()
    for sentence in ("Say in a few words what you did.", "Choose what kind of learning it was.", "24 hours or less"):
        assert sentence in page
    Competency.objects.filter(code="analyse").update(is_active=False)
    forged = browser.post(
        "/cpd/templates/", {"title": "A", "kind": "reading", "competencies": ["analyse"]}
    ).content.decode()
    assert "Choose competencies from the list." in forged
    assert not ActivityTemplate.objects.exists()


def test_a_finished_course_is_listed_without_a_form_and_may_be_begun_from(team: Team, signed_in: Browser) -> None:
    entry = finished(team["officer"])
    browser = signed_in(team["officer"])
    page = browser.get("/cpd/").content.decode()
    assert "Stop and search" in page
    assert "Nothing to fill in." in page
    form = browser.get(f"/cpd/log/?from=course:{entry.pk}").content.decode()
    assert 'value="What I did with: Stop and search"' in form
    browser.post("/cpd/log/", answers_on_page(title="What came of it", start=f"course:{entry.pk}"))
    assert Activity.objects.get().source == "course"
    assert activities.start_from(team["colleague"], f"course:{entry.pk}").answers == {}


def test_a_course_that_was_corrected_reads_as_corrected(team: Team) -> None:
    entry = finished(team["officer"])
    with transaction.atomic():
        append_entry(
            kind=EntryKind.CORRECTION,
            officer=team["officer"].public_id,
            day=clock.today(),
            minutes=180,
            corrects=entry.pk,
            payload={"reason": "Shorter", "by": "somebody", "approved_by": "somebody else"},
        )
    [course] = activities.finished_courses(team["officer"])
    assert (course.minutes, course.day, course.title) == (180, clock.today(), "Stop and search")


def test_a_title_too_long_for_an_activity_is_shortened(team: Team) -> None:
    entry = finished(team["officer"], "x" * 300)
    title = activities.start_from(team["officer"], f"course:{entry.pk}").answers["title"]
    assert len(title) == 200
    assert title.endswith("…")


@pytest.mark.parametrize(
    "text", ["", "copy", "copy:", "copy:1", "template:x", "template:99999999999", "plan:0", "odd:1"]
)
def test_a_start_that_is_nothing_fills_in_nothing(team: Team, text: str) -> None:
    assert activities.start_from(team["officer"], text).answers == {}


def test_the_list_costs_the_same_with_courses_briefings_and_half_written_forms(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    for number in range(12):
        finished(team["officer"], f"Course {number}", days_ago=number)
        logged(team["officer"], title=f"Talk {number}", minutes=1)
        activities.keep_unfinished(
            team["officer"],
            token=uuid4(),
            fields={"title": f"Half {number}"},
            seen=activities.Seen(None, page=uuid4(), sequence=1),
            at=clock.now(),
        )
        activities.record_briefing(
            team["sergeant"],
            title=f"Briefing {number}",
            kind="briefing",
            day=clock.today(),
            minutes=5,
            about="Order.",
            officers=[team["officer"]],
            at=clock.now(),
        )
    browser.get("/cpd/")
    for address, most in (("/cpd/", 14), ("/cpd/start/", 9), ("/cpd/log/", 4)):
        with at_most_queries(most):
            browser.get(address)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_kept_or_refused_and_shown_as_text(team: Team, signed_in: Browser, name: str) -> None:
    text = sendable(HOSTILE[name])
    browser, trainer = signed_in(team["officer"]), signed_in(team["trainer"])
    for field in ("title", "why", "link", "due_on_day", "seen_at"):
        for address in ("/cpd/plan/", f"/cpd/plan/{planned(team['officer']).pk}/"):
            sent = {"title": "x", "why": "", "client_token": str(uuid4()), field: text}
            answer = browser.post(address, sent)
            assert answer.status_code < 500
            assert not runs_in(answer.content.decode())
    for field in ("title", "kind", "length_hours", "is_core", "competencies"):
        answer = trainer.post("/cpd/templates/", {"title": "x", "kind": "reading", "is_active": "on", field: text})
        assert answer.status_code < 500
        assert not runs_in(answer.content.decode())
    assert browser.get("/cpd/log/", {"from": text, "continue": text}).status_code == 200
    for address in ("/cpd/plan/", "/cpd/start/"):
        assert not runs_in(browser.get(address).content.decode())
