"""The ledger's name and key: made once and kept, taken from the environment, exchanged without losing what was signed."""

from __future__ import annotations

import base64
import html
import logging
import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
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


def line_of(seed: bytes, name: str = "force.example/ledger") -> str:
    return by_hand.verifier_key(
        name, by_hand.Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    )


OURS, OTHER = line_of(by_hand.SEED), line_of(bytes(32))


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
        ("LEDGER_RETIRED_KEYS", [OTHER], "without the size of the largest tree it may have signed: write"),
        ("LEDGER_RETIRED_KEYS", [f"{OTHER} until"], "LEDGER_RETIRED_KEYS cannot be used"),
        ("LEDGER_RETIRED_KEYS", [f"{OTHER} until today"], "does not say until which size"),
        ("LEDGER_RETIRED_KEYS", [f"{OTHER} until -1"], "does not say until which size"),
        ("LEDGER_RETIRED_KEYS", [f"{OTHER} until 5", f"{OTHER} until 6"], "still signs or is named twice"),
        ("LEDGER_RETIRED_KEYS", [f"{OURS} until 5"], "still signs or is named twice"),
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


def test_a_retired_key_without_an_end_stops_the_start_of_the_embedded_default_too(
    fresh_keys: Path, settings: Settings
) -> None:
    settings.LEDGER_RETIRED_KEYS = [OTHER]

    assert [message.id for message in run_checks(tags=[Tags.security])] == ["ledger.E001"]
    assert not fresh_keys.exists(), "a check makes no key"


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

    settings.LEDGER_RETIRED_KEYS = [f"{former} until 2"]
    assert seal_now().size == 3
    assert examined().is_sound
    current, retired = map(str, keys.verifier_keys())
    assert retired == f"{former} until 2"
    assert "until" not in current


# --- A retired key ends ----------------------------------------------------------------------------------------------------


@pytest.fixture
def stolen(db: None, settings: Settings) -> str:
    """A log of 2 entries, and a third signed after its key was retired at 2 by whoever has that key and the database."""
    write_sealed(2)
    (former,) = map(str, keys.verifier_keys())
    write_sealed(1)
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    settings.LEDGER_RETIRED_KEYS = [f"{former} until 2"]
    return former


def test_the_sealer_does_not_go_on_from_what_a_retired_key_signed_later(stolen: str) -> None:
    write_entry()

    with pytest.raises(LedgerRefuses, match="retired before the tree had 3 entries"):
        seal_now()
    assert Checkpoint.objects.count() == 2


def test_verification_does_not_accept_what_a_retired_key_signed_later(stolen: str) -> None:
    found = examined()

    assert kinds(found) == {"signature", "checkpoint"}
    assert "it counts for trees of up to 2 entries, and this is one of 3" in found.problems[0].detail


def test_what_a_retired_key_signs_beside_the_current_one_is_no_harm_and_says_nothing(
    settings: Settings, db: None
) -> None:
    """The exchange ends some seals after its size was read; what both signed meanwhile is signed."""
    write_sealed(2)
    (former,) = keys.verifier_keys()
    settings.LEDGER_FORMER_SIGNING_KEY = base64.b64encode(keys.signing_key().private_bytes_raw()).decode()
    settings.LEDGER_SIGNING_KEY = by_hand.b64(by_hand.SEED)
    write_sealed(1)
    settings.LEDGER_FORMER_SIGNING_KEY, settings.LEDGER_RETIRED_KEYS = "", [f"{former} until 2"]

    write_sealed(1)

    assert examined().is_sound
    both = Checkpoint.objects.get(size=3).note
    with pytest.raises(Malformed, match="was retired"):
        read_checkpoint(both, [trusted_key(f"{former} until 2")])


def test_the_keys_are_published_with_what_each_is(settings: Settings, client: Client, stolen: str) -> None:
    former = base64.b64encode(bytes([7]) * 32).decode()
    settings.LEDGER_FORMER_SIGNING_KEY = former

    lines = client.get("/ledger/key").content.decode().splitlines()
    page = html.unescape(client.get("/verify/how-it-works/").content.decode())

    assert lines == [OURS, line_of(bytes([7]) * 32), f"{stolen} until 2"]
    said = [
        ("Signs now", lines[0]),
        ("Signs beside it while keys are exchanged", lines[1]),
        ("Retired: counts for trees of up to 2 entries, and for no larger one", lines[2]),
    ]
    assert [page.index(words) < page.index(line) for words, line in said] == [True] * 3
    assert "Keys of the ledger" in page


# --- A log that goes on under another name ---------------------------------------------------------------------------------


def rename(settings: Settings, former: str) -> None:
    settings.LEDGER_ORIGIN, settings.LEDGER_SIGNING_KEY = "second.example/ledger", by_hand.b64(by_hand.SEED)
    settings.LEDGER_RETIRED_KEYS = [former]


@pytest.mark.django_db
def test_a_log_goes_on_under_another_name_and_key_where_the_former_one_has_an_end(settings: Settings) -> None:
    write_sealed(2)
    (former,) = keys.verifier_keys()
    write_entry()
    rename(settings, f"{former} until 5")

    assert keys.trouble() is None
    assert seal_now().size == 3

    assert Checkpoint.objects.get(size=3).note.startswith("second.example/ledger\n3\n")
    found = examined(against=Checkpoint.objects.get(size=2).note)
    assert found.is_sound, found.problems
    write_sealed(1)
    assert examined().is_sound


@pytest.mark.django_db
def test_a_name_that_ended_before_the_last_checkpoint_is_not_gone_on_from(settings: Settings) -> None:
    write_sealed(3)
    (former,) = keys.verifier_keys()
    write_entry()
    rename(settings, f"{former} until 2")

    with pytest.raises(LedgerRefuses, match="name its former key in LEDGER_RETIRED_KEYS"):
        seal_now()


@pytest.mark.django_db
def test_a_log_does_not_come_back_to_a_name_it_had(settings: Settings) -> None:
    write_sealed(2)
    (former,) = keys.verifier_keys()
    (origin, key) = (settings.LEDGER_ORIGIN, settings.LEDGER_SIGNING_KEY)
    rename(settings, f"{former} until 5")
    write_sealed(1)
    settings.LEDGER_ORIGIN, settings.LEDGER_SIGNING_KEY = origin, key
    settings.LEDGER_RETIRED_KEYS = [line_of(by_hand.SEED, "second.example/ledger") + " until 5"]
    write_entry()

    with pytest.raises(LedgerRefuses, match="does not come back to it"):
        seal_now()
    assert "does not come back to it" in str(keys.trouble())


@pytest.mark.django_db
def test_verification_sees_a_log_that_came_back_to_a_name_it_had(settings: Settings) -> None:
    write_sealed(2)
    (former,) = keys.verifier_keys()
    rename(settings, f"{former} until 5")
    write_sealed(1)
    root = by_hand.b64(bytes(Checkpoint.objects.get(size=3).root))
    last = Checkpoint.objects.get(size=3)
    time = last.time + timedelta(seconds=1)
    text = f"{former.name}\n3\n{root}\ntime {time:%Y-%m-%dT%H:%M:%S.%fZ}\n"
    note = sign_note(text, former.name, former_key())
    Checkpoint.objects.create(size=3, root=last.root, time=time, note=note)

    assert kinds(examined()) == {"checkpoint"}


def former_key() -> Ed25519PrivateKey:
    """The key the tests sign with where none is named."""
    with override_settings(LEDGER_SIGNING_KEY="", LEDGER_ORIGIN=""):
        return keys.signing_key()


@pytest.mark.django_db
def test_a_key_of_another_name_signs_no_checkpoint_of_this_one(settings: Settings) -> None:
    write_sealed(1)
    text = Checkpoint.objects.get().note.rpartition("\n\n")[0] + "\n"
    other = by_hand.Ed25519PrivateKey.from_private_bytes(by_hand.SEED)
    note = sign_note(text, "second.example/ledger", other)

    with pytest.raises(Malformed, match="no trusted key of that name signed it"):
        read_checkpoint(note, [trusted_key(line_of(by_hand.SEED, "second.example/ledger"))])


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
    settings.LEDGER_FORMER_SIGNING_KEY, settings.LEDGER_RETIRED_KEYS = "", [f"{former} until 2"]
    write_sealed(1)
    with pytest.raises(Malformed):
        read_checkpoint(Checkpoint.objects.get(size=3).note, [trusted_key(str(former))])
    assert examine([str(key) for key in keys.verifier_keys()]).is_sound


@pytest.mark.django_db
def test_a_former_key_that_cannot_be_read_is_refused_by_its_name(settings: Settings) -> None:
    settings.LEDGER_FORMER_SIGNING_KEY = "not base64"
    with pytest.raises(ImproperlyConfigured, match="LEDGER_FORMER_SIGNING_KEY must be 32 bytes written in base64"):
        keys.verifier_keys()
