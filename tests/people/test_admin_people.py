"""System administrators record roles, postings and ranks; nobody does so for themselves."""

from datetime import timedelta

import pytest
from django.urls import reverse

from people import access, clock
from people.models import User
from people.roles import grant_role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return factories.person("Admin", "system-admin")


def grant(client, officer, **data):
    form = {
        "form": "role",
        "role-role": "trainer",
        "role-family": "ethics",
        "role-valid_from": "2026-01-01",
        "role-reason": "New post",
    }
    return client.post(reverse("people_admin:roles", args=[officer.pk]), {**form, **data})


def test_a_role_is_granted_and_opens_the_admin(admin, signed_in):
    officer = factories.person("Officer")
    assert grant(signed_in(admin), officer).status_code == 302
    officer = User.objects.get(pk=officer.pk)
    assert access.has_role(officer, "trainer", family="ethics")
    assert access.may_open_admin(officer)


def test_a_role_is_ended_and_no_longer_counts(admin, signed_in):
    officer = factories.person("Officer", "trainer", family="ethics")
    held = officer.roles_held.get()
    client = signed_in(admin)
    assert client.post(reverse("people_admin:end", args=[officer.pk, held.pk])).status_code == 302
    assert not access.has_role(User.objects.get(pk=officer.pk), "trainer")
    again = client.post(reverse("people_admin:end", args=[officer.pk, held.pk]))
    assert again.status_code == 404


def test_nobody_grants_their_own_roles(admin, signed_in):
    assert grant(signed_in(admin), admin)["Location"] == reverse("wagtailadmin_home")
    assert not access.has_role(User.objects.get(pk=admin.pk), "trainer")


def test_a_trainer_may_not_see_roles(signed_in):
    trainer = factories.person("Trainer", "trainer", family="ethics")
    refused = signed_in(trainer).get(reverse("people_admin:roles", args=[trainer.pk]))
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"role-role": "supervisor"}, "Choose the unit"),
        ({"role-valid_until": "2025-01-01"}, "The last day is before the first"),
        ({"role-reason": ""}, "This field is required"),
        ({"role-valid_from": "soon"}, "Enter a valid date"),
    ],
)
def test_a_wrong_grant_is_refused_by_sentence_and_kept(admin, signed_in, change, sentence):
    officer = factories.person("Officer")
    response = grant(signed_in(admin), officer, **change)
    assert sentence in response.content.decode()
    assert not officer.roles_held.exists()


def test_the_same_role_twice_is_refused(admin, signed_in):
    officer = factories.person("Officer", "trainer", family="ethics")
    assert "already an entry for part of that period" in grant(signed_in(admin), officer).content.decode()


def test_a_person_is_added_without_a_password(admin, signed_in):
    client = signed_in(admin)
    address = reverse("wagtailusers_users:add")
    data = {
        "service_number": "777001",
        "email": "New@force.example",
        "name": "New Person",
        "short_name": "",
        "is_active": "on",
    }
    assert client.post(address, data).status_code == 302
    new = User.objects.get(service_number="777001")
    assert not new.has_usable_password()
    assert new.email == "new@force.example"
    again = client.post(address, {**data, "email": "other@force.example"}).content.decode()
    assert "Service numbers are never used twice" in again


def test_nobody_is_deleted(admin, signed_in):
    officer = factories.person("Officer")
    signed_in(admin).post(reverse("wagtailusers_users:delete", args=[officer.pk]))
    assert User.objects.filter(pk=officer.pk).exists()


def test_the_list_of_people_opens_and_finds_by_service_number(admin, signed_in):
    officer = factories.person("Somebody Findable")
    page = signed_in(admin).get(reverse("wagtailusers_users:index"), {"q": officer.service_number})
    assert "Somebody Findable" in page.content.decode()
    assert "Admin" not in page.content.decode().split("<main")[1].split("Somebody Findable")[1]


def test_a_lapsed_role_closes_the_admin_at_the_next_request(signed_in):
    trainer = factories.person("Trainer")
    yesterday = clock.today() - timedelta(days=1)
    grant_role(trainer, "trainer", by=None, valid_from=factories.LONG_AGO, valid_until=yesterday, family="ethics")
    trainer.groups.create(name="Trainers: ethics")
    client = signed_in(trainer)
    assert client.get("/admin/").status_code == 403
    assert not trainer.groups.exists()


def test_a_second_factor_is_asked_for_where_it_is_required(admin, signed_in, settings):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    response = signed_in(admin).get("/admin/")
    assert response.status_code == 302
    assert response["Location"] == reverse("mfa_index")
