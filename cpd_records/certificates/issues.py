"""The issues of a certificate: one fact certified again, under another name or put right. What befalls the fact befalls all of them."""

from __future__ import annotations

from uuid import UUID

from cpd_records.certificates.awarding import particulars_of
from cpd_records.certificates.standing import revocation_of
from cpd_records.models import Certificate


def fact_of(certificate: Certificate) -> UUID:
    """Return the entry of what a certificate certifies: a completion or a grant, of a qualification's certificate the award.

    A training record and a statement certify what they list, so theirs is their own.
    """
    said = particulars_of(certificate)
    return UUID(said.award) if said is not None and said.award else certificate.completion_entry_id


def issues_of(certificate: Certificate) -> list[Certificate]:
    """Return every issue of the same fact, each with what its standing is read from; the one given is among them."""
    fact = fact_of(certificate)
    rows = Certificate.objects.filter(officer=certificate.officer_id, subject=certificate.subject)
    rows = rows.with_standing().select_related("officer").order_by("created_at", "pk")
    return [row for row in rows if fact_of(row) == fact]


def reached_with(certificate: Certificate) -> list[Certificate]:
    """Return the issues that a withdrawal or a suspension of one reaches: itself, and the others that are held and not withdrawn."""
    return [
        one
        for one in issues_of(certificate)
        if one.pk == certificate.pk or (revocation_of(one) is None and particulars_of(one) is not None)
    ]


def newest_issue(certificate: Certificate) -> Certificate:
    """Return the issue that no other issue of the same fact replaced."""
    issues = issues_of(certificate)
    replaced = {row.supersedes_id for row in issues}
    return next(row for row in issues if row.pk not in replaced)
