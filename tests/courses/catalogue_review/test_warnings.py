"""What a second reader is pointed to in a folder, and how a reason is given for what stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.catalogue_review.explanations import Explained, explain
from courses.catalogue_review.measures import measure_course
from courses.catalogue_review.warnings import KINDS, warn_reviewer
from courses.folder.checking import check_folder
from courses.folder.loading import known_to_the_site
from courses.folder.shapes import Problem
from courses.management.commands.load_catalogue import STARTER_CATALOGUE
from people import clock
from tests.courses.folder import tiny
from tests.courses.folder.conftest import TODAY, Check, check, folder

__all__ = ["check", "folder"]

QUESTIONS = "TINY-101/questions/10-at-the-door.yaml"
LESSON = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
KEY = "text: That the bedroom is locked and unopened"
SMALL = "small-bank"
# References fall due for review as time goes on; that is for whoever keeps the courses, not for a test.
LOOKED_AT = date(2026, 11, 29)
Look = Callable[..., Explained]


@pytest.fixture
def look(folder: Path, check: Check) -> Look:
    """Return a function that changes one file and looks at the folder as a second reader does."""

    def look_after(path: str = "", old: str = "", new: str = "") -> Explained:
        findings = check(path, old, new)
        assert findings.refusals == ()
        return explain(folder, findings.catalogue, warn_reviewer(findings.catalogue, on=TODAY))

    return look_after


def of_kind(explained: Explained, kind: str) -> list[Problem]:
    return [warning for warning in explained.unexplained if warning.kind == kind]


def test_the_figures_of_a_course_are_those_of_its_files(folder: Path) -> None:
    (course,) = check_folder(folder, on=TODAY).catalogue.courses
    measures = measure_course(course)
    assert (measures.lessons, measures.minutes) == (2, 50)
    assert {row.outcome: row.lessons for row in measures.coverage} == {"LO1": 2, "LO2": 1}
    assert measures.exam_items == sum(row.exam_items for row in measures.coverage)
    assert measures.lesson_items == sum(row.checks for row in measures.coverage)


def test_a_right_option_that_gives_itself_away(look: Look) -> None:
    long = f"{KEY}, that nobody has a key to it, and that you have told the sergeant so at the end of your tour\n"
    (warning,) = of_kind(look(QUESTIONS, f"{KEY}\n", long), "key-stands-out")
    assert (warning.file, warning.about) == (QUESTIONS, "tiny-c01")
    assert "times as long as the others" in warning.reason


def test_items_that_say_nearly_the_same(look: Look) -> None:
    """The tiny course's items are one item under several names."""
    assert {warning.about for warning in of_kind(look(), "alike")} >= {"tiny-q02", "tiny-q03"}


def test_a_lesson_in_long_words_and_long_sentences(look: Look) -> None:
    hard = " ".join(["organisational responsibilities necessitate documentation"] * 12)
    explained = look(LESSON, "## Worked decision\n", f"## Worked decision\n{hard}.\n\n{hard}.\n\n")
    (warning,) = of_kind(explained, "hard-lesson")
    assert warning.about == "what-you-did-not-check"


def test_wording_stands_on_the_line_where_it_is_written(look: Look) -> None:
    explained = look(LESSON, "## Worked decision\n", "## Worked decision\nThe power lasts 72 hours.\n\n")
    (warning,) = of_kind(explained, "wording")
    lines = tiny.LESSON.replace(
        "## Worked decision\n", "## Worked decision\nThe power lasts 72 hours.\n\n"
    ).splitlines()
    assert lines[warning.line - 1] == "The power lasts 72 hours."


def test_a_mistake_offered_as_a_wrong_option_is_no_wording(look: Look) -> None:
    before = len(of_kind(look(), "wording"))
    wrong = "text: Nothing, as the log will show what was done"
    assert len(of_kind(look(QUESTIONS, wrong, "text: That it lasts 72 hours"), "wording")) == before


def test_a_bank_too_small_for_a_second_attempt(look: Look) -> None:
    (warning,) = of_kind(look(), SMALL)
    assert (warning.file, warning.about) == ("TINY-101/course.md", "TINY-101")


def test_a_question_explains_itself_in_its_note(look: Look) -> None:
    explained = look(QUESTIONS, "    note:", "    note: 'Why alike: siblings of one rule. Why long-stem: it is not.' #")
    explained_kinds = {(warning.kind, reason) for warning, reason in explained.explained}
    idle = [problem.reason for problem in explained.idle]
    assert ("alike", "siblings of one rule.") in explained_kinds or any("'alike' of" in reason for reason in idle)
    assert any("explains 'long-stem'" in reason and "take it out" in reason for reason in idle)


def test_the_file_explains_what_has_no_note(look: Look, folder: Path) -> None:
    (folder / "explained.yaml").write_text("- course: TINY-101\n  warning: small-bank\n  reason: It is an example.\n")
    explained = look()
    assert of_kind(explained, SMALL) == []
    assert [reason for warning, reason in explained.explained if warning.kind == SMALL] == ["It is an example."]
    assert explained.idle == ()


def test_a_reason_about_one_thing_explains_no_other(look: Look, folder: Path) -> None:
    (folder / "explained.yaml").write_text(
        "- course: TINY-101\n  warning: small-bank\n  about: tiny-q01\n  reason: It is an example.\n"
    )
    explained = look()
    assert len(of_kind(explained, SMALL)) == 1
    (idle,) = explained.idle
    assert (idle.file, idle.line) == ("explained.yaml", 1)


def test_a_reason_for_a_kind_there_is_none_of_names_those_there_are(look: Look, folder: Path) -> None:
    (folder / "explained.yaml").write_text("- course: TINY-101\n  warning: smal-bank\n  reason: A slip.\n")
    (problem,) = look().idle
    assert "There is no warning 'smal-bank'" in problem.reason
    assert all(kind in problem.reason for kind in KINDS)


def test_a_file_of_reasons_that_is_no_list(look: Look, folder: Path) -> None:
    (folder / "explained.yaml").write_text("course: TINY-101\n")
    (problem,) = look().idle
    assert "Reasons are a list" in problem.reason


@pytest.mark.django_db
def test_the_starter_catalogue_has_no_refusal_and_no_warning_without_a_reason() -> None:
    findings = check_folder(STARTER_CATALOGUE, on=clock.today(), known=known_to_the_site())
    assert findings.refusals == ()
    explained = explain(STARTER_CATALOGUE, findings.catalogue, warn_reviewer(findings.catalogue, on=LOOKED_AT))
    assert (explained.unexplained, explained.idle) == ((), ())


@pytest.mark.django_db
def test_the_command_measures_and_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_catalogue", str(folder))
    printed = capsys.readouterr().out
    assert "TINY-101 Handing over: what the next officer needs" in printed
    assert "reading ease" in printed
    assert "TINY-101/course.md:1: small-bank: " in printed
    assert "warnings without a reason" in printed


@pytest.mark.django_db
def test_the_command_in_one_json_object(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_catalogue", str(folder), "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert answer["courses"][0]["code"] == "TINY-101"
    assert SMALL in {warning["kind"] for warning in answer["warnings"]}


@pytest.mark.django_db
def test_a_folder_that_would_be_refused_exits_1(folder: Path, check: Check, capsys: pytest.CaptureFixture[str]) -> None:
    check(QUESTIONS, "outcome: LO1", "outcome: LO9")
    with pytest.raises(CommandError, match="would be refused") as refusal:
        call_command("check_catalogue", str(folder), "--json")
    assert refusal.value.returncode == 1
    assert json.loads(capsys.readouterr().out)["refusals"][0]["file"] == QUESTIONS


@pytest.mark.django_db
def test_no_folder_exits_2(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("check_catalogue", str(tmp_path / "nowhere"))
    assert refusal.value.returncode == 2
