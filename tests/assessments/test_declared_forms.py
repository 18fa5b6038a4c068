"""What an author fills in is declared by the question type: a type that exists only in this file is written, previewed and saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from assessments import question_types
from assessments.bank import latest_version
from assessments.question_types import Face, Marked, Problem, QuestionType
from assessments.question_types.authoring import STEM, AuthorField, AuthorForm, AuthorLines, Entry, with_ids
from tests.assessments.admin_questions import (  # noqa: F401
    ABOUT,
    LIST,
    _families,
    fields_of,
    new_address,
    question_of,
    rows,
    shown,
    tess_fixture,
    trainer_fixture,
)

pytestmark = pytest.mark.django_db

FORM = AuthorForm(
    (
        AuthorField("tone", "Tone", Entry.CHOICE, choices=(("calm", "Calm"), ("firm", "Firm")), begins_with="calm"),
        AuthorField("loud", "Say it aloud", Entry.TICK),
    ),
    (
        AuthorLines("words", "Words to say", "word", (AuthorField("text", "Word"),), blank=2, most=4),
        AuthorLines("avoid", "Words to avoid", "avoided word", (AuthorField("text", "Word"),), blank=1, most=4),
    ),
)


class Saying(QuestionType):
    name = "saying"
    label = "Say the words"
    template_name = "assessments/question_types/short_text.html"

    def validate(self, definition: Any) -> list[Problem]:
        problems = [
            Problem(f"words.{number}.text", "Use small letters.")
            for number, word in enumerate(definition["words"])
            if word["text"] != word["text"].lower()
        ]
        return problems + ([] if definition["words"] else [Problem("words", "Write at least one word.")])

    def parse(self, definition: Any, data: Any, name: str) -> dict[str, Any] | None:
        return {"text": data.get(name)} if data.get(name) else None

    def mark(self, definition: Any, response: Any) -> Marked:
        said = (response or {"text": ""})["text"].split()
        return Marked(1_000_000 if said == [word["text"] for word in definition["words"]] else 0, ("Said.",))

    def summarise(self, definition: Any, response: Any) -> str:
        return response["text"] if response else ""

    def summarise_key(self, definition: Any) -> str:
        return " ".join(word["text"] for word in definition["words"])

    def face(self, definition: Any, response: Any, *, name: str = "answer", typed: Any = None, **more: Any) -> Face:
        return Face(self.template_name, name, "", definition["stem"], typed=self.summarise(definition, response))

    def author_form(self) -> AuthorForm:
        return FORM

    def filled_in(self, definition: Any) -> tuple[Any, Any]:
        return (
            {"tone": definition["tone"], "loud": definition["loud"]},
            {"words": definition["words"], "avoid": definition["avoid"]},
        )

    def put_together(self, values: Any, lines: Any) -> dict[str, Any]:
        return {
            "tone": values["tone"],
            "loud": values["loud"],
            "words": with_ids(lines["words"]),
            "avoid": list(lines["avoid"]),
        }


@pytest.fixture(autouse=True)
def _saying() -> Iterator[None]:
    question_types.register(Saying())
    yield
    question_types.unregister(Saying.name)


POSTED = {
    **ABOUT,
    "stem": "What do you say?",
    "tone": "firm",
    "loud": "on",
    **rows("words", {"text": "stop"}, {"text": ""}, {"text": "police"}),
    **rows("avoid", {"text": "mate"}),
}


def test_a_type_defined_here_is_written_previewed_and_saved(trainer: Client) -> None:
    assert "Say the words" in shown(trainer.get(f"{LIST}questions/new/"))
    blank = shown(trainer.get(new_address("saying")))
    assert "Words to avoid" in blank
    assert 'name="words-1-text"' in blank
    answer = trainer.post(new_address("saying"), POSTED)
    version = latest_version("mh-101-q99")
    assert version is not None, shown(answer)
    assert version.definition == {
        "stem": "What do you say?",
        "tone": "firm",
        "loud": True,
        "words": [{"id": "a", "text": "stop"}, {"id": "b", "text": "police"}],
        "avoid": [{"text": "mate"}],
    }
    page = shown(trainer.get(answer["Location"]))
    assert "Words to say" in page
    assert "Firm" in page
    preview = f"{question_of(version)}versions/1/"
    assert 'name="answer"' in shown(trainer.get(preview))
    assert "100 per cent of the marks." in shown(trainer.post(preview, {"answer": "stop police"}))


def test_its_edit_page_shows_what_is_stored_and_changes_nothing_by_itself(trainer: Client) -> None:
    trainer.post(new_address("saying"), POSTED)
    version = latest_version("mh-101-q99")
    assert version is not None
    data = fields_of(shown(trainer.get(f"{question_of(version)}edit/")))
    assert (data["tone"], data["loud"], data["words-1-text"]) == ("firm", "on", "police")


def test_each_list_grows_by_its_own_button_and_keeps_what_was_typed(trainer: Client) -> None:
    page = shown(trainer.post(new_address("saying"), {**POSTED, "do": "add:avoid"}))
    assert 'name="avoid-1-text"' in page
    assert 'name="words-3-text"' not in page
    assert "Add an avoided word" in page
    assert "police" in page
    for _press in range(9):
        page = shown(trainer.post(new_address("saying"), {**fields_of(page), "do": "add:avoid"}))
    assert 'name="avoid-4-text"' not in page


def test_a_problem_is_shown_beside_its_line_and_nothing_is_lost(trainer: Client) -> None:
    page = shown(trainer.post(new_address("saying"), {**POSTED, "words-2-text": "POLICE"}))
    assert "Use small letters." in page
    assert "POLICE" in page
    assert latest_version("mh-101-q99") is None
    page = shown(trainer.post(new_address("saying"), {**POSTED, "words-0-text": "", "words-2-text": ""}))
    assert "Write at least one word." in page


def test_the_stem_is_asked_by_the_same_words_everywhere(trainer: Client) -> None:
    assert STEM.hint in shown(trainer.get(new_address("saying")))
