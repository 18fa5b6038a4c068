"""What trainers, reviewers and approvers do with questions in the admin, and what is refused them."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from assessments.bank import latest_version
from assessments.models import Question, QuestionVersion, VersionState
from people.models import User
from people.roles import grant_role
from tests.assessments import building
from tests.assessments.admin_questions import (  # noqa: F401
    ABOUT,
    FAMILY,
    HOSTILE,
    LIST,
    POSTED,
    STEM,
    SignIn,
    _families,
    fields_of,
    in_family,
    new_address,
    question_of,
    shown,
    tess_fixture,
    trainer_fixture,
    write,
)
from tests.factories import LONG_AGO, person

pytestmark = pytest.mark.django_db


# --- Writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", POSTED)
def test_a_trainer_writes_a_question_of_each_type(type_name: str, trainer: Client, tess: User) -> None:
    assert trainer.get(new_address(type_name)).status_code == 200
    answer = write(trainer, type_name)
    version = latest_version("mh-101-q99")
    assert version is not None
    assert answer["Location"] == question_of(version)
    assert (version.type, version.state, version.created_by, version.number) == (type_name, "draft", tess, 1)
    assert (version.question.bank, version.question.family, version.question.use) == ("MH-101", FAMILY, "exam")
    assert (version.outcome, version.difficulty, version.references) == ("LO1", "easy", ["mha-136", "mha-135"])
    assert version.definition["stem"] == STEM
    assert "Version 1 of mh-101-q99 is saved as draft." in shown(trainer.get(answer["Location"]))


def test_options_left_blank_do_not_count_and_fractions_stay_exact(trainer: Client) -> None:
    write(trainer, "single_choice")
    version = latest_version("mh-101-q99")
    assert version is not None
    options = version.definition["options"]
    assert [(option["id"], option["fraction"]) for option in options] == [("a", "0"), ("b", "1"), ("c", "1/3")]


@pytest.mark.parametrize("type_name", building.DEFINITIONS)
def test_saving_an_edit_page_as_it_is_changes_nothing(type_name: str, trainer: Client) -> None:
    version = in_family(type=type_name)
    before = version.digest
    address = f"{question_of(version)}edit/"
    answer = trainer.post(address, fields_of(trainer.get(address).content.decode()))
    assert answer.status_code == 302, shown(answer)
    latest = latest_version("q1")
    assert latest is not None
    assert (latest.number, latest.digest) == (1, before)


def test_an_edit_makes_a_new_version_and_options_keep_their_ids(trainer: Client) -> None:
    version = in_family(type="single_choice")
    address = f"{question_of(version)}edit/"
    data = fields_of(trainer.get(address).content.decode())
    trainer.post(address, {**data, "options-0-DELETE": "on", "options-1-text": "At once"})
    latest = latest_version("q1")
    assert latest is not None
    assert (latest.number, latest.state) == (2, VersionState.DRAFT)
    assert [(option["id"], option["text"]) for option in latest.definition["options"]][:1] == [("b", "At once")]


def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(trainer: Client) -> None:
    answer = write(trainer, "single_choice", do="add:options")
    content = shown(answer)
    assert 'name="options-4-text"' in content
    assert "On the way" in content
    assert "Nothing was saved" not in content
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("type_name", "below", "sentence"),
    [
        ("single_choice", {"options-0-feedback": ""}, "Write feedback for this option, right or wrong."),
        ("multiple_response", {"options-0-fraction": "0.3"}, "The fractions of the right options add up to 1."),
        ("true_false", {"feedback_wrong": ""}, "Write feedback for a wrong answer."),
        ("number", {"near-0-value": "24.2"}, "This value is right, so it cannot be near."),
        ("short_text", {"otherwise": ""}, "Write feedback for every other answer."),
        ("true_false", {"stem": "x" * 5000}, "Shorten the statement to 4,000 characters"),
    ],
)
def test_a_draft_that_breaks_a_house_rule_is_kept_and_says_so_and_stays_a_draft(
    type_name: str, below: dict[str, str], sentence: str, trainer: Client
) -> None:
    page = trainer.get(write(trainer, type_name, **below).headers["Location"])
    assert "Before this can go to review" in shown(page)
    assert sentence in shown(page)
    version = QuestionVersion.objects.get()
    refused = trainer.post(f"/admin/assessments/questions/{version.question_id}/", {"do": "submit", "version": "1"})
    assert sentence in shown(refused)
    version.refresh_from_db()
    assert version.state == "draft"


@pytest.mark.parametrize(
    ("type_name", "wrong", "sentence"),
    [
        ("single_choice", {"options-2-fraction": "0"}, "Exactly one option is right"),
        ("single_choice", {"options-3-fraction": "lots"}, "Write the fraction as a number such as 1, 0.5 or 1/3."),
        ("multiple_response", {"choose": "three"}, "Say how many to choose, as a whole number."),
        ("true_false", {"answer": ""}, "The answer is true or false."),
        ("number", {"answer": "a day"}, "Write the answer as a number."),
        ("short_text", {"accept-0-fraction": "2"}, "A fraction lies between -1 and 1."),
        ("true_false", {"stem": " "}, "Write the statement."),
        ("true_false", {"outcome": ""}, "Name the outcome it tests"),
        ("true_false", {"difficulty": "awful"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    type_name: str, wrong: dict[str, str], sentence: str, trainer: Client
) -> None:
    answer = write(trainer, type_name, **wrong)
    content = shown(answer)
    assert answer.status_code == 200
    assert sentence in content
    assert "A nurse is the likeliest." in content
    assert "Nothing was saved yet" in content
    for value in wrong.values():
        assert value.strip() in content
    assert not Question.objects.exists()


@pytest.mark.parametrize("type_name", POSTED)
def test_hostile_words_are_kept_as_words_and_shown_as_words(type_name: str, trainer: Client) -> None:
    answer = write(trainer, type_name, stem=HOSTILE + " What now?", note=HOSTILE)
    version = latest_version("mh-101-q99")
    assert version is not None, shown(answer)
    assert version.definition["stem"] == HOSTILE + " What now?"
    for address in (LIST, answer["Location"], f"{answer['Location']}edit/", f"{answer['Location']}versions/1/"):
        content = trainer.get(address).content.decode()
        assert "<script src=//x" not in content
        assert "DROP TABLE" in content


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("<script>alert(1)</script>", "Raw HTML is refused: write plain text."),
        ("pass \u202eton\u202c", "(U+202E) stands here, after ‘pass’: take it out."),
        ("bell\x07", "(U+0007) stands here"),
        ("nul\x00", "(U+0000) stands here"),
    ],
)
@pytest.mark.parametrize("name", ["stem", "feedback_right", "topic", "must_pass", "references", "module", "note"])
def test_words_that_cannot_be_kept_are_refused_beside_the_field_and_not_lost(
    name: str, words: str, sentence: str, trainer: Client
) -> None:
    answer = write(trainer, "true_false", **{name: words})
    content = shown(answer)
    assert content.count(sentence) == 1
    assert words in content
    assert "<script>alert" not in answer.content.decode()
    assert not Question.objects.exists()


def test_a_search_for_what_cannot_be_kept_finds_nothing_and_says_so(trainer: Client) -> None:
    in_family()
    content = shown(trainer.get(LIST, {"q": "<zebra>\u202e"}))
    assert "No question matches." in content
    assert ">q1</a>" in shown(trainer.get(LIST, {"q": "q\u202e1"}))


def test_a_tampered_list_is_refused_and_not_an_error(trainer: Client) -> None:
    for total in ("", "-1", "999999", "x"):
        answer = write(trainer, "single_choice", **{"options-TOTAL_FORMS": total})
        assert answer.status_code == 200
    assert not Question.objects.exists()


def test_the_second_of_two_editors_is_told_and_loses_nothing(trainer: Client, signed_in: SignIn) -> None:
    version = in_family()
    address = f"{question_of(version)}edit/"
    data = fields_of(trainer.get(address).content.decode())
    other = signed_in(person("Bo Trainer", "trainer", family=FAMILY))
    other.post(address, {**data, "stem": "Bo's words."})
    answer = trainer.post(address, {**data, "stem": "Tess's words."})
    content = shown(answer)
    assert "You began from version 1, and version 2 has been saved since." in content
    assert "Tess's words." in content
    assert version.question.versions.count() == 2
    # Told once, a second press puts it on top.
    trainer.post(address, {**fields_of(answer.content.decode()), "do": "save"})
    latest = latest_version("q1")
    assert latest is not None
    assert (latest.number, latest.definition["stem"]) == (3, "Tess's words.")


def test_families_are_called_by_their_titles(signed_in: SignIn) -> None:
    in_family("q1")
    building.question("e1", bank="ETH-101", family="ethics")
    both = person("", "trainer", family=FAMILY)
    grant_role(both, "trainer", by=None, valid_from=LONG_AGO, family="ethics")
    client = signed_in(both)
    for address in (f"{LIST}questions/new/", f"{LIST}tests/new/"):
        page = client.get(address).content.decode()
        assert f'<option value="{FAMILY}">Mental health</option>' in page
        assert ">ETH-101 (Ethics)</option>" in page
    asked = QuestionVersion.objects.get(question__code="q1").question_id
    assert "family Mental health" in shown(client.get(f"{LIST}questions/{asked}/"))


def test_a_code_that_is_in_use_is_refused(trainer: Client) -> None:
    in_family("taken")
    place = {"type": "true_false", "use": "exam", "new_bank": "MH-101", "new_family": FAMILY, "code": "taken"}
    assert "codes are never reused" in shown(trainer.get(f"{LIST}questions/new/?{urlencode(place)}"))
    answer = write(trainer, "true_false", code="taken")
    assert "The code taken is in use" in shown(answer)
    assert "Nobody can authorise it." in shown(answer)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"new_bank": ""}, "Choose a bank, or begin one under ‘Begin a bank instead’."),
        ({"new_bank": "a b"}, "Letters, digits, hyphens and underscores only"),
        ({"new_family": ""}, "Choose the family of the new bank."),
        ({"new_family": "ethics"}, "Select a valid choice"),
        ({"code": "No Code"}, "small letters, digits and single hyphens"),
        ({"new_bank": "ETH-101"}, "belongs to another family"),
    ],
)
def test_a_question_needs_a_place_of_ones_own(place: dict[str, str], sentence: str, trainer: Client) -> None:
    building.question("e1", bank="ETH-101", family="ethics")
    address = new_address("true_false", **place)
    answer = trainer.get(address, follow=True)
    assert sentence in shown(answer)
    trainer.post(address, {**ABOUT, "stem": STEM, **POSTED["true_false"]})
    assert Question.objects.count() == 1


def test_the_first_screen_leads_to_the_form_of_the_type(trainer: Client) -> None:
    in_family()
    assert "MH-101" in shown(trainer.get(f"{LIST}questions/new/"))
    place = {"type": "number", "use": "lesson", "chosen": f"MH-101\x1f{FAMILY}", "new_bank": "", "code": "q2"}
    answer = trainer.get(f"{LIST}questions/new/?{urlencode(place)}", follow=True)
    assert "Tolerance" in shown(answer)
    assert trainer.get(f"{LIST}questions/new/essay/?{urlencode(place)}").status_code == 404


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_narrowed_and_shows_fifty(trainer: Client) -> None:
    in_family("q1")
    in_family("q2", type="number", outcome="LO2")
    building.question("q3", family=FAMILY, bank="MH-102")
    for query, found in (
        ("q=station", {"q1", "q3"}),
        ("q=Q2", {"q2"}),
        ("type=number", {"q2"}),
        ("outcome=LO2", {"q2"}),
        ("state=approved", {"q3"}),
        ("bank=MH-102", {"q3"}),
        ("use=lesson", set()),
        ("q=%00%27", set()),
        ("type=nonsense", {"q1", "q2", "q3"}),
    ):
        content = shown(trainer.get(f"{LIST}?{query}"))
        assert set(re.findall(r">(q\d)</a>", content)) == found, query
    for number in range(60):
        in_family(f"lots-{number:02}")
    content = shown(trainer.get(f"{LIST}?q=lots-"))
    assert "60 questions" in content
    assert content.count('class="title"') == 50
    assert "q=lots-&p=2" in content


def test_the_menu_and_the_sites_navigation_lead_to_the_list(trainer: Client, signed_in: SignIn) -> None:
    assert "/admin/assessments/" in trainer.get("/admin/").content.decode()
    assert "/admin/assessments/" in trainer.get("/catalogue/").content.decode()
    assert "/admin/assessments/" not in signed_in(person("Ola Officer")).get("/catalogue/").content.decode()
