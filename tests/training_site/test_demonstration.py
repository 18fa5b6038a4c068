"""The demonstration: what its authors find at first sight, and what to do where it was only half written."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from courses.course_reviews import record_review
from courses.decisions import decisions_waiting
from courses.folder.loading import load_catalogue
from courses.models import Course, PortfolioReading, Recruit, ReviewList
from courses.portfolio.reading import portfolios_of
from cpd_records.currency import currency_of
from cpd_records.currency.following import follow
from cpd_records.currency.values import Verdict
from cpd_records.models import ReadinessCount
from cpd_records.readiness import Question
from cpd_records.readiness.comparing import compare_units
from people import access, clock
from people.models import ForceSettings, Hold, Unit, User
from tests.courses.authoring import course as written
from tests.courses.authoring import family
from training_site.demonstration import authoring, history, portfolio
from training_site.demonstration import people as demonstrated
from training_site.demonstration.duties import (
    bring_awards,
    except_public_order,
    exempt_recruit,
    give_duties,
    hold_a_record,
    propose_correction_of_a_day,
    restrict_driving,
)
from training_site.demonstration.people import ACADEMY, ACCOUNTS, LATER, create_accounts, create_units
from training_site.demonstration.recruits import open_intakes

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(tmp_path: Any, settings: Any) -> dict[str, User]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return create_accounts(create_units(since=clock.today()), since=clock.today())


def load(*changes: authoring.Revision) -> None:
    """Load the courses of these changes as the history does."""
    for change in changes:
        load_catalogue(history.STARTER_CATALOGUE / change.course, by=None, at=clock.now())


def words_of_home(user: User) -> str:
    client = Client()
    client.force_login(user, backend="people.sign_in.SignInBackend")
    content = client.get("/admin/").content.decode()
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content[content.index('id="main"') :])))


def test_trainer_reviewer_and_approver_each_find_something_that_waits_for_them(people):
    load(authoring.TO_REVIEW, authoring.TO_APPROVE)
    family("ethics")
    trainer, reviewer, approver = people["trainer"], people["reviewer"], people["approver"]
    authoring.revise_and_submit(authoring.TO_APPROVE, by=trainer, at=clock.now())
    authoring.pass_to_approver(authoring.TO_APPROVE, by=reviewer, at=clock.now())
    authoring.revise_and_submit(authoring.TO_REVIEW, by=trainer, at=clock.now())
    authoring.write_draft(by=trainer)

    assert "What you post off duty" in words_of_home(trainer)
    assert "Stop and search: fair and effective" in words_of_home(reviewer)
    assert "Mental health crisis: powers and first response" in words_of_home(approver)
    assert {one.note for one in ReviewList.objects.still_open()} == {
        authoring.TO_REVIEW.note,
        authoring.TO_APPROVE.note,
    }


def test_the_supervisors_team_shows_each_of_the_eight_verdicts(people):
    give_duties(people, since=clock.today())
    bring_awards(people)
    for decide in (exempt_recruit, except_public_order, restrict_driving):
        decide(people, clock.now())
    team = access.officers_supervised_by(people["supervisor"])
    found = {one.verdict for officer in team for one in currency_of(officer, on=clock.today()).qualifications}
    assert found == set(Verdict)


def test_the_system_administrator_finds_a_change_that_waits_for_a_second_person(people):
    give_duties(people, since=clock.today())
    bring_awards(people)
    propose_correction_of_a_day(people, clock.now())
    assert "1 change of records to decide on" in {one.title for one in decisions_waiting(people["admin"])}
    assert not [one for one in decisions_waiting(people["training-admin"]) if "records" in one.title]


def test_the_head_of_learning_sees_how_the_unit_moved_since_it_was_first_counted(people):
    give_duties(people, since=clock.today())
    bring_awards(people)
    follow()
    ReadinessCount.objects.create(
        unit=Unit.objects.get(code=ACADEMY), day=clock.today() - timedelta(days=30), asked=20, met=8
    )

    found = compare_units(people["approver"], Question(on=clock.today()))

    assert [(one.unit.name, one.people) for one in found.units] == [("Learning and Development", 7)]
    assert found.units[0].met_change == found.units[0].met - 8
    assert found.units[0].moved


def test_the_approver_may_record_that_the_force_reviewed_a_course(people):
    load(authoring.TO_REVIEW)
    release = Course.objects.get(code=authoring.TO_REVIEW.course).current_release
    assert release is not None
    today = clock.today()
    assert record_review(release, by=people["approver"], reviewed_on=today, at=clock.now()).reviewed_on == today


def test_a_sentence_that_is_no_more_in_its_lesson_is_not_passed_over(people):
    made = written(by=people["trainer"])
    gone = authoring.Revision(made.code, "the-shortcut", "No such sentence.", "x", "x")
    with pytest.raises(ValueError, match="not in ETH-900, the-shortcut: No such sentence"):
        authoring.revise_and_submit(gone, by=people["trainer"], at=clock.now())


def test_a_demonstration_that_broke_off_says_in_one_sentence_how_to_start_again(monkeypatch):
    def breaks_off(*args: Any, **more: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(history, "load_catalogue", breaks_off)
    name = connection.settings_dict["NAME"]
    way_out = (
        f"Remove the database with 'rm {name}*' and run 'make run' again."
        if connection.vendor == "sqlite"
        else f"Drop the database '{name}', create it anew, and run 'manage.py migrate' and 'manage.py create_demo' again."
    )
    with pytest.raises(CommandError) as first:
        call_command("create_demo")
    assert str(first.value) == (
        f"The demonstration people's past is only half written (No space left on device). {way_out}"
    )
    # Every account is there by now; a second run must not take that for a finished demonstration.
    with pytest.raises(CommandError) as second:
        call_command("create_demo")
    assert str(second.value) == f"The demonstration people's past was begun here and never finished. {way_out}"


def test_a_demonstration_that_is_finished_is_not_written_twice(people, capsys):
    call_command("create_demo")
    assert "are here already; nothing was changed" in capsys.readouterr().err
    assert not Hold.objects.exists()


def test_a_demonstration_of_an_earlier_release_gets_the_people_that_came_later(monkeypatch, capsys):
    came_later = User.objects.filter(email__in=[f"{key}@force.example" for key in LATER])
    with monkeypatch.context() as earlier:
        earlier.setattr(demonstrated, "ACCOUNTS", [one for one in ACCOUNTS if one.key not in LATER])
        create_accounts(create_units(since=clock.today()), since=clock.today())
    assert not came_later.exists()

    call_command("create_demo")

    assert "Added the demonstration people new in this release: disclosure@force.example, records@force.example." in (
        capsys.readouterr().err
    )
    assert {access.has_role(one, access.DISCLOSURE_OFFICER) for one in came_later.all()} == {True}
    call_command("create_demo")
    assert "are here already; nothing was changed" in capsys.readouterr().err


def test_every_duty_that_takes_two_has_two_demonstration_people():
    """Otherwise its screens lead nowhere for whoever tries them."""
    held = [role for account in ACCOUNTS for role in account.roles]
    assert held.count(access.DISCLOSURE_OFFICER) == 2
    assert held.count(access.TRAINING_ADMIN) + held.count(access.SYSTEM_ADMIN) == 2


def test_a_legal_hold_stands_and_an_auditor_finds_it(people):
    hold_a_record(people, clock.now())
    client = Client()
    for key in ("auditor", "disclosure"):
        client.force_login(people[key], backend="people.sign_in.SignInBackend")
        assert "civil claim about a training day" in client.get("/evidence/holds/").content.decode()


def test_sample_history_is_not_mixed_into_a_site_in_use(person):
    person()
    User.objects.create_user("900101", "recruit@force.example", "Robin Demo", "a long enough password")
    with pytest.raises(CommandError, match="Use a fresh VAR_DIR for a demonstration"):
        call_command("create_demo")


def test_a_past_is_not_written_before_the_courses_it_is_made_of(tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    load(authoring.TO_REVIEW)
    with pytest.raises(CommandError, match="let it run before 'load_catalogue'"):
        call_command("create_demo")
    assert not User.objects.exists()


def test_no_two_demonstration_people_are_called_the_same_nor_like_who_signs_certificates():
    called = [account.short_name for account in ACCOUNTS]
    assert len({*called, ForceSettings().signatory_name}) == len(ACCOUNTS) + 1


def test_there_is_no_demonstration_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="never created under production settings"):
        call_command("create_demo")


def test_the_recruits_portfolio_is_half_filled_and_shows_every_state(tmp_path: Any, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with clock.sample_time(clock.now() - timedelta(days=history.FIRST_DAY)):
        people = create_accounts(create_units(since=clock.today()), since=clock.today())
        open_intakes(people, clock.now())
    acts = sorted(history._portfolio(people), key=lambda act: (-act.days_ago, act.at))
    for act in acts:
        moment = history._moment(act.days_ago, act.at)
        with clock.sample_time(moment):
            act.do(moment)
    recruit = Recruit.objects.select_related("officer", "release__programme").get(officer=people["recruit"])
    patrol, competence = portfolios_of(recruit, by=people["supervisor"], on=clock.today())
    assert (patrol.count.met, len(patrol.headings)) == (9, 18)
    assert (competence.count.met, len(competence.headings)) == (0, 6)
    assert {one.item.state for one in patrol.items} == {"waiting", "returned", "sufficient"}
    assert len(patrol.items) == len(portfolio.PIECES)
    assert PortfolioReading.objects.get().outcome == "agreed"
