"""A content warning names its topic in its heading, wherever the course was written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from courses import releases
from courses.differences import difference_of
from courses.folder.canonical import differences
from courses.folder.digests import files_on_disk
from courses.folder.loading import load_catalogue
from courses.folder.writing import export_course
from courses.models import CoursePage, Release
from courses.reviews import submit_course
from tests.courses import authoring
from tests.courses.authoring import LATER, NOON
from tests.courses.folder import tiny

pytestmark = pytest.mark.django_db

WARNING = {
    "warning_text": "Module 1 describes an injury.",
    "warning_alternative": "Ask your trainer for the same course one to one.",
    "warning_support": ["Your force wellbeing service"],
}


def headings(answer: Any) -> list[str]:
    return re.findall(r'content-warning__title">([^<]*)<', answer.content.decode())


def folder_with(tmp_path: Path, topic: str) -> Path:
    tiny.write(tmp_path, tiny.files())
    course = tmp_path / "TINY-101/course.md"
    text = course.read_text()
    course.write_text(text.replace("content_warning:\n", f"content_warning:\n{topic}"))
    return tmp_path


def test_the_heading_names_the_topic(client):
    page = authoring.course(warning_topic="an injury at work", **WARNING)
    releases.publish_release(page, by=None, at=NOON)
    answer = client.get("/catalogue/eth-900/")
    assert headings(answer) == ["Before you start: an injury at work"]
    assert "Ask your trainer for the same course one to one." in answer.content.decode()


def test_without_a_topic_the_heading_says_what_it_always_said(client):
    releases.publish_release(authoring.course(**WARNING), by=None, at=NOON)
    assert headings(client.get("/catalogue/eth-900/")) == ["Before you start"]
    # A release made before there were topics has the very same particulars, and so the same digest.
    assert set(Release.objects.get().particulars["warning"]) == {"text", "alternative", "support"}


def test_a_topic_alone_warns_of_nothing(client):
    releases.publish_release(authoring.course(warning_topic="an injury"), by=None, at=NOON)
    assert headings(client.get("/catalogue/eth-900/")) == []


def test_a_hostile_topic_is_text(client):
    releases.publish_release(authoring.course(warning_topic="<b>x</b>", **WARNING), by=None, at=NOON)
    assert "Before you start: &lt;b&gt;x&lt;/b&gt;" in client.get("/catalogue/eth-900/").content.decode()


def test_a_draft_is_previewed_and_reviewed_with_its_topic(signed_in):
    trainer = authoring.trainer()
    page = authoring.course(by=trainer, **WARNING)
    releases.publish_release(page, by=None, at=NOON)
    page = CoursePage.objects.get(pk=page.pk)
    page.warning_topic = "an injury at work"
    page.save_revision(user=trainer)
    client = signed_in(trainer)
    assert headings(client.get(f"/admin/pages/{page.pk}/view_draft/")) == ["Before you start: an injury at work"]
    assert 'name="warning_topic"' in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()

    review_list = submit_course(CoursePage.objects.get(pk=page.pk), by=trainer, at=LATER)
    changed = next(change for change in difference_of(review_list).course if change.name == "Content warning")
    assert "an injury at work: Module 1" in changed.after
    shown = signed_in(authoring.reviewer()).get(f"/admin/course-reviews/{review_list.pk}/").content.decode()
    assert "an injury at work: Module 1 describes an injury." in shown


def test_a_folder_with_a_topic_comes_in_and_goes_out_as_it_lies(tmp_path):
    folder = folder_with(tmp_path, "  topic: a man who has been hurt\n")
    load_catalogue(folder, by=None, at=NOON)
    page = CoursePage.objects.get(code="TINY-101")
    assert page.warning_topic == "a man who has been hurt"
    assert differences(files_on_disk(folder / "TINY-101"), export_course(page)) == []


def test_a_folder_that_takes_its_topic_out_takes_it_out_of_the_course(tmp_path):
    folder = folder_with(tmp_path, "  topic: a man who has been hurt\n")
    load_catalogue(folder, by=None, at=NOON)
    course = folder / "TINY-101/course.md"
    course.write_text(course.read_text().replace("  topic: a man who has been hurt\n", ""))
    load_catalogue(folder, by=None, at=LATER, replace=True)
    assert CoursePage.objects.get(code="TINY-101").warning_topic == ""
