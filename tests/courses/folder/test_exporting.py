"""A course back into a folder: byte for byte what was loaded, and whatever was made of it in the product."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Site

from assessments import bank
from assessments.digests import digest_of
from assessments.models import AssessmentVersion
from courses.folder.canonical import differences
from courses.folder.checking import check_folder
from courses.folder.digests import files_on_disk
from courses.folder.loading import load_catalogue
from courses.folder.writing import CannotExport, export_course, numbered
from courses.models import CoursePage, LessonPage, ModulePage, Release
from tests.courses.folder import tiny
from tests.courses.folder.conftest import TODAY

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def course(folder: Path) -> CoursePage:
    load_catalogue(folder, by=None, at=NOON)
    return CoursePage.objects.get(code="TINY-101")


def edit(slug: str, **values: Any) -> None:
    page = LessonPage.objects.get(slug=slug)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision()


def with_text(slug: str, html: str) -> None:
    """Add a stretch of rich text at the end of a lesson, as an editor would save it."""
    page = LessonPage.objects.get(slug=slug)
    raw = [*page.body.get_prep_value(), {"type": "text", "value": html, "id": "6f9619ff-8b86-4011-b42d-00cf4fc964ff"}]
    edit(slug, body=LessonPage._meta.get_field("body").stream_block.to_python(raw))


def exported(course: CoursePage, path: str) -> str:
    return export_course(course)[path].decode()


def test_what_was_loaded_is_written_byte_for_byte(folder: Path, course: CoursePage) -> None:
    assert differences(files_on_disk(folder / "TINY-101"), export_course(course)) == []


def test_what_a_course_leads_to_is_loaded_into_its_release_and_written_again(folder: Path) -> None:
    place = folder / "TINY-101" / "course.md"
    text = place.read_text(encoding="utf-8").replace("validity_months: null", "validity_months: 24\nleads_to:\n  - MH")
    place.write_text(text, encoding="utf-8")
    load_catalogue(folder, by=None, at=NOON)
    release = Release.objects.get(course__code="TINY-101")
    assert (release.leads_to, release.validity_months) == (["MH"], 24)
    page = CoursePage.objects.get(code="TINY-101")
    assert differences(files_on_disk(folder / "TINY-101"), export_course(page)) == []


HOW_IT_IS_SAT = """\
results: after_window
results_from: 2026-12-02T09:00+00:00
query_days: 0
opens_at: 2026-06-30T09:00+01:00
closes_at: '2026-12-01T17:30:15+00:00'
navigation: forward
is_invigilated: true
counts_confidence: true
draw:
  - outcome: LO1
    count: 2
    section: Law
    least: 60
  - outcome: LO2
    difficulty: easy
    count: 1
    section: Procedure
"""


BY_WHAT = """draw:
  - topic: Sources
    count: 1
  - difficulty: easy
    count: 1
"""


def test_a_test_that_draws_by_topic_or_difficulty_alone_is_loaded_and_written_again(folder: Path) -> None:
    place = folder / "TINY-101" / "assessments" / "final.yaml"
    head = place.read_text(encoding="utf-8").partition("draw:")[0]
    second = folder / "TINY-101" / "questions" / "30-who-knows.yaml"
    below = second.read_text(encoding="utf-8").replace("topic: sources", "topic: sources/neighbours", 1)
    second.write_text(below, encoding="utf-8")
    place.write_text(head + BY_WHAT, encoding="utf-8")
    load_catalogue(folder, by=None, at=NOON)
    version = AssessmentVersion.objects.get(assessment__code="tiny-final")
    assert [(row.get("outcome"), row.get("topic"), row.get("difficulty")) for row in version.draw] == [
        ("", "Sources", None),
        ("", None, "easy"),
    ]
    page = CoursePage.objects.get(code="TINY-101")
    assert differences(files_on_disk(folder / "TINY-101"), export_course(page)) == []


def test_how_a_test_is_sat_is_loaded_and_written_again(folder: Path) -> None:
    place = folder / "TINY-101" / "assessments" / "final.yaml"
    head = place.read_text(encoding="utf-8").partition("draw:")[0]
    place.write_text(head + HOW_IT_IS_SAT, encoding="utf-8")
    load_catalogue(folder, by=None, at=NOON)
    version = AssessmentVersion.objects.get(assessment__code="tiny-final")
    assert (version.results, version.query_days, version.navigation) == ("after_window", 0, "forward")
    assert (version.is_invigilated, version.layout, version.counts_confidence) == (True, "one", True)
    assert version.opens_at == datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
    assert [(row["section"], row.get("least")) for row in version.draw] == [("Law", 60), ("Procedure", None)]
    page = CoursePage.objects.get(code="TINY-101")
    assert differences(files_on_disk(folder / "TINY-101"), export_course(page)) == []


def test_a_moment_without_an_offset_is_by_the_clock_here(folder: Path) -> None:
    place = folder / "TINY-101" / "assessments" / "final.yaml"
    text = place.read_text(encoding="utf-8").replace("draw:", "opens_at: 2026-06-30 09:00\ndraw:")
    place.write_text(text, encoding="utf-8")
    load_catalogue(folder, by=None, at=NOON)
    assert AssessmentVersion.objects.get().opens_at == datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def test_a_folder_that_says_nothing_of_a_sitting_makes_the_rules_it_always_made(course: CoursePage) -> None:
    version = AssessmentVersion.objects.get()
    old = ("title", "minutes", "pass_percent", "must_pass", "attempts", "wait_hours", "feedback", "draw")
    assert version.digest == digest_of({name: getattr(version, name) for name in old})


def test_drafts_are_written_and_can_be_loaded_again(course: CoursePage, folder: Path) -> None:
    edit("who-said-it", point="Every fact has an owner.", title="Who: said it")
    text = exported(course, "30-who-knows/15-who-said-it.md")
    assert "title: 'Who: said it'\n" in text
    assert "point: Every fact has an owner.\n" in text
    tiny.write(folder / "TINY-101", export_course(course))
    assert check_folder(folder, on=TODAY).refusals == ()


def test_what_an_editor_writes_becomes_canonical_markdown(course: CoursePage, folder: Path) -> None:
    with_text(
        "who-said-it",
        '<h3 data-block-key="a1">More</h3><p data-block-key="a2">See <b><a href="https://a.example/x">this</a></b><br/>'
        "1. and * that &lt;now&gt;</p><ul><li>one<ul><li>two</li></ul></li></ul>",
    )
    text = exported(course, "30-who-knows/15-who-said-it.md")
    assert text.endswith(
        "### More\nSee [**this**](https://a.example/x)\\\n1\\. and \\* that \\<now>\n\n- one\n  - two\n"
    )
    tiny.write(folder / "TINY-101", export_course(course))
    assert "Raw HTML" not in str(check_folder(folder, on=TODAY).refusals)


def test_a_new_module_and_lesson_get_the_next_ten(course: CoursePage) -> None:
    module = ModulePage(title="Later", slug="later", summary="Afterwards.", live=False)
    course.add_child(instance=module)
    module.add_child(instance=LessonPage(title="After", slug="after", live=False))
    who_knows = ModulePage.objects.get(slug="who-knows")
    who_knows.add_child(instance=LessonPage(title="Next", slug="next", live=False))
    files = export_course(course)
    assert {"40-later/module.md", "40-later/10-after.md", "30-who-knows/30-next.md"} <= set(files)


@pytest.mark.parametrize(
    ("slugs", "known", "numbers"),
    [
        ("abc", {}, [10, 20, 30]),
        ("abc", {"a": 5, "b": 7, "c": 30}, [5, 7, 30]),
        ("ba", {"a": 5, "b": 7}, [7, 10]),
        ("axb", {"a": 10, "b": 20}, [10, 20, 30]),
        ("axb", {"a": 10, "b": 30}, [10, 20, 30]),
    ],
)
def test_numbers_stay_while_they_rise(slugs: str, known: dict[str, int], numbers: list[int]) -> None:
    assert list(numbered(slugs, known).values()) == numbers


def test_a_new_question_goes_to_its_module_and_a_retired_one_is_left_out(course: CoursePage) -> None:
    version = bank.latest_version("tiny-q10")
    assert version is not None
    bank.retire_version(version, by=None, at=NOON, reason="Worn out")
    bank.save_question_version(
        "tiny-q11",
        bank="TINY-101",
        family="initial",
        module="who-knows",
        type="true_false",
        definition={"stem": "A gap is a fact.", "answer": True, "feedback": {"right": "Yes.", "wrong": "It is."}},
        outcome="LO2",
        topic="gaps",
        by=None,
        at=NOON,
    )
    assert "tiny-q10" not in exported(course, "questions/10-at-the-door.yaml")
    added = exported(course, "questions/30-who-knows.yaml")
    assert added.index("tiny-q07") < added.index("tiny-q11")
    assert "author: Second author\n" in added


def test_a_link_out_of_the_course_into_the_tree_cannot_be_written(course: CoursePage) -> None:
    root = Site.objects.get(is_default_site=True).root_page
    with_text("who-said-it", f'<p><a linktype="page" id="{root.pk}">home</a></p>')
    with pytest.raises(CannotExport, match="'Who said it' links to a page outside its course"):
        export_course(course)


def test_a_link_to_a_file_that_is_gone_keeps_its_words(course: CoursePage) -> None:
    with_text("who-said-it", '<p>Read <a linktype="document" id="999999">the form</a>.</p>')
    assert exported(course, "30-who-knows/15-who-said-it.md").endswith("Read the form.\n")


# --- The command ------------------------------------------------------------------------------------------------------


def run(*arguments: Any) -> str:
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=io.StringIO(), skip_checks=True)
    return out.getvalue()


def test_the_command_writes_a_catalogue_that_can_be_loaded(course: CoursePage, folder: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert run("export_course", "tiny-101", place) == f"TINY-101: 14 files in {place}/TINY-101.\n"
    assert files_on_disk(place) == files_on_disk(folder)


def test_a_folder_called_as_the_code_is_the_course_itself(course: CoursePage, tmp_path: Path) -> None:
    run("export_course", "TINY-101", tmp_path / "out" / "TINY-101")
    assert (tmp_path / "out" / "TINY-101" / "course.md").is_file()
    assert (tmp_path / "out" / "families.yaml").is_file()


def test_writing_over_a_course_takes_out_what_is_no_longer_in_it(course: CoursePage, folder: Path) -> None:
    tiny.write(folder / "TINY-101", {"50-old/10-gone.md": b"x", "50-old/module.md": b"x", "notes.txt": b"kept"})
    said = run("export_course", "TINY-101", folder)
    assert "50-old/10-gone.md: taken out" in said
    assert not (folder / "TINY-101/50-old").exists()
    assert (folder / "TINY-101/notes.txt").read_bytes() == b"kept"


def test_check_lists_what_is_not_canonical_and_writes_nothing(course: CoursePage, folder: Path) -> None:
    assert run("export_course", "TINY-101", folder, "--check").startswith("TINY-101: 14 files, all as they lie")
    path = folder / "TINY-101/assessments/final.yaml"
    path.write_text(path.read_text().replace("title: Final test", 'title: "Final test"'))
    out = io.StringIO()
    with pytest.raises(CommandError) as differs:
        call_command("export_course", "TINY-101", str(folder), "--check", "--json", stdout=out, skip_checks=True)
    assert differs.value.returncode == 1
    assert json.loads(out.getvalue())["differences"] == [
        {"file": "assessments/final.yaml", "line": 2, "found": 'title: "Final test"', "canonical": "title: Final test"}
    ]
    assert 'title: "Final test"' in path.read_text()


def test_a_place_that_holds_something_else_is_left_alone(course: CoursePage, tmp_path: Path) -> None:
    tiny.write(tmp_path / "out", {"TINY-101/letter.txt": b"mine"})
    with pytest.raises(CommandError, match=r"holds files but no course\.md"):
        run("export_course", "TINY-101", tmp_path / "out")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "TINY-101").symlink_to(tmp_path / "out")
    with pytest.raises(CommandError, match="is not a folder of its own"):
        run("export_course", "TINY-101", tmp_path / "linked")


def test_a_course_that_is_not_there_is_bad_usage(course: CoursePage, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no course NONE-1. The courses are: TINY-101\.") as refused:
        run("export_course", "NONE-1", tmp_path)
    assert refused.value.returncode == 2
