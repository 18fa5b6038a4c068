"""The ledger's name and its signing key.

Production takes both from its environment (``LEDGER_ORIGIN``, ``LEDGER_SIGNING_KEY``). Embedded mode makes them once, readable by their
owner only, under ``settings.KEYS_DIR``, and says so. While a key is exchanged, ``LEDGER_FORMER_SIGNING_KEY`` signs beside the new one;
what a key signed earlier stays trusted through ``LEDGER_RETIRED_KEYS``, up to the size of tree that is named there and no further.
"""

import base64
import logging
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cpd_records.ledger.notes import NoteRefused, VerifierKey, check_name
from cpd_records.models import Checkpoint

logger = logging.getLogger(__name__)

EMBEDDED_ORIGIN = "force.example/ledger"
ORIGIN_FILE = "ledger_origin"
KEY_FILE = "ledger_signing_key"


def origin() -> str:
    """Return the ledger's name, which is also its key's: the first line of every checkpoint."""
    name = settings.LEDGER_ORIGIN or made_once(ORIGIN_FILE, EMBEDDED_ORIGIN, "the ledger's name")
    try:
        check_name(name)
    except NoteRefused as error:
        raise ImproperlyConfigured(
            f"LEDGER_ORIGIN is '{name}': it must be text without spaces and plus signs."
        ) from error
    return name


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs checkpoints."""
    encoded = settings.LEDGER_SIGNING_KEY
    source = "LEDGER_SIGNING_KEY"
    if not encoded:
        fresh = base64.b64encode(secrets.token_bytes(32)).decode()
        encoded = made_once(KEY_FILE, fresh, "the ledger's signing key; keep a copy of it in a safe place")
        source = f"{Path(settings.KEYS_DIR) / KEY_FILE}"
    return _private_key(encoded, source)


def signing_keys() -> list[Ed25519PrivateKey]:
    """Return the keys whose signatures a checkpoint bears: the current one, then the former while keys are exchanged."""
    former = settings.LEDGER_FORMER_SIGNING_KEY
    return [signing_key(), *([_private_key(former, "LEDGER_FORMER_SIGNING_KEY")] if former else [])]


def verifier_keys() -> list[VerifierKey]:
    """Return every key whose checkpoints are trusted here, the current one first; retired ones say until which size they count."""
    keys = [VerifierKey(origin(), key.public_key().public_bytes_raw()) for key in signing_keys()]
    for retired in retired_keys():
        if any((retired.name, retired.public) == (key.name, key.public) for key in keys):
            raise ImproperlyConfigured(
                f"LEDGER_RETIRED_KEYS names '{retired}', which still signs or is named twice: a key is retired once, and signs no more."
            )
        keys.append(retired)
    return keys


def retired_keys() -> list[VerifierKey]:
    """Return the keys that sign no more, each with the size of the largest tree it may have signed. Makes none."""
    keys = []
    for line in settings.LEDGER_RETIRED_KEYS:
        try:
            retired = VerifierKey.from_line(line)
        except NoteRefused as error:
            raise ImproperlyConfigured(f"LEDGER_RETIRED_KEYS cannot be used. {error}") from error
        if retired.until is None:
            raise ImproperlyConfigured(
                f"LEDGER_RETIRED_KEYS names '{line}' without the size of the largest tree it may have signed: write '{line} until SIZE', "
                "with the size that /ledger/checkpoint said when it was taken out. Without it, whoever has that key could sign for ever."
            )
        keys.append(retired)
    return keys


def keys_in_words() -> list[tuple[str, VerifierKey]]:
    """Return the verifier keys, each after what it is today."""
    signing = len(signing_keys())
    words = ["Signs now", *["Signs beside it while keys are exchanged"] * (signing - 1)]
    retired = (
        f"Retired: counts for trees of up to {key.until} entries, and for no larger one"
        for key in verifier_keys()[signing:]
    )
    return list(zip([*words, *retired], verifier_keys(), strict=True))


def origin_refusal() -> str | None:
    """Return the sentence that stops a start whose ledger is named otherwise than in the last checkpoint, or None.

    A log may go on under another name, where a retired key of the former one says until which size it was called so.
    """
    last = Checkpoint.objects.order_by("-time").values_list("note", "size").first()
    if last is None:
        return None
    (note, size), name = last, origin()
    signed_as = note.split("\n", 1)[0]
    if name == signed_as:
        return None
    if any(key.name == signed_as and key.counts_for(size) for key in verifier_keys()):
        if not Checkpoint.objects.filter(note__startswith=f"{name}\n").exists():
            return None
        return (
            f"LEDGER_ORIGIN is '{name}', a name this log had before it was called '{signed_as}': it does not come back to it. "
            f"Set LEDGER_ORIGIN to '{signed_as}', or to a name it never had."
        )
    return (
        f"LEDGER_ORIGIN is '{name}', but the last checkpoint in this database was signed as '{signed_as}': "
        "set LEDGER_ORIGIN to that name, or use the database that belongs to this one. If the log is to go on under another name, name "
        "its former key in LEDGER_RETIRED_KEYS, as 'After a restore' in docs/operations.md says."
    )


def trouble() -> str | None:
    """Return what keeps this installation from signing, in a sentence, or None. ``/readyz`` and every start ask it."""
    try:
        verifier_keys()
        return origin_refusal()
    except (ImproperlyConfigured, OSError) as error:
        return str(error)


def _private_key(encoded: str, source: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))
    except ValueError as error:
        raise ImproperlyConfigured(f"{source} must be 32 bytes written in base64.") from error


def made_once(file_name: str, content: str, what: str) -> str:
    """Return what the file under KEYS_DIR holds, written whole by whoever comes first. Production makes nothing."""
    directory = Path(settings.KEYS_DIR)
    path = directory / file_name
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    if not settings.EMBEDDED:
        raise ImproperlyConfigured("LEDGER_ORIGIN and LEDGER_SIGNING_KEY are needed: production makes no keys itself.")
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = directory / f".{file_name}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content + "\n")
    try:
        # A link is made whole or not at all, so two processes that start together agree on one key.
        os.link(draft, path)
        logger.warning("Made %s: %s", what, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()
