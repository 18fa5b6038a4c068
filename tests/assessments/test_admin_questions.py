"""What trainers, reviewers and approvers do with questions in the admin, and what is refused them."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from assessments.bank import approve_version, latest_version, save_question_version, submit_for_review
from assessments.models import Question, QuestionVersion, VersionState
from people.models import User
from people.roles import grant_role
from tests.assessments import building
from tests.courses import authoring
from tests.factories import LONG_AGO, person

FAMILY = "mental-health"
LIST = "/admin/assessments/"
SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db

# What is not a tag as it stands, and would become one if a page let it; words of two directions; what other programs obey.
HOSTILE = (
    "<script src=//x'\"; DROP TABLE x;-- \u0634\u0631\u0637\u0629\u200f \u200b 🚓 "
    + "e"
    + "\u0301" * 1000
    + "{{ 7|add:7 }}"
)


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")


@pytest.fixture
def tess() -> User:
    return person("Tess Trainer", "trainer", family=FAMILY)


@pytest.fixture
def trainer(tess: User, signed_in: SignIn) -> Client:
    return signed_in(tess)


@pytest.fixture
def approver(signed_in: SignIn) -> Client:
    return signed_in(person("Ada Approver", "approver", family=FAMILY))


def rows(prefix: str, *entries: dict[str, str]) -> dict[str, str]:
    """Return the posted fields of a list."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, entry in enumerate(entries):
        data |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return data


ABOUT = {
    "seen": "0",
    "do": "save",
    "outcome": "LO1",
    "topic": "Consultation",
    "difficulty": "easy",
    "must_pass": "",
    "references": "mha-136\n\n mha-135 \n",
    "module": "",
    "note": "A nurse is the likeliest.",
}
POSTED: dict[str, dict[str, str]] = {
    "single_choice": rows(
        "options",
        {"text": "On the way", "fraction": "", "feedback": "Too late."},
        {"text": "", "fraction": "", "feedback": ""},
        {"text": "Now", "fraction": "1", "feedback": "Right."},
        {"text": "After", "fraction": "1/3", "feedback": "No approval is needed."},
    ),
    "multiple_response": {
        "choose": "2",
        "partial": "on",
        **rows(
            "options",
            {"text": "A nurse", "fraction": "0.5", "feedback": "Yes."},
            {"text": "An AMHP", "fraction": "1/2", "feedback": "Yes, too."},
            {"text": "Your sergeant", "fraction": "−0.5", "feedback": "Not listed."},
        ),
    },
    "true_false": {"answer": "false", "feedback_right": "No rank can.", "feedback_wrong": "Nobody can authorise it."},
    "number": {
        "answer": "24",
        "tolerance": "0.5",
        "unit": "hours",
        "feedback_right": "To 14:20 next day.",
        "feedback_wrong": "24 hours.",
        **rows("near", {"value": "72", "fraction": "", "feedback": "The limit before 2017."}),
    },
    "short_text": {
        "otherwise": "The approved mental health professional.",
        **rows(
            "accept",
            {"text": "AMHP", "fraction": "1", "feedback": "Yes."},
            {"text": "", "fraction": "", "feedback": ""},
        ),
    },
}
STEM = "She sits calmly on a bench. What do you do?"


def new_address(type_name: str, *, code: str = "mh-101-q99", **more: str) -> str:
    place = {"new_bank": "MH-101", "new_family": FAMILY, "code": code, "use": "exam", **more}
    return f"{LIST}questions/new/{type_name}/?{urlencode(place)}"


def write(client: Client, type_name: str, *, code: str = "mh-101-q99", **more: str) -> Any:
    """Post a new question."""
    return client.post(new_address(type_name, code=code), {**ABOUT, "stem": STEM, **POSTED[type_name], **more})


def shown(answer: Any) -> str:
    return unescape(answer.content.decode())


def question_of(version: QuestionVersion) -> str:
    return f"{LIST}questions/{version.question_id}/"


def in_family(code: str = "q1", *, type: str = "true_false", by: User | None = None, **more: Any) -> QuestionVersion:
    return building.question(code, type=type, by=by, family=FAMILY, approved=False, **more)


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
    answer = write(trainer, "single_choice", do="add")
    content = shown(answer)
    assert 'name="options-4-text"' in content
    assert "On the way" in content
    assert "Nothing was saved" not in content
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("type_name", "wrong", "sentence"),
    [
        ("single_choice", {"options-2-fraction": "0"}, "Exactly one option is right"),
        ("single_choice", {"options-0-feedback": ""}, "Write feedback for this option, right or wrong."),
        ("single_choice", {"options-3-fraction": "lots"}, "Write the fraction as a number such as 1, 0.5 or 1/3."),
        ("multiple_response", {"choose": "three"}, "Say how many to choose, as a whole number."),
        ("multiple_response", {"options-0-fraction": "0.3"}, "The fractions of the right options add up to 1."),
        ("true_false", {"answer": ""}, "The answer is true or false."),
        ("true_false", {"feedback_wrong": ""}, "Write feedback for a wrong answer."),
        ("number", {"answer": "a day"}, "Write the answer as a number."),
        ("number", {"near-0-value": "24.2"}, "This value is right, so it cannot be near."),
        ("short_text", {"accept-0-fraction": "2"}, "An accepted answer earns from 0 to 1."),
        ("short_text", {"otherwise": ""}, "Write feedback for every other answer."),
        ("true_false", {"stem": " "}, "Write the statement."),
        ("true_false", {"stem": "x" * 5000}, "Shorten the statement to 4,000 characters"),
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
    content = shown(trainer.get(LIST, {"q": "<b>\u202e"}))
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
        ({"new_bank": ""}, "Choose a bank, or begin one below."),
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
        in_family(f"many-{number:02}")
    content = shown(trainer.get(f"{LIST}?q=many-"))
    assert "60 questions" in content
    assert content.count('class="title"') == 50
    assert "q=many-&p=2" in content


def test_the_menu_and_the_sites_navigation_lead_to_the_list(trainer: Client, signed_in: SignIn) -> None:
    assert "/admin/assessments/" in trainer.get("/admin/").content.decode()
    assert "/admin/assessments/" in trainer.get("/catalogue/").content.decode()
    assert "/admin/assessments/" not in signed_in(person("Ola Officer")).get("/catalogue/").content.decode()


# --- Review, approval, retirement -------------------------------------------------------------------------------------


def test_a_question_goes_from_draft_to_approved_and_is_retired(trainer: Client, approver: Client, tess: User) -> None:
    version = in_family(by=tess)
    address = question_of(version)
    trainer.post(address, {"version": "1", "do": "submit"})
    assert "Approve" in shown(approver.get(address))
    approver.post(address, {"version": "1", "do": "approve", "reason": "Checked against s.136."})
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    trainer.post(address, {"version": "1", "do": "retire", "reason": "The law changed."})
    version.refresh_from_db()
    assert version.state == VersionState.RETIRED
    content = shown(trainer.get(address))
    for words in ("Tess Trainer", "Ada Approver", "Checked against s.136.", "The law changed.", "In review"):
        assert words in content


def test_a_reviewer_sends_a_question_back_with_a_reason(signed_in: SignIn, trainer: Client) -> None:
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    reviewer = signed_in(person("Rae Reviewer", "subject-reviewer", family=FAMILY))
    address = question_of(version)
    answer = reviewer.post(address, {"version": "1", "do": "return", "reason": " "})
    assert "Say what the author should change." in shown(answer)
    reviewer.post(address, {"version": "1", "do": "return", "reason": "Option b is right as well."})
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT
    assert "Option b is right as well." in shown(trainer.get(address))


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_approves_their_own_question(superuser: bool, signed_in: SignIn) -> None:
    both = person("Both", "trainer", "approver", family=FAMILY)
    User.objects.filter(pk=both.pk).update(is_superuser=superuser)
    version = submit_for_review(in_family(by=both), by=both, at=building.NOON)
    answer = signed_in(both).post(question_of(version), {"version": "1", "do": "approve", "reason": "Mine."})
    assert "You wrote this question, so somebody else approves it." in shown(answer)
    assert "Mine." in shown(answer)
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_superuser_without_the_role_approves_nothing(signed_in: SignIn) -> None:
    boss = person("Sys Admin", "system-admin")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    client = signed_in(boss)
    assert client.get(question_of(version)).status_code == 200
    assert client.post(question_of(version), {"version": "1", "do": "approve"}).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_step_somebody_took_meanwhile_is_refused_in_a_sentence(trainer: Client, approver: Client) -> None:
    version = in_family()
    address = question_of(version)
    assert "only one that is in review" in shown(approver.post(address, {"version": "1", "do": "approve"}))
    trainer.post(address, {"version": "1", "do": "submit"})
    assert "only one that is draft" in shown(trainer.post(address, {"version": "1", "do": "submit"}))
    assert "Choose what to do" in shown(trainer.post(address, {"version": "1", "do": "explode"}))
    assert trainer.post(address, {"version": "7", "do": "submit"}).status_code == 404


@pytest.mark.parametrize("reason", ["", " ", "...", "–", "\u200b", "\u3164", "🚓"])
@pytest.mark.parametrize("what", ["retire", "return"])
def test_a_step_that_needs_a_reason_is_refused_without_one_beside_the_field(
    what: str, reason: str, trainer: Client, approver: Client
) -> None:
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    client = trainer if what == "retire" else approver
    content = shown(client.post(question_of(version), {"version": "1", "do": what, "reason": reason}))
    sentence = {"retire": "Say why the question is retired.", "return": "Say what the author should change."}[what]
    field = content[content.index('name="do"') - 4000 : content.index('name="do"')]
    # A character that cannot be kept is named instead.
    assert sentence in field or "cannot be shown" in field
    assert 'aria-invalid="true"' in field
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_version_older_than_the_one_in_use_offers_no_way_into_use(trainer: Client, approver: Client) -> None:
    first = submit_for_review(in_family(), by=None, at=building.NOON)
    second = submit_for_review(in_family(topic="Custody"), by=None, at=building.NOON)
    address = question_of(first)
    approver.post(address, {"version": "2", "do": "approve"})
    page = shown(approver.get(f"{address}?version=1"))
    assert "Version 2 of q1 has been approved, so version 1 is out of date and stays out of use." in page
    assert 'value="approve"' not in page
    assert 'value="retire"' in page
    refused = shown(approver.post(address, {"version": "1", "do": "approve"}))
    assert "Version 2 of q1 has been approved" in refused
    approver.post(address, {"version": "1", "do": "return", "reason": "Version 2 is in use."})
    assert 'value="submit"' not in shown(trainer.get(f"{address}?version=1"))
    assert "Version 2 of q1 has been approved" in shown(trainer.post(address, {"version": "1", "do": "submit"}))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (VersionState.DRAFT, VersionState.APPROVED)


@pytest.mark.parametrize("role", ["subject-reviewer", "approver"])
def test_only_trainers_write(role: str, signed_in: SignIn) -> None:
    version = in_family()
    client = signed_in(person("", role, family=FAMILY))
    assert "New question" not in shown(client.get(LIST))
    for address in (f"{question_of(version)}edit/", f"{LIST}questions/new/"):
        assert client.get(address).status_code == 302
    client.post(f"{question_of(version)}edit/", {**ABOUT, "stem": "Mine now.", **POSTED["true_false"]})
    assert client.post(question_of(version), {"version": "1", "do": "submit"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.question.versions.count()) == (VersionState.DRAFT, 1)


@pytest.mark.parametrize("role", ["trainer", "subject-reviewer", "approver"])
def test_another_familys_question_is_not_there(role: str, signed_in: SignIn) -> None:
    version = in_family()
    client = signed_in(person("", role, family="ethics"))
    assert ">q1</a>" not in shown(client.get(LIST))
    for address in ("", "edit/", "versions/1/"):
        assert client.get(question_of(version) + address).status_code == 404
        assert client.post(question_of(version) + address, {"do": "retire", "reason": "x"}).status_code == 404


def test_strangers_and_learners_do_not_get_in(signed_in: SignIn) -> None:
    version = in_family()
    assert Client().get(LIST).status_code == 302
    learner = signed_in(person("Ola Officer"))
    for address in (LIST, question_of(version), f"{question_of(version)}versions/1/", f"{LIST}tests/"):
        assert learner.get(address).status_code == 403
        assert Client().get(address).status_code == 302


# --- Trying it out ----------------------------------------------------------------------------------------------------

RIGHT: dict[str, Any] = {
    "single_choice": "b",
    "multiple_response": ["a", "b"],
    "true_false": "false",
    "number": "24",
    "short_text": "Approved Mental Health Professional",
}


@pytest.mark.parametrize("type_name", RIGHT)
def test_a_preview_is_the_candidates_page_and_marks_a_try(type_name: str, trainer: Client) -> None:
    version = in_family(type=type_name)
    address = f"{question_of(version)}versions/1/"
    content = shown(trainer.get(address))
    assert "page--exam" in content
    assert "data-question" in content
    assert "per cent of the marks" not in content
    assert "100 per cent of the marks." in shown(trainer.post(address, {"answer": RIGHT[type_name]}))
    assert "0 per cent of the marks." in shown(trainer.post(address, {}))
    assert version.steps.count() == 1


def test_a_try_that_is_no_answer_is_shown_again(trainer: Client) -> None:
    version = in_family(type="number")
    content = shown(trainer.post(f"{question_of(version)}versions/1/", {"answer": "about <b>ten</b>"}))
    assert "Write a number in figures" in content
    assert "about <b>ten</b>" in content
    choice = in_family("q2", type="single_choice")
    assert "not one of the options" in shown(trainer.post(f"{question_of(choice)}versions/1/", {"answer": "zz"}))


def test_an_approved_version_replaced_by_a_new_one_retires(trainer: Client, approver: Client) -> None:
    version = approve_version(submit_for_review(in_family(), by=None, at=building.NOON), by=None, at=building.NOON)
    address = f"{question_of(version)}edit/"
    trainer.post(address, {**fields_of(trainer.get(address).content.decode()), "topic": "Custody"})
    trainer.post(question_of(version), {"version": "2", "do": "submit"})
    approver.post(question_of(version), {"version": "2", "do": "approve"})
    states = list(version.question.versions.order_by("number").values_list("state", flat=True))
    assert states == [VersionState.RETIRED, VersionState.APPROVED]


def test_saving_without_naming_what_was_seen_asks_nothing() -> None:
    words = {"bank": "B", "type": "true_false", "definition": building.TRUE_FALSE, "by": None, "at": building.NOON}
    assert save_question_version("q", **words).number == 1
    assert save_question_version("q", **words, topic="Other").number == 2


def fields_of(page: str) -> dict[str, str]:
    """Return what the page's form would post as it stands, the Save button pressed."""
    form = page[page.index('name="seen"') - 200 :]
    data: dict[str, str] = {"do": "save"}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = found.get("name"), found.get("type", "text")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            data[name] = unescape(found.get("value", "on" if kind == "checkbox" else ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        data[name] = unescape(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', inner)
        data[name] = unescape(chosen[1]) if chosen else ""
    return data
