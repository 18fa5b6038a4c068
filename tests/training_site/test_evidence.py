"""An auditor asks what was known of somebody on a day: the answer, the tree it rests on, what changed since, and who may ask."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from people import clock
from people.models import Look
from people.roles import grant_role
from tests.cpd_records.currency.acts import award, on_day, seal
from tests.factories import LONG_AGO, person, unit

pytestmark = pytest.mark.django_db

TODAY = clock.today()
THE_DAY = TODAY - timedelta(days=730)


@pytest.fixture
def auditor(client, olu):
    # Stamps never go back: whoever comes today comes after what was recorded two years ago.
    asker = person("Kieran Demo", "auditor")
    client.force_login(asker)
    return client


@pytest.fixture
def olu():
    """A response officer whose first aid of two years and a month ago became known a month after the day asked about."""
    with on_day(THE_DAY - timedelta(days=40)):
        officer = person("Olu Demo")
        grant_role(officer, "response-officer", by=None, valid_from=LONG_AGO)
        for code in ("PPST", "UOF"):
            award(officer, code, clock.today())
        seal()
    with on_day(THE_DAY + timedelta(days=30)):
        award(officer, "FALP", THE_DAY - timedelta(days=30))
        seal()
    seal()
    return officer


def asks(client, officer, *, on=THE_DAY, as_known="then", **more):
    asked = {"who": getattr(officer, "email", officer), "on": f"{on:%d/%m/%Y}", "as_known": as_known, **more}
    return client.get(f"/evidence/?{urlencode(asked)}")


def test_the_answer_of_that_day_names_the_tree_it_rests_on_and_says_what_changed_since(auditor, olu):
    page = asks(auditor, olu)
    words = page.content.decode()
    assert f"On {THE_DAY.day} {THE_DAY:%B %Y}: not authorised to be posted to response" in words
    assert "As recorded by the end of that day." in words
    assert "The first 2 entries of the ledger." in words
    assert "The record has changed since" in words
    assert "First aid, module 2: never held then; in date" in " ".join(page.context["changes"][0].split())
    assert [ground.number for ground in page.context["grounds"]] == [0, 1]


def test_as_recorded_today_the_late_entry_counts_and_shows_both_its_times(auditor, olu):
    page = asks(auditor, olu, as_known="now")
    words = page.content.decode()
    assert "As recorded today." in words
    assert "The record has changed since" not in words
    assert "First aid, module 2" in {ground.what.split(":")[0] for ground in page.context["grounds"]}
    late = page.context["grounds"][-1]
    assert (late.number, late.happened) == (2, THE_DAY - timedelta(days=30))
    assert late.recorded_at.date() == THE_DAY + timedelta(days=30)


def test_the_record_may_be_asked_as_of_any_day_between(auditor, olu):
    on_the_way = asks(auditor, olu, as_known="day", known_on=f"{THE_DAY + timedelta(days=29):%d/%m/%Y}")
    assert "The first 2 entries of the ledger." in on_the_way.content.decode()
    later = asks(auditor, olu, as_known="day", known_on=f"{THE_DAY + timedelta(days=31):%d/%m/%Y}")
    assert "The first 3 entries of the ledger." in later.content.decode()
    assert later.context["changes"] == ()


def test_the_record_may_be_asked_as_of_a_time_of_a_day_too(auditor, olu):
    day = THE_DAY + timedelta(days=30)
    other = {"as_known": "day", "known_on": f"{day:%d/%m/%Y}"}
    early = asks(auditor, olu, **other, known_time="06:30").content.decode()
    assert "The first 2 entries of the ledger." in early
    assert f"As recorded by 06:30 on {day.day} {day:%B %Y}." in early
    late = asks(auditor, olu, **other, known_time="21.45").content.decode()
    assert "The first 3 entries of the ledger." in late
    form = asks(auditor, olu, **other, known_time="06:30").context["pack_form"]
    assert (form.initial["known_on"], form.initial["known_time"]) == (day.isoformat(), "06:30:00")


def test_a_provisional_answer_never_says_that_it_does_not_change(auditor, olu):
    sealed = asks(auditor, olu).content.decode()
    assert "This answer never changes." in sealed
    today = f"{clock.today():%d/%m/%Y}"
    page = asks(auditor, olu, as_known="day", known_on=today).content.decode()
    assert "Later entries may still add to this answer" in page
    assert "This answer never changes." not in page


def test_before_anything_was_recorded_the_answer_rests_on_nothing(auditor, olu):
    words = asks(auditor, olu, on=THE_DAY - timedelta(days=400)).content.decode()
    assert "The first 0 entries of the ledger." in words


def test_asking_is_recorded_and_the_officer_sees_it(auditor, olu, client):
    asks(auditor, olu)
    look = Look.objects.get(officer=olu)
    assert (look.looker.name, look.where) == ("Kieran Demo", "Evidence")
    client.force_login(olu)
    assert "Verdicts and entries of" in client.get("/my/record/looks/").content.decode()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"who": "", "on": "1/2/2025", "as_known": "then"}, "Enter the officer&#x27;s e-mail address"),
        ({"who": "nobody@force.example", "on": "1/2/2025", "as_known": "then"}, "Nobody is known by that."),
        ({"who": "9" * 4000, "on": "1/2/2025", "as_known": "then"}, "at most 254 characters"),
        ({"who": "100001", "on": "31/02/2025", "as_known": "then"}, "Enter a day, for example 22/11/2026."),
        ({"who": "100001", "on": "", "as_known": "then"}, "Enter a day, for example 22/11/2026."),
        ({"who": "100001", "on": "1/1/1066", "as_known": "then"}, "Enter a day from 1990 to ten years from now."),
        ({"who": "100001", "on": "1/2/2025", "as_known": ""}, "Choose by when it was recorded."),
        ({"who": "100001", "on": "1/2/2025", "as_known": "day", "known_on": ""}, "or choose another answer above."),
        (
            {"who": "100001", "on": "1/2/2025", "as_known": "day", "known_on": "1/2/2999"},
            "Enter a day from 1990 to today.",
        ),
        (
            {"who": "100001", "on": "1/2/2025", "as_known": "day", "known_on": "1/2/2025", "known_time": "noon"},
            "Enter a time, for example 14:05.",
        ),
        (
            {
                "who": "100001",
                "on": "1/2/2025",
                "as_known": "day",
                "known_on": f"{clock.today():%d/%m/%Y}",
                "known_time": "23:59:59",
            },
            "That time is still to come.",
        ),
    ],
)
def test_what_cannot_be_answered_is_said_with_the_words_kept(auditor, asked, sentence):
    page = auditor.get("/evidence/", asked)
    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert page.context["form"]["who"].value() == asked["who"]
    assert not Look.objects.exists()


def test_nobody_else_asks_here(client, olu):
    for somebody in (
        person("Sergeant D. Demo", "supervisor", unit=unit()),
        person("Magda Demo", "training-admin"),
        olu,
    ):
        client.force_login(somebody)
        page = asks(client, olu)
        assert page.status_code == 403
        assert "Auditors and disclosure officers ask here." in page.content.decode()
    assert not Look.objects.exists()
