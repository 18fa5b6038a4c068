"""The key that signs certificates, and the X.509 chain that says whose it is.

It is not the ledger's key: see the decision record. Production takes both from its environment (``CERTIFICATE_SIGNING_KEY``,
``CERTIFICATE_SIGNING_CHAIN``, in PEM). Embedded mode makes them once, in one file readable by its owner only, and says so.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)

FILE = "certificate_signing.pem"
# Sample history is signed with dates in the past, so the embedded certificate is valid from well before it was made.
EMBEDDED_VALID_FROM = datetime(2015, 1, 1, tzinfo=UTC)
EMBEDDED_VALIDITY = timedelta(days=365 * 20)
EMBEDDED_NAME = "Certificates (made by this installation)"


@dataclass(frozen=True)
class SigningIdentity:
    """The private key, its certificate, and the certificates above it, nearest first."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def chain_pem(self) -> str:
        """What is published: the signer's certificate first."""
        return "".join(
            each.public_bytes(serialization.Encoding.PEM).decode() for each in (self.certificate, *self.above)
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, in hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def signing_identity() -> SigningIdentity:
    """Return the key and chain in use; raise ``ImproperlyConfigured`` with a sentence where they cannot be used."""
    if settings.CERTIFICATE_SIGNING_KEY or settings.CERTIFICATE_SIGNING_CHAIN:
        return _parsed(
            settings.CERTIFICATE_SIGNING_KEY,
            settings.CERTIFICATE_SIGNING_CHAIN,
            "CERTIFICATE_SIGNING_KEY",
            "CERTIFICATE_SIGNING_CHAIN",
        )
    pem = _made_once()
    return _parsed(pem, pem, FILE, FILE)


def trusted_certificates() -> list[x509.Certificate]:
    """Return every signer's certificate whose signatures are trusted here, the current one first."""
    trusted = [signing_identity().certificate]
    for pem in getattr(settings, "CERTIFICATE_RETIRED_CERTIFICATES", []):
        # Not those above them in their chain: they sign other things as well.
        trusted.extend(signers_among(_certificates(pem, "CERTIFICATE_RETIRED_CERTIFICATES")))
    return trusted


@dataclass(frozen=True)
class PublishedSigner:
    """A certificate that signs, or signed earlier, as it is published."""

    certificate: x509.Certificate
    is_current: bool

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def good_from(self) -> date:
        return self.certificate.not_valid_before_utc.date()

    @property
    def good_to(self) -> date:
        return self.certificate.not_valid_after_utc.date()


def published_signers() -> list[PublishedSigner]:
    """Return every signer's certificate that somebody outside needs, to check what was signed today or before a key was exchanged."""
    current = signing_identity().certificate
    return [PublishedSigner(one, one == current) for one in signers_among(trusted_certificates())]


def signers_among(certificates: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """Return those that sign files, each once: not those above them, which issued another one that is there."""
    once = list(dict.fromkeys(certificates))
    return [one for one in once if not any(_issued(one, other) for other in once if other != one)]


def _issued(above: x509.Certificate, below: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


@lru_cache(maxsize=4)
def _parsed(key_pem: str, chain_pem: str, key_source: str, chain_source: str) -> SigningIdentity:
    certificates = _certificates(chain_pem, chain_source)
    try:
        key = serialization.load_pem_private_key(key_pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"{key_source} must be a private key in PEM, without a password.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ImproperlyConfigured(f"{key_source} must be an elliptic-curve key, such as P-256.")
    if certificates[0].public_key() != key.public_key():
        raise ImproperlyConfigured(f"The first certificate in {chain_source} does not belong to {key_source}.")
    return SigningIdentity(key, certificates[0], tuple(certificates[1:]))


def _certificates(pem: str, source: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise ImproperlyConfigured(f"{source} must hold at least one certificate in PEM.") from error


def _made_once() -> str:
    """Return key and certificate from the file under KEYS_DIR, made whole by whoever comes first."""
    directory = Path(settings.KEYS_DIR)
    path = directory / FILE
    if path.exists():
        return path.read_text(encoding="ascii")
    if not settings.EMBEDDED:
        raise ImproperlyConfigured(
            "CERTIFICATE_SIGNING_KEY and CERTIFICATE_SIGNING_CHAIN are needed: production makes no keys itself."
        )
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = directory / f".{FILE}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(_fresh_identity())
    try:
        # A link is made whole or not at all, so two processes that start together agree on one key.
        os.link(draft, path)
        logger.warning("Made the key that signs certificates; keep a copy of it in a safe place: %s", path)
    except FileExistsError:
        logger.debug("Another process made the key that signs certificates first")
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")


def _fresh_identity() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, EMBEDDED_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(EMBEDDED_VALID_FROM)
        .not_valid_after(datetime.now(UTC) + EMBEDDED_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + certificate.public_bytes(serialization.Encoding.PEM)).decode()
