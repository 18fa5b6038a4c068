"""A tutor's note after a night shift, on a phone; a recruit's week; a sergeant pairs, back-courses and later grants patrol."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import Intake, Recruit, ShiftNote
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.moving import end_phase, keep_record
from courses.tutoring.pairing import pair_tutor, pairings_of
from people import clock
from people.models import Unit, User
from tests import factories
from tests.courses.programmes.acts import qualify, release
from tests.courses.tutoring.acts import IN_DATE_FOR, noted
from tests.cpd_records.currency.acts import award
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS, ON_A_PHONE

WELL, NEXT = "Called for help early and stayed calm.", "Hand over times, not impressions."


class Cast:
    """A sergeant's team with a recruit three weeks into training and a tutor who is in date."""

    def __init__(self) -> None:
        self.team: Unit = factories.unit("team-c", name="Response team C")
        self.ada: User = stories.person("Ada Demo", "training-admin", short_name="A. Demo")
        self.sam: User = stories.person("Sam Demo", "supervisor", unit=self.team, short_name="Sgt S. Demo")
        self.tom: User = stories.person("Tom Demo", unit=self.team, short_name="PC T. Demo")
        self.began = clock.today() - timedelta(weeks=3)
        for code in IN_DATE_FOR:
            award(self.tom, code, self.began)
        self.made = release()
        self.first: Intake = self._opens("Intake A", self.began)
        self.later: Intake = self._opens("Intake B", clock.today() + timedelta(weeks=4))
        rae = stories.person("Rae Demo", unit=self.team, short_name="PC R. Demo")
        self.rae: Recruit = join(rae, self.first, by=self.ada, at=clock.now())

    def _opens(self, name: str, starts_on: object) -> Intake:
        return open_intake(name, self.made, by=self.ada, at=clock.now(), starts_on=starts_on, place="Hendon")  # type: ignore[arg-type]

    def pairs(self) -> None:
        until = clock.today() + timedelta(weeks=4)
        pair_tutor(
            self.rae, self.tom, by=self.sam, at=clock.now(), on=self.began, until=until, reason="Same team and shift"
        )


@pytest.fixture
def cast() -> Cast:
    return Cast()


def fills_day(somebody, name: str, day) -> None:
    for part in ("day", "month", "year"):
        somebody.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))


def at_seven_in_the_morning(monkeypatch) -> datetime:
    """Let it be ten past seven today for whoever asks the clock, or yesterday while that is still to come."""
    morning = timezone.localtime().replace(hour=7, minute=10, second=0, microsecond=0)
    if morning > timezone.localtime():
        morning -= timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: morning)
    return morning


def test_after_a_night_shift_the_tutor_writes_in_a_minute_and_the_shift_belongs_to_the_day_it_began(
    visitor, cast, monkeypatch
):
    cast.pairs()
    morning = at_seven_in_the_morning(monkeypatch)
    began = morning.date() - timedelta(days=1)
    tutor = visitor(**ON_A_PHONE)
    stories.signs_in(tutor, cast.tom)
    tutor.goes_to("/my/")
    tutor.region("Recruits you tutor").get_by_role("link", name="Write about a shift").tap()
    tutor.sees_heading("After the shift")
    expect(tutor.page.get_by_label(f"Last night, {began:%A}")).to_be_checked()

    # Two answers and a tick; the phone loses its signal as the button is pressed, and nothing typed is lost.
    tutor.writes("What went well?", WELL)
    tutor.writes("What next?", NEXT)
    tutor.chooses("First aid")
    tutor.context.set_offline(True)
    tutor.page.get_by_role("button", name="Keep the note").tap()
    tutor.sees("Not saved: no connection")
    tutor.sees("Your words are kept on this phone and go when you are back in signal.")
    tutor.context.set_offline(False)
    tutor.sees(f"Kept for the shift of {began.day} {began:%B %Y}.")
    note = ShiftNote.objects.get()
    assert (note.day, note.went_well, note.what_next) == (began, WELL, NEXT)
    assert [one["title"] for one in note.headings] == ["First aid"]

    # A second note for the same shift is refused, with every word still there; the first one is put right instead.
    tutor.goes_to(f"/intakes/recruits/{cast.rae.pk}/notes/new/")
    tutor.writes("What went well?", "The same again.")
    tutor.writes("What next?", NEXT)
    tutor.page.get_by_role("button", name="Keep the note").tap()
    tutor.sees("You wrote about the shift that began on")
    expect(tutor.page.get_by_label("What went well?")).to_have_value("The same again.")
    tutor.goes_to(f"/intakes/recruits/{cast.rae.pk}/notes/")
    tutor.follows("Correct it", exact=False)
    tutor.writes("What next?", "Hand over times, written down on arrival.")
    tutor.writes("What was wrong with the note?", "Left out where to begin.")
    tutor.page.get_by_role("button", name="Correct the note").tap()
    tutor.sees("Corrected. The note as it was stays on record.")

    # It was about somebody else after all: withdrawn, its words are gone from the page, that it stood is not.
    tutor.follows("Withdraw it", exact=False)
    tutor.writes("Why is it withdrawn?", "It was about another recruit.")
    tutor.page.get_by_role("button", name="Withdraw the note").tap()
    tutor.sees("Its words are no longer shown.")
    tutor.sees("It was about another recruit.")
    tutor.does_not_see(WELL)


def test_the_note_is_written_at_a_desk_too(visitor, cast, monkeypatch):
    cast.pairs()
    began = at_seven_in_the_morning(monkeypatch).date() - timedelta(days=1)
    tutor = visitor()
    stories.signs_in(tutor, cast.tom)
    tutor.goes_to(f"/intakes/recruits/{cast.rae.pk}/notes/new/")
    tutor.writes("What went well?", WELL)
    tutor.writes("What next?", NEXT)
    tutor.presses("Keep the note")
    tutor.sees(f"Kept for the shift of {began.day} {began:%B %Y}.")
    tutor.follows("Withdraw it", exact=False)
    tutor.sees_heading("Withdraw a note")


def test_a_note_typed_when_the_session_ended_comes_back_after_signing_in(visitor, cast):
    cast.pairs()
    tutor = visitor(**ON_A_PHONE)
    stories.signs_in(tutor, cast.tom)
    tutor.goes_to(f"/intakes/recruits/{cast.rae.pk}/notes/new/")
    tutor.writes("What went well?", WELL)
    tutor.writes("What next?", NEXT)
    tutor.is_signed_out()
    tutor.page.get_by_role("button", name="Keep the note").tap()
    tutor.page.wait_for_url("**/accounts/login/**")
    tutor.gives_password(cast.tom.email, stories.PASSWORD)
    expect(tutor.page.get_by_label("What went well?")).to_have_value(WELL)
    tutor.page.get_by_role("button", name="Keep the note").tap()
    tutor.sees("Kept for the shift of")
    assert ShiftNote.objects.count() == 1


@BOTH_WIDTHS
def test_a_recruits_week(visitor, cast, screen):
    cast.pairs()
    today = clock.today()
    for ago in (4, 2, 1):
        noted(
            cast.rae,
            by=cast.tom,
            day=today - timedelta(days=ago),
            at=clock.now(),
            what_next=f"Work on number {ago}.",
            headings=["qualification:FALP"],
        )
    recruit = visitor(**screen)
    stories.signs_in(recruit, cast.rae.officer)
    recruit.goes_to("/my/")
    expect(recruit.region("From your tutor")).to_contain_text("Work on number 1.")
    recruit.follows("All notes")
    recruit.sees_heading("What my tutor wrote")
    for ago in (4, 2, 1):
        recruit.sees(f"Work on number {ago}.")
    expect(recruit.page.get_by_role("link", name="Write about a shift")).to_have_count(0)
    recruit.goes_to("/my/path/")
    expect(recruit.page.get_by_role("region", name="Tutor", exact=True)).to_contain_text("PC T. Demo")
    expect(recruit.region("Before tutor phase")).to_contain_text("First aid")


@BOTH_WIDTHS
def test_a_sergeant_pairs_back_courses_and_later_grants_independent_patrol(visitor, cast, screen):
    sergeant = visitor(**screen)
    stories.signs_in(sergeant, cast.sam)
    sergeant.goes_to("/team/")
    sergeant.follows("Recruits and tutors")
    expect(sergeant.region("Without a tutor this week")).to_contain_text("PC R. Demo")
    sergeant.follows("PC R. Demo")

    # A colleague who is no tutor is refused with the reason; the words stay; the tutor is taken.
    sergeant.follows("Pair with a tutor")
    sergeant.writes("Tutor", cast.sam.service_number)
    fills_day(sergeant, "until", clock.today() + timedelta(weeks=6))
    sergeant.writes("Why these two", "Same team and shift")
    sergeant.presses("Pair them")
    sergeant.sees("You cannot decide about yourself as a tutor.")
    sergeant.writes("Tutor", cast.tom.service_number)
    sergeant.presses("Pair them")
    sergeant.sees("Paired with PC T. Demo until")

    # The week: a shift with its note, the heading it touched.
    noted(cast.rae, by=cast.tom, day=clock.today(), at=clock.now(), headings=["qualification:FALP"])
    sergeant.goes_to("/team/recruits/")
    expect(sergeant.page.get_by_role("list", name="Shifts of the week")).to_contain_text("A note")
    sergeant.sees("First aid (1)")
    sergeant.follows("The week before")
    sergeant.sees_heading("Recruits of your team")

    # Moved to a later intake, with the cause.
    sergeant.goes_to(f"/intakes/recruits/{cast.rae.pk}/")
    sergeant.follows("Move to a later intake")
    sergeant.page.get_by_label("To the intake").select_option("Intake B")
    sergeant.page.get_by_label("Cause").select_option("Injury or illness")
    sergeant.writes("Why", "A broken wrist")
    sergeant.presses("Move them")
    sergeant.sees("Recorded: moved to a later intake.")
    sergeant.goes_to(f"/intakes/recruits/{cast.rae.pk}/")
    yesterday = clock.today() - timedelta(days=1)
    assert all(one.valid_until <= yesterday for one in pairings_of(cast.rae)), "the pairing ended with it"

    # Fourteen weeks later everything is there, and the sergeant grants independent patrol.
    with_all_that_is_needed(cast)
    sergeant.goes_to(f"/intakes/recruits/{cast.other.pk}/")
    sergeant.follows("Tutor phase is done")
    sergeant.writes("Why", "Seen in every heading of the portfolio")
    sergeant.presses("Record that tutor phase is done")
    sergeant.sees("Recorded: Tutor phase is done, Confirmation has begun.")
    expect(sergeant.region("What was decided")).to_contain_text("Independent patrol granted")


def with_all_that_is_needed(cast: Cast) -> None:
    """Another recruit of the team is at the end of the tutor phase, with everything recorded."""
    began = clock.today() - timedelta(weeks=10)
    where = cast._opens("Intake of spring", began)
    ona = stories.person("Ona Demo", unit=cast.team, short_name="PC O. Demo")
    cast.other = join(ona, where, by=cast.ada, at=clock.now())  # type: ignore[attr-defined]
    qualify(cast.other, on=began)  # type: ignore[attr-defined]
    day = began + timedelta(weeks=4)
    end_phase(cast.other, by=cast.ada, at=clock.now(), on=day, reason="All of it was seen")  # type: ignore[attr-defined]
    keep_record(cast.other, "report", by=cast.ada, at=clock.now(), on=day, words="Kept with the tutor’s file")  # type: ignore[attr-defined]
