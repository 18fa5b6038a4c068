"""``populate``: an invented force with a history that verifies, the same for the same seed, and never beside records."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count

from cpd_records.currency import Verdict
from cpd_records.currency.comparing import differences
from cpd_records.models import (
    Activity,
    ActivityStep,
    Checkpoint,
    EntryKind,
    HashTile,
    LedgerEntry,
    ReadablePart,
    ReadinessCount,
    Requirement,
    SealedPlace,
    Standing,
)
from cpd_records.readiness import Question, board_of
from people import clock
from people.dated_rows import overlapping
from people.models import Absence, Hold, LastStamp, Posting, RankHeld, RoleHeld, UnitName, UnitPlace, User
from people.postings import post_officer
from tests import factories
from tests.cpd_records.ledger_acts import examined
from training_site.demonstration.history import STARTER_CATALOGUE
from training_site.populating.units import plan_units
from training_site.populating.writing import PopulatingRefused, populate

pytestmark = pytest.mark.django_db

UNTIL = clock.today() - timedelta(days=1)
WRITTEN = (
    User,
    UnitName,
    UnitPlace,
    Posting,
    RankHeld,
    RoleHeld,
    Absence,
    Requirement,
    LedgerEntry,
    ReadablePart,
    SealedPlace,
    HashTile,
    Checkpoint,
    Activity,
    ActivityStep,
    Standing,
    LastStamp,
)


def a_force(catalogue: Path | None = None, **given: Any) -> Any:
    return populate(**{"officers": 40, "years": 1, "seed": 7, "until": UNTIL, "catalogue": catalogue, **given})


def digests() -> dict[str, str]:
    """Return what every table holds, as a digest; keys are left out, which only count."""
    found = {}
    for model in WRITTEN:
        names = [field.attname for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
        skipped = {"supersedes_id", "unit_id", "parent_id", "officer_id", "verifier_id", "by_id", "to_id", "last_login"}
        rows = model._default_manager.order_by().values_list(*[name for name in names if name not in skipped])
        plain = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
        found[model.__name__] = hashlib.sha256("\n".join(sorted(map(repr, plain))).encode()).hexdigest()
    return found


def test_the_force_has_people_units_and_a_ledger_that_verifies_with_its_triggers_on():
    done = a_force(STARTER_CATALOGUE / "ETH-101", officers=60, years=2)

    assert (done.officers, User.objects.count()) == (60, 60)
    assert done.units == UnitPlace.objects.count() == 9
    examination = examined()
    assert examination.problems == []
    assert examination.sealed == examination.entries == done.entries == ReadablePart.objects.count()
    assert Checkpoint.objects.count() == done.days
    assert list(differences()) == []
    kinds = dict(ReadablePart.objects.order_by().values_list("kind").annotate(Count("pk")))
    assert set(kinds) == {EntryKind.QUALIFICATION, EntryKind.COMPLETION, EntryKind.CPD_ACTIVITY}
    assert kinds[EntryKind.CPD_ACTIVITY] == Activity.objects.filter(state="verified").count()
    assert not ReadablePart.objects.filter(recorded_at__date__gt=UNTIL).exists()
    assert not Hold.objects.exists()
    assert ReadinessCount.objects.filter(day=clock.today()).exists()


def test_nobody_has_a_password_and_names_are_numbers():
    a_force()
    user = User.objects.get(service_number="000012")
    assert (user.name, user.email) == ("Officer 000012", "officer000012@force.example")
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_same_seed_makes_the_same_rows_and_another_seed_others():
    kept = []
    for seed in (7, 7, 8):
        before = transaction.savepoint()
        a_force(seed=seed)
        kept.append(digests())
        transaction.savepoint_rollback(before)
    assert kept[0] == kept[1]
    # What a seed does not choose, and what so few may all lack.
    alike = {"UnitName", "UnitPlace", "Requirement", "LastStamp", "Absence"}
    assert {name for name in kept[0] if kept[0][name] == kept[2][name]} <= alike


def test_what_is_held_never_overlaps_and_ends_as_the_verbs_end_it():
    a_force(years=5)
    for model, subject in ((Posting, ()), (RankHeld, ("is_acting",)), (RoleHeld, ("role_id", "family", "unit_id"))):
        standing = list(model.objects.known())
        assert len(standing) < model.objects.count()
        for row in standing:
            same = {"officer_id": row.officer_id, **{name: getattr(row, name) for name in subject}}
            assert overlapping(model, same, row.valid_from, row.valid_until).count() == 1, row
    moved = Posting.objects.filter(supersedes__isnull=False).first()
    assert moved is not None
    assert moved.reason == "Posted elsewhere"
    assert moved.supersedes.valid_until is None
    assert moved.recorded_at.date() == moved.valid_until + timedelta(days=1)


def test_a_sergeant_sees_the_shift_and_the_head_of_the_force_everybody_but_themselves():
    a_force(officers=60)
    head = User.objects.get(service_number="000001")
    sergeant = User.objects.get(service_number="000005")
    assert board_of(head, Question(on=clock.today())).people == User.objects.filter(is_active=True).count() - 1
    assert 8 <= board_of(sergeant, Question(on=clock.today())).people <= 13


def test_boards_meet_most_verdicts():
    a_force(officers=150)
    found = set(Standing.objects.values_list("verdict", flat=True))
    assert found >= {Verdict.IN_DATE, Verdict.DUE, Verdict.IN_GRACE, Verdict.EXPIRED, Verdict.NEVER_HELD}
    assert found & {Verdict.EXCEPTED, Verdict.EXEMPT, Verdict.RESTRICTED}


def test_what_is_recorded_afterwards_goes_on_from_there():
    a_force()
    officer = User.objects.get(service_number="000012")
    factories.person("Later")
    unit = Posting.objects.in_force(clock.today()).filter(officer=officer).get().unit
    post_officer(officer, unit, by=None, valid_from=clock.today())
    assert examined().problems == []


def test_the_tree_goes_from_directorate_to_shift_and_grows_with_the_force():
    units = plan_units(45_000)
    levels = [sum(unit.level == level for unit in units) for level in range(5)]
    assert levels == [1, 5, 25, 149, 3712]
    assert len({unit.code for unit in units}) == len({unit.name for unit in units}) == len(units)
    assert all(unit.parent is not None and units[unit.parent].level == unit.level - 1 for unit in units[1:])


def refusal(*given: str) -> tuple[str, int]:
    with pytest.raises(CommandError) as refused:
        call_command("populate", *given)
    return str(refused.value), refused.value.returncode


def test_a_ledger_that_is_not_empty_is_refused_and_the_way_to_an_empty_one_named():
    factories.person("Olu", unit=factories.unit())
    said, code = refusal("--officers=40", "--years=1", "--seed=7")
    name = connection.settings_dict["NAME"]
    assert said.startswith("The ledger here is not empty, and an invented force is never mixed into records. ")
    assert f"'{name}'" in said or f"'rm {name}*'" in said
    assert "'manage.py migrate' and 'manage.py populate' again" in said
    assert code == 1
    assert User.objects.count() == 1


def test_a_force_that_was_begun_and_not_finished_is_not_taken_for_a_whole_one(monkeypatch):
    def breaks_off(*args: Any, **more: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("training_site.populating.writing.load_catalogue", lambda *args, **more: None)
    monkeypatch.setattr("training_site.populating.writing.write_people", breaks_off)
    said, _code = refusal("--officers=40", "--years=1", "--seed=7")
    assert said.startswith("The force is only half written (No space left on device). ")
    said, _code = refusal("--officers=40", "--years=1", "--seed=7")
    assert said.startswith("A force was begun here and never finished. ")


def test_a_service_number_that_is_taken_is_refused():
    User.objects.create_user("000001", "somebody@force.example", "Somebody")
    with pytest.raises(PopulatingRefused, match="Somebody has the service number 000001 here already"):
        a_force()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--officers=11", "--years=1"], "A force has 12 to 1,000,000 officers, not 11."),
        (["--officers=12", "--years=0"], "A history has 1 to 30 years, not 0."),
        (["--officers=12", "--years=1", f"--until={date.max.year}-01-01"], "A history ends yesterday at the latest"),
    ],
)
def test_numbers_that_make_no_force_are_bad_usage(given, sentence):
    said, code = refusal(*given, "--seed=7")
    assert said.startswith(sentence)
    assert code == 2
    assert not User.objects.exists()


def test_no_force_is_invented_under_production_settings(settings):
    settings.PRODUCTION = True
    said, _code = refusal("--officers=40", "--years=1", "--seed=7")
    assert said == "An invented force is never written under production settings."
    assert not User.objects.exists()
