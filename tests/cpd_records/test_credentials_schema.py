"""A credential has the shape that Open Badges 3.0 asks for: the facts of its published data model, written down here as a JSON schema.

Cardinalities and types are those of the classes AchievementCredential, AchievementSubject, Achievement, IdentityObject, Profile and
CredentialStatus: one ``credentialStatus`` at most, an object with an address and a type.
"""

from __future__ import annotations

import io
import json
from copy import deepcopy
from datetime import date
from typing import Any

import jsonschema
import pikepdf
import pytest

from cpd_records.certificates.awarding import award_training_record
from cpd_records.certificates.listing import Table
from cpd_records.credentials.awards import credential_of
from people.models import User
from tests import factories
from tests.cpd_records.certificate_acts import AT, AWARDED, issue, issued, stored_bytes

pytestmark = pytest.mark.django_db

TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^[a-z][a-z0-9+.-]*:"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}


def of_type(*names: str) -> dict[str, Any]:
    """Return what a 'type' holds: several texts, one of them any of ``names``."""
    return {"type": "array", "minItems": 1, "items": TEXT, "contains": {"enum": list(names)}}


def thing(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


CRITERIA = thing({"id": ADDRESS, "narrative": TEXT})
ACHIEVEMENT = thing(
    {
        "id": ADDRESS,
        "type": of_type("Achievement"),
        "achievementType": {
            "anyOf": [
                {"enum": ["Award", "Certificate", "CertificateOfCompletion", "Course", "Certification"]},
                {"type": "string", "pattern": "^ext:"},
            ]
        },
        "criteria": CRITERIA,
        "description": TEXT,
        "humanCode": TEXT,
        "inLanguage": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"},
        "name": TEXT,
        "version": TEXT,
    },
    *("id", "type", "name", "description", "criteria"),
)
IDENTITY = thing(
    {
        "type": {"const": "IdentityObject"},
        "hashed": {"type": "boolean"},
        "identityHash": TEXT,
        "identityType": {"enum": ["name", "emailAddress", "identifier", "accountId"]},
        "salt": TEXT,
    },
    *("type", "hashed", "identityHash", "identityType"),
)
SUBJECT = {
    **thing(
        {
            "id": ADDRESS,
            "type": of_type("AchievementSubject"),
            "achievement": ACHIEVEMENT,
            "identifier": {"type": "array", "minItems": 1, "items": IDENTITY},
        },
        *("type", "achievement"),
    ),
    "anyOf": [{"required": ["id"]}, {"required": ["identifier"]}],
}
PROFILE = thing({"id": ADDRESS, "type": of_type("Profile"), "name": TEXT, "url": ADDRESS}, "id", "type")
STATUS = thing({"id": ADDRESS, "type": TEXT}, "id", "type")
PROOF = thing(
    {"type": TEXT, "created": MOMENT, "cryptosuite": TEXT, "proofPurpose": TEXT, "proofValue": TEXT},
    *("type",),
)
CREDENTIAL = {
    "$schema": "https://json-schema.org/draft/2019-09/schema",
    **thing(
        {
            "@context": {
                "type": "array",
                "minItems": 2,
                "items": [
                    {"const": "https://www.w3.org/ns/credentials/v2"},
                    {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.0\.\d+\.json$"},
                ],
            },
            "id": ADDRESS,
            "type": {
                "allOf": [of_type("VerifiableCredential"), of_type("OpenBadgeCredential", "AchievementCredential")]
            },
            "name": TEXT,
            "issuer": PROFILE,
            "validFrom": MOMENT,
            "validUntil": MOMENT,
            "awardedDate": MOMENT,
            "credentialSubject": SUBJECT,
            "credentialStatus": STATUS,
            "proof": {"anyOf": [PROOF, {"type": "array", "items": PROOF}]},
        },
        *("@context", "id", "type", "issuer", "validFrom", "credentialSubject"),
    ),
}


def wanting(credential: Any) -> list[str]:
    """Return where a credential has another shape."""
    found = jsonschema.Draft201909Validator(CREDENTIAL).iter_errors(credential)
    return sorted("/".join(map(str, error.absolute_path)) for error in found)


@pytest.fixture
def officer() -> User:
    return factories.person("Alexandra Bell")


def test_what_is_attached_and_what_the_holder_takes_have_the_shape_of_open_badges(officer: User) -> None:
    certificate = issued(officer)
    with pikepdf.open(io.BytesIO(stored_bytes(certificate))) as file:
        attached = json.loads(file.attachments["credential.json"].get_file().read_bytes())
    assert wanting(attached) == []
    for shows_name in (False, True):
        assert wanting(json.loads(credential_of(certificate, shows_name=shows_name))) == []


def test_letters_records_and_what_never_ends_have_it_too(officer: User) -> None:
    letter = issued(officer, is_grant=True, title="Independent patrol", minutes=0, valid_until=None)
    tables = [Table("Courses completed", ("Course",), (("Stop and search",),))]
    record = issue(award_training_record(officer, tables, on=AWARDED, at=AT))
    ends = issued(officer, subject="A-1", valid_until=date(2027, 1, 1))
    for certificate in (letter, record, ends):
        assert wanting(json.loads(credential_of(certificate, shows_name=False))) == []


def test_the_one_status_commits_to_a_message_for_each_of_its_values(officer: User) -> None:
    status = json.loads(credential_of(issued(officer), shows_name=False))["credentialStatus"]
    assert (status["type"], status["statusPurpose"]) == ("BitstringStatusListEntry", "message")
    assert len(status["statusMessage"]) == 2 ** status["statusSize"]
    assert [one["status"] for one in status["statusMessage"]] == ["0x0", "0x1", "0x2", "0x3"]
    assert status["statusReference"].endswith("/verify/how-it-works/#badge")
    assert status["statusListIndex"].isdecimal()


@pytest.mark.parametrize(
    ("way", "value", "where"),
    [
        (("credentialStatus",), [], "credentialStatus"),
        (("credentialStatus",), {"type": "BitstringStatusListEntry"}, "credentialStatus"),
        (("validFrom",), "2026-09-01", "validFrom"),
        (("type",), ["VerifiableCredential"], "type"),
        (("credentialSubject", "achievement", "criteria"), "Passed", "credentialSubject/achievement/criteria"),
        (("credentialSubject", "identifier", 0, "hashed"), "no", "credentialSubject/identifier/0/hashed"),
    ],
)
def test_another_shape_is_seen(officer: User, way: tuple[Any, ...], value: Any, where: str) -> None:
    changed = deepcopy(json.loads(credential_of(issued(officer), shows_name=False)))
    inner = changed
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    assert where in wanting(changed)
