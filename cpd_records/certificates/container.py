"""The signature container (CMS, PAdES) of a certificate's file.

pyHanko makes one container for each key, and this is its mould: between two certificates only the digest and the signature differ, so the
others are made by putting these two into a copy. That is eight milliseconds saved on each certificate, and a test holds that the bytes
are those that pyHanko makes.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cpd_records.certificates.keys import SigningIdentity
from cpd_records.certificates.loops import outside_any_loop

DIGEST = "sha256"
_NO_DIGEST = bytes(32)
_SEQUENCE, _SET, _OCTETS, _CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0


class SteadySigner(SimpleSigner):
    """Signs with the key as it is in memory, and deterministically (RFC 6979)."""

    def __init__(self, identity: SigningIdentity) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([asn1_certificate(each) for each in identity.above])
        self._key = identity.key
        super().__init__(
            signing_cert=asn1_certificate(identity.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(
                identity.key.private_bytes(
                    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            cert_registry=store,
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


class Mould:
    """A container of this key, taken apart where the digest and the signature go."""

    def __init__(self, identity: SigningIdentity) -> None:
        self.signer = SteadySigner(identity)
        whole = cms.ContentInfo.load(self.made_by_pyhanko(_NO_DIGEST))
        signed = whole["content"]
        (info,) = signed["signer_infos"]
        self._attributes = b"".join(attribute.dump() for attribute in info["signed_attrs"])
        if self._attributes.count(_NO_DIGEST) != 1:
            raise ValueError("The container made by pyHanko does not hold the digest exactly once.")
        self._info_before = info["version"].dump() + info["sid"].dump() + info["digest_algorithm"].dump()
        self._info_algorithm = info["signature_algorithm"].dump()
        self._signed_before = b"".join(
            signed[name].dump() for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
        )
        self._type = whole["content_type"].dump()

    def made_by_pyhanko(self, digest: bytes) -> bytes:
        """Return the container for a digest as pyHanko makes it."""
        made: cms.ContentInfo = outside_any_loop(
            lambda: asyncio.run(self.signer.async_sign(digest, DIGEST, use_pades=True))
        )
        der: bytes = made.dump()
        return der

    def filled(self, digest: bytes) -> bytes:
        """Return the container for the SHA-256 of the signed ranges (32 bytes): the same bytes, sooner."""
        attributes = self._attributes.replace(_NO_DIGEST, digest)
        # What is signed is the set of attributes under its own tag, not under the one it has inside the container.
        signature = self.signer.sign_raw(_der(_SET, attributes), DIGEST)
        info = _der(
            _SEQUENCE, self._info_before, _der(_CONTEXT_0, attributes), self._info_algorithm, _der(_OCTETS, signature)
        )
        signed = _der(_SEQUENCE, self._signed_before, _der(_SET, info))
        return _der(_SEQUENCE, self._type, _der(_CONTEXT_0, signed))


@lru_cache(maxsize=4)
def mould_of(identity: SigningIdentity) -> Mould:
    """Return the mould of a key, made once for each process."""
    return Mould(identity)


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _der(tag: int, *parts: bytes) -> bytes:
    """Return parts under one tag, with their length as DER writes it."""
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content
