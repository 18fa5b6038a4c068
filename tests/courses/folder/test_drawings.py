"""Drawings in SVG: shapes and words are shown, whatever could run, load or link is refused by its name and line."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from wagtail.images import get_image_model

from courses.folder.drawings import MOST_PARTS, wrong_drawing
from courses.folder.media_files import what_is_wrong
from courses.management.commands.load_catalogue import STARTER_CATALOGUE

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="360" height="200" viewBox="0 0 360 200" role="img"><title>Clock</title>'


def drawing(inside: str = '<rect width="10" height="10" fill="#fff"/>', head: str = HEAD) -> bytes:
    return f"{head}\n{inside}\n</svg>".encode()


def test_shapes_words_and_arrows_are_taken() -> None:
    inside = (
        '<desc>Two arrows</desc><defs><marker id="a" refX="8" refY="5" orient="auto"><path d="M0 0L10 5z"/></marker></defs>'
        '<line x1="1" y1="2" x2="3" y2="4" stroke="#1d4f91" marker-end="url(#a)"/>'
        '<text x="20" y="48" font-size="28" font-family="Arial, sans-serif" text-anchor="start">24 hours &amp; no more</text>'
    )
    assert what_is_wrong("clock.svg", drawing(inside)) == ""


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>alert(1)</script>", "'script' is refused"),
        ('<a href="https://force.example"><text>x</text></a>', "'a' is refused"),
        ('<image href="x.png"/>', "'image' is refused"),
        ('<use href="#a"/>', "'use' is refused"),
        ("<style>rect{fill:red}</style>", "'style' is refused"),
        ('<animate attributeName="x"/>', "'animate' is refused"),
        ("<foreignObject><p>x</p></foreignObject>", "'foreignObject' is refused"),
        ('<rect onload="alert(1)"/>', "'onload' of 'rect' is refused"),
        ('<rect style="fill:red"/>', "'style' of 'rect' is refused"),
        ('<rect xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>', "'href' of 'rect' is refused"),
        ('<rect fill="url(https://force.example/#a)"/>', "names something outside"),
        ('<rect fill="url( //force.example/a )"/>', "names something outside"),
        ('<rect fill="javascript:alert(1)"/>', "names something outside"),
        ('<x:script xmlns:x="http://www.w3.org/1999/xhtml">1</x:script>', "'script' is refused"),
    ],
)
def test_what_could_run_load_or_link_is_refused_with_its_line(inside: str, named: str) -> None:
    reason = wrong_drawing(drawing(inside))
    assert reason.startswith("Line 2: ")
    assert named in reason


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b'<?xml-stylesheet href="x.css"?>' + drawing(), "names no style sheet"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<text>&a;</text>"), ""),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "not svg"),
        (b"<svg/>", "not svg"),
        (drawing()[:-8], "not well-formed"),
        (drawing(head=HEAD.replace(' width="360"', "")), "how large"),
        (drawing(head=HEAD.replace('"360"', '"100%"')), "how large"),
        (drawing(head=HEAD.replace('"360"', '"90000"')), "how large"),
        (drawing(head=HEAD.replace("<title>Clock</title>", "")), "begins with a title"),
        (drawing("<g/>" * (MOST_PARTS + 1)), "Make it simpler"),
    ],
)
def test_what_is_no_plain_drawing_is_refused(content: bytes, named: str) -> None:
    reason = wrong_drawing(content)
    assert reason
    assert named in reason


@pytest.mark.parametrize("path", sorted(STARTER_CATALOGUE.glob("*/media/*.svg")), ids=lambda path: path.name)
def test_the_drawings_of_the_starter_catalogue_are_plain_ones(path: Path) -> None:
    assert what_is_wrong(path.name, path.read_bytes()) == ""


@pytest.mark.django_db
def test_a_course_comes_with_its_drawings_and_goes_out_with_them(tmp_path: Path) -> None:
    call_command(
        "load_catalogue", str(STARTER_CATALOGUE / "INIT-101"), verbosity=0, stdout=io.StringIO(), stderr=io.StringIO()
    )
    drawings = {path.name for path in (STARTER_CATALOGUE / "INIT-101" / "media").glob("*.svg")}
    assert drawings
    assert set(get_image_model().objects.filter(title__endswith=".svg").values_list("title", flat=True)) == drawings
    call_command("export_course", "INIT-101", str(tmp_path), stdout=io.StringIO(), stderr=io.StringIO())
    for name in drawings:
        there = tmp_path / "INIT-101" / "media" / name
        assert there.read_bytes() == (STARTER_CATALOGUE / "INIT-101" / "media" / name).read_bytes()
