"""The signature: over the whole file, by a key one trusts beforehand, broken by any changed byte. And the key itself."""

import asyncio
import hashlib
import io
import random
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from cpd_records.certificates import container, keys
from cpd_records.certificates.checks import check_signing_key
from cpd_records.certificates.keys import SigningIdentity
from cpd_records.certificates.signature_field import NoRoom
from cpd_records.certificates.signing import check_signature, field_of, sign_certificate
from tests.cpd_records.certificate_acts import SEALED, drawn, opened


def inside_a_loop(function, *given):
    """Return what the function returns in a thread where an event loop runs, as in an async server.

    A thread of its own: in this one a browser's loop may be running since a journey.
    """

    async def run():
        return function(*given)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


def drawn_for(identity, *, issuer="Example Police Service", **given):
    """Return an unsigned file with room for a signature of this key."""
    field = field_of(identity, at=SEALED.at, reason="Certificate issued", name=issuer)
    return drawn(signature=field, **given)


def signed_with(identity, **given):
    return sign_certificate(drawn_for(identity, **given), identity)


def made_key(name="Somebody else", *, key=None, issuer=None):
    """Return an identity made here: self-signed, or signed by ``issuer``."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime.now(UTC) + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return SigningIdentity(key, certificate, (issuer.certificate,) if issuer else ())


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture(scope="module")
def identity():
    return keys.signing_identity()


@pytest.fixture(scope="module")
def signed(identity):
    return signed_with(identity)


def test_a_signed_file_is_good_under_the_key_that_signed_it(signed, identity):
    result = check_signature(signed, [identity.certificate])
    assert (result.is_good, result.detail) == (True, "The signature matches our published key.")


def test_a_signature_is_read_alike_where_an_event_loop_runs_already(signed, identity):
    for pdf, trusted in ((signed, identity), (signed, made_key()), (signed + b"\n% a note", identity)):
        outside = check_signature(pdf, [trusted.certificate])
        assert inside_a_loop(check_signature, pdf, [trusted.certificate]) == outside
        assert outside.detail != "The signature cannot be read."


def test_a_file_is_signed_alike_where_an_event_loop_runs_already(signed, identity):
    container.mould_of.cache_clear()
    assert inside_a_loop(signed_with, identity) == signed


def test_signing_twice_gives_the_same_bytes(signed, identity):
    assert signed_with(identity) == signed


def test_the_container_is_the_one_pyhanko_makes_byte_for_byte(identity):
    authority = made_key("Authority")
    for each in (identity, made_key("Force", issuer=authority)):
        mould = container.Mould(each)
        for digest in (bytes(range(32)), b"\xff" * 32, hashlib.sha256(b"a certificate").digest()):
            assert mould.filled(digest) == mould.made_by_pyhanko(digest)


def test_signing_leaves_conformity_as_it_was(signed):
    with opened(drawn()) as before, opened(signed) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.pdf_version == "1.7"
        assert "/Version" not in after.Root
        assert len(after.Root.AF) == 2
        assert "/StructTreeRoot" in after.Root
        (widget,) = [each for each in after.pages[0].Annots if each.Subtype == "/Widget"]
        assert int(widget.F) & 0b100, "PDF/A: an annotation is printed"
        assert not int(widget.F) & 0b100011, "PDF/A: and not hidden"
        assert [float(each) for each in widget.Rect] == [0, 0, 0, 0]
        assert str(widget.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(widget.V.M) == "D:20261123111000Z"


def test_the_field_is_what_the_library_would_have_added(signed):
    field = SigFieldSpec("Signature", readable_field_name="Certificate issued")
    bare = IncrementalPdfFileWriter(io.BytesIO(drawn()))
    append_signature_field(bare, field)
    added = io.BytesIO()
    bare.write(added)
    with opened(added.getvalue()) as theirs, opened(signed) as ours:
        kinds = {"/Type", "/Subtype", "/FT", "/T", "/TU", "/F", "/Rect"}
        (one,), (other,) = theirs.Root.AcroForm.Fields, ours.Root.AcroForm.Fields
        assert {key: one[key] for key in kinds} == {key: other[key] for key in kinds}
        assert set(other.keys()) - set(one.keys()) == {"/V"}
        assert other.P.objgen == ours.pages[0].obj.objgen
        assert len(ours.pages[0].Annots) == len(theirs.pages[0].Annots)
        assert int(ours.Root.Extensions.ESIC.ExtensionLevel) == 1


def test_the_file_is_one_revision(signed):
    assert signed.count(b"%%EOF") == 1
    with opened(signed) as document:
        assert "/Prev" not in document.trailer
        assert document.check_pdf_syntax() == []


def test_signing_changes_nothing_but_the_room_and_its_ranges(identity):
    before, after = drawn_for(identity), signed_with(identity)
    assert len(before) == len(after)
    start = before.index(b"/Contents <")
    end = before.index(b"/Type /Sig", start)
    assert (before[:start], before[end:]) == (after[:start], after[end:])


def test_an_issuer_of_any_letters_stands_in_the_signature(identity):
    for name in ("Heddlu Gŵyr (Cymru)", ">/ByteRange [0 1 2 3] /Contents <00", "ያቆብ \\"):
        signed = signed_with(identity, issuer=name)
        assert check_signature(signed, [identity.certificate]).is_good
        with opened(signed) as document:
            assert str(document.Root.AcroForm.Fields[0].V.Name) == name


def test_a_file_without_room_is_refused_and_not_signed_beside_it(identity):
    with pytest.raises(NoRoom, match="without room"):
        sign_certificate(drawn(), identity)
    narrow = replace(field_of(identity, at=SEALED.at, reason="Certificate issued", name="Force"), room=64)
    with pytest.raises(NoRoom, match="64 were kept"):
        sign_certificate(drawn(signature=narrow), identity)


def test_every_changed_byte_breaks_it(signed, identity):
    chosen = random.Random(20261123).sample(range(len(signed)), 60)
    for place in [0, len(signed) - 1, *chosen]:
        flipped = bytearray(signed)
        flipped[place] ^= 1
        assert not check_signature(bytes(flipped), [identity.certificate]).is_good, f"byte {place}"


def test_a_byte_in_the_signatures_own_place_breaks_it_too(signed, identity):
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    for place in (start, start + 400, start + 4000):
        flipped = bytearray(signed)
        flipped[place] = ord("1") if flipped[place] != ord("1") else ord("2")
        assert not check_signature(bytes(flipped), [identity.certificate]).is_good


def test_anything_added_breaks_it(signed, identity):
    assert not check_signature(signed + b"\n% a note", [identity.certificate]).is_good
    with opened(signed) as document:
        document.docinfo["/Title"] = "Something grander"
        changed = io.BytesIO()
        document.save(changed)
    assert not check_signature(changed.getvalue(), [identity.certificate]).is_good


def test_a_file_signed_by_somebody_else_is_not_ours_even_under_our_name(identity):
    impostor = made_key(keys.EMBEDDED_NAME)
    result = check_signature(signed_with(impostor), [identity.certificate])
    assert not result.is_good


def test_a_key_inside_the_file_is_never_believed(identity):
    impostor = made_key()
    assert not check_signature(signed_with(impostor), [identity.certificate]).is_good
    assert check_signature(signed_with(impostor), [impostor.certificate]).is_good


def test_what_carries_no_signature_or_is_no_pdf_is_said_in_a_sentence(identity):
    assert check_signature(drawn(), [identity.certificate]).detail == "The file carries no signature."
    assert check_signature(b"%PDF-1.7\nnothing", [identity.certificate]).detail == "The signature cannot be read."
    assert check_signature(b"", [identity.certificate]).detail == "The signature cannot be read."


def test_a_signer_below_an_authority_is_trusted_by_itself():
    authority = made_key("Authority")
    signer = made_key("Force", issuer=authority)
    assert check_signature(signed_with(signer), [signer.certificate]).is_good
    other = made_key("Another of the same authority", issuer=authority)
    assert not check_signature(signed_with(other), [signer.certificate]).is_good


# --- The key ---------------------------------------------------------------------------------------------------------------


def test_embedded_mode_makes_the_key_once_and_for_its_owner_only(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    first = keys.signing_identity()
    assert keys.signing_identity().fingerprint == first.fingerprint
    (made,) = list(Path(settings.KEYS_DIR).iterdir())
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(settings.KEYS_DIR).stat().st_mode) == 0o700
    assert isinstance(first.key.curve, ec.SECP256R1)
    assert "PRIVATE" not in first.chain_pem


def test_production_makes_no_key(settings, tmp_path):
    settings.KEYS_DIR, settings.EMBEDDED = tmp_path, False
    with pytest.raises(ImproperlyConfigured, match="CERTIFICATE_SIGNING_KEY"):
        keys.signing_identity()
    assert list(tmp_path.iterdir()) == []


def test_key_and_chain_come_from_the_environment(settings):
    given = made_key("Force")
    settings.CERTIFICATE_SIGNING_KEY, settings.CERTIFICATE_SIGNING_CHAIN = pem(given.key), given.chain_pem
    assert keys.signing_identity().fingerprint == given.fingerprint


@pytest.mark.parametrize(
    ("key", "chain", "sentence"),
    [
        ("not a key", "chain", "CERTIFICATE_SIGNING_KEY must be a private key in PEM"),
        ("", "chain", "CERTIFICATE_SIGNING_KEY must be a private key in PEM"),
        ("key", "not a chain", "CERTIFICATE_SIGNING_CHAIN must hold at least one certificate"),
        ("key", "", "CERTIFICATE_SIGNING_CHAIN must hold at least one certificate"),
        ("another key", "chain", "does not belong to CERTIFICATE_SIGNING_KEY"),
        ("rsa", "chain", "must be an elliptic-curve key"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_in_a_sentence(settings, key, chain, sentence):
    given = made_key("Force")
    texts = {
        "key": pem(given.key),
        "chain": given.chain_pem,
        "another key": pem(ec.generate_private_key(ec.SECP256R1())),
        "rsa": pem(rsa.generate_private_key(65537, 2048)),
    }
    settings.CERTIFICATE_SIGNING_KEY = texts.get(key, key)
    settings.CERTIFICATE_SIGNING_CHAIN = texts.get(chain, chain)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        keys.signing_identity()


def test_a_start_with_a_key_that_cannot_be_used_is_refused(settings):
    assert check_signing_key(None) == []
    settings.CERTIFICATE_SIGNING_KEY = "not a key"
    (refusal,) = check_signing_key(None)
    assert refusal.id == "certificates.E001"
    assert "CERTIFICATE_SIGNING_CHAIN" in refusal.msg or "CERTIFICATE_SIGNING_KEY" in refusal.msg


def test_a_retired_key_is_still_trusted(settings, identity):
    settings.CERTIFICATE_RETIRED_CERTIFICATES = [identity.chain_pem]
    fresh = made_key("Force")
    settings.CERTIFICATE_SIGNING_KEY, settings.CERTIFICATE_SIGNING_CHAIN = pem(fresh.key), fresh.chain_pem
    trusted = keys.trusted_certificates()
    assert trusted == [fresh.certificate, identity.certificate]
    assert check_signature(signed_with(identity), trusted).is_good


def test_who_issued_another_one_in_a_file_is_no_signer():
    authority = made_key("Authority")
    below, other = made_key("Force", issuer=authority), made_key("Former")
    given = [below.certificate, authority.certificate, other.certificate, below.certificate]
    assert keys.signers_among(given) == [below.certificate, other.certificate]
    assert keys.signers_among([authority.certificate]) == [authority.certificate]


def test_the_signed_file_is_read_by_an_unrelated_reader(signed):
    with opened(signed) as document:
        assert isinstance(document.Root.AcroForm.Fields[0].V, pikepdf.Dictionary)
        assert int(document.Root.AcroForm.SigFlags) == 3
