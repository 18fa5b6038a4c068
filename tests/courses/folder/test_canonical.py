"""The canonical form: what is canonical is left alone, byte for byte; everything else comes to it in one step."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.folder.canonical import differences, dump, write_course, write_families
from courses.folder.digests import files_on_disk
from courses.folder.reading import read_folder
from courses.folder.yaml_lines import plain, read_yaml
from tests.courses.folder import tiny
from tests.courses.folder.conftest import Check

STARTER = Path(__file__).resolve().parents[3] / "courses" / "starter_catalogue"


def test_a_canonical_folder_is_written_as_it_lies(folder: Path, check: Check) -> None:
    catalogue = check().catalogue
    assert differences(files_on_disk(folder / "TINY-101"), write_course(catalogue.courses[0])) == []
    assert write_families(catalogue.families) == (folder / "families.yaml").read_bytes()


@pytest.mark.parametrize(
    ("path", "old", "new", "line"),
    [
        (
            "TINY-101/course.md",
            "title: 'Handing over: what the next officer needs'",
            'title: "Handing over: what the next officer needs"',
            4,
        ),
        (
            "TINY-101/course.md",
            "audience:\n  - Constables\n  - Control room staff",
            "audience: [Constables, Control room staff]",
            6,
        ),
        ("TINY-101/course.md", "family: initial\naudience", "family: initial # the first\naudience", 5),
        (
            "TINY-101/assessments/final.yaml",
            "id: tiny-final\ntitle: Final test",
            "title: Final test\nid: tiny-final",
            1,
        ),
        ("TINY-101/questions/10-at-the-door.yaml", "text: 'no'", "text: no", None),
        ("TINY-101/10-at-the-door/10-what-you-did-not-check.md", "- **Seen.**", "* **Seen.**", None),
        ("TINY-101/10-at-the-door/10-what-you-did-not-check.md", ":::image plan.png", ":::image media/plan.png", None),
    ],
)
def test_another_layout_says_the_same_and_comes_to_the_canonical_one(
    folder: Path, check: Check, path: str, old: str, new: str, line: int | None
) -> None:
    findings = check(path, old, new)
    assert findings.refusals == ()
    (difference,) = differences(files_on_disk(folder / "TINY-101"), write_course(findings.catalogue.courses[0]))
    assert f"TINY-101/{difference.path}" == path
    assert line in (None, difference.line)
    tiny.write(folder, tiny.files())
    canonical = write_course(read_folder(folder).catalogue.courses[0])
    assert canonical == write_course(findings.catalogue.courses[0])


def test_files_too_many_or_too_few_are_differences(folder: Path, check: Check) -> None:
    canonical = write_course(check().catalogue.courses[0])
    found = files_on_disk(folder / "TINY-101")
    found["media/other.png"] = b""
    del found["course.md"]
    assert [str(one) for one in differences(found, canonical)] == [
        "course.md: is missing",
        "media/other.png: is no part of the canonical form",
    ]


@pytest.mark.parametrize("code", ["INIT-101", "SPEC-110", "ETH-101", "MH-101", "LEAD-101"])
def test_the_starter_catalogue_comes_to_rest_in_one_step(code: str, tmp_path: Path) -> None:
    reading = read_folder(STARTER / code)
    assert reading.problems == ()
    canonical = write_course(reading.catalogue.courses[0])
    tiny.write(tmp_path / code, canonical)
    again = read_folder(tmp_path / code)
    assert write_course(again.catalogue.courses[0]) == canonical


texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.sampled_from("\n:#-'\" "), max_size=40)


@given(st.lists(texts, max_size=4))
def test_text_reads_back_from_yaml_as_it_was_by_us_and_by_others(values: list[str]) -> None:
    written = dump({"note": values})
    node = read_yaml(written, "a.yaml")
    assert node is not None
    assert plain(node) == {"note": values}
    assert yaml.safe_load(written) == {"note": values}


def test_quotes_stand_only_where_yaml_needs_them() -> None:
    values = [
        "plain",
        "it's",
        "14:35",
        "no",
        "24",
        "a: b",
        "- a",
        "#1",
        "null",
        "2026-11-22",
        "'so'",
        "a #b",
        "Ångström – ok",
    ]
    assert dump(values).splitlines() == [
        "- plain",
        "- it's",
        "- '14:35'",
        "- 'no'",
        "- '24'",
        "- 'a: b'",
        "- '- a'",
        "- '#1'",
        "- 'null'",
        "- '2026-11-22'",
        "- '''so'''",
        "- 'a #b'",
        "- Ångström – ok",
    ]


def test_numbers_are_written_as_an_author_writes_them() -> None:
    assert (
        dump([1, 0.5, -0.5, 0.333, 0.000001, None, True]) == "- 1\n- 0.5\n- -0.5\n- 0.333\n- 0.000001\n- null\n- true\n"
    )
