"""The certificates of a parade: made, left out with a reason, put into one file in order."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.storage import storages
from django.test import Client

from courses.models import Parade, ParadeFile, ParadeMember
from courses.parades import filing
from courses.parades.filing import FILE_WORK, let_go, make_file, open_file
from courses.parades.issuing import (
    MEMBER_WORK,
    ParadeRefused,
    go_on_without,
    make_anew,
    settle_member,
)
from courses.parades.looking import Outlook, look
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.models import TRAINING_RECORD, Certificate
from people import clock, work
from people.models import User, WaitingWork
from people.work import NotYet
from tests.courses.parades.acts import Person, asked, made, members, recruited, settle
from tests.cpd_records.certificate_acts import award, issue, issued, stored_bytes, text_of
from tests.training_site.erasures.acts import asked as erasure_asked
from tests.training_site.erasures.acts import carried_out

pytestmark = pytest.mark.django_db


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
        assert not {"/StructTreeRoot", "/MarkInfo", "/Metadata"} & set(document.Root.keys()), "paper claims no norm"
        assert not any("/StructParents" in page for page in document.pages)
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
    officers: list[User], ada: User, adas_client: Client
) -> None:
    first = issued(officers[0])
    issued(officers[1])
    parade = made(officers[:2], ada)
    old = parade.file.path  # type: ignore[attr-defined]
    suspend_certificate(first, by=ada, reason="Somebody else may have sat the test.", at=clock.now())

    with pytest.raises(ParadeRefused, match="not to be handed out any more"):
        open_file(parade, by=ada)
    address = f"/intakes/parades/{parade.pk}/"
    page = adas_client.get(address).content.decode()
    assert "Make the file anew without it" in page
    assert f"{officers[0].service_number}: The certificate is suspended" in page
    assert "Download the zip" not in page
    assert "The file is being made anew." in adas_client.post(f"{address}anew/", follow=True).content.decode()
    assert not ParadeFile.objects.exists()
    (again,) = WaitingWork.objects.filter(kind=FILE_WORK, key__contains="@")
    work.do_work(FILE_WORK, again.key)

    page = adas_client.get(address).content.decode()
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
