"""Who may act on whom: roles and postings in force on a day."""

from datetime import date, timedelta

import pytest
from wagtail.models import Site

from people import access, clock
from people.dated_rows import PeriodsOverlap, correct_row
from people.force import force
from people.models import ForceSettings, RoleHeld, User
from people.postings import post_officer
from people.roles import RoleNeedsScope, end_role, grant_role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_supervisor_supervises_people_posted_to_the_unit_and_below():
    bcu = factories.unit("bcu")
    team = factories.unit("team", parent=bcu)
    sergeant = factories.person("Sergeant", "supervisor", unit=bcu)
    officer = factories.person("Officer", unit=team)
    assert access.supervises(sergeant, officer)
    assert list(access.officers_supervised_by(sergeant)) == [officer]
    assert list(access.supervisors_of(officer)) == [sergeant]


def test_nobody_supervises_themselves():
    team = factories.unit("team")
    sergeant = factories.person("Sergeant", "supervisor", unit=team)
    assert not access.supervises(sergeant, sergeant)
    assert not access.officers_supervised_by(sergeant).exists()
    assert not access.supervisors_of(sergeant).exists()


def test_a_supervisor_of_another_unit_supervises_nobody_here():
    here, elsewhere = factories.unit("here"), factories.unit("elsewhere")
    officer = factories.person("Officer", unit=here)
    stranger = factories.person("Stranger", "supervisor", unit=elsewhere)
    assert not access.supervises(stranger, officer)


def test_supervision_follows_the_posting_of_the_day():
    here, elsewhere = factories.unit("here"), factories.unit("elsewhere")
    sergeant = factories.person("Sergeant", "supervisor", unit=here)
    officer = factories.person("Officer", unit=here)
    post_officer(officer, elsewhere, by=None, valid_from=date(2026, 6, 1))
    assert access.supervises(sergeant, officer, on=date(2026, 5, 31))
    assert not access.supervises(sergeant, officer, on=date(2026, 6, 1))


def test_a_supervisors_role_needs_a_unit():
    officer = factories.person()
    with pytest.raises(RoleNeedsScope, match="Choose the unit"):
        grant_role(officer, "supervisor", by=None, valid_from=date(2026, 1, 1))


def test_a_role_for_one_family_is_not_a_role_for_another():
    trainer = factories.person("Trainer", "trainer", family="ethics")
    assert access.has_role(trainer, "trainer", family="ethics")
    assert not access.has_role(trainer, "trainer", family="initial")
    assert access.may_open_admin(trainer)


def test_groups_follow_from_roles_in_force():
    trainer = factories.person("Trainer", "trainer", family="ethics")
    assert set(trainer.groups.values_list("name", flat=True)) == {"Trainers: ethics"}
    end_role(RoleHeld.objects.get(officer=trainer), by=None, last_day=clock.today() - timedelta(days=1))
    assert not trainer.groups.exists()
    assert not access.may_open_admin(User.objects.get(pk=trainer.pk))


def test_a_system_administrator_is_a_superuser_only_while_the_role_is_in_force():
    admin = factories.person("Admin", "system-admin")
    assert admin.is_superuser
    end_role(RoleHeld.objects.get(officer=admin), by=None, last_day=clock.today() - timedelta(days=1))
    admin.refresh_from_db()
    assert not admin.is_superuser


def test_the_same_role_twice_for_one_period_is_refused():
    trainer = factories.person("Trainer", "trainer", family="ethics")
    with pytest.raises(PeriodsOverlap, match="already an entry"):
        grant_role(trainer, "trainer", by=None, valid_from=date(2026, 1, 1), family="ethics")


def test_what_was_known_then_is_still_answered_after_a_correction():
    here, elsewhere = factories.unit("here"), factories.unit("elsewhere")
    officer = factories.person("Officer", unit=here)
    row = officer.postings.get()
    known_then = clock.now()
    correct_row(row, by=None, reason="Posted elsewhere all along", unit_id=elsewhere.pk)
    day = date(2026, 5, 1)
    postings = type(row).objects
    assert postings.in_force(day).get(officer=officer).unit == elsewhere
    assert postings.in_force(day, known_then).get(officer=officer).unit == here


def test_a_void_correction_says_it_was_never_true():
    officer = factories.person("Officer", unit=factories.unit("here"))
    correct_row(officer.postings.get(), by=None, reason="Wrong person", is_void=True)
    assert not officer.postings.model.objects.in_force(date(2026, 5, 1)).filter(officer=officer).exists()


def test_a_changed_force_shows_at_once():
    settings = ForceSettings.for_site(Site.objects.get(is_default_site=True))
    assert force().force_name == "Example Police Service"
    settings.force_name = "Another Police Service"
    settings.save()
    assert force().force_name == "Another Police Service"
