"""One way in: allauth, by e-mail address or service number; sign-up is closed; the admin's own sign-in leads here."""

import pytest
from django.core import mail
from django.urls import reverse

from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "policing-by-consent"


@pytest.fixture
def officer():
    return factories.person("Officer", email="officer@force.example", password=PASSWORD)


def sign_in(client, login, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": login, "password": password})


@pytest.mark.parametrize("way", ["e-mail", "E-MAIL", "service number"])
def test_people_sign_in_by_e_mail_or_service_number(client, officer, way):
    login = {"e-mail": officer.email, "E-MAIL": officer.email.upper(), "service number": officer.service_number}[way]
    response = sign_in(client, login)
    assert response.status_code == 302
    assert response["Location"] == "/my/"
    assert client.session["_auth_user_id"] == str(officer.pk)


@pytest.mark.parametrize(
    "login", ["officer@force.example", "nobody@force.example", "999999", "' OR 1=1 --", "\u202e\u200bx"]
)
def test_a_wrong_password_and_an_unknown_person_get_the_same_sentence(client, officer, login):
    response = sign_in(client, login, "wrong")
    assert "The e-mail address, service number or password is not right." in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_closed_account_does_not_sign_in(client, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    sign_in(client, officer.email)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["/admin/login/", "/_util/login/"])
def test_wagtails_own_sign_ins_sign_nobody_in(client, officer, address):
    admin = factories.person("Admin", "system-admin", password=PASSWORD)
    response = client.post(address, {"username": admin.service_number, "password": PASSWORD})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "address", ["/admin/password_reset/", "/admin/password_reset/confirm/x/y/", "/admin/account/change_password/"]
)
def test_the_admins_password_pages_lead_to_the_sites(client, address):
    assert client.get(address)["Location"].startswith("/accounts/password/")


def test_sign_up_is_closed(client):
    response = client.post(
        reverse("account_signup"), {"email": "x@force.example", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert not User.objects.filter(email="x@force.example").exists()
    assert "_auth_user_id" not in client.session
    assert response.status_code == 200


def test_thirty_sign_ins_a_minute_from_one_address_pass(client, officer):
    for _ in range(30):
        assert sign_in(client, officer.email).status_code == 302
        client.logout()


def test_guessing_is_slowed_down(client, officer):
    answers = [sign_in(client, officer.email, f"wrong {n}") for n in range(12)]
    assert any(answer.status_code == 429 or "too many wrong tries" in answer.content.decode() for answer in answers)


def test_a_forgotten_password_is_reset_by_mail_and_the_link_works_once(client, officer):
    client.post(reverse("account_reset_password"), {"email": officer.email})
    [message] = mail.outbox
    link = next(word for word in message.body.split() if "/password/reset/key/" in word)
    path = "/" + link.split("/", 3)[3]
    page = client.get(path, follow=True)
    done = client.post(
        page.request["PATH_INFO"], {"password1": "another-long-one-9", "password2": "another-long-one-9"}
    )
    assert done.status_code == 302
    client.logout()
    assert sign_in(client, officer.email, "another-long-one-9").status_code == 302
    client.logout()
    again = client.get(path, follow=True)
    assert "password1" not in again.content.decode()


def test_a_reset_for_an_unknown_address_says_the_same(client, officer):
    known = client.post(reverse("account_reset_password"), {"email": officer.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@force.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_sign_out_is_a_post(client, officer):
    sign_in(client, officer.email)
    client.get(reverse("account_logout"))
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_role_for_a_family_that_is_not_set_up_is_told_so_and_not_led_in_circles(client):
    trainer = factories.person("Tess Trainer", "trainer", family="not-there-yet", password=PASSWORD)
    sign_in(client, trainer.email)
    answer = client.get("/admin/")
    assert answer.status_code == 403
    assert "not set up yet" in answer.content.decode()
