"""House rules of the content guide are warnings when questions arrive, and binding before one goes to review."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.bank import BelowHouseRules, submit_for_review
from assessments.models import QuestionVersion, VersionState
from people import clock

pytestmark = pytest.mark.django_db

BARE = "::Bare:: What is wrong here? {=This ~That}\n"


def brought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = tmp_path / "in.txt"
    path.write_text(BARE)
    capsys.readouterr()
    call_command("import_questions", str(path), "--topic", "Law")
    return capsys.readouterr().out


def test_a_question_that_breaks_a_house_rule_arrives_as_a_draft_and_the_rule_is_named(tmp_path, capsys) -> None:
    told = brought(tmp_path, capsys)
    assert QuestionVersion.objects.get().state == VersionState.DRAFT
    assert "‘Bare’, before it can go to review: " in told
    assert "1 read, 1 imported, 0 skipped." in told


def test_the_same_rule_stops_it_on_its_way_to_approval(tmp_path, capsys) -> None:
    told = brought(tmp_path, capsys)
    version = QuestionVersion.objects.get()
    with pytest.raises(BelowHouseRules) as refused:
        submit_for_review(version, by=None, at=clock.now())
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT
    assert any(str(problem) in told for problem in refused.value.problems)
