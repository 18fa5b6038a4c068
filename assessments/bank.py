"""The question bank: saving, reviewing, approving and retiring questions. A version never changes once it is saved.

Who may author a family is asked at the door (``people.access``); that nobody approves their own words is kept here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from assessments import question_types
from assessments.digests import digest_of
from assessments.kept_pictures import problems_of_pictures
from assessments.lines import refresh_lines
from assessments.models import Difficulty, Question, QuestionUse, QuestionVersion, VersionState, VersionStep
from assessments.question_types import Problem
from assessments.question_types.rational import to_text
from assessments.question_types.words import check_line, check_words, says_something, wrong_in
from assessments.reviews import ask_to_tell_reviewers
from assessments.topics import keep_family, topic_in_bank, word_said
from people import clock
from people.models import User

LONGEST = {"outcome": 20, "topic": 120, "must_pass": 120, "module": 120}
LONGEST_REFERENCE = 80
LONGEST_NOTE = 20_000
MOST_MARKS = 1_000


class BankRefused(Exception):
    """Something about a question was refused; the message is a sentence for the person."""


class BadQuestion(BankRefused):
    """The question cannot be used as it is written; ``problems`` says where and why."""

    def __init__(self, code: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"Question {code} was not saved. " + " ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class NotForThisUse(BankRefused):
    """The question is well formed, and cannot be used where it is meant to be used."""

    def __init__(self, version: QuestionVersion, problem: Problem) -> None:
        super().__init__(f"Version {version.number} of {version.question.code} stays as it is. {problem.message}")


class BelowHouseRules(BankRefused):
    """A draft that may be kept, but not handed to reviewers or approved, because it breaks house rules; ``problems`` says which."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Edit the question first. " + " ".join(str(problem) for problem in problems))
        self.problems = list(problems)


class OwnQuestion(BankRefused):
    """Nobody approves a question they wrote."""

    def __init__(self) -> None:
        super().__init__("You wrote this question, so somebody else approves it. Ask another approver.")


class WrongState(BankRefused):
    """The version is not in the state this step starts from."""

    def __init__(self, version: QuestionVersion, wanted: str) -> None:
        now = VersionState(version.state).label.lower()
        super().__init__(f"This version is {now}; only one that is {wanted} can take this step. Open it again.")


class OlderVersion(BankRefused):
    """A newer version has been approved, and a question never goes back to an older one."""

    def __init__(self, version: QuestionVersion, newer: int) -> None:
        super().__init__(
            f"Version {newer} of {version.question.code} has been approved, so version {version.number} is out of date and stays "
            "out of use. To bring its words back, edit the question and save them as a new version."
        )
        self.newer = newer


class BadReason(BankRefused):
    """A step that others have to understand has no reason, one that says nothing, or one with words that cannot be kept."""


class ChangedMeanwhile(BankRefused):
    """Somebody saved a newer version while this one was being written."""

    def __init__(self, code: str, seen: int, last: int) -> None:
        super().__init__(
            f"{code} was not saved. You began from version {seen}, and version {last} has been saved since. "
            "What you wrote is still here."
        )
        self.last = last


class CodeTaken(BankRefused):
    """A new question or assessment asks for a code that is in use."""

    def __init__(self, code: str) -> None:
        super().__init__(f"The code {code} is in use, and codes are never reused. Choose another.")


def refuse_overwriting(code: str, *, seen: int | None, last: int) -> None:
    """Raise unless ``last``, the newest version there is, is the one the author saw; ``seen`` 0 is a new code, None asks nothing."""
    if seen is not None and seen != last:
        raise ChangedMeanwhile(code, seen, last) if seen else CodeTaken(code)


def save_question_version(
    code: str,
    *,
    bank: str,
    type: str,
    definition: Mapping[str, Any],
    by: User | None,
    at: datetime,
    use: str = QuestionUse.EXAM,
    family: str = "",
    module: str = "",
    outcome: str = "",
    topic: str = "",
    difficulty: str = Difficulty.MEDIUM,
    must_pass: str = "",
    references: Sequence[str] = (),
    note: str = "",
    author_name: str = "",
    max_mark: Decimal = Decimal(1),
    seen: int | None = None,
    keeps_drafts: bool = False,
) -> QuestionVersion:
    """Save what a question says as a new draft version and return it; saving what its last version says returns that one.

    Makes the question on first sight of its code. A code keeps its bank and its use for ever. ``by`` None is an import.
    The question is placed at the topic its words name, below its bank, unless they say what the last version said: then it stays where
    somebody may have moved it.
    ``seen`` is the number of the version the author began from, 0 for a new question: ``ChangedMeanwhile`` or ``CodeTaken`` where
    another is the newest by now. Left out, nothing is compared. Where it ``keeps_drafts`` a draft may break house rules.
    """
    question_type = question_types.get(type)
    words: dict[str, Any] = {
        "type": type,
        "definition": question_type.normalise(definition),
        "outcome": outcome,
        "topic": word_said(code, topic),
        "difficulty": difficulty,
        "must_pass": must_pass,
        "references": list(references),
    }
    around = {**words, "module": module, "note": note, "max_mark": max_mark}
    problems = question_types.problems_of(question_type, words["definition"]) + _problems_around(around, use)
    if all(problem.is_house_rule for problem in problems):
        problems += problems_of_pictures(words["definition"])
        of_use = question_types.problems_of_use(question_type, words["definition"], use)
        problems += [problem for problem in of_use if not problem.is_house_rule]
    if any(not (keeps_drafts and problem.is_house_rule) for problem in problems):
        raise BadQuestion(code, problems)
    digest = digest_of_words(words, max_mark)
    with transaction.atomic():
        question, _created = Question.objects.select_for_update().get_or_create(
            code=code,
            defaults={
                "bank": bank,
                "family": family,
                "module": module,
                "use": use,
                "created_at": clock.now(),
                "created_by": by,
            },
        )
        last = question.versions.order_by("-number").first()
        refuse_overwriting(code, seen=seen, last=0 if last is None else last.number)
        _check_identity(question, bank=bank, use=use)
        placed = question.topic_id
        if placed is None or last is None or last.topic != words["topic"]:
            placed = topic_in_bank(bank, words["topic"], family=family, by=by, at=at).pk
        if question.family != family:
            keep_family(bank, family)
        if (question.family, question.module, question.topic_id) != (family, module, placed):
            question.family, question.module, question.topic_id = family, module, placed
            question.save(update_fields=["family", "module", "topic"])
            refresh_lines([question.pk])
        if last is not None and last.digest == digest and last.note == note and last.state != VersionState.RETIRED:
            return last
        version = QuestionVersion.objects.create(
            question=question,
            number=1 if last is None else last.number + 1,
            **words,
            max_mark=max_mark,
            note=note,
            author_name=author_name,
            created_at=at,
            created_by=by,
            digest=digest,
        )
        VersionStep.objects.create(version=version, state=VersionState.DRAFT, by=by, at=at)
        refresh_lines([question.pk])
    return version


def submit_for_review(version: QuestionVersion, *, by: User | None, at: datetime, tell: bool = True) -> QuestionVersion:
    """Hand a draft to the reviewers and approvers, who are told by mail. Refused where a newer version has been approved.

    ``tell`` False is for an import, where the approval follows at once. Refused while it breaks a house rule.
    """
    _refuse_below_house_rules(version)
    with transaction.atomic():
        _lock(version)
        _refuse_older(version)
        _refuse_use(version)
        _move(version, VersionState.DRAFT, VersionState.IN_REVIEW, by=by, at=at)
        if tell:
            ask_to_tell_reviewers(version)
    return version


def return_version(version: QuestionVersion, *, by: User, at: datetime, reason: str) -> QuestionVersion:
    """Give a version in review back to its author, saying why."""
    _check_reason(reason, "Say what the author should change.")
    return _move(version, VersionState.IN_REVIEW, VersionState.DRAFT, by=by, at=at, reason=reason)


def approve_version(version: QuestionVersion, *, by: User | None, at: datetime, reason: str = "") -> QuestionVersion:
    """Approve a version in review for use; the version approved before it retires.

    Refused to everybody who wrote any version since the last approved one, superusers included, and for a version older than one that
    has been approved, and while it breaks a house rule. ``by`` None is an import.
    """
    _refuse_below_house_rules(version)
    with transaction.atomic():
        _lock(version)
        if by is not None and by.pk in authors_since_approval(version):
            raise OwnQuestion
        _refuse_older(version)
        _refuse_use(version)
        approved = QuestionVersion.objects.filter(question=version.question_id, state=VersionState.APPROVED)
        for older in approved.exclude(pk=version.pk):
            replaced = f"Replaced by version {version.number}."
            _move(older, VersionState.APPROVED, VersionState.RETIRED, by=by, at=at, reason=replaced)
        return _move(version, VersionState.IN_REVIEW, VersionState.APPROVED, by=by, at=at, reason=reason)


def retire_version(version: QuestionVersion, *, by: User | None, at: datetime, reason: str) -> QuestionVersion:
    """Take a version out of use, saying why. Attempts that drew it keep it."""
    _check_reason(reason, "Say why the question is retired.")
    if version.state == VersionState.RETIRED:
        raise WrongState(version, "in use")
    return _move(version, VersionState(version.state), VersionState.RETIRED, by=by, at=at, reason=reason)


def why_out_of_date(version: QuestionVersion) -> str:
    """Return why a version not yet in use will not come into use any more, as a sentence; nothing where it may."""
    if version.state not in (VersionState.DRAFT, VersionState.IN_REVIEW):
        return ""
    newer = newer_approved(version)
    return "" if newer is None else str(OlderVersion(version, newer))


def newer_approved(version: QuestionVersion) -> int | None:
    """Return the number of the newest version after this one that has been approved, whatever became of it since; None for none."""
    steps = VersionStep.objects.filter(
        version__question=version.question_id, version__number__gt=version.number, state=VersionState.APPROVED
    )
    number: int | None = steps.aggregate(newest=Max("version__number"))["newest"]
    return number


def approved_versions(bank: str, *, use: str = QuestionUse.EXAM) -> QuerySet[QuestionVersion]:
    """Return the approved versions of a bank, one a question, with their questions."""
    return QuestionVersion.objects.filter(
        question__bank=bank, question__use=use, state=VersionState.APPROVED
    ).select_related("question")


def approved_version(code: str) -> QuestionVersion | None:
    """Return the approved version of a question, or None where there is none."""
    versions = QuestionVersion.objects.filter(question__code=code, state=VersionState.APPROVED)
    return versions.select_related("question").first()


def latest_version(code: str) -> QuestionVersion | None:
    """Return the newest version of a question in whatever state."""
    return QuestionVersion.objects.filter(question__code=code).select_related("question").order_by("-number").first()


def digest_of_words(words: Mapping[str, Any], max_mark: Decimal) -> str:
    """Return the digest of what a version says. A mark of 1 is not part of it: digests from before questions carried marks stay."""
    carried = {} if max_mark == 1 else {"max_mark": to_text(Fraction(max_mark))}
    return digest_of({**words, **carried})


def can_be_max_mark(value: Decimal) -> bool:
    """Return whether a question can carry this mark."""
    return 0 <= value <= MOST_MARKS and value == value.quantize(Decimal("0.0000001"))


def _problems_around(words: Mapping[str, Any], use: str) -> list[Problem]:
    problems = []
    if use not in QuestionUse.values:
        problems.append(Problem("use", "'use' is 'lesson' or 'exam'."))
    if words["difficulty"] not in Difficulty.values:
        problems.append(Problem("difficulty", "'difficulty' is 'easy', 'medium' or 'hard'."))
    if words["must_pass"] and use != QuestionUse.EXAM:
        problems.append(Problem("must_pass", "Only a question of an assessment can be must-pass."))
    for name, longest in LONGEST.items():
        problems += check_line(words[name], name, longest=longest)
    for reference in words["references"]:
        problems += check_line(reference, "references", longest=LONGEST_REFERENCE)
    if not can_be_max_mark(words["max_mark"]):
        problems.append(
            Problem("max_mark", f"A question carries from 0 to {MOST_MARKS} marks, with 7 decimals at most.")
        )
    if len(words["note"]) > LONGEST_NOTE:
        problems.append(Problem("note", f"Shorten the note to {LONGEST_NOTE:,} characters or fewer."))
    return problems + check_words(words["note"], "note")


def _check_identity(question: Question, *, bank: str, use: str) -> None:
    if question.bank != bank:
        raise BankRefused(f"The code {question.code} belongs to the bank {question.bank} and is never reused.")
    if question.use != use:
        kind = QuestionUse(question.use).label.lower()
        raise BankRefused(f"{question.code} is a question of kind '{kind}' and stays one. Give this one its own code.")


def authors_since_approval(version: QuestionVersion) -> set[int]:
    """The people whose words an approval would let through: authors of every version after the last approved one."""
    versions = QuestionVersion.objects.filter(question=version.question_id, number__lte=version.number)
    approved = VersionStep.objects.filter(version__in=versions, state=VersionState.APPROVED)
    last = approved.aggregate(last=Max("version__number"))["last"] or 0
    return set(versions.filter(number__gt=last, created_by__isnull=False).values_list("created_by", flat=True))


def house_rules_broken(version: QuestionVersion) -> list[Problem]:
    """Return the house rules that a version breaks; it can be a draft with them and nothing more."""
    problems = question_types.problems_of(question_types.get(version.type), version.definition)
    return [problem for problem in problems if problem.is_house_rule]


def _refuse_below_house_rules(version: QuestionVersion) -> None:
    if problems := house_rules_broken(version):
        raise BelowHouseRules(problems)


def _lock(version: QuestionVersion) -> None:
    """Let one step of a question's versions happen at a time: what may follow depends on all of them."""
    Question.objects.select_for_update().get(pk=version.question_id)


def _refuse_older(version: QuestionVersion) -> None:
    newer = newer_approved(version)
    if newer is not None:
        raise OlderVersion(version, newer)


def _refuse_use(version: QuestionVersion) -> None:
    """Refuse a question that cannot be used where it is meant to be: one no panel has rated, in an assessment."""
    kind = question_types.get(version.type)
    for problem in question_types.problems_of_use(kind, version.definition, version.question.use):
        raise NotForThisUse(version, problem)


def _check_reason(reason: str, sentence: str) -> None:
    if not says_something(reason):
        raise BadReason(sentence)


def _move(
    version: QuestionVersion,
    start: VersionState,
    end: VersionState,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> QuestionVersion:
    """Write the step and its cache, unless the version has meanwhile left the state it should start from."""
    if wrong := wrong_in(reason):
        raise BadReason(wrong)
    with transaction.atomic():
        moved = QuestionVersion.objects.filter(pk=version.pk, state=start).update(state=end)
        if not moved:
            version.refresh_from_db(fields=["state"])
            raise WrongState(version, start.label.lower())
        VersionStep.objects.create(version=version, state=end, by=by, at=at, reason=reason[:500])
        refresh_lines([version.question_id])
    version.state = end
    return version
