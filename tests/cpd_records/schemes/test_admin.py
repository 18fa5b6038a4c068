"""Schemes in the admin: rules as fields, a preview before they hold, and in force for whom; a system administrator's alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from cpd_records.models import Scheme, SchemeInForce, SchemeRules
from cpd_records.schemes.admin.forms import editor_for
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.rules import Measure
from people import clock
from people.models import User
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LOCAL = "/admin/cpd-schemes/local-development-target/"


@pytest.fixture
def admin(team: dict[str, User], signed_in: Browser) -> Client:
    return signed_in(team["system_admin"])


def sent_by(code: str) -> dict[str, Any]:
    """Return what the editor of a scheme's rules sends as it stands, without drawing its page."""
    editor = editor_for(rules_now(code))
    sent: dict[str, Any] = {"valid_from": clock.today().isoformat(), "reason": "Agreed"}
    for form in (editor.once, *(row for rows in editor.rows.values() for row in (rows.management_form, *rows.forms))):
        for field in form:
            value = field.value()
            if value is not False and value not in (None, "", []):
                sent[field.html_name] = "on" if value is True else value
    return sent


def read_back(sent: dict[str, Any]) -> tuple[Any, str]:
    """Return the rules the editor reads from what is sent, and everything it says is wrong."""
    data = QueryDict(mutable=True)
    for name, value in sent.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    editor = editor_for(None, data)
    found = editor.read()
    forms = [editor.once, *(row for rows in editor.rows.values() for row in rows.forms)]
    return found, " ".join(error for form in forms for errors in form.errors.values() for error in errors)


def rules_now(code: str = "local-development-target") -> Any:
    return read_rules(SchemeRules.objects.in_force(clock.today()).get(scheme__code=code).rules)


def test_the_list_says_what_is_a_local_default_and_that_none_is_in_force(admin: Client) -> None:
    html = admin.get("/admin/cpd-schemes/").content.decode()
    assert html.count("Local default, not a national standard.") == 4
    assert html.count("nobody") == 5
    assert "There is no national rule on hours of CPD" in html


@pytest.mark.parametrize("code", ["college-model", "local-development-target", "like-nmc", "like-hcpc", "like-sra"])
def test_the_editor_holds_every_rule_there_is(code: str) -> None:
    assert read_back(sent_by(code)) == (rules_now(code), "")


def test_rules_that_are_saved_as_they_stand_are_refused_as_the_same(admin: Client) -> None:
    answer = admin.post(f"{LOCAL}rules/", {**sent_by("local-development-target"), "do": "save"})
    assert answer.status_code == 422
    assert "These are the rules already" in answer.content.decode()


def test_a_target_is_changed_added_and_left_out(admin: Client) -> None:
    sent = sent_by("local-development-target")
    assert (sent["targets-0-amount"], sent["targets-0-carry_most"], sent["maxima-0-most"]) == ("30", "6", "15")
    assert 'name="targets-0-amount" value="30"' in admin.get(f"{LOCAL}rules/").content.decode()
    changes = {
        "targets-0-amount": "22.5",
        "targets-1-remove": "on",
        "targets-3-title": "  Reflective   accounts ",
        "targets-3-measure": "entries",
        "targets-3-amount": "4",
        "targets-3-reflective": "yes",
        "reason": "Agreed",
        "do": "save",
    }
    answer = admin.post(f"{LOCAL}rules/", {**sent, **changes}, follow=True)
    assert "The rules of Local development target hold from" in answer.content.decode()
    targets = rules_now().targets
    assert [(target.title, target.amount) for target in targets] == [
        ("In all", 1350),
        ("With others", 600),
        ("Reflective accounts", 4),
    ]
    assert targets[2].measure == Measure.ENTRIES
    assert targets[2].of.reflective is True
    row = SchemeRules.objects.in_force(clock.today()).get(scheme__code="local-development-target")
    assert (row.reason, row.valid_from) == ("Agreed", clock.today())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"years": "6"}, "A whole number from 1 to 5."),
        ({"years": ""}, "The years of a period: a whole number from 1 to 5."),
        ({"starts_on": "2024-02-29"}, "29 February is not in every year."),
        ({"starts_on": "yesterday"}, "Enter a valid date."),
        ({"targets-0-amount": "thirty"}, "This is a number, for example 30 or 7.5."),
        ({"targets-0-amount": "0.01"}, "Write hours so that they come to whole minutes"),
        ({"targets-0-amount": "-1"}, "This is a number from 0."),
        ({"targets-0-amount": ""}, "A target: a whole number from 1 to 600,000."),
        ({"targets-0-title": ""}, "Give it a name in a few words."),
        ({"targets-1-title": "In all"}, "Two targets are called 'In all'."),
        ({"targets-1-measure": "points"}, "Say how many points an hour is worth"),
        ({"targets-1-measure": "entries", "targets-1-amount": "1.5"}, "Entries and points are whole numbers."),
        ({"targets-0-carry_periods": ""}, "Carry-over needs both a cap and for how many periods it lasts."),
        ({"starts_on": ""}, "A rolling period has no end, so nothing is carried over from it."),
        ({"maxima-0-mandatory": ""}, "Say what the maximum is of."),
        ({"never-0-source": "", "never-0-reflective": ""}, "Say what never counts."),
        (
            {
                "maxima-1-title": "Reading",
                "maxima-1-measure": "minutes",
                "maxima-1-most": "5",
                "maxima-1-kind": "reading",
            },
            "overlap: something could be in both",
        ),
    ],
)
def test_what_no_scheme_can_have_is_refused_beside_its_field(changes: dict[str, str], said: str) -> None:
    found, wrong = read_back({**sent_by("local-development-target"), **changes})
    assert found is None
    assert said in wrong


def test_what_is_refused_is_shown_again_and_nothing_is_saved(admin: Client) -> None:
    sent = {**sent_by("local-development-target"), "do": "save"}
    changes = {"targets-0-amount": "thirty", "reason": ""}
    html = admin.post(f"{LOCAL}rules/", {**sent, **changes}).content.decode()
    assert "Nothing was saved." in html
    assert 'value="thirty"' in html
    far = admin.post(f"{LOCAL}rules/", {**sent, "targets-0-amount": "3", "valid_from": "1999-01-01"})
    assert "Choose a day from 1 January 2000" in far.content.decode()
    assert SchemeRules.objects.filter(scheme__code="local-development-target").count() == 1


def test_the_preview_says_what_rules_would_mean_and_saves_nothing(admin: Client) -> None:
    sent = sent_by("local-development-target")
    officer = {
        "officer-course": "10",
        "officer-mandatory": "20",
        "officer-briefing": "4",
        "officer-bare": "3",
        "officer-percent": "50",
    }
    html = admin.post(f"{LOCAL}rules/", {**sent, **officer, "targets-0-amount": "20", "do": "preview"}).content.decode()
    assert "29 h of 10 h: met." in html
    assert "Only 15 h of it counts: role-mandatory training counts for at most 15 h." in html
    assert "Self-declared without a reflection: this never counts." in html
    assert "Targets are reduced to 50 % for part-time work." in html
    assert rules_now().targets[0].amount == 1800
    wrong = admin.post(f"{LOCAL}rules/", {**sent, "officer-course": "many", "do": "preview"}).content.decode()
    assert "This is a number, for example 30 or 7.5." in wrong


def test_more_rows_keep_what_was_typed(admin: Client) -> None:
    sent = {**sent_by("local-development-target"), "targets-3-title": "A new one", "do": "rows"}
    html = admin.post(f"{LOCAL}rules/", sent).content.decode()
    assert 'value="A new one"' in html
    assert 'name="targets-6-title"' in html
    full = {**sent, "targets-TOTAL_FORMS": "12"}
    assert 'name="targets-12-title"' not in admin.post(f"{LOCAL}rules/", full).content.decode()


def test_a_scheme_of_the_forces_own_is_written_and_put_in_force(admin: Client) -> None:
    new = {
        **sent_by("college-model"),
        "code": "detectives",
        "title": "Detectives",
        "source": "Policy 12",
        "targets-0-title": "In all",
        "targets-0-amount": "6",
        "reason": "Agreed",
        "do": "save",
    }
    assert admin.post("/admin/cpd-schemes/new/", new).status_code == 302
    scheme = Scheme.objects.get(code="detectives")
    assert scheme.is_local_default
    again = admin.post("/admin/cpd-schemes/new/", new)
    assert "There is a scheme &#x27;detectives&#x27; already" in again.content.decode()
    sent = {"unit": "", "role": "detective", "rank": "", "valid_from": clock.today().isoformat(), "reason": "Agreed"}
    html = admin.post("/admin/cpd-schemes/detectives/", sent, follow=True).content.decode()
    assert "Detectives is in force for role Detective from" in html
    row = SchemeInForce.objects.get(scheme=scheme)
    refused = admin.post("/admin/cpd-schemes/detectives/", sent)
    assert refused.status_code == 422
    assert "in force for them already" in refused.content.decode()
    end = f"/admin/cpd-schemes/detectives/in-force/{row.pk}/end/"
    assert (
        "Say why"
        in admin.post(end, {"end-last_day": clock.today().isoformat(), "end-reason": "\u200b"}).content.decode()
    )
    admin.post(end, {"end-last_day": clock.today().isoformat(), "end-reason": "No longer"})
    ended = SchemeInForce.objects.known().get(scheme=scheme)
    assert (ended.valid_until, ended.reason) == (clock.today(), "No longer")
    assert admin.post(end, {"end-last_day": "2030-01-01", "end-reason": "Again"}).status_code == 404


def test_rules_may_hold_from_a_day_to_come(admin: Client) -> None:
    sent = {
        **sent_by("local-development-target"),
        "targets-0-amount": "10",
        "valid_from": "2099-04-01",
        "reason": "Soon",
    }
    admin.post(f"{LOCAL}rules/", {**sent, "do": "save"})
    assert rules_now().targets[0].amount == 1800
    later = SchemeRules.objects.in_force(date(2099, 4, 1)).get(scheme__code="local-development-target")
    assert read_rules(later.rules).targets[0].amount == 600


@pytest.mark.parametrize("who", ["officer", "training_admin", "auditor", "sergeant"])
def test_others_read_the_rules_on_the_site_and_change_none(team: dict[str, User], signed_in: Browser, who: str) -> None:
    client = signed_in(team[who])
    assert client.get("/admin/cpd-schemes/").status_code == 403
    assert client.post(f"{LOCAL}rules/", {}).status_code == 403
    html = client.get("/cpd/schemes/local-development-target/").content.decode()
    assert "In all: at least 30 h. Up to 6 h beyond it is carried over for the next period." in html
    assert "Structured: at least 12 h. What counts: structured." in html
    assert "Local default, not a national standard." in html
    assert "In force for nobody today." in html
    assert client.get("/cpd/schemes/no-such-scheme/").status_code == 404


@pytest.mark.parametrize("name", HOSTILE)
def test_the_editor_reads_nothing_from_what_is_no_rule(name: str) -> None:
    sent, text = sent_by("local-development-target"), sendable(HOSTILE[name])
    assert read_back({key: value if key.endswith("_FORMS") else text for key, value in sent.items()})[0] is None
    assert read_back({key: text if key.endswith("_FORMS") else value for key, value in sent.items()})[0] is None


def test_the_screens_bear_hostile_words(admin: Client) -> None:
    sent, text = sent_by("local-development-target"), HOSTILE["markup"]
    typed = {key: value if key.endswith("_FORMS") else text for key, value in sent.items()}
    for address, data in (
        (f"{LOCAL}rules/", {**typed, "do": "preview"}),
        (LOCAL, dict.fromkeys(("unit", "role", "rank", "valid_from", "valid_until", "reason"), text)),
    ):
        answer = admin.post(address, data)
        assert answer.status_code in (200, 422)
        assert not runs_in(answer.content.decode())
