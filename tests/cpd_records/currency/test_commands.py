"""``manage.py currency`` in words and as JSON, and ``manage.py ledger_rebuild``."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command

from cpd_records.currency.following import follow
from cpd_records.currency.standings import stored
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.management.commands import currency
from cpd_records.models import HashTile, OfficerStanding, Qualification, RoleStanding, Standing
from people.models import User
from tests import factories
from tests.cpd_records.currency.acts import award, on_day, seal
from tests.cpd_records.currency.test_following import as_it_should_be, do_waiting, everybody

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)
VERDICTS = {"in_date", "due", "in_grace", "expired", "never_held", "exempt", "excepted", "restricted"}


@pytest.fixture
def officer(db: None) -> User:
    """Somebody who carries Taser and is trained in all it needs but first aid, which ended on 28 February."""
    with on_day(date(2026, 2, 1)):
        person = factories.person("Olu Demo", "operational-officer", "taser-officer", unit=factories.unit("team"))
        for code in ("PPST", "JRFT", "EYE", "CED"):
            award(person, code, date(2026, 1, 10))
        award(person, "FALP", date(2025, 2, 28))
        seal()
    return person


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("currency", *arguments, stdout=out)
    return out.getvalue()


def as_json(*arguments: str) -> dict[str, object]:
    text = said(*arguments, "--json")
    assert text.count("\n") == 1
    found: dict[str, object] = json.loads(text)
    return found


def test_it_says_in_words_who_may_do_what_and_why_not(officer: User) -> None:
    text = said(officer.email, "--on", "2026-03-03")
    assert text.startswith(
        f"Olu Demo ({officer.service_number}) on 3 March 2026, as known now, with the checkpoint of 5 entries.\n"
    )
    assert "\nMay carry Taser: no.\n  " in text
    assert "\nFirst aid, module 2 (FALP): expired.\n  " in text
    assert "28 February 2026" in text
    assert "not required" not in text.split("Taser user (CED)")[1].split("\n")[0]


def test_its_json_has_the_shape_others_rely_on_and_nothing_else(officer: User) -> None:
    found = as_json(officer.service_number, "--on", "2026-03-03")
    assert list(found)[:5] == ["officer", "on", "known_at", "roles", "qualifications"]
    assert list(found)[5:] == ["size", "unsealed", "provisional", "erased"]
    assert (found["officer"], found["on"], found["known_at"]) == (officer.service_number, "2026-03-03", None)
    roles, qualifications = found["roles"], found["qualifications"]
    assert isinstance(roles, list)
    assert isinstance(qualifications, list)
    (taser,) = [one for one in roles if one["role"] == "taser-officer"]
    assert list(taser) == ["role", "verdict", "reasons"]
    assert taser["verdict"] == "expired"
    for one in qualifications:
        assert list(one) == ["code", "verdict", "valid_from", "valid_until", "grace_until", "reasons", "entries"]
        assert one["verdict"] in VERDICTS
        assert one["reasons"]
    (first_aid,) = [one for one in qualifications if one["code"] == "FALP"]
    assert (first_aid["verdict"], first_aid["valid_from"], first_aid["valid_until"]) == (
        "expired",
        "2025-02-28",
        "2026-02-28",
    )
    assert len(first_aid["entries"]) == 1


def test_the_reasons_of_a_role_say_what_its_verdict_is_also_behind_something_never_held(db: None) -> None:
    with on_day(date(2026, 2, 1)):
        person = factories.person("Una Demo", "taser-officer", unit=factories.unit("team"))
        for code in ("PPST", "JRFT", "EYE"):
            award(person, code, date(2026, 1, 10))
        award(person, "FALP", date(2025, 2, 28))
        seal()
    roles = as_json(person.service_number, "--on", "2026-03-03")["roles"]
    assert roles == [
        {
            "role": "taser-officer",
            "verdict": "expired",
            "reasons": [
                "First aid expired on 28 February 2026, and has no grace.",
                "Taser was never held. No course, award or transfer is recorded.",
            ],
        }
    ]


def test_an_e_mail_address_in_capitals_names_the_same_person(officer: User) -> None:
    assert as_json(officer.email.upper(), "--on", "2026-03-03") == as_json(officer.service_number, "--on", "2026-03-03")


def test_without_a_day_it_is_today(officer: User) -> None:
    with on_day(date(2026, 2, 20)):
        assert as_json(officer.email)["on"] == "2026-02-20"


def test_known_at_answers_as_it_was_known_then_and_never_otherwise(officer: User) -> None:
    with on_day(DAY):
        award(officer, "FALP", date(2026, 2, 27))
        seal()
    before = as_json(officer.email, "--on", "2026-03-03", "--known-at", "2026-03-02T18:00Z")
    after = as_json(officer.email, "--on", "2026-03-03", "--known-at", "2026-03-03T18:00:00+00:00")

    def verdict(found: dict[str, object]) -> str:
        rows = found["qualifications"]
        assert isinstance(rows, list)
        (one,) = [row for row in rows if row["code"] == "FALP"]
        return str(one["verdict"])

    assert (before["known_at"], verdict(before)) == ("2026-03-02T18:00:00Z", "expired")
    assert (after["known_at"], verdict(after)) == ("2026-03-03T18:00:00Z", "in_date")
    assert verdict(as_json(officer.email, "--on", "2026-03-03", "--known-at", "2026-03-02")) == "expired"
    assert "as known by the checkpoint of" in said(officer.email, "--known-at", "2026-03-02T18:00Z")


def test_before_the_first_checkpoint_nothing_was_known(officer: User) -> None:
    found = as_json(officer.email, "--on", "2026-03-03", "--known-at", "1999-01-01T00:00Z")
    assert (found["roles"], found["qualifications"]) == ([], [])


@pytest.mark.parametrize("named", ["nobody@force.example", "000000", " "])
def test_an_unknown_person_is_refused_with_status_1(officer: User, named: str) -> None:
    with pytest.raises(CommandError, match="Nobody has the e-mail address or service number") as refused:
        said(named, "--json")
    assert refused.value.returncode == 1


@pytest.mark.parametrize(
    ("option", "text", "sentence"),
    [
        ("--on", "3 March", "'3 March' is no day: write it as 2026-03-03."),
        ("--on", "2026-02-29", "'2026-02-29' is no day"),
        ("--known-at", "yesterday", "'yesterday' is no time: write it as 2026-03-03T18:00Z."),
        ("--known-at", "2026-02-30", "'2026-02-30' is no time"),
    ],
)
def test_a_day_or_time_that_cannot_be_read_is_bad_usage_with_status_2(
    officer: User, capsys: pytest.CaptureFixture[str], option: str, text: str, sentence: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        currency.Command().run_from_argv(["manage.py", "currency", officer.email, option, text])
    assert refused.value.code == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert printed.out == ""


def rebuilt() -> str:
    out = io.StringIO()
    call_command("ledger_rebuild", stdout=out)
    return out.getvalue()


def test_rebuilding_repairs_standings_that_were_tampered_with_and_says_what_it_did(officer: User) -> None:
    with on_day(DAY):
        seal()
        follow()
        do_waiting()
        true = stored(everybody())
        Standing.objects.filter(officer=officer, qualification__code="FALP").update(
            verdict="in_date", valid_until=DAY + timedelta(days=300)
        )
        Standing.objects.filter(officer=officer, qualification__code="CED").delete()
        roles = RoleStanding.objects.filter(officer=officer).exclude(verdict="in_date").update(verdict="in_date")
        assert stored(everybody()) != true
        assert follow() == 0, "nothing new is known, so following repairs nothing"
        text = rebuilt()
        assert stored(everybody()) == true == as_it_should_be()
    lines = text.splitlines()
    assert lines[0] == (
        "Made the tiles of 5 entries anew; they lead to the signed root. No row of them was wrong before."
    )
    assert lines[1] == (
        f"Reckoned the standings of {User.objects.count()} officers anew. "
        f"{2 + roles} rows of them were wrong before: 1 added, {1 + roles} changed, 0 removed."
    )
    assert len(lines) == 2


def test_rebuilding_says_how_many_rows_were_missing_wrong_or_too_many(officer: User) -> None:
    with on_day(DAY):
        seal()
        follow()
        do_waiting()
        rows = Standing.objects.filter(officer=officer)
        some, another, too_many = rows.order_by("pk")[:3]
        unknown = list(Qualification.objects.exclude(standings__officer=officer).order_by("code")[:3])
        Standing.objects.filter(pk__in=[some.pk, another.pk]).delete()
        Standing.objects.filter(pk=too_many.pk).update(grace_until=None, valid_from=DAY - timedelta(days=3000))
        for qualification in unknown:
            Standing.objects.create(officer=officer, qualification=qualification, verdict="in_date", is_required=True)
        OfficerStanding.objects.update(failing=77)
        HashTile.objects.update(hashes=bytes(32))
        HashTile.objects.create(level=3, number=0, hashes=bytes(32))
        first, second = rebuilt().splitlines()
        again = rebuilt()
    assert first.endswith("2 rows of them were wrong before: 0 added, 1 changed, 1 removed.")
    assert second.endswith("7 rows of them were wrong before: 2 added, 2 changed, 3 removed.")
    assert again.count("No row of them was wrong before.") == 2


def test_a_rebuild_that_is_refused_leaves_nothing_kept_behind(officer: User) -> None:
    with on_day(DAY):
        seal()
        with patch("cpd_records.ledger.sealing.rebuild", side_effect=LedgerRefuses("Another sealer is at work.")):
            for _ in range(2):
                with pytest.raises(CommandError, match="Another sealer"):
                    rebuilt()
        assert "No row of them was wrong before." in rebuilt()


def test_rebuilding_what_is_right_changes_nothing(officer: User) -> None:
    with on_day(DAY):
        seal()
        follow()
        do_waiting()
        before = stored(everybody())
        rebuilt()
        assert stored(everybody()) == before != {}


def test_rebuilding_takes_in_what_was_not_followed_yet(officer: User) -> None:
    with on_day(DAY):
        follow()
        do_waiting()
        award(officer, "FALP", DAY)
        seal()
        rebuilt()
        assert Standing.objects.get(officer=officer, qualification__code="FALP").verdict == "in_date"
        assert stored(everybody()) == as_it_should_be()
