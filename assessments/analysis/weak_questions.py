"""Keeping the list of questions that perform badly: in the background, an assessment at a time, when attempts were marked since."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from assessments.analysis.counted_attempts import marked_attempts
from assessments.analysis.reports import Analysis, kept_analysis
from assessments.models import AnalysedAssessment, Assessment, AttemptState, QuestionVersion, WeakQuestion
from people import clock, work

WORK = "assessments.find_weak_questions"


def weak_questions_of(user: AbstractBaseUser | AnonymousUser) -> QuerySet[WeakQuestion]:
    """Return the questions that need this person, the worst first: of the families they write for."""
    return WeakQuestion.objects.visible_to(user).select_related("analysed__assessment", "question_version__question")


@shared_task(name="assessments.analysis.weak_questions.ask_for_analyses")
def ask_for_analyses() -> int:
    """Ask for the analysis of each assessment that was marked since its last; return how many. Once an hour is enough."""
    if work.is_held():
        return 0
    closed = Q(versions__sittings__state__in=(AttemptState.SUBMITTED, AttemptState.EXPIRED))
    stale = (
        Assessment.objects.annotate(last=Max("versions__sittings__marked_at", filter=closed))
        .filter(last__isnull=False)
        .filter(Q(analysed__isnull=True) | Q(analysed__marked_until__lt=F("last")))
        .values_list("pk", "last")
    )
    asked = [f"{assessment}:{last.isoformat()}" for assessment, last in stale]
    work.ask_many(WORK, asked)
    return len(asked)


@work.background(WORK)
def find_weak_questions(key: str) -> None:
    """Write anew which questions of one assessment (``id:marked until``) need somebody, from first attempts of all versions."""
    assessment = Assessment.objects.filter(pk=UUID(key.split(":", 1)[0])).first()
    if assessment is None:
        return
    until = marked_attempts(assessment).aggregate(last=Max("marked_at"))["last"]
    if until is None:
        return
    # Kept where processes share a cache, so that the page of a large test opens at once.
    keep_weak_questions(assessment, kept_analysis(assessment), until=until, at=clock.now())


def keep_weak_questions(assessment: Assessment, analysis: Analysis, *, until: datetime, at: datetime) -> None:
    """Replace what was kept of an assessment. Below thirty candidates nothing is kept: a hint is no reason to call somebody."""
    weak = () if analysis.figures.is_few else analysis.weak
    versions = {
        (version.question_id, version.number): version
        for version in QuestionVersion.objects.filter(question__in=[one.question_id for one in weak])
    }
    with transaction.atomic():
        analysed, _is_new = AnalysedAssessment.objects.update_or_create(
            assessment=assessment,
            defaults={"marked_until": until, "candidates": analysis.figures.candidates, "reckoned_at": at},
        )
        analysed.weak.all().delete()
        WeakQuestion.objects.bulk_create(
            WeakQuestion(
                analysed=analysed,
                question_version=versions[one.question_id, one.version],
                trouble=one.advice.trouble,
                sentence=one.advice.sentence,
                facility=one.figures.facility,
                discrimination=one.figures.discrimination,
            )
            for one in weak
        )
