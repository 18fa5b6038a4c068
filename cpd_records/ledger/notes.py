"""Signed notes and verifier keys as C2SP's ``signed-note`` has them, with Ed25519. Pure: no database, no settings."""

import base64
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
SIGNATURE_MARK = "— "
UNTIL = " until "


class NoteRefused(ValueError):
    """A note or a verifier key that is not written as it should be, or not signed by a trusted key."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key under a name. ``public`` is its 32 bytes; ``until`` is the size of the largest tree a retired one counts for."""

    name: str
    public: bytes
    until: int | None = None

    def __post_init__(self) -> None:
        check_name(self.name)

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || 0x0A || 0x01 || public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def counts_for(self, size: int) -> bool:
        """Return whether its signature on a tree of this size says anything."""
        return self.until is None or size <= self.until

    def __str__(self) -> str:
        line = f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"
        return line if self.until is None else f"{line}{UNTIL}{self.until}"

    @classmethod
    def from_line(cls, line: str) -> "VerifierKey":
        """Read ``name+<key id in hex>+<base64(0x01 || public key)>``, of a retired key with `` until <size>`` after it.

        The key id must belong to the rest.
        """
        written, until, size = line.strip().partition(UNTIL)
        if until and not re.fullmatch(r"0|[1-9][0-9]{0,17}", size):
            raise NoteRefused(f"The verifier key '{line}' does not say until which size: write 'KEY until SIZE'.")
        name, _plus, rest = written.partition("+")
        key_id, _plus, encoded = rest.partition("+")
        try:
            decoded = base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise NoteRefused(f"The verifier key '{line}' is not written in base64.") from error
        if decoded[:1] != ED25519 or len(decoded) != 33:
            raise NoteRefused(f"The verifier key '{line}' is not an Ed25519 key.")
        key = cls(name, decoded[1:], int(size) if until else None)
        if key.key_id.hex() != key_id:
            raise NoteRefused(f"The verifier key '{line}' names a key id that is not its own.")
        return key


def check_name(name: str) -> None:
    """Raise ``NoteRefused`` for a key name that could not stand in a signature line."""
    if not name or "+" in name or any(character.isspace() or character < " " for character in name):
        raise NoteRefused(f"'{name}' cannot name a key: it must be text without spaces and plus signs.")


def sign_note(text: str, name: str, *keys: Ed25519PrivateKey) -> str:
    """Return ``text``, which ends in a newline, as a note signed under ``name`` by each of the keys, a line each."""
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise NoteRefused("The text of a note ends in a newline and holds no other control character.")
    lines = []
    for key in keys:
        signature = VerifierKey(name, key.public_key().public_bytes_raw()).key_id + key.sign(text.encode())
        lines.append(f"{SIGNATURE_MARK}{name} {base64.b64encode(signature).decode()}\n")
    return f"{text}\n{''.join(lines)}"


def open_note(note: str, trusted: list[VerifierKey]) -> str:
    """Return the text of a note that a trusted key signed; raise ``NoteRefused`` where none did or a known one fails."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteRefused("This is not a signed note: no empty line stands before its signatures.")
    text += "\n"
    keys = {(key.name, key.key_id): key for key in trusted}
    is_signed = False
    for line in signatures[:-1].split("\n"):
        name, signature = _signature_parts(line)
        key = keys.get((name, signature[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], text.encode())
        except InvalidSignature as error:
            raise NoteRefused(f"The signature of '{name}' does not belong to this text.") from error
        is_signed = True
    if not is_signed:
        raise NoteRefused("No key that is trusted here signed this note.")
    return text


def _signature_parts(line: str) -> tuple[str, bytes]:
    """Return the key's name, and the key id with the signature, of a line after the empty one."""
    name, _space, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
    if not line.startswith(SIGNATURE_MARK):
        raise NoteRefused("A line after the empty line is not a signature.")
    try:
        return name, base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteRefused(f"The signature of '{name}' is not written in base64.") from error
