"""Importing people: every line answered, all or nothing, the same list twice changes nothing."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import access
from people.importing import ListRefused, import_people, read_people
from people.models import Posting, RoleHeld, User
from people.postings import posting_of
from tests import factories

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 22)
TITLES = "service_number,email,name,short_name,rank,unit,shoulder_number,role,since,active\n"
GOOD = (
    "900431,a.bell@force.example,Ada Bell,PC A. Bell,constable,team-c,412CN,,,\n"
    "900432,d.webb@force.example,Dev Webb,Sergeant D. Webb,sergeant,Team C,31CN,supervisor; trainer:ethics,2026-09-01,yes\n"
)


@pytest.fixture(autouse=True)
def unit() -> Any:
    return factories.unit("team-c", name="Team C")


def imported(text: str | bytes, **more: Any) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return import_people(read_people(content), by=None, on=DAY, **more)


def refusal(line: str) -> str:
    """Return why a single line is refused."""
    report = imported(TITLES + line)
    assert report.answers[0].verdict == "refused", report.answers
    assert not report.written
    return report.answers[0].words[0]


def test_a_list_makes_people_posts_them_and_grants_their_roles(unit: Any) -> None:
    report = imported(TITLES + GOOD)
    assert [answer.verdict for answer in report.answers] == ["new", "new"]
    assert str(report.answers[0]) == "Line 2, 900431: new: posted to team-c; constable"
    bell, webb = User.objects.get(service_number="900431"), User.objects.get(service_number="900432")
    posting = posting_of(bell, on=DAY)
    assert posting is not None
    assert (posting.unit, posting.shoulder_number, posting.valid_from) == (unit, "412CN", DAY)
    assert not bell.has_usable_password()
    assert access.supervises(webb, bell, on=DAY)
    assert access.has_role(webb, "trainer", family="ethics", on=date(2026, 9, 1))
    assert not access.has_role(webb, "trainer", family="leadership", on=DAY)


def test_the_same_list_twice_changes_nothing_and_asks_nothing_more_for_more_people() -> None:
    imported(TITLES + GOOD)
    rows = (User.objects.count(), Posting.objects.count(), RoleHeld.objects.count())
    with CaptureQueriesContext(connection) as queries:
        report = imported(TITLES + GOOD)
    assert [answer.verdict for answer in report.answers] == ["unchanged", "unchanged"]
    assert not report.written
    assert (User.objects.count(), Posting.objects.count(), RoleHeld.objects.count()) == rows
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_a_dry_run_answers_the_same_and_writes_nothing() -> None:
    dry = imported(TITLES + GOOD, dry_run=True)
    assert not dry.written
    assert not User.objects.exists()
    assert imported(TITLES + GOOD).answers == dry.answers


def test_one_refused_line_means_that_nothing_is_written() -> None:
    report = imported(TITLES + GOOD + "900433,no-address,Nobody,,,,,,,\n")
    assert [answer.verdict for answer in report.answers] == ["new", "new", "refused"]
    assert report.is_refused
    assert not User.objects.exists()
    assert not RoleHeld.objects.exists()


def test_a_known_person_is_changed_where_the_list_says_something_else(unit: Any) -> None:
    imported(TITLES + GOOD)
    other = factories.unit("team-d")
    report = imported(TITLES + "900431,ada.bell@force.example,Ada Bell-Ray,,sergeant,team-d,,,2026-11-25,no\n")
    assert set(report.answers[0].words) == {"e-mail address", "name", "may not sign in", "posted to team-d", "sergeant"}
    bell = User.objects.get(service_number="900431")
    assert (bell.email, bell.name, bell.short_name, bell.is_active) == (
        "ada.bell@force.example",
        "Ada Bell-Ray",
        "PC A. Bell",
        False,
    )
    assert posting_of(bell, on=DAY).unit == unit  # type: ignore[union-attr]
    assert posting_of(bell, on=date(2026, 11, 25)).unit == other  # type: ignore[union-attr]
    again = imported(TITLES + "900431,ada.bell@force.example,Ada Bell-Ray,,sergeant,team-d,,,2026-11-25,no\n")
    assert again.answers[0].verdict == "unchanged"


def test_a_day_before_what_is_recorded_is_refused_rather_than_rewriting_the_past() -> None:
    imported(TITLES + GOOD)
    factories.unit("team-d")
    assert "There is already an entry for part of that period." in refusal("900431,,,,,team-d,,,2026-11-20,\n")


def test_an_empty_cell_leaves_what_is_known() -> None:
    imported(TITLES + GOOD)
    report = imported("service_number,email,name,unit,shoulder_number\n900431,,,team-c,\n")
    assert report.answers[0].verdict == "unchanged"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",a@force.example,A,,,,,,,", "the service number is missing, or is not letters and figures, 20 at most"),
        ("1' OR 1=1,a@force.example,A,,,,,,,", "the service number is missing"),
        ("1,,A,,,,,,,", "the e-mail address is missing"),
        ("1,not an address,A,,,,,,,", "'not an address' is not an e-mail address"),
        ("1,a@force.example,,,,,,,,", "the name is missing"),
        ("1,a@force.example," + "x" * 201 + ",,,,,,,", "the name is longer than 200 characters"),
        ("1,a@force.example,A,,admiral,,,,,", "there is no rank 'admiral'"),
        ("1,a@force.example,A,,,team-z,,,,", "there is no unit 'team-z'"),
        ("1,a@force.example,A,,,,,king,,", "there is no role 'king': use approver, "),
        ("1,a@force.example,A,,,,,supervisor,,", "a supervisor supervises a unit"),
        ("1,a@force.example,A,,,,,auditor:ethics,,", "the role auditor is held for no family"),
        ("1,a@force.example,A,,,,,,31/02/2026,", "'31/02/2026' is not a day: write it as 2026-11-22 or 22/11/2026"),
        ("1,a@force.example,A,,,,,,soon,", "'soon' is not a day"),
        ("1,a@force.example,A,,,,,,,perhaps", "'perhaps' in the column active is neither yes nor no"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(line: str, reason: str) -> None:
    assert reason in refusal(line + "\n")


def test_nobody_is_twice_in_a_list_and_no_address_belongs_to_two() -> None:
    twice = imported(TITLES + "7a,a@force.example,A,,,,,,,\n7A,b@force.example,A,,,,,,,\n")
    assert twice.answers[1].words == ("this person is on line 2 already",)
    both = imported(TITLES + "1,a@force.example,A,,,,,,,\n2,A@FORCE.example,B,,,,,,,\n")
    assert both.answers[1].words == ("A@FORCE.example belongs to somebody else",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_lists_of_several_systems_are_read(encoding: str) -> None:
    text = (
        "username;password;firstname;lastname;email;course1\r\njonest;verysecret;Zoë;Jones;jonest@force.example;m1\r\n"
    )
    report = imported(text.encode(encoding))
    person = User.objects.get()
    assert (person.service_number, person.name) == ("jonest", "Zoë Jones")
    assert not person.has_usable_password()
    assert report.unused == ("password", "course1")


def test_a_roster_with_identifiers_and_learners_is_read() -> None:
    imported(
        "sourcedId,enabledUser,role,username,givenName,familyName,identifier,email\n"
        "u1,TRUE,student,ionut,Ionuț,Popa,90001,ionut@force.example\n"
    )
    assert User.objects.get().service_number == "90001"
    assert not RoleHeld.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \n", "The file is empty"),
        (b"name,email\nA,a@force.example\n", "There is no column 'service_number'"),
        (b"service_number,email\n1,a@force.example\n", "There is no column 'name'"),
        (b"service_number,email,name\n\n,,\n", "titles and no people"),
        (b'service_number,email,name\n1,a@force.example,"A', "not a readable CSV file"),
        (b"\x81\x8d\xff", "neither UTF-8 nor Windows text"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(ListRefused, match=sentence):
        read_people(content)


def test_names_in_every_script_and_hostile_ones_are_kept_as_text() -> None:
    imported(TITLES + '1,a@force.example,ያቆብ ተስፋዬ,,,,,,,\n2,b@force.example,"<b>=cmd|\x00\n x</b>",,,,,,,\n')
    assert list(User.objects.order_by("service_number").values_list("name", flat=True)) == [
        "ያቆብ ተስፋዬ",
        "<b>=cmd| x</b>",
    ]


# --- The command ------------------------------------------------------------------------------------------------------


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_people", str(file), *options, stdout=out)
    return out.getvalue()


def test_the_command_answers_every_line_and_counts(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(TITLES.replace("active", "active,course1") + GOOD)
    dry = run(file, "--dry-run")
    assert "Line 2, 900431: new: posted to team-c; constable" in dry
    assert "2 new, 0 changed, 0 unchanged, 0 refused. Nothing was written: this was a dry run." in dry
    assert "Columns not used: course1." in dry
    assert not User.objects.exists()
    run(file)
    assert "0 new, 0 changed, 2 unchanged, 0 refused." in run(file)


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (None, 2, "cannot be read"),
        ("nonsense", 1, "There is no column 'service_number'"),
        (TITLES + "1,,A,,,,,,,\n", 1, "0 new, 0 changed, 0 unchanged, 1 refused. Nothing was written"),
    ],
)
def test_the_command_ends_with_a_status(tmp_path: Path, content: str | None, status: int, sentence: str) -> None:
    file = tmp_path / "people.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(file)
    assert refusal.value.returncode == status
