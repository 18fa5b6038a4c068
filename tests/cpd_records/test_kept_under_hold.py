"""What an officer deletes or changes of their own under a legal hold is kept out of their sight, and goes for good when it is lifted."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.utils import timezone

from cpd_records import activities
from cpd_records.activities.evidence import attach_file, remove_file
from cpd_records.activities.saving import Seen
from cpd_records.evidence_files import CheckedFile
from cpd_records.ledger.holds import lift_hold, place_hold
from cpd_records.ledger.kept_under_hold import LET_GO, KeptRefused, let_go, take_kept
from cpd_records.models import Activity, ActivityFile, KeptReading, KeptUnderHold, LegalHold, UnfinishedForm
from people import clock, work
from people.models import Look, User
from tests.cpd_records.cpd_acts import logged
from tests.factories import person
from tests.training_site.test_everything import taken

pytestmark = pytest.mark.django_db
PURPOSE = "Disclosure to the coroner"


@pytest.fixture
def dee() -> User:
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def olu() -> User:
    return person("Olu Demo")


def held(olu: User, dee: User) -> LegalHold:
    return place_hold(olu, reason="Inquest", by=dee, at=clock.now())


def lifted(hold: LegalHold, dee: User) -> None:
    lift_hold(hold, reason="The inquest is closed", by=dee, at=clock.now())
    while work.sweep_once():
        pass


def with_a_file(activity: Activity, content: bytes) -> ActivityFile:
    return attach_file(
        activity,
        CheckedFile("notes.pdf", content, ".pdf", "application/pdf"),
        by=activity.officer,
        at=clock.now(),
    )


def discarded(activity: Activity) -> None:
    activities.discard_activity(activity, by=activity.officer, at=clock.now())


def rewritten(activity: Activity, learned: str) -> None:
    seen = Seen(at=Activity.objects.get(pk=activity.pk).changed_at)
    activities.change_activity(
        activity,
        by=activity.officer,
        at=clock.now(),
        seen=seen,
        title=activity.title,
        kind=activity.kind,
        day=activity.day,
        minutes=activity.minutes,
        learned=learned,
    )


def an_unfinished_form(olu: User) -> UnfinishedForm:
    page = Seen(at=None, page=uuid4(), sequence=1)
    kept = activities.keep_unfinished(
        olu, token=uuid4(), fields={"learned": "Half a sentence"}, seen=page, at=clock.now()
    )
    assert kept is not None
    return kept


def pack_of(hold: LegalHold, by: User) -> zipfile.ZipFile:
    with take_kept(hold, purpose=PURPOSE, by=by, at=clock.now()) as made:
        return zipfile.ZipFile(io.BytesIO(made.read()))


def test_a_draft_deleted_under_a_hold_is_gone_for_its_officer_and_kept_whole(
    olu: User, dee: User, signed_in: Any
) -> None:
    draft = logged(olu, title="What happened that night", learned="Ask for backup.")
    file = with_a_file(draft, b"%PDF-1.7 of that night")
    hold = held(olu, dee)
    answer = signed_in(olu).post(f"/cpd/{draft.pk}/delete/", follow=True)

    assert "The draft is deleted." in answer.content.decode()
    assert "What happened that night" not in answer.content.decode()
    assert not Activity.objects.filter(pk=draft.pk).exists()
    (kept,) = KeptUnderHold.objects.of(hold)
    assert (kept.what, kept.about, kept.said["activity"]["learned"]) == ("draft", draft.pk, "Ask for backup.")
    pack = pack_of(hold, dee)
    (item,) = json.loads(pack.read("kept.json"))["kept"]
    assert item["activity"]["title"] == "What happened that night"
    assert [pack.read(name) for name in item["in_this_file"]] == [b"%PDF-1.7 of that night"]
    assert storages["private"].exists(file.path)


def test_a_file_taken_away_and_a_form_thrown_away_under_a_hold_are_kept_too(olu: User, dee: User) -> None:
    draft = logged(olu)
    file, form = with_a_file(draft, b"%PDF-1.7 taken away"), an_unfinished_form(olu)
    hold = held(olu, dee)
    remove_file(file, by=olu, at=clock.now())
    activities.throw_away(form, by=olu, at=clock.now())

    assert not draft.files.exists()  # type: ignore[attr-defined]
    assert not UnfinishedForm.objects.exists()
    assert [one.what for one in KeptUnderHold.objects.of(hold)] == ["file", "form"]
    pack = pack_of(hold, dee)
    first, second = json.loads(pack.read("kept.json"))["kept"]
    assert pack.read(first["in_this_file"][0]) == b"%PDF-1.7 taken away"
    assert second["form"]["fields"] == {"learned": "Half a sentence"}


def test_what_a_draft_said_when_the_hold_was_placed_is_kept_once_however_often_it_is_changed(
    olu: User, dee: User
) -> None:
    draft = logged(olu, learned="As it was.")
    hold = held(olu, dee)
    rewritten(draft, "Otherwise.")
    rewritten(draft, "Otherwise again.")
    seen = Seen(at=Activity.objects.get(pk=draft.pk).reflected_at)
    activities.write_reflection(draft, by=olu, at=clock.now(), seen=seen, reflection="New", helps="", competencies=())
    (kept,) = KeptUnderHold.objects.of(hold)
    assert (kept.what, kept.said["activity"]["learned"], kept.said["activity"]["reflection"]) == (
        "changed",
        "As it was.",
        "",
    )


def test_what_was_begun_after_the_hold_may_be_changed_and_is_kept_when_it_is_deleted(olu: User, dee: User) -> None:
    hold = held(olu, dee)
    draft = logged(olu)
    rewritten(draft, "Otherwise.")
    assert not KeptUnderHold.objects.exists()
    discarded(draft)
    assert [one.what for one in KeptUnderHold.objects.of(hold)] == ["draft"]


def test_without_a_hold_nothing_is_kept(olu: User, dee: User, django_capture_on_commit_callbacks: Any) -> None:
    draft = logged(olu)
    file = with_a_file(draft, b"%PDF-1.7 gone")
    form = an_unfinished_form(olu)
    rewritten(draft, "Otherwise.")
    with django_capture_on_commit_callbacks(execute=True):
        discarded(draft)
        activities.throw_away(form, by=olu, at=clock.now())
    assert not KeptUnderHold.objects.exists()
    assert not storages["private"].exists(file.path)


def test_when_the_hold_is_lifted_what_was_deleted_goes_for_good(olu: User, dee: User) -> None:
    draft = logged(olu)
    file = with_a_file(draft, b"%PDF-1.7 until lifted")
    hold = held(olu, dee)
    discarded(draft)
    lifted(hold, dee)
    assert not KeptUnderHold.objects.exists()
    assert not storages["private"].exists(file.path)
    let_go(f"{olu.public_id}@{hold.pk}")


def test_a_hold_placed_before_it_went_keeps_it_and_what_an_earlier_hold_kept_goes_with_the_later(
    olu: User, dee: User
) -> None:
    draft = logged(olu)
    first = held(olu, dee)
    discarded(draft)
    lift_hold(first, reason="Closed", by=dee, at=clock.now())
    second = held(olu, dee)
    let_go(f"{olu.public_id}@{first.pk}")
    assert KeptUnderHold.objects.of(second).count() == 1
    lifted(second, dee)
    assert not KeptUnderHold.objects.exists()


def test_a_process_killed_after_what_it_said_went_lets_the_files_go_the_next_time(
    olu: User, dee: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = logged(olu)
    file = with_a_file(draft, b"%PDF-1.7 killed")
    hold = held(olu, dee)
    discarded(draft)
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())

    class Killed(BaseException):
        pass

    def killed(path: str) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(storages["private"], "delete", killed)
        with pytest.raises(Killed):
            let_go(f"{olu.public_id}@{hold.pk}")
    (left,) = KeptUnderHold.objects.all()
    assert left.said == {}
    work.ask(LET_GO, f"{olu.public_id}@again")
    while work.sweep_once():
        pass
    assert not KeptUnderHold.objects.exists()
    assert not storages["private"].exists(file.path)


def test_the_database_lets_nothing_go_while_a_hold_stands_and_changes_nothing_that_is_kept(
    olu: User, dee: User
) -> None:
    hold = held(olu, dee)
    discarded(logged(olu))
    pack_of(hold, dee)
    for act in (
        lambda: KeptUnderHold.objects.update(let_go_at=timezone.now()),
        lambda: KeptUnderHold.objects.update(said={}),
        lambda: KeptUnderHold.objects.update(files=[{"path": "x", "name": "x"}], let_go_at=timezone.now()),
        lambda: KeptUnderHold.objects.all()._raw_delete("default"),
        lambda: KeptReading.objects.update(purpose="Another"),
        lambda: KeptReading.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    LegalHold.objects.update(ended_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptUnderHold.objects.all()._raw_delete("default")
    KeptUnderHold.objects.update(let_go_at=timezone.now(), said={})
    KeptUnderHold.objects.all().delete()


# --- Who reads it ------------------------------------------------------------------------------------------------------


def test_a_disclosure_officer_takes_it_along_on_the_page_and_purpose_and_reader_are_recorded(
    olu: User, dee: User, signed_in: Any
) -> None:
    hold = held(olu, dee)
    discarded(logged(olu, title="What happened that night"))
    desk, where = signed_in(dee), f"/evidence/holds/{hold.pk}/kept/"
    assert f'href="{where}"' in desk.get("/evidence/holds/").content.decode()
    page = desk.get(where).content.decode()
    assert "A draft of CPD that was deleted" in page
    assert "What happened that night" not in page, "what it says is in the file alone"
    answer = desk.post(where, {"purpose": PURPOSE})
    assert "kept.json" in zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    reading = KeptReading.objects.get()
    assert (reading.by, reading.purpose) == (dee, PURPOSE)
    assert PURPOSE in desk.get(where).content.decode()
    assert not Look.objects.filter(officer=olu).exists(), "a look would tell them of the hold"
    lift = desk.get(f"/evidence/holds/{hold.pk}/lift/").content.decode()
    assert "goes for good when the hold is lifted" in lift


def test_the_officer_is_told_nowhere(olu: User, dee: User) -> None:
    held(olu, dee)
    discarded(logged(olu, title="What happened that night"))
    assert "What happened that night" not in taken(olu).read("everything.json").decode()


@pytest.mark.parametrize("purpose", ["", " \n", "x" * 301])
def test_what_it_is_for_is_said(olu: User, dee: User, signed_in: Any, purpose: str) -> None:
    hold = held(olu, dee)
    discarded(logged(olu))
    with pytest.raises(KeptRefused, match="Say what it is for"):
        take_kept(hold, purpose=purpose, by=dee, at=clock.now())
    answer = signed_in(dee).post(f"/evidence/holds/{hold.pk}/kept/", {"purpose": purpose})
    assert answer.status_code == 422
    assert purpose.strip() in answer.content.decode()
    assert not KeptReading.objects.exists()


def test_where_nothing_is_kept_nothing_is_taken(olu: User, dee: User, signed_in: Any) -> None:
    hold = held(olu, dee)
    answer = signed_in(dee).post(f"/evidence/holds/{hold.pk}/kept/", {"purpose": PURPOSE})
    assert answer.status_code == 422
    assert "Nothing is kept" in answer.content.decode()


def test_an_auditor_reads_that_it_is_kept_and_who_took_it_and_takes_nothing(
    olu: User, dee: User, signed_in: Any
) -> None:
    hold = held(olu, dee)
    discarded(logged(olu))
    pack_of(hold, dee)
    desk, where = signed_in(person("Aud Demo", "auditor")), f"/evidence/holds/{hold.pk}/kept/"
    page = desk.get(where).content.decode()
    assert PURPOSE in page
    assert "Take it along" not in page
    assert desk.post(where, {"purpose": PURPOSE}).status_code == 403


def test_nobody_else_reads_it_and_nobody_their_own(olu: User, dee: User, signed_in: Any) -> None:
    hold = held(olu, dee)
    discarded(logged(olu))
    for role in ("auditor", "system-admin", "training-admin"):
        with pytest.raises(KeptRefused, match="Only a disclosure officer"):
            take_kept(hold, purpose=PURPOSE, by=person(role, role), at=clock.now())
    own = held(dee, person("Kit Demo", "disclosure-officer"))
    discarded(logged(dee))
    with pytest.raises(KeptRefused, match="of their own"):
        take_kept(own, purpose=PURPOSE, by=dee, at=clock.now())
    assert signed_in(dee).get(f"/evidence/holds/{own.pk}/kept/").status_code == 404
    assert signed_in(olu).get(f"/evidence/holds/{hold.pk}/kept/").status_code == 403
