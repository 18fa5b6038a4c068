"""What is due goes with what hangs on it, and nothing else does; files after their rows; certificates keep their code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from pytest_django import Settings

from cpd_records.certificates.checking import answer_for_code, answer_for_file
from cpd_records.certificates.keys import signing_identity
from cpd_records.erasures import carrying_out
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.erasures.due import count_due
from cpd_records.erasures.files import remove_file
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Activity,
    ActivityFile,
    Certificate,
    Erasure,
    ErasureGround,
    FileToRemove,
    ReadablePart,
)
from people import clock
from people.erasing import ERASED_NAME
from people.erasure_plans import retention_classes
from people.models import Posting, User
from tests import factories
from tests.cpd_records.certificate_acts import award
from tests.cpd_records.verifier_acts import failed_in, our_key, verifier
from tests.factories import person
from tests.training_site.erasures.acts import (
    TODAY,
    an_activity,
    approved,
    asked,
    carried_out,
    entry_of,
    foreseen,
    leave,
    long_ago,
    opened_piece,
    worked_off,
)
from training_site.erasing import ALL_PLANS, carry_out_erasure

pytestmark = pytest.mark.django_db


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
    checks = verifier.check_certificate(pdf, [signer], [verifier.LedgerKey.parse(our_key())])
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


def test_what_counts_from_the_end_of_service_goes_though_the_postings_that_said_it_went_first(
    dee: User, kit: User
) -> None:
    cy = person("Cy Demo")
    factories.posting(cy, factories.unit(), since=long_ago(19))
    entry_of(cy, long_ago(10), "qualification", subject="PPST")
    leave(cy, last_day=long_ago(8))

    carried_out(asked(cy, dee, ground=ErasureGround.RETENTION, classes=["service"]), kit)
    cy.refresh_from_db()
    assert cy.name == ERASED_NAME
    assert foreseen(cy, ground=ErasureGround.RETENTION).counts == {"accreditation": 1}
    assert count_due(ALL_PLANS, on=TODAY) == {cy.pk: {"accreditation": 1}}

    carried_out(asked(cy, dee, ground=ErasureGround.RETENTION, classes=["accreditation"]), kit)
    assert not ReadablePart.objects.exclude(kind="erasure").exists()


def test_killed_after_the_postings_went_the_rest_of_the_service_record_goes_too(
    dee: User, kit: User, monkeypatch: Any
) -> None:
    cy = person("Cy Demo")
    factories.posting(cy, factories.unit(), since=long_ago(19))
    leave(cy, last_day=long_ago(8))
    request = approved(asked(cy, dee, ground=ErasureGround.RETENTION, classes=["service"]), kit)
    take = carrying_out._take

    def and_killed(*given: Any) -> None:
        if given[2].model == "people.User":
            raise KeyboardInterrupt
        take(*given)

    monkeypatch.setattr(carrying_out, "_take", and_killed)
    with pytest.raises(KeyboardInterrupt):
        carry_out(request.pk, ALL_PLANS)
    assert not Posting.objects.filter(officer=cy).exists()
    monkeypatch.undo()

    carry_out(request.pk, ALL_PLANS)
    cy.refresh_from_db()
    assert cy.name == ERASED_NAME


def test_the_service_record_of_who_came_back_stays(dee: User, kit: User) -> None:
    cy = person("Cy Demo")
    factories.posting(cy, factories.unit(), since=long_ago(19))
    leave(cy, last_day=long_ago(8))
    request = approved(asked(cy, dee, ground=ErasureGround.RETENTION, classes=["service"]), kit)
    factories.posting(cy, factories.unit(), since=TODAY)

    carry_out(request.pk, ALL_PLANS)
    cy.refresh_from_db()
    assert cy.name == "Cy Demo"
    assert Posting.objects.filter(officer=cy).count() >= 2


def test_of_whom_no_posting_is_known_nothing_is_due_by_the_end_of_service(dee: User) -> None:
    cy = person("Cy Demo", is_active=False)
    User.objects.filter(pk=cy.pk).update(joined_at=clock.now() - timedelta(days=9000))
    assert foreseen(cy, ground=ErasureGround.RETENTION, classes=["service"]).count == 0
    assert count_due(ALL_PLANS, on=TODAY) == {}
