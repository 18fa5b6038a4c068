"""A folder into the product: loaded, skipped, renewed; nothing lost; the same folder gives the same bytes."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from assessments.models import AssessmentVersion, Question, QuestionVersion, VersionState
from courses.families import collection_of
from courses.folder.loading import FolderRefused, load_catalogue
from courses.folder.shapes import Problem
from courses.models import (
    AssessmentStepPage,
    Course,
    CourseFolder,
    CoursePage,
    FamilyPage,
    LessonPage,
    ModulePage,
    ReflectiveTaskPage,
    Release,
    ReleaseStep,
)
from tests.courses.folder import tiny

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LESSON = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
SECOND = "TINY-101/30-who-knows/15-who-said-it.md"
QUESTIONS = "TINY-101/questions/10-at-the-door.yaml"


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def load(folder: Path, *, replace: bool = False, at: datetime = NOON) -> dict[str, tuple[str, str]]:
    return {
        row.code: (row.state, row.detail) for row in load_catalogue(folder, by=None, at=at, replace=replace).courses
    }


def change(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))


def body(slug: str) -> list[dict[str, Any]]:
    page = LessonPage.objects.get(slug=slug)
    return json.loads(json.dumps(page.body.get_prep_value()))  # type: ignore[no-any-return]


def test_a_folder_becomes_a_course_that_is_out(folder: Path) -> None:
    assert load(folder) == {"TINY-101": ("loaded", "Release 1: 4 steps, 11 questions.")}
    page = CoursePage.objects.get(code="TINY-101")
    assert (page.slug, page.live, page.minutes, page.validity_months) == ("tiny-101", True, 50, None)
    assert page.promise == "Hand over so that the next officer can act."
    assert [row.code for row in page.outcomes.all()] == ["LO1", "LO2"]
    assert [row.sort_order for row in (*page.outcomes.all(), *page.references.all())] == [0, 1, 0, 1]
    assert [(row.code, row.against) for row in page.references.all()] == [("act-1", "stored-copy"), ("guide-1", "live")]
    assert "<h2>How it works</h2>" in page.description
    assert not any(Page.find_problems())
    below = [(type(part), part.slug) for part in Page.objects.descendant_of(page).order_by("path").specific()]
    assert below == [
        (ModulePage, "at-the-door"),
        (LessonPage, "what-you-did-not-check"),
        (ModulePage, "who-knows"),
        (LessonPage, "who-said-it"),
        (ReflectiveTaskPage, "your-own-handover"),
        (AssessmentStepPage, "final"),
    ]
    release = Release.objects.get(course__code="TINY-101")
    assert (release.number, release.released_at, release.minutes) == (1, NOON, 50)
    assert [step.slug for step in ReleaseStep.objects.filter(release=release)] == [
        "what-you-did-not-check",
        "who-said-it",
        "your-own-handover",
        "final",
    ]
    assert [family.code for family in FamilyPage.objects.order_by("path")] == ["initial", "ethics"]


def test_modules_and_steps_are_never_served_by_wagtail(folder: Path) -> None:
    load(folder)
    page = CoursePage.objects.get(code="TINY-101")
    assert not Page.objects.descendant_of(page).filter(live=True).exists()


def test_questions_come_in_approved_and_say_where_they_came_from(folder: Path) -> None:
    load(folder)
    versions = QuestionVersion.objects.filter(question__bank="TINY-101")
    assert {version.state for version in versions} == {VersionState.APPROVED}
    question = Question.objects.get(code="tiny-q07")
    assert (question.module, question.family, question.use) == ("who-knows", "initial", "exam")
    approved = question.versions.get().steps.last()
    assert (approved.state, approved.by, approved.reason) == ("approved", None, "Imported with the course folder")
    rules = AssessmentVersion.objects.get(assessment__code="tiny-final")
    assert (rules.minutes, rules.pass_percent, rules.must_pass) == (25, 80, True)
    assert rules.draw == [{"outcome": "LO1", "count": 2}, {"outcome": "LO2", "count": 1, "difficulty": "easy"}]


def test_whoever_loads_a_folder_is_recorded_but_approves_nothing(folder: Path, person: Any) -> None:
    ama = person("Ama Approver", "approver", family="initial")
    load_catalogue(folder, by=ama, at=NOON)
    assert Release.objects.get().released_by == ama
    version = QuestionVersion.objects.get(question__code="tiny-q07")
    assert version.created_by == ama
    assert [(step.state, step.by) for step in version.steps.all()] == [
        ("draft", ama),
        ("in_review", ama),
        ("approved", None),
    ]
    assert CourseFolder.objects.get().loaded_by == ama


def test_every_block_has_its_place_and_links_lead_on(folder: Path) -> None:
    load(folder)
    blocks = body("what-you-did-not-check")
    assert [block["type"] for block in blocks] == [
        "warning", "case", "text", "law", "text", "table", "text", "image", "key", "accordion", "document", "check", "reflect",
    ]  # fmt: skip
    by_type = {block["type"]: block["value"] for block in blocks}
    assert [item["value"] for item in by_type["law"]["references"]] == ["act-1", "guide-1"]
    assert by_type["law"]["text"] == "Hand over what you saw, what you were told, and what you did not check."
    assert by_type["table"]["data"] == [["Thing", "Words"], ["Room", '"Not opened."'], ["Key", '"With the neighbour."']]
    assert by_type["table"]["table_header_choice"] == "both"
    assert by_type["table"]["table_caption"] == "What to say"
    second = LessonPage.objects.get(slug="who-said-it")
    form = get_document_model().objects.get(title="form.txt")
    assert f'<a linktype="page" id="{second.pk}">the second lesson</a>' in blocks[6]["value"]
    assert f'<a linktype="document" id="{form.pk}">the form</a>' in blocks[6]["value"]
    assert "<ol><li>who said it</li><li>when they said it</li></ol>" in blocks[2]["value"]
    image = get_image_model().objects.get()
    family = FamilyPage.objects.get(code="initial")
    assert (image.title, image.width, image.collection) == ("plan.png", 8, collection_of(family))
    assert by_type["image"]["caption"] == "A plan of the flat"
    recording = next(block["value"] for block in body("who-said-it") if block["type"] == "audio")
    assert recording["minutes"] == "1"


def test_the_same_folder_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    load(folder)
    first = {slug: [block["id"] for block in body(slug)] for slug in ("what-you-did-not-check", "who-said-it")}
    page = CoursePage.objects.get(code="TINY-101")
    page.delete()
    load(folder, replace=True, at=LATER)
    assert first == {slug: [block["id"] for block in body(slug)] for slug in first}
    assert len({identity for ids in first.values() for identity in ids}) == sum(map(len, first.values()))


def test_a_course_already_loaded_is_skipped(folder: Path) -> None:
    load(folder)
    revision = CoursePage.objects.get(code="TINY-101").latest_revision_id
    assert load(folder, at=LATER) == {"TINY-101": ("skipped", "Already loaded from this folder.")}
    assert load(folder, replace=True, at=LATER) == {
        "TINY-101": ("skipped", "Already loaded; it is as the folder has it.")
    }
    (folder / LESSON).write_text((folder / LESSON).read_text().replace("outcomes:\n  - LO1", "outcomes: [LO1]"))
    assert load(folder, at=LATER) == {"TINY-101": ("skipped", "Already loaded; it is as the folder has it.")}
    assert load(folder, at=LATER) == {"TINY-101": ("skipped", "Already loaded from this folder.")}
    assert CoursePage.objects.get(code="TINY-101").latest_revision_id == revision
    assert Release.objects.count() == 1


def test_a_changed_folder_comes_in_only_when_asked(folder: Path) -> None:
    load(folder)
    change(folder, SECOND, "A fact has an owner.", "Every fact has an owner.")
    state, detail = load(folder, at=LATER)["TINY-101"]
    assert (state, "The folder has changed" in detail) == ("skipped", True)
    assert LessonPage.objects.get(slug="who-said-it").point == "A fact has an owner."
    assert load(folder, replace=True, at=LATER) == {"TINY-101": ("replaced", "Release 2: 4 steps, 11 questions.")}
    assert LessonPage.objects.get(slug="who-said-it").point == "Every fact has an owner."
    first, second = Release.objects.order_by("number")
    assert first.steps.get(slug="who-said-it").point == "A fact has an owner."
    assert second.steps.get(slug="who-said-it").point == "Every fact has an owner."
    assert Course.objects.get(code="TINY-101").current_release == second


def test_a_course_edited_in_the_product_is_never_overwritten_without_a_word(folder: Path) -> None:
    load(folder)
    page = LessonPage.objects.get(slug="who-said-it")
    page.point = "Edited by a trainer."
    page.save_revision()
    change(folder, LESSON, "Say the gap as plainly as the fact.", "Say the gap.")
    state, detail = load(folder, at=LATER)["TINY-101"]
    assert (state, "Edited in the product" in detail) == ("skipped", True)
    revisions = page.revisions.count()
    assert load(folder, replace=True, at=LATER)["TINY-101"][0] == "replaced"
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().point == "A fact has an owner."
    assert page.revisions.count() == revisions + 1
    assert any(kept.as_object().point == "Edited by a trainer." for kept in page.revisions.all())


def test_what_a_folder_no_longer_has_is_set_aside_not_deleted(folder: Path) -> None:
    load(folder)
    (folder / "TINY-101/30-who-knows/20-your-own-handover.md").unlink()
    change(folder, "TINY-101/course.md", "minutes: 50", "minutes: 45")
    start, end = tiny.QUESTIONS.index("  - id: tiny-q10"), tiny.QUESTIONS.index("  - id: tiny-q04")
    change(folder, QUESTIONS, tiny.QUESTIONS[start:end], "")
    assert load(folder, replace=True, at=LATER)["TINY-101"] == ("replaced", "Release 2: 3 steps, 10 questions.")
    assert ReflectiveTaskPage.objects.get(slug="your-own-handover").expired
    assert [step.slug for step in Release.objects.get(number=2).steps.all()] == [
        "what-you-did-not-check",
        "who-said-it",
        "final",
    ]
    assert Release.objects.get(number=1).steps.filter(slug="your-own-handover").exists()
    left = QuestionVersion.objects.get(question__code="tiny-q10")
    assert (left.state, left.steps.last().reason) == (VersionState.RETIRED, "No longer in the course folder")
    tiny.write(folder, tiny.files())
    assert load(folder, replace=True, at=LATER)["TINY-101"] == ("replaced", "Release 3: 4 steps, 11 questions.")
    assert not ReflectiveTaskPage.objects.get(slug="your-own-handover").expired
    assert Release.objects.get(number=3).digest == Release.objects.get(number=1).digest


def test_a_step_moved_and_renumbered_stays_the_same_step(folder: Path) -> None:
    load(folder)
    before = LessonPage.objects.get(slug="who-said-it")
    (folder / SECOND).rename(folder / "TINY-101/10-at-the-door/5-who-said-it.md")
    (folder / "TINY-101/30-who-knows").rename(folder / "TINY-101/5-who-knows")
    (folder / "TINY-101/questions/30-who-knows.yaml").rename(folder / "TINY-101/questions/5-who-knows.yaml")
    change(folder, "TINY-101/questions/5-who-knows.yaml", "module: 30-who-knows", "module: 5-who-knows")
    assert load(folder, replace=True, at=LATER)["TINY-101"][0] == "replaced"
    assert not any(Page.find_problems())
    after = LessonPage.objects.get(slug="who-said-it")
    assert (after.pk, after.get_parent().slug) == (before.pk, "at-the-door")
    assert [step.slug for step in Release.objects.get(number=2).steps.all()] == [
        "your-own-handover",
        "who-said-it",
        "what-you-did-not-check",
        "final",
    ]


def test_a_changed_question_is_a_new_version(folder: Path) -> None:
    load(folder)
    change(folder, QUESTIONS, "Who said it\n", "Who it was that said it\n")
    load(folder, replace=True, at=LATER)
    versions = QuestionVersion.objects.filter(question__code="tiny-q04").order_by("number")
    assert [version.state for version in versions] == [VersionState.RETIRED, VersionState.APPROVED]
    assert QuestionVersion.objects.filter(question__code="tiny-q05").count() == 1


def test_a_step_does_not_change_its_kind(folder: Path) -> None:
    load(folder)
    task = folder / "TINY-101/30-who-knows/20-your-own-handover.md"
    lesson = (folder / SECOND).read_text()
    (folder / SECOND).unlink()
    task.write_text(lesson)
    change(folder, LESSON, "step:who-said-it", "step:your-own-handover")
    change(folder, "TINY-101/course.md", "minutes: 50", "minutes: 45")
    with pytest.raises(FolderRefused, match="Give it another slug"):
        load(folder, replace=True, at=LATER)
    assert Release.objects.count() == 1


def test_a_page_deleted_in_the_product_stays_deleted_until_asked(folder: Path) -> None:
    load(folder)
    CoursePage.objects.get(code="TINY-101").delete()
    CourseFolder.objects.update(source_digest="")
    state, detail = load(folder, at=LATER)["TINY-101"]
    assert (state, "deleted in the product" in detail) == ("skipped", True)
    assert not CoursePage.objects.exists()


def test_a_refused_folder_leaves_nothing_behind(folder: Path) -> None:
    change(folder, LESSON, "minutes: 10", "minutes: 20")
    with pytest.raises(FolderRefused) as refused:
        load(folder)
    assert [(problem.file, problem.line) for problem in refused.value.findings.refusals] == [(LESSON, 3)]
    assert not CoursePage.objects.exists()
    assert not FamilyPage.objects.exists()
    assert not Question.objects.exists()


def test_one_course_folder_can_be_loaded_alone(folder: Path) -> None:
    assert load(folder / "TINY-101") == {"TINY-101": ("loaded", "Release 1: 4 steps, 11 questions.")}
    assert load(folder / "TINY-101", at=LATER)["TINY-101"][0] == "skipped"


def test_media_are_kept_once(folder: Path) -> None:
    load(folder)
    change(folder, SECOND, "A fact has an owner.", "Every fact has an owner.")
    load(folder, replace=True, at=LATER)
    assert get_image_model().objects.count() == 1
    assert sorted(get_document_model().objects.values_list("title", flat=True)) == ["call.mp3", "call.vtt", "form.txt"]


# --- The command ------------------------------------------------------------------------------------------------------


def run(*arguments: Any, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err, skip_checks=True, **options)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_a_line_a_course(folder: Path) -> None:
    assert run("load_catalogue", folder) == ("TINY-101: loaded. Release 1: 4 steps, 11 questions.\n", "")
    assert run("load_catalogue", folder) == ("TINY-101: skipped. Already loaded from this folder.\n", "")
    change(folder, SECOND, "A fact has an owner.", "Every fact has an owner.")
    assert run("load_catalogue", folder, "--verbosity", "0") == ("", "")
    assert run("load_catalogue", folder, "--replace")[0] == "TINY-101: replaced. Release 2: 4 steps, 11 questions.\n"


def test_the_command_prints_refusals_by_file_and_line_and_exits_with_1(folder: Path) -> None:
    change(folder, LESSON, "minutes: 10", "minutes: 20")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("load_catalogue", str(folder), stdout=out, stderr=err, skip_checks=True)
    assert refused.value.returncode == 1
    assert f"{LESSON}:3: The lesson claims 20 minutes" in err.getvalue()
    assert out.getvalue() == ""


def test_the_command_speaks_json_alone(folder: Path) -> None:
    out, _err = run("load_catalogue", folder, "--json")
    assert json.loads(out) == {
        "ok": True,
        "courses": [
            {"code": "TINY-101", "state": "loaded", "detail": "Release 1: 4 steps, 11 questions.", "release": 1}
        ],
        "refusals": [],
        "warnings": [],
    }
    change(folder, LESSON, "minutes: 10", "minutes: 20")
    found = io.StringIO()
    with pytest.raises(CommandError):
        call_command("load_catalogue", str(folder), "--json", stdout=found, stderr=io.StringIO(), skip_checks=True)
    answer = json.loads(found.getvalue())
    assert (answer["ok"], answer["refusals"][0]["file"], answer["refusals"][0]["line"]) == (False, LESSON, 3)


def test_the_command_can_only_look(folder: Path) -> None:
    change(folder, "TINY-101/references.yaml", "confidence: H\n  review_by: null", "confidence: M\n  review_by: null")
    out, err = run("load_catalogue", folder, "--check")
    assert (out, "warning: The reference 'guide-1' is M" in err) == ("", True)
    assert not CoursePage.objects.exists()


def test_a_folder_that_is_not_there_is_bad_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        run("load_catalogue", tmp_path / "none")
    assert refused.value.returncode == 2


def test_problems_sort_by_file_and_line() -> None:
    assert sorted([Problem("b", 1, "x"), Problem("a", 10, "x"), Problem("a", 9, "y")])[0] == Problem("a", 9, "y")
