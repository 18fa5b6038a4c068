"""The ledger's name and key: made once and kept, taken from the environment, exchanged without losing what was signed."""

from __future__ import annotations

import base64
import logging
import re
import threading
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from cpd_records.ledger import keys
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.notes import NoteRefused, VerifierKey, open_note, sign_note
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Checkpoint
from cpd_records.verification.examination import examine
from cpd_records.verification.formats import Malformed, read_checkpoint, trusted_key
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.ledger_acts import examined, kinds, write_entry, write_sealed


@pytest.fixture
def fresh_keys(settings: Settings, tmp_path: Path) -> Path:
    """Give this test a folder of keys of its own, empty."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.LEDGER_ORIGIN = settings.LEDGER_SIGNING_KEY = ""
    return tmp_path / "keys"


def test_embedded_mode_makes_name_and_key_once_for_their_owner_only_and_says_so(
    fresh_keys: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = keys.verifier_keys()

    assert made[0].name == "force.example/ledger"
    assert {file.name: file.stat().st_mode & 0o777 for file in fresh_keys.iterdir()} == {
        "ledger_origin": 0o600,
        "ledger_signing_key": 0o600,
    }
    assert str(fresh_keys / "ledger_signing_key") in caplog.text
    assert keys.signing_key().private_bytes_raw().hex() not in caplog.text
    caplog.clear()
    assert keys.verifier_keys() == made
    assert caplog.text == ""


def test_processes_that_start_together_agree_on_one_key(fresh_keys: Path) -> None:
    start, made = threading.Barrier(6), []

    def race() -> None:
        start.wait()
        made.append(keys.signing_key().private_bytes_raw())

    processes = [threading.Thread(target=race) for _number in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert len(made) == 6
    assert len(set(made)) == 1
    assert [file.name for file in fresh_keys.iterdir()] == ["ledger_signing_key"]


def test_the_environment_comes_before_what_was_made(fresh_keys: Path, settings: Settings) -> None:
    settings.LEDGER_ORIGIN = "records.force.example/ledger"
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)

    public = by_hand.Ed25519PrivateKey.from_private_bytes(by_hand.SEED).public_key().public_bytes_raw()
    assert [str(key) for key in keys.verifier_keys()] == [by_hand.verifier_key("records.force.example/ledger", public)]
    assert not fresh_keys.exists()


def test_production_makes_no_keys(fresh_keys: Path, settings: Settings) -> None:
    settings.EMBEDDED = False

    with pytest.raises(ImproperlyConfigured, match="LEDGER_SIGNING_KEY"):
        keys.signing_key()
    assert "LEDGER_ORIGIN" in str(keys.trouble())
    assert not fresh_keys.exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LEDGER_ORIGIN", "two words", "LEDGER_ORIGIN is 'two words'"),
        ("LEDGER_ORIGIN", "a+b", "LEDGER_ORIGIN is 'a+b'"),
        ("LEDGER_SIGNING_KEY", "not base64!", "LEDGER_SIGNING_KEY must be 32 bytes"),
        ("LEDGER_SIGNING_KEY", "ünï", "LEDGER_SIGNING_KEY must be 32 bytes"),
        ("LEDGER_SIGNING_KEY", "c2hvcnQ=", "LEDGER_SIGNING_KEY must be 32 bytes"),
        ("LEDGER_RETIRED_KEYS", ["force.example/ledger+00000000+AQ=="], "LEDGER_RETIRED_KEYS cannot be used"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_a_sentence(
    fresh_keys: Path, settings: Settings, name: str, value: str | list[str], says: str
) -> None:
    settings.LEDGER_ORIGIN, settings.LEDGER_SIGNING_KEY = "force.example/ledger", by_hand.b64(by_hand.SEED)
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=re.escape(says)):
        keys.verifier_keys()
    assert [message.id for message in run_checks(tags=[Tags.security])] == ["ledger.E001"]
    assert says in str(keys.trouble())


@pytest.mark.django_db
def test_a_key_file_that_was_spoilt_stops_the_sealer_in_a_sentence(fresh_keys: Path) -> None:
    fresh_keys.mkdir()
    (fresh_keys / "ledger_signing_key").write_text("spoilt", encoding="utf-8")
    write_entry()

    with pytest.raises(CommandError, match="ledger_signing_key must be 32 bytes"):
        call_command("ledger_seal")
    with pytest.raises(CommandError, match="ledger_signing_key must be 32 bytes"):
        call_command("ledger_verify")


@pytest.mark.django_db
def test_a_start_under_another_name_than_the_last_checkpoint_bears_is_refused(settings: Settings) -> None:
    write_sealed()
    assert keys.trouble() is None
    assert run_checks(tags=[Tags.database], databases=["default"]) == []
    settings.LEDGER_ORIGIN = "other.example/ledger"
    write_entry()

    with pytest.raises(
        LedgerRefuses, match=r"'other\.example/ledger', but the last checkpoint in this database was signed as"
    ):
        seal_now()
    assert "set LEDGER_ORIGIN to that name" in str(keys.trouble())
    assert "ledger.E002" in {message.id for message in run_checks(tags=[Tags.database], databases=["default"])}
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_exchanged_and_what_the_former_one_signed_stays_trusted(settings: Settings) -> None:
    write_sealed(2)
    former = str(keys.verifier_keys()[0])
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_entry()

    with pytest.raises(LedgerRefuses, match="LEDGER_RETIRED_KEYS"):
        seal_now()
    assert kinds(examined()) == {"signature", "checkpoint"}

    settings.LEDGER_RETIRED_KEYS = [former]
    assert seal_now().size == 3
    assert examined().is_sound
    current, retired = map(str, keys.verifier_keys())
    assert retired == former != current


# --- Notes -----------------------------------------------------------------------------------------------------------------

KEY = by_hand.Ed25519PrivateKey.from_private_bytes(by_hand.SEED)
TRUSTED = VerifierKey("force.example/ledger", KEY.public_key().public_bytes_raw())
NOTE = sign_note("one line\n", TRUSTED.name, KEY)


def test_a_note_is_opened_with_unknown_signatures_beside_the_trusted_one() -> None:
    witness = by_hand.note("one line\n", "witness.example", bytes(32)).rpartition("\n\n")[2]

    assert open_note(NOTE + witness, [TRUSTED]) == "one line\n"


@pytest.mark.parametrize(
    ("note", "says"),
    [
        (NOTE.replace("one", "two"), "does not belong"),
        (NOTE.replace("\n\n", "\n"), "no empty line"),
        (NOTE[:-1], "no empty line"),
        (NOTE.replace("— force", "- force"), "not a signature"),
        (NOTE[:-6] + "\n", "not written in base64"),
        (NOTE.replace("— force.example/ledger", "— force.example/lodger"), "No key that is trusted"),
        ("", "no empty line"),
    ],
)
def test_a_note_that_was_altered_is_refused(note: str, says: str) -> None:
    with pytest.raises(NoteRefused, match=says):
        open_note(note, [TRUSTED])


@pytest.mark.parametrize("text", ["no end", "tab\there\n", "\x00\n"])
def test_a_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteRefused, match="text of a note"):
        sign_note(text, TRUSTED.name, KEY)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb"])
def test_a_name_that_could_not_stand_in_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(NoteRefused, match="cannot name a key"):
        VerifierKey(name, TRUSTED.public)


@pytest.mark.django_db
def test_while_a_key_is_exchanged_a_checkpoint_bears_both_signatures_and_either_key_opens_it(
    settings: Settings,
) -> None:
    old, new = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
    settings.LEDGER_SIGNING_KEY = old
    (former,) = keys.verifier_keys()
    write_sealed(1)
    settings.LEDGER_SIGNING_KEY, settings.LEDGER_FORMER_SIGNING_KEY = new, old
    write_sealed(1)

    current, second = keys.verifier_keys()
    assert second == former
    note = Checkpoint.objects.get(size=2).note
    assert [line.split(" ")[1] for line in note.rpartition("\n\n")[2].splitlines()] == [keys.origin()] * 2
    for key in (current, former):
        assert read_checkpoint(note, [trusted_key(str(key))]).size == 2

    # The exchange is over: the former key signs no more, and what it signed stays trusted.
    settings.LEDGER_FORMER_SIGNING_KEY, settings.LEDGER_RETIRED_KEYS = "", [str(former)]
    write_sealed(1)
    with pytest.raises(Malformed):
        read_checkpoint(Checkpoint.objects.get(size=3).note, [trusted_key(str(former))])
    assert examine([str(key) for key in keys.verifier_keys()]).is_sound


@pytest.mark.django_db
def test_a_former_key_that_cannot_be_read_is_refused_by_its_name(settings: Settings) -> None:
    settings.LEDGER_FORMER_SIGNING_KEY = "not base64"
    with pytest.raises(ImproperlyConfigured, match="LEDGER_FORMER_SIGNING_KEY must be 32 bytes written in base64"):
        keys.verifier_keys()
