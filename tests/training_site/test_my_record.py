"""My record: a timeline by year from the ledger, certificates, downloads, and the proof of an entry."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from cpd_records.activities import plan_learning
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.currency.days import months_after
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.refusals import note_refusal
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, HashTile, LedgerEntry, Qualification, ReadablePart
from cpd_records.qualifications.rulings import grant_exception
from people import clock
from tests import factories as people_factories
from tests.courses.factories import do_lessons, enrolled, release
from tests.cpd_records.currency.acts import on_day
from tests.cpd_records.readiness.teams import award
from tests.cpd_records.verifier_acts import our_key, run_verifier
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def officer(person):
    unit = people_factories.unit("central", name="Central North BCU")
    return person("Officer A. Demo", unit=unit, rank="constable")


def write(officer, **more):
    with transaction.atomic():
        return append_entry(officer=officer.public_id, **{"day": clock.today(), "payload": {}, **more})


def test_an_empty_record_says_how_it_fills(person, signed_in):
    shown = text(signed_in(person()).get("/my/record/"))
    assert "Nothing is recorded yet." in shown
    assert "None yet. Each finished course brings one." in shown
    assert "Issue my training record" not in shown
    assert "Everything on my record (PDF)" not in shown


def test_everything_held_is_offered_where_nothing_is_recorded_yet(person, signed_in):
    """Sign-in, postings and looks are held of everybody, long before the first entry."""
    page = signed_in(person()).get("/my/record/").content.decode()
    assert 'href="/my/record/everything/"' in page


def test_the_record_says_who_it_is_about(officer, signed_in):
    shown = text(signed_in(officer).get("/my/record/"))
    assert f"Officer A. Demo , constable, service number {officer.service_number}" in shown
    assert "Central North BCU" in shown


def test_a_finished_course_is_on_the_record_once_with_certificate_and_proof(officer, signed_in):
    do_lessons(enrolled(officer, release(minutes=240)), at=clock.now())
    page = signed_in(officer).get("/my/record/")
    shown = text(page)
    assert shown.count("Completed: Saying so") == 3  # the heading, and the names of its two links
    assert "4 h. Release 1. Recorded the same day." in shown
    assert "Being made" in shown
    entry = ReadablePart.objects.get(kind="completion").entry_id
    assert f'href="/my/record/{entry}/"' in page.content.decode()


def test_years_stand_apart_and_an_empty_one_says_so(officer, signed_in):
    for year in (2023, 2025):
        at = datetime(year, 3, 3, 12, tzinfo=UTC)
        do_lessons(enrolled(officer, release(code=f"ETH-{year}", title=f"Course of {year}"), at=at), at=at)
    client = signed_in(officer)
    shown = text(client.get("/my/record/"))
    assert "Course of 2025" in shown
    assert "Show 2023" in shown
    assert "Course of 2023" in text(client.get("/my/record/?year=2023"))
    empty = text(client.get("/my/record/?year=2024"))
    assert "Nothing recorded in 2024." in empty
    assert "Show 2025" in empty
    for year in ("x", "0", "99999999999999999999", "²"):
        assert client.get(f"/my/record/?year={year}").status_code == 200


def corrected_safety_day(officer):
    first = write(
        officer, kind="completion", subject="PPST", minutes=480, payload={"title": "Officer safety day 2", "release": 1}
    )
    write(
        officer,
        kind="correction",
        subject="PPST",
        minutes=420,
        corrects=first.pk,
        payload={
            "reason": "The day ended early.",
            "by": str(uuid4()),
            "by_name": "Training administrator E. Demo",
            "approved_by": str(uuid4()),
            "approved_by_name": "System administrator Z. Demo",
        },
    )
    return first


def test_the_record_shows_what_stands_and_who_put_it_right(officer, signed_in):
    corrected_safety_day(officer)
    shown = text(signed_in(officer).get("/my/record/"))
    assert "Completed: Officer safety day 2" in shown
    assert "7 h. Release 1." in shown
    assert "8 h" not in shown
    assert (
        "Corrected by Training administrator E. Demo, approved by System administrator Z. Demo. The day ended early."
        in shown
    )
    assert "All that was ever recorded, 2 entries" in shown
    assert (
        "This answer rests on everything recorded until now: 0 sealed entries of the ledger, and two not sealed yet."
        in shown
    )


def test_one_click_away_a_correction_stands_as_an_entry_of_its_own(officer, signed_in):
    first = corrected_safety_day(officer)
    page = signed_in(officer).get("/my/record/?show=everything")
    shown = text(page)
    assert "Completed: Officer safety day 2" in shown
    assert "Corrected: Officer safety day 2" in shown
    assert "7 h, not 8 h. Corrected by Training administrator E. Demo, approved by" in shown
    assert "Only what stands" in shown
    assert "What was recorded before" in shown
    assert f'href="/my/record/{first.pk}/"' in page.content.decode()


def test_verified_cpd_says_by_whom_and_that_the_reflection_is_private(officer, signed_in):
    write(
        officer,
        kind="cpd_activity",
        subject="a",
        minutes=150,
        payload={"title": "Scenario night", "activity_kind": "briefing", "verified_by_name": "Sergeant D. Demo"},
    )
    assert "2 h 30 min. Verified by Sergeant D. Demo. Reflection private." in text(
        signed_in(officer).get("/my/record/")
    )


def test_the_proof_waits_for_the_seal_and_then_can_be_taken_along(officer, signed_in):
    do_lessons(enrolled(officer, release()), at=clock.now())
    entry = ReadablePart.objects.get(kind="completion").entry_id
    client = signed_in(officer)
    assert "Being sealed" in text(client.get(f"/my/record/{entry}/"))
    early = client.get(f"/my/record/{entry}/entry.tlog-proof")
    assert early.status_code == 503
    assert "not sealed yet" in early.content.decode()
    seal_now()
    assert "Proof of its place" in text(client.get(f"/my/record/{entry}/"))
    assert client.get(f"/my/record/{entry}/entry.tlog-proof").content.startswith(b"c2sp.org/tlog-proof@v1\n")
    opening = json.loads(client.get(f"/my/record/{entry}/opening.json").content)
    assert json.loads(opening["payload"])["id"] == str(entry)


def test_while_the_ledger_refuses_to_sign_neither_entry_nor_certificate_is_promised_within_seconds(officer, signed_in):
    do_lessons(enrolled(officer, release()), at=clock.now())
    entry = ReadablePart.objects.get(kind="completion").entry_id
    client = signed_in(officer)
    certificate = Certificate.objects.get(officer=officer).get_absolute_url()
    refusal = note_refusal("The tree does not extend the last.", at=clock.now())

    waiting, made = text(client.get(f"/my/record/{entry}/")), text(client.get(certificate))

    assert "The ledger signs nothing at the moment" in waiting
    assert "nothing of it is lost" in waiting
    assert "within seconds" not in waiting
    assert refusal.reason not in waiting, "what is wrong is for those who look after it"
    assert "takes longer than usual" in made
    assert "within about ten seconds" not in made
    seal_now()
    assert "Proof of its place" in text(client.get(f"/my/record/{entry}/"))


def test_the_two_files_prove_the_entry_to_somebody_outside(officer, signed_in, tmp_path):
    for _ in range(3):
        write(officer, kind="cpd_activity", subject="a", minutes=5, payload={"title": "Taking statements: “Élan”"})
    seal_now()
    client = signed_in(officer)
    entry = LedgerEntry.objects.get(place__index=1).pk
    for tail in ("entry.tlog-proof", "opening.json"):
        answer = client.get(f"/my/record/{entry}/{tail}")
        assert "no-store" in answer["Cache-Control"]
        (tmp_path / tail).write_bytes(answer.content)
    said = run_verifier("proof", tmp_path / "entry.tlog-proof", tmp_path / "opening.json", "--key", our_key(), "--json")
    assert said.status == 0
    assert said.json["payload"]["title"] == "Taking statements: “Élan”"
    assert said.json["payload"]["id"] == str(entry)


def test_where_the_tree_is_not_whole_the_proof_is_answered_by_a_sentence(officer, signed_in):
    entry = write(officer, kind="completion", subject="PPST", minutes=5, payload={"title": "Officer safety day 2"})
    write(officer, kind="completion", subject="UOF", minutes=5, payload={"title": "Use of force"})
    seal_now()
    HashTile.objects.all().delete()
    answer = signed_in(officer).get(f"/my/record/{entry.pk}/entry.tlog-proof")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Your entry is not lost." in answer.content.decode()


def test_an_erased_entry_says_so_to_its_holder_and_its_place_is_still_proved(officer, person, signed_in, tmp_path):
    entry = write(officer, kind="completion", subject="PPST", minutes=5, payload={"title": "Officer safety day 2"})
    seal_now()
    client = signed_in(officer)
    (tmp_path / "opening.json").write_bytes(client.get(f"/my/record/{entry.pk}/opening.json").content)
    said = {"retention_class": "training", "authority": "Head of Information", "at": clock.now()}
    erase_readable_part(entry, **said)
    page = client.get(f"/my/record/{entry.pk}/")
    assert page.status_code == 200
    assert "This entry was erased" in text(page)
    assert "Head of Information" in text(page)
    assert "Officer safety day 2" not in text(page)
    gone = client.get(f"/my/record/{entry.pk}/opening.json")
    assert gone.status_code == 410
    assert "This entry was erased" in text(gone)
    proof = client.get(f"/my/record/{entry.pk}/entry.tlog-proof")
    (tmp_path / "entry.tlog-proof").write_bytes(proof.content)
    files = tmp_path / "entry.tlog-proof", tmp_path / "opening.json"
    assert run_verifier("proof", *files, "--key", our_key(), "--json").status == 0, "with the opening kept from before"
    stranger = signed_in(person())
    for tail in ("", "entry.tlog-proof", "opening.json"):
        assert stranger.get(f"/my/record/{entry.pk}/{tail}").status_code == 404


def test_the_entries_of_a_certificate_stand_under_everything_with_their_proofs(officer, signed_in):
    do_lessons(enrolled(officer, release()), at=clock.now())
    certificate = Certificate.objects.get()
    client = signed_in(officer)
    assert "Certificate awarded" not in text(client.get("/my/record/"))
    seal_now()
    issue_certificate(str(certificate.pk))
    page = client.get("/my/record/?show=everything")
    certificate.refresh_from_db()
    assert "Certificate awarded: Saying so" in text(page)
    assert "Certificate signed: Saying so" in text(page)
    assert certificate.sha256 in text(page)
    for entry in (certificate.entry_id, certificate.issued_entry_id):
        assert f'href="/my/record/{entry}/"' in page.content.decode()
    assert "Certificate signed: Saying so" in text(client.get(f"/my/record/{certificate.issued_entry_id}/"))


def test_nobody_elses_entry_opens(officer, person, signed_in, client):
    do_lessons(enrolled(officer, release()), at=clock.now())
    seal_now()
    entry = LedgerEntry.objects.first().pk
    stranger = signed_in(person())
    for tail in ("", "entry.tlog-proof", "opening.json"):
        assert stranger.get(f"/my/record/{entry}/{tail}").status_code == 404
        assert client.get(f"/my/record/{entry}/{tail}").status_code == 302
    assert stranger.get(f"/my/record/{uuid4()}/").status_code == 404


def test_hostile_words_on_a_record_do_not_run(officer, signed_in):
    write(officer, kind="cpd_activity", subject="a", minutes=5, payload={"title": "<script>alert(1)</script>‮"})
    assert "<script>alert" not in signed_in(officer).get("/my/record/").content.decode()


def test_the_record_asks_as_much_for_three_entries_as_for_three_hundred(officer, signed_in):
    client = signed_in(officer)
    write(officer, kind="cpd_activity", subject="a", minutes=5, payload={"title": "One"})
    do_lessons(enrolled(officer, release(code="ETH-A")), at=clock.now())
    client.get("/my/record/")
    with counted_queries() as few:
        client.get("/my/record/")
    for number in range(60):
        write(officer, kind="cpd_activity", subject=f"a{number}", minutes=5, payload={"title": f"Talk {number}"})
    for number in range(8):
        do_lessons(enrolled(officer, release(code=f"ETH-{number}")), at=clock.now())
    with counted_queries() as many:
        page = client.get("/my/record/")
    assert few.count == many.count, f"{few}\n{many}"
    assert "Show all 9" in page.content.decode()


def test_an_exception_stands_on_the_timeline_with_who_why_and_until_when(officer, person, signed_in):
    unit = officer.postings.get().unit
    inspector = person("Inspector C. Demo", "supervisor", unit=unit, rank="inspector")
    last = clock.today() + timedelta(days=20)
    grant_exception(
        officer,
        Qualification.objects.get(code="POPS3"),
        by=inspector,
        at=clock.now(),
        until=last,
        reason="Instructors are short",
        conditions="Not on front serials",
    )
    shown = text(signed_in(officer).get("/my/record/"))
    assert "Exception granted: Public order, level 3" in shown
    assert "Instructors are short. Conditions: Not on front serials." in shown
    assert f"to {last.day} {last:%B %Y}." in shown


def test_an_award_says_until_when_it_is_in_date_as_the_rule_has_it(officer, signed_in):
    day = clock.today() - timedelta(days=30)
    award(officer, "DP", day=day)
    until = months_after(day, 12)
    assert f"In date to {until.day} {until:%B %Y}." in text(signed_in(officer).get("/my/record/"))


def test_requirements_that_decide_nothing_today_say_so(person, signed_in):
    clerk = person("Staff B. Demo", unit=people_factories.unit("central", name="Central North BCU"))
    page = signed_in(clerk).get("/my/record/").content.decode()
    asked = page[page.index('id="may-i"') : page.index('id="timeline"')]
    assert "No requirement of yours decides what you may do today." in asked
    assert "requirements</a>" in asked


def test_what_is_due_stands_on_the_record_the_worst_first(officer, signed_in):
    award(officer, "DP", day=clock.today() - timedelta(days=340))
    award(officer, "CCU", day=clock.today() - timedelta(days=400))
    page = signed_in(officer).get("/my/record/").content.decode()
    due = page[page.index('id="due"') : page.index('id="timeline"')]
    assert due.index("Counter-corruption and standards") < due.index("Data protection and information security")


def test_plan_and_progress_stand_on_the_record(officer, signed_in):
    plan_learning(
        officer,
        title="Interview skills",
        why="",
        due_on=clock.today() + timedelta(days=40),
        qualification="",
        competency="",
        client_token=uuid4(),
        at=clock.now(),
    )
    page = signed_in(officer).get("/my/record/")
    shown = text(page)
    assert "Interview skills" in shown
    assert "Your force sets no target." in shown


def test_a_long_year_is_shown_in_part_so_that_the_page_stays_small(officer, signed_in):
    for number in range(40):
        write(officer, kind="cpd_activity", subject=f"a{number}", minutes=5, payload={"title": f"Talk {number}"})
    client = signed_in(officer)
    page = client.get("/my/record/")
    assert f"Show all 40 of {clock.today().year}" in text(page)
    assert len(page.content) < 30_000
    everything = text(client.get(f"/my/record/?year={clock.today().year}&show=timeline"))
    assert all(f"Talk {number}" in everything for number in range(40))


def test_what_was_never_true_stands_no_more_and_is_still_to_be_read(officer, signed_in):
    wrong = write(
        officer, kind="qualification", subject="PPST", payload={"title": "Safety training", "basis": "course"}
    )
    two = {"by": str(uuid4()), "by_name": "E. Demo", "approved_by": str(uuid4()), "approved_by_name": "Z. Demo"}
    write(
        officer,
        kind="correction",
        subject="PPST",
        corrects=wrong.pk,
        payload={"reason": "Somebody else's", "void": True, **two},
    )
    browser = signed_in(officer)
    assert "Safety training" not in text(browser.get("/my/record/"))
    assert "Never true: Safety training" in text(browser.get("/my/record/?show=everything"))


def test_an_exemption_is_told_once_with_both_names(officer, signed_in):
    two = {"by": str(uuid4()), "by_name": "E. Demo", "approved_by": str(uuid4()), "approved_by_name": "Z. Demo"}
    write(officer, kind="exemption", subject="PPST", payload={"title": "Safety training", "reason": "Desk work", **two})
    shown = text(signed_in(officer).get("/my/record/"))
    assert "Exempted: Safety training" in shown
    assert "Desk work. Proposed by E. Demo, approved by Z. Demo." in shown


def test_the_record_as_recorded_on_another_day_names_the_tree_it_rests_on(officer, signed_in):
    write(officer, kind="completion", subject="PPST", minutes=480, payload={"title": "Officer safety day 2"})
    seal_now()
    browser = signed_in(officer)
    yesterday = (clock.today() - timedelta(days=1)).strftime("%d/%m/%Y")
    shown = text(browser.get("/my/record/", {"known_on": yesterday}))
    assert "Officer safety day 2" not in shown
    assert "this answer rests on the first 0 entries of the ledger" in shown
    today = clock.today().strftime("%d/%m/%Y")
    shown = text(browser.get("/my/record/", {"known_on": today}))
    assert "Officer safety day 2" in shown
    assert "this answer rests on the first 1 entry of the ledger" in shown
    assert "Enter a day" in text(browser.get("/my/record/", {"known_on": "soon"}))


def test_the_record_is_asked_about_a_day_as_recorded_by_another(officer, signed_in):
    early, late = clock.today() - timedelta(days=40), clock.today() - timedelta(days=20)
    for day, title in ((early, "Officer safety day 1"), (late, "Officer safety day 2")):
        write(officer, kind="completion", day=day, subject="PPST", minutes=480, payload={"title": title})
    browser = signed_in(officer)
    on = (clock.today() - timedelta(days=30)).strftime("%d/%m/%Y")
    shown = text(browser.get("/my/record/", {"on": on}))
    assert "Officer safety day 1" in shown
    assert "Officer safety day 2" not in shown
    assert "as recorded today" in shown
    assert "Back to today" in shown
    shown = text(browser.get("/my/record/", {"on": on, "known_on": on}))
    assert "Officer safety day 1" not in shown, "it was recorded only today"
    future = (clock.today() + timedelta(days=3)).strftime("%d/%m/%Y")
    assert "Enter a day from 1990 to today." in text(browser.get("/my/record/", {"known_on": future}))


def test_the_record_as_recorded_then_says_in_date_to_as_it_was_known_then(signed_in):
    then, today = clock.today() - timedelta(days=30), clock.today()
    reached = then - timedelta(days=10)
    with on_day(then):
        olu = people_factories.person("Officer O. Demo", unit=people_factories.unit("central"), rank="constable")
        award(olu, "DP", day=reached)
        seal_now()
    with on_day(then + timedelta(days=1)):
        seal_now()
    asked = {"known_on": then.strftime("%d/%m/%Y"), "year": reached.year}
    browser, until = signed_in(olu), months_after(reached, 12)
    said = f"In date to {until.day} {until:%B %Y}."
    assert said in text(browser.get("/my/record/", asked))
    award(olu, "DP", day=today)
    seal_now()
    assert said in text(browser.get("/my/record/", asked)), "what was renewed since changes nothing of it"
