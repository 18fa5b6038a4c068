"""``manage.py verify_certificate``: check a certificate's file, against our record or with keys alone."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management.base import BaseCommand, CommandError, CommandParser
from pikepdf.settings import set_qpdf_limits

from cpd_records.certificates import keys
from cpd_records.certificates.checking import Answer, Verdict, answer_for_file
from cpd_records.certificates.files import LARGEST_ISSUED
from cpd_records.certificates.offline import OfflineAnswer, check_offline
from cpd_records.certificates.particulars import Particulars
from cpd_records.credentials.data_integrity import from_multikey
from cpd_records.credentials.keys import trusted_keys
from cpd_records.ledger.canonical import time_text
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.keys import verifier_keys
from people import clock

# Bytes of any one stream.
MOST_UNPACKED = 64 * 1024 * 1024
WORDS = {True: "holds", False: "FAILS", None: "none "}


class Command(BaseCommand):
    help = (
        "Check a certificate's file. Exit status 0: ours, unchanged, and it stands; 1: found wanting; 2: bad usage. "
        "With --offline no database is read, and only what the file proves against the given keys is said."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument(
            "--offline", action="store_true", help="read no database; say what the file proves by itself"
        )
        parser.add_argument(
            "--trust",
            type=Path,
            action="append",
            metavar="PEM",
            help="signing certificates to trust instead of our own; may be given several times",
        )
        parser.add_argument("--ledger-key", type=Path, metavar="FILE", help="ledger keys to trust, a line each")
        parser.add_argument(
            "--issuer", type=Path, metavar="FILE", help="issuer's profile to trust, as /credentials/issuer"
        )

    def handle(self, *args: Any, file: Path, offline: bool, **options: Any) -> None:
        if not offline and (options["trust"] or options["ledger_key"] or options["issuer"]):
            raise CommandError("--trust, --ledger-key and --issuer go with --offline.", returncode=2)
        pdf = _read(file)
        with _limited():
            proved = check_offline(
                pdf,
                signers=_signers(options["trust"]),
                ledger_keys=_keys(options["ledger_key"]),
                issuers=_issuers(options["issuer"]),
            )
            report = _offline_report(proved) if offline else _answered(pdf, proved)
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self._tell(report)
        if not report["valid"]:
            raise SystemExit(1)

    def _tell(self, report: dict[str, Any]) -> None:
        self.stdout.write(report["answer"])
        for name, holds in report["checks"].items():
            self.stdout.write(f"{WORDS[holds]}  {name}")
        for name, value in (report["particulars"] or {}).items():
            self.stdout.write(f"{name}: {value}")


@contextmanager
def _limited() -> Iterator[None]:
    """Let the reader of PDF unpack no stream without end, such as a table of objects; the limit holds for the whole process."""
    before = set_qpdf_limits(flate_max_memory=MOST_UNPACKED)
    try:
        yield
    finally:
        set_qpdf_limits(**before)  # type: ignore[arg-type]


def _answered(pdf: bytes, proved: OfflineAnswer) -> dict[str, Any]:
    """Return what our record says of the file now, and on how many sealed entries that rests."""
    at, checkpoint = clock.now(), last_checkpoint()
    answer = answer_for_file(pdf, on=clock.today(), checkpoint=checkpoint)
    return {
        **_report(answer, proved),
        "answered_at": time_text(at),
        "size": checkpoint.size if checkpoint else 0,
        "unsealed": answer.unsealed,
    }


def _report(answer: Answer, proved: OfflineAnswer) -> dict[str, Any]:
    """Return what we say about the file that was given. ``standing`` is that of the certificate it is, or is an edited copy of."""
    ours = {check.name: check.is_good for check in answer.checks}
    return {
        "valid": answer.verdict is Verdict.VALID,
        "standing": None if answer.standing is None else str(answer.standing),
        "checks": {
            "signature": proved.signature.is_good,
            # Byte for byte what we issued; of what we hold no particulars of any more, the signature alone says so.
            "integrity": ours.get("integrity", proved.signature.is_good),
            "inclusion": proved.proven is not None and ours.get("inclusion", True),
            "checkpoint": proved.has_checkpoint and ours.get("checkpoint", True),
            "credential": proved.has_credential,
        },
        "particulars": _plain(answer.particulars),
        "answer": f"{answer.heading}. {answer.sentence}",
    }


def _offline_report(proved: OfflineAnswer) -> dict[str, Any]:
    return {
        "valid": proved.is_good,
        "standing": None,
        "checks": {
            "signature": proved.signature.is_good,
            "integrity": proved.signature.is_intact,
            "inclusion": proved.proven is not None,
            "checkpoint": proved.has_checkpoint,
            "credential": proved.has_credential,
        },
        "particulars": _plain(proved.particulars),
        "answer": (
            "The file proves itself. Whether the certificate was withdrawn, suspended or replaced since, only we can say."
            if proved.is_good
            else " ".join(proved.problems)
        ),
    }


def _plain(particulars: Particulars | None) -> dict[str, Any] | None:
    if particulars is None:
        return None
    plain: dict[str, Any] = json.loads(json.dumps(asdict(particulars), default=str))
    return plain


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_ISSUED + 1)
    except OSError as error:
        raise CommandError(f"The file {file} cannot be read: {error.strerror}.", returncode=2) from error


def _signers(files: Sequence[Path] | None) -> list[x509.Certificate]:
    if not files:
        return keys.trusted_certificates()
    found: list[x509.Certificate] = []
    for file in files:
        try:
            # Not those above them in their chain: they sign other things as well.
            found += keys.signers_among(x509.load_pem_x509_certificates(file.read_bytes()))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} holds no certificate in PEM.", returncode=2) from error
    return found


def _keys(file: Path | None) -> list[str]:
    if file is None:
        return [str(key) for key in verifier_keys()]
    try:
        return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The ledger keys {file} cannot be read.", returncode=2) from error


def _issuers(file: Path | None) -> list[Ed25519PublicKey]:
    if file is None:
        return trusted_keys()
    try:
        methods = json.loads(file.read_bytes())["verificationMethod"]
        return [from_multikey(method["publicKeyMultibase"]) for method in methods]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is no issuer's profile with keys.", returncode=2) from error
