"""Certificates as Open Badges credentials: what they say, what they keep to themselves, and where a stranger finds whether they stand."""

from __future__ import annotations

import base64
import gzip
import io
import json
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from cpd_records.certificates import checks
from cpd_records.certificates.awarding import award_training_record
from cpd_records.certificates.listing import Table
from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.credentials import keys
from cpd_records.credentials.awards import credential_of
from cpd_records.credentials.badges import PER_LIST, identity_hash
from cpd_records.credentials.checking import check_credential
from cpd_records.credentials.data_integrity import ProofRefused, check_proof, from_multikey, multikey, signed
from cpd_records.credentials.status_lists import encoded, is_set, places_of, status_at
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate
from tests.cpd_records.certificate_acts import AT, AWARDED, award, issue, issued, stored_bytes

pytestmark = pytest.mark.django_db


def attached(certificate: Certificate) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(stored_bytes(certificate))) as file:
        return json.loads(file.attachments["credential.json"].get_file().read_bytes())


def read(address: str) -> dict[str, Any]:
    """Ask for a public document as a wallet does."""
    answer = Client().get(address.removeprefix("http://localhost:8000"))
    assert answer.status_code == 200, address
    return json.loads(answer.content)


def stands(credential: dict[str, Any]) -> str:
    """Ask the status list as a verifier does: by what the credential itself names, and by the messages it commits to."""
    entry = credential["credentialStatus"]
    listed = read(entry["statusListCredential"])
    check_proof(listed, keys.trusted_methods())
    subject = listed["credentialSubject"]
    assert subject["statusPurpose"] == entry["statusPurpose"]
    assert (subject["statusSize"], subject["statusMessages"]) == (entry["statusSize"], entry["statusMessage"])
    value = status_at(subject["encodedList"], int(entry["statusListIndex"]), size=entry["statusSize"])
    (message,) = (one["message"] for one in entry["statusMessage"] if one["status"] == f"0x{value:x}")
    return message


def is_in(purpose: str, certificate: Certificate) -> bool:
    """Ask one of the lists that credentials of before name."""
    listed = read(f"/credentials/status/{purpose}/0")["credentialSubject"]
    return is_set(listed["encodedList"], certificate.entry.place.index)


@pytest.fixture(autouse=True)
def no_kept_lists() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def certificate(person: Any) -> Certificate:
    return issued(person("Alexandra Bell"))


# --- What a credential says -------------------------------------------------------------------------------------------


def test_every_certificate_carries_an_open_badges_credential_signed_by_the_issuer(certificate: Certificate) -> None:
    credential = attached(certificate)
    said = check_proof(credential, keys.trusted_methods())
    assert said["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["id"].startswith("urn:uuid:")
    assert said["validFrom"] == "2026-09-01T00:00:00+01:00"
    assert said["validUntil"] == "2099-09-01T23:59:59+01:00", "all of the last valid day"
    achieved = said["credentialSubject"]["achievement"]
    assert achieved["name"] == "Stop and search: fair and effective"
    assert (
        achieved["criteria"]["narrative"] == "The whole training of 4 hours was completed, and its assessment passed."
    )
    assert credential["proof"]["cryptosuite"] == "eddsa-jcs-2022"


def test_the_attached_credential_tells_nobody_who_holds_it_and_confirms_it_to_who_was_told(
    certificate: Certificate,
) -> None:
    text = json.dumps(attached(certificate))
    officer = certificate.officer
    for secret in ("Alexandra", "Bell", officer.service_number, officer.email, str(officer.public_id)):
        assert secret not in text
    assert certificate.code not in text, "the code leads to the name"
    (one,) = attached(certificate)["credentialSubject"]["identifier"]
    assert one["hashed"] is True
    assert one["identityHash"] == identity_hash("Alexandra Bell", one["salt"])
    salt = bytes(certificate.entry.readable.salt)
    assert one["salt"] not in (salt.hex(), base64.b64encode(salt).decode())


def test_two_certificates_of_one_holder_cannot_be_joined_by_the_hash_of_the_name(person: Any) -> None:
    officer = person("Alexandra Bell")
    one, other = (issued(officer, subject=subject) for subject in ("SPEC-110", "SPEC-120"))
    hashes = {attached(each)["credentialSubject"]["identifier"][0]["identityHash"] for each in (one, other)}
    assert len(hashes) == 2


def test_a_certificate_without_an_end_has_none_in_its_credential(person: Any) -> None:
    assert "validUntil" not in attached(issued(person("Bo"), valid_until=None))


def test_a_letter_of_something_granted_says_so(person: Any) -> None:
    achieved = attached(issued(person("Bo"), title="Independent patrol", minutes=0, is_grant=True))
    assert achieved["credentialSubject"]["achievement"]["achievementType"] == "Award"


def test_a_training_record_carries_one_too_without_its_list(person: Any) -> None:
    table = Table("Courses", ("What", "On"), (("Stop and search", "1 September 2026"),))
    record = issue(award_training_record(person("Alexandra Bell"), [table], on=AWARDED, at=AT))
    credential = attached(record)
    check_credential(
        json.dumps(credential).encode(),
        Particulars.read(record.entry.readable.payload),
        record.entry.place.index,
        keys.trusted_keys(),
    )
    assert "Stop and search" not in json.dumps(credential)


def test_drawing_again_gives_the_same_credential(certificate: Certificate) -> None:
    assert json.loads(credential_of(certificate, shows_name=False)) == attached(certificate)


# --- Checking it against the certificate -------------------------------------------------------------------------------


def checked(certificate: Certificate, text: bytes, trusted: Any = None) -> None:
    particulars = Particulars.read(certificate.entry.readable.payload)
    check_credential(text, particulars, certificate.entry.place.index, trusted or keys.trusted_keys())


def test_the_credential_of_another_certificate_is_told_apart(person: Any, certificate: Certificate) -> None:
    other = issued(person("Bo Marsh"))
    checked(certificate, credential_of(certificate, shows_name=True).encode())
    with pytest.raises(ProofRefused, match="something else than the certificate: the holder"):
        checked(certificate, credential_of(other, shows_name=False).encode())


def test_one_of_the_same_holder_and_course_is_told_apart_by_its_place(certificate: Certificate) -> None:
    newer = issued(certificate.officer)
    with pytest.raises(ProofRefused, match="its place in the status lists"):
        checked(certificate, credential_of(newer, shows_name=False).encode())


def test_one_signed_with_another_key_is_not_ours(certificate: Certificate) -> None:
    stranger = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(ProofRefused, match="a key that is not ours"):
        checked(certificate, credential_of(certificate, shows_name=False).encode(), [stranger])


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"issuer": 3}'])
def test_what_is_no_credential_is_refused_in_a_sentence(certificate: Certificate, content: bytes) -> None:
    with pytest.raises(ProofRefused, match=r"^The credential .+\.$"):
        checked(certificate, content)


def test_a_credential_issued_under_an_earlier_address_of_the_site_stays_good(
    certificate: Certificate, settings: Any
) -> None:
    text = credential_of(certificate, shows_name=False).encode()
    settings.SITE_ADDRESS = "https://elsewhere.force.example"
    checked(certificate, text)


# --- Keys ---------------------------------------------------------------------------------------------------------------


def test_a_key_that_was_exchanged_stays_published_and_trusted(certificate: Certificate, settings: Any) -> None:
    former = keys.signing_key().public_key()
    settings.CREDENTIAL_SIGNING_KEY = base64.b64encode(b"\x09" * 32).decode()
    with pytest.raises(ProofRefused, match="not ours"):
        checked(certificate, json.dumps(attached(certificate)).encode())
    settings.CREDENTIAL_RETIRED_KEYS = [multikey(former)]
    checked(certificate, json.dumps(attached(certificate)).encode())
    published = {method["publicKeyMultibase"] for method in read("/credentials/issuer")["verificationMethod"]}
    assert published == {multikey(former), multikey(keys.signing_key().public_key())}
    fresh = json.loads(credential_of(certificate, shows_name=False))
    assert fresh["proof"]["verificationMethod"].endswith(multikey(keys.signing_key().public_key()))


@pytest.mark.parametrize("encoded_key", ["no base64!", base64.b64encode(b"short").decode()])
def test_a_key_that_cannot_sign_stops_the_start_in_a_sentence(settings: Any, encoded_key: str) -> None:
    settings.CREDENTIAL_SIGNING_KEY = encoded_key
    (error,) = checks.check_credential_key(None)
    assert error.msg == "CREDENTIAL_SIGNING_KEY must be 32 bytes written in base64."


def test_a_retired_key_that_is_none_stops_the_start_in_a_sentence(settings: Any) -> None:
    settings.CREDENTIAL_SIGNING_KEY = base64.b64encode(b"\x09" * 32).decode()
    assert checks.check_credential_key(None) == []
    settings.CREDENTIAL_RETIRED_KEYS = ["z6MkNonsense0"]
    (error,) = checks.check_credential_key(None)
    assert "CREDENTIAL_RETIRED_KEYS cannot be used" in error.msg


def test_production_makes_no_key(settings: Any) -> None:
    settings.CREDENTIAL_SIGNING_KEY, settings.EMBEDDED = "", False
    with pytest.raises(ImproperlyConfigured, match="CREDENTIAL_SIGNING_KEY is needed"):
        keys.signing_key()


def test_embedded_mode_makes_one_once_for_its_owner_only(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path
    first = keys.signing_key().private_bytes_raw()
    assert keys.signing_key().private_bytes_raw() == first
    assert stat.S_IMODE((tmp_path / "credential_signing_key").stat().st_mode) == 0o600


# --- Public documents ---------------------------------------------------------------------------------------------------


def test_everything_a_credential_names_is_there_for_anybody(certificate: Certificate) -> None:
    credential = attached(certificate)
    profile = read(credential["issuer"]["id"])
    assert profile["id"] == credential["issuer"]["id"]
    (method,) = profile["verificationMethod"]
    assert method["id"] == credential["proof"]["verificationMethod"]
    assert method["id"] in profile["assertionMethod"]
    check_proof(credential, {method["id"]: from_multikey(method["publicKeyMultibase"])})
    named = credential["credentialSubject"]["achievement"]
    assert {name: read(named["id"])[name] for name in named} == named
    assert stands(credential) == "valid"


def test_public_documents_are_cacheable_set_no_cookie_and_name_nobody(certificate: Certificate) -> None:
    credential = attached(certificate)
    addresses = [
        credential["issuer"]["id"],
        credential["credentialSubject"]["achievement"]["id"],
        credential["credentialStatus"]["statusListCredential"],
    ]
    for address in addresses:
        answer = Client().get(address.removeprefix("http://localhost:8000"))
        assert answer["Cache-Control"] == "public, max-age=300" or "max-age=300" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
        for secret in ("Alexandra", certificate.officer.service_number, certificate.code, certificate.pk.hex):
            assert secret not in answer.content.decode(), address


@pytest.mark.parametrize(
    "address",
    [
        "/credentials/achievements",
        "/credentials/achievements?of=",
        "/credentials/achievements?of=NOTHING",
        "/credentials/achievements?of=" + "x" * 5000,
        "/credentials/status/revocation/7",
        "/credentials/status/gossip/0",
        "/credentials/status/revocation/999999999999999999999999",
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(certificate: Certificate, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert answer.content.decode().strip().endswith(".")
    assert answer["Cache-Control"] == "no-store"


def test_an_achievement_outlives_the_erasure_of_its_latest_certificate(person: Any, certificate: Certificate) -> None:
    newer = issued(person("Bo Marsh"), title="Stop and search, revised")
    assert read("/credentials/achievements?of=SPEC-110")["name"] == "Stop and search, revised"
    erase_readable_part(newer.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    assert read("/credentials/achievements?of=SPEC-110")["name"] == "Stop and search: fair and effective"


# --- Status lists -------------------------------------------------------------------------------------------------------


def test_a_withdrawn_certificate_is_revoked_in_the_list_and_no_other(person: Any, certificate: Certificate) -> None:
    other = issued(person("Bo Marsh"))
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    assert (stands(attached(certificate)), stands(attached(other))) == ("revoked", "valid")
    assert (is_in("revocation", certificate), is_in("suspension", certificate)) == (True, False)
    assert (is_in("revocation", other), is_in("suspension", other)) == (False, False)


def test_a_suspended_certificate_is_suspended_in_the_list(person: Any, certificate: Certificate) -> None:
    suspend_certificate(certificate, by=person("Ann", "training-admin"), reason="Asked about.", at=AT)
    assert stands(attached(certificate)) == "suspended"
    assert (is_in("revocation", certificate), is_in("suspension", certificate)) == (False, True)


def test_a_replaced_certificate_says_so_in_the_list(certificate: Certificate) -> None:
    newer = issued(certificate.officer, at=datetime(2026, 9, 20, tzinfo=UTC))
    assert (stands(attached(certificate)), stands(attached(newer))) == ("replaced_or_no_longer_held", "valid")
    assert (is_in("suspension", certificate), is_in("suspension", newer)) == (True, False)


def test_one_that_is_no_longer_held_says_so_whatever_else_was_true(person: Any, certificate: Certificate) -> None:
    credential = attached(certificate)
    suspend_certificate(certificate, by=person("Ann", "training-admin"), reason="Asked about.", at=AT)
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    assert stands(credential) == "replaced_or_no_longer_held"
    assert (is_in("revocation", certificate), is_in("suspension", certificate)) == (False, True)


def test_one_replaced_and_withdrawn_is_revoked(person: Any, certificate: Certificate) -> None:
    issued(certificate.officer)
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=AT)
    assert stands(attached(certificate)) == "revoked"
    assert (is_in("revocation", certificate), is_in("suspension", certificate)) == (True, False)


def test_a_credential_from_before_the_one_list_that_names_two_still_holds(certificate: Certificate) -> None:
    """Files issued then stay as they are."""
    index = certificate.entry.place.index
    said = {name: value for name, value in attached(certificate).items() if name != "proof"}
    said["credentialStatus"] = [
        {
            "id": f"http://localhost:8000/credentials/status/{purpose}/0#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": f"http://localhost:8000/credentials/status/{purpose}/0",
        }
        for purpose in ("revocation", "suspension")
    ]
    key = keys.signing_key()
    it = Particulars.read(certificate.entry.readable.payload)
    for places, holds in ((said["credentialStatus"], True), (said["credentialStatus"][:1], False)):
        document = signed({**said, "credentialStatus": places}, key, method=keys.method_of(key.public_key()), at=AT)
        text = json.dumps(document).encode()
        if holds:
            check_credential(text, it, index, keys.trusted_keys())
        else:
            with pytest.raises(ProofRefused, match="its place in the status lists"):
                check_credential(text, it, index, keys.trusted_keys())


def test_a_list_is_good_for_a_day_and_says_how_soon_to_ask_again(certificate: Certificate) -> None:
    listed = read(attached(certificate)["credentialStatus"]["statusListCredential"])
    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    begins, ends = (datetime.fromisoformat(listed[name]) for name in ("validFrom", "validUntil"))
    assert (ends - begins).total_seconds() == 24 * 3600
    assert listed["credentialSubject"]["ttl"] == 300_000


def test_a_list_is_made_once_a_minute_however_many_ask(
    certificate: Certificate, django_assert_num_queries: Any
) -> None:
    read("/credentials/status/revocation/0")
    with django_assert_num_queries(0):
        read("/credentials/status/revocation/0")


def test_a_certificate_that_is_not_issued_yet_stands_in_no_list(person: Any) -> None:
    officer = person("Bo")
    old = award(officer)
    award(officer)
    seal_now()
    assert places_of("suspension", 0) == set()
    issue(old)
    assert places_of("suspension", 0) == {old.entry.place.index}


def test_a_list_is_as_long_as_the_standard_asks_its_first_bit_is_the_left_most() -> None:
    text = encoded({0: 1, 9: 1, PER_LIST - 1: 1})
    assert text.startswith("uH4sI"), "multibase of gzip"
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    assert len(bits) == 16 * 1024
    assert (bits[0], bits[1], bits[-1]) == (0b1000_0000, 0b0100_0000, 0b0000_0001)
    assert [place for place in range(20) if is_set(text, place)] == [0, 9]
    assert encoded({0: 1, 9: 1, PER_LIST - 1: 1}) == text


def test_of_two_bits_each_the_first_is_the_higher_and_there_are_as_many_places() -> None:
    text = encoded({0: 1, 1: 2, 4: 3, PER_LIST - 1: 3}, size=2)
    bits = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
    assert len(bits) == 2 * 16 * 1024
    assert (bits[0], bits[1], bits[-1]) == (0b0110_0000, 0b1100_0000, 0b0000_0011)
    assert [status_at(text, place, size=2) for place in (0, 1, 2, 4, PER_LIST - 1)] == [1, 2, 0, 3, 3]
    with pytest.raises(ValueError, match="too short"):
        status_at(text, PER_LIST, size=2)
    with pytest.raises(ValueError, match="too short"):
        status_at(encoded({}), 0, size=2)


def test_the_example_of_the_standard_is_read_as_a_list_in_which_nothing_is_set() -> None:
    """The encoded list of the examples in W3C Bitstring Status List 1.0."""
    example = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert not any(is_set(example, place) for place in (0, 1, 94567, PER_LIST - 1))
    with pytest.raises(ValueError, match="too short"):
        is_set(example, PER_LIST)


@pytest.mark.parametrize("text", ["", "u", "uAAAA", "zAAAA", encoded({})[:40]])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"list|base64url"):
        is_set(text, 0)


# --- The holder's badge -------------------------------------------------------------------------------------------------


def signed_in(officer: Any) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_the_holder_takes_the_badge_without_the_name_or_with_it(certificate: Certificate) -> None:
    client = signed_in(certificate.officer)
    assert client.get(certificate.badge_address).status_code == 200
    least = client.post(certificate.badge_address, {"shows": "least"})
    assert least["Content-Disposition"] == 'attachment; filename="badge-spec-110.json"'
    assert "no-store" in least["Cache-Control"]
    assert json.loads(least.content) == attached(certificate)
    named = json.loads(client.post(certificate.badge_address, {"shows": "named"}).content)
    (one,) = named["credentialSubject"]["identifier"]
    assert one == {"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": "Alexandra Bell"}
    check_proof(named, keys.trusted_methods())
    assert named["id"] != attached(certificate)["id"]
    assert certificate.officer.service_number not in json.dumps(named)


@pytest.mark.parametrize("sent", [{}, {"shows": ""}, {"shows": "everything"}])
def test_a_badge_is_not_made_before_the_holder_chose(certificate: Certificate, sent: dict[str, str]) -> None:
    answer = signed_in(certificate.officer).post(certificate.badge_address, {**sent, "sent": "1"})
    assert answer.status_code == 422
    assert "Choose whether the badge shows your name." in answer.content.decode()


def test_nobody_else_gets_a_badge(person: Any, certificate: Certificate) -> None:
    assert signed_in(person("Bo Marsh")).get(certificate.badge_address).status_code == 404
    assert signed_in(person("Bo Marsh")).post(certificate.badge_address, {"shows": "named"}).status_code == 404
    assert Client().get(certificate.badge_address)["Location"].startswith("/accounts/login/")


def test_there_is_no_badge_before_there_is_a_certificate(person: Any) -> None:
    waiting = award(person("Bo"))
    assert signed_in(waiting.officer).get(waiting.badge_address).status_code == 404


def test_of_an_erased_certificate_no_badge_is_made_any_more(certificate: Certificate) -> None:
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    answer = signed_in(certificate.officer).post(certificate.badge_address, {"shows": "least"})
    assert answer.status_code == 422
    assert "was erased" in answer.content.decode()


def test_a_day_in_winter_begins_where_the_force_is(person: Any) -> None:
    credential = attached(issued(person("Bo"), awarded_on=date(2026, 1, 5), valid_until=date(2027, 1, 5)))
    assert (credential["validFrom"], credential["validUntil"]) == (
        "2026-01-05T00:00:00+00:00",
        "2027-01-05T23:59:59+00:00",
    )
