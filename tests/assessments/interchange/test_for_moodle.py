"""What Moodle would take otherwise than we do is said on export, in a sentence for each question."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.interchange.percents import MOODLE_GRADES, percent_of
from tests.assessments.building import MULTIPLE, SINGLE
from tests.assessments.interchange.trips import known_definitions, version_of, written

KNOWN = known_definitions()


def said(kind: str, definition: dict[str, Any], format: str, mark: str = "1") -> str:
    return " ".join(one.sentence for one in written(version_of(kind, definition, mark=mark), format).unsaid)


@pytest.mark.parametrize("format", ["gift", "moodle-xml"])
def test_a_share_that_moodle_has_not_is_named(format: str) -> None:
    options = [{**one, "fraction": share} for one, share in zip(SINGLE["options"], ("0.35", 1, 0), strict=True)]
    assert "no such share" in said("single_choice", {**SINGLE, "options": options}, format)
    assert "no such share" not in said("single_choice", {**SINGLE, "options": SINGLE["options"]}, format)


def test_shares_are_written_as_moodles_list_has_them() -> None:
    assert sorted(percent_of(share) for share in MOODLE_GRADES if share.denominator in (3, 6, 7, 9)) == [
        "11.11111",
        "14.28571",
        "16.66667",
        "33.33333",
        "66.66667",
        "83.33333",
    ]


def test_all_or_nothing_is_named_where_moodle_gives_part() -> None:
    whole = {**MULTIPLE, "partial": False}
    assert "Moodle gives part of the marks" in said("multiple_response", whole, "moodle-xml")


def test_the_mark_of_gaps_and_the_scoring_of_an_order_are_named() -> None:
    assert "Moodle counts its gaps as 4 marks" in said("gap_fill", KNOWN["gap_fill"][1], "moodle-xml")
    assert said("gap_fill", KNOWN["gap_fill"][1], "moodle-xml", mark="4") == ""
    assert "all the marks or none" in said("ordering", KNOWN["ordering"][1], "moodle-xml")


def test_gift_says_that_it_has_no_marks_and_aiken_what_it_loses() -> None:
    assert "GIFT does not say its marks" in said("single_choice", dict(SINGLE), "gift", mark="2")
    lost = said("single_choice", dict(SINGLE), "aiken", mark="2")
    assert lost.startswith("Aiken loses feedback, part marks, its marks")


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_moodle_xml_has_the_elements_that_moodle_asks_for(name: str) -> None:
    kind, definition = KNOWN[name]
    content = written(version_of(kind, definition), "moodle-xml").content.decode()
    if not content:
        return
    assert content.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>')
    for element in ("<name><text>", '<questiontext format="html"><text>', "<defaultgrade>", "<penalty>", "<idnumber>"):
        assert content.count(element) == 1
