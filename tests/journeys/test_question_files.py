"""A trainer brings questions in from a file, looks before anything is imported, and writes the bank to a file that comes back the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assessments.models import Question, QuestionVersion
from tests.courses import authoring
from tests.journeys import stories
from tests.journeys.visitors import PHONE, WIDE

FAMILY = "mental-health"
GIFT = """::Notebook:: When do you write up the notebook? {
=As soon as practicable#Memory fades.
~At the end of the month#Too late.
####Write while you remember.}

::Record:: He may ask for the record for three months. {T}

::Broken:: Which of these? {=One ~
"""


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_trainer_imports_and_exports_questions(
    visitor: Callable[..., Any], viewport: dict[str, int], tmp_path: Path
) -> None:
    # Given a trainer whose family has no bank yet, and a file of another system with a broken question.
    authoring.family(FAMILY, "Mental health")
    tess = stories.person("Tess Trainer", "trainer", family=FAMILY)
    trainer = visitor(viewport=viewport)
    page = trainer.page
    stories.signs_in(trainer, tess)
    brought = tmp_path / "questions.txt"
    brought.write_text(GIFT)

    # When they hand in nothing, they are told what is missing, and what they wrote stays.
    trainer.goes_to("/admin/assessments/questions/import/")
    trainer.writes("Code of its course", "MH-101")
    trainer.presses("Look at what would come")
    trainer.sees("Choose the file that has the questions.")
    assert page.get_by_label("Code of its course").input_value() == "MH-101"

    # And when they hand in the file, they see what would become of each question before anything is there.
    page.locator("input[type=file]").set_input_files(brought)
    trainer.writes("Topic below the bank", "Custody/Records")
    trainer.presses("Look at what would come")
    trainer.sees("3 questions read, 2 to import, 1 skipped.")
    trainer.sees("As soon as practicable")
    trainer.sees("Memory fades.")
    trainer.sees("Broken")
    assert not Question.objects.exists()

    # Then they import them as drafts, and the same file again brings nothing new.
    trainer.presses("Import 2 questions as drafts")
    assert sorted(version.state for version in QuestionVersion.objects.all()) == ["draft", "draft"]
    trainer.goes_to("/admin/assessments/questions/import/")
    # A bank there is stands in the list now, and beginning one is folded away.
    assert not page.get_by_label("Code of its course").is_visible()
    page.get_by_label("Bank", exact=True).select_option(label="MH-101")
    page.locator("input[type=file]").set_input_files(brought)
    trainer.writes("Topic below the bank", "Custody/Records")
    trainer.presses("Look at what would come")
    trainer.sees("3 questions read, 0 to import, 3 skipped.")
    trainer.sees("It is in the bank already")
    trainer.presses("Let the file go")

    # And what is written out again says what came in, its explanation where other systems read it.
    trainer.goes_to("/admin/assessments/questions/export/")
    page.locator("select[name=bank]").select_option("MH-101")
    page.locator("select[name=format]").select_option("gift")
    trainer.presses("Look at what would be written")
    trainer.sees("2 questions can be written")
    written = trainer.downloads("Download the file", tmp_path)
    text = written.read_text()
    assert "As soon as practicable" in text
    assert "####Write while you remember." in text
    assert "Broken" not in text
