"""The ledger's times are true: a clock that runs ahead is refused where a second clock can tell, and said wherever it has happened."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from cpd_records.currency.facts import currency_of
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Checkpoint, SealRefusal, UnsealedEntry
from cpd_records.watching.verifying import verified
from people import clock
from people.models import LastStamp, User
from people.stamps import ClocksDiffer, stamp
from tests.cpd_records.ledger_acts import OFFICER, write_entry, write_sealed

pytestmark = pytest.mark.django_db
JUMP = datetime(2131, 1, 1, tzinfo=UTC)
WORDS = "a clock ran ahead"


def on_a_machine_ahead_by(by: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.now() + by
    monkeypatch.setattr(timezone, "now", lambda: moment)


def jump() -> None:
    """Do what one stamp by a clock of the next century leaves behind."""
    LastStamp.objects.update(at=JUMP, row_at=JUMP)


def with_two_clocks() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock of its own: this machine's is the only one.")


@pytest.mark.parametrize(("by", "says"), [(timedelta(days=1826), "ahead of"), (-timedelta(minutes=6), "behind")])
def test_a_machine_whose_clock_is_not_the_databases_stamps_no_row(
    by: timedelta, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_clocks()
    before = LastStamp.objects.values_list("at", "row_at").first()

    with monkeypatch.context() as patched:
        on_a_machine_ahead_by(by, patched)
        with (
            pytest.raises(ClocksDiffer, match="Nothing was recorded, because the clock of this service") as refused,
            transaction.atomic(),
            stamp(),
        ):
            pass
    assert f"{says} the database's, so it stamps nothing" in refused.value.detail

    assert LastStamp.objects.values_list("at", "row_at").first() == before


def test_a_machine_whose_clock_runs_ahead_signs_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    with_two_clocks()
    write_sealed()
    write_entry()

    with monkeypatch.context() as patched:
        on_a_machine_ahead_by(timedelta(days=1826), patched)
        for _second in range(2):
            with pytest.raises(LedgerRefuses, match="ahead of the database's"):
                seal_now()
        answer = client.get("/readyz")

    assert answer.status_code == 503
    assert "ahead of the database's" in answer.json()["clock"]
    assert SealRefusal.objects.count() == 1
    assert UnsealedEntry.objects.count() == 1
    assert seal_now().size == 2
    assert Checkpoint.objects.latest("time").time < timezone.now() + timedelta(minutes=1)
    assert client.get("/readyz").json()["clock"] == "ok"


def test_clocks_a_little_apart_are_no_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_entry()
    on_a_machine_ahead_by(timedelta(minutes=4), monkeypatch)

    assert seal_now().size == 1


def test_the_first_stamp_of_all_is_held_to_the_databases_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with_two_clocks()
    LastStamp.objects.all().delete()
    on_a_machine_ahead_by(timedelta(days=1), monkeypatch)

    with pytest.raises(ClocksDiffer), transaction.atomic(), stamp():
        pass
    assert not LastStamp.objects.exists()


# --- Where it has happened ---------------------------------------------------------------------------------------------------


def test_answers_since_the_last_right_time_are_provisional_and_earlier_ones_stay_settled(
    person: Callable[..., User],
) -> None:
    officer = person("Olu")
    write_sealed()
    right = Checkpoint.objects.latest("time").time
    jump()
    late = write_entry()
    seal_now()
    assert Checkpoint.objects.latest("time").time > JUMP

    settled, since = entries_of(OFFICER, known_at=right), entries_of(OFFICER, known_at=timezone.now())

    assert not settled.provisional
    assert since.provisional
    assert late.pk not in {entry.entry_id for entry in since.entries}
    for known_at, is_provisional in ((right, False), (timezone.now(), True), (JUMP + timedelta(days=1), True)):
        assert currency_of(officer, on=clock.today(), known_at=known_at).provisional is is_provisional
    assert late.pk in {entry.entry_id for entry in entries_of(OFFICER).entries}


def test_readyz_warns_and_goes_on_serving(client: Client) -> None:
    write_sealed()
    assert client.get("/readyz").json()["ledger time"] == "ok"
    jump()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert WORDS in answer.json()["ledger time"]
    assert "2131-01-01 00:00 UTC" in answer.json()["ledger time"]
    assert "docs/operations.md" in answer.json()["ledger time"]


def test_a_checkpoint_ahead_of_now_is_told_whatever_the_row_of_last_stamps_says(client: Client) -> None:
    write_sealed()
    jump()
    write_sealed()
    LastStamp.objects.update(at=timezone.now())

    assert WORDS in client.get("/readyz").json()["ledger time"]


def test_verification_finds_a_time_that_is_still_to_come(capsys: pytest.CaptureFixture[str]) -> None:
    write_sealed()
    assert verified().is_sound
    jump()
    write_sealed()

    with pytest.raises(SystemExit):
        call_command("ledger_verify", "--json")

    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["entry"], problem["kind"]) == (None, "time")
    assert WORDS in problem["detail"]


def test_the_page_about_the_ledger_says_what_to_do(
    person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    auditor = signed_in(person("Ann", "auditor"))
    assert "time is ahead of now" not in auditor.get("/ledger/").content.decode()
    jump()

    page = auditor.get("/ledger/").content.decode()

    assert "The ledger’s time is ahead of now" in page
    assert "Set the clocks by a time server" in page


def test_a_second_or_two_ahead_is_nothing_to_tell(client: Client) -> None:
    write_sealed()
    LastStamp.objects.update(at=timezone.now() + timedelta(seconds=30))

    assert client.get("/readyz").json()["ledger time"] == "ok"
