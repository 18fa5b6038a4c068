"""Which past records were imported already, so that the same list twice changes nothing."""

from __future__ import annotations

from django.db import models

from cpd_records.models.ledger import LedgerEntry


class ImportedRecord(models.Model):
    """One line of an earlier system that became a ledger entry.

    ``source`` is the name of that system in small letters; ``key`` the digest of its reference there, or of the whole line where it has
    none; ``content`` the digest of what the line said. They are digests because they outlive an erasure: what was erased is not
    imported again.
    """

    source = models.CharField(max_length=120)
    key = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="imported_record")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="a_past_record_is_imported_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.key[:8]}"
