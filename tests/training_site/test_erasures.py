"""Erasures: two people, a ground and a reason; what is due goes and no more; a legal hold stops it anywhere; a kill loses nothing."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import Q
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from cpd_records import activities
from cpd_records.certificates.checking import answer_for_code, answer_for_file
from cpd_records.certificates.keys import signing_identity
from cpd_records.erasures import carrying_out
from cpd_records.erasures.asking import CARRY_OUT
from cpd_records.erasures.carrying_out import HeldBack, carry_out
from cpd_records.erasures.due import officers_with_something_due
from cpd_records.erasures.files import remove_file
from cpd_records.erasures.foreseeing import foresee
from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.holds import lift_hold, place_hold
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Activity,
    ActivityFile,
    Certificate,
    Erasure,
    ErasureDecision,
    ErasureGround,
    ErasurePiece,
    ErasureRequest,
    FileToRemove,
    ReadablePart,
)
from people import clock
from people.erasure_plans import retention_classes, years_before
from people.models import Look, User, WaitingWork
from tests import factories
from tests.cpd_records.certificate_acts import award
from tests.cpd_records.verifier_acts import failed_in, our_key, verifier
from tests.factories import person
from tests.training_site.erasure_acts import approved, asked, foreseen, leave, refused, worked_off
from training_site.erasing import ALL_PLANS, ALL_STAYS, carry_out_erasure
from training_site.held import ALL_HELD

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def dee() -> User:
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def kit() -> User:
    return person("Kit Demo", "disclosure-officer")


@pytest.fixture
def olu() -> User:
    return person("Olu Demo", unit=factories.unit("team"))


def entry_of(officer: User, day: date, kind: str = "imported", **more: Any) -> ReadablePart:
    said = {"title": f"On {day}", "reason": "Wrong day", "by": officer.public_id}
    with transaction.atomic():
        entry = append_entry(officer=officer.public_id, kind=kind, day=day, payload=said, **more)
    return ReadablePart.objects.get(entry=entry)


def an_activity(officer: User, day: date) -> Activity:
    activity = activities.log_activity(
        officer,
        title="A briefing",
        kind="briefing",
        day=TODAY,
        minutes=30,
        learned="Say so.",
        client_token=None,
        at=clock.now(),
    )
    Activity.objects.filter(pk=activity.pk).update(day=day)
    return activity


def long_ago(years: int, days: int = 0) -> date:
    return years_before(TODAY, years) - timedelta(days=days)


# --- Plans ------------------------------------------------------------------------------------------------------------


ROOTS = {(plan.model, plan.by) for plan in ALL_PLANS}
ALONG = {part.model for plan in ALL_PLANS for part in plan.parts}


@pytest.mark.parametrize("one", ALL_HELD, ids=lambda one: f"{one.model}.{one.by}")
def test_every_table_that_is_handed_over_has_a_plan_or_a_reason_to_stay(one: Any) -> None:
    way = (one.model, one.by)

    assert way in ROOTS or way in ALL_STAYS or one.model in ALONG, f"Add {one.model} to its app's erasing.py."


def test_nothing_stays_that_is_not_held() -> None:
    assert {(one.model, one.by) for one in ALL_HELD} >= set(ALL_STAYS)


@pytest.mark.parametrize("plan", ALL_PLANS, ids=lambda plan: f"{plan.model}.{plan.what}")
def test_every_plan_can_be_asked_of_its_table(plan: Any) -> None:
    assert plan.retention in retention_classes()
    columns = {field.name for field in plan.table._meta.concrete_fields}
    assert {*(way.split("__")[0] for way in plan.since), *plan.entries, *(plan.blanks or ())} <= columns
    for part in plan.parts:
        table = apps.get_model(part.model)
        assert str(table._base_manager.filter(Q(**{part.by: None}), part.only).query)
        assert {*(part.blanks or ()), *part.entries} <= {field.name for field in table._meta.concrete_fields}


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 60), st.integers(-2, 2))
@example(date(2028, 2, 29), 7, 0)
def test_a_period_has_ended_from_its_anniversary_on(on: date, years: int, days: int) -> None:
    last = years_before(on, years)
    since = last + timedelta(days=days)
    try:
        anniversary = since.replace(year=since.year + years)
    except ValueError:  # 29 February falls on 1 March
        anniversary = date(since.year + years, 3, 1)

    assert (since <= last) == (anniversary <= on)


# --- What goes --------------------------------------------------------------------------------------------------------


def test_what_is_due_goes_and_what_is_not_stays(olu: User, dee: User, kit: User) -> None:
    old, fresh = entry_of(olu, long_ago(7)), entry_of(olu, long_ago(7) + timedelta(days=1))
    gone, kept = an_activity(olu, long_ago(7, 3)), an_activity(olu, long_ago(6))

    request = approved(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    worked_off()

    assert {part.entry_id for part in ReadablePart.objects.exclude(kind="erasure")} == {fresh.entry_id}
    assert set(Activity.objects.all()) == {kept}
    answer = entries_of(olu.public_id)
    assert ([part.entry_id for part in answer.entries], answer.erased) == ([fresh.entry_id], 1)
    request.refresh_from_db()
    assert request.closed_at is not None
    assert Erasure.objects.get().entry_id == old.entry_id
    assert gone.pk not in {kept.pk}


def test_what_counts_from_the_end_of_service_waits_for_it(olu: User, dee: User, kit: User) -> None:
    def due(officer: User) -> int:
        return foreseen(officer, ground=ErasureGround.RETENTION, classes=["accreditation"]).count

    for who, last_day, expected in (
        (olu, None, 0),
        (person("Bo Demo"), long_ago(7) + timedelta(days=1), 0),
        (person("Cy Demo"), long_ago(7), 1),
    ):
        entry_of(who, long_ago(20), "qualification", subject="PPST")
        if last_day is not None:
            factories.posting(who, factories.unit(), since=long_ago(19))
            leave(who, last_day=last_day)
        assert due(who) == expected


def test_a_force_sets_its_own_years(olu: User, settings: Settings) -> None:
    entry_of(olu, long_ago(3))
    assert foreseen(olu, ground=ErasureGround.RETENTION).count == 0

    settings.RETENTION_YEARS = {**settings.RETENTION_YEARS, "cpd": 3}

    assert foreseen(olu, ground=ErasureGround.RETENTION).counts == {"cpd": 1}
    assert retention_classes()["cpd"].period == "3 years after the event"


def test_a_correction_goes_with_what_it_corrects(olu: User, dee: User, kit: User) -> None:
    old = entry_of(olu, long_ago(8))
    first = entry_of(olu, TODAY, "correction", corrects=old.entry_id)
    entry_of(olu, TODAY, "correction", corrects=first.entry_id)

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert {part.kind for part in ReadablePart.objects.all()} == {"erasure"}
    assert Erasure.objects.count() == 3


def test_an_entry_that_a_record_names_goes_with_that_record_and_not_before(olu: User, dee: User, kit: User) -> None:
    activity = an_activity(olu, long_ago(1))
    entry = entry_of(olu, long_ago(8), "cpd_activity")
    Activity.objects.filter(pk=activity.pk).update(state="verified", verifier=dee, entry=entry.entry_id)
    other = entry_of(olu, long_ago(9))
    assert foreseen(olu, ground=ErasureGround.RETENTION).count == 1

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert ReadablePart.objects.filter(entry=entry.entry_id).exists()
    assert Erasure.objects.get().entry_id == other.entry_id


def test_a_certificate_that_is_valid_keeps_its_entry_however_old(olu: User, dee: User, kit: User) -> None:
    kept = award(olu, awarded_on=long_ago(9))
    gone = award(olu, awarded_on=long_ago(9), valid_until=None, subject="SPEC-111")
    assert foreseen(olu, ground=ErasureGround.RETENTION).count == 1, "an entry goes with the record that names it"

    carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert set(Certificate.objects.exclude(title="")) == {kept}
    assert ReadablePart.objects.filter(entry=kept.entry_id).exists()
    assert not ReadablePart.objects.filter(entry=gone.entry_id).exists()


def test_a_certificate_answers_no_longer_held_and_still_proves_itself_offline(
    olu: User, dee: User, kit: User, signed_in: Any
) -> None:
    certificate = award(olu)
    seal_now()
    worked_off()
    certificate.refresh_from_db()
    assert storages["private"].exists(certificate.file)

    pdf = storages["private"].open(certificate.file, "rb").read()

    carried_out(asked(olu, dee, classes=["cpd"]), kit)
    seal_now()

    certificate.refresh_from_db()
    assert (certificate.title, certificate.subject) == ("", "")
    assert not storages["private"].exists(certificate.file)
    assert not ReadablePart.objects.filter(entry=certificate.entry_id).exists()
    for answer in (answer_for_code(certificate.code, on=TODAY), answer_for_file(pdf, on=TODAY)):
        assert answer.heading == "We no longer hold this record"
        assert answer.particulars is None
    # Whoever was given the file proves it without us, as before.
    signer = signing_identity().certificate
    checks = verifier.check_certificate(pdf, signer, [verifier.LedgerKey.parse(our_key())])
    assert failed_in(checks) == set()
    assert len(checks.checks) >= 5
    page = signed_in(dee).get(f"/certificates/{certificate.pk}/")
    assert "no longer held" in page.content.decode()


def test_title_and_subject_of_a_certificate_are_blanked_only_where_it_was_erased(olu: User) -> None:
    certificate = award(olu)
    seal_now()
    worked_off()
    for change in ({"title": "", "subject": ""}, {"title": "Another"}, {"file": "elsewhere"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=certificate.pk).update(**change)


def test_a_file_that_another_row_names_stays(olu: User, dee: User, kit: User) -> None:
    piece = opened_piece(olu, dee, kit)
    storage = storages["private"]
    for name in ("answers/one", "answers/two"):
        storage.save(name, ContentFile(b"x"))
    shared = {"piece": piece, "table": "cpd_records.ActivityFile", "column": "path", "asked_at": clock.now()}
    activity = an_activity(olu, TODAY)
    ActivityFile.objects.create(
        activity=activity, name="one", path="one", media_type="text/plain", size=1, sha256="1", added_at=clock.now()
    )
    one = FileToRemove.objects.create(path="answers/one", named="one", **shared)
    two = FileToRemove.objects.create(path="answers/two", named="two", **shared)

    for row in (one, two, two):
        remove_file(str(row.pk))

    assert storage.exists("answers/one")
    assert not storage.exists("answers/two")
    assert set(FileToRemove.objects.values_list("path", "named")) == {("", "")}
    storage.delete("answers/one")


def test_a_file_goes_after_its_row_and_by_a_row_that_waits(olu: User, dee: User, kit: User) -> None:
    activity = an_activity(olu, long_ago(8))
    path = storages["private"].save("evidence/x.txt", ContentFile(b"x"))
    ActivityFile.objects.create(
        activity=activity, name="x", path=path, media_type="text/plain", size=1, sha256="1", added_at=clock.now()
    )
    request = approved(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    carry_out_erasure(str(request.pk))

    assert not ActivityFile.objects.exists()
    assert storages["private"].exists(path)
    worked_off()
    assert not storages["private"].exists(path)


# --- Two people -------------------------------------------------------------------------------------------------------


def carried_out(request: ErasureRequest, by: User) -> ErasureRequest:
    approved(request, by)
    worked_off()
    request.refresh_from_db()
    return request


def opened_piece(officer: User, asker: User, approver: User) -> ErasurePiece:
    """Carry out an erasure of one entry, and return its piece."""
    entry_of(officer, long_ago(9))
    carried_out(asked(officer, asker, ground=ErasureGround.RETENTION, classes=["cpd"]), approver)
    return ErasurePiece.objects.get()


def test_one_asks_and_another_approves(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="Somebody else has to decide"):
        approved(request, dee)
    approved(request, kit)
    decision = ErasureDecision.objects.get()
    assert (decision.by, decision.foreseen) == (kit, {"cpd": 1})
    with pytest.raises(ErasureNotAllowed, match="decided already"):
        approved(request, person("Third", "disclosure-officer"))


def test_nobody_asks_or_decides_about_their_own(olu: User, dee: User, kit: User) -> None:
    entry_of(dee, long_ago(8))
    with pytest.raises(ErasureNotAllowed, match="their own records"):
        asked(dee, dee)
    request = asked(dee, kit)
    with pytest.raises(ErasureNotAllowed, match="their own records"):
        approved(request, dee)


@pytest.mark.parametrize("role", ["auditor", "training-admin", "system-admin", "supervisor"])
def test_nobody_without_the_duty_asks_or_decides(olu: User, dee: User, role: str) -> None:
    entry_of(olu, long_ago(8))
    other = person("Sam", role, unit=factories.unit("elsewhere"))
    with pytest.raises(ErasureNotAllowed, match="Disclosure officers ask"):
        asked(olu, other)
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="Disclosure officers ask"):
        approved(request, other)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 301}, "300 characters"),
        ({"ground": "whim"}, "on what ground"),
        ({"classes": []}, "at least one class"),
        ({"classes": ["cpd", "gossip"]}, "at least one class"),
        ({"foreseen": 0}, "Nothing of these classes would go"),
        ({"classes": ["service"], "foreseen": 3}, "who serves"),
    ],
)
def test_what_says_too_little_is_refused(olu: User, dee: User, given: dict[str, Any], sentence: str) -> None:
    entry_of(olu, long_ago(8))
    with pytest.raises(ErasureNotAllowed, match=sentence):
        asked(olu, dee, **given)
    assert not ErasureRequest.objects.exists()


def test_one_is_open_at_a_time_and_a_refused_one_takes_nothing(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="under way already"):
        asked(olu, kit)
    refused(request, kit)
    worked_off()
    assert not Erasure.objects.exists()
    asked(olu, kit)


def test_who_asked_who_decided_and_what_went_stays(olu: User, dee: User, kit: User) -> None:
    opened_piece(olu, dee, kit)
    for act in (
        lambda: ErasureRequest.objects.update(reason="Another"),
        lambda: ErasureRequest.objects.update(closed_at=None),
        lambda: ErasureDecision.objects.update(reason="Another"),
        lambda: ErasurePiece.objects.update(records=9),
        lambda: ErasurePiece.objects.update(closed_at=None),
        lambda: ErasureRequest.objects.all()._raw_delete("default"),
        lambda: ErasureDecision.objects.all()._raw_delete("default"),
        lambda: ErasurePiece.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- Legal holds ------------------------------------------------------------------------------------------------------


def test_a_hold_before_it_is_asked_refuses_it(olu: User, dee: User) -> None:
    entry_of(olu, long_ago(8))
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    assert foreseen(olu).is_held
    with pytest.raises(ErasureNotAllowed, match="A legal hold stands"):
        asked(olu, dee)


def test_a_hold_before_it_is_approved_refuses_that_but_not_a_refusal(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    with pytest.raises(ErasureNotAllowed, match="A legal hold stands"):
        approved(request, kit)
    refused(request, kit)


def test_a_hold_after_it_was_approved_stops_it_until_it_is_lifted(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)
    hold = place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    worked_off()
    with pytest.raises(HeldBack):
        carry_out(request.pk, ALL_PLANS)
    assert not Erasure.objects.exists()
    assert WaitingWork.objects.get(kind=CARRY_OUT).done_at is None

    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    carry_out_erasure(str(request.pk))
    assert Erasure.objects.exists()


def test_a_hold_between_two_pieces_keeps_what_is_left(olu: User, dee: User, kit: User, monkeypatch: Any) -> None:
    for days in range(3):
        entry_of(olu, long_ago(8, days))
    request = approved(asked(olu, dee), kit)
    monkeypatch.setattr(carrying_out, "RECORDS_AT_ONCE", 1)
    take = carrying_out._take

    def and_a_hold(*given: Any) -> None:
        take(*given)
        if ErasurePiece.objects.count() == 2:
            place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    monkeypatch.setattr(carrying_out, "_take", and_a_hold)
    with pytest.raises(HeldBack):
        carry_out(request.pk, ALL_PLANS)

    assert Erasure.objects.count() == 2
    assert ReadablePart.objects.exclude(kind="erasure").count() == 1


def test_the_database_opens_no_piece_but_for_an_approved_request_without_a_hold(
    olu: User, dee: User, kit: User
) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    given = {"request": request, "number": 7, "retention_class": "cpd", "what": "x", "at": clock.now()}
    with pytest.raises(DatabaseError, match="approved request"), transaction.atomic():
        ErasurePiece.objects.create(officer=olu, **given)
    approved(request, kit)
    with pytest.raises(DatabaseError, match="approved request"), transaction.atomic():
        ErasurePiece.objects.create(officer=kit, **given)
    hold = place_hold(olu, reason="Inquest", by=dee, at=clock.now())
    with pytest.raises(DatabaseError, match="no legal hold"), transaction.atomic():
        ErasurePiece.objects.create(officer=olu, **given)
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    ErasurePiece.objects.create(officer=olu, **given)


# --- Killed anywhere --------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


def statements(at: int) -> Any:
    """Return a wrapper of the database that ends the process before its statement number ``at``."""
    count = iter(range(10_000))

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(count) == at:
            raise Killed
        return execute(sql, params, many, context)

    return run


def test_killed_before_any_statement_it_is_done_once_when_it_is_tried_again(
    olu: User, dee: User, kit: User, monkeypatch: Any
) -> None:
    from django.db import connection

    monkeypatch.setattr(carrying_out, "RECORDS_AT_ONCE", 2)
    for days in range(3):
        entry_of(olu, long_ago(8, days))
        an_activity(olu, long_ago(8, days))
    request = approved(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    at, step = 0, 5
    while True:
        try:
            with connection.execute_wrapper(statements(at)):
                carry_out(request.pk, ALL_PLANS)
            break
        except Killed:
            at += step
    worked_off()

    assert at > 50, "it was killed in many places"
    assert Erasure.objects.count() == 3
    assert not Activity.objects.exists()
    pieces = ErasurePiece.objects.all()
    assert all(piece.closed_at for piece in pieces)
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    assert sum(piece.records for piece in pieces if piece.what == "CPD activities") == 3
    carry_out(request.pk, ALL_PLANS)
    assert ErasurePiece.objects.count() == len(pieces), "once it has ended nothing is done"


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_one_asks_on_the_page_and_another_approves_there(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    desk, other = signed_in(dee), signed_in(kit)

    answer = desk.post("/evidence/erasures/", {"who": olu.service_number})
    about = f"/evidence/erasures/about/{olu.public_id}/"
    assert answer["Location"] == about
    page = desk.get(about)
    assert "Courses, results and CPD" in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    sent = {"ground": "retention", "classes": ["cpd"], "reason": "Seven years have passed"}
    answer = desk.post(about, sent)
    request = ErasureRequest.objects.get()
    where = f"/evidence/erasures/{request.pk}/"
    assert answer["Location"] == where
    assert "Another disclosure officer decides" in desk.get(where).content.decode()
    assert "Approve and erase" not in desk.get(where).content.decode()

    assert "Approve and erase" in other.get(where).content.decode()
    assert other.post(where, {"reason": "", "decision": "approve"}).status_code == 422
    assert other.post(where, {"reason": "Checked", "decision": "approve"})["Location"] == where
    worked_off()
    page = other.get(where).content.decode()
    assert "What went" in page
    assert "Other entries of the ledger" in page
    assert Look.objects.filter(officer=olu, where="Erasures").count() == 2


def test_what_was_typed_comes_back_with_a_sentence(olu: User, dee: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    about = f"/evidence/erasures/about/{olu.public_id}/"
    desk = signed_in(dee)

    answer = desk.post(about, {"ground": "retention", "reason": "Seven years"})
    assert answer.status_code == 422
    assert "Choose at least one class" in answer.content.decode()
    assert "Seven years" in answer.content.decode()
    assert "Nobody is known by that" in desk.post("/evidence/erasures/", {"who": "999999"}).content.decode()
    assert "their own records" in desk.post("/evidence/erasures/", {"who": dee.email}).content.decode()
    assert desk.get(f"/evidence/erasures/about/{dee.public_id}/").status_code == 404


def test_nobody_sees_an_erasure_of_their_own(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(dee, long_ago(8))
    request = asked(dee, kit)

    assert signed_in(dee).get(f"/evidence/erasures/{request.pk}/").status_code == 404
    assert dee.name not in signed_in(dee).get("/evidence/erasures/").content.decode().replace(
        dee.get_short_name(), "", 3
    )


# --- What is due ------------------------------------------------------------------------------------------------------


def due(*given: str) -> dict[str, Any]:
    said = io.StringIO()
    call_command("due_for_disposal", "--json", *given, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_the_list_names_whose_records_are_due_by_class_and_changes_nothing(olu: User, dee: User) -> None:
    entry_of(olu, long_ago(8))
    an_activity(olu, long_ago(7))
    entry_of(dee, long_ago(6))
    gone = person("Cy Demo")
    factories.posting(gone, factories.unit(), since=long_ago(19))
    leave(gone, last_day=long_ago(8))
    entry_of(gone, TODAY, "qualification", subject="PPST")
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    found = due()

    assert [(one["service_number"], one["held"], one["due"].get("cpd")) for one in found["people"]] == [
        (olu.service_number, True, 2),
        (gone.service_number, False, None),
    ]
    assert found["people"][1]["due"]["accreditation"] == 1
    assert found["candidates"] == 2
    assert ReadablePart.objects.count() == 3
    assert len(due("--limit", "1")["people"]) == 1
    assert due("--on", "2000-01-01") == {"on": "2000-01-01", "candidates": 0, "people": []}


def test_whoever_the_list_names_is_whoever_has_something_due(olu: User) -> None:
    """The statements for everybody find those whom the statements for one find."""
    people = [olu, person("Bo Demo"), person("Cy Demo")]
    for place, one in enumerate(people):
        factories.posting(one, factories.unit(), since=long_ago(19)) if place else None
        for years in (1, 2, 6, 8):
            an_activity(one, long_ago(years + place))
            entry_of(one, long_ago(years + place), "qualification", subject="PPST")
    leave(people[2], last_day=long_ago(7))

    for on in (TODAY, long_ago(1), long_ago(6), long_ago(20)):
        having = {one.pk for one in people if foresee(one, ALL_PLANS, ground=ErasureGround.RETENTION, on=on).count}
        assert set(officers_with_something_due(ALL_PLANS, on=on)) == having


@pytest.mark.parametrize("given", [("--on", "tomorrow"), ("--limit", "0")])
def test_the_list_refuses_what_it_cannot_read(given: tuple[str, str]) -> None:
    with pytest.raises(CommandError) as refusal:
        due(*given)
    assert refusal.value.returncode == 2


def test_the_list_reads_as_lines(olu: User, capsys: Any) -> None:
    call_command("due_for_disposal")
    assert "Nothing is due" in capsys.readouterr().out
    entry_of(olu, long_ago(8))
    call_command("due_for_disposal")
    assert f"{olu.service_number}: Courses, results and CPD 1" in capsys.readouterr().out
