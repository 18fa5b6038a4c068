"""The rules of a sitting as they are saved: window, layout, order, sections; what cannot be kept is refused at its place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from assessments import sittings
from assessments.assessment_rules import BadAssessment, rules_again, save_assessment_version
from assessments.blueprints import least_by_section
from assessments.models import AssessmentVersion, Layout, Navigation, ResultsPolicy
from tests.assessments.building import NOON, question, rules_only

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ROW = {"outcome": "LO1", "count": 1}


def test_rules_of_a_sitting_are_saved_as_they_are_said() -> None:
    question("q1")
    version = rules_only(
        draw=[{**ROW, "section": "Law", "least": 60}],
        opens_at=NOON,
        closes_at=NOON + HOUR,
        navigation="forward",
        is_invigilated=True,
    )
    assert (version.opens_at, version.closes_at) == (NOON, NOON + HOUR)
    assert (version.layout, version.navigation, version.is_invigilated) == ("one", "forward", True)
    assert least_by_section(version) == {"Law": 60}


def test_rules_that_say_nothing_new_of_the_sitting_keep_their_digest() -> None:
    first = rules_only(draw=[ROW])
    again = rules_only(draw=[ROW], opens_at=None, closes_at=None, layout="one", navigation="free", is_invigilated=False)
    assert again == first
    for number, change in enumerate(
        (
            {"opens_at": NOON},
            {"closes_at": NOON},
            {"navigation": "forward"},
            {"is_invigilated": True},
            {"draw": [{**ROW, "section": "Law"}]},
        ),
        start=2,
    ):
        assert rules_only(**{"draw": [ROW], **change}).number == number


def test_what_a_folder_may_say_is_what_the_rules_know() -> None:
    assert list(sittings.RESULTS) == ResultsPolicy.values
    assert list(sittings.LAYOUTS) == Layout.values
    assert list(sittings.NAVIGATIONS) == Navigation.values


def test_the_rules_of_a_version_saved_again_are_that_version() -> None:
    version = rules_only(draw=[ROW], overlap="free", closes_at=NOON, query_days=3)
    again = save_assessment_version("final", bank="MH-101", **rules_again(version), by=None, at=NOON)
    assert again == version


OPEN = {"opens_at": NOON, "closes_at": NOON + HOUR}


@pytest.mark.parametrize(
    ("rules", "path", "sentence"),
    [
        ({"opens_at": NOON, "closes_at": NOON}, "closes_at", "Let it close after it opens."),
        ({"opens_at": NOON.replace(tzinfo=None)}, "opens_at", "Enter a day and time"),
        ({"closes_at": "tomorrow"}, "closes_at", "Enter a day and time"),
        (
            {**OPEN, "results": "after_window", "results_from": NOON},
            "results_from",
            "Tell results when it has closed, or later.",
        ),
        ({"layout": "two"}, "layout", "one, whole"),
        ({"layout": "whole", "feedback": "at_once"}, "feedback", "show one at a time"),
        ({"layout": "whole", "draw": [{**ROW, "count": 101}]}, "layout", "at most 100 questions"),
        ({"navigation": "back"}, "navigation", "free, forward"),
        ({"layout": "whole", "navigation": "forward"}, "navigation", "show one at a time"),
        ({"is_invigilated": "yes"}, "is_invigilated", "invigilated or not"),
        ({"draw": [{**ROW, "section": 7}]}, "draw.0.section", "a word"),
        ({"draw": [{**ROW, "section": "x" * 81}]}, "draw.0.section", "80"),
        ({"draw": [{**ROW, "section": "<b>Law</b>"}]}, "draw.0.section", "HTML"),
        ({"draw": [{**ROW, "section": "Law", "least": 0}]}, "draw.0.least", "1 to 100 per cent"),
        ({"draw": [{**ROW, "section": "Law", "least": True}]}, "draw.0.least", "1 to 100 per cent"),
        ({"draw": [{**ROW, "least": 50}]}, "draw.0.section", "Name the section"),
        ({"draw": [{**ROW, "section": "Law", "least": 50}], "pass_percent": None}, "draw.0.least", "needs a pass mark"),
        ({"draw": [{**ROW, "section": "Law"}, ROW]}, "draw.1.section", "in every row, or in none"),
        (
            {"draw": [{**ROW, "section": "Law", "least": 50}, {**ROW, "section": "Law", "least": 60}]},
            "draw.1.least",
            "An earlier row of ‘Law’ asks for 50 per cent.",
        ),
        (
            {"draw": [{**ROW, "section": "Law"}, {**ROW, "section": "Law", "least": 60}]},
            "draw.1.least",
            "An earlier row of ‘Law’ asks for no least.",
        ),
    ],
)
def test_rules_of_a_sitting_that_cannot_be_kept_are_refused(rules: dict[str, Any], path: str, sentence: str) -> None:
    with pytest.raises(BadAssessment) as refusal:
        rules_only(**{"draw": [ROW], **rules})
    assert [problem.path for problem in refusal.value.problems] == [path]
    assert sentence in refusal.value.problems[0].message
    assert not AssessmentVersion.objects.exists()


@pytest.mark.parametrize("rules", [{"opens_at": NOON, "closes_at": NOON}, {"layout": "whole", "navigation": "forward"}])
def test_the_database_refuses_them_too(rules: dict[str, Any]) -> None:
    version = rules_only(draw=[ROW])
    version.pk, version.number = None, 2
    for name, value in rules.items():
        setattr(version, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)
