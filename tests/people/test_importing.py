"""Importing people: every line answered, all or nothing, the same list twice changes nothing."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import access
from people.importing.at_once import check_at_once, import_at_once
from people.importing.people_kind import PEOPLE
from people.models import FileImport, Posting, RoleHeld, User
from people.postings import posting_of
from people.roles import end_role
from people.tables.rows import TableRefused
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


def imported(text: str | bytes, *, by: Any = None, on: date = DAY, dry_run: bool = False, **more: Any) -> Any:
    file = BytesIO(text.encode() if isinstance(text, str) else text)
    if dry_run:
        return check_at_once(PEOPLE, file, by=by, on=on, **more)
    return import_at_once(PEOPLE, file, name="people.csv", by=by, on=on, **more)[1]


def refusal(line: str) -> str:
    """Return why a single line is refused."""
    report = imported(TITLES + line)
    assert report.answers[0].verdict == "refused", report.answers
    assert not report.written
    return report.answers[0].why


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
    writes = {
        query["sql"].split('"')[1] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    }
    assert writes <= {"people_fileimport", "people_importanswer"}


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
    assert report.answers[0].why == "e-mail address; name; may not sign in; posted to team-d; sergeant"
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
    assert refusal("900431,,,,,team-d,,,2026-11-20,\n") == (
        "posted to team-c from 22 November 2026 already, so a posting from 20 November 2026 would overlap it. "
        "Give a later day, or correct the posting on the person's page"
    )


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
        ("1,a@force.example,A,,,,,,,perhaps", "active: 'perhaps' is neither yes nor no"),
    ],
)
def test_a_wrong_line_is_refused_with_its_reason(line: str, reason: str) -> None:
    assert reason in refusal(line + "\n")


# --- What the past has to say -----------------------------------------------------------------------------------------

LEAVER = "service_number,email,name,unit,since,last_day,role,active\n"


def test_an_officer_who_left_and_comes_back_is_the_same_person_with_a_new_posting() -> None:
    imported(TITLES + GOOD)
    bell = User.objects.get(service_number="900431")
    left = imported(LEAVER + "900431,,,,,2026-12-31,,\n", on=date(2027, 1, 4))
    assert left.answers[0].why == "left on 31 December 2026"
    bell.refresh_from_db()
    assert not bell.is_active
    assert posting_of(bell, on=date(2026, 12, 31)) is not None
    assert posting_of(bell, on=date(2027, 1, 1)) is None

    back = imported(LEAVER + "900431,,,team-c,2028-03-01,,,\n", on=date(2028, 3, 1))
    assert back.answers[0].why == "posted to team-c; back, and may sign in again"
    again = User.objects.get(service_number="900431")
    assert (again.pk, again.public_id, again.is_active) == (bell.pk, bell.public_id, True)
    assert again.postings.known().filter(is_void=False).count() == 2
    # the list that once said they left changes nothing of what came after
    assert imported(LEAVER + "900431,,,,,2026-12-31,,\n", on=date(2028, 3, 2)).answers[0].verdict == "unchanged"


def test_whoever_comes_back_later_may_not_sign_in_before() -> None:
    imported(TITLES + GOOD)
    imported(LEAVER + "900431,,,,,2026-11-30,,\n", on=date(2026, 12, 4))
    report = imported(LEAVER + "900431,,,team-c,2027-02-01,,,\n", on=date(2027, 1, 4))
    assert report.answers[0].why == "posted to team-c; may not sign in yet: import the list again on 1 February 2027"
    assert not User.objects.get(service_number="900431").is_active


def test_somebody_suspended_stays_suspended_when_the_list_moves_them() -> None:
    factories.unit("team-d")
    imported(TITLES + GOOD + "900433,c@force.example,Cy,,,team-c,,,,no\n")
    assert imported(TITLES + "900433,,,,,team-d,,,2026-12-01,\n").answers[0].why == "posted to team-d"
    assert not User.objects.get(service_number="900433").is_active


def test_leaving_ends_roles_as_well_and_a_last_day_to_come_leaves_the_sign_in_open() -> None:
    imported(TITLES + GOOD)
    report = imported(LEAVER + "900432,,,,,2026-12-31,,\n")
    assert report.answers[0].why == "left on 31 December 2026"
    webb = User.objects.get(service_number="900432")
    assert webb.is_active
    assert access.has_role(webb, "trainer", on=date(2026, 12, 31))
    assert not access.roles(webb, on=date(2027, 1, 1))


def test_a_role_that_ended_yesterday_is_granted_again_from_a_later_day_and_not_over_the_old_one() -> None:
    imported(TITLES + GOOD)
    held = RoleHeld.objects.get(role__code="trainer")
    end_role(held, by=None, last_day=date(2026, 11, 24))
    tomorrow, line = date(2026, 11, 25), "900432,,,,,,,trainer:ethics,{},\n"
    early = imported(TITLES + line.format("2026-11-20"), on=tomorrow)
    assert early.answers[0].why == (
        "the role trainer ended on 24 November 2026. To grant it again give a day after that, not 20 November 2026"
    )
    again = imported(TITLES + line.format(""), on=tomorrow)
    assert again.answers[0].why == "role trainer again, after it ended on 24 November 2026"
    assert imported(TITLES + line.format(""), on=tomorrow).answers[0].verdict == "unchanged"


def test_a_role_or_rank_that_begins_later_is_not_overlapped() -> None:
    imported(TITLES + "900431,a@force.example,A,,sergeant,,,trainer:ethics,2026-12-01,\n")
    assert refusal("900431,,,,,,,trainer:ethics,,\n") == (
        "the role trainer is recorded from 1 December 2026 already. Give that day, or a later one"
    )
    assert "another rank is recorded from 1 December 2026, so constable from 22 November 2026" in refusal(
        "900431,,,,constable,,,,,\n"
    )


def test_people_who_would_supervise_each_other_are_refused(unit: Any) -> None:
    division = factories.unit("division", parent=unit)
    assert division
    lines = (
        "1,a@force.example,A,,,team-c,,supervisor:division,,\n",
        "2,b@force.example,B,,,division,,supervisor:team-c,,\n",
    )
    for report in (imported(TITLES + "".join(lines)), imported(TITLES + "".join(lines), dry_run=True)):
        assert [answer.verdict for answer in report.answers] == ["new", "refused"]
        assert report.answers[1].why == (
            "2 would supervise 1, who supervises them. Post one of them elsewhere, or leave out the role"
        )
    assert imported(TITLES + lines[0]).written
    assert "2 would supervise 1" in refusal(lines[1])


def test_a_longer_loop_is_refused_and_two_sergeants_of_one_team_are_not() -> None:
    for code in ("a", "b", "c"):
        factories.unit(code)
    loop = [
        f"{n},{n}@force.example,N,,,{at},,supervisor:{over},,"
        for n, at, over in ((1, "a", "b"), (2, "b", "c"), (3, "c", "a"))
    ]
    report = imported(TITLES + "\n".join(loop) + "\n")
    assert [answer.verdict for answer in report.answers] == ["new", "new", "refused"]
    pair = "4,d@force.example,D,,,team-c,,supervisor,,\n5,e@force.example,E,,,team-c,,supervisor,,\n"
    assert imported(TITLES + pair).written


# --- Who imports ------------------------------------------------------------------------------------------------------


def test_a_training_administrator_imports_people_and_duties_but_no_role_of_this_service() -> None:
    admin = factories.person("Training", "training-admin")
    report = imported(TITLES + "1,a@force.example,A,,constable,team-c,,taser-officer,,\n", by=admin)
    assert report.answers[0].why == "posted to team-c; constable; role taser-officer"
    report = imported(TITLES + "2,b@force.example,B,,,,,system-admin,,\n", by=admin)
    assert report.answers[0].why == (
        "only a system administrator grants the role system-admin. Leave it out, or ask one to import"
    )
    system = factories.person("System", "system-admin")
    assert imported(TITLES + "2,b@force.example,B,,,,,trainer:ethics,,\n", by=system).written


def test_a_training_administrator_changes_no_address_of_somebody_with_a_role_of_this_service() -> None:
    admin, target = factories.person("Training", "training-admin"), factories.person("Target", "system-admin")
    number = target.service_number
    for line in (f"{number},mine@force.example,,,,,,,,\n", f"{number},,,,,,,,,no\n"):
        report = imported(TITLES + line, by=admin)
        assert report.answers[0].why == (
            "this person holds the role system-admin, so only a system administrator changes how they sign in or ends it"
        )
    assert imported(LEAVER + f"{number},,,,,2026-11-20,,\n", by=admin).is_refused
    assert imported(TITLES + f"{number},,Target Bell,,,,,,,\n", by=admin).written


def test_nobody_imports_changes_about_themselves() -> None:
    admin = factories.person("System", "system-admin")
    own = f"{admin.service_number},,,,,,,trainer:ethics,,\n"
    report = imported(TITLES + own, by=admin)
    assert report.answers[0].why == (
        "this line is about you, and nobody imports changes about themselves. Ask another administrator"
    )
    # a list of the whole force may name whoever imports it, as they are
    assert imported(TITLES + f"{admin.service_number},{admin.email},,,,,,,,\n" + GOOD, by=admin).written


# --- All or nothing, or the good lines ----------------------------------------------------------------------------------


def test_good_lines_are_written_where_that_is_chosen() -> None:
    report = imported(TITLES + GOOD + "900433,no-address,Nobody,,,,,,,\n", all_or_nothing=False)
    assert [answer.verdict for answer in report.answers] == ["new", "new", "refused"]
    assert report.written
    assert User.objects.count() == 2


def test_a_title_is_mapped_by_hand_and_remembered_for_the_same_titles() -> None:
    text = "Nummer,Adresse,Wer,Note\n900431,a@force.example,Ada Bell,x\n"
    with pytest.raises(TableRefused, match="There is no column 'service_number'"):
        imported(text)
    pairs = ["Nummer=service_number", "Adresse=E-mail address", "Wer=name"]
    assert imported(text, pairs=pairs, dry_run=True).unused == ("Note",)
    with pytest.raises(TableRefused, match="There is no column 'service_number'"):
        imported(text)  # a dry run remembers nothing
    assert imported(text, pairs=pairs).written
    assert imported("Note,Wer,Adresse,Nummer\ny,Bo,b@force.example,2\n").written


def test_what_a_title_is_said_to_mean_must_exist() -> None:
    for pairs, sentence in (
        (["Nummer"], "'Nummer' does not say which column is what: write it as Title=column."),
        (["Nummer=email"], "There is no column 'Nummer' in the list. Its titles: service_number"),
        (["email=telephone"], "There is no column 'telephone' to import into. Ours are: service_number"),
    ):
        with pytest.raises(TableRefused) as refused:
            imported(TITLES + GOOD, pairs=pairs)
        assert sentence in str(refused.value)


def test_an_import_by_a_command_stands_in_the_list_of_imports() -> None:
    imported(TITLES + GOOD)
    imported(TITLES + GOOD + "x\n")
    assert list(FileImport.objects.order_by("pk").values_list("state", "by", "total")) == [
        ("done", None, 2),
        ("refused", None, 3),
    ]


def test_nobody_is_twice_in_a_list_and_no_address_belongs_to_two() -> None:
    twice = imported(TITLES + "7a,a@force.example,A,,,,,,,\n7A,b@force.example,A,,,,,,,\n")
    assert twice.answers[1].why == "this person is on line 2 already"
    both = imported(TITLES + "1,a@force.example,A,,,,,,,\n2,A@FORCE.example,B,,,,,,,\n")
    assert both.answers[1].why == "A@FORCE.example belongs to somebody else"


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
        (b"name,email\nA,a@force.example\n", "There is no column 'service_number'"),
        (b"service_number,email\n1,a@force.example\n", "There is no column 'name'"),
        (b"service_number,email,name\n\n,,\n", "titles and no people"),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_by_a_sentence(content: bytes, sentence: str) -> None:
    for dry_run in (True, False):
        with pytest.raises(TableRefused, match=sentence):
            imported(content, dry_run=dry_run)


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


def test_the_command_answers_in_json(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(TITLES + GOOD + "900433,,Nobody,,,,,,,\n")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_people", str(file), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert (answer["ok"], answer["written"], answer["counts"]["refused"]) == (False, False, 1)
    assert answer["lines"][2] == {
        "line": 4,
        "who": "900433",
        "verdict": "refused",
        "why": "the e-mail address is missing",
    }
    out = StringIO()
    call_command("import_people", str(file), "--json", "--good-lines", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["written"]) == (True, True)
    file.write_text("nonsense\nx\n")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_people", str(file), "--json", stdout=out)
    assert "There is no column 'service_number'" in json.loads(out.getvalue())["sentence"]


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (None, 2, "cannot be read"),
        ("nonsense\nx\n", 1, "There is no column 'service_number'"),
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
