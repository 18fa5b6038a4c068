"""``manage.py verify_certificate``: check a certificate's file, against our record or with keys alone."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography import x509
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.certificates import keys
from cpd_records.certificates.checking import LARGEST_FILE, Answer, Verdict, answer_for_file
from cpd_records.certificates.offline import OfflineAnswer, check_offline
from cpd_records.certificates.particulars import Particulars
from cpd_records.ledger.keys import verifier_keys
from people import clock


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
        parser.add_argument("--trust", type=Path, metavar="PEM", help="signing certificate to trust instead of our own")
        parser.add_argument("--ledger-key", type=Path, metavar="FILE", help="ledger keys to trust, a line each")

    def handle(self, *args: Any, file: Path, offline: bool, **options: Any) -> None:
        if not offline and (options["trust"] or options["ledger_key"]):
            raise CommandError("--trust and --ledger-key go with --offline.", returncode=2)
        pdf = _read(file)
        if offline:
            answer = _offline_report(
                check_offline(pdf, signers=_signers(options["trust"]), ledger_keys=_keys(options["ledger_key"]))
            )
        else:
            answer = _report(answer_for_file(pdf, on=clock.today()))
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(answer)
        if not answer["ok"]:
            raise SystemExit(1)

    def _tell(self, answer: dict[str, Any]) -> None:
        self.stdout.write(answer["answer"])
        for check in answer["checks"]:
            self.stdout.write(f"{'holds' if check['ok'] else 'FAILS'}  {check['name']}: {check['detail']}")
        for name, value in (answer["particulars"] or {}).items():
            self.stdout.write(f"{name}: {value}")


def _report(answer: Answer) -> dict[str, Any]:
    return {
        "ok": answer.verdict is Verdict.VALID,
        "verdict": str(answer.verdict),
        "answer": f"{answer.heading}. {answer.sentence}",
        "checks": [{"name": check.name, "ok": check.is_good, "detail": check.detail} for check in answer.checks],
        "particulars": _plain(answer.particulars),
    }


def _offline_report(answer: OfflineAnswer) -> dict[str, Any]:
    proven = answer.proven
    ledger = (
        f"Entry {proven.index} of '{proven.origin}', size {proven.size}, signed {proven.time}."
        if proven
        else "Not proven."
    )
    return {
        "ok": answer.is_good,
        "verdict": "proven" if answer.is_good else "not_proven",
        "answer": (
            "The file proves itself. Whether the certificate was withdrawn or replaced since, only we can say."
            if answer.is_good
            else " ".join(answer.problems)
        ),
        "checks": [
            {"name": "signature", "ok": answer.signature.is_good, "detail": answer.signature.detail},
            {"name": "ledger", "ok": proven is not None, "detail": ledger},
        ],
        "particulars": _plain(answer.particulars),
    }


def _plain(particulars: Particulars | None) -> dict[str, Any] | None:
    if particulars is None:
        return None
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(particulars).items()
    }


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"The file {file} cannot be read: {error.strerror}.", returncode=2) from error


def _signers(file: Path | None) -> list[x509.Certificate]:
    if file is None:
        return keys.trusted_certificates()
    try:
        # Only the first: those above it sign other things as well.
        return x509.load_pem_x509_certificates(file.read_bytes())[:1]
    except (OSError, ValueError) as error:
        raise CommandError(f"{file} holds no certificate in PEM.", returncode=2) from error


def _keys(file: Path | None) -> list[str]:
    if file is None:
        return [str(key) for key in verifier_keys()]
    try:
        return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The ledger keys {file} cannot be read.", returncode=2) from error
