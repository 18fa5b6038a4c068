"""System administrators keep programmes in the admin: each change is a release, and what was typed stays when it is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from courses.models import Programme
from courses.programmes.admin.forms import editor_for
from courses.programmes.releasing import plan_of, withdraw_release
from courses.programmes.values import canonical, read_plan
from people import clock
from people.models import User
from tests import factories
from tests.courses.portfolio.acts import plan as plan_with_portfolio
from tests.courses.programmes.acts import PLAN, intake, recruit, release

pytestmark = pytest.mark.django_db

ADMIN = "/admin/programmes/"


@pytest.fixture
def keeper() -> User:
    return factories.person("Kit Demo", "system-admin")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def sent(plan: Any, **more: Any) -> dict[str, Any]:
    """Return what the editor sends for a plan."""
    editor = editor_for(plan, None)
    found: dict[str, Any] = {}
    for form in (editor.once, *editor.phases):
        for bound in form:
            value = bound.value()
            if value not in (None, False):
                found[bound.html_name] = "on" if value is True else value
    total = len(editor.phases)
    return {**found, "phases-TOTAL_FORMS": total, "phases-INITIAL_FORMS": total - 1, "do": "save", **more}


@pytest.mark.parametrize("data", [PLAN, plan_with_portfolio()], ids=["records", "portfolio"])
def test_what_the_editor_shows_unchanged_is_the_plan_itself(data, keeper, signed_in):
    made = release(**({} if data is PLAN else {"phases": data["phases"]}))
    answer = signed_in(keeper).post(f"{ADMIN}TEST/release/", sent(plan_of(made)), follow=True)
    assert "Nothing was changed, so no release was brought out." in text(answer)
    assert Programme.objects.get(code="TEST").current_release == made


def test_a_change_is_a_new_release_and_recruits_stay_on_theirs(keeper, signed_in):
    ada = factories.person("Ada Demo", "training-admin")
    began = intake(by=ada)
    rae = recruit(began, by=ada)
    form = sent(plan_of(began.release))
    form |= {
        "phases-0-weeks": "6",
        "phases-1-records": "Tutor’s report\nDriving check",
        "phases-0-courses": "init-101, ETH-101",
        "phases-0-assessments": "init-101-final, Law_2",
    }
    answer = signed_in(keeper).post(f"{ADMIN}TEST/release/", form, follow=True)
    assert "release 2 is out. Intakes opened from now on begin on it." in text(answer)
    current = Programme.objects.get(code="TEST").current_release
    first, second, _last = plan_of(current).phases
    assert (first.weeks, first.courses) == (6, ("INIT-101", "ETH-101"))
    assert first.assessments == ("init-101-final", "Law_2")
    assert [(record.slug, record.title) for record in second.records] == [
        ("report", "Tutor’s report"),
        ("driving-check", "Driving check"),
    ]
    rae.refresh_from_db()
    assert rae.release == began.release


def test_a_phase_that_is_renamed_keeps_its_slug_and_one_emptied_goes(keeper, signed_in):
    form = sent(plan_of(release()), **{"phases-0-title": "Classroom"})
    form |= {name: "" for name in form if name.startswith("phases-2-")}
    signed_in(keeper).post(f"{ADMIN}TEST/release/", form)
    phases = plan_of(Programme.objects.get(code="TEST").current_release).phases
    assert [(phase.slug, phase.title) for phase in phases] == [("foundation", "Classroom"), ("tutor", "Tutor phase")]


def test_a_programme_of_the_force_s_own_is_written_and_looked_at_first(keeper, signed_in):
    client = signed_in(keeper)
    form = sent(read_plan(plan_with_portfolio()), code="OURS")
    looked = client.post(f"{ADMIN}new/", {**form, "do": "look"})
    assert looked.status_code == 200
    assert "Searching individuals: 2 items" in text(looked)
    assert not Programme.objects.filter(code="OURS").exists()
    client.post(f"{ADMIN}new/", form)
    made = Programme.objects.get(code="OURS").current_release
    assert made.released_by == keeper
    expected = read_plan({**plan_with_portfolio(), "phases": plan_with_portfolio()["phases"]})
    assert [phase.title for phase in plan_of(made).phases] == [phase.title for phase in expected.phases]
    assert plan_of(made).phases[1].portfolio[0].needed == 2
    assert canonical(plan_of(made)) == canonical(read_plan(made.plan))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"phases-0-weeks": ""}, "Enter how many weeks it is meant to take, from 1 to 260."),
        ({"phases-0-weeks": "261"}, "less than or equal to 260"),
        ({"phases-0-title": ""}, "Give the phase a title, or empty its other fields."),
        ({"phases-1-title": "Foundation", "phases-1-slug": ""}, "Two phases have the slug ‘foundation’."),
        ({"phases-0-qualifications": "P!PST"}, "use codes in capitals"),
        ({"phases-0-portfolio": "Searching; many"}, "needs from 1 to"),
        ({"programme-title": ""}, "This field is required."),
    ],
)
def test_what_is_no_programme_is_refused_and_nothing_typed_is_lost(change, said, keeper, signed_in):
    made = release()
    form = sent(plan_of(made), **{"programme-source": "Typed with care", **change})
    answer = signed_in(keeper).post(f"{ADMIN}TEST/release/", form)
    assert answer.status_code == 422
    assert said in text(answer)
    assert "Typed with care" in answer.content.decode()
    assert Programme.objects.get(code="TEST").current_release == made


def test_a_code_that_is_taken_is_refused_beside_it(keeper, signed_in):
    made = release()
    answer = signed_in(keeper).post(f"{ADMIN}new/", sent(plan_of(made), code="TEST"))
    assert answer.status_code == 422
    assert "A programme has this code already." in text(answer)


def test_more_phases_are_added_to_what_was_typed(keeper, signed_in):
    form = sent(plan_of(release()), **{"programme-title": "Typed", "do": "phases"})
    answer = signed_in(keeper).post(f"{ADMIN}TEST/release/", form)
    assert "Typed" in answer.content.decode()
    assert f'name="phases-TOTAL_FORMS" value="{form["phases-TOTAL_FORMS"] + 2}"' in answer.content.decode()


def test_a_release_is_withdrawn_with_a_reason(keeper, signed_in):
    made, client = release(), signed_in(keeper)
    address = f"{ADMIN}TEST/releases/1/withdraw/"
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    done = client.post(address, {"reason": "A newer one is out."}, follow=True)
    assert "Nobody new begins on" in text(done)
    assert made.withdrawals.get().reason == "A newer one is out."
    assert client.get(address, follow=True).redirect_chain == [(f"{ADMIN}TEST/", 302)]
    assert client.post(f"{ADMIN}TEST/releases/9/withdraw/", {"reason": "x"}).status_code == 404


def test_the_list_and_a_programme_are_read(keeper, signed_in):
    made = release()
    withdraw_release(made, by=keeper, at=clock.now(), reason="For a test")
    client = signed_in(keeper)
    assert "Two-phase programme" in text(client.get(ADMIN))
    page = text(client.get(f"{ADMIN}TEST/"))
    assert "Ending it grants independent patrol." in page
    assert "For a test" in page
    assert client.get(f"{ADMIN}NONE/").status_code == 404
