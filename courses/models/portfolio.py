"""A recruit's portfolio: evidence under headings, each time it was handed in, every judgement, quality readings and sign-offs.

Nothing that was handed in, judged or read is overwritten: what follows is a new row. ``PortfolioItem.state`` is a cache that
``portfolio.judging`` sets with the row that decides.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format

from courses.models.programmes import IntakeTrainer, Recruit, RecruitState
from courses.models.tutoring import TutorPairing
from courses.programmes.states import Kind
from people import access, clock

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

TITLE_LENGTH, PLACE_LENGTH, REFERENCE_LENGTH, WORDS_LENGTH, REASON_LENGTH = 120, 120, 120, 4000, 1000
# Whoever judges or assures portfolios of the whole force, beside those who see the recruit anyway.
READS_ALL = (access.ASSESSOR, access.IQA)


class ItemState(models.TextChoices):
    """Where an item stands; the truth is its last judgement, and what a quality assurer said of it."""

    WAITING = "waiting", "Waiting to be judged"
    RETURNED = "returned", "Returned"
    SUFFICIENT = "sufficient", "Sufficient"


class PortfolioItemQuerySet(models.QuerySet[Any]):
    """Whose items somebody may read, and which of them wait for somebody."""

    def of(self, recruit: Recruit) -> Self:
        """What was handed in, the latest first."""
        return self.filter(recruit=recruit, current__isnull=False).order_by("-added_at", "pk")

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """One's own, those of recruits one sees, and everybody's for assessors and quality assurers."""
        if not access.is_person(user):
            return self.none()
        handed_in = self.filter(current__isnull=False)
        if access.has_any_role(user, *READS_ALL):
            return handed_in
        return handed_in.filter(recruit__in=Recruit.objects.visible_to(user).values("pk"))

    def waiting_for(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What waits for somebody's judgement, the longest first: everything for an assessor, one's own intakes and recruits for others.

        Never one's own, nor what one vouched for.
        """
        if not access.is_person(user):
            return self.none()
        waiting = self.filter(current__isnull=False, state=ItemState.WAITING, recruit__closed_at__isnull=True).exclude(
            recruit__officer=user
        )
        waiting = waiting.filter(Q(current__witness__isnull=True) | ~Q(current__witness=user))
        if not access.has_role(user, access.ASSESSOR):
            intakes = IntakeTrainer.objects.in_force(clock.today()).filter(trainer=user).values("intake")
            trained = RecruitState.objects.known().filter(
                kind=Kind.INTAKE, is_void=False, intake__in=intakes, valid_until__isnull=True
            )
            tutored = TutorPairing.objects.in_force(clock.today()).filter(tutor=user)
            waiting = waiting.filter(
                Q(recruit__in=trained.values("recruit")) | Q(recruit__in=tutored.values("recruit"))
            )
        return waiting.order_by("current__at", "pk")


class PortfolioItem(models.Model):
    """One piece of evidence of a recruit's, for the portfolio of a phase. ``current`` is what was handed in last.

    Without a ``current`` it only holds files that came with a form which is not handed in yet. ``decided_on`` is the day of the
    judgement that ``state`` follows from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recruit = models.ForeignKey(Recruit, on_delete=models.PROTECT, related_name="portfolio_items")
    phase = models.SlugField(max_length=40)
    added_at = models.DateTimeField()
    # The form's own token: a double click, or a form sent again, makes one item.
    client_token = models.UUIDField()
    current = models.OneToOneField(
        "courses.PortfolioVersion", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.WAITING)
    decided_on = models.DateField(null=True)

    objects = PortfolioItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["recruit", "phase"]),
            models.Index(fields=["added_at"], condition=Q(state="waiting"), name="portfolio_items_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recruit", "client_token"], name="one_portfolio_item_for_a_form"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="portfolio_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_on__isnull=True)
                | Q(~Q(state="waiting"), decided_on__isnull=False, current__isnull=False),
                name="portfolio_item_decided_on_a_day",
            ),
        ]


class PortfolioFile(models.Model):
    """A checked file in private storage under ``path``; ``name`` is what the recruit called it. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(PortfolioItem, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "sha256"], name="portfolio_file_kept_once")]

    def __str__(self) -> str:
        return self.name


class PortfolioVersion(models.Model):
    """What was handed in at one time, as it was judged. Never changed; a returned item is handed in anew as the next version.

    ``witness`` was there and can vouch for it, and so never judges it. ``confirmed`` says of what the recruit confirmed that it is no
    detail of a case: kinds of ``portfolio.case_details``, never the words.
    """

    item = models.ForeignKey(PortfolioItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    words = models.TextField()
    reference = models.CharField(max_length=REFERENCE_LENGTH, blank=True)
    happened_on = models.DateField()
    place = models.CharField(max_length=PLACE_LENGTH)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="portfolio_vouched"
    )
    confirmed = models.CharField(max_length=120, blank=True)
    files = models.ManyToManyField(PortfolioFile, related_name="versions")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="portfolio_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("officer")), name="nobody_vouches_for_themselves"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PortfolioClaim(models.Model):
    """That a version is evidence under a heading of its phase."""

    version = models.ForeignKey(PortfolioVersion, on_delete=models.PROTECT, related_name="claims")
    heading = models.SlugField(max_length=40)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "heading"], name="portfolio_heading_claimed_once")]


class PortfolioJudgement(models.Model):
    """Somebody judged a version: valid, authentic, current and sufficient, or returned with a reason. Never changed.

    ``number`` counts the judgements of a version, so that of two at once only one is written. ``officer`` is whose evidence it is and
    ``witness`` who vouched for it: neither judges.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(PortfolioVersion, on_delete=models.PROTECT, related_name="judgements")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=ItemState.choices)
    valid = models.BooleanField()
    authentic = models.BooleanField()
    up_to_date = models.BooleanField()
    sufficient = models.BooleanField()
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portfolio_judgements")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="portfolio_judgements_are_numbered"),
            models.CheckConstraint(
                condition=Q(outcome="sufficient", valid=True, authentic=True, up_to_date=True, sufficient=True)
                | (
                    Q(outcome="returned")
                    & ~Q(valid=True, authentic=True, up_to_date=True, sufficient=True)
                    & ~Q(reason="")
                ),
                name="portfolio_sufficient_or_returned_with_a_reason",
            ),
            models.CheckConstraint(condition=~Q(by=F("officer")), name="nobody_judges_their_own_portfolio"),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(by=F("witness")), name="nobody_judges_what_they_vouched_for"
            ),
        ]

    @property
    def is_sufficient(self) -> bool:
        return self.outcome == ItemState.SUFFICIENT


class PortfolioSignOff(models.Model):
    """The portfolio of a phase signed off as a whole by somebody who signed in again at ``confirmed_at``; ``entry`` is in the ledger.

    It ends only where a quality assurer does not agree with a judgement behind it: ``ended_at`` is set once, with who and why.
    """

    recruit = models.ForeignKey(Recruit, on_delete=models.PROTECT, related_name="portfolio_sign_offs")
    phase = models.SlugField(max_length=40)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    words = models.CharField(max_length=300)
    entry = models.OneToOneField("cpd_records.LedgerEntry", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=REASON_LENGTH, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["recruit", "phase"], condition=Q(ended_at__isnull=True), name="a_portfolio_is_signed_off_once"
            ),
            models.UniqueConstraint(fields=["by", "confirmed_at"], name="one_sign_in_signs_off_one_portfolio"),
            models.CheckConstraint(condition=~Q(by=F("officer")), name="nobody_signs_off_their_own_portfolio"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="a_sign_off_ends_with_a_reason",
            ),
        ]


class PortfolioSampleQuerySet(models.QuerySet[Any]):
    """Who may read samples: quality assurers, and auditors, who only read."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self if access.has_any_role(user, access.IQA, access.AUDITOR) else self.none()


class PortfolioSample(models.Model):
    """A plan and its draw: of the judgements of a period, ``share`` tenths of a per cent of each judge's, and at least ``least``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    starts_on = models.DateField()
    ends_on = models.DateField()
    seed = models.CharField(max_length=200)
    share = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(1000)])
    least = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PortfolioSampleQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at"]
        constraints = [
            models.UniqueConstraint(fields=["seed", "starts_on", "ends_on"], name="portfolio_sample_drawn_once"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=1000), name="portfolio_share_is_a_share"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="portfolio_sample_of_a_period"),
        ]

    def __str__(self) -> str:
        return f"{date_format(self.starts_on, 'j F Y')} to {date_format(self.ends_on, 'j F Y')}"

    @property
    def share_words(self) -> str:
        """The share in per cent: '12.5 %'."""
        whole, tenth = divmod(self.share, 10)
        return f"{whole}.{tenth} %" if tenth else f"{whole} %"


class PortfolioSampleMember(models.Model):
    """A judgement a draw was made from, with its ``place`` in the lot among its judge's; the first are selected."""

    sample = models.ForeignKey(PortfolioSample, on_delete=models.PROTECT, related_name="members")
    judgement = models.ForeignKey(PortfolioJudgement, on_delete=models.PROTECT, related_name="sampled")
    place = models.PositiveIntegerField()
    is_selected = models.BooleanField()

    class Meta:
        ordering = ["judgement__by", "place"]
        indexes = [models.Index(fields=["sample", "is_selected"])]
        constraints = [models.UniqueConstraint(fields=["sample", "judgement"], name="portfolio_sampled_once_in_a_draw")]


class PortfolioReading(models.Model):
    """A quality assurer read a selected judgement and agrees with it, or not, with a reason. Once for each; never changed."""

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        NOT_AGREED = "not_agreed", "Not agreed"

    member = models.OneToOneField(PortfolioSampleMember, on_delete=models.PROTECT, related_name="reading")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.CharField(max_length=REASON_LENGTH, blank=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(by=F("judged_by")) & ~Q(by=F("officer")), name="nobody_assures_their_own_judgement"
            ),
            models.CheckConstraint(
                condition=Q(outcome="agreed") | (Q(outcome="not_agreed") & ~Q(words="")),
                name="portfolio_not_agreed_with_a_reason",
            ),
        ]
