"""What a certificate is worth on a day, and how it is withdrawn."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cpd_records.certificates import CertificateRefused, Standing, standing_of
from cpd_records.certificates.as_known import certificates_as_known
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, PublicReason, ReadablePart
from tests.cpd_records.certificate_acts import AT, award

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 2, 9, 9, 0, tzinfo=UTC)


def again(certificate):
    return Certificate.objects.with_standing().get(pk=certificate.pk)


def test_it_is_valid_to_its_last_day_included(person):
    certificate = award(person("Bo"), valid_until=date(2028, 9, 1))
    assert standing_of(again(certificate), on=date(2028, 9, 1)) is Standing.VALID
    assert standing_of(again(certificate), on=date(2028, 9, 2)) is Standing.EXPIRED


def test_one_without_an_end_does_not_expire(person):
    certificate = award(person("Bo"), valid_until=None)
    assert standing_of(again(certificate), on=date(2126, 9, 1)) is Standing.VALID


def test_a_newer_one_supersedes_it_from_the_day_it_was_awarded(person):
    officer = person("Bo")
    certificate = award(officer)
    award(officer, at=LATER)
    assert standing_of(again(certificate), on=LATER.date() - timedelta(days=1)) is Standing.VALID
    assert standing_of(again(certificate), on=LATER.date()) is Standing.SUPERSEDED


def test_a_withdrawal_outweighs_everything_from_its_day_on(person):
    officer = person("Bo")
    certificate = award(officer, valid_until=date(2026, 10, 1))
    award(officer, at=LATER)
    revoke_certificate(
        certificate, by=person("Ann"), approved_by=person("Cy"), reason="The result was corrected", at=LATER
    )
    assert standing_of(again(certificate), on=LATER.date()) is Standing.REVOKED
    assert standing_of(again(certificate), on=LATER.date() - timedelta(days=1)) is Standing.EXPIRED


def test_what_was_erased_is_no_longer_held(person):
    certificate = award(person("Bo"))
    erase_readable_part(certificate.entry, retention_class="leaver", authority="Data protection officer", at=AT)
    assert standing_of(again(certificate), on=date(2026, 9, 2)) is Standing.NO_LONGER_HELD


def test_standing_is_read_in_two_queries(person, django_assert_num_queries):
    officer = person("Bo")
    certificate = award(officer)
    award(officer, at=LATER)
    with django_assert_num_queries(2):
        standing_of(again(certificate), on=LATER.date())


def test_a_withdrawal_is_an_entry_and_a_row_with_who_why_and_when(person):
    certificate, ann = award(person("Bo")), person("Ann")
    revocation = revoke_certificate(
        certificate,
        by=ann,
        approved_by=person("Cy"),
        reason="  Question 7 was re-keyed ",
        at=LATER,
        public_reason=PublicReason.RESULT_CORRECTED,
    )
    readable = ReadablePart.objects.get(entry=revocation.entry)
    payload = json.loads(readable.payload)
    assert (readable.kind, readable.subject, readable.day) == (
        EntryKind.CERTIFICATE_REVOKED,
        certificate.code,
        LATER.date(),
    )
    assert payload["by"] == str(ann.public_id)
    assert payload["reason"] == revocation.reason == "Question 7 was re-keyed"
    assert payload["certificate"] == str(certificate.entry_id)
    assert (revocation.revoked_by, revocation.revoked_at) == (ann, LATER)


def test_nobody_withdraws_their_own_certificate(person):
    officer = person("Bo", "system-admin")
    certificate = award(officer)
    with pytest.raises(CertificateRefused, match="your own certificate"):
        revoke_certificate(certificate, by=officer, approved_by=person("Cy"), reason="I do not want it", at=LATER)
    assert standing_of(again(certificate), on=LATER.date()) is Standing.VALID


@pytest.mark.parametrize(("reason", "sentence"), [("  ", "Say why"), ("x" * 501, "too long")])
def test_a_withdrawal_says_why(person, reason, sentence):
    with pytest.raises(CertificateRefused, match=sentence):
        revoke_certificate(award(person("Bo")), by=person("Ann"), approved_by=person("Cy"), reason=reason, at=LATER)


def test_a_certificate_is_withdrawn_once(person):
    certificate, ann = award(person("Bo")), person("Ann")
    revoke_certificate(certificate, by=ann, approved_by=person("Cy"), reason="By mistake", at=LATER)
    with pytest.raises(CertificateRefused, match="withdrawn before, on 9 February 2027"):
        revoke_certificate(certificate, by=ann, approved_by=person("Cy"), reason="By mistake", at=LATER)
    assert ReadablePart.objects.filter(kind=EntryKind.CERTIFICATE_REVOKED).count() == 1


def test_a_withdrawal_cannot_be_altered_in_the_database(person):
    revocation = revoke_certificate(
        award(person("Bo")), by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=LATER
    )
    revocation.reason = "No reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        revocation.save()


def test_as_known_before_its_withdrawal_was_sealed_a_certificate_still_stood(person):
    officer = person("Bo")
    certificate = award(officer, valid_until=None)
    seal_now()
    before = last_checkpoint().time
    revoke_certificate(certificate, by=person("Ann"), approved_by=person("Cy"), reason="By mistake", at=LATER)
    on = LATER.date()
    then = certificates_as_known(officer, on=on, known_at=before)
    assert ([standing for _row, standing in then.held], then.size, then.provisional) == ([Standing.VALID], 2, False)
    assert [standing for _row, standing in certificates_as_known(officer, on=on).held] == [Standing.REVOKED]
    assert certificates_as_known(officer, on=on, known_at=before - timedelta(days=1)).held == ()
    seal_now()
    now = certificates_as_known(officer, on=on, known_at=last_checkpoint().time)
    assert [standing for _row, standing in now.held] == [Standing.REVOKED]
    assert certificates_as_known(officer, on=on, known_at=before) == then
