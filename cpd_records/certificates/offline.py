"""Checking a certificate's file with nothing but the file and the keys one trusts: no database, no site. ``docs/certificates.md``.

Keys are given by whoever checks and are never taken from the file. What is shown as proven comes from the opening that the ledger's proof
covers. Whether the certificate was withdrawn or replaced since cannot be known without us.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from cryptography import x509

from cpd_records.certificates.particulars import OPENING_NAME, PROOF_NAME, Particulars
from cpd_records.certificates.signing import SignatureCheck, check_signature
from cpd_records.verification.formats import Malformed
from cpd_records.verification.proofs import ProvenEntry, check_proof


@dataclass(frozen=True)
class OfflineAnswer:
    """What the file proves by itself. ``problems`` are sentences; there are none where everything holds."""

    signature: SignatureCheck
    proven: ProvenEntry | None
    particulars: Particulars | None
    problems: list[str]

    @property
    def is_good(self) -> bool:
        return not self.problems


def check_offline(pdf: bytes, *, signers: Sequence[x509.Certificate], ledger_keys: Sequence[str]) -> OfflineAnswer:
    """Check signature, proof and opening of a file against ``signers`` and ``ledger_keys`` (lines as ``/ledger/key`` has them)."""
    signature = check_signature(pdf, signers)
    problems = [] if signature.is_good else [signature.detail]
    proven: ProvenEntry | None = None
    particulars: Particulars | None = None
    try:
        attached = _attachments(pdf)
        opening = json.loads(attached[OPENING_NAME])
        proven = check_proof(attached[PROOF_NAME].decode(), opening, keys=ledger_keys)
        particulars = Particulars.read(proven.payload)
    except pikepdf.PdfError:
        problems.append("The file cannot be read as a PDF.")
    except KeyError as error:
        problems.append(f"The file does not carry {error}.")
    except Malformed as error:
        problems.append(f"The proof does not hold: {error}.")
    except (ValueError, RecursionError):
        problems.append("What the file carries is not the opening of a certificate.")
    return OfflineAnswer(signature, proven, particulars, problems)


def _attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(BytesIO(pdf)) as document:
        return {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
