"""Whatever cites a section is found: what learners read, what somebody is still writing, what was never brought out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments import bank
from assessments.references import ReferenceWords, keep_references
from courses.admin import law_views
from courses.citing import BEFORE, DRAFT, NOW, Citing, citing
from courses.law_changes import EVERYTHING, LawChangeRefused, mark_for_review, notices_on, open_marks
from courses.models import Course, CoursePage, CourseReference, LawMark
from courses.releases import publish_release
from people import clock
from people.models import User
from tests.assessments import building
from tests.courses import authoring, factories
from tests.factories import person
from tests.queries import at_most_queries

pytestmark = pytest.mark.django_db
ACT, PRINCIPLE = "Code of Ethics", "principle 1"
FIND = "/admin/law-changed/find/"


@pytest.fixture
def tess(db: None) -> User:
    authoring.family()
    return authoring.trainer()


def lessons(user: User, act: str = ACT, provision: str = PRINCIPLE) -> dict[str, Citing]:
    return {one.step: one for one in citing(user, act, provision) if one.kind == "Lesson"}


def cites_instead(page: CoursePage, title: str, provision: str, *, by: User) -> None:
    """Save a draft of a course whose one reference is to something else."""
    latest = page.get_latest_revision_as_object()
    latest.references = [CourseReference(code="code-1", title=title, provision=provision)]
    latest.save_revision(user=by)


def test_lessons_of_a_course_that_never_came_out_are_found_and_marked(tess: User) -> None:
    page = authoring.course(by=tess)
    found = lessons(tess)
    assert [one.title for one in found.values()] == ["ETH-900: The shortcut", "ETH-900: The second time"]
    assert {one.places for one in found.values()} == {(DRAFT,)}
    assert not Course.objects.exists()
    mark_for_review(
        act=ACT, provision=PRINCIPLE, what="It is two now.", chosen=[found["the-shortcut"].key], by=tess, at=clock.now()
    )
    [mark] = open_marks(tess)
    assert (mark.course, mark.step, mark.course.page_id) == (
        Course.objects.get(code="ETH-900"),
        "the-shortcut",
        page.pk,
    )
    assert [(one.step, one.is_marked) for one in lessons(tess).values()] == [
        ("the-shortcut", True),
        ("the-second-time", False),
    ]
    publish_release(page, by=None, at=clock.now())
    assert [notice.what for notice in notices_on(mark.course.pk, "the-shortcut")] == ["It is two now."]


def test_a_draft_of_a_course_that_is_out_is_found_beside_what_learners_read(tess: User) -> None:
    page = authoring.course(by=tess)
    publish_release(page, by=None, at=clock.now())
    assert lessons(tess)["the-shortcut"].places == (NOW, DRAFT)
    cites_instead(page, "Bail Act 1976", "section 3", by=tess)
    assert lessons(tess)["the-shortcut"].places == (NOW,)
    assert lessons(tess, "Bail Act", "s.3")["the-shortcut"].places == (DRAFT,)
    lesson = authoring.lesson_of(page)
    latest = lesson.get_latest_revision_as_object()
    latest.body = [block for block in latest.body.get_prep_value() if block["type"] != "law"]
    latest.save_revision(user=tess)
    assert list(lessons(tess, "Bail Act", "s.3")) == ["the-second-time"], "its draft no longer cites the reference"


def test_lessons_of_an_earlier_release_are_found_while_somebody_reads_them(tess: User) -> None:
    cited = {"id": "a", "title": ACT, "provision": PRINCIPLE}
    first = factories.release(steps=[factories.lesson("first-word", references=[cited])])
    enrolment = factories.enrolled(person("Ola"), first)
    factories.release(first.course, steps=[factories.lesson("first-word")])
    assert lessons(tess)["first-word"].places == (BEFORE,)
    enrolment.closed_at = clock.now()
    enrolment.save(update_fields=["closed_at"])
    assert not lessons(tess)


def test_questions_of_a_course_that_never_came_out_are_found(tess: User) -> None:
    authoring.course(by=tess)
    building.question("q1", bank="ETH-900", family="ethics", references=["code-1"], approved=False)
    building.question("q2", bank="OTHER", family="ethics", references=["code-1"], approved=False)
    assert [one.title for one in citing(tess, ACT, PRINCIPLE) if one.kind == "Question"] == ["q1"]


def test_the_version_in_use_is_found_though_a_newer_draft_does_not_cite(tess: User) -> None:
    words = ReferenceWords("pace-s1", "Police and Criminal Evidence Act 1984", "section 1")
    keep_references("MH-101", [words], keeper="", family="ethics", by=None, at=building.NOON)
    first = building.question("q1", family="ethics", references=["pace-s1"])
    changed = {**building.TRUE_FALSE, "stem": "A sergeant of that age may be taken to a police station."}
    second = building.question("q1", family="ethics", definition=changed, approved=False)
    assert [one.title for one in citing(tess, words.act, "s.1")] == ["q1"]
    bank.retire_version(second, by=tess, at=building.NOON, reason="Not needed.")
    assert [one.title for one in citing(tess, words.act, "s.1")] == ["q1"], "what is in use still cites it"
    bank.retire_version(first, by=tess, at=building.NOON, reason="Not needed.")
    assert not citing(tess, words.act, "s.1")


def test_nobody_finds_drafts_of_another_family(tess: User) -> None:
    authoring.course(by=tess)
    other = authoring.family("initial", "Initial")
    authoring.course(by=tess, code="INI-900", family=other)
    assert {one.course for one in citing(tess, ACT, "")} == {"ETH-900"}
    assert {one.course for one in citing(person("Una", "trainer", family="initial"), ACT, "")} == {"INI-900"}


def test_finding_asks_no_more_of_the_database_for_more_courses(tess: User) -> None:
    page = authoring.course(by=tess)
    cites_instead(page, "Bail Act 1976", "section 3", by=tess)
    for number in range(3):
        authoring.course(by=tess, code=f"ETH-91{number}")
    with at_most_queries(17):
        assert not citing(tess, "Data Protection Act", "1")
        assert len(citing(tess, ACT, PRINCIPLE)) == 6


def test_everything_is_marked_at_once_but_what_waits_already(tess: User) -> None:
    authoring.course(by=tess)
    said: dict[str, Any] = {"act": ACT, "provision": PRINCIPLE, "by": tess, "at": clock.now()}
    mark_for_review(what="It is two now.", chosen=["lesson:ETH-900:the-shortcut"], **said)
    mark_for_review(what="It is three now.", chosen=[EVERYTHING], **said)
    assert [mark.step for mark in LawMark.objects.order_by("pk")] == ["the-shortcut", "the-second-time"]
    with pytest.raises(LawChangeRefused, match="Nothing was marked"):
        mark_for_review(what="It is four now.", chosen=[EVERYTHING], **said)


def test_more_than_a_form_can_carry_is_marked_all_together(
    tess: User, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    authoring.course(by=tess)
    monkeypatch.setattr(law_views, "MOST_CHOSEN", 1)
    page = signed_in(tess).get(FIND, {"act": ACT}).content.decode()
    assert "The first 1 are shown. All 2 are marked together" in page
    assert 'type="checkbox"' not in page
    posted = {"act": ACT, "chosen": EVERYTHING, "what": "It is two now."}
    assert signed_in(tess).post(FIND, posted).status_code == 302
    assert LawMark.objects.count() == 2
