"""When the law changes: what cites a section is found, marked, shown to learners, and checked by those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from assessments.models import QuestionLine
from assessments.references import ReferenceWords, keep_references
from courses.citing import citing
from courses.law_changes import LawChangeRefused, mark_as_checked, mark_for_review, notices_on, open_marks
from courses.models import LawChange, LawCheck, LawMark
from courses.provisions import is_cited
from people import clock
from people.kept import forget_all
from people.models import User
from tests.assessments import building
from tests.courses import authoring, factories
from tests.factories import person

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/law-changed/"
FIND = f"{ADDRESS}find/"
MHA = ReferenceWords("mha-136", "Mental Health Act 1983", "section 136(1A)")
FAMILY = "mental-health"


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    authoring.family(FAMILY, "Mental health")


@pytest.fixture
def tess(db: None) -> User:
    return person("Tess Trainer", "trainer", family=FAMILY)


@pytest.fixture
def asked(tess: User) -> QuestionLine:
    keep_references("MH-101", [MHA], keeper="MH-101", family=FAMILY, by=None, at=building.NOON)
    return building.question("q1", family=FAMILY, references=["mha-136"]).question.line


def marked(by: User, *keys: str, **more: Any) -> LawChange:
    words = {"act": "Mental Health Act", "provision": "s.136", "what": "Gardens count now.", **more}
    return mark_for_review(chosen=keys, by=by, at=clock.now(), **words)


@pytest.mark.parametrize(
    ("act", "provision", "is_found"),
    [
        ("Mental Health Act 1983", "section 136(1A)", True),
        ("mental health act", "s.136", True),
        ("mental", "s136", True),
        ("Mental Health Act", "", True),
        ("Mental Health Act", "section 13", False),
        ("Mental Health Act", "section 136(1B)", False),
        ("Mental Capacity Act", "section 136", False),
        ("Mental Health Act 2025", "section 136", False),
        ("", "section 136", False),
    ],
)
def test_a_reference_is_found_by_act_and_section_however_they_are_written(
    act: str, provision: str, is_found: bool
) -> None:
    assert is_cited(MHA.act, MHA.provision, wanted_act=act, wanted_provision=provision) is is_found


def test_questions_that_cite_a_section_are_found_and_marked(tess: User, asked: QuestionLine) -> None:
    building.question("q2", family=FAMILY)
    [found] = citing(tess, "mental health act 1983", "s.136")
    assert (found.kind, found.title, found.cites) == ("Question", "q1", "Mental Health Act 1983, section 136(1A)")
    change = marked(tess, found.key)
    [mark] = open_marks(tess)
    assert (mark.change, mark.question_id, mark.title, change.by) == (change, asked.question_id, "q1", tess)
    assert citing(tess, "mental health act", "136")[0].is_marked


def test_a_lesson_that_cites_a_section_tells_its_learners_until_it_is_checked(
    tess: User, signed_in: Callable[[User], Client]
) -> None:
    cited = {"id": "a", "title": "Mental Health Act 1983", "provision": "section 136"}
    steps = [factories.lesson("first-word", references=[cited]), factories.lesson("second-word")]
    release = factories.release(family=FAMILY, steps=steps)
    course, step = release.course, release.steps.get(slug="first-word")
    [found] = citing(tess, "Mental Health Act 1983", "section 136")
    assert (found.kind, found.course, found.step) == ("Lesson", course.code, step.slug)
    marked(tess, found.key)
    assert [notice.what for notice in notices_on(course.pk, step.slug)] == ["Gardens count now."]
    learner = person("Ola Officer")
    factories.enrolled(learner, release)
    reader, address = signed_in(learner), f"/learn/{course.slug}/{step.slug}/"
    assert "The law changed." in reader.get(address).content.decode()
    assert "The law changed." not in reader.get(f"/learn/{course.slug}/second-word/").content.decode()
    mark_as_checked(LawMark.objects.get(), by=tess, at=clock.now())
    forget_all()
    cache.clear()
    assert "The law changed." not in reader.get(address).content.decode()


def test_only_those_who_work_for_the_family_find_mark_and_check(tess: User, asked: QuestionLine) -> None:
    key = f"question:{asked.question_id}"
    elsewhere, system = person("Una", "trainer", family="ethics"), person("Sys", "system-admin")
    assert citing(elsewhere, "Mental Health Act", "136") == []
    with pytest.raises(LawChangeRefused, match="Choose what is to be checked"):
        marked(elsewhere, key)
    with pytest.raises(LawChangeRefused, match="of its family say"):
        marked(system, key)
    marked(tess, key)
    mark = LawMark.objects.get()
    for other in (elsewhere, system):
        with pytest.raises(LawChangeRefused, match="of its family say"):
            mark_as_checked(mark, by=other, at=clock.now())
        assert not open_marks(other)
    for code in ("subject-reviewer", "approver"):
        assert open_marks(person(code, code, family=FAMILY)).count() == 1


def test_whoever_marked_it_may_check_it_and_the_second_of_two_is_told(tess: User, asked: QuestionLine) -> None:
    marked(tess, f"question:{asked.question_id}")
    mark = LawMark.objects.get()
    mark_as_checked(mark, by=tess, at=clock.now(), note="Reworded.")
    assert not open_marks(tess)
    with pytest.raises(LawChangeRefused, match="has marked it as checked meanwhile"):
        mark_as_checked(mark, by=person("Ada", "approver", family=FAMILY), at=clock.now())
    again = marked(tess, f"question:{asked.question_id}", what="Gardens count no more.")
    assert [row.change for row in open_marks(tess)] == [again]


@pytest.mark.parametrize("what", ["", " - ", "<b>x</b>", "x" * 501])
def test_a_change_without_words_that_can_be_kept_marks_nothing(tess: User, asked: QuestionLine, what: str) -> None:
    with pytest.raises(LawChangeRefused):
        marked(tess, f"question:{asked.question_id}", what=what)
    assert not LawChange.objects.exists()


def test_choosing_nothing_or_what_does_not_cite_it_marks_nothing(tess: User, asked: QuestionLine) -> None:
    other = building.question("q2", family=FAMILY)
    for keys in ((), (f"question:{other.question_id}",), (f"question:{asked.question_id}", "lesson:1:x")):
        with pytest.raises(LawChangeRefused, match="Nothing was marked"):
            marked(tess, *keys)
    assert not LawMark.objects.exists()


def test_the_database_never_changes_what_was_marked_and_checked(tess: User, asked: QuestionLine) -> None:
    marked(tess, f"question:{asked.question_id}")
    mark_as_checked(LawMark.objects.get(), by=tess, at=clock.now())
    for rows, column in ((LawChange.objects, "what"), (LawMark.objects, "title"), (LawCheck.objects, "note")):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**{column: "otherwise"})
    with pytest.raises(IntegrityError), transaction.atomic():
        LawMark.objects.create(change=LawChange.objects.get(), title="nothing", cites="x")


def test_a_trainer_finds_marks_and_checks_in_the_admin(
    tess: User, asked: QuestionLine, signed_in: Callable[[User], Client]
) -> None:
    trainer = signed_in(tess)
    found = trainer.get(FIND, {"act": "Mental Health Act 1983", "provision": "section 136"}).content.decode()
    assert "Question q1" in found
    posted = {"act": "Mental Health Act 1983", "provision": "136", "chosen": f"question:{asked.question_id}"}
    again = trainer.post(FIND, posted)
    assert again.status_code == 422
    assert "Say what changed" in again.content.decode()
    assert trainer.post(FIND, {**posted, "what": "Gardens count now."})["Location"] == ADDRESS
    home = trainer.get("/admin/").content.decode()
    assert "Gardens count now." in home
    assert "Mark as checked" in home
    mark = LawMark.objects.get()
    assert trainer.post(ADDRESS, {"mark": mark.pk, "from": "home"})["Location"] == "/admin/"
    assert "Gardens count now." not in trainer.get("/admin/").content.decode()
    trainer.post(ADDRESS, {"mark": mark.pk})
    assert "meanwhile" in trainer.get(ADDRESS).content.decode()
    assert trainer.post(ADDRESS, {"mark": "x"}).status_code == 404


def test_nothing_is_found_for_an_act_nobody_cites(tess: User, signed_in: Callable[[User], Client]) -> None:
    page = signed_in(tess).get(FIND, {"act": "No Such Act"}).content.decode()
    assert "No question and no lesson of your families" in page
    assert signed_in(person("Ola")).get(ADDRESS).status_code in (302, 403)
