"""Checking a certificate's file with nothing but the file and the keys one trusts: no database, no site. ``docs/certificates.md``.

Keys are given by whoever checks and are never taken from the file. What is shown as proven comes from the opening that the ledger's proof
covers. Whether the certificate was withdrawn, suspended or replaced since cannot be known without us.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cpd_records.certificates.particulars import CREDENTIAL_NAME, OPENING_NAME, PROOF_NAME, Particulars
from cpd_records.certificates.proving import TooMuchAttached, attached_to
from cpd_records.certificates.signing import SignatureCheck, check_signature
from cpd_records.credentials.checking import check_credential
from cpd_records.credentials.data_integrity import ProofRefused
from cpd_records.verification import formats
from cpd_records.verification.formats import Malformed
from cpd_records.verification.proofs import ProvenEntry, check_proof


@dataclass(frozen=True)
class OfflineAnswer:
    """What the file proves by itself. ``problems`` are sentences; there are none where everything holds.

    ``has_checkpoint`` says that a trusted key signed the state of the ledger in it; ``has_credential`` that the credential in it holds,
    None where it carries none, as those issued before certificates had one.
    """

    signature: SignatureCheck
    proven: ProvenEntry | None
    particulars: Particulars | None
    problems: list[str]
    has_checkpoint: bool = False
    has_credential: bool | None = None

    @property
    def is_good(self) -> bool:
        return not self.problems


def check_offline(
    pdf: bytes,
    *,
    signers: Sequence[x509.Certificate],
    ledger_keys: Sequence[str],
    issuers: Sequence[Ed25519PublicKey] = (),
) -> OfflineAnswer:
    """Check signature, proof, opening and credential of a file.

    Trusted are ``signers``, ``ledger_keys`` (lines as ``/ledger/key`` has them) and ``issuers``; without these a credential is not checked.
    """
    attached, unread = _attached(pdf)
    signature = check_signature(pdf, signers)
    answer = OfflineAnswer(signature, None, None, [] if signature.is_good else [signature.detail])
    if unread:
        return _with(answer, unread)
    try:
        answer = replace(answer, has_checkpoint=_has_checkpoint(attached, ledger_keys))
        opening = json.loads(attached[OPENING_NAME])
        proven = check_proof(attached[PROOF_NAME].decode(), opening, keys=ledger_keys)
        answer = replace(answer, proven=proven, particulars=Particulars.read(proven.payload))
    except KeyError as error:
        return _with(answer, f"The file does not carry {error}.")
    except Malformed as error:
        return _with(answer, f"The proof does not hold: {error}.")
    except (ValueError, TypeError, RecursionError):
        return _with(answer, "What the file carries is not the opening of a certificate.")
    return _with_credential(answer, attached.get(CREDENTIAL_NAME), issuers)


def _attached(pdf: bytes) -> tuple[dict[str, bytes], str]:
    """Return what is attached to the file, and in a sentence why that cannot be told, or nothing."""
    try:
        return attached_to(pdf), ""
    except pikepdf.PasswordError:
        return {}, "The file is encrypted, and our certificates never are."
    except TooMuchAttached as refused:
        return {}, str(refused)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError):
        return {}, "The file cannot be read as a PDF."


def _has_checkpoint(attached: dict[str, bytes], ledger_keys: Sequence[str]) -> bool:
    try:
        note = formats.read_proof(attached[PROOF_NAME].decode()).checkpoint
        formats.read_checkpoint(note, [formats.trusted_key(line) for line in ledger_keys])
    except (Malformed, KeyError, UnicodeDecodeError):
        return False
    return True


def _with_credential(
    answer: OfflineAnswer, credential: bytes | None, issuers: Sequence[Ed25519PublicKey]
) -> OfflineAnswer:
    if credential is None or not issuers:
        return answer
    assert answer.particulars is not None
    assert answer.proven is not None
    try:
        check_credential(credential, answer.particulars, answer.proven.index, issuers)
    except ProofRefused as refusal:
        return replace(_with(answer, str(refusal)), has_credential=False)
    return replace(answer, has_credential=True)


def _with(answer: OfflineAnswer, problem: str) -> OfflineAnswer:
    return replace(answer, problems=[*answer.problems, problem])
