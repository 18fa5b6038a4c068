"""Markdown and rich text say the same document, and what is written is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.folder.documents import (
    Document,
    Heading,
    Item,
    List,
    Paragraph,
    Part,
    Run,
    Table,
    links_of,
    plain_text,
    tidy,
)
from courses.folder.markdown import read_markdown
from courses.folder.markdown_writing import write_markdown
from courses.folder.rich_text import read_rich_text, write_rich_text

# Signs that mean something to Markdown or HTML, and enough plain ones between them.
words = st.text(
    alphabet=st.sampled_from([*"ab1 .*_[]()<>&;#!|~`\\-+=:>/'\"x\n0", "é", "\u00a0", "漢", "👮"]), max_size=12
)
links = st.sampled_from(
    ["", "", "https://a.example/c", "https://a.example/(x)?q=1&r=2", "step:where-it-stops", "media/form.pdf"]
)
runs = st.lists(st.builds(Run, words, st.booleans(), st.booleans(), links), min_size=1, max_size=5).map(tuple)
lists_of = lambda items: st.builds(List, st.booleans(), st.lists(items, max_size=3).map(tuple))  # noqa: E731
items = st.recursive(
    st.builds(Item, runs),
    lambda inner: st.builds(Item, runs, st.lists(lists_of(inner), max_size=2).map(tuple)),
    max_leaves=4,
)
rows = st.lists(words, min_size=2, max_size=2).map(tuple)
tables = st.builds(Table, rows, st.lists(rows, max_size=3).map(tuple), st.booleans(), words)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, st.sampled_from([2, 3]), runs), st.builds(Paragraph, runs), lists_of(items), tables
)
documents = st.lists(parts, max_size=4).map(tidy)
thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(documents)
def test_what_is_written_reads_back_and_is_written_the_same(document: Document) -> None:
    written = write_markdown(document)
    read, _problems = read_markdown(written)
    assert read == document
    assert write_markdown(read) == written


@thorough
@given(documents)
def test_a_page_keeps_what_a_folder_says(document: Document) -> None:
    prose = tidy(part for part in document if not isinstance(part, Table))
    canonical = write_markdown(prose)
    html = write_rich_text(read_markdown(canonical)[0])
    assert read_rich_text(html) == prose
    assert write_markdown(read_rich_text(html)) == canonical


@thorough
@given(st.text(max_size=200))
def test_any_text_at_all_comes_to_rest_in_one_step(text: str) -> None:
    once = write_markdown(read_markdown(text)[0])
    assert write_markdown(read_markdown(once)[0]) == once


@pytest.mark.parametrize(
    "written",
    [
        "Plain text needs no backslash: [2011] EWHC 2617 (QB), 5 > 3, a_b, R&D, 10 * 2, s.136(1A).".replace(
            " * ", " \\* "
        ),
        "**Bold.** Then *italic*, and ***both***, and [a **bold** link](https://a.example/x).",
        "## Heading\nA paragraph right below it.\n\n- One\n- **Two.** More.\n  1. Inner\n  2. Second\n## Next",
        "A line\\\nand the next.",
        "Table: Powers\n\n| Power | Where |\n| --- | --- |\n| **s.1** | street \\| shop |\n| **s.17** | home |",
        "|  |  |\n| --- | --- |\n| no | heading |",
        "\\# not a heading",
        "1\\. not a list",
        "\\- not a list",
        "\\::: not a block",
        "\\<b> is not markup",
        "\\&amp; is not an ampersand",
    ],
)
def test_canonical_markdown_is_left_alone(written: str) -> None:
    document, problems = read_markdown(written)
    assert problems == ()
    assert write_markdown(document) == written


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("one\ntwo", "one two"),
        ("* a\n* b", "- a\n- b"),
        ("- a\n\n- b", "- a\n- b"),
        ("## A ##\n\nb", "## A\nb"),
        ("__a__ and _b_", "**a** and *b*"),
        ("**[a](https://a.example)**", "[**a**](https://a.example)"),
        ("<https://a.example>", "[https://a.example](https://a.example)"),
        ("a  b", "a b"),
        ("| a | b |\n|:-:|--|\n| c | d |", "| a | b |\n| --- | --- |\n| c | d |"),
        ("a **b **c", "a \\*\\*b \\*\\*c"),
        ("[1] and [a][b]", "[1] and [a\\][b]"),
    ],
)
def test_other_spellings_come_to_the_canonical_one(written: str, canonical: str) -> None:
    assert write_markdown(read_markdown(written)[0]) == canonical


def test_emphasis_inside_words_and_beside_signs_is_written_exactly() -> None:
    document = (Paragraph((Run("un"), Run("law", bold=True), Run("ful, "), Run("foo.", bold=True), Run("bar"))),)
    written = write_markdown(document)
    assert read_markdown(written)[0] == document
    assert written == "un**law**ful, **foo.**&#98;ar"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<p data-block-key="k1">One<br/>two</p><p data-block-key="k2"></p>', "One\\\ntwo"),
        ("<h2>A</h2><h4>B</h4><p><strong>c</strong> <em>d</em></p>", "## A\n### B\n**c** *d*"),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul><ul><li>d</li></ul>", "- a\n  1. b\n- c\n- d"),
        ("<p><b> spaced </b>out &amp; about</p>", "**spaced** out & about"),
        ('<p><a href="https://a.example/?a=1&amp;b=2">x</a></p>', "[x](https://a.example/?a=1&b=2)"),
        ("loose text<p>and more</p>", "loose text\n\nand more"),
        ("<p>a<script>alert(1)</script></p>", "aalert(1)"),
    ],
)
def test_what_an_editor_leaves_in_rich_text_is_read(html: str, markdown: str) -> None:
    assert write_markdown(read_rich_text(html)) == markdown


def test_markup_in_words_stays_words_in_rich_text() -> None:
    document, problems = read_markdown('1 \\< 2 \\<script>alert(1)\\</script> & "so"')
    assert problems == ()
    html = write_rich_text(document)
    assert "<script" not in html
    assert html == '<p>1 &lt; 2 &lt;script&gt;alert(1)&lt;/script&gt; &amp; "so"</p>'


def test_links_and_words_can_be_listed() -> None:
    document, _ = read_markdown("## A\n- [b](https://b.example)\n  - [c](step:c)\n\nTable: T\n\n| d |\n| --- |\n| e |")
    assert list(links_of(document)) == ["https://b.example", "step:c"]
    assert plain_text(document) == "A\nb\nc\nT\nd\ne"
