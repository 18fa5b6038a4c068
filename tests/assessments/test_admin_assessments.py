"""What trainers do with assessments in the admin, and what is refused them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from assessments.models import Assessment, AssessmentVersion
from people.models import User
from tests.assessments import building
from tests.assessments.admin_questions import HOSTILE, fields_of, rows, shown
from tests.courses import authoring
from tests.factories import person

FAMILY = "mental-health"
LIST = "/admin/assessments/tests/"
SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db

RULES = {
    "seen": "0",
    "do": "save",
    "title": "Final test",
    "minutes": "40",
    "pass_percent": "80",
    "attempts": "3",
    "wait_hours": "24",
    "feedback": "after_submit",
    **rows("draw", {"outcome": "LO1", "count": "2"}, {"outcome": "", "count": "", "topic": "", "difficulty": ""}),
}


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")


@pytest.fixture
def trainer(signed_in: SignIn) -> Client:
    return signed_in(person("Tess Trainer", "trainer", family=FAMILY))


def fill_bank(questions: int = 3) -> None:
    for number in range(questions):
        building.question(f"q{number}", family=FAMILY)


def write_address(**more: str) -> str:
    place = {"new_bank": "MH-101", "new_family": FAMILY, "code": "mh-101-final", **more}
    return f"{LIST}new/rules/?{urlencode(place)}"


def stored(**more: Any) -> AssessmentVersion:
    return building.rules_only(code="final", family=FAMILY, draw=[{"outcome": "LO1", "count": 2}], **more)


def address_of(version: AssessmentVersion) -> str:
    return f"{LIST}{version.assessment_id}/"


def test_a_trainer_writes_an_assessment(trainer: Client) -> None:
    fill_bank()
    assert "Approved questions in the bank" in shown(trainer.get(write_address()))
    answer = trainer.post(write_address(), RULES)
    version = AssessmentVersion.objects.get()
    assert answer["Location"] == address_of(version)
    assert (version.title, version.minutes, version.pass_percent) == ("Final test", 40, 80)
    assert (version.attempts, version.wait_hours, version.must_pass) == (3, 24, False)
    assert version.draw == [{"outcome": "LO1", "count": 2}]
    assert (version.assessment.bank, version.assessment.family) == ("MH-101", FAMILY)
    content = shown(trainer.get(answer["Location"]))
    assert "Version 1 of mh-101-final is saved." in content
    assert "The bank can meet this draw today." in content
    assert "Final test" in shown(trainer.get(LIST))


def test_limits_left_empty_are_none(trainer: Client) -> None:
    fill_bank()
    empty = {"minutes": "", "pass_percent": "", "attempts": "", "wait_hours": ""}
    trainer.post(write_address(), {**RULES, **empty})
    version = AssessmentVersion.objects.get()
    assert (version.minutes, version.pass_percent, version.attempts, version.wait_hours) == (None, None, None, 0)


def test_a_draw_is_tried_without_saving(trainer: Client) -> None:
    fill_bank()
    content = shown(trainer.post(write_address(), {**RULES, "do": "check"}))
    assert "One draw of many: 2 questions" in content
    assert not Assessment.objects.exists()


def test_what_the_bank_lacks_is_said_before_saving(trainer: Client) -> None:
    fill_bank(1)
    content = shown(trainer.post(write_address(), RULES))
    assert "LO1: 2 wanted, 1 approved." in content
    assert "Final test" in content
    assert not Assessment.objects.exists()
    trainer.post(write_address(), {**RULES, "do": "save-anyway"})
    version = AssessmentVersion.objects.get()
    assert "The bank cannot meet this draw today." in shown(trainer.get(address_of(version)))


def test_saving_an_edit_page_as_it_is_changes_nothing(trainer: Client) -> None:
    fill_bank()
    version = stored(wait_hours=12, attempts=2, must_pass=True)
    address = f"{address_of(version)}edit/"
    assert trainer.post(address, fields_of(trainer.get(address).content.decode())).status_code == 302
    assert AssessmentVersion.objects.get().digest == version.digest


def test_an_edit_makes_a_new_version(trainer: Client) -> None:
    fill_bank()
    version = stored()
    address = f"{address_of(version)}edit/"
    data = fields_of(trainer.get(address).content.decode())
    trainer.post(address, {**data, "pass_percent": "75"})
    assert list(AssessmentVersion.objects.values_list("number", "pass_percent")) == [(1, 80), (2, 75)]
    assert "version 1" in shown(trainer.get(f"{address_of(version)}?version=1"))
    assert trainer.get(f"{address_of(version)}?version=9").status_code == 404


def test_a_row_is_added_and_one_is_removed(trainer: Client) -> None:
    fill_bank()
    version = stored()
    address = f"{address_of(version)}edit/"
    data = fields_of(trainer.get(address).content.decode())
    more = shown(trainer.post(address, {**data, "do": "add", "title": "Typed"}))
    assert 'name="draw-1-outcome"' in more
    assert "Typed" in more
    second = {"draw-TOTAL_FORMS": "2", "draw-1-outcome": "LO1", "draw-1-count": "1", "draw-0-DELETE": "on"}
    trainer.post(address, {**data, **second})
    assert AssessmentVersion.objects.get(number=2).draw == [{"outcome": "LO1", "count": 1}]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Give the assessment a title"),
        ({"minutes": "soon"}, "The time limit is 1 to 600 minutes"),
        ({"minutes": "601"}, "The time limit is 1 to 600 minutes"),
        ({"pass_percent": "101"}, "The pass mark is 0 to 100 per cent"),
        ({"attempts": "0"}, "The number of attempts is 1 to 1,000"),
        ({"wait_hours": "99999"}, "The wait between attempts is 0 hours to one year."),
        ({"must_pass": "on", "pass_percent": ""}, "Must-pass questions need a pass mark."),
        ({"feedback": "loudly"}, "Select a valid choice"),
        ({"draw-0-count": "many"}, "Say how many questions to draw, 1 or more."),
        ({"draw-0-count": ""}, "Say how many questions to draw, 1 or more."),
        ({"draw-0-outcome": ""}, "Name the outcome, the topic or the difficulty to draw by."),
        ({"draw-0-count": "301"}, "Draw 1 to 300 questions."),
        ({"draw-0-DELETE": "on"}, "Draw 1 to 300 questions."),
        ({"title": "<b>Final</b>"}, "Raw HTML is refused: write plain text."),
        ({"draw-0-topic": "Cus\u202etody"}, "(U+202E) stands here, after ‘Cus’: take it out."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(wrong: dict[str, str], sentence: str, trainer: Client) -> None:
    fill_bank()
    answer = trainer.post(write_address(), {**RULES, **wrong})
    content = shown(answer)
    assert answer.status_code == 200
    assert sentence in content
    assert "Nothing was saved yet" in content
    assert all(value in content for value in wrong.values())
    assert not Assessment.objects.exists()


SITTING = {
    "opens_at": "2026-12-01 09:00",
    "closes_at": "2026-12-01 10:00",
    "navigation": "forward",
    "is_invigilated": "on",
    "counts_confidence": "on",
    "results": "after_window",
    "results_from": "2026-12-02 09:00",
    "draw-0-section": "Law",
    "draw-0-least": "60",
}


def test_how_a_test_is_sat_is_written_shown_and_kept_by_an_edit(trainer: Client) -> None:
    fill_bank()
    answer = trainer.post(write_address(), {**RULES, **SITTING})
    version = AssessmentVersion.objects.get()
    assert (version.navigation, version.is_invigilated, version.counts_confidence) == ("forward", True, True)
    assert f"{version.opens_at:%d %H:%M} {version.closes_at:%d %H:%M}" == "01 09:00 01 10:00"
    assert version.draw == [{"outcome": "LO1", "count": 2, "section": "Law", "least": 60}]
    content = shown(trainer.get(answer["Location"]))
    for words in (
        "1 December 2026, 09:00",
        "1 December 2026, 10:00",
        "forward only",
        "Counts, in questions that ask it",
        "at least 60 per cent",
        "Invigilated",
    ):
        assert words in content
    address = f"{answer['Location']}edit/"
    assert trainer.post(address, fields_of(trainer.get(address).content.decode())).status_code == 302
    assert AssessmentVersion.objects.get().digest == version.digest


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"opens_at": "soon"}, "Enter a day and time, for example 2026-11-30 09:00."),
        ({"closes_at": "2026-12-01 08:00"}, "Let it close after it opens."),
        (
            {"results_from": "2026-12-01 09:30"},
            "It can still be begun then. Tell results when it has closed, or later.",
        ),
        ({"navigation": "back"}, "Select a valid choice"),
        ({"layout": "whole", "navigation": "forward"}, "For forward only, show one at a time."),
        ({"draw-0-least": "101"}, "The least is 1 to 100 per cent, or empty for none."),
        ({"draw-0-section": "", "draw-0-least": "50"}, "Name the section that must reach so much."),
        ({"draw-0-section": "\u202eLaw"}, "take it out"),
    ],
)
def test_what_is_wrong_with_a_sitting_stands_open_beside_its_field(
    wrong: dict[str, str], sentence: str, trainer: Client
) -> None:
    fill_bank()
    answer = trainer.post(write_address(), {**RULES, **SITTING, **wrong})
    content = shown(answer)
    assert answer.status_code == 200
    assert sentence in content
    assert all(value in content for value in wrong.values())
    assert "<details open>" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_all_questions_on_one_page_are_chosen_in_the_form_and_kept_by_an_edit(trainer: Client) -> None:
    fill_bank()
    answer = trainer.post(write_address(), {**RULES, "layout": "whole"})
    version = AssessmentVersion.objects.get()
    assert version.layout == "whole"
    assert "All questions on one page" in shown(trainer.get(answer["Location"]))
    address = f"{answer['Location']}edit/"
    assert trainer.post(address, fields_of(trainer.get(address).content.decode())).status_code == 302
    assert AssessmentVersion.objects.get().digest == version.digest


def test_a_new_assessment_shows_what_every_test_needs_and_folds_the_rest(trainer: Client) -> None:
    fill_bank()
    content = trainer.get(write_address()).content.decode()
    assert content.count("<details>") >= 4
    assert "<details open>" not in content
    assert content.index("When and how it is sat") < content.index('name="opens_at"')


def test_hostile_words_are_shown_as_words(trainer: Client) -> None:
    fill_bank()
    short = "<script src=//x '; \u0634\u0631\u0637\u0629 {{ x }}"
    answer = trainer.post(write_address(), {**RULES, "title": short})
    assert AssessmentVersion.objects.get().title == short
    for address in (LIST, answer["Location"], f"{answer['Location']}edit/"):
        assert "<script src=//x" not in trainer.get(address).content.decode()
    long = trainer.post(f"{answer['Location']}edit/", {**RULES, "seen": "1", "title": HOSTILE})
    assert "DROP TABLE" in shown(long)
    assert AssessmentVersion.objects.count() == 1


def test_the_second_of_two_editors_is_told_and_loses_nothing(trainer: Client) -> None:
    fill_bank()
    version = stored()
    address = f"{address_of(version)}edit/"
    data = fields_of(trainer.get(address).content.decode())
    trainer.post(address, {**data, "title": "First"})
    content = shown(trainer.post(address, {**data, "title": "Second"}))
    assert "You began from version 1, and version 2 has been saved since." in content
    assert "Second" in content
    assert version.assessment.versions.count() == 2


def test_a_code_in_use_and_a_bank_of_another_family_are_refused(trainer: Client) -> None:
    fill_bank()
    building.question("e1", bank="ETH-101", family="ethics")
    stored()
    assert "codes are never reused" in shown(trainer.get(write_address(code="final"), follow=True))
    answer = trainer.post(write_address(code="final"), {**RULES, "title": "Kept"})
    assert "The code final is in use" in shown(answer)
    assert "Kept" in shown(answer)
    assert "belongs to another family" in shown(trainer.get(write_address(new_bank="ETH-101"), follow=True))
    trainer.post(write_address(new_bank="ETH-101"), RULES)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("role", ["subject-reviewer", "approver", "system-admin"])
def test_only_trainers_write(role: str, signed_in: SignIn) -> None:
    version = stored()
    client = signed_in(person("", role, family="" if role == "system-admin" else FAMILY))
    assert client.get(address_of(version)).status_code == 200
    for address in (f"{address_of(version)}edit/", f"{LIST}new/"):
        assert client.get(address).status_code == 302
    client.post(f"{address_of(version)}edit/", {**RULES, "seen": "1", "do": "save-anyway"})
    client.post(write_address(), {**RULES, "do": "save-anyway"})
    assert AssessmentVersion.objects.count() == 1


def test_another_familys_assessment_is_not_there(signed_in: SignIn) -> None:
    version = stored()
    client = signed_in(person("", "trainer", family="ethics"))
    assert "Final test" not in shown(client.get(LIST))
    assert client.get(address_of(version)).status_code == 404
    assert client.post(f"{address_of(version)}edit/", RULES).status_code == 404
