"""What somebody answered in a test goes years before the result: the mark stays, a replay is clean, nothing counts it as unanswered."""

from __future__ import annotations

import hashlib
from io import StringIO
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from assessments.analysis.counted_attempts import Policy, counted_attempts
from assessments.evidence import attempts_known
from assessments.models import AnswerFile, Attempt, AttemptStep, DecisionEffect
from assessments.results import result_of
from cpd_records.models import ErasureGround
from people import clock
from people.models import User
from tests.assessments.building import assessment
from tests.assessments.decisions.acts import applied, confirmed, reread, sat
from tests.factories import person
from tests.training_site.erasures.acts import asked, carried_out, foreseen

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempts(olu: User, dee: User, kit: User) -> tuple[Attempt, Attempt]:
    """Two people sat the same test, and the answers of the first were erased."""
    version = assessment(pass_percent=60)
    erased, kept = sat(version, olu, wrong=("final-q1",)), sat(version, person("Bo Demo"))
    carried_out(asked(olu, dee, classes=["responses"]), kit)
    return reread(erased), reread(kept)


def test_the_mark_stays_and_the_answers_are_gone(attempts: tuple[Attempt, Attempt]) -> None:
    erased, kept = attempts
    assert (erased.score, erased.outcome) == (666_667, "passed")
    assert erased.responses_erased_at is not None
    assert not AttemptStep.objects.filter(attempt=erased, kind__in=("saved", "flagged")).exists()
    assert AttemptStep.objects.filter(attempt=erased, kind="marked").exists()
    assert set(erased.items.values_list("response", flat=True)) == {None}
    assert None not in set(erased.items.values_list("fraction", flat=True))
    assert None not in list(kept.items.values_list("response", flat=True))


def test_a_replay_finds_nothing_wrong_and_marks_nothing_again(attempts: tuple[Attempt, Attempt]) -> None:
    said = StringIO()
    call_command("replay_attempts", stdout=said)
    assert said.getvalue() == "2 attempts replayed.\n"


def test_a_result_and_an_evidence_pack_say_that_they_were_erased(attempts: tuple[Attempt, Attempt]) -> None:
    erased, _kept = attempts
    result = result_of(erased, at=clock.now())
    assert {(item.response, item.is_erased, item.feedback) for item in result.items} == {("Erased", True, ())}
    assert sum(item.is_right for item in result.items) == len(result.items) - 1
    (known,) = attempts_known(erased.officer, begun_by=clock.now(), known_at=clock.now())
    assert {item.response for item in known.items} == {"Erased"}
    assert known.state.score == erased.score


def test_no_analysis_counts_them_as_unanswered(attempts: tuple[Attempt, Attempt]) -> None:
    erased, kept = attempts
    counted = counted_attempts(kept.assessment_version.assessment, policy=Policy.LAST)
    assert [one.id for one in counted.attempts] == [kept.pk]
    assert erased.pk not in {one.id for one in counted.attempts}


def test_no_decision_marks_them_again(attempts: tuple[Attempt, Attempt]) -> None:
    erased, kept = attempts
    before = (erased.score, erased.outcome, erased.marked_at)
    applied(confirmed("final-q1"))
    again = reread(erased)
    assert (again.score, again.outcome, again.marked_at) == before
    assert set(DecisionEffect.objects.values_list("attempt", flat=True)) == {kept.pk}


def test_the_result_goes_later_by_its_own_class(attempts: tuple[Attempt, Attempt], dee: User, kit: User) -> None:
    erased, kept = attempts
    assert foreseen(erased.officer, ground=ErasureGround.RETENTION).count == 0
    assert foreseen(erased.officer, classes=["responses"]).count == 0, "what is gone does not go again"
    carried_out(asked(erased.officer, dee, classes=["cpd"]), kit)
    assert set(Attempt.objects.values_list("pk", flat=True)) == {kept.pk}


def handed_in(attempt: Attempt, content: bytes) -> str:
    """Keep a file as it is kept when it is handed in, by its content; return its place in storage."""
    digest = hashlib.sha256(content).hexdigest()
    if not storages["private"].exists(f"answers/{digest}"):
        storages["private"].save(f"answers/{digest}", ContentFile(content))
    attempt.answer_files.create(  # type: ignore[attr-defined]
        position=1,
        digest=digest,
        name=f"{digest[:6]}.pdf",
        content_type="application/pdf",
        size=len(content),
        added_at=clock.now(),
    )
    return f"answers/{digest}"


def test_files_handed_in_go_unless_another_attempt_holds_the_same(olu: User, dee: User, kit: User) -> None:
    version = assessment(pass_percent=60)
    theirs, others = sat(version, olu), sat(version, person("Bo Demo"))
    # Contents of this test alone: files outlast it, and other tests hand some in as well.
    alone, shared = (f"{what} {uuid4()}".encode() for what in ("alone", "shared"))
    gone, stays = handed_in(theirs, alone), handed_in(theirs, shared)
    assert handed_in(others, shared) == stays
    carried_out(asked(olu, dee, classes=["responses"]), kit)
    assert list(AnswerFile.objects.values_list("attempt", flat=True)) == [others.pk]
    assert not storages["private"].exists(gone)
    assert storages["private"].exists(stays)
    storages["private"].delete(stays)
