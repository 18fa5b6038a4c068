"""The officer's progress page: the picture with its numbers, what counts, the declaration, and the printed statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from cpd_records import activities
from cpd_records.models import Certificate, Declaration, DeclarationConfirmation, Scheme, SchemeInForce
from cpd_records.schemes import progress_of
from cpd_records.schemes.declaring import DeclarationRefused, confirm_declaration, declare
from cpd_records.schemes.keeping import create_scheme, put_in_force
from cpd_records.schemes.rules import DeclarationRule, Measure, Period, Rules, Target
from people import clock
from people.models import User
from tests.cpd_records.schemes.conftest import Record
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
PROGRESS = "/cpd/progress/"
FIRST = date(2020, 1, 1)


@pytest.fixture
def own(officer: User, signed_in: Browser) -> Client:
    return signed_in(officer)


def scheme(*, gap_months: int = 0, confirmed: bool = True, code: str = "ours", **more: Any) -> Scheme:
    """Put a yearly scheme from 1 January in force that can be declared on any day of its period, and after."""
    rules = Rules(
        Period(1, FIRST),
        targets=(
            Target("In all", Measure.MINUTES, 600, carry_most=120, carry_periods=1),
            Target("Accounts", Measure.ENTRIES, 2),
        ),
        declaration=DeclarationRule("I have kept my record.", 366, 30, confirmed=confirmed),
        gap_months=gap_months,
    )
    made = create_scheme(
        code, title=more.get("title", "Our target"), source="Policy 12", rules=rules, by=None, valid_from=FIRST
    )
    put_in_force(made, by=None, valid_from=FIRST, reason="A test")
    return made


def this_year(month_day: str = "01-02") -> str:
    return f"{clock.today().year}-{month_day}"


def last_year(month_day: str = "06-01") -> str:
    return f"{clock.today().year - 1}-{month_day}"


# --- The picture and its numbers


def test_with_no_scheme_the_page_says_that_the_force_sets_no_target(
    own: Client, officer: User, recorded: Record
) -> None:
    recorded(officer, "Briefing", clock.today().isoformat(), 90)
    html = own.get(PROGRESS).content.decode()
    assert "1 h 30 min recorded. Your force sets no target." in html
    assert html.count("<title id=") == 2
    assert "picture__target" not in html
    assert 'width="640"' in html
    assert 'width="328"' in html
    assert "Briefing or session" in html


def test_a_first_day_without_anything_has_no_picture(own: Client) -> None:
    html = own.get(PROGRESS).content.decode()
    assert "0 min recorded. Your force sets no target." in html
    assert "Nothing is on your record for this period." in html
    assert '<svg class="picture' not in html


def test_the_picture_says_its_finding_and_the_table_has_the_same_numbers(
    own: Client, officer: User, recorded: Record
) -> None:
    scheme()
    recorded(officer, "Briefing", this_year(), 90)
    recorded(officer, "Course", last_year(), 660)
    recorded(officer, "Course", last_year(), 60)
    html = own.get(PROGRESS).content.decode()
    left = f"In all: 3 h 30 min of 10 h: 6 h 30 min to go by 31 December {clock.today().year}."
    assert re.findall(r"<title id=[^>]*>([^<]*)", html)[0] == left
    assert f"0 of 2 targets met. {left}" in html
    assert ">3 h 30 min of 10 h</text>" in html
    assert "1 h 30 min, and 2 h carried over" in html
    assert "A hollow bar is what was carried over." in html
    assert html.count("picture__target") == 4
    assert "Local default, not a national standard." in html


def test_each_entry_says_what_it_counts_for_or_why_not(
    own: Client, officer: User, recorded: Record, in_force: Callable[..., SchemeInForce]
) -> None:
    in_force("local-development-target")
    today = clock.today().isoformat()
    recorded(officer, "Reading without a word", today, 60, has_reflection=False, structured=False)
    html = own.get(PROGRESS).content.decode()
    assert "Self-declared without a reflection: this never counts." in html


def test_what_is_not_verified_stands_apart_and_counts_for_nothing(own: Client, officer: User) -> None:
    activities.log_activity(
        officer,
        title="A draft of mine",
        kind="briefing",
        day=clock.today(),
        minutes=40,
        learned="Ask first.",
        client_token=None,
        at=clock.now(),
    )
    html = own.get(PROGRESS).content.decode()
    assert "Not verified, so not counted yet" in html
    assert "A draft of mine" in html
    assert "0 min recorded." in html


def test_six_entries_are_shown_newest_first_then_all(own: Client, officer: User, recorded: Record) -> None:
    scheme()
    for day in range(1, 9):
        recorded(officer, f"Briefing {day}", last_year(f"03-0{day}"))
    on = f"?on={last_year('12-31')}"
    html = own.get(PROGRESS + on).content.decode()
    assert "Show all 8" in html
    assert "Briefing 8" in html
    assert "Briefing 2<" not in html
    everything = own.get(f"{PROGRESS}{on}&all=entries").content.decode()
    assert "Briefing 1<" in everything
    assert "Show all" not in everything


def test_the_period_is_chosen_in_the_address(own: Client, officer: User, recorded: Record) -> None:
    scheme()
    recorded(officer, "Last year's course", last_year(), 660)
    html = own.get(PROGRESS).content.decode()
    assert f"?on={last_year('12-31')}" in html
    before = own.get(f"{PROGRESS}?on={last_year('03-01')}").content.decode()
    assert "Last year&#x27;s course" in before
    assert "11 h of 10 h: met." in before
    assert (
        f"1 entry of 2 entries: 1 entry short when the period ended on 31 December {clock.today().year - 1}." in before
    )
    assert "The period after" in before


@pytest.mark.parametrize("day", ["2999-01-01", "0001-01-01", "9999-12-31", "1999-12-31", "2025-02-30", "nonsense", "0"])
def test_a_day_that_is_none_is_answered_with_todays_period(own: Client, day: str) -> None:
    scheme()
    html = own.get(f"{PROGRESS}?on={day}&scheme=nonsense").content.decode()
    assert "There is no record of that day, so this is today&#x27;s period." in html
    assert f"31 December {clock.today().year}" in html


def test_an_officer_under_two_schemes_sees_each(own: Client) -> None:
    scheme()
    scheme(code="theirs", title="The other one")
    html = own.get(PROGRESS).content.decode()
    assert "?scheme=theirs" in html
    assert ">The other one</h2>" in own.get(f"{PROGRESS}?scheme=theirs").content.decode()


def test_the_page_costs_few_queries(
    own: Client, officer: User, recorded: Record, django_assert_max_num_queries: Any
) -> None:
    scheme()
    for day in range(1, 9):
        recorded(officer, f"Briefing {day}", last_year(f"03-0{day}"))
    own.get(PROGRESS)
    with django_assert_max_num_queries(22):
        own.get(PROGRESS)


@pytest.mark.parametrize("name", HOSTILE)
def test_titles_and_addresses_bear_hostile_words(own: Client, officer: User, recorded: Record, name: str) -> None:
    text = sendable(HOSTILE[name])
    recorded(officer, text.replace("\0", "")[:500] or "x", clock.today().isoformat())
    answer = own.get(PROGRESS, {"on": text, "scheme": text, "all": text})
    assert answer.status_code == 200
    assert not runs_in(answer.content.decode())


# --- Declaring


def test_the_officer_declares_once_in_the_words_of_the_scheme(own: Client, officer: User) -> None:
    scheme()
    assert "I have kept my record." in own.get(PROGRESS).content.decode()
    own.post(f"{PROGRESS}declare/", {"agreed": "on", "note": " Thank\r\nyou "})
    made = Declaration.objects.get(officer=officer)
    assert (made.words, made.note, made.needs_confirmation) == ("I have kept my record.", "Thank\nyou", True)
    assert (made.starts_on, made.due_by - made.ends_on) == (date(clock.today().year, 1, 1), timedelta(days=30))
    html = own.get(PROGRESS).content.decode()
    assert "You declared on" in html
    assert "A supervisor of yours has not confirmed it yet." in html
    own.post(f"{PROGRESS}declare/", {"agreed": "on"})
    assert Declaration.objects.count() == 1


def test_a_declaration_needs_its_box_and_an_explanation_of_gaps(own: Client, officer: User) -> None:
    scheme(gap_months=1)
    on = last_year("12-31")
    html = own.post(f"{PROGRESS}declare/", {"on": on, "note": "Away"}).content.decode()
    assert "Tick the box if you can declare this. Nothing is recorded yet." in html
    assert ">\nAway</textarea>" in html
    html = own.post(f"{PROGRESS}declare/", {"on": on, "agreed": "on", "note": "\u200b"}).content.decode()
    assert "Explain the months without an entry, in a sentence or two." in html
    assert "Nothing is recorded from 1 January" in html
    long = own.post(f"{PROGRESS}declare/", {"on": on, "agreed": "on", "note": "long " * 2000}).content.decode()
    assert "4,000 fit" in long
    assert not Declaration.objects.exists()
    own.post(f"{PROGRESS}declare/", {"on": on, "agreed": "on", "note": "I was on a course abroad."})
    assert Declaration.objects.get().ends_on == date(clock.today().year - 1, 12, 31)


def test_a_declaration_that_is_late_says_so_and_is_still_taken(own: Client) -> None:
    scheme()
    year = clock.today().year - 2
    html = own.get(f"{PROGRESS}?on={year}-06-01").content.decode()
    assert f"This was due by 30 January {year + 1}. You can still declare." in html


def test_nothing_is_declared_where_no_scheme_asks_for_it(own: Client, officer: User) -> None:
    answer = own.post(f"{PROGRESS}declare/", {"agreed": "on"}, follow=True)
    assert "Nothing is to be declared for this period now." in answer.content.decode()


def test_nobody_declares_for_another_nor_before_it_opens(
    team: dict[str, User], in_force: Callable[..., SchemeInForce]
) -> None:
    scheme()
    officer, now = team["officer"], clock.now()
    (found,) = progress_of(officer, on=clock.today())
    with pytest.raises(DeclarationRefused, match="Only the officer"):
        declare(officer, found, by=team["sergeant"], at=now, agreed=True)
    (early,) = progress_of(officer, on=FIRST)
    with pytest.raises(DeclarationRefused, match="You can declare for this period from"):
        declare(officer, early, by=officer, at=now - timedelta(days=366 * 20), agreed=True)
    in_force("college-model")
    college = progress_of(officer, on=clock.today())[0]
    with pytest.raises(DeclarationRefused, match="asks for no declaration"):
        declare(officer, college, by=officer, at=now, agreed=True)


def test_a_supervisor_confirms_and_never_their_own(team: dict[str, User], signed_in: Browser) -> None:
    scheme()
    officer, sergeant, now = team["officer"], team["sergeant"], clock.now()
    (found,) = progress_of(officer, on=clock.today())
    made = declare(officer, found, by=officer, at=now, agreed=True)
    with pytest.raises(DeclarationRefused, match="You cannot confirm your own"):
        confirm_declaration(made, by=officer, at=now)
    with pytest.raises(DeclarationRefused, match="You do not supervise"):
        confirm_declaration(made, by=team["elsewhere"], at=now)
    own = signed_in(sergeant)
    assert "Officer A. Demo" in own.get("/team/cpd/declarations/").content.decode()
    own.post(f"/team/cpd/declarations/{made.pk}/confirm/")
    own.post(f"/team/cpd/declarations/{made.pk}/confirm/")
    assert DeclarationConfirmation.objects.get().confirmed_by == sergeant
    assert "Nothing waits for your confirmation." in own.get("/team/cpd/declarations/").content.decode()
    assert "Confirmed by <bdi>Sergeant D. Demo</bdi>" in signed_in(officer).get(PROGRESS).content.decode()


def test_a_declaration_that_needs_nobody_is_not_confirmed(team: dict[str, User]) -> None:
    scheme(confirmed=False)
    (found,) = progress_of(team["officer"], on=clock.today())
    made = declare(team["officer"], found, by=team["officer"], at=clock.now(), agreed=True)
    with pytest.raises(DeclarationRefused, match="needs nobody"):
        confirm_declaration(made, by=team["sergeant"], at=clock.now())


# --- The statement


def test_the_page_issues_a_statement_of_the_period_it_shows_and_lists_it(own: Client, recorded: Record) -> None:
    scheme()
    page = own.get(PROGRESS).content.decode()
    boxes = dict(re.findall(r'type="hidden" name="((?:starts|ends)_on_\w+)" value="(\d+)"', page))
    recorded(User.objects.get(pk=own.session["_auth_user_id"]), "Briefing", this_year(), 90)
    assert own.post("/cpd/statement/", boxes, follow=True).status_code == 202
    made = Certificate.objects.get()
    year = clock.today().year
    assert made.title == f"CPD statement, 1 January {year} to 31 December {year}"
    assert f'href="{made.get_absolute_url()}"' in own.get(PROGRESS).content.decode()


# --- Where else it is said


def test_my_cpd_and_my_learning_say_the_target_and_lead_to_the_progress_page(
    own: Client, officer: User, recorded: Record
) -> None:
    recorded(officer, "Briefing", clock.today().isoformat(), 90)
    for address in ("/cpd/", "/my/"):
        html = own.get(address).content.decode()
        assert "Your force sets no target." in html
        assert 'href="/cpd/progress/"' in html
    scheme()
    for address in ("/cpd/", "/my/"):
        html = own.get(address).content.decode()
        assert "Your force sets no target." not in html
        assert "0 of 2 targets met. In all: 1 h 30 min of 10 h" in html
