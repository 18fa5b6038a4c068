"""Files of imports go after some days, with the names in their reports; the row stays and says when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.test import Client
from wagtail.models import Site

from people import clock, work
from people.importing.letting_go import LET_GO_WORK, let_old_files_go
from people.models import FileImport, ForceSettings, ImportState, User, WaitingWork
from tests import factories
from tests.people.test_import_pages import BAD, GOOD, TITLES, hand_in, latest, shown, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unit() -> Any:
    return factories.unit("team-c", name="Team C")


@pytest.fixture
def admin(signed_in: Any) -> Client:
    return signed_in(factories.person("Training", "training-admin"))  # type: ignore[no-any-return]


def imported(admin: Client, content: str = GOOD + BAD) -> FileImport:
    hand_in(admin, TITLES + content)
    admin.post(f"/imports/{latest().pk}/check/")
    sweep()
    admin.post(f"/imports/{latest().pk}/start/", {"choice": "good-lines"})
    sweep()
    assert latest().state == ImportState.DONE
    return latest()


def test_a_file_goes_after_its_days_and_the_row_says_when(admin: Client) -> None:
    run, now = imported(admin), clock.now()
    assert "then deleted with the names in its report. That is a local default." in shown(
        admin.get(f"/imports/{run.pk}/")
    )
    assert let_old_files_go(at=now + timedelta(days=29), days=30) == 0
    assert storages["private"].exists(run.path)
    assert let_old_files_go(at=now + timedelta(days=31), days=30) == 1
    run.refresh_from_db()
    assert not storages["private"].exists(run.path)
    assert run.let_go_at == now + timedelta(days=31)
    assert run.name == "list.csv"
    assert sorted(run.answers.values_list("verdict", "who", "words")) == [
        ("new", "", ""),
        ("new", "", ""),
        ("refused", "", ""),
    ]
    page = shown(admin.get(f"/imports/{run.pk}/"))
    assert "The file was deleted on" in page
    assert "2 of 3 lines changed something." in page
    assert "900433" not in page
    assert "Zoë Bell" not in admin.get(f"/imports/{run.pk}/report.csv").content.decode()
    assert User.objects.filter(service_number="900431").exists(), "what was imported stays"


def test_again_changes_nothing(admin: Client) -> None:
    run, later = imported(admin), clock.now() + timedelta(days=31)
    assert let_old_files_go(at=later, days=30) == 1
    assert let_old_files_go(at=later + timedelta(days=1), days=30) == 0
    run.refresh_from_db()
    assert run.let_go_at == later


def test_a_file_whose_row_was_not_written_any_more_is_deleted_again(admin: Client) -> None:
    run = imported(admin)
    storages["private"].delete(run.path)  # as where the process ended after deleting
    assert let_old_files_go(at=clock.now() + timedelta(days=31), days=30) == 1


def test_a_list_that_still_waits_is_discarded(admin: Client) -> None:
    hand_in(admin, TITLES + GOOD)
    run = latest()
    let_old_files_go(at=clock.now() + timedelta(days=31), days=30)
    run.refresh_from_db()
    assert run.state == ImportState.DISCARDED
    assert not storages["private"].exists(run.path)
    assert "Discarded. Nothing of it was written" in shown(admin.get(f"/imports/{run.pk}/"))


def test_a_list_being_checked_keeps_its_file(admin: Client) -> None:
    hand_in(admin, TITLES + GOOD)
    run = latest()
    admin.post(f"/imports/{run.pk}/check/")
    assert let_old_files_go(at=clock.now() + timedelta(days=400), days=30) == 0
    assert storages["private"].exists(run.path)


def test_why_an_import_stopped_goes_too_where_it_may_name_somebody(admin: Client) -> None:
    run = imported(admin)
    FileImport.objects.filter(pk=run.pk).update(
        state=ImportState.STOPPED, sentence="Line 3, Zoë Bell: gone", position=2
    )
    let_old_files_go(at=clock.now() + timedelta(days=31), days=30)
    run.refresh_from_db()
    assert run.sentence == "It stopped after line 2; why went with the file."


def test_the_daily_work_takes_the_number_of_days_from_the_settings(admin: Client) -> None:
    run = imported(admin)
    FileImport.objects.filter(pk=run.pk).update(finished_at=clock.now() - timedelta(days=8))
    settings = ForceSettings.for_site(Site.objects.get(is_default_site=True))
    settings.import_files_days = 7
    settings.save()
    work.ask(LET_GO_WORK, clock.today().isoformat())
    assert work.do_work(LET_GO_WORK, clock.today().isoformat())
    assert WaitingWork.objects.get(kind=LET_GO_WORK).last_error == ""
    run.refresh_from_db()
    assert run.let_go_at is not None


@pytest.mark.parametrize("days", [0, 367])
def test_a_number_of_days_that_is_no_retention_is_refused(db: None, days: int) -> None:
    with pytest.raises(ValidationError, match="Write whole days, 1 to 366"):
        ForceSettings(site=Site.objects.get(is_default_site=True), import_files_days=days).full_clean()
