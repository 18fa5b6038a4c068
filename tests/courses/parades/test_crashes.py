"""What a crash, a full disk or an altered file costs a parade: nothing that was made, and nothing twice."""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction

from courses.models import MemberState, Parade, ParadeFile, ParadeMember
from courses.parades import filing, issuing
from courses.parades.filing import FILE_WORK, LET_GO_WORK, let_go, make_file, open_file
from courses.parades.issuing import (
    ParadeRefused,
    settle_member,
)
from cpd_records.models import TRAINING_RECORD, Certificate
from people import clock, work
from people.models import User, WaitingWork
from people.work import NotYet
from tests.courses.parades.acts import asked, made, members, recruited, settle
from tests.cpd_records.certificate_acts import issue, issued, stored_bytes

pytestmark = pytest.mark.django_db


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
