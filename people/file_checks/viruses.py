"""Viruses: the standard test file is refused always; everything else is asked of the force's scanner, where one is set.

``CLAMD_ADDRESS`` ('host:3310' or a socket's path) names a scanner that speaks clamd's protocol. Where it is set and does not answer in
time, nothing is let through.
"""

from __future__ import annotations

import io
import socket
import struct
import zipfile

from django.conf import settings

from people.archives import UNREADABLE
from people.file_checks.refusing import FileRefused

# The antivirus test file that every scanner knows, in two halves, so that no scanner takes this module for it.
TEST_FILE = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
TEST_FILE_LENGTHS = range(len(TEST_FILE), 129)
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
MOST_SMALL_PARTS = 2000


def refuse_virus(name: str, content: bytes) -> None:
    """Refuse the antivirus test file, also inside an Office file, and whatever the force's scanner finds."""
    if TEST_FILE in content or _is_packed_test_file(content):
        raise FileRefused(f"{name} is, or contains, the antivirus test file.")
    if settings.CLAMD_ADDRESS:
        found = _asked_of_scanner(content)
        if found:
            raise FileRefused(f"A virus was found in {name}: {found}. Tell your information security team.")


def _is_packed_test_file(content: bytes) -> bool:
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            small = [part for part in file.infolist() if part.file_size in TEST_FILE_LENGTHS][:MOST_SMALL_PARTS]
            return any(TEST_FILE in file.read(part) for part in small)
    except UNREADABLE:
        # What cannot be unpacked here is refused as no Office file; the force's scanner is asked about it all the same.
        return False


def _asked_of_scanner(content: bytes) -> str:
    """Return what the scanner found, '' for nothing; refuse the file where the scanner does not say that it is clean."""
    try:
        answer = _scanned(content)
    except OSError:
        answer = ""
    if answer.endswith(" FOUND"):
        return _words(answer.removesuffix(" FOUND").partition(":")[2])
    if not answer.endswith(": OK"):
        raise FileRefused(
            "Every file is scanned for viruses, and the scanner does not answer. Try again in a few minutes."
        )
    return ""


def _scanned(content: bytes) -> str:
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
            received = line.recv(LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.partition(b"\0")[0].decode("ascii", "replace").strip()


def _connected() -> socket.socket:
    address: str = settings.CLAMD_ADDRESS
    seconds: int = settings.CLAMD_SECONDS
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _words(text: str) -> str:
    """Return the scanner's name for what it found as one short line."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line[:100] or "it gave no name"
