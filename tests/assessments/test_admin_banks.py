"""What trainers do with topics, references and draws in the admin, and what is refused them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.lines import rebuild_lines
from assessments.models import AssessmentVersion, LegalReference, Question
from assessments.topics import find_or_create_topic, topic_at
from people.models import User
from tests.assessments import building
from tests.assessments.admin_questions import (  # noqa: F401  # noqa: F401
    ABOUT,
    FAMILY,
    LIST,
    SignIn,
    _families,
    approver_fixture,
    fields_of,
    in_family,
    question_of,
    shown,
    tess_fixture,
    trainer_fixture,
    write,
)
from tests.factories import person

pytestmark = pytest.mark.django_db
BANKS = f"{LIST}banks/"
TOPICS = f"{BANKS}MH-101/topics/"
REFERENCES = f"{BANKS}MH-101/references/"
PACE = {
    "code": "pace-s1",
    "act": "Police and Criminal Evidence Act 1984",
    "provision": "section 1",
    "review_by": "2020-01-01",
}


@pytest.fixture
def una(signed_in: SignIn) -> Client:
    return signed_in(person("Una Elsewhere", "trainer", family="ethics"))


def address_of(words: str) -> str:
    topic = topic_at("MH-101", words)
    assert topic
    return f"{LIST}topics/{topic.pk}/"


def test_a_trainer_sees_banks_and_builds_a_tree(trainer: Client) -> None:
    in_family("q1", topic="Clock")
    assert "1 topic" in shown(trainer.get(BANKS))
    answer = trainer.post(TOPICS, {"path": "Custody/Rights"})
    assert answer["Location"] == TOPICS
    content = shown(trainer.get(TOPICS))
    assert "The topic Custody/Rights is in the tree." in content
    assert "Custody / Rights" in content
    assert "Clock" in content


def test_a_topic_is_renamed_moved_and_merged_with_its_history(trainer: Client) -> None:
    in_family("q1", topic="Clock")
    trainer.post(TOPICS, {"path": "Custody"})
    clock, custody = topic_at("MH-101", "Clock"), topic_at("MH-101", "Custody")
    assert clock
    assert custody
    address = address_of("Clock")
    trainer.post(address, {"do": "rename", "title": "Detention clock"})
    trainer.post(address, {"do": "move", "title": "x", "below": str(custody.pk)})
    content = shown(trainer.get(address))
    assert "Custody/Detention clock" in content
    assert "Tess Trainer" in content
    assert "Renamed" in content
    answer = trainer.post(address, {"do": "merge", "into": str(custody.pk)})
    assert answer["Location"] == address_of("Custody")
    assert Question.objects.get().topic == custody
    assert "This topic was merged into" in shown(trainer.get(f"{LIST}topics/{clock.pk}/"))


def test_what_cannot_be_done_with_a_topic_is_said_and_what_was_typed_is_kept(trainer: Client) -> None:
    in_family("q1", topic="Clock")
    in_family("q2", topic="Custody")
    for address, data, says in (
        (TOPICS, {"path": " / "}, "Name a topic"),
        (TOPICS, {"path": "a" * 130}, "Shorten this"),
        (address_of("Clock"), {"do": "rename", "title": "custody"}, "merge the two"),
        (address_of("Clock"), {"do": "merge", "title": "Kept"}, "Choose the topic"),
        (address_of("Clock"), {"do": "move", "title": "Kept", "below": ""}, "Choose where"),
        (address_of("Clock"), {"do": "dance", "title": "Kept"}, "Choose what to do"),
        (address_of("Clock"), {"do": "merge", "into": "no-topic"}, "valid choice"),
    ):
        answer = trainer.post(address, data)
        assert answer.status_code == 422
        assert says in shown(answer)
        if data.get("title") == "Kept":
            assert 'value="Kept"' in shown(answer)


def test_only_trainers_of_the_family_change_its_tree_and_others_do_not_see_it(approver: Client, una: Client) -> None:
    in_family("q1", topic="Clock")
    LegalReference.objects.create(bank="MH-101", family=FAMILY, code="a", act="An Act", changed_at=building.NOON)
    reference = f"{LIST}references/{LegalReference.objects.get().pk}/"
    for address in (TOPICS, address_of("Clock")):
        assert "Clock" in shown(approver.get(address))
        assert "<h2>Add a topic</h2>" not in shown(approver.get(address))
        assert approver.post(address, {"do": "rename", "title": "X", "path": "X"})["Location"] == "/admin/"
    for address in (reference, f"{REFERENCES}new/"):
        assert approver.get(address)["Location"] == "/admin/"
    for address in (TOPICS, address_of("Clock"), REFERENCES, reference, f"{REFERENCES}new/"):
        assert una.get(address).status_code == 404
    assert "MH-101" not in shown(una.get(BANKS))


def test_a_reference_is_written_found_and_overdue(trainer: Client) -> None:
    in_family("q1", references=["pace-s1", "missing"])
    answer = trainer.post(f"{REFERENCES}new/", PACE)
    assert answer["Location"] == REFERENCES
    assert "Overdue" in shown(trainer.get(REFERENCES))
    assert ">q1</a>" in shown(trainer.get(LIST, {"reference": "criminal evidence section 1"}))
    assert ">q1</a>" in shown(trainer.get(LIST, {"overdue": "on"}))
    page = shown(trainer.get(question_of(Question.objects.get().versions.get())))
    assert "Police and Criminal Evidence Act 1984, section 1" in page
    assert "not among the" in page
    saved = LegalReference.objects.get()
    trainer.post(f"{LIST}references/{saved.pk}/", {**PACE, "code": "other", "provision": "section 2"})
    saved.refresh_from_db()
    assert (saved.code, saved.provision) == ("pace-s1", "section 2")


def test_a_reference_that_cannot_be_kept_is_shown_again(trainer: Client) -> None:
    in_family("q1")
    for more, says in (
        ({"code": "a b"}, "without spaces"),
        ({"review_by": "soon"}, "Write a day such as"),
        ({"url": "ftp://x"}, "begins with https"),
    ):
        answer = trainer.post(f"{REFERENCES}new/", {**PACE, **more})
        assert answer.status_code == 422
        assert says in shown(answer)
    assert not LegalReference.objects.exists()


def test_tags_source_and_topic_are_written_with_a_question(trainer: Client) -> None:
    write(trainer, "true_false", tags="Night duty, custody", source="A debrief", topic="Custody/Rights")
    asked = Question.objects.get()
    assert [tag.word for tag in asked.tags.all()] == ["custody", "night duty"]
    page = shown(trainer.get(question_of(asked.versions.get())))
    assert "A debrief" in page
    assert "Custody/Rights" in page
    address = f"{question_of(asked.versions.get())}edit/"
    fields = fields_of(trainer.get(address).content.decode())
    assert (fields["tags"], fields["topic"]) == ("custody, night duty", "Custody/Rights")
    trainer.post(address, {**fields, "tags": "x" * 70})
    assert asked.tags.count() == 2
    trainer.post(address, {**fields, "tags": "nights"})
    assert [tag.word for tag in asked.tags.all()] == ["nights"]
    assert asked.versions.count() == 1


def test_saving_a_question_as_it_is_after_its_topic_moved_makes_no_version(trainer: Client) -> None:
    version = in_family("q1", topic="Clock")
    trainer.post(address_of("Clock"), {"do": "rename", "title": "Time"})
    fields = fields_of(trainer.get(f"{question_of(version)}edit/").content.decode())
    assert fields["topic"] == "Time"
    trainer.post(f"{question_of(version)}edit/", fields)
    assert version.question.versions.count() == 1


def test_the_list_is_narrowed_by_a_topic_with_what_is_below_it(trainer: Client) -> None:
    in_family("q1", topic="Custody/Rights")
    in_family("q2", topic="Arrest")
    topic = topic_at("MH-101", "Custody")
    assert topic
    content = shown(trainer.get(LIST, {"bank": "MH-101", "topic": str(topic.pk)}))
    assert ">q1</a>" in content
    assert ">q2</a>" not in content


def test_the_list_asks_as_many_questions_of_the_database_however_long_it_is(trainer: Client) -> None:
    with_one = in_family("q0", topic="Clock")
    trainer.get(LIST)
    with CaptureQueriesContext(connection) as few:
        trainer.get(LIST, {"q": "q", "bank": "MH-101"})
    for number in range(1, 30):
        in_family(f"q{number}", topic=f"Clock/T{number}")
    with CaptureQueriesContext(connection) as many:
        trainer.get(LIST, {"q": "q", "bank": "MH-101"})
    assert len(many) == len(few)
    assert rebuild_lines() == 30
    assert with_one.question.line.code == "q0"


def drawing(trainer: Client, tess: User) -> AssessmentVersion:
    for number in range(5):
        building.question(f"q{number}", family=FAMILY)
    return building.rules_only(family=FAMILY, draw=[{"outcome": "LO1", "count": 2}])


def test_a_draw_is_seen_as_candidates_do_and_another_with_another_seed(trainer: Client, tess: User) -> None:
    version = drawing(trainer, tess)
    address = f"{LIST}tests/{version.assessment_id}/versions/1/draw/"
    first = trainer.get(address)
    assert "seed=" in first["Location"]
    pages = {shown(trainer.get(f"{address}?seed={seed}")).split("Draw again")[1] for seed in ("a1", "b2", "c3", "d4")}
    assert len(pages) > 1
    page = shown(trainer.get(f"{address}?seed=a1"))
    assert page.split("Draw again")[1] in pages
    assert "Question 2 of 2" in page
    assert 'type="radio" name="question-1"' in page
    assert trainer.post(address).status_code == 405
    assert trainer.get(f"{address}?seed=%00").status_code == 302


def test_a_draw_that_cannot_be_met_says_why_and_others_do_not_see_it(trainer: Client, una: Client) -> None:
    version = building.rules_only(family=FAMILY, draw=[{"outcome": "LO1", "count": 2}])
    address = f"{LIST}tests/{version.assessment_id}/versions/1/draw/?seed=a1"
    assert "LO1: 2 wanted, 0 approved." in shown(trainer.get(address))
    assert una.get(address).status_code == 404
    assert trainer.get(address.replace("/1/", "/9/")).status_code == 404


def test_a_bank_begun_by_an_import_is_seen_by_its_family(trainer: Client) -> None:
    find_or_create_topic("Law/Custody", family=FAMILY, by=None, at=building.NOON)
    assert "Law" in shown(trainer.get(BANKS))
