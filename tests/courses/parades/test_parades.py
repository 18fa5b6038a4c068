"""A parade's certificates: looked at, made, left out with a reason, put into one file in order; and what a crash in between costs."""

from __future__ import annotations

import contextlib
import csv
import errno
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import Client

from courses.models import MemberState, Parade, ParadeFile, ParadeMember, ProgrammeRelease, Recruit
from courses.parades import filing, issuing
from courses.parades.filing import FILE_WORK, LET_GO_WORK, let_go, make_file, open_file
from courses.parades.issuing import (
    MEMBER_WORK,
    ParadeRefused,
    ask_for_parade,
    go_on_without,
    make_anew,
    settle_member,
)
from courses.parades.looking import Outlook, look, subjects
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.models import TRAINING_RECORD, Certificate
from people import clock, work
from people.models import Look, User, WaitingWork
from people.work import NotYet
from tests.courses.programmes.acts import release
from tests.cpd_records.certificate_acts import award, issue, issued, stored_bytes, text_of
from tests.training_site.erasures.acts import asked as erasure_asked
from tests.training_site.erasures.acts import carried_out

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
SUBJECT = "SPEC-110"
DAY = date(2026, 12, 4)


@pytest.fixture(autouse=True)
def _a_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the course be one that has come out: certificates know it by its code alone."""
    named = {TRAINING_RECORD: "Training records", SUBJECT: "SPEC-110: Stop and search"}
    monkeypatch.setattr(issuing, "subjects", lambda: named)


@pytest.fixture
def ada(person: Person) -> User:
    return person("Ada", "training-admin")


@pytest.fixture
def officers(person: Person) -> list[User]:
    return [person("Cy"), person("Alexandra Bell"), person("=Bo")]


def asked(officers: list[User], by: User, **given: Any) -> Parade:
    chosen = {"subject": SUBJECT, "shape": "zip", "day": DAY, **given}
    return ask_for_parade("Passing out of 26/07", officers, by=by, at=clock.now(), **chosen)


def settle(parade: Parade) -> None:
    for member in ParadeMember.objects.filter(parade=parade):
        settle_member(str(member.pk))


def made(officers: list[User], by: User, **given: Any) -> Parade:
    parade = asked(officers, by, **given)
    settle(parade)
    make_file(str(parade.pk))
    return Parade.objects.select_related("file").get(pk=parade.pk)


def recruited(officer: User, *, closed_at: datetime | None = None) -> Recruit:
    """Somebody on a programme, or who ended it then."""
    found = ProgrammeRelease.objects.first() or release()
    return Recruit.objects.create(
        officer=officer,
        release=found,
        began_on=DAY - timedelta(days=700),
        added_at=clock.now() - timedelta(days=600),
        closed_at=closed_at,
    )


def members(parade: Parade) -> list[tuple[int, str, str]]:
    rows = ParadeMember.objects.filter(parade=parade).order_by("position")
    return [(row.position, row.state, row.reason) for row in rows]


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_everybody_is_answered_before_anything_is_asked_for(officers: list[User], person: Person, ada: User) -> None:
    ready, being_made, revoked = officers
    issued(ready)
    award(being_made)
    revoke_certificate(issued(revoked), by=ada, approved_by=person("Second"), reason="The wrong person", at=clock.now())
    expired, none = person("Di"), person("Ed")
    issued(expired, valid_until=date(2026, 9, 2))
    lines = look(SUBJECT, [*officers, expired, none], on=DAY)
    assert [line.outlook for line in lines] == [
        Outlook.READY,
        Outlook.TO_MAKE,
        Outlook.LEFT_OUT,
        Outlook.LEFT_OUT,
        Outlook.LEFT_OUT,
    ]
    assert "withdrawn" in lines[2].words
    assert "ended on 2 September 2026" in lines[3].words
    assert "not completed" in lines[4].words
    assert not Parade.objects.exists()


def test_a_name_that_changed_since_is_told(officers: list[User]) -> None:
    officer = officers[1]
    issued(officer)
    officer.name = "Alexandra Bell-Osei"
    officer.save()
    (line,) = look(SUBJECT, [officer], on=DAY)
    assert "bears the name of its award: Alexandra Bell." in line.words


def test_a_look_takes_the_same_queries_for_two_and_for_many(
    officers: list[User], person: Person, django_assert_num_queries: Any
) -> None:
    for officer in officers:
        issued(officer)
    for many in (officers[:2], [*officers, *(person() for _ in range(10))]):
        with django_assert_num_queries(2):
            look(SUBJECT, many, on=DAY)


# --- Asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"subject": "NO-1"}, "subject", "Choose what is handed out"),
        ({"shape": "tar"}, "shape", "Choose a zip"),
    ],
)
def test_what_there_is_none_of_is_refused(
    officers: list[User], ada: User, given: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(ParadeRefused, match=sentence) as refused:
        asked(officers, ada, **given)
    assert refused.value.field == field


def test_a_parade_has_a_name_and_people_and_not_too_many(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ParadeRefused, match="Give the parade a name"):
        ask_for_parade(" ", officers, subject=SUBJECT, shape="zip", day=DAY, by=ada, at=clock.now())
    with pytest.raises(ParadeRefused, match="Nobody is on the list"):
        asked([], ada)
    monkeypatch.setattr(issuing, "MOST_PEOPLE", 2)
    with pytest.raises(ParadeRefused, match="3 people are on the list, and 2 fit"):
        asked(officers, ada)
    assert not Parade.objects.exists()


@pytest.mark.parametrize("role", ["trainer", "assessor", "auditor", "approver"])
def test_only_training_and_system_administrators_hand_out_many(
    officers: list[User], person: Person, ada: User, role: str
) -> None:
    somebody = person("Bo", role)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        asked(officers, somebody)
    parade = asked(officers, ada)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        go_on_without(parade, by=somebody)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        open_file(parade, by=somebody)
    assert not Parade.objects.visible_to(somebody).exists()


def test_everybody_on_the_list_reads_that_it_was_taken(officers: list[User], ada: User) -> None:
    asked(officers, ada)
    assert Look.objects.filter(officer__in=officers, where="Parade").count() == len(officers)


def test_there_is_a_row_of_waiting_work_for_each_and_one_for_the_file(officers: list[User], ada: User) -> None:
    parade = asked(officers, ada)
    assert WaitingWork.objects.filter(kind=MEMBER_WORK).count() == len(officers)
    assert WaitingWork.objects.filter(kind=FILE_WORK, key=str(parade.pk)).count() == 1


# --- Making -----------------------------------------------------------------------------------------------------------


def test_a_zip_holds_the_signed_certificates_in_the_order_of_the_list(officers: list[User], ada: User) -> None:
    certificates = [issued(officer) for officer in officers]
    parade = made(officers, ada)
    with open_file(parade, by=ada) as file, ZipFile(file) as archive:
        names = archive.namelist()
        assert names[:-1] == [
            f"{place:04}-{officer.service_number}-certificate-{certificate.code}.pdf"
            for place, (officer, certificate) in enumerate(zip(officers, certificates, strict=True), 1)
        ]
        for name, certificate in zip(names, certificates, strict=False):
            assert archive.read(name) == stored_bytes(certificate), "as issued, byte for byte"
        rows = list(csv.reader(io.StringIO(archive.read("list.csv").decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == [certificate.code for certificate in certificates]
    assert rows[3][2] == "'=Bo", "no spreadsheet takes a name for a formula"


def test_a_file_for_the_printer_has_a_page_for_each_in_order_and_no_signature(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "PAGES_AT_ONCE", 2)
    for officer in officers:
        issued(officer)
    parade = made(officers, ada, shape="print")
    with open_file(parade, by=ada) as file:
        content = file.read()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) == len(officers)
        assert "/AcroForm" not in document.Root
    text = text_of(content)
    assert text.index("Cy") < text.index("Alexandra Bell") < text.index("=Bo")


def test_whoever_has_none_is_left_out_with_the_reason(officers: list[User], ada: User) -> None:
    issued(officers[1])
    parade = made(officers, ada)
    states = members(parade)
    assert [state for _place, state, _reason in states] == ["left_out", "included", "left_out"]
    assert "not completed" in states[0][2]


def test_where_nobody_has_one_there_is_no_file(officers: list[User], ada: User) -> None:
    parade = made(officers, ada)
    assert ParadeFile.objects.get(parade=parade).path == ""
    with pytest.raises(ParadeRefused, match="There is no file here"):
        open_file(parade, by=ada)


def test_a_certificate_whose_file_is_being_made_is_waited_for(officers: list[User], ada: User) -> None:
    certificate = award(officers[0])
    parade = asked(officers[:1], ada)
    (member,) = ParadeMember.objects.filter(parade=parade)
    with pytest.raises(NotYet):
        settle_member(str(member.pk))
    with pytest.raises(NotYet):
        make_file(str(parade.pk))
    issue(certificate)
    settle_member(str(member.pk))
    make_file(str(parade.pk))
    assert members(parade) == [(1, "included", "")]


def test_training_records_are_made_of_recruits_alone(officers: list[User], ada: User) -> None:
    """Whoever is in no intake asks for their own, and nobody else does."""
    ended, long_ended = officers[1:]
    for officer in officers:
        issued(officer)
    recruited(officers[0])
    recruited(ended, closed_at=clock.now() - timedelta(days=300))
    recruited(long_ended, closed_at=clock.now() - timedelta(days=400))

    lines = look(TRAINING_RECORD, officers, on=clock.today())
    assert [line.outlook for line in lines] == [Outlook.TO_MAKE, Outlook.TO_MAKE, Outlook.LEFT_OUT]
    assert "They ask for their training record themselves" in lines[2].words
    parade = asked(officers, ada, subject=TRAINING_RECORD)
    for member in ParadeMember.objects.filter(parade=parade):
        with contextlib.suppress(NotYet):
            settle_member(str(member.pk))
    assert set(Certificate.objects.filter(subject=TRAINING_RECORD).values_list("officer", flat=True)) == {
        officers[0].pk,
        ended.pk,
    }
    assert "They ask for their training record themselves" in members(parade)[2][2]


def test_training_records_are_awarded_once_each_and_issued(officers: list[User], ada: User) -> None:
    for officer in officers:
        recruited(officer)
    for officer in officers[:2]:
        issued(officer)
    parade = asked(officers, ada, subject=TRAINING_RECORD)
    for _time in range(3):
        for member in ParadeMember.objects.filter(parade=parade):
            with contextlib.suppress(NotYet):
                settle_member(str(member.pk))
    records = Certificate.objects.filter(subject=TRAINING_RECORD)
    assert records.count() == 2, "once each, however often the work is done"
    for record in records:
        issue(record)
    settle(parade)
    make_file(str(parade.pk))
    assert [state for _place, state, _reason in members(parade)] == ["included", "included", "left_out"]
    assert members(parade)[2][2] == "Nothing is recorded about them yet, so there is no training record."


def test_the_others_are_handed_out_without_one_that_takes_too_long(officers: list[User], ada: User) -> None:
    issued(officers[0])
    award(officers[1])
    parade = asked(officers[:2], ada)
    for member in ParadeMember.objects.filter(parade=parade):
        work.do_work(MEMBER_WORK, str(member.pk))
    assert go_on_without(parade, by=ada) == 1
    make_file(str(parade.pk))
    assert [state for _place, state, _reason in members(parade)] == ["included", "left_out"]
    assert go_on_without(parade, by=ada) == 0


def test_an_altered_certificate_is_left_out_and_the_others_are_handed_out(officers: list[User], ada: User) -> None:
    first, second = issued(officers[0]), issued(officers[1])
    with storages["private"].open(first.file, "ab") as file:
        file.write(b"%")
    parade = made(officers[:2], ada)
    assert [state for _place, state, _reason in members(parade)] == ["left_out", "included"]
    assert "not the one we issued" in members(parade)[0][2]
    with open_file(parade, by=ada) as made_file, ZipFile(made_file) as archive:
        assert len(archive.namelist()) == 2
        assert second.code in archive.namelist()[0]


def test_a_certificate_withdrawn_while_others_are_waited_for_is_not_packed(officers: list[User], ada: User) -> None:
    first, second = issued(officers[0]), issued(officers[1])
    parade = asked(officers[:2], ada)
    settle(parade)
    suspend_certificate(first, by=ada, reason="Somebody else may have sat the test.", at=clock.now())

    make_file(str(parade.pk))

    assert members(parade)[0] == (1, "left_out", "The certificate is suspended while something is looked into.")
    kept = Parade.objects.select_related("file").get(pk=parade.pk)
    with open_file(kept, by=ada) as made_file, ZipFile(made_file) as archive:
        assert [name for name in archive.namelist() if name.endswith(".pdf")] == [
            f"0002-{officers[1].service_number}-{second.file_name}"
        ]


def test_a_file_that_holds_what_does_not_stand_any_more_is_made_anew_before_it_is_handed_out(
    officers: list[User], ada: User, browser: Client
) -> None:
    first = issued(officers[0])
    issued(officers[1])
    parade = made(officers[:2], ada)
    old = parade.file.path  # type: ignore[attr-defined]
    suspend_certificate(first, by=ada, reason="Somebody else may have sat the test.", at=clock.now())

    with pytest.raises(ParadeRefused, match="not to be handed out any more"):
        open_file(parade, by=ada)
    address = f"/intakes/parades/{parade.pk}/"
    page = browser.get(address).content.decode()
    assert "Make the file anew without it" in page
    assert f"{officers[0].service_number}: The certificate is suspended" in page
    assert "Download the zip" not in page
    assert "The file is being made anew." in browser.post(f"{address}anew/", follow=True).content.decode()
    assert not ParadeFile.objects.exists()
    (again,) = WaitingWork.objects.filter(kind=FILE_WORK, key__contains="@")
    work.do_work(FILE_WORK, again.key)

    page = browser.get(address).content.decode()
    assert "1 certificate," in page
    assert "suspended" in page, "who was left out, and why"
    kept = Parade.objects.select_related("file").get(pk=parade.pk)
    open_file(kept, by=ada).close()
    let_go(str(parade.pk))
    open_file(Parade.objects.select_related("file").get(pk=parade.pk), by=ada).close()
    assert kept.file.path != old  # type: ignore[attr-defined]
    let_go(again.key)
    assert ParadeFile.objects.get().path == ""


def test_the_file_goes_with_a_record_in_it_that_is_erased(officers: list[User], person: Person, ada: User) -> None:
    for officer in officers[:2]:
        issued(officer)
    parade = made(officers[:2], ada)
    path = parade.file.path  # type: ignore[attr-defined]
    dee, kit = person("Dee", "disclosure-officer"), person("Kit", "disclosure-officer")

    carried_out(erasure_asked(officers[0], dee, classes=["cpd"]), kit)

    assert not storages["private"].exists(path)
    assert [state for _place, state, _reason in members(parade)] == ["included"]
    with pytest.raises(ParadeRefused, match="There is no file here"):
        open_file(Parade.objects.select_related("file").get(pk=parade.pk), by=ada)


def test_only_those_who_hand_out_many_have_a_file_made_anew(officers: list[User], ada: User) -> None:
    parade = asked(officers, ada)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        make_anew(parade, by=officers[0])
    make_anew(parade, by=ada)
    assert not WaitingWork.objects.filter(kind=FILE_WORK, key__contains="@").exists(), "there was none to make again"


# --- Crashes ----------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nobody catches it."""


def crash(*_args: Any, **_given: Any) -> Any:
    raise Killed


def test_a_crash_between_any_two_steps_of_settling_awards_nothing_twice(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(officers[0])
    recruited(officers[0])
    parade = asked(officers[:1], ada, subject=TRAINING_RECORD)
    (member,) = ParadeMember.objects.filter(parade=parade)
    real = issuing.award_training_record
    with monkeypatch.context() as patched:
        patched.setattr(issuing, "award_training_record", crash)
        with pytest.raises(Killed), transaction.atomic():
            settle_member(str(member.pk))

    def award_then_crash(*args: Any, **given: Any) -> Any:
        real(*args, **given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(issuing, "award_training_record", award_then_crash)
        with pytest.raises(Killed), transaction.atomic():
            settle_member(str(member.pk))
    assert not Certificate.objects.filter(subject=TRAINING_RECORD).exists(), "what a crash interrupts is taken back"
    with pytest.raises(NotYet):
        settle_member(str(member.pk))
    issue(Certificate.objects.get(subject=TRAINING_RECORD))
    settle_member(str(member.pk))
    assert Certificate.objects.filter(subject=TRAINING_RECORD).count() == 1
    assert members(parade) == [(1, "included", "")]


@pytest.mark.parametrize("where", ["write_file", "after_storing"])
def test_a_crash_while_the_file_is_made_leaves_one_file_in_the_end(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    issued(officers[0])
    parade = asked(officers[:1], ada)
    settle(parade)
    with monkeypatch.context() as patched:
        if where == "write_file":
            patched.setattr(filing, "write_file", crash)
        else:
            patched.setattr(filing.ParadeFile.objects, "create", crash)
        with pytest.raises(Killed), transaction.atomic():
            make_file(str(parade.pk))
    assert not ParadeFile.objects.exists()
    make_file(str(parade.pk))
    make_file(str(parade.pk))
    _folders, files = storages["private"].listdir(f"parades/{str(parade.pk)[:2]}")
    assert files == [f"{parade.pk}.zip"]
    with open_file(Parade.objects.get(pk=parade.pk), by=ada) as file:
        assert ZipFile(file).testzip() is None


def test_a_full_disk_is_kept_on_the_row_and_tried_again(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued(officers[0])
    parade = asked(officers[:1], ada)
    settle(parade)

    def full(*_args: Any, **_given: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(type(storages["private"]), "save", full)
        assert work.do_work(FILE_WORK, str(parade.pk)) is False
    row = WaitingWork.objects.get(kind=FILE_WORK)
    assert (row.done_at, "No space left" in row.last_error) == (None, True)
    assert not ParadeFile.objects.exists()
    WaitingWork.objects.filter(pk=row.pk).update(due_at=clock.now())
    assert work.do_work(FILE_WORK, str(parade.pk)) is True
    assert ParadeFile.objects.filter(parade=parade).exclude(path="").exists()


def test_the_file_is_let_go_of_after_its_time_and_certificates_stay(officers: list[User], ada: User) -> None:
    certificate = issued(officers[0])
    parade = made(officers[:1], ada)
    row = WaitingWork.objects.get(kind=LET_GO_WORK)
    assert row.due_at - row.asked_at > timedelta(days=29)
    path = parade.file.path  # type: ignore[attr-defined]
    let_go(str(parade.pk))
    let_go(str(parade.pk))
    assert not storages["private"].exists(path)
    assert stored_bytes(certificate)
    with pytest.raises(ParadeRefused, match="Ask for the parade again"):
        open_file(Parade.objects.get(pk=parade.pk), by=ada)


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_file_that_is_not_the_one_made_is_not_handed_out(officers: list[User], ada: User, harm: str) -> None:
    issued(officers[0])
    parade = made(officers[:1], ada)
    path = parade.file.path  # type: ignore[attr-defined]
    if harm == "gone":
        storages["private"].delete(path)
    else:
        with storages["private"].open(path, "ab") as file:
            file.write(b"x")
    with pytest.raises(ParadeRefused, match="The file"):
        open_file(parade, by=ada)


def test_the_database_keeps_a_reason_for_each_left_out_and_a_certificate_for_each_included(
    officers: list[User], ada: User
) -> None:
    parade = asked(officers, ada)
    rows = ParadeMember.objects.filter(parade=parade)
    for state in (MemberState.INCLUDED, MemberState.LEFT_OUT):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state)


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(ada: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(ada)


def form(officers: list[User], **given: Any) -> dict[str, Any]:
    typed = {
        "title": "Passing out of 26/07",
        "day_day": 4,
        "day_month": 12,
        "day_year": 2026,
        "subject": TRAINING_RECORD,
        "intake": "",
        "numbers": "\n".join(officer.service_number for officer in officers),
        "shape": "zip",
        "do": "look",
    }
    return {**typed, **given}


def test_the_list_is_looked_at_and_then_asked_for_with_the_same_words(officers: list[User], browser: Client) -> None:
    for officer in officers:
        recruited(officer)
    answer = browser.post("/intakes/parades/new/", form(officers))
    assert answer.status_code == 200
    assert "3 of 3 would be in it" in answer.content.decode()
    assert not Parade.objects.exists()
    answer = browser.post("/intakes/parades/new/", form(officers, do="ask"))
    parade = Parade.objects.get()
    assert answer["Location"] == f"/intakes/parades/{parade.pk}/"
    assert [row.officer for row in parade.members.order_by("position")] == officers  # type: ignore[attr-defined]


def test_a_number_nobody_has_is_named_and_nothing_typed_is_lost(officers: list[User], browser: Client) -> None:
    answer = browser.post("/intakes/parades/new/", form(officers, numbers=f"{officers[0].service_number}\n000"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2, &#x27;000&#x27;, names nobody who is active" in page
    assert officers[0].service_number in page


def test_no_list_and_no_intake_is_refused_in_a_sentence(browser: Client) -> None:
    answer = browser.post("/intakes/parades/new/", form([]))
    assert answer.status_code == 422
    assert "Choose an intake, or write one service number" in answer.content.decode()


def test_the_page_says_how_far_it_is_who_is_left_out_and_hands_out_the_file(
    officers: list[User], ada: User, browser: Client
) -> None:
    issued(officers[1])
    parade = asked(officers, ada)
    address = f"/intakes/parades/{parade.pk}/"
    assert "0 of 3 are settled" in browser.get(address).content.decode()
    answer = browser.get(f"{address}file/", follow=True)
    assert "There is no file here" in answer.content.decode()
    settle(parade)
    make_file(str(parade.pk))
    page = browser.get(address).content.decode()
    assert "Download the zip" in page
    assert "not completed" in page
    answer = browser.get(f"{address}file/")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None  # type: ignore[attr-defined]


def test_the_page_goes_on_without_those_who_take_too_long(officers: list[User], ada: User, browser: Client) -> None:
    award(officers[0])
    parade = asked(officers[:1], ada)
    answer = browser.post(f"/intakes/parades/{parade.pk}/without/", follow=True)
    assert "Left out: 1" in answer.content.decode()


def test_subjects_are_courses_that_came_out_and_training_records() -> None:
    assert list(subjects()) == [TRAINING_RECORD]
