"""CPD statements: signed, of any period, of what is recorded and how, with the totals by the rules that held."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from cpd_records.certificates import CertificateRefused, Standing, standing_of
from cpd_records.certificates.checking import Verdict, answer_for_code, answer_for_file
from cpd_records.certificates.keys import signing_identity
from cpd_records.certificates.listing import STATEMENT_NAME, digest_of_list, tables_of
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import Activity, ActivityState, Certificate, TrainingRecordList
from cpd_records.schemes.declaring import declare
from cpd_records.schemes.officers import progress_of
from cpd_records.schemes.statements import issue_statement
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.activity_acts import log, submitted
from tests.cpd_records.certificate_acts import issue, opened, stored_bytes, text_of
from tests.cpd_records.schemes.conftest import Record
from tests.cpd_records.schemes.test_progress_page import last_year, scheme, this_year

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
PAGE = "/cpd/statement/"
DAY = timedelta(days=1)


def days() -> dict[str, date]:
    return {"starts_on": date(clock.today().year - 1, 1, 1), "ends_on": date(clock.today().year, 12, 31)}


def asked(officer: User, **given: date) -> Certificate:
    return issue_statement(officer, **{**days(), **given}, by=officer, at=clock.now())


def tables(statement: Certificate) -> dict[str, tuple[tuple[str, ...], ...]]:
    text = TrainingRecordList.objects.get(certificate=statement).content
    return {table.title: table.rows for table in tables_of(text)}


def boxes(starts_on: date, ends_on: date) -> dict[str, int]:
    found = {"starts_on": starts_on, "ends_on": ends_on}
    return {f"{name}_{part}": getattr(day, part) for name, day in found.items() for part in ("day", "month", "year")}


# --- What it says -------------------------------------------------------------------------------------------------------


def test_it_lists_each_entry_of_the_period_with_how_it_is_recorded_and_the_totals(
    officer: User, recorded: Record
) -> None:
    recorded(officer, "Briefing on knives", last_year("06-01"), 90)
    recorded(officer, "Stop and search", this_year(), 240, kind="completion")
    recorded(officer, "Long ago", "2020-05-01")
    found = tables(asked(officer))
    assert [(row[0], row[3], row[4]) for row in found["Recorded"]] == [
        ("Briefing on knives", "1 h 30 min", "Verified"),
        ("Stop and search", "4 h", "Course completed"),
    ]
    assert found["Recorded in all, by kind"][-1] == ("In all", "5 h 30 min")


def test_its_entry_holds_the_digest_of_the_list_the_days_and_no_title_of_an_activity(
    officer: User, recorded: Record
) -> None:
    recorded(officer, "Briefing on knives", this_year())
    statement = asked(officer)
    said = json.loads(statement.entry.readable.payload)
    content = TrainingRecordList.objects.get(certificate=statement).content
    assert (said["entries"], said["list_sha256"]) == (1, digest_of_list(content))
    assert (said["period_from"], said["period_to"]) == tuple(day.isoformat() for day in days().values())
    assert "knives" not in statement.entry.readable.payload


def test_each_period_of_a_scheme_is_counted_by_its_rules_and_declarations_stand(
    officer: User, recorded: Record
) -> None:
    scheme()
    recorded(officer, "Briefing", last_year(), 300)
    recorded(officer, "Another", this_year(), 60)
    (past,) = progress_of(officer, on=date(clock.today().year - 1, 12, 31))
    declare(officer, past, by=officer, at=clock.now(), agreed=True)
    found = tables(asked(officer))
    rows = next(rows for title, rows in found.items() if title.startswith("Our target"))
    year = clock.today().year
    spans = [f"1 January {year - 1} to 31 December {year - 1}", f"1 January {year} to 31 December {year}"]
    assert [(row[0], row[1], row[3]) for row in rows if row[0] == "In all"] == [
        ("In all", spans[0], "5 h"),
        ("In all", spans[1], "1 h"),
    ]
    ((title, span, _on, confirmed),) = found["Declared by the officer"]
    assert (title, span, confirmed) == ("Our target", spans[0], "Not yet")


def test_a_target_that_is_a_local_default_is_called_so(officer: User, recorded: Record) -> None:
    scheme()
    recorded(officer, "Briefing", this_year())
    assert "Our target. A local default, not a national standard" in tables(asked(officer))


def test_what_was_handed_in_and_not_verified_stands_as_such_and_a_draft_does_not(team: dict[str, User]) -> None:
    officer = team["officer"]
    waiting = submitted(team)
    log(officer, title="A thought of my own")
    assert Activity.objects.filter(state=ActivityState.DRAFT).exists()
    found = tables(asked(officer))
    ((title, _day, _length, stands),) = found["Not verified, so not counted"]
    assert (title, stands) == (waiting.title, "Waits for verification")
    assert "thought" not in str(found)


def test_what_a_correction_took_back_is_not_in_it(officer: User, recorded: Record) -> None:
    recorded(officer, "Kept", this_year())
    taken = recorded(officer, "Somebody else's", this_year())
    with transaction.atomic():
        append_entry(
            kind="correction",
            officer=officer.public_id,
            day=taken.readable.day,
            minutes=0,
            corrects=taken.pk,
            payload={"reason": "Wrong", "by": "somebody", "approved_by": "somebody else"},
        )
    assert [row[0] for row in tables(asked(officer))["Recorded"]] == ["Kept"]


def test_the_file_is_signed_and_carries_list_proof_opening_and_badge(officer: User, recorded: Record) -> None:
    scheme()
    recorded(officer, "Briefing on knives", this_year(), 90)
    statement = asked(officer)
    text = TrainingRecordList.objects.get(certificate=statement).content
    statement = issue(statement)
    pdf = stored_bytes(statement)
    page = text_of(pdf)
    for words in ("Briefing on knives", "Verified", "Officer A. Demo", "1 h 30 min of 10 h", statement.display_code):
        assert words in page
    with opened(pdf) as document:
        assert sorted(document.attachments) == [
            "certificate.json",
            "certificate.tlog-proof",
            "credential.json",
            STATEMENT_NAME,
        ]
        assert [str(each.UF) for each in document.Root.AF] == sorted(document.attachments)
        assert document.attachments[STATEMENT_NAME].get_file().read_bytes().decode() == text
        with document.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
                "1",
                "3",
                "A",
            )
    assert not TrainingRecordList.objects.exists(), "the file has it now"
    offline = check_offline(
        pdf, signers=[signing_identity().certificate], ledger_keys=[str(key) for key in verifier_keys()]
    )
    assert offline.problems == []
    assert offline.particulars is not None
    assert offline.particulars.noun == "CPD statement"


@pytest.mark.parametrize("name", ["ጽጌሬዳ ወልደ ሰማያት", "عبد الرحمن", "A" * 48])
def test_names_and_titles_in_other_scripts_are_drawn(recorded: Record, name: str) -> None:
    who = factories.person(name)
    recorded(who, f"{name} {'long ' * 60}", this_year())
    assert issue(asked(who)).is_ready


# --- Asked for ----------------------------------------------------------------------------------------------------------


def test_the_same_day_period_and_record_give_the_same_one_and_more_on_record_another(
    officer: User, recorded: Record
) -> None:
    recorded(officer, "Briefing", this_year())
    first = asked(officer)
    assert asked(officer) == first
    recorded(officer, "Another", this_year())
    second = asked(officer)
    assert second.supersedes == first


def test_another_period_leaves_it_as_it_is(officer: User, recorded: Record) -> None:
    recorded(officer, "Briefing", this_year())
    first = asked(officer)
    other = asked(officer, starts_on=date(clock.today().year, 1, 1))
    assert other.supersedes is None
    assert standing_of(Certificate.objects.with_standing().get(pk=first.pk), on=clock.today()) is Standing.VALID


def test_only_the_officer_asks(team: dict[str, User], recorded: Record) -> None:
    recorded(team["officer"], "Briefing", this_year())
    for other in ("sergeant", "training_admin", "auditor", "system_admin"):
        with pytest.raises(CertificateRefused, match="Only the officer asks for a statement of their CPD"):
            issue_statement(team["officer"], **days(), by=team[other], at=clock.now())
    assert not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"ends_on": date(2000, 1, 1)}, "The last day is before the first"),
        ({"starts_on": date(2099, 1, 1), "ends_on": date(2099, 2, 1)}, "1 January 2099 is still to come"),
        (
            {"starts_on": date(2001, 1, 1), "ends_on": date(2001, 12, 31)},
            "Nothing is recorded about you from 1 January 2001",
        ),
    ],
)
def test_days_of_which_there_is_nothing_to_say_are_refused(
    officer: User, recorded: Record, given: dict[str, date], why: str
) -> None:
    recorded(officer, "Briefing", this_year())
    with pytest.raises(CertificateRefused, match=why):
        asked(officer, **given)


def test_the_twenty_first_list_within_a_day_is_refused_and_the_same_one_again_is_not(
    officer: User, recorded: Record, client: Client
) -> None:
    recorded(officer, "Briefing", last_year())
    now, first = clock.now(), date(clock.today().year - 2, 1, 1)

    def another(number: int, at: datetime) -> Certificate:
        return issue_statement(officer, starts_on=first + number * DAY, ends_on=clock.today(), by=officer, at=at)

    made = [another(number, now) for number in range(20)]
    with pytest.raises(CertificateRefused, match="20 training records and CPD statements were made within a day"):
        another(20, now)
    assert another(19, now) == made[19], "nothing new is made of it"
    client.force_login(officer)
    answer = client.post(PAGE, boxes(first, clock.today() - DAY))
    assert answer.status_code == 422
    assert "or ask again tomorrow" in answer.content.decode()
    assert Certificate.objects.count() == 20
    another(20, now + DAY)
    assert Certificate.objects.count() == 21


# --- Checked ------------------------------------------------------------------------------------------------------------


def test_a_stranger_reads_the_days_and_the_count_and_never_the_list(
    officer: User, recorded: Record, client: Client
) -> None:
    recorded(officer, "Briefing on knives", this_year())
    statement = issue(asked(officer))
    answer = answer_for_code(statement.code, on=clock.today())
    assert (answer.verdict, answer.heading) == (Verdict.VALID, "This CPD statement is valid")
    assert "nothing of what came later" in answer.sentence
    page = client.get(f"/verify/{statement.code}/").content.decode()
    assert statement.title in page
    assert "knives" not in page
    assert answer_for_file(stored_bytes(statement) + b"\n", on=clock.today()).verdict is Verdict.EDITED


def test_an_older_one_says_that_it_was_the_record_of_its_day(officer: User, recorded: Record) -> None:
    recorded(officer, "Briefing", this_year())
    pdf = stored_bytes(issue(asked(officer)))
    recorded(officer, "Another", this_year())
    issue(asked(officer))
    answer = answer_for_file(pdf, on=clock.today())
    assert (answer.verdict, answer.heading) == (Verdict.SUPERSEDED, "This CPD statement was replaced")
    assert "It is the record as it stood on" in answer.sentence
    assert answer.newer is None


def test_a_withdrawn_one_says_so(officer: User, recorded: Record) -> None:
    recorded(officer, "Briefing", this_year())
    statement = issue(asked(officer))
    revoke_certificate(
        statement, by=factories.person(), approved_by=factories.person(), reason="A wrong name", at=clock.now()
    )
    answer = answer_for_code(statement.code, on=clock.today())
    assert (answer.verdict, answer.heading) == (Verdict.REVOKED, "This CPD statement has been withdrawn")


def test_the_command_answers_in_json(officer: User, recorded: Record, tmp_path: Path) -> None:
    recorded(officer, "Briefing", this_year())
    file, out = tmp_path / "statement.pdf", io.StringIO()
    file.write_bytes(stored_bytes(issue(asked(officer))))
    call_command("verify_certificate", str(file), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["valid"], answer["standing"]) == (True, "valid")
    assert all(answer["checks"].values())
    assert answer["particulars"]["listing"]["entries"] == 1


# --- The page -----------------------------------------------------------------------------------------------------------


def test_an_officer_chooses_the_days_and_is_led_to_the_document(
    team: dict[str, User], signed_in: Browser, recorded: Record
) -> None:
    officer = team["officer"]
    recorded(officer, "Briefing", this_year())
    own = signed_in(officer)
    assert PAGE in own.get("/my/record/").content.decode()
    assert PAGE in own.get("/my/record/issue/").content.decode()
    assert "Issue the statement" in own.get(PAGE).content.decode()
    waiting = own.post(PAGE, boxes(*days().values()), follow=True)
    assert waiting.status_code == 202
    assert "Your CPD statement is being made" in waiting.content.decode()
    statement = issue(Certificate.objects.get())
    done = own.get(statement.get_absolute_url())
    assert f"cpd-statement-{statement.code}.pdf" in done["Content-Disposition"]
    for other in ("sergeant", "training_admin", "auditor", "system_admin"):
        assert signed_in(team[other]).get(statement.get_absolute_url()).status_code == 404


def test_what_is_refused_stands_on_the_page_with_what_was_typed(officer: User, signed_in: Browser) -> None:
    own = signed_in(officer)
    today = clock.today()
    for given, sentence in (
        (boxes(today, today - timedelta(days=1)), "The last day is before the first."),
        (boxes(today, today), "Nothing is recorded about you"),
        ({}, "Enter the first day"),
    ):
        answer = own.post(PAGE, given)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not Certificate.objects.exists()


def test_a_stranger_is_led_to_the_sign_in_page() -> None:
    assert Client().post(PAGE)["Location"].startswith("/accounts/login/")


def test_roles_that_read_every_record_open_no_statement(team: dict[str, User], recorded: Record) -> None:
    recorded(team["officer"], "Briefing", this_year())
    statement = issue(asked(team["officer"]))
    assert statement not in Certificate.objects.visible_to(team["auditor"])
    assert statement in Certificate.objects.visible_to(team["officer"])
