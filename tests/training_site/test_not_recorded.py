"""A stamp that is refused, or a row that somebody changed meanwhile, is said in the form, with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from courses.models import Recruit
from courses.programmes.moving import last_seen
from courses.programmes.trainers import add_trainer, end_trainer
from people import clock, dated_rows
from people.dated_rows import AlreadyCorrected
from people.models import Adjustment, User
from people.stamps import NOT_RIGHT, ClocksDiffer
from tests.courses.programmes.acts import administrator, intake, recruit
from training_site.urls import urlpatterns as site_urls

pytestmark = pytest.mark.django_db
OURS = {"HTTP_ORIGIN": "http://testserver"}
SAID = NOT_RIGHT


def button(request: Any) -> HttpResponse:
    raise ClocksDiffer("the clock of web-3 is ahead")


def changed(request: Any) -> HttpResponse:
    raise AlreadyCorrected("This entry was corrected before.")


urlpatterns = [path("button/", button), path("changed/", changed), path("", include(site_urls))]


@pytest.fixture
def stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From the call on nothing is stamped."""

    @contextmanager
    def refused() -> Iterator[None]:
        raise ClocksDiffer("The clock of the machine 'web-3' is ahead of the database's.")
        yield

    return lambda: monkeypatch.setattr(dated_rows, "stamp", refused)


def is_back_in_the_form(answer: Any, *typed: str) -> None:
    words = answer.content.decode()
    assert answer.status_code in (200, 422), answer.status_code
    assert SAID in words
    assert "web-3" not in words, "the machine's name is for those who run the service"
    for one in typed:
        assert one in words, one


def days(name: str, of: date | None) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(of, part) if of else "" for part in ("day", "month", "year")}


@pytest.fixture
def ada(db: Any) -> User:
    return administrator()


@pytest.fixture
def rae(ada: User) -> Recruit:
    return recruit(intake(by=ada, starts_on=clock.today() - timedelta(days=3)), by=ada)


def test_a_role_that_cannot_be_stamped_comes_back_to_its_form(person: Any, signed_in: Any, stop_the_clock: Any) -> None:
    desk, officer = signed_in(person("Sys Demo", "system-admin")), person("Olu Demo")
    sent = {"form": "role", "role-role": "trainer", "role-family": "ethics", "role-valid_from": "2026-01-01"}
    stop_the_clock()
    answer = desk.post(reverse("people_admin:roles", args=[officer.pk]), {**sent, "role-reason": "New post"})
    is_back_in_the_form(answer, "New post")
    assert not officer.roles_held.exists()


def test_a_decision_about_a_recruit_comes_back_to_its_form_with_the_reason(
    ada: User, rae: Recruit, signed_in: Any, stop_the_clock: Any
) -> None:
    desk = signed_in(ada)
    sent = {
        **days("on", clock.today()),
        "seen": last_seen(rae),
        "reason": "Two failed tests",
        "evidence": "HR-2026-114",
    }
    stop_the_clock()
    answer = desk.post(f"/intakes/recruits/{rae.pk}/decide/action-plan/", sent)
    is_back_in_the_form(answer, "Two failed tests", "HR-2026-114")
    assert not rae.states.filter(kind="action_plan").exists()  # type: ignore[attr-defined]


def test_an_adjustment_comes_back_to_its_form_with_what_was_granted(
    ada: User, person: Any, signed_in: Any, stop_the_clock: Any
) -> None:
    desk, officer = signed_in(ada), person("Olu Demo")
    sent = {"extra_percent": "35", "rest_minutes": "", **days("valid_from", clock.today()), **days("valid_until", None)}
    stop_the_clock()
    answer = desk.post(f"/adjustments/{officer.public_id}/grant/", sent)
    is_back_in_the_form(answer, 'value="35"')
    assert not Adjustment.objects.exists()


def test_a_trainer_of_an_intake_comes_back_to_the_form_with_who_was_typed(
    ada: User, rae: Recruit, person: Any, signed_in: Any, stop_the_clock: Any
) -> None:
    tess, desk = person("Tess Demo", "trainer", family="initial"), signed_in(ada)
    where = rae.states.get(kind="intake").intake  # type: ignore[attr-defined]
    stop_the_clock()
    sent = {"trainer": tess.email, **days("on", clock.today()), **days("until", None)}
    is_back_in_the_form(desk.post(f"/intakes/{where.pk}/trainers/", sent), tess.email)


def test_a_scheme_put_in_force_comes_back_to_the_form_with_the_reason(
    person: Any, signed_in: Any, stop_the_clock: Any
) -> None:
    desk = signed_in(person("Sys Demo", "system-admin"))
    stop_the_clock()
    sent = {
        "unit": "",
        "role": "detective",
        "rank": "",
        "valid_from": clock.today().isoformat(),
        "reason": "Agreed in May",
    }
    answer = desk.post("/admin/cpd-schemes/local-development-target/", sent)
    is_back_in_the_form(answer, "Agreed in May")


def test_what_can_no_longer_be_decided_keeps_what_was_typed_and_leads_to_where_they_stand(
    ada: User, rae: Recruit, signed_in: Any
) -> None:
    answer = signed_in(ada).post(
        f"/intakes/recruits/{rae.pk}/decide/confirmed/", {**days("on", clock.today()), "reason": "All is there"}, **OURS
    )
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "This can no longer be decided here" in words
    assert "All is there" in words
    assert f'href="/intakes/recruits/{rae.pk}/"' in words


def test_a_last_day_of_a_trainer_whom_somebody_else_ended_keeps_the_reason(
    ada: User, rae: Recruit, person: Any, signed_in: Any
) -> None:
    where = rae.states.get(kind="intake").intake  # type: ignore[attr-defined]
    tess = person("Tess Demo", "trainer", family="initial")
    row = add_trainer(where, tess, by=ada, at=clock.now(), on=clock.today())
    end_trainer(row, by=ada, at=clock.now(), last_day=clock.today(), reason="Moved")
    sent = {**days("last_day", clock.today()), "reason": "Posted elsewhere"}
    answer = signed_in(ada).post(f"/intakes/{where.pk}/trainers/{row.pk}/end/", sent, **OURS)
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile." in answer.content.decode()
    assert "Posted elsewhere" in answer.content.decode()


def test_the_end_of_a_pairing_that_somebody_else_changed_keeps_the_reason(
    ada: User, rae: Recruit, signed_in: Any
) -> None:
    sent = {**days("last_day", clock.today()), "reason": "The tutor moves to another team"}
    answer = signed_in(ada).post(f"/intakes/recruits/{rae.pk}/tutor/999999/end/", sent, **OURS)
    assert answer.status_code == 409
    assert "Somebody changed this pairing meanwhile." in answer.content.decode()
    assert "The tutor moves to another team" in answer.content.decode()
    assert signed_in(ada).get(f"/intakes/recruits/{rae.pk}/tutor/999999/end/").status_code == 404


# --- What no form of its own says ------------------------------------------------------------------------------------------


@pytest.mark.urls("tests.training_site.test_not_recorded")
def test_a_button_that_cannot_be_stamped_says_so_and_keeps_what_was_sent(person: Any, signed_in: Any) -> None:
    answer = signed_in(person()).post("/button/", {"learned": "Ask first"}, **OURS)
    words = answer.content.decode()
    assert answer.status_code == 503
    assert "Nothing was recorded" in words
    assert SAID in words
    assert "web-3" not in words
    assert 'action="/button/"' in words
    assert 'name="learned" value="Ask first"' in words


@pytest.mark.urls("tests.training_site.test_not_recorded")
def test_what_somebody_else_changed_meanwhile_is_a_conflict_and_no_error(person: Any, signed_in: Any) -> None:
    answer = signed_in(person()).post("/changed/", {"learned": "Ask first"}, **OURS)
    assert answer.status_code == 409
    assert "This entry was corrected before." in answer.content.decode()
    assert "Ask first" in answer.content.decode()
    assert "Send it again" not in answer.content.decode(), "the same again would be refused again"


@pytest.mark.urls("tests.training_site.test_not_recorded")
def test_another_sites_form_is_told_and_not_offered_again(person: Any, signed_in: Any) -> None:
    answer = signed_in(person()).post("/button/", {"learned": "forged"}, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code == 503
    assert "forged" not in answer.content.decode()


def test_two_clocks_that_differ_come_back_to_the_form_and_are_told_to_those_who_run_it(
    ada: User,
    rae: Recruit,
    signed_in: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock of its own: this machine's is the only one.")
    desk: Client = signed_in(ada)
    sent = {**days("on", clock.today()), "seen": last_seen(rae), "reason": "Two failed tests", "evidence": ""}
    ahead = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr(timezone, "now", lambda: ahead)
    answer = desk.post(f"/intakes/recruits/{rae.pk}/decide/action-plan/", sent)
    is_back_in_the_form(answer, "Two failed tests")
    assert "ahead of the database's" in caplog.text
