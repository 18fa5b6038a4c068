"""What authors see of the catalogue before they save it: the real listing, with what they are about to change."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from courses import releases
from courses.models import CataloguePage, FamilyPage
from tests import factories
from tests.courses import authoring
from tests.courses.authoring import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(signed_in: Any) -> Any:
    return signed_in(factories.person("Sys Admin", "system-admin"))


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_catalogue_is_previewed_with_what_it_lists(administrator):
    releases.publish_release(authoring.course(), by=None, at=NOON)
    answer = administrator.get(f"/admin/pages/{CataloguePage.objects.get().pk}/view_draft/")
    assert answer.status_code == 200
    content = text(answer)
    for words in ("One course in one family", "Ethics 1 course", "Saying so", "Say what you saw, to whom it helps."):
        assert words in content


def test_a_family_is_previewed_with_its_courses_and_the_words_just_written(administrator):
    authoring.family("leadership", "Leadership")
    releases.publish_release(authoring.course(), by=None, at=NOON)
    page = FamilyPage.objects.get(code="ethics")
    page.title, page.introduction = "Ethics and courage", "What holds when nobody looks."
    page.save_revision()

    content = text(administrator.get(f"/admin/pages/{page.pk}/view_draft/"))
    assert "What holds when nobody looks." in content
    assert "Ethics and courage: 1 course" in content
    assert "Saying so" in content
    assert "Leadership 0 courses" in content

    # Until it is published, readers see the words that stand.
    assert "Ethics and courage" not in text(administrator.get("/catalogue/ethics/"))


def test_a_new_family_is_previewed_before_it_is_saved(administrator):
    authoring.family()
    catalogue = CataloguePage.objects.get()
    address = f"/admin/pages/add/courses/familypage/{catalogue.pk}/preview/"
    written = {"title": "Operations", "code": "operations", "slug": "operations", "introduction": "Not out yet."}
    assert administrator.post(address, written).json()["is_valid"]
    content = text(administrator.get(address))
    assert "Operations: No course" in content
    assert "Not out yet." in content
    assert "No course has come out here yet." in content
    assert not FamilyPage.objects.filter(code="operations").exists()


def test_every_box_of_a_law_block_says_what_it_is_for(signed_in):
    trainer = authoring.trainer()
    lesson = authoring.lesson_of(authoring.course(by=trainer))
    editor = signed_in(trainer).get(f"/admin/pages/{lesson.pk}/edit/").content.decode()
    boxes = re.findall(r"<input[^>]*course-references[^>]*>", html.unescape(editor).replace("\\", ""))
    assert boxes
    assert all('aria-label="Reference id"' in box for box in boxes)
