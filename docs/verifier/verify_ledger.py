#!/usr/bin/env python3
"""Check what a training ledger has given you, on your own machine, with the site switched off.

    python verify_ledger.py proof ENTRY.tlog-proof OPENING.json --key KEY
    python verify_ledger.py certificate FILE.pdf --key KEY --signer SIGNER.pem [--issuer ISSUER]
    python verify_ledger.py log FOLDER --key KEY [--against CHECKPOINT]

KEY is a verifier key line, or a file of such lines; one that ends in ' until SIZE' is of a retired key, and counts for trees of up
to that size. SIGNER is the certificate, in PEM, of whoever signs the PDF files, or a file with those who signed before as well; it may be
given several times. ISSUER is the key that signs Open Badges credentials: a Multikey (z6Mk…), or the issuer's profile as a file. You bring
all of them: from the force itself, beforehand, or from somebody you trust. Nothing that comes with the file under examination is taken for
a key.

Exit status: 0 all of it holds, 1 something does not, 2 the command cannot be carried out as given. ``--json`` prints one JSON object.

It needs Python 3.11 or later, the package ``cryptography``, and ``pikepdf`` where a certificate is to be checked. It is written from the
public formats (C2SP signed-note, tlog-checkpoint, tlog-proof, tlog-tiles; RFC 6962, 8785 and 5652; ISO 32000; W3C Data
Integrity EdDSA Cryptosuites, Open Badges 3.0) and from nothing else: it has
no line in common with the programme that writes the ledger. Copy this one file; that is the installation.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("This needs the Python package 'cryptography': python -m pip install cryptography", file=sys.stderr)
    raise SystemExit(2) from None

SMALL_FILE = 4 << 20  # proofs, openings, checkpoints and keys are a few kilobytes
LARGE_FILE = 64 << 20  # a certificate is some hundred kilobytes
UNPACKED = 8 << 20  # all that is attached to one, of which the longest list is the most
PER_TILE = 256
BUNDLE_ITEM = 2 + 32


class Wanting(Exception):
    """Something does not hold. The message is a sentence."""


class NotTheSigner(Wanting):
    """A signature made with another key than the certificate's."""


class Overfull(Wanting):
    """A file that unpacks to more than ours do, as one made to fill a memory; nothing more of it is read."""


class Unusable(Exception):
    """What was given on the command line cannot be used. The message is a sentence."""


@dataclass
class Report:
    """What was looked at, one line a check, and what the ledger is thereby shown to say."""

    subject: str
    checks: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def note(self, name: str, ok: bool, detail: str) -> None:
        self.checks.append({"name": name, "ok": ok, "detail": detail})

    @property
    def ok(self) -> bool:
        return bool(self.checks) and all(check["ok"] for check in self.checks)

    def printed_as_json(self) -> str:
        return json.dumps(
            {"ok": self.ok, "subject": self.subject, "checks": self.checks, **self.facts}, ensure_ascii=False
        )

    def printed_for_people(self) -> str:
        lines = [f"{'holds' if check['ok'] else 'FAILS'}  {check['name']}: {check['detail']}" for check in self.checks]
        failed = sum(not check["ok"] for check in self.checks)
        lines.append("")
        if self.ok:
            lines.append(f"All of it holds for {self.subject}.")
        else:
            lines.append(f"NOT proven: {failed} of {len(self.checks)} checks fail for {self.subject}.")
        for name, value in (self.facts.get("payload") or {}).items():
            is_text = isinstance(value, str) and value.isprintable()
            lines.append(f"  {name}: {value if is_text else json.dumps(value, ensure_ascii=not is_text)}")
        return "\n".join(lines)


# --- Bytes and hashes ---------------------------------------------------------------------------------------------------


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def parent(one: bytes, other: bytes) -> bytes:
    return digest(b"\x01" + one + other)


def unbase64(text: str, what: str, length: int | None = None) -> bytes:
    """Decode strictly: the alphabet of RFC 4648 section 4, its padding, and no stray bits in the last character."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Wanting(f"{what} is not written in base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise Wanting(f"{what} is written in base64 in a way nobody writes it: a character was changed.")
    if length is not None and len(raw) != length:
        raise Wanting(f"{what} has {len(raw)} bytes, not {length}.")
    return raw


def whole_number(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19) or str(int(text)) != text:
        raise Wanting(f"{what} is not a plain decimal number.")
    return int(text)


def root_above(leaf: bytes, index: int, size: int, siblings: list[bytes]) -> bytes:
    """Return the root that an audit path (from the leaf upwards) leads to.

    Below the point where the way to this leaf and the way to the last leaf part, bit n of the index says on which side the sibling of
    height n stands. Above it every sibling stands on the left, one for each set bit of the index.
    """
    shared = (index ^ (size - 1)).bit_length()
    expected = shared + (index >> shared).bit_count()
    if len(siblings) != expected:
        raise Wanting(f"The proof has {len(siblings)} hashes; for entry {index} of {size} there must be {expected}.")
    climbed = leaf
    for height, sibling in enumerate(siblings):
        from_left = height >= shared or index >> height & 1
        climbed = parent(sibling, climbed) if from_left else parent(climbed, sibling)
    return climbed


# --- Keys and signed notes ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LedgerKey:
    """A verifier key the checker trusts; ``until`` is the largest tree whose checkpoint it may have signed, None without end."""

    name: str
    hint: bytes
    public: Ed25519PublicKey
    until: int | None = None

    @staticmethod
    def parse(line: str) -> LedgerKey:
        key, ends, size = line.partition(" until ")
        pieces = key.split("+", 2)
        try:
            until = whole_number(size, "The size") if ends else None
            name, hint, typed = pieces[0], bytes.fromhex(pieces[1]), base64.b64decode(pieces[2], validate=True)
            if typed[0] != 1 or digest(name.encode() + b"\n" + typed)[:4] != hint:
                raise ValueError
            return LedgerKey(name, hint, Ed25519PublicKey.from_public_bytes(typed[1:]), until)
        except (IndexError, ValueError):
            raise Unusable(f"'{line[:80]}' is not an Ed25519 verifier key (name+hint+base64).") from None
        except Wanting:
            raise Unusable(f"'{line[:80]}…' does not end in a size: write KEY until SIZE.") from None


@dataclass(frozen=True)
class Head:
    """What a signed checkpoint says."""

    origin: str
    size: int
    root: bytes
    time: str

    def __str__(self) -> str:
        return f"the checkpoint of size {self.size}, {self.time}"

    def as_fact(self) -> dict[str, Any]:
        root = base64.b64encode(self.root).decode()
        return {"origin": self.origin, "size": self.size, "root": root, "time": self.time}


def open_head(note: str, keys: list[LedgerKey]) -> Head:
    """Return what a checkpoint says once a trusted key is shown to have signed it; raise ``Wanting`` else."""
    body, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Wanting("The checkpoint is cut short: it is not a text, an empty line and signatures.")
    body += "\n"
    signers = []
    for line in tail.split("\n")[:-1]:
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if dash != "\u2014" or not name or not encoded:
            raise Wanting("A line below the checkpoint is not a signature.")
        blob = unbase64(encoded, f"The signature of '{name}'")
        for key in keys:
            if key.name == name and key.hint == blob[:4]:
                try:
                    key.public.verify(blob[4:], body.encode())
                except InvalidSignature:
                    raise Wanting(f"The signature of '{name}' does not belong to this checkpoint.") from None
                signers.append(key)
    if not signers:
        raise Wanting("None of the keys you gave signed the checkpoint.")
    parts = body.split("\n")
    if len(parts) != 5 or not re.fullmatch(r"time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", parts[3]):
        raise Wanting("The checkpoint has not the four lines origin, size, root and time.")
    ends = [key.until for key in signers if key.name == parts[0]]
    if not ends:
        raise Wanting(f"The checkpoint is of '{parts[0][:80]}', and no key of that name signed it.")
    size = whole_number(parts[1], "Its size")
    if all(until is not None and until < size for until in ends):
        raise Wanting(
            f"The checkpoint is of size {size}, and the key that signed it was retired before the tree was so large."
        )
    return Head(parts[0], size, unbase64(parts[2], "Its root", 32), parts[3][5:])


# --- One entry: proof and opening ---------------------------------------------------------------------------------------


def open_payload(text: str) -> dict[str, Any]:
    """Read a payload in the one way it may be written (RFC 8785; no floats, no null, Unicode in normalisation form C)."""

    def no_fraction(literal: str) -> Any:
        raise Wanting(f"The payload holds {literal[:20]}, which no payload may.")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise Wanting("The payload says one thing twice.")
        return dict(sorted(pairs, key=lambda pair: pair[0].encode("utf-16-be", "surrogatepass")))

    try:
        said = json.loads(text, object_pairs_hook=unique, parse_float=no_fraction, parse_constant=no_fraction)
        written = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        raise Wanting("The payload is not JSON.") from None
    if not isinstance(said, dict) or written != text or not all(is_plain(value) for value in said.values()):
        raise Wanting("The payload is not written in its canonical form.")
    if type(said.get("v")) is not int or said["v"] != 1:
        raise Wanting("The payload is of a version that this programme does not know.")
    return said


def is_plain(value: Any) -> bool:
    """Return whether a value is of those a payload may hold."""
    if isinstance(value, str):
        return unicodedata.is_normalized("NFC", value)
    if isinstance(value, dict):
        return all(is_plain(name) and is_plain(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return isinstance(value, int) and abs(value) < 1 << 53


def prove(proof: str, opening: str, keys: list[LedgerKey], report: Report) -> dict[str, Any] | None:
    """Check a proof with its opening, and return the payload where it holds."""
    try:
        opened = json.loads(opening)
        if not isinstance(opened, dict) or set(opened) != {"payload", "salt"} or not isinstance(opened["payload"], str):
            raise ValueError
        salt = unbase64(str(opened["salt"]), "The salt in the opening", 32)
        commitment = digest(salt + opened["payload"].encode())
        payload = open_payload(opened["payload"])
    except (ValueError, RecursionError):
        report.note("opening", False, "The opening is not JSON with a payload and a salt.")
        return None
    except Wanting as harm:
        report.note("opening", False, str(harm))
        return None
    report.note("opening", True, "It is written as an opening is.")
    try:
        index, siblings, extra, note = take_apart(proof)
    except Wanting as harm:
        report.note("proof", False, str(harm))
        return None
    try:
        head = open_head(note, keys)
    except Wanting as harm:
        report.note("checkpoint", False, str(harm))
        return None
    report.note("checkpoint", True, f"A key you gave signed {head} of {head.origin}.")
    report.facts["checkpoint"] = head.as_fact()
    try:
        if extra is not None and extra != commitment:
            raise Wanting("The proof is of another entry than the opening, or one of them was changed.")
        if index >= head.size:
            raise Wanting(f"The proof is for entry {index} of a tree of {head.size}.")
        if root_above(digest(b"\x00" + commitment), index, head.size, siblings) != head.root:
            raise Wanting("The opening and the hashes do not lead to the signed root: something was changed.")
    except Wanting as harm:
        report.note("inclusion", False, str(harm))
        return None
    report.note("inclusion", True, f"It is entry {index} of the {head.size} that were signed.")
    report.facts |= {"index": index, "payload": payload}
    return payload


def take_apart(proof: str) -> tuple[int, list[bytes], bytes | None, str]:
    """Return index, audit path, extra bytes if any, and the checkpoint as text."""
    before, blank, note = proof.partition("\n\n")
    rows = before.split("\n")
    if not blank or rows[0] != "c2sp.org/tlog-proof@v1":
        raise Wanting("The file is not a proof of the form c2sp.org/tlog-proof@v1, or it is cut short.")
    extra = None
    if len(rows) > 1 and rows[1].startswith("extra "):
        extra = unbase64(rows.pop(1).removeprefix("extra "), "The extra line")
    if len(rows) < 2 or not rows[1].startswith("index "):
        raise Wanting("The proof does not say which entry it is for.")
    index = whole_number(rows[1].removeprefix("index "), "The index")
    return index, [unbase64(row, "A hash of the proof", 32) for row in rows[2:]], extra, note


# --- A certificate: the PDF's signature ---------------------------------------------------------------------------------

SEQUENCE, SET, OCTETS, OBJECT, INTEGER, CONTEXT = 0x30, 0x31, 0x04, 0x06, 0x02, 0xA0
SIGNED_DATA, PLAIN_DATA = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010701")
CONTENT_TYPE, MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
SHA256_NAMED = (bytes.fromhex("300b0609608648016503040201"), bytes.fromhex("300d06096086480165030402010500"))
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
PDF_DATE = re.compile(r"D:(\d{14})Z")


@dataclass(frozen=True)
class Element:
    """One element of DER: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def inside(self, tag: int | None = None) -> list[Element]:
        if tag is not None and self.tag != tag:
            raise Wanting("The signature is not built as one is.")
        return list(elements(self.content))


def elements(data: bytes) -> Iterator[Element]:
    """Yield the elements that stand one after the other; only DER's shortest lengths are taken."""
    at = 0
    while at < len(data):
        head, length = data[at : at + 2], data[at + 1] if at + 1 < len(data) else 0x80
        start = at + 2
        if length >= 0x80:
            octets = data[start : start + (length & 0x7F)]
            start, length = start + len(octets), int.from_bytes(octets, "big")
            if not 0 < len(octets) < 5 or octets[0] == 0 or length < 0x80 or len(octets) != head[1] & 0x7F:
                raise Wanting("The signature is not written as one is.")
        if start + length > len(data):
            raise Wanting("The signature is cut short.")
        yield Element(data[at], data[start : start + length], data[at : start + length])
        at = start + length


def container_of(room: bytes) -> Element:
    """Return the element at the start of the room that is kept for it; what stands after it is looked at elsewhere."""
    more = room[1] & 0x7F if len(room) > 1 and room[1] >= 0x80 else 0
    length = int.from_bytes(room[2 : 2 + more], "big") if more else room[1] if len(room) > 1 else 0
    found = list(elements(room[: 2 + more + length]))
    if len(found) != 1:
        raise Wanting("The signature is cut short.")
    return found[0]


def wrapped(tag: int, *parts: bytes) -> bytes:
    """Return parts as one element, its length in DER's shortest form."""
    inside = b"".join(parts)
    octets = len(inside).to_bytes(4, "big").lstrip(b"\0") or b"\0"
    length = octets if len(inside) < 0x80 else bytes([0x80 + len(octets)]) + octets
    return bytes([tag]) + length + inside


def check_container(container: bytes, covered: bytes, signer: x509.Certificate) -> None:
    """Check that a CMS container is the signature of ``signer`` over the bytes it covers; raise ``Wanting`` else.

    Only what these certificates have is taken: one signer, named by issuer and serial number, ECDSA with SHA-256, attributes signed,
    none unsigned. What no signature covers is built here a second time from what was checked, and must be the same bytes.
    """
    _, holder = container_of(container).inside(SEQUENCE)
    (signed,) = holder.inside(CONTEXT)
    _, algorithms, _, certificates, signers = signed.inside(SEQUENCE)
    (signer_info,) = signers.inside(SET)
    _, _, hashed_by, attributes, _, signature = signer_info.inside(SEQUENCE)
    if hashed_by.whole not in SHA256_NAMED or algorithms.content not in SHA256_NAMED:
        raise Wanting("The signature is made in another way than these certificates are signed.")
    values = {}
    for attribute in attributes.inside(CONTEXT):
        name, held = attribute.inside(SEQUENCE)
        (value,) = held.inside(SET)
        if name.content in values:
            raise Wanting("The signature says one thing twice.")
        values[name.content] = value
    if CONTENT_TYPE not in values or values[CONTENT_TYPE].content != PLAIN_DATA:
        raise Wanting("The signature is of something else than a file.")
    if MESSAGE_DIGEST not in values or values[MESSAGE_DIGEST].content != digest(covered):
        raise Wanting("The file was changed after it was signed.")
    key = signer.public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise Wanting("The certificate you gave has no elliptic-curve key, and these files are signed with one.")
    try:
        key.verify(signature.content, bytes([SET]) + attributes.whole[1:], ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise NotTheSigner("The signature was not made with the key of the certificate you gave.") from None
    check_company(certificates, signer)
    one = wrapped(INTEGER, b"\x01")
    number = wrapped(INTEGER, signer.serial_number.to_bytes(signer.serial_number.bit_length() // 8 + 1, "big"))
    named_by = wrapped(SEQUENCE, signer.issuer.public_bytes(), number)
    how, what = wrapped(OCTETS, signature.content), wrapped(SEQUENCE, wrapped(OBJECT, PLAIN_DATA))
    info = wrapped(SEQUENCE, one, named_by, hashed_by.whole, attributes.whole, ECDSA_WITH_SHA256, how)
    inner = wrapped(SEQUENCE, one, wrapped(SET, algorithms.content), what, certificates.whole, wrapped(SET, info))
    rebuilt = wrapped(SEQUENCE, wrapped(OBJECT, SIGNED_DATA), wrapped(CONTEXT, inner))
    if container[: len(rebuilt)] != rebuilt or container[len(rebuilt) :].strip(b"\0"):
        raise Wanting("The signature says something else about itself than these certificates do.")


def signer_of(container: bytes, covered: bytes, signers: list[x509.Certificate]) -> x509.Certificate:
    """Return which of the certificates you gave signed; raise ``Wanting`` where none of them did."""
    harms: list[Wanting] = []
    for signer in signers:
        try:
            check_container(container, covered, signer)
            return signer
        except Wanting as harm:
            harms.append(harm)
    # What is wrong with the file says more than that some of those given did not sign it.
    raise next((harm for harm in harms if not isinstance(harm, NotTheSigner)), harms[0])


def check_company(certificates: Element, signer: x509.Certificate) -> None:
    """Check the certificates in the container: the signer's own, and those that lead up from it, each signed by another of them."""
    reached: list[x509.Certificate] = []
    try:
        present = [x509.load_der_x509_certificate(one.whole) for one in certificates.inside(CONTEXT)]
        above: x509.Certificate | None = signer
        while above in present and above not in reached:
            step = above
            reached.append(step)
            above = next((one for one in present if one.subject == step.issuer), None)
            if above is not None:
                step.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion):
        raise Wanting("A certificate in the file was changed.") from None
    if len(reached) != len(present):
        raise Wanting("The file carries other certificates than those that lead up from the one you gave.")


def unpack(carrier: Any, room: int) -> bytes:
    """Unpack what is attached, within ``room`` bytes. ``pikepdf`` itself unpacks all there is, and that may have no end."""
    import pikepdf

    way = carrier.get("/Filter")
    ways = [] if way is None else [str(one) for one in (way if isinstance(way, pikepdf.Array) else [way])]
    if ways not in ([], ["/FlateDecode"]) or carrier.get("/DecodeParms") is not None:
        raise Overfull("Something attached to the file is packed in a way that ours never are.")
    plain = carrier.read_raw_bytes()
    if ways:
        try:
            plain = zlib.decompressobj().decompress(plain, room + 1)
        except zlib.error:
            raise Wanting("Something attached to the file is damaged.") from None
    if len(plain) > room:
        raise Overfull(f"What is attached would unpack to over {UNPACKED >> 20} MB, which nothing of ours does.")
    return plain


def check_pdf(pdf: bytes, signers: list[x509.Certificate], report: Report) -> dict[str, bytes]:
    """Check that one of ``signers`` signed the whole file, and return what is attached to it."""
    import pikepdf

    attached: dict[str, bytes] = {}
    try:
        with pikepdf.open(BytesIO(pdf)) as file:
            if file.is_encrypted:
                raise Wanting("The file is encrypted, and our certificates never are.")
            fields = list(file.Root.AcroForm.Fields) if "/AcroForm" in file.Root else []
            signatures = [one.V for one in fields if one.get("/FT") == "/Sig" and "/V" in one]
            room = UNPACKED
            for name, carried in file.attachments.items():
                attached[name] = unpack(carried.get_file().obj, room)
                room -= len(attached[name])
            if len(signatures) != 1:
                raise Wanting(f"The file carries {len(signatures)} signatures, and ours carry one.")
            found = signatures[0]
            ranges, container = [int(number) for number in found.ByteRange], bytes(found.Contents)
            kind, dated = str(found.get("/SubFilter")), str(found.get("/M"))
    except Overfull:
        raise
    except Wanting as harm:
        report.note("signature", False, str(harm))
        return attached
    except pikepdf.PdfError:
        report.note("signature", False, "The file is not a PDF, or it is damaged or cut short.")
        return {}
    except (AttributeError, KeyError, TypeError, ValueError):
        report.note("signature", False, "The file carries no signature as ours do.")
        return attached
    try:
        if len(ranges) != 4 or ranges[0] != 0 or not 0 < ranges[1] < ranges[2] or kind != "/ETSI.CAdES.detached":
            raise Wanting("The signature does not say which bytes it covers as ours do.")
        if ranges[2] + ranges[3] != len(pdf):
            raise Wanting("Something was added to the file after it was signed, or cut off it.")
        # No signature covers the place where it stands itself: there must be the container, zeros, and nothing else.
        if pdf[ranges[1] : ranges[2]] != b"<" + container.hex().upper().encode() + b">":
            raise Wanting("The place of the signature holds something else than the signature.")
        signer = signer_of(container, pdf[: ranges[1]] + pdf[ranges[2] :], signers)
        moment = PDF_DATE.fullmatch(dated)
        stamp = datetime.strptime(moment[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if moment else None
        if stamp is None or not signer.not_valid_before_utc <= stamp <= signer.not_valid_after_utc:
            raise Wanting("The file is dated outside the time for which the certificate you gave is good.")
    except Wanting as harm:
        report.note("signature", False, str(harm))
    except ValueError:
        report.note("signature", False, "The signature is not built as ours are.")
    else:
        report.note(
            "signature", True, "The certificate you gave signed it, all of it, and nothing was changed or added."
        )
    return attached


def check_certificate(
    pdf: bytes, signers: list[x509.Certificate], keys: list[LedgerKey], issuers: list[str] | None = None
) -> Report:
    report = Report("this certificate")
    attached = check_pdf(pdf, signers, report)
    opening, proof = attached.pop("certificate.json", None), attached.pop("certificate.tlog-proof", None)
    if opening is None or proof is None:
        report.note("attachments", False, "The file does not carry certificate.json and certificate.tlog-proof.")
        return report
    try:
        payload = prove(proof.decode(), opening.decode(), keys, report)
    except UnicodeDecodeError:
        report.note("attachments", False, "What the file carries is not text.")
        return report
    if payload is None:
        return report
    is_one = payload.get("kind") == "certificate"
    report.note("kind", is_one, "The entry is a certificate." if is_one else f"The entry is a '{payload.get('kind')}'.")
    is_statement = "period_from" in payload
    listing = attached.pop("statement.json" if is_statement else "training-record.json", None)
    if "list_sha256" in payload or listing is not None:
        same = listing is not None and hashlib.sha256(listing).hexdigest() == payload.get("list_sha256")
        report.note(
            "list", same, "The list is the recorded one." if same else "The list is not the one that was recorded."
        )
    for name, content in sorted(attached.items()):
        check_attachment(name, content, report, issuers or [])
    return report


def check_attachment(name: str, content: bytes, report: Report, issuers: list[str]) -> None:
    """Check an attachment beside proof and opening: the Open Badges credential, or else nothing that these files carry."""
    if name != "credential.json":
        report.note("attachments", False, f"'{name}' ({len(content)} bytes) is nothing that this programme can check.")
        return
    try:
        badge = json.loads(content)
        if not isinstance(badge, dict):
            raise ValueError
        if issuers:
            badge = open_credential(badge, issuers)
        compare_badge(badge, report.facts["payload"], report.facts["index"])
    except Wanting as harm:
        report.note("credential", False, str(harm))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        report.note(
            "credential", False, "The credential is not an Open Badges credential as these certificates carry one."
        )
    else:
        by = (
            "An issuer's key you gave signed it."
            if issuers
            else "Who signed it was not checked: no --issuer was given."
        )
        report.note("credential", True, f"It says what the certificate says. {by}")


# --- The Open Badges credential -----------------------------------------------------------------------------------------

BASE58 = {letter: value for value, letter in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}
LARGEST_LIST = 1 << 17  # places in one list of states


def unbase58(text: str, length: int) -> bytes:
    """Decode multibase in base58btc to a given number of bytes."""
    try:
        value = sum(BASE58[letter] * 58**power for power, letter in enumerate(reversed(text[1:151])))
        if text[:1] != "z" or len(text) > 150:
            raise KeyError
        return value.to_bytes(length, "big")
    except (KeyError, OverflowError):
        raise Wanting("A key or a proof of the credential is not written in base58.") from None


def in_order(value: Any) -> Any:
    """Return a value with the members of its objects in the order of RFC 8785; nothing with a fraction is ever in a credential."""
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value, key=lambda one: one.encode("utf-16-be"))}
    if isinstance(value, float):
        raise Wanting("The credential holds a number with a fraction, which ours never do.")
    return [in_order(one) for one in value] if isinstance(value, list) else value


def fingerprint(value: Any) -> bytes:
    return digest(json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":")).encode())


def open_credential(secured: dict[str, Any], issuers: list[str]) -> dict[str, Any]:
    """Return what an issuer's key signed with the cryptosuite eddsa-jcs-2022; raise ``Wanting`` where none of those given did."""
    said = {name: value for name, value in secured.items() if name != "proof"}
    how = dict(secured["proof"]) if isinstance(secured.get("proof"), dict) else {}
    written = how.pop("proofValue", "")
    expected = ("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod")
    if (how.get("type"), how.get("cryptosuite"), how.get("proofPurpose")) != expected or not isinstance(written, str):
        raise Wanting("The credential has no proof of the kind eddsa-jcs-2022.")
    if how.get("@context") != said.get("@context"):
        raise Wanting("The credential uses other terms than its proof.")
    address = str(how.get("verificationMethod"))
    used = [key for key in issuers if address.endswith(f"#{key}")]
    if not used:
        raise Wanting("The credential is not signed with an issuer's key you gave.")
    try:
        public = Ed25519PublicKey.from_public_bytes(unbase58(used[0], 34)[2:])
        public.verify(unbase58(written, 64), fingerprint(how) + fingerprint(said))
    except (InvalidSignature, UnicodeEncodeError):
        raise Wanting("The credential was changed after it was signed.") from None
    return said


def compare_badge(badge: dict[str, Any], payload: dict[str, Any], index: int) -> None:
    """Check that a credential says what the proven entry says, and names its place in the lists of states."""
    holder, award = badge["credentialSubject"]["identifier"], badge["credentialSubject"]["achievement"]
    (who,) = holder
    salted = "sha256$" + digest((payload["name"] + str(who.get("salt", ""))).encode()).hex()
    states = badge["credentialStatus"]
    places = [
        (
            one["statusPurpose"],
            int(one["statusListCredential"].rsplit("/", 1)[1]) * LARGEST_LIST + int(one["statusListIndex"]),
        )
        for one in (states if isinstance(states, list) else [states])
    ]
    # One list tells all states apart; credentials from before it name two.
    known = ([("message", index)], [("revocation", index), ("suspension", index)])
    same = {
        "the holder": who["identityType"] == "name"
        and who["identityHash"] == (salted if who["hashed"] else payload["name"]),
        "what it is for": [award["name"], award["version"]] == [payload["title"], payload["release"]],
        "the issuer": badge["issuer"]["name"] == payload["issuer"],
        "the first day": badge["validFrom"][:10] == payload["day"],
        "the last day": badge.get("validUntil", "")[:10] == payload.get("valid_until", ""),
        "its place in the lists of states": places in known,
    }
    for what, holds in same.items():
        if not holds:
            raise Wanting(f"The credential differs from the certificate: {what}.")


def issuers_given(given: list[str]) -> list[str]:
    """Return issuers' keys: those given as they are, and those in a profile."""
    found = []
    for one in given:
        if one.startswith("z6Mk"):
            found.append(one)
            continue
        try:
            found += [method["publicKeyMultibase"] for method in json.loads(read_text(Path(one)))["verificationMethod"]]
        except (ValueError, TypeError, LookupError, Wanting):
            raise Unusable(f"'{one[:80]}' is neither an issuer's key (z6Mk…) nor a profile with one.") from None
    for key in found:
        try:
            if unbase58(str(key), 34)[:2] != b"\xed\x01":
                raise Wanting
        except Wanting:
            raise Unusable(f"'{str(key)[:80]}' is not an Ed25519 key in the form of a Multikey.") from None
    return found


# --- A whole log --------------------------------------------------------------------------------------------------------


class Log:
    """An exported log, rebuilt from its entry bundles while its tiles are compared with what they must be."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder, self.report = folder, report
        self.width: list[list[bytes]] = []  # per level of tiles, the hashes of the tile that is being filled
        self.done: list[int] = []  # per level, how many tiles are full
        self.whole: list[tuple[int, bytes]] = []  # roots of complete subtrees with their heights, the highest first
        self.expected: set[Path] = set()
        self.harms = 0

    def harm(self, detail: str) -> None:
        self.harms += 1
        self.report.note("tiles", False, detail)

    def root(self) -> bytes:
        hashed = [subtree for _, subtree in self.whole] or [digest(b"")]
        while len(hashed) > 1:
            hashed[-2:] = [parent(*hashed[-2:])]
        return hashed[0]

    def add(self, entry: bytes) -> None:
        leaf = digest(b"\x00" + entry)
        self.fill(0, leaf)
        self.whole.append((0, leaf))
        while len(self.whole) > 1 and self.whole[-1][0] == self.whole[-2][0]:
            height, right = self.whole.pop()
            self.whole[-1] = (height + 1, parent(self.whole[-1][1], right))

    def fill(self, level: int, hashed: bytes) -> None:
        if level == len(self.width):
            self.width.append([])
            self.done.append(0)
        row = self.width[level]
        row.append(hashed)
        if len(row) == PER_TILE:
            self.compare(str(level), self.done[level], b"".join(row), PER_TILE)
            self.done[level] += 1
            while len(row) > 1:
                row = [parent(*row[left : left + 2]) for left in range(0, len(row), 2)]
            self.width[level] = []
            self.fill(level + 1, row[0])

    def compare(self, level: str, number: int, content: bytes, width: int) -> None:
        path = self.tile(level, number, width)
        if not path.is_file():
            self.harm(f"The tile {path.relative_to(self.folder).as_posix()} is missing.")
        elif path.read_bytes() != content:
            self.harm(f"The tile {path.relative_to(self.folder).as_posix()} is not what the entries lead to.")

    def tile(self, level: str, number: int, width: int) -> Path:
        digits = str(number).zfill(-(-len(str(number)) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        place = "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
        path = self.folder / "tile" / level / (place if width == PER_TILE else f"{place}.p/{width}")
        self.expected.add(path)
        return path

    def entries(self, size: int) -> Iterator[bytes]:
        for number in range(-(-size // PER_TILE)):
            width = min(PER_TILE, size - number * PER_TILE)
            path = self.tile("entries", number, width)
            name = path.relative_to(self.folder).as_posix()
            if not path.is_file():
                self.harm(f"The entry bundle {name} is missing, so nothing after it can be checked.")
                return
            bundle = path.read_bytes()
            items = [bundle[start : start + BUNDLE_ITEM] for start in range(0, len(bundle), BUNDLE_ITEM)]
            if len(items) != width or any(len(item) != BUNDLE_ITEM or item[:2] != b"\x00\x20" for item in items):
                self.harm(f"The entry bundle {name} does not hold {width} entries of 32 bytes: cut short or changed.")
                return
            yield from (item[2:] for item in items)

    def finish(self) -> None:
        """Compare the tiles that are not full, and look at every other file below ``tile``."""
        for level, row in enumerate(self.width):
            if row:
                self.compare(str(level), self.done[level], b"".join(row), len(row))
        for path in sorted((self.folder / "tile").rglob("*")):
            if path.is_file() and path not in self.expected and not self.is_part(path):
                self.harm(f"The file {path.relative_to(self.folder).as_posix()} is no tile of this log.")

    def is_part(self, path: Path) -> bool:
        """Return whether a file is the tile of an earlier size: the beginning of one that was compared."""
        if not path.parent.name.endswith(".p") or not re.fullmatch(r"[1-9][0-9]{0,2}", path.name):
            return False
        later = [path.parent.parent / path.parent.name.removesuffix(".p")]
        later += [one for one in path.parent.iterdir() if one in self.expected]
        item = BUNDLE_ITEM if path.relative_to(self.folder).parts[1] == "entries" else 32
        content, wanted = path.read_bytes(), int(path.name) * item
        return any(
            one in self.expected and one.is_file() and len(content) == wanted and one.read_bytes()[:wanted] == content
            for one in later
        )


def check_log(folder: Path, keys: list[LedgerKey], against: list[Path]) -> Report:
    report = Report("this log")
    current = open_named(folder / "checkpoint", keys, report)
    heads = [*open_all(folder / "checkpoints.jsonl", keys, report), *([current] if current else [])]
    last = heads[-1] if heads else None
    names: list[str] = []
    for earlier, later in pairwise(heads):
        if later.origin != earlier.origin:
            names.append(earlier.origin)
            # A log may go on under a new name, where whoever checks brings every key of the former one with its end.
            if later.origin in names or any(key.until is None for key in keys if key.name == earlier.origin):
                report.note(
                    "checkpoints", False, f"{later} is of '{later.origin}', the one before of '{earlier.origin}'."
                )
        if later != earlier and (later.size < earlier.size or later.time <= earlier.time):
            report.note("checkpoints", False, f"{later} does not come after {earlier}.")
    kept = [open_named(path, keys, report) for path in against]
    asked: dict[int, list[tuple[str, Head]]] = {}
    for name, some in (("checkpoints", heads), ("against", [head for head in kept if head])):
        for head in some:
            asked.setdefault(head.size, []).append((name, head))
    for head in kept:
        if head and last and head.origin not in {one.origin for one in heads}:
            report.note("against", False, f"{head} is of '{head.origin}', and this log is '{last.origin}'.")
    log, count = Log(folder, report), 0
    roots = {0: log.root()} if 0 in asked else {}
    for entry in log.entries(last.size if last else 0):
        log.add(entry)
        count += 1
        if count in asked:
            roots[count] = log.root()
    if last and count == last.size:
        log.finish()
    bad = 0
    for size, named in sorted(asked.items()):
        for name, head in named:
            if size not in roots:
                report.note(name, False, f"{head} covers more entries than the {count} that are here.")
            elif roots[size] != head.root:
                report.note(name, False, f"{head} was signed over another history than the entries here.")
            else:
                continue
            bad += 1
    if last and not log.harms:
        report.note("tiles", True, f"{count} entries lead to every tile.")
    if heads and not bad:
        checked = len(set(heads))
        many = f"{checked} checkpoints were signed over this one history, each the one before with more added."
        report.note("checkpoints", True, many if checked > 1 else "The checkpoint was signed over this history.")
    if against and all(kept) and not any(check["name"] == "against" and not check["ok"] for check in report.checks):
        report.note("against", True, "The log is the one you kept a checkpoint of, with more added.")
    report.facts = {"entries": count, "checkpoint": last.as_fact() if last else None}
    return report


def open_named(path: Path, keys: list[LedgerKey], report: Report) -> Head | None:
    try:
        return open_head(read_text(path), keys)
    except (Wanting, Unusable) as harm:
        report.note("checkpoint", False, f"{path.name}: {harm}")
        return None


def open_all(path: Path, keys: list[LedgerKey], report: Report) -> list[Head]:
    """Return the checkpoints of a file with one note a line, written as a JSON text, the oldest first."""
    heads = []
    if path.is_file():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    note = json.loads(line)
                    if not isinstance(note, str) or not line.endswith("\n"):
                        raise ValueError
                    heads.append(open_head(note, keys))
                except (ValueError, RecursionError):
                    report.note("checkpoints", False, f"Line {number} of {path.name} is cut short or no checkpoint.")
                except Wanting as harm:
                    report.note("checkpoints", False, f"Line {number} of {path.name}: {harm}")
    return heads


# --- The command --------------------------------------------------------------------------------------------------------


def read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > most:
        raise Wanting(f"{path.name} is larger than any file of its kind.")
    return data


def read_text(path: Path) -> str:
    try:
        return read(path, SMALL_FILE).decode()
    except UnicodeDecodeError:
        raise Wanting(f"{path.name} is not text in UTF-8.") from None


def keys_given(given: list[str]) -> list[LedgerKey]:
    lines: list[str] = []
    for one in given:
        try:
            lines += read_text(Path(one)).splitlines() if Path(one).is_file() else [one]
        except Wanting as harm:
            raise Unusable(str(harm)) from None
    keys = [LedgerKey.parse(line.strip()) for line in lines if line.strip()]
    if not keys:
        raise Unusable("No key was given.")
    return keys


def signers_given(paths: list[Path]) -> list[x509.Certificate]:
    """Return the signers in the files: all but those that issued another one there, which sign other things as well."""
    found: list[x509.Certificate] = []
    for path in paths:
        try:
            present = x509.load_pem_x509_certificates(read(path, SMALL_FILE))
        except (ValueError, Wanting):
            raise Unusable(f"{path} holds no certificate in PEM.") from None
        found += [one for one in present if not any(has_issued(one, other) for other in present if other != one)]
    return found


def has_issued(issuer: x509.Certificate, other: x509.Certificate) -> bool:
    try:
        other.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Check a proof, a certificate or a whole log of a training ledger, offline."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    proof = commands.add_parser("proof", help="one entry: its proof and its opening")
    proof.add_argument("proof", type=Path, metavar="ENTRY.tlog-proof")
    proof.add_argument("opening", type=Path, metavar="OPENING.json")
    certificate = commands.add_parser("certificate", help="a certificate's PDF file")
    certificate.add_argument("file", type=Path, metavar="FILE.pdf")
    certificate.add_argument(
        "--signer", type=Path, action="append", required=True, metavar="PEM", help="the certificates you trust"
    )
    certificate.add_argument(
        "--issuer", action="append", default=[], metavar="KEY", help="an issuer's key, or a profile"
    )
    log = commands.add_parser("log", help="an exported log: checkpoint, checkpoints.jsonl and tiles")
    log.add_argument("folder", type=Path, metavar="FOLDER")
    log.add_argument("--against", type=Path, action="append", default=[], metavar="CHECKPOINT", help="one you kept")
    for command in (proof, certificate, log):
        command.add_argument("--key", action="append", required=True, help="a verifier key line, or a file of them")
        command.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return parser


def limit_memory() -> None:
    """Let ``pikepdf`` unpack no stream beyond measure, where it is recent enough to be told."""
    import pikepdf

    tell = getattr(pikepdf.settings, "set_qpdf_limits", None)
    if tell is not None:
        tell(flate_max_memory=8 * UNPACKED)


def examined(given: argparse.Namespace) -> Report:
    keys = keys_given(given.key)
    report = Report("this file")
    try:
        if given.command == "proof":
            report.subject = "this entry"
            prove(read_text(given.proof), read_text(given.opening), keys, report)
        elif given.command == "certificate":
            limit_memory()
            report = check_certificate(
                read(given.file, LARGE_FILE), signers_given(given.signer), keys, issuers_given(given.issuer)
            )
        elif not given.folder.is_dir():
            raise Unusable(f"{given.folder} is not a folder.")
        else:
            for kept in given.against:
                read(kept, SMALL_FILE)
            report = check_log(given.folder, keys, given.against)
    except Wanting as harm:
        report.note("file", False, str(harm))
    return report


def main() -> int:
    given = arguments().parse_args()
    try:
        report = examined(given)
    except Unusable as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except ImportError:
        print("Certificates need the Python package 'pikepdf': python -m pip install pikepdf", file=sys.stderr)
        return 2
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(report.printed_as_json() if given.json else report.printed_for_people())
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
