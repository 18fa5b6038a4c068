"""An administrator opens an intake, enrols a list and reads how it goes; an auditor asks what was known about it on the day."""

from __future__ import annotations

import csv
from datetime import timedelta

from openpyxl import load_workbook
from playwright.sync_api import expect

from courses.models import Intake, Recruit
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.moving import Kind, back_course, record_beside
from people import clock
from tests.courses.programmes.acts import release
from tests.cpd_records.currency.acts import seal
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS, ON_A_PHONE


def fills_day(somebody, name: str, day) -> None:
    for part in ("day", "month", "year"):
        somebody.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))


def test_an_administrator_opens_an_intake_enrols_a_list_and_takes_the_reports(visitor, tmp_path):
    release(title="Two-phase programme")
    ada = stories.person("Ada Demo", "training-admin")
    people = [stories.person(f"Recruit {number}", short_name=f"PC {number} Demo") for number in range(1, 4)]
    administrator = visitor()
    stories.signs_in(administrator, ada)
    administrator.follows("Intakes and sessions")
    administrator.follows("Open an intake")
    began = clock.today() - timedelta(weeks=6)
    administrator.writes("Name", "26/10 Hendon")
    administrator.page.get_by_label("Programme").select_option("Two-phase programme, release 1")
    fills_day(administrator, "starts_on", began)
    administrator.writes("Place", "Hendon")
    administrator.presses("Open the intake")
    administrator.sees("26/10 Hendon is open. Enrol its recruits.")

    # A list is looked at first; a line that is wrong is answered, and the rest is enrolled by choice.
    numbers = "\n".join([person.service_number for person in people] + ["nobody-7"])
    administrator.writes("Service numbers", numbers)
    administrator.presses("Look at the list")
    administrator.sees("Nobody who may sign in has this service number.")
    administrator.page.get_by_label("Enrol nobody if a line is refused").uncheck()
    administrator.presses("Enrol 3 recruits")
    administrator.sees("Enrolled: 3.")
    where = Intake.objects.get()
    one, two = Recruit.objects.filter(officer__in=people[:2]).order_by("officer__name")
    later = open_intake("26/12 Hendon", where.release, by=ada, at=clock.now(), starts_on=clock.today(), place="Hendon")
    back_course(one, later, by=ada, at=clock.now(), on=clock.today(), cause="exam", reason="Failed twice")
    record_beside(two, Kind.ACTION_PLAN, by=ada, at=clock.now(), on=clock.today(), reason="Two failed tests")

    # Who teaches it, from when until when.
    tess = stories.person("Tess Demo", "trainer", family="initial", short_name="T. Demo")
    administrator.goes_to(f"/intakes/{where.pk}/")
    administrator.follows("Add or end trainers")
    administrator.page.get_by_role("textbox", name="Trainer").fill(tess.service_number)
    administrator.presses("Add the trainer")
    administrator.sees("Recorded: T. Demo is a trainer of 26/10 Hendon.")
    administrator.follows("Record a last day", exact=False)
    administrator.writes("Why", "Moves to the next intake")
    administrator.presses("Record the last day")
    administrator.sees("Moves to the next intake")
    administrator.follows("Who taught it on a day?")
    fills_day(administrator, "on", clock.today())
    administrator.presses("Answer")
    administrator.sees("T. Demo")

    # The board: who is behind or in difficulty, each with the reason; as a file too.
    administrator.goes_to(f"/intakes/{where.pk}/")
    expect(administrator.page.locator("main")).to_contain_text("Action plan: Two failed tests")
    board = list(csv.reader(administrator.downloads("CSV", tmp_path).read_text("utf-8-sig").splitlines()))
    assert {row[2] for row in board[1:]} == {"In difficulty", "Behind"}

    # How it went: nobody named, weeks lost with their cause; the file by recruit names them.
    administrator.follows("Weeks lost, and the way to patrol")
    expect(administrator.region("Weeks lost and causes")).to_contain_text("Failed an examination")
    expect(administrator.region("From the start to patrol")).to_contain_text("The programme plans 6")
    administrator.does_not_see("PC 1 Demo")
    sheet = load_workbook(administrator.downloads("By recruit, Excel", tmp_path)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["Recruit 1", "Recruit 2", "Recruit 3"]
    administrator.goes_to("/intakes/")
    administrator.follows("How intakes went")
    administrator.follows("26/10 Hendon")
    administrator.goes_to("/intakes/counts/")
    administrator.sees_heading("Counts for the public")
    on_a_phone = visitor(**ON_A_PHONE)
    stories.signs_in(on_a_phone, ada)
    of_it = ("", "report/", "trainers/", "trainers/as-known/", "enrol/")
    for address in ("/intakes/", "/intakes/new/", "/intakes/report/", *(f"/intakes/{where.pk}/{one}" for one in of_it)):
        on_a_phone.goes_to(address)
    administrator.goes_to(f"/intakes/{where.pk}/week/")
    expect(administrator.region("Without a tutor this week")).to_contain_text("PC 3 Demo")


@BOTH_WIDTHS
def test_an_auditor_asks_what_was_known_about_a_recruit_on_the_day(visitor, screen):
    the_day = clock.today() - timedelta(days=20)
    with clock.sample_time(clock.now() - timedelta(days=40)):
        ada = stories.person("Ada Demo", "training-admin")
        where = open_intake("Intake A", release(), by=ada, at=clock.now(), starts_on=clock.today(), place="Hendon")
        rae = join(stories.person("Rae Demo", short_name="PC R. Demo"), where, by=ada, at=clock.now())
        seal()
    kay = stories.person("Kay Demo", "auditor")
    # A plan of action that stood on the day was recorded only today.
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=clock.now(), on=the_day, reason="Two failed tests")
    seal()

    auditor = visitor(**screen)
    stories.signs_in(auditor, kay)
    auditor.goes_to(f"/intakes/{where.pk}/")
    auditor.follows("PC R. Demo")
    auditor.sees("Action plan")
    auditor.follows("What was known on another day?")
    fills_day(auditor, "on", the_day)
    fills_day(auditor, "known_on", the_day)
    auditor.presses("Answer")
    words = f"{the_day.day} {the_day:%B %Y}"
    answer = auditor.page.locator(".panel")
    expect(answer).to_contain_text(f"As recorded by the end of {words}.")
    expect(answer).to_contain_text("Foundation since")
    expect(answer).not_to_contain_text("Action plan")
    expect(auditor.region("The record has changed since")).to_contain_text("Action plan: Two failed tests")
    question, answered = auditor.page.url, answer.inner_text()

    # As recorded by the end of today it is there; the question of the day stays in its address, and so does its answer.
    fills_day(auditor, "known_on", clock.today())
    auditor.presses("Answer")
    expect(auditor.page.locator(".panel")).to_contain_text("Action plan: Two failed tests")
    auditor.page.goto(question)
    assert auditor.page.locator(".panel").inner_text() == answered
