"""Where imported questions stand in the tree of topics, and which of them an export by topic takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.bank import BankRefused
from assessments.interchange.places import Place, place_for, topic_of
from assessments.models import Question, QuestionVersion, Topic
from assessments.topics import find_or_create_topic, rename_topic, words_for
from people import clock
from people.models import User
from tests.factories import person

pytestmark = pytest.mark.django_db

AIKEN = "What is {0}?\nA. One\nB. Two\nANSWER: A\n"


@pytest.fixture
def trainer() -> User:
    return person("Tess Trainer", "trainer", family="initial")


@pytest.fixture
def bring(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def brought(text: str, topic: str, *more: str) -> dict[str, Any]:
        path = tmp_path / "in.txt"
        path.write_text(text)
        capsys.readouterr()
        call_command("import_questions", str(path), "--topic", topic, "--json", *more)
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    return brought


def exported(tmp_path: Path, topic: str, *more: str) -> str:
    out = tmp_path / "out.txt"
    call_command("export_questions", "--topic", topic, "--format", "aiken", "--out", str(out), *more)
    return out.read_text()


def standing() -> list[tuple[str, str]]:
    rows = Question.objects.select_related("topic").order_by("created_at", "code")
    return sorted((row.bank, words_for(row.topic)) for row in rows)


def test_the_first_part_of_a_topic_is_its_bank_and_the_rest_stands_below_it_once(bring) -> None:
    bring(AIKEN.format("custody"), "Law/Custody")
    assert standing() == [("Law", "Custody")]
    assert QuestionVersion.objects.get().topic == "Custody"


def test_a_topic_of_one_part_is_a_bank_and_its_questions_stand_at_its_top(bring) -> None:
    bring(AIKEN.format("law"), "Law")
    assert standing() == [("Law", "")]


def test_a_topic_that_is_there_is_found_however_it_is_written(bring) -> None:
    find_or_create_topic("Law/Custody/Detention", by=None, at=clock.now())
    before = Topic.objects.count()
    bring(AIKEN.format("one"), "law/CUSTODY / detention")
    assert standing() == [("Law", "Custody/Detention")]
    assert Topic.objects.count() == before


def test_a_topic_that_does_not_exist_is_created_and_in_a_dry_run_is_not(bring) -> None:
    bring(AIKEN.format("one"), "Law/Custody", "--dry-run")
    assert not Topic.objects.exists()
    bring(AIKEN.format("one"), "Law/Custody")
    assert Topic.objects.filter(bank="Law", path="custody").exists()


def test_a_path_that_starts_with_no_bank_is_the_topic_that_one_bank_alone_has(bring) -> None:
    find_or_create_topic("Law/Custody", by=None, at=clock.now())
    bring(AIKEN.format("one"), "Custody")
    assert standing() == [("Law", "Custody")]


def test_a_renamed_topic_is_found_by_what_it_was_called(bring, trainer) -> None:
    topic = find_or_create_topic("Law/Custody", by=None, at=clock.now())
    rename_topic(topic, "Detention", by=trainer, at=clock.now())
    bring(AIKEN.format("one"), "Law/Custody")
    assert standing() == [("Law", "Detention")]


def test_categories_of_a_file_become_topics_below_the_one_that_was_named(bring) -> None:
    gift = "$CATEGORY: $course$/top/Stops/Grounds\n\n::A:: Is it so? {T}\n\n$CATEGORY: top/Default for Law\n\n::B:: Is it not? {F}\n"
    bring(gift, "Law/Powers")
    assert standing() == [("Law", "Powers"), ("Law", "Powers/Stops/Grounds")]


def test_a_category_that_begins_with_the_bank_does_not_name_it_twice() -> None:
    assert topic_of(Place("Law"), {"category": "Law/Custody"}) == "Custody"
    assert topic_of(Place("Law", "Custody"), {"category": "Custody/Review"}) == "Custody/Review"


@pytest.mark.parametrize("path", ["", " / ", "///", "Law/" + "x" * 300, "Law/ab\u202ec"])
def test_a_path_that_says_nothing_is_too_long_or_has_hidden_signs_is_refused_or_cleaned(path: str) -> None:
    if "\u202e" in path:
        assert place_for(path).words == "Law/abc"
        return
    with pytest.raises(BankRefused, match="Name a topic"):
        place_for(path)


def test_a_bank_without_a_letter_is_refused_by_the_command_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text(AIKEN.format("one"))
    with pytest.raises(CommandError, match="no letter or digit") as refused:
        call_command("import_questions", str(path), "--topic", "…/Custody")
    assert refused.value.returncode == 1
    assert not Question.objects.exists()


def test_a_bank_of_another_family_is_refused(tmp_path: Path) -> None:
    find_or_create_topic("Law", family="initial", by=None, at=clock.now())
    with pytest.raises(BankRefused, match="family"):
        place_for("Law/Custody", family="ethics")


def test_an_export_takes_the_topic_and_all_below_it_by_where_questions_stand(bring, tmp_path, trainer) -> None:
    bring(AIKEN.format("the custody clock"), "Law/Custody")
    bring(AIKEN.format("the review"), "Law/Custody/Review")
    bring(AIKEN.format("the stop"), "Law/Stops")
    assert exported(tmp_path, "Law/Custody").count("ANSWER:") == 2
    assert exported(tmp_path, "Law").count("ANSWER:") == 3
    assert "the stop" in exported(tmp_path, "Stops", "--bank", "Law")

    rename_topic(Topic.objects.get(path="custody"), "Detention", by=trainer, at=clock.now())

    assert exported(tmp_path, "Law/Detention").count("ANSWER:") == 2
    assert exported(tmp_path, "Law/Custody").count("ANSWER:") == 2, "the former name still leads there"


def test_a_topic_whose_name_only_begins_alike_is_not_taken(bring, tmp_path) -> None:
    bring(AIKEN.format("the clock"), "Law/Custody")
    bring(AIKEN.format("the sergeant"), "Law/Custody sergeants")
    assert "sergeant" not in exported(tmp_path, "Law/Custody")


def test_questions_that_come_back_after_their_topic_was_renamed_are_known(bring, tmp_path, trainer) -> None:
    bring("::A:: Is it so? {T#Wrong.#Right.}\n", "Law/Custody")
    out = tmp_path / "out.txt"
    call_command("export_questions", "--topic", "Law/Custody", "--format", "gift", "--out", str(out))
    rename_topic(Topic.objects.get(path="custody"), "Detention", by=trainer, at=clock.now())

    told = bring(out.read_text(), "Law/Detention")

    assert (told["imported"], len(told["skipped"])) == (0, 1)
    assert "in the bank already" in told["skipped"][0]["reason"]
