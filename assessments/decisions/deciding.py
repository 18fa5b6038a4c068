"""Proposing a decision on a question, checking the law of it, confirming it or letting it go.

Nobody takes any of these steps on a question of an attempt of their own, superusers included. Who may work on the family's questions is
asked at the door.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from assessments import question_types
from assessments.decisions.applying import WORK, key_for
from assessments.decisions.foreseeing import attempts_touched, foresee, touches_own
from assessments.decisions.refusals import (
    DecisionRefused,
    SeenOtherwise,
    TouchesAnothersAttempt,
    TouchesOwnAttempt,
)
from assessments.models import (
    AssessmentVersion,
    Attempt,
    AttemptState,
    DecisionAssessment,
    DecisionKey,
    DecisionKind,
    DecisionStep,
    DecisionStepKind,
    DecisionVersion,
    Question,
    QuestionDecision,
    QuestionVersion,
)
from assessments.models.decisions import ENDS, REASON_LENGTH, REFERENCE_LENGTH
from people import work
from people.models import User

KEYED = (DecisionKind.KEY, DecisionKind.SEVERAL)


def propose_decision(
    question: Question,
    kind: str,
    *,
    versions: Collection[QuestionVersion],
    reason: str,
    by: User,
    at: datetime,
    keys: Collection[QuestionVersion] = (),
    assessments: Iterable[AssessmentVersion] = (),
) -> QuestionDecision:
    """Propose what to do with named versions of a question; nothing changes until it is confirmed."""
    _check_kind(question, kind, list(versions), list(keys))
    reason = _words(reason, "Write what is wrong with the question. Candidates whose mark changes read it.", "reason")
    with transaction.atomic():
        decision = QuestionDecision.objects.create(question=question, kind=kind, reason=reason, by=by, at=at)
        DecisionVersion.objects.bulk_create(
            DecisionVersion(decision=decision, question_version=one) for one in versions
        )
        DecisionKey.objects.bulk_create(DecisionKey(decision=decision, question_version=one) for one in keys)
        DecisionAssessment.objects.bulk_create(
            DecisionAssessment(decision=decision, assessment_version=one) for one in assessments
        )
        if touches_own(decision, by):
            raise TouchesOwnAttempt
    return decision


def check_law(
    decision: QuestionDecision, *, holds: bool, reference: str, looked_on: date, words: str, by: User, at: datetime
) -> DecisionStep:
    """Record that somebody other than the author looked the law up: it holds, or they object, which ends the proposal."""
    if by.pk == decision.by_id:
        raise DecisionRefused("You proposed this decision, so somebody else checks the law. Ask a colleague.")
    if not reference.strip():
        raise DecisionRefused("Name what you looked at: the act and section, or the guidance.", field="reference")
    if len(reference) > REFERENCE_LENGTH:
        raise DecisionRefused(f"Use at most {REFERENCE_LENGTH} characters.", field="reference")
    if looked_on > at.date():
        raise DecisionRefused("This day is still to come. Enter the day on which you looked.", field="looked_on")
    if not holds:
        words = _words(words, "Say why the decision would be wrong. Its author reads it.", "words")
    kind = DecisionStepKind.CHECKED if holds else DecisionStepKind.OBJECTED
    found = {"reference": reference.strip(), "looked_on": looked_on, "words": words.strip()[:REASON_LENGTH]}
    return _step(decision, kind, by=by, at=at, **found)


def withdraw_decision(decision: QuestionDecision, *, by: User, at: datetime, reason: str) -> DecisionStep:
    """Let a proposal go before it is confirmed."""
    words = _words(reason, "Say why you let the proposal go.", "words")
    return _step(decision, DecisionStepKind.WITHDRAWN, by=by, at=at, words=words)


def confirm_decision(decision: QuestionDecision, *, by: User, at: datetime, seen: str) -> DecisionStep:
    """Confirm a checked decision, having ``seen`` what it changes; every attempt that drew the question is marked again soon.

    Open attempts are marked by it when they close. They are locked here: one that closes meanwhile either waits and finds the
    decision, or is closed before and found by the work. Refused where its author, or who checked its law, has drawn the question since:
    a certificate would be withdrawn from them in their own name.
    """
    foreseen = foresee(decision)
    if seen != foreseen.seen:
        raise SeenOtherwise
    checked = decision.steps.select_related("by").filter(kind=DecisionStepKind.CHECKED).first()  # type: ignore[attr-defined]
    if checked is None:
        raise DecisionRefused("Nobody has checked the law of this decision yet. A colleague does so first.")
    with transaction.atomic():
        running = attempts_touched(decision).filter(state=AttemptState.OPEN).values("pk")
        list(Attempt.objects.select_for_update().filter(pk__in=running).order_by("pk").values_list("pk", flat=True))
        if any(touches_own(decision, one) for one in (decision.by, checked.by) if one.pk != by.pk):
            raise TouchesAnothersAttempt
        step = _step(decision, DecisionStepKind.CONFIRMED, by=by, at=at, data=foreseen.counts)
        for key in key_for(decision):
            work.ask(WORK, key.name, at=None if key.due is None else at + key.due)
    return step


def end_of(decision: QuestionDecision) -> DecisionStep | None:
    """Return the step that ended a proposal, or None while it waits."""
    step: DecisionStep | None = decision.steps.filter(kind__in=ENDS).first()  # type: ignore[attr-defined]
    return step


def _step(
    decision: QuestionDecision, kind: DecisionStepKind, *, by: User, at: datetime, **more: object
) -> DecisionStep:
    if touches_own(decision, by):
        raise TouchesOwnAttempt
    ended = end_of(decision)
    if ended is not None:
        raise DecisionRefused(f"This decision is {ended.get_kind_display().lower()} already. Nothing was changed.")
    try:
        with transaction.atomic():
            return DecisionStep.objects.create(
                decision=decision, kind=kind, by=by, author_id=decision.by_id, at=at, **more
            )
    except IntegrityError as repeated:
        raise DecisionRefused("Somebody took this step a moment ago. Look at the decision again.") from repeated


def _check_kind(question: Question, kind: str, versions: list[QuestionVersion], keys: list[QuestionVersion]) -> None:
    if kind not in DecisionKind.values:
        raise DecisionRefused("Choose what to do with the question.", field="kind")
    if not versions:
        raise DecisionRefused("Choose the versions that the decision is about.", field="versions")
    if any(one.question_id != question.pk for one in [*versions, *keys]):
        raise DecisionRefused("A decision is about versions of one question.", field="versions")
    if kind not in KEYED:
        if keys:
            raise DecisionRefused("This decision needs no key. Leave the keys empty.", field="keys")
        return
    if kind == DecisionKind.KEY and len(keys) != 1:
        raise DecisionRefused("Choose the one version whose key is right.", field="keys")
    if kind == DecisionKind.SEVERAL and len(keys) < 2:
        raise DecisionRefused("Choose two or more versions whose keys are accepted.", field="keys")
    for one in versions:
        for key in keys:
            _check_key(one, key)


def _check_key(version: QuestionVersion, key: QuestionVersion) -> None:
    """Refuse a key that cannot mark answers to a version: of another type, or without an option that could be chosen."""
    if key.type != version.type:
        raise DecisionRefused(
            f"Version {key.number} is of another type than version {version.number}, so its key cannot mark answers to it.",
            field="keys",
        )
    kind = question_types.get(version.type)
    if set(kind.option_order(version.definition, "")) - set(kind.option_order(key.definition, "")):
        raise DecisionRefused(
            f"Version {key.number} lacks options of version {version.number}, so its key cannot mark answers to it.",
            field="keys",
        )


def _words(text: str, sentence: str, field: str) -> str:
    text = text.strip()
    if not text:
        raise DecisionRefused(sentence, field=field)
    if len(text) > REASON_LENGTH:
        raise DecisionRefused(f"Use at most {REASON_LENGTH} characters.", field=field)
    return text
