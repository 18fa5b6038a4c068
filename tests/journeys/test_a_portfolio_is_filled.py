"""A recruit fills a portfolio from a phone: a photograph, one piece returned, one judged, the whole signed off, a judgement sampled."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from courses.models import PortfolioItem, PortfolioSignOff, Recruit
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.moving import end_phase
from courses.programmes.releasing import release_programme
from courses.programmes.trainers import add_trainer
from people import clock
from tests import factories
from tests.courses.portfolio.acts import handed_in, judged, plan, png
from tests.cpd_records.currency.acts import award
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

TOLD = "I explained the grounds before I searched, and recorded them within the hour."
MISSING = "Say what you told them, and how they took it."
ONE_OF_EACH = [
    {"slug": "searching", "title": "Searching individuals", "needed": 1},
    {"slug": "property", "title": "Property", "needed": 1},
]


def in_the_tutor_phase(team):
    """A recruit whose tutor phase began today, and the trainer of the intake."""
    ada = stories.person("Ada Demo", "training-admin")
    release = release_programme("STORY", plan(portfolio=ONE_OF_EACH), by=None, at=clock.now())
    begins = clock.today() - timedelta(weeks=5)
    intake = open_intake("Intake A", release, by=ada, at=clock.now(), starts_on=begins, place="Hendon")
    trainer = stories.person("Tess Demo", "trainer", family="initial", short_name="T. Demo")
    add_trainer(intake, trainer, by=ada, at=clock.now(), on=intake.starts_on)
    officer = stories.person("Rae Demo", unit=team, short_name="PC R. Demo")
    recruit: Recruit = join(officer, intake, by=ada, at=clock.now())
    award(officer, "FALP", begins)
    end_phase(recruit, by=ada, at=clock.now(), on=clock.today(), reason="All of it was seen")
    return recruit, trainer


def phone_of(visitor, who):
    somebody = visitor(**ON_A_PHONE)
    stories.signs_in(somebody, who)
    return somebody


def adds(phone, heading: str, title: str) -> None:
    phone.goes_to("/my/portfolio/")
    phone.follows(f"Add evidence for {heading}")
    phone.writes("What is it?", title)
    phone.writes("Where was it?", "Peckham ward")


def test_a_portfolio_is_filled_from_a_phone_and_signed_off_by_signing_in_again(visitor, tmp_path: Path):
    team = factories.unit("team")
    recruit, trainer = in_the_tutor_phase(team)
    sergeant = stories.person("Sam Demo", "supervisor", unit=team, short_name="Sgt S. Demo")
    photo = tmp_path / "notebook.png"
    photo.write_bytes(png())

    # The recruit sees what stands between them and independent patrol, heading by heading.
    phone = phone_of(visitor, recruit.officer)
    phone.goes_to("/my/path/")
    needs = phone.region("Before independent patrol")
    expect(needs).to_contain_text("0 of 2 headings met. A supervisor of the recruit signs it off.")
    phone.page.get_by_text("Each heading of the portfolio").click()
    expect(needs).to_contain_text("0 of 1 item judged sufficient.")

    # Evidence with a photograph. What looks like a name is asked about; neither words nor photograph are lost.
    adds(phone, "searching individuals", "A search in the street")
    phone.page.get_by_label("Take a photo").set_input_files(photo)
    phone.writes("What did you do, and what does it show?", f"{TOLD} It was Jane Smith.")
    phone.presses("Hand it in")
    phone.sees("‘Jane Smith’ looks like somebody’s name.")
    expect(phone.page.get_by_label("What did you do, and what does it show?")).to_have_value(
        f"{TOLD} It was Jane Smith."
    )
    expect(phone.page.get_by_label("notebook.png")).to_be_checked()
    phone.writes("What did you do, and what does it show?", TOLD)
    phone.presses("Hand it in")
    phone.sees("Handed in. You see here when it is judged.")
    phone.sees("notebook.png")
    adds(phone, "property", "Booking in found property")
    phone.writes("What did you do, and what does it show?", "I booked it in and sealed it.")
    phone.presses("Hand it in")

    # The trainer returns one with a reason and judges the other.
    judge = phone_of(visitor, trainer)
    judge.goes_to("/portfolios/")
    judge.follows("A search in the street")
    judge.chooses("Valid: it shows")
    judge.presses("Record the judgement")
    expect(judge.page.locator("[data-error-summary]")).to_be_focused()
    judge.writes("What is missing, and what would do", MISSING)
    judge.presses("Record the judgement")
    judge.sees("Returned. The recruit sees why.")
    judge.goes_to("/portfolios/")
    judge.follows("Booking in found property")
    for mark in ("Valid: it shows", "Authentic", "Current", "Sufficient"):
        judge.chooses(mark)
    judge.presses("Record the judgement")
    judge.sees("Judged sufficient.")

    # It is handed in anew, and what was said stays beside it.
    phone.goes_to("/my/portfolio/")
    phone.sees(MISSING)
    phone.follows("A search in the street")
    phone.follows("Hand it in anew")
    phone.writes("What did you do, and what does it show?", f"{TOLD} I told them why, and they nodded.")
    phone.presses("Hand it in anew")
    phone.sees("they nodded")
    expect(phone.region("What was said")).to_contain_text(MISSING)
    judge.goes_to("/portfolios/")
    judge.follows("A search in the street")
    for mark in ("Valid: it shows", "Authentic", "Current", "Sufficient"):
        judge.chooses(mark)
    judge.presses("Record the judgement")
    judge.sees("Every heading is met. It waits to be signed off.")

    # The sergeant signs off the whole: asked for the password once more, and then it is done.
    supervisor = phone_of(visitor, sergeant)
    supervisor.goes_to(f"/intakes/recruits/{recruit.pk}/portfolio/")
    supervisor.follows("Sign off")
    supervisor.writes("What it rests on", "Seen on ten shifts, and read.")
    supervisor.presses("Sign in again and sign off")
    supervisor.sees_heading("Confirm that it is you")
    assert not PortfolioSignOff.objects.exists()
    supervisor.page.locator("input[name=password]").fill(stories.PASSWORD)
    supervisor.presses("Confirm")
    supervisor.sees("Signed off. It is on the recruit’s record.")
    supervisor.sees("Seen on ten shifts, and read.")

    phone.goes_to("/my/path/")
    expect(phone.region("Before independent patrol")).to_contain_text("Signed off on")
    phone.goes_to("/my/record/looks/")
    phone.sees("Evidence with what was judged of it")
    assert PortfolioItem.objects.filter(state="sufficient").count() == 2


def test_a_quality_assurer_draws_a_sample_and_does_not_agree(visitor):
    recruit, trainer = in_the_tutor_phase(factories.unit("team"))
    item = handed_in(recruit, "property", on=clock.today(), happened_on=clock.today())
    judged(item, trainer, at=clock.now())
    ivan = stories.person("Ivan Demo", "iqa", short_name="I. Demo")

    assurer = visitor()
    stories.signs_in(assurer, ivan)
    assurer.goes_to("/portfolios/")
    assurer.follows("Samples of judgements")
    assurer.follows("Draw a sample")
    today = clock.today()
    for part in ("day", "month", "year"):
        for name in ("starts_on", "ends_on"):
            assurer.page.locator(f"[name={name}_{part}]").fill(str(getattr(today, part)))
    assurer.presses("Draw the sample")
    expect(assurer.page.locator("[data-error-summary]")).to_be_focused()
    assurer.writes("Seed", "3 11 19 24 40 41")
    assurer.presses("Draw the sample")
    assurer.sees("0 of 1 read.")
    assurer.follows("A search in the street")
    assurer.chooses("Not agreed")
    assurer.writes("Why, if you do not agree", "It says nothing of property.")
    assurer.presses("Record it")
    assurer.sees("1 of 1 read.")
    assurer.goes_to("/portfolios/samples/")

    phone = phone_of(visitor, recruit.officer)
    phone.goes_to(f"/my/portfolio/{item.pk}/")
    phone.sees("A quality assurer did not agree: it is judged anew")
    phone.sees("It says nothing of property.")
