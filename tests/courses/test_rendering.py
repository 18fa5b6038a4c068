"""What a lesson becomes: slots, links, files, references, words; nothing that could run."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from wagtail.documents import get_document_model

from courses import rendering
from courses.lesson_media import PreviewMedia, ReleaseMedia, own_name, safe_name
from courses.models import StoredFile
from courses.rendering import CourseFrame, LinkedFile, Picture, plain_text, render_lesson, rich_text, split_at_slots
from tests.courses import authoring

REFERENCE = {
    "id": "mha-136",
    "title": "Mental Health Act 1983",
    "provision": "section 136",
    "says": "Where the power stops.",
    "extent": "England and Wales",
    "url": "https://www.legislation.gov.uk/ukpga/1983/20/section/136",
    "text_as_at": None,
    "checked_on": "2026-11-22",
    "checked_by": "Author",
    "against": "stored-copy",
    "confidence": "H",
    "review_by": None,
}


class NoMedia:
    """A shelf with one picture, one document, one page."""

    def picture(self, image_id: int) -> Picture | None:
        return Picture("/large.png", "/small.png", 800, 400, 660) if image_id == 1 else None

    def document(self, document_id: int) -> LinkedFile | None:
        return LinkedFile("/file.mp4", "file.mp4", "video/mp4", 2048) if document_id == 1 else None

    def page_address(self, page_id: int) -> str | None:
        return "/catalogue/mh-101/" if page_id == 1 else None


def render(*blocks: tuple[str, Any], frame: CourseFrame | None = None) -> rendering.RenderedLesson:
    raw = [{"type": kind, "value": value, "id": f"b{number}"} for number, (kind, value) in enumerate(blocks)]
    return render_lesson(raw, frame=frame or CourseFrame(), media=NoMedia())


def test_checks_and_reflections_leave_empty_named_slots_in_order():
    lesson = render(
        ("check", {"question": "q1", "when": "before"}),
        ("text", "<p>Words.</p>"),
        ("reflect", {"prompt": "<p>Think.</p>"}),
    )
    assert [check.when for check in lesson.checks] == ["before"]
    assert split_at_slots(lesson.html) == [("slot", "check-b0"), ("html", "\n<p>Words.</p>\n"), ("slot", "reflect-b2")]
    assert lesson.reflections == {"reflect-b2": "<p>Think.</p>"}


def test_a_law_block_prints_provision_link_date_and_kind_of_check():
    lesson = render(
        ("law", {"references": ["mha-136"], "text": "Ask where they are."}),
        frame=CourseFrame(references={"mha-136": REFERENCE}),
    )
    assert "Mental Health Act 1983, section 136" in lesson.html
    assert 'href="https://www.legislation.gov.uk/ukpga/1983/20/section/136"' in lesson.html
    assert "Read section 136 on legislation.gov.uk" in lesson.html
    assert "22 November 2026" in lesson.text
    assert "against a copy of the text" in lesson.text
    assert "Ask where they are." in lesson.text
    assert lesson.references == ["mha-136"]


def test_more_than_two_references_are_folded_below_what_they_mean_here():
    frame = CourseFrame(references={f"r{number}": REFERENCE for number in range(5)})
    few = render(("law", {"references": ["r0", "r1"], "text": "Ask."}), frame=frame)
    assert "<details" not in few.html
    many = render(("law", {"references": ["r0", "r1", "r2"], "text": "Ask where they are."}), frame=frame)
    assert "What it rests on: three provisions" in many.text
    assert many.text.index("Ask where they are.") < many.text.index("What it rests on")
    assert many.html.count("Read section 136 on legislation.gov.uk") == 3


def test_a_case_says_that_it_is_invented():
    assert "Invented case: The stairs" in render(("case", {"title": "The stairs", "text": "<p>23:40.</p>"})).text


def test_a_warning_carries_the_courses_other_route_and_support():
    frame = CourseFrame(warning_alternative="Ask for it one to one.", warning_support=["Samaritans, 116 123"])
    lesson = render(("warning", "<p>Speaks of dying.</p>"), frame=frame)
    for words in ("Speaks of dying.", "Ask for it one to one.", "Samaritans, 116 123"):
        assert words in lesson.text


def test_a_picture_carries_its_alternative_and_both_sizes():
    html = render(("image", {"image": 1, "alternative": "Two doors & a stair", "caption": "The landing"})).html
    assert 'alt="Two doors &amp; a stair"' in html
    assert 'srcset="/small.png 660w, /large.png 800w"' in html
    assert "The landing" in html


def test_a_video_has_captions_and_transcript():
    value = {"file": 1, "captions": 1, "transcript": "<p>Said.</p>", "minutes": "4"}
    html = render(("video", value)).html
    assert '<track kind="captions" src="/file.mp4"' in html
    assert "Read the transcript" in html
    assert "autoplay" not in html


def test_a_table_has_heads_and_escapes_its_cells():
    html = render(("table", {"data": [["A", "B"], ["<b>1</b>", None]], "first_row_is_table_header": True})).html
    assert '<th scope="col">A</th>' in html
    assert "&lt;b&gt;1&lt;/b&gt;" in html


def test_links_to_pages_and_documents_are_resolved_and_dead_ones_keep_their_words():
    source = '<p><a linktype="page" id="1">course</a> <a linktype="page" id="9">gone</a> <a linktype="document" id="1">paper</a></p>'
    shown = rich_text(source, NoMedia())
    assert '<a href="/catalogue/mh-101/">course</a>' in shown
    assert '<a href="/file.mp4">paper</a>' in shown
    assert "gone" in shown
    assert "linktype" not in shown


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<img src=x onerror="alert(1)">',
        '<div data-slot="check-b9"></div>',
        '<p style="position:fixed">x</p>',
    ],
)
def test_nothing_an_author_writes_can_run_or_open_a_slot(hostile):
    html = render(("text", hostile), ("case", {"title": hostile, "text": hostile})).html
    for running in ("<script", "<img", "<div data-slot", "<p onclick", "<p style", 'href="javascript:'):
        assert running not in html
    assert split_at_slots(html) == [("html", html)]


@given(st.text(max_size=200))
def test_any_words_survive_as_text_and_never_as_markup(words):
    lesson = render_lesson(
        [{"type": "law", "value": {"references": [], "text": words}, "id": "b"}], frame=CourseFrame(), media=NoMedia()
    )
    assert "<script" not in lesson.html.lower().replace("&lt;", "")
    assert [kind for kind, _piece in split_at_slots(lesson.html)] == ["html"]


def test_plain_text_has_a_line_for_each_block():
    assert plain_text("<h2>One</h2><p>Two <b>three</b></p><ul><li>four</li></ul>") == "One\nTwo three\nfour"


@pytest.mark.django_db
def test_rendering_asks_the_database_no_more_for_ten_lessons_than_for_one():
    bodies = []
    for number in range(10):
        picture = authoring.picture(f"Picture {number}")
        picture.get_rendition("max-1320x1980")
        picture.get_rendition("max-660x1980")
        paper = authoring.document(f"paper{number}.pdf")
        bodies.append(
            [
                {"type": "image", "value": {"image": picture.pk, "alternative": "x"}, "id": "i"},
                {"type": "document", "value": {"document": paper.pk, "title": "x"}, "id": "d"},
                {"type": "text", "value": f'<p><a linktype="document" id="{paper.pk}">x</a></p>', "id": "t"},
            ]
        )

    def asked(lessons: list[Any]) -> int:
        with CaptureQueriesContext(connection) as queries:
            media = PreviewMedia(lessons)
            for body in lessons:
                render_lesson(body, frame=CourseFrame(), media=media)
        return len(queries)

    assert asked(bodies) == asked(bodies[:1])


@pytest.mark.django_db
def test_files_are_kept_by_content_under_their_digest():
    first, second = authoring.document("a.pdf", b"the same"), authoring.document("b.pdf", b"the same")
    media = ReleaseMedia(
        [[{"type": "document", "value": {"document": number}, "id": "x"} for number in (first.pk, second.pk)]]
    )
    one, two = media.document(first.pk), media.document(second.pk)
    assert one.address.split("/")[3] == two.address.split("/")[3]
    assert StoredFile.objects.get().size == 8
    assert [entry["name"] for entry in media.taken()] == [one.name, two.name]
    assert media.taken() == []


@pytest.mark.parametrize(
    "name", ['a "b" <c>.pdf', "..%2f..pdf", "ﺏ‮fdp.exe.pdf", "x" * 300 + ".PDF", ".hidden", "noending"]
)
def test_any_file_name_is_safe_in_an_address(name):
    safe = safe_name(name)
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[a-z0-9]*", safe)
    assert len(safe) < 200


@pytest.mark.django_db
def test_a_file_bears_its_own_name_also_where_storage_keeps_it_under_another():
    first, second = authoring.document("Body map.pdf"), authoring.document("Body map.pdf")
    titled = get_document_model().objects.create(
        title="Rota for June", file=ContentFile(b"%PDF-1.4 rota", name="Body map.pdf")
    )
    plain = get_document_model().objects.create(
        title="Whom to ring", file=ContentFile(b"%PDF-1.4 ring", name=f"numbers-{titled.pk}.pdf")
    )
    assert first.filename != second.filename
    assert own_name(second) == "Body map.pdf"
    assert own_name(titled) == "Rota for June.pdf"
    assert own_name(plain) == f"numbers-{titled.pk}.pdf"
    media = ReleaseMedia([[{"type": "document", "value": {"document": second.pk}, "id": "x"}]])
    assert media.document(second.pk).name == "Body-map.pdf"
    assert media.document(second.pk).address.endswith("/Body-map.pdf")
