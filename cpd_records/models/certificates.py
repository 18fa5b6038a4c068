"""Certificates: a rendering of a ledger entry, stored as issued. Its file is never made again."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from cpd_records.certificate_codes import display_code
from cpd_records.models.ledger import LedgerEntry
from people import access

# The subject of every training record; small letters, because no course has such a code.
TRAINING_RECORD = "training-record"
# What the subject of a qualification's certificate begins with; its code follows.
QUALIFICATION_SUBJECT = "qualification:"
# What the subject of a CPD statement begins with; its first and last day follow, so a later one of the same days replaces it.
STATEMENT_SUBJECT = "cpd-statement:"
CERTIFICATE, RECORD, STATEMENT = "certificate", "training record", "CPD statement"
# Who may open anybody's file, to answer for what was taught; whoever else needs to know checks the code its holder shows.
READS_ALL = (access.AUDITOR, access.DISCLOSURE_OFFICER)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Questions about certificates."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those this person may open: their own, and for the roles that read every record all but statements, which hold CPD."""
        if not access.is_person(user):
            return self.none()
        own = Q(officer=user)
        of_others = ~Q(subject__startswith=STATEMENT_SUBJECT)
        return self.filter(own | of_others if access.has_any_role(user, *READS_ALL) else own)

    def held_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those that certify something about this person, with their file made."""
        return self.filter(officer=user).issued() if access.is_person(user) else self.none()

    def issued(self) -> Self:
        """Those whose file is made."""
        return self.filter(issued_at__isnull=False)

    def with_standing(self) -> Self:
        """With all that ``standing_of`` reads, in two queries."""
        suspensions = CertificateSuspension.objects.select_related("end")
        rows = self.select_related("revocation", "superseded_by", "entry__readable")
        return rows.prefetch_related(models.Prefetch("suspensions", suspensions))


class Certificate(models.Model):
    """One certificate. ``entry`` holds the particulars printed on it; the file waits for the entry's seal.

    ``sha256``, ``file`` and ``issued_at`` are set once, together, when the signed file is stored; ``issued_entry`` is the ledger
    entry that holds the digest. ``supersedes`` names an older certificate of the same officer and subject. ``completion_entry`` is the
    entry of the fact it came with; what was asked for later names its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=12, unique=True)
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=255)
    awarded_on = models.DateField()
    valid_until = models.DateField(null=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="certificate")
    completion_entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    file = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["officer", "subject"]),
            models.Index(fields=["subject", "created_at"]),
            # The few that wait among all there ever were.
            models.Index(fields=["created_at"], condition=Q(issued_at__isnull=True), name="certificates_to_issue"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("awarded_on")),
                name="certificate_ends_after_its_award",
            ),
            models.CheckConstraint(
                condition=Q(file="", sha256="", issued_at__isnull=True, issued_entry__isnull=True)
                | (~Q(file="") & ~Q(sha256="") & Q(issued_at__isnull=False, issued_entry__isnull=False)),
                name="certificate_issued_wholly_or_not",
            ),
            models.UniqueConstraint(fields=["sha256"], condition=~Q(sha256=""), name="certificate_files_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        """Return where the file is downloaded; until it is made, the page there says so."""
        return reverse("cpd_records:certificate", kwargs={"certificate_id": self.pk})

    @property
    def badge_address(self) -> str:
        """The path of the page on which its holder takes the Open Badges credential."""
        return reverse("cpd_records:badge", kwargs={"certificate_id": self.pk})

    @property
    def verify_address(self) -> str:
        """The path of the public page that anyone can check the certificate at."""
        return reverse("cpd_records:verify_code", kwargs={"code": self.code})

    @property
    def display_code(self) -> str:
        """The code in groups of four, as printed."""
        return display_code(self.code)

    @property
    def is_ready(self) -> bool:
        """Whether the file is made and can be downloaded."""
        return self.issued_at is not None

    @property
    def noun(self) -> str:
        """What it is called within a sentence."""
        if self.subject == TRAINING_RECORD:
            return RECORD
        return STATEMENT if self.subject.startswith(STATEMENT_SUBJECT) else CERTIFICATE

    @property
    def has_list(self) -> bool:
        """Whether it certifies what is recorded, as a list, instead of one thing."""
        return self.noun != CERTIFICATE

    @property
    def came_by_itself(self) -> bool:
        """Whether it came with the fact it certifies; else its holder asked for it."""
        return self.completion_entry_id != self.entry_id

    @property
    def file_name(self) -> str:
        """The name under which the file is downloaded."""
        return f"{self.noun.lower().replace(' ', '-')}-{self.code}.pdf"


class TrainingRecordList(models.Model):
    """The list that a training record or a CPD statement prints, as canonical JSON; its entry holds the SHA-256. See ``listing``.

    It waits here from the asking until the signed file, which carries it, is stored and recorded.
    """

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, primary_key=True, related_name="waiting_list"
    )
    content = models.TextField()

    def __str__(self) -> str:
        return f"List of {self.certificate_id}"


class PublicReason(models.TextChoices):
    """What strangers are told about why a certificate was withdrawn: a class, no detail about the person."""

    RESULT_CORRECTED = "result_corrected", "The result it rested on was corrected."
    ISSUED_IN_ERROR = "issued_in_error", "It was issued by mistake."
    OTHER = "other", ""

    @property
    def told(self) -> str:
        """What strangers are told, in words for whoever chooses it."""
        return str(self.label) or "Only that it was withdrawn, and when."


class CertificateRevocation(models.Model):
    """A certificate withdrawn, by whom and why; the certificate's row and file stay. ``reason`` is not for strangers."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=500)
    public_reason = models.CharField(max_length=20, choices=PublicReason.choices, default=PublicReason.OTHER)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.certificate_id} withdrawn"


class CertificateSuspension(models.Model):
    """A certificate that is not to be relied on for now, since when, by whom and why; ``reason`` is not for strangers.

    A trigger refuses a second one while the first has no end.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="suspensions")
    reason = models.CharField(max_length=500)
    suspended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="suspension")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.certificate_id} suspended"


class CertificateSuspensionEnd(models.Model):
    """A suspension lifted: by which two, when and why."""

    suspension = models.OneToOneField(
        CertificateSuspension, on_delete=models.PROTECT, primary_key=True, related_name="end"
    )
    reason = models.CharField(max_length=500)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField()
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="suspension_end")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(lifted_by=F("approved_by")), name="a_suspension_is_lifted_by_two")
        ]

    def __str__(self) -> str:
        return f"{self.suspension_id} lifted"
