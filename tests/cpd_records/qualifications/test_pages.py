"""The pages of awards: found, foreseen, recorded with evidence, put right; and what is decided about one person."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cpd_records.currency import currency_of
from cpd_records.models import AwardEvidence, Exemption, LedgerEntry, RecordProposal, Restriction
from cpd_records.proposals.deciding import approve_proposal
from cpd_records.qualifications.standing_awards import all_awards
from people import clock
from people.models import Absence, Look, User
from tests.cpd_records.currency.acts import award, qualification
from tests.cpd_records.qualifications.conftest import Station
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
GIVEN = {"taught_by": "Sergeant Demo", "reference": "Register 7 of 2026", "reason": "I saw the register."}


@pytest.fixture
def desk(station: Station, signed_in: Browser) -> Client:
    return signed_in(station.training_admin)


def boxes(name: str, day: date | None) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("day", "month", "year")}


def page(officer: User, more: str = "") -> str:
    return f"/qualifications/people/{officer.public_id}/{more}"


def reached(officer: User, code: str = "FALP", day: date | None = None, until: date | None = None) -> str:
    typed = {"qualification": code, **boxes("day", day or clock.today()), **boxes("until", until)}
    return page(officer, f"award/?{urlencode(typed)}")


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_rules_are_read_in_words_with_their_mark_and_source(desk: Client) -> None:
    html = text(desk.get("/qualifications/"))
    assert "Local default, not a national standard." in html
    one = text(desk.get("/qualifications/rules/CED/"))
    assert "It lasts 12 months from the day of the award." in one
    assert "Source: Dymond 2021" in one
    assert "Public and personal safety training, from" in one
    assert desk.get("/qualifications/rules/ASSR/IQA/").status_code == 200
    assert desk.get("/qualifications/rules/NONE/").status_code == 404


def test_a_person_is_found_by_e_mail_or_service_number_and_nobody_is_said(station: Station, desk: Client) -> None:
    for typed in (station.officer.email.upper(), station.officer.service_number):
        answer = desk.post("/qualifications/", {"person": typed})
        assert answer.headers["Location"] == page(station.officer)
    assert "Nobody has this e-mail address or service number." in text(desk.post("/qualifications/", {"person": "x"}))
    assert "Enter the e-mail address or service number" in text(desk.post("/qualifications/", {"person": ""}))


def test_what_an_award_gives_is_shown_before_it_is_recorded_and_nothing_is_written(
    station: Station, desk: Client
) -> None:
    today = clock.today()
    html = text(desk.get(reached(station.officer)))
    assert "What it gives" in html
    assert f"{today.day}\xa0{today:%B}\xa0{today.year + 1}" in html or f"{today:%-d %B} {today.year + 1}" in html
    assert "It lasts 12 months from the day of the award." in html
    assert not LedgerEntry.objects.exists()


def test_an_award_that_changes_nothing_says_so_before_it_is_recorded(station: Station, desk: Client) -> None:
    award(station.officer, "FALP", clock.today())
    html = text(desk.get(reached(station.officer, day=clock.today() - timedelta(days=100))))
    assert "It changes nothing" in html


@pytest.mark.parametrize(
    ("day", "until", "sentence"),
    [
        (date(2999, 1, 1), None, "is still to come. Enter the day it happened."),
        (date(2024, 1, 1), date(2023, 1, 1), "The last day is before the day of the award. Check both days."),
    ],
)
def test_a_day_that_cannot_be_is_refused_before_anything_else_is_asked(
    station: Station, desk: Client, day: date, until: date | None, sentence: str
) -> None:
    html = text(desk.get(reached(station.officer, day=day, until=until)))
    assert sentence in html
    assert "What it gives" not in html


def test_an_award_is_recorded_and_counts(station: Station, desk: Client) -> None:
    assert desk.post(reached(station.officer), GIVEN).headers["Location"] == page(station.officer)
    (found,) = all_awards(station.officer)
    assert (found.code, found.day, found.said["taught_by"]) == ("FALP", clock.today(), "Sergeant Demo")
    (verdict,) = [one for one in currency_of(station.officer, on=clock.today()).qualifications if one.code == "FALP"]
    assert verdict.carries
    html = text(desk.get(page(station.officer)))
    assert "Taught or assessed by Sergeant Demo" in html
    assert "Reference: Register 7 of 2026" in html


def test_evidence_is_checked_by_its_content_kept_and_given_to_whom_it_concerns(
    station: Station, desk: Client, signed_in: Browser
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), "navy").save(picture, "PNG")
    given = {**GIVEN, "reference": ""}
    refused = desk.post(reached(station.officer), {**given, "evidence": SimpleUploadedFile("a.png", b"no picture")})
    assert "This file is not a picture, although its name ends in .png. Nothing was uploaded." in text(refused)
    assert "I saw the register." in text(refused)
    assert not LedgerEntry.objects.exists()
    desk.post(reached(station.officer), {**given, "evidence": SimpleUploadedFile("register.png", picture.getvalue())})
    kept = AwardEvidence.objects.get()
    address = f"/qualifications/evidence/{kept.pk}/"
    for reader in (station.officer, station.training_admin, station.system_admin, station.auditor):
        answer = signed_in(reader).get(address)
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert signed_in(station.sergeant).get(address).status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(station: Station, desk: Client) -> None:
    html = text(desk.post(reached(station.officer), {**GIVEN, "reference": ""}))
    assert "Add the evidence: a certificate, a register or a photo of one, or a reference" in html
    assert "I saw the register." in html
    assert "A file has to be chosen again" in html
    twice = desk.post(reached(station.officer), GIVEN)
    assert twice.status_code == 302
    assert "was awarded for" in text(desk.post(reached(station.officer), GIVEN))
    assert LedgerEntry.objects.count() == 1


def test_hostile_words_are_kept_as_words(station: Station, desk: Client) -> None:
    for number, words in enumerate(HOSTILE.values()):
        said = sendable(words)[:200]
        day = clock.today() - timedelta(days=number)
        desk.post(reached(station.officer, day=day), {"taught_by": said, "reference": said, "reason": said})
    answer = desk.get(page(station.officer))
    assert answer.status_code == 200
    assert not runs_in(answer.content.decode())


def approve_all(station: Station) -> None:
    for proposal in RecordProposal.objects.waiting():
        approve_proposal(proposal, by=station.system_admin, at=clock.now())


def test_an_award_is_corrected_taken_back_and_declared_never_true(station: Station, desk: Client) -> None:
    entry = award(station.officer, "FALP", clock.today() - timedelta(days=5), minutes=None)
    earlier = clock.today() - timedelta(days=6)
    form = text(desk.get(page(station.officer, f"awards/{entry.pk}/correct/")))
    assert f'value="{(clock.today() - timedelta(days=5)).day}"' in form
    typed = {**boxes("day", earlier), **boxes("until", None), "reason": "A day too late."}
    assert desk.post(page(station.officer, f"awards/{entry.pk}/correct/"), typed).status_code == 302
    assert all_awards(station.officer)[0].day != earlier
    approve_all(station)
    assert all_awards(station.officer)[0].day == earlier
    assert "Nothing was changed" in text(desk.post(page(station.officer, f"awards/{entry.pk}/correct/"), typed))
    last = {**boxes("last_day", clock.today()), "reason": "A check was failed."}
    assert desk.post(page(station.officer, f"awards/{entry.pk}/withdraw/"), last).status_code == 302
    approve_all(station)
    assert "taken back: it holds until" in text(desk.get(page(station.officer)))
    too_early = {**boxes("last_day", clock.today() - timedelta(days=9)), "reason": "x."}
    assert "declare it so instead" in text(desk.post(page(station.officer, f"awards/{entry.pk}/withdraw/"), too_early))
    assert "Say why." in text(desk.post(page(station.officer, f"awards/{entry.pk}/void/"), {"reason": ""}))
    desk.post(page(station.officer, f"awards/{entry.pk}/void/"), {"reason": "Somebody else's."})
    approve_all(station)
    assert all_awards(station.officer) == []
    assert desk.get(page(station.officer, f"awards/{entry.pk}/void/")).status_code == 404
    assert LedgerEntry.objects.count() == 4


def test_a_restriction_is_at_once_and_ends_at_once(station: Station, desk: Client) -> None:
    said = {
        "qualification": "DP",
        "reason": "As the policy says.",
        **boxes("valid_from", clock.today()),
        **boxes("until", None),
    }
    assert desk.post(page(station.officer, "restrict/"), said).status_code == 302
    row = Restriction.objects.get(officer=station.officer)
    assert (row.qualification, row.recorded_by) == (qualification("DP"), station.training_admin)
    assert "in that time already" in text(desk.post(page(station.officer, "restrict/"), said))
    assert "As the policy says." in text(desk.get(page(station.officer)))
    desk.post(page(station.officer, f"restrictions/{row.pk}/end/"))
    assert not Restriction.objects.in_force(clock.today()).exists()
    assert desk.post(page(station.officer, f"restrictions/{row.pk}/end/")).status_code == 404
    for kind in ("restrict", "exempt"):
        assert "Choose the qualification from the list." in text(
            desk.post(page(station.officer, f"{kind}/"), {**said, "qualification": "NONE"})
        )


def test_an_exemption_counts_once_approved_and_is_ended_in_the_same_way(station: Station, desk: Client) -> None:
    said = {
        "qualification": "DP",
        "reason": "As the policy says.",
        **boxes("valid_from", clock.today()),
        **boxes("until", None),
    }
    assert desk.post(page(station.officer, "exempt/"), said).status_code == 302
    assert not Exemption.objects.exists()
    approve_all(station)
    row = Exemption.objects.get(officer=station.officer)
    assert (row.qualification, row.recorded_by) == (qualification("DP"), station.training_admin)
    assert "in that time already" in text(desk.post(page(station.officer, "exempt/"), said))
    assert "As the policy says." in text(desk.get(page(station.officer)))
    last = {**boxes("last_day", clock.today() - timedelta(days=1)), "reason": "Over."}
    desk.post(page(station.officer, f"exemptions/{row.pk}/end/"), last)
    approve_all(station)
    assert not Exemption.objects.in_force(clock.today()).exists()
    assert desk.post(page(station.officer, f"exemptions/{row.pk}/end/"), last).status_code == 404


def test_an_absence_stops_the_clock_where_the_rule_says_so_and_ends_when_somebody_is_back(
    station: Station, desk: Client
) -> None:
    typed = {"kind": "parental", **boxes("valid_from", clock.today()), **boxes("valid_until", None)}
    assert desk.post(page(station.officer, "away/"), typed).status_code == 302
    row = Absence.objects.get(officer=station.officer)
    assert currency_of(station.officer, on=clock.today()).is_away
    assert "An absence is recorded for part of that time already." in text(
        desk.post(page(station.officer, "away/"), typed)
    )
    desk.post(page(station.officer, f"away/{row.pk}/end/"))
    assert not currency_of(station.officer, on=clock.today()).is_away


def test_a_supervisor_restricts_and_records_absences_on_the_team_page(station: Station, signed_in: Browser) -> None:
    team, there = signed_in(station.sergeant), f"/team/people/{station.officer.public_id}/"
    said = {
        "qualification": "CED",
        "reason": "Not to carry.",
        **boxes("valid_from", clock.today()),
        **boxes("until", None),
    }
    assert team.post(f"{there}restrict/", said).headers["Location"] == there
    typed = {"kind": "secondment", **boxes("valid_from", clock.today()), **boxes("valid_until", None)}
    assert team.post(f"{there}away/", typed).headers["Location"] == there
    html = text(team.get(there))
    assert "Not to carry." in html
    assert "Secondment, from" in html
    team.post(f"{there}restrictions/{Restriction.objects.get().pk}/end/")
    team.post(f"{there}away/{Absence.objects.get().pk}/end/")
    assert not Restriction.objects.in_force(clock.today()).exists()
    assert not Absence.objects.in_force(clock.today()).exists()


def test_an_administrator_reads_their_own_awards_and_decides_nothing_about_themselves(
    station: Station, desk: Client
) -> None:
    own = station.training_admin
    entry = award(own, "FALP", clock.today())
    html = text(desk.get(page(own)))
    assert "Another administrator records your awards." in html
    assert "Record an award" not in html
    for more in ("award/", f"awards/{entry.pk}/void/", "exempt/", "restrict/", "away/"):
        assert desk.get(page(own, more)).status_code == 403
        assert desk.post(page(own, more), {"reason": "x."}).status_code == 403
    assert LedgerEntry.objects.count() == 1


def test_an_auditor_reads_and_changes_nothing_and_whoever_looks_is_seen(station: Station, signed_in: Browser) -> None:
    auditor = signed_in(station.auditor)
    html = text(auditor.get(page(station.officer)))
    assert "Record an award" not in html
    assert "can see that you looked" in html
    assert Look.objects.get(officer=station.officer).looker == station.auditor
    assert auditor.post(reached(station.officer), GIVEN).status_code == 403
    assert not LedgerEntry.objects.exists()
