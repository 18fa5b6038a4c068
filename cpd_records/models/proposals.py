"""A change of what somebody's record says, proposed by one person and decided by another: neither is the officer."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cpd_records.models.ledger import LedgerEntry
from cpd_records.models.qualifications import READERS
from people import access
from people.models import User

# Who proposes and decides.
DECIDERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)


class RecordProposalQuerySet(models.QuerySet["RecordProposal"]):
    """Who sees which proposals, and for whom they wait."""

    def visible_to(self, user: User) -> Self:
        """Those about others, for administrators and auditors; nobody reads a proposal about themselves before it is decided."""
        return self.exclude(officer=user) if access.has_any_role(user, *READERS) else self.none()

    def waiting(self) -> Self:
        return self.filter(state=RecordProposal.State.PROPOSED)

    def waiting_for(self, user: User) -> Self:
        """Those ``user`` may decide, the longest first: about somebody else, and proposed by somebody else."""
        if not access.has_any_role(user, *DECIDERS):
            return self.none()
        return self.waiting().exclude(officer=user).exclude(proposed_by=user).order_by("proposed_at", "pk")

    def about(self, officer: User) -> Self:
        return self.filter(officer=officer)


class RecordProposal(models.Model):
    """What one person proposes that a record should say, and what another decided. What was decided never changes.

    ``key`` names what it is about, such as an award: one open proposal for each. ``stands_on`` is the last entry its author saw of it;
    what was recorded since makes the proposal stale. ``wanted`` holds what ``kind`` needs: days as text, minutes as an integer.
    ``entry`` is what an approval recorded, and names both people.
    """

    class Kind(models.TextChoices):
        CORRECT_AWARD = "correct_award", "Correct an award"
        WITHDRAW_AWARD = "withdraw_award", "Take an award back"
        VOID_AWARD = "void_award", "Declare an award never true"
        EXEMPT = "exempt", "Exempt from a qualification"
        END_EXEMPTION = "end_exemption", "End an exemption"
        CORRECT_IMPORTED = "correct_imported", "Correct an imported record"
        VOID_IMPORTED = "void_imported", "Declare an imported record never true"
        CORRECT_COMPLETION = "correct_completion", "Correct a completed course"
        VOID_COMPLETION = "void_completion", "Declare a course never completed"
        CORRECT_ACTIVITY = "correct_activity", "Correct verified CPD"
        VOID_ACTIVITY = "void_activity", "Declare verified CPD never true"
        LIFT_SUSPENSION = "lift_suspension", "Lift the suspension of a certificate"
        REISSUE_CERTIFICATE = "reissue_certificate", "Issue a certificate again, put right"
        WITHDRAW_CERTIFICATE = "withdraw_certificate", "Withdraw a certificate"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waiting for a second person"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="record_proposals")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    key = models.CharField(max_length=80)
    about = models.CharField(max_length=300)
    stands_on = models.UUIDField(null=True)
    wanted = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, help_text="Why it was refused, or a word with the approval.")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")

    objects = RecordProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "pk"]
        indexes = [models.Index(fields=["officer", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "key"], condition=Q(state="proposed"), name="one_open_proposal_for_each"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(entry__isnull=False), name="an_entry_approves_one_proposal"
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("officer")), name="nobody_proposes_about_their_own_record"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("officer")),
                name="nobody_decides_about_their_own_record",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True, entry__isnull=True)
                | (
                    Q(state="approved", decided_at__isnull=False, entry__isnull=False)
                    & Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                )
                | (
                    Q(state="refused", decided_at__isnull=False, entry__isnull=True)
                    & Q(decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                    & ~Q(words="")
                )
                | Q(state="taken_back", decided_at__isnull=False, entry__isnull=True, decided_by=F("proposed_by")),
                name="a_proposal_is_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"
