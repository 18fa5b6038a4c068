"""Everything held on me: one button, for oneself alone, as data, document and files; it expires."""

import io
import json
import zipfile
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.storage import storages
from django.db import transaction

from assessments.models import AttemptItem
from courses.models import ReflectionNote
from cpd_records.activities.evidence import attach_file
from cpd_records.evidence_files import CheckedFile
from cpd_records.ledger.entries import append_entry
from people import clock
from people.models import SubjectExport, WaitingWork
from people.subject_data import Held, parts_of
from tests.courses.factories import do_lessons, enrolled, release_with_test, sit
from tests.cpd_records.certificate_acts import text_of
from tests.cpd_records.cpd_acts import logged
from training_site.everything import (
    DELETING,
    KEPT_FOR,
    MAKING,
    ExportRefused,
    ask_for_everything,
    delete_everything,
    make_everything,
    open_everything,
    write_everything,
)

pytestmark = pytest.mark.django_db

PAGE = "/my/record/everything/"


@pytest.fixture
def olu(person):
    return person("Olu Demo")


def taken(officer):
    into = io.BytesIO()
    write_everything(officer, at=clock.now(), into=into)
    return zipfile.ZipFile(into)


def rows(pack, table):
    parts = json.loads(pack.read("everything.json"))["parts"]
    return [row for part in parts if part["table"] == table for row in part["rows"]]


def test_it_holds_what_every_app_holds_even_what_nobody_else_reads(olu):
    enrolment = enrolled(olu, release_with_test(), at=clock.now())
    ReflectionNote.objects.create(enrolment=enrolment, step="lesson-1", slot="r", text="My own words", at=clock.now())
    logged(olu, title="Talk about drones")
    with transaction.atomic():
        append_entry(officer=olu.public_id, kind="cpd_activity", subject="a", day=clock.today(), payload={"title": "x"})
    pack = taken(olu)
    assert rows(pack, "people.User")[0]["service_number"] == olu.service_number
    assert rows(pack, "courses.ReflectionNote")[0]["text"] == "My own words"
    assert rows(pack, "cpd_records.Activity")[0]["title"] == "Talk about drones"
    assert json.loads(rows(pack, "cpd_records.ReadablePart")[0]["payload"])["title"] == "x"
    words = text_of(pack.read("everything.pdf"))
    assert "My own words" in words
    with pikepdf.open(io.BytesIO(pack.read("everything.pdf"))) as document:
        assert document.Root.MarkInfo.Marked


def test_it_holds_nothing_of_anybody_else_and_no_password(olu, person):
    logged(person("Kit Demo"), title="Somebody else's")
    everything = taken(olu).read("everything.json").decode()
    assert "Somebody else's" not in everything
    assert olu.password not in everything


def test_answers_and_told_results_are_in_it_and_neither_keys_nor_withheld_marks(olu):
    enrolment = enrolled(olu, release_with_test(results="never", pass_percent=None), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    sit(enrolment, right=3, at=clock.now())
    pack = taken(olu)
    assert [row["response"] for row in rows(pack, "assessments.AttemptItem")][-1] == {"option": "b"}
    assert AttemptItem.objects.filter(fraction__isnull=False).exists()
    assert not any({"fraction", "score", "outcome"} & set(row) for row in rows(pack, "assessments.AttemptItem"))
    assert not any({"score", "outcome", "marked_at"} & set(row) for row in rows(pack, "assessments.Attempt"))
    assert rows(pack, "assessments.results") == []


def test_a_result_that_was_told_is_in_it(olu):
    enrolment = enrolled(olu, release_with_test(), at=clock.now())
    do_lessons(enrolment, at=clock.now())
    sit(enrolment, right=3, at=clock.now())
    assert [(row["outcome"], row["percent"]) for row in rows(taken(olu), "assessments.results")] == [("passed", 75)]


def test_files_come_with_it_under_names_of_their_own(olu):
    activity = logged(olu, title="Talk")
    for _twice in range(2):
        attach_file(
            activity,
            CheckedFile("notes.pdf", f"%PDF-1.7 {_twice}".encode(), ".pdf", "application/pdf"),
            by=olu,
            at=clock.now(),
        )
    pack = taken(olu)
    names = [name for name in pack.namelist() if name.startswith("files/")]
    assert len(names) == len({pack.read(name) for name in names}) == 2
    assert {name.rpartition("-")[2] for name in names} == {"notes.pdf"}


def test_it_is_asked_for_by_a_button_made_once_and_taken_from_the_page(client, olu):
    client.force_login(olu)
    assert "Put it together" in client.get(PAGE).content.decode()
    client.post(PAGE)
    client.post(PAGE)
    asked = SubjectExport.objects.get()
    assert WaitingWork.objects.filter(kind=MAKING, key=str(asked.pk)).exists()
    assert "is being put together" in client.get(PAGE).content.decode()
    make_everything(str(asked.pk))
    make_everything(str(asked.pk))
    answer = client.get(f"{PAGE}{asked.pk}.zip")
    assert "no-store" in answer["Cache-Control"]
    assert "everything.json" in zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()


def test_nobody_else_asks_for_it_or_takes_it(client, olu, person):
    other = person("Sys Demo", "system-admin")
    with pytest.raises(ExportRefused, match="handed to them alone"):
        ask_for_everything(olu, by=other, at=clock.now())
    asked = ask_for_everything(olu, by=olu, at=clock.now())
    make_everything(str(asked.pk))
    client.force_login(other)
    assert client.get(f"{PAGE}{asked.pk}.zip").status_code == 404


def test_its_file_is_deleted_when_its_days_are_over_and_the_page_says_so(client, olu):
    asked = ask_for_everything(olu, by=olu, at=clock.now())
    make_everything(str(asked.pk))
    due = WaitingWork.objects.get(kind=DELETING).due_at
    assert timedelta(0) <= due - SubjectExport.objects.get().made_at - KEPT_FOR < timedelta(seconds=1)
    path = SubjectExport.objects.get().path
    delete_everything(str(asked.pk))
    delete_everything(str(asked.pk))
    assert not storages["private"].exists(path)
    client.force_login(olu)
    assert "Deleted on" in client.get(PAGE).content.decode()
    assert "It was deleted" in client.get(f"{PAGE}{asked.pk}.zip", follow=True).content.decode()


def test_a_file_not_made_yet_or_gone_is_said_to_be(olu):
    asked = ask_for_everything(olu, by=olu, at=clock.now())
    with pytest.raises(ExportRefused, match="still being made"):
        open_everything(asked)
    make_everything(str(asked.pk))
    made = SubjectExport.objects.get()
    storages["private"].delete(made.path)
    with pytest.raises(ExportRefused, match="The file is gone"):
        open_everything(made)


def test_a_table_that_names_the_person_by_public_id_is_asked_by_it(olu):
    with transaction.atomic():
        append_entry(officer=olu.public_id, kind="cpd_activity", subject="a", day=clock.today(), payload={})
    part = next(parts_of([Held("cpd_records.ReadablePart", "officer", "Entries", by_public_id=True)], olu))
    assert [row["officer"] for row in part.rows] == [str(olu.public_id)]
