"""Questions are found by every narrowing there is, and by nobody who does not work on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from assessments import bank
from assessments.analysis.reports import analyse_assessment
from assessments.analysis.weak_questions import keep_weak_questions
from assessments.describing import BadDescription, describe_question, tags_in
from assessments.finding import advice_on, choices_for, lines_found, references_found
from assessments.lines import rebuild_lines
from assessments.models import Citation, LegalReference, Question, QuestionLine
from assessments.references import BadReference, ReferenceWords, keep_references, references_cited, save_reference
from assessments.search_words import asked_in, words_of, words_wanted
from assessments.topics import topic_at
from people.models import User
from tests.assessments.analysis.sittings import ladder
from tests.assessments.building import NOON, SHORT_TEXT, SINGLE, TRUE_FALSE, question, rules_only

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
PACE = ReferenceWords("pace-s1", "Police and Criminal Evidence Act 1984", "section 1", review_by=date(2026, 11, 22))


@pytest.fixture
def tess(person: Any) -> User:
    return person("Tess", "trainer", family="initial")


def found(user: User, **asked: Any) -> list[str]:
    return [line.code for line in lines_found(user, asked, on=TODAY)]


def of(code: str, **more: Any) -> Question:
    return question(code, **{"family": "initial", "approved": False, **more}).question


def test_words_of_stem_answers_and_code_are_found_by_how_they_begin(tess: User) -> None:
    of("bench", type="single_choice", definition=SINGLE)
    of("warrant", type="short_text", definition=SHORT_TEXT)
    assert found(tess, q="nurse calm") == ["bench"]
    assert found(tess, q="HOSP") == ["bench"]
    assert found(tess, q="amhp") == ["warrant"]
    assert found(tess, q="warr") == ["warrant"]
    assert found(tess, q="ospital") == []
    assert found(tess, q="nurse warrant") == []
    assert found(tess, q="useful") == [], "feedback is not asked"
    assert found(tess, q="') | * :") == [], "signs that are no words find nothing and harm nothing"
    assert found(tess, q="") == ["bench", "warrant"]


def test_each_narrowing_narrows_alone_and_with_others(tess: User, person: Any) -> None:
    ann = person("Ann", "trainer", family="initial")
    bo = person("Bo", "approver", family="initial")
    first = of("q1", topic="Custody/Rights", difficulty="hard", by=ann, references=["pace-s1"])
    of("q2", topic="Custody", outcome="LO2", use="lesson", by=tess)
    of("q3", type="single_choice", definition=SINGLE, bank="OTHER")
    version = first.versions.get()
    bank.submit_for_review(version, by=ann, at=NOON)
    bank.approve_version(version, by=bo, at=NOON)
    describe_question(first, tags=tags_in("Night duty, Custody"), source="A debrief")
    save_reference("MH-101", PACE, family="initial", by=tess, at=NOON)
    custody = topic_at("MH-101", "custody")
    rights = topic_at("MH-101", "custody/rights")
    assert custody
    assert rights
    for asked, codes in (
        ({"topic": custody.pk}, ["q1", "q2"]),
        ({"topic": rights.pk}, ["q1"]),
        ({"bank": "OTHER"}, ["q3"]),
        ({"outcome": "LO2"}, ["q2"]),
        ({"difficulty": "hard"}, ["q1"]),
        ({"type": "single_choice"}, ["q3"]),
        ({"state": "approved"}, ["q1"]),
        ({"use": "lesson"}, ["q2"]),
        ({"tag": " night  DUTY"}, ["q1"]),
        ({"tag": "Night duty"}, ["q1"]),
        ({"reference": "pace-s1"}, ["q1"]),
        ({"reference": "criminal evid 1984 section 1"}, ["q1"]),
        ({"reference": "1984 section 12"}, []),
        ({"author": ann.pk}, ["q1"]),
        ({"reviewer": bo.pk}, ["q1"]),
        ({"overdue": True}, ["q1"]),
        ({"topic": custody.pk, "outcome": "LO2"}, ["q2"]),
        ({"topic": custody.pk, "bank": "OTHER"}, []),
    ):
        assert found(tess, **asked) == codes, asked
    choices = choices_for(tess)
    assert (choices.banks, choices.outcomes) == (["MH-101", "OTHER"], ["LO1", "LO2"])
    assert choices.authors == [(ann.pk, "Ann"), (tess.pk, "Tess")]
    assert choices.reviewers == [(bo.pk, "Bo")]


def test_nobody_finds_questions_topics_or_references_of_another_family(tess: User, person: Any) -> None:
    of("q1", topic="Custody", references=["pace-s1"])
    save_reference("MH-101", PACE, family="initial", by=tess, at=NOON)
    elsewhere = person("Una", "trainer", family="ethics")
    custody = topic_at("MH-101", "Custody")
    assert custody
    for asked in ({}, {"topic": custody.pk}, {"reference": "pace-s1"}, {"q": "old"}):
        assert found(elsewhere, **asked) == []
    assert not references_found(elsewhere, "police").exists()
    assert choices_for(elsewhere).banks == []
    assert found(person("Sys", "system-admin")) == ["q1"]


def test_a_line_follows_every_change_of_its_question(tess: User, person: Any) -> None:
    asked = of("q1", references=["pace-s1", "pace-s2"])

    def line() -> QuestionLine:
        return QuestionLine.objects.get(question=asked)

    assert (line().state, line().version.number, line().review_on) == ("draft", 1, None)
    save_reference("MH-101", PACE, family="initial", by=tess, at=NOON)
    assert line().review_on == date(2026, 11, 22)
    changed = of("q1", definition={**TRUE_FALSE, "answer": True, "stem": "An inspector may waive it."}, family="ethics")
    assert (line().version.number, line().family, changed) == (2, "ethics", asked)
    assert (line().review_on, "waive" in line().words, Citation.objects.count()) == (None, True, 0)
    bank.retire_version(line().version, by=None, at=NOON, reason="The law changed.")
    assert line().state == "retired"
    QuestionLine.objects.all().delete()
    assert rebuild_lines() == 1
    assert (line().state, line().version.number) == ("retired", 2)


def test_tags_and_source_change_without_a_new_version(tess: User) -> None:
    asked = of("q1")
    describe_question(asked, tags=["a", "b"], source="A book")
    describe_question(asked, tags=["b", "c"], source=" ")
    assert [tag.word for tag in asked.tags.all()] == ["b", "c"]
    assert (asked.source, asked.versions.count()) == ("", 1)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"tags": ["x" * 61]}, "tags"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"tags": ["<b>x</b>"]}, "tags"),
        ({"source": "x" * 301}, "source"),
        ({"source": "a\x00"}, "source"),
    ],
)
def test_a_description_that_cannot_be_kept_is_refused(more: dict[str, Any], path: str) -> None:
    with pytest.raises(BadDescription) as refusal:
        describe_question(of("q1"), **{"tags": [], "source": "", **more})
    assert {problem.path for problem in refusal.value.problems} == {path}


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"code": ""}, "code"),
        ({"code": "two words"}, "code"),
        ({"act": " "}, "act"),
        ({"act": "x" * 256}, "act"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"checked_on": date(2026, 11, 24)}, "checked_on"),
        ({"checked_on": date(2026, 11, 20), "review_by": date(2026, 11, 19)}, "review_by"),
    ],
)
def test_a_reference_that_cannot_be_kept_is_refused(tess: User, more: dict[str, Any], path: str) -> None:
    words = ReferenceWords(**{"code": "a", "act": "An Act 2020", **more})
    with pytest.raises(BadReference) as refusal:
        save_reference("MH-101", words, family="initial", by=tess, at=NOON)
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_a_reference_is_written_once_and_a_courses_stays_the_courses(tess: User) -> None:
    save_reference("MH-101", PACE, family="initial", by=tess, at=NOON, seen=False)
    with pytest.raises(BadReference, match="already"):
        save_reference("MH-101", PACE, family="initial", by=tess, at=NOON, seen=False)
    kept = ReferenceWords("mha-136", "Mental Health Act 1983", "section 136")
    keep_references("MH-101", [kept], keeper="MH-101", family="initial", by=None, at=NOON)
    with pytest.raises(BadReference, match="on the course's page"):
        save_reference("MH-101", kept, family="initial", by=tess, at=NOON)
    keep_references("MH-101", [], keeper="MH-101", family="initial", by=None, at=NOON)
    assert [row.code for row in LegalReference.objects.all()] == ["pace-s1"]
    assert [(code, bool(row)) for code, row in references_cited("MH-101", ["pace-s1", "gone"])] == [
        ("pace-s1", True),
        ("gone", False),
    ]


def test_keeping_what_is_kept_already_changes_nothing() -> None:
    rows = [ReferenceWords("mha-136", "Mental Health Act 1983", "section 136")]
    keep_references("MH-101", rows, keeper="MH-101", family="initial", by=None, at=NOON)
    keep_references("MH-101", rows, keeper="MH-101", family="initial", by=None, at=NOON + timedelta(days=1))
    assert LegalReference.objects.get().changed_at == NOON


def test_words_are_taken_apart_alike_where_they_are_written_and_looked_for() -> None:
    assert words_of("Stop_and-search: s.136(1A)", "STOP") == "136 1a and s search stop"
    assert words_wanted("  Stop, stop! 法律 ") == ["stop", "法律"]
    assert len(words_wanted(" ".join(str(n) for n in range(99)))) == 12
    assert words_of("x" * 99) == "x" * 60
    definition = {"stem": "A", "options": [{"id": "i", "text": "B", "fraction": "1", "feedback": "no"}], "choose": 2}
    assert list(asked_in(definition)) == ["A", "B"]


def test_questions_that_performed_badly_are_found_by_those_who_write_for_the_family(tess: User, person: Any) -> None:
    for number in range(1, 4):
        question(f"final-q{number}", family="initial")
    version = rules_only(draw=[{"outcome": "LO1", "count": 3}], family="initial")
    ladder(version, [(1, 1, 0)] * 12 + [(1, 0, 1)] * 10 + [(0, 0, 1)] * 10)
    keep_weak_questions(version.assessment, analyse_assessment(version.assessment), until=NOON, at=NOON)
    weak = QuestionLine.objects.get(code="final-q3")
    assert found(tess, weak=True) == ["final-q2", "final-q3"], "one answered backwards, one all but alike"
    assert found(tess, weak=True, q="q3") == ["final-q3"]
    assert found(tess, weak=False) == ["final-q1", "final-q2", "final-q3"]
    assert list(advice_on(tess, [weak.question_id])) == [weak.question_id]
    reviewer = person("Rae", "subject-reviewer", family="initial")
    assert found(reviewer, weak=True) == []
    assert advice_on(reviewer, [weak.question_id]) == {}
