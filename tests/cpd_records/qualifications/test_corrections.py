"""An award is corrected, taken back from a day on, or declared never true: entries that name it; and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cpd_records.currency import currency_of
from cpd_records.models import EntryKind, ReadablePart
from cpd_records.qualifications.corrections import NO_SUCH_AWARD, correct_award, void_award, withdraw_award
from cpd_records.qualifications.refusals import NotYours, QualificationRefused
from people import clock
from people.models import User
from tests.cpd_records.currency.acts import award
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db


def verdict(officer: User, code: str = "FALP") -> str:
    (found,) = [one for one in currency_of(officer, on=clock.today()).qualifications if one.code == code]
    return found.verdict.value


def test_a_correction_names_the_award_its_reason_and_its_author(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    earlier = clock.today() - timedelta(days=400)
    corrected = correct_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="A year too late.",
        day=earlier,
        minutes=60,
        valid_until=None,
    )
    part = ReadablePart.objects.get(entry=corrected)
    assert (part.kind, part.corrects, part.day) == (EntryKind.CORRECTION, entry.pk, earlier)
    assert '"A year too late."' in part.payload
    assert verdict(station.officer) == "expired"


def test_what_is_taken_back_holds_until_its_last_day_without_grace(station: Station) -> None:
    entry = award(station.officer, "JRFT", clock.today() - timedelta(days=30))
    yesterday = clock.today() - timedelta(days=1)
    withdraw_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="Hurt.",
        last_day=yesterday,
    )
    assert verdict(station.officer, "JRFT") == "expired"


def test_what_was_never_true_counts_for_nothing_and_stays_in_the_ledger(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    void_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="Somebody else's.",
    )
    assert verdict(station.officer) == "never_held"
    assert ReadablePart.objects.filter(entry=entry).exists()


def test_a_correction_that_changes_nothing_is_refused(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(QualificationRefused, match=r"Nothing was changed, so nothing was recorded."):
        correct_award(
            station.officer,
            entry.pk,
            by=station.training_admin,
            approved_by=station.system_admin,
            reason="x.",
            day=clock.today(),
            minutes=60,
            valid_until=None,
        )


@pytest.mark.parametrize(
    ("day", "minutes", "until", "sentence"),
    [
        (date(2999, 1, 1), 60, None, "is still to come"),
        (date(2024, 1, 1), 60, date(2023, 1, 1), "The last day is before the day of the award."),
        (date(2024, 1, 1), 0, None, "Length is between one minute"),
    ],
)
def test_a_correction_to_what_cannot_be_is_refused(
    station: Station, day: date, minutes: int, until: date | None, sentence: str
) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(QualificationRefused, match=sentence):
        correct_award(
            station.officer,
            entry.pk,
            by=station.training_admin,
            approved_by=station.system_admin,
            reason="x.",
            day=day,
            minutes=minutes,
            valid_until=until,
        )


def test_nothing_is_taken_back_before_the_day_of_the_award(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(QualificationRefused, match=r"If it was never true, declare it so instead.") as refused:
        withdraw_award(
            station.officer,
            entry.pk,
            by=station.training_admin,
            approved_by=station.system_admin,
            reason="x.",
            last_day=clock.today() - timedelta(days=1),
        )
    assert refused.value.field == "last_day"


@pytest.mark.parametrize(("reason", "sentence"), [(" ", "Say why."), ("x" * 301, "The reason is 301 characters long")])
def test_a_correction_gives_its_reason(station: Station, reason: str, sentence: str) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(QualificationRefused, match=sentence) as refused:
        void_award(
            station.officer, entry.pk, by=station.training_admin, approved_by=station.system_admin, reason=reason
        )
    assert refused.value.field == "reason"


def test_an_award_that_is_not_there_or_was_never_true_is_not_corrected(station: Station) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(QualificationRefused, match=NO_SUCH_AWARD):
        void_award(station.officer, uuid4(), by=station.training_admin, approved_by=station.system_admin, reason="x.")
    with pytest.raises(QualificationRefused, match=NO_SUCH_AWARD):
        void_award(station.sergeant, entry.pk, by=station.training_admin, approved_by=station.system_admin, reason="x.")
    void_award(
        station.officer,
        entry.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="Somebody else's.",
    )
    with pytest.raises(QualificationRefused, match=NO_SUCH_AWARD):
        void_award(
            station.officer, entry.pk, by=station.training_admin, approved_by=station.system_admin, reason="Again."
        )


@pytest.mark.parametrize("who", ["officer", "sergeant", "auditor"])
def test_only_an_administrator_corrects(station: Station, who: str) -> None:
    entry = award(station.officer, "FALP", clock.today())
    with pytest.raises(
        NotYours, match=r"Only a training administrator or a system administrator can correct an award."
    ):
        void_award(station.officer, entry.pk, by=getattr(station, who), approved_by=station.system_admin, reason="x.")


def test_no_administrator_corrects_an_award_of_their_own(station: Station) -> None:
    entry = award(station.training_admin, "FALP", clock.today())
    with pytest.raises(NotYours, match=r"You cannot correct an award of your own. Another administrator can."):
        void_award(
            station.training_admin, entry.pk, by=station.training_admin, approved_by=station.system_admin, reason="x."
        )
