"""The tree of topics: found and made by path, renamed, moved, merged, and always itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.models import Question, QuestionLine, Topic, TopicChange
from assessments.topic_paths import key_of, titles_in
from assessments.topics import (
    TopicRefused,
    bank_topic,
    find_or_create_topic,
    merge_topics,
    move_topic,
    rename_topic,
    subtree_of,
    topic_at,
    topic_in_bank,
    tree_of,
    words_for,
)
from people.models import User
from tests.assessments.building import NOON, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def tess(person: Any) -> User:
    return person("Tess", "trainer", family="initial")


def made(path: str, **more: Any) -> Topic:
    return find_or_create_topic(path, **{"by": None, "at": NOON, **more})


def test_a_path_is_made_once_with_all_that_is_above_it(tess: User) -> None:
    topic = made("Law/Custody/Rights", family="initial", by=tess)
    assert (topic.bank, topic.family, topic.path) == ("Law", "initial", "custody/rights")
    assert words_for(topic) == "Custody/Rights"
    assert made("law / CUSTODY /  rights ") == topic
    assert [(place.depth, place.words) for place in tree_of("Law")] == [(0, ""), (1, "Custody"), (2, "Custody/Rights")]
    assert [(change.kind, change.by) for change in topic.changes.all()] == [("made", tess)]


def test_a_bank_named_by_words_gets_a_name_and_is_found_by_both() -> None:
    topic = made("Criminal law/Theft")
    assert topic.bank == "criminal-law"
    assert made("criminal-law/theft") == topic
    assert bank_topic("CRIMINAL LAW") == topic.parent


def test_another_familys_bank_is_refused() -> None:
    made("Law", family="initial")
    assert made("Law/Custody").family == "initial"
    with pytest.raises(TopicRefused, match="belongs to another family"):
        made("Law/Custody", family="ethics")


def test_a_bank_that_holds_questions_keeps_its_family() -> None:
    question("q1", family="mental-health")
    Topic.objects.exclude(parent=None).delete()
    Question.objects.update(topic=None)
    QuestionLine.objects.all().delete()
    TopicChange.objects.all().delete()
    Topic.objects.all().delete()
    assert made("MH-101/Clock").family == "mental-health"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", "Name a topic"),
        (" / / ", "Name a topic"),
        ("Law/" + "x" * 121, "Shorten this"),
        ("Law/" + "/".join(["x" * 119] * 5), "longer than 500"),
        ("/".join("abcdefghijklm"), "12 topics at most"),
        ("Law/<b>x</b>", "Raw HTML"),
        ("Law/a\x00b", "cannot be shown"),
        ("法律/拘留", "no letter or digit"),
    ],
)
def test_a_path_that_cannot_be_kept_is_refused_in_a_sentence(path: str, says: str) -> None:
    with pytest.raises(TopicRefused, match=says):
        made(path)
    assert not Topic.objects.exists()


def test_a_question_is_placed_where_its_words_say() -> None:
    version = question("q1", topic="Custody/Rights")
    topic = version.question.topic
    assert topic is not None
    assert (topic.bank, topic.path) == ("MH-101", "custody/rights")
    assert version.topic == "Custody/Rights"
    plain = question("q2").question.topic
    assert plain is not None
    assert plain.is_bank


def test_a_question_stays_where_it_was_moved_until_its_words_change(tess: User) -> None:
    version = question("q1", topic="Rights")
    topic = topic_at("MH-101", "Rights")
    assert topic is not None
    move_topic(topic, below=topic_in_bank("MH-101", "Custody", family="", by=None, at=NOON), by=tess, at=NOON)
    assert question("q1", topic="Rights", approved=False) == version
    now = question("q1", topic="Custody/Rights", approved=False)
    assert now == version, "what the tree says now is no new version"
    moved = question("q1", topic="Arrest", approved=False)
    assert moved.number == 2
    assert Question.objects.get(code="q1").topic == topic_at("MH-101", "Arrest")


def test_a_renamed_topic_keeps_its_identity_and_both_names_lead_to_it(tess: User) -> None:
    question("q1", topic="Rights/Solicitor")
    topic = topic_at("MH-101", "rights")
    assert topic is not None
    assert rename_topic(topic, " Entitlements ", by=tess, at=NOON) == topic
    assert topic_at("MH-101", "Rights") == topic_at("MH-101", "ENTITLEMENTS") == topic
    below = topic_at("MH-101", "Rights/Solicitor")
    assert below is not None
    assert words_for(below) == "Entitlements/Solicitor"
    change = topic.changes.last()
    assert change is not None
    assert (change.kind, change.before, change.after, change.by) == ("renamed", "Rights", "Entitlements", tess)
    assert rename_topic(topic, "Entitlements", by=tess, at=NOON).changes.count() == 2, "the same name changes nothing"
    rename_topic(topic, "Rights", by=tess, at=NOON)
    assert topic_at("MH-101", "Entitlements") == topic


def test_a_topic_is_moved_with_what_is_below_it(tess: User) -> None:
    question("q1", topic="Rights/Solicitor")
    question("q2", topic="Custody")
    rights, custody = topic_at("MH-101", "Rights"), topic_at("MH-101", "Custody")
    assert rights
    assert custody
    move_topic(rights, below=custody, by=tess, at=NOON)
    solicitor = topic_at("MH-101", "Custody/Rights/Solicitor")
    assert solicitor == topic_at("MH-101", "Rights/Solicitor")
    assert solicitor
    assert set(subtree_of(custody)) == {custody.pk, rights.pk, solicitor.pk}


def test_a_topic_is_not_moved_below_itself_to_another_bank_or_from_the_top(tess: User) -> None:
    rights = made("Law/Custody/Rights")
    custody, law = rights.parent, bank_topic("Law")
    assert custody
    assert law
    for topic, below, says in (
        (custody, rights, "cannot stand above it too"),
        (custody, custody, "cannot stand above it too"),
        (rights, made("Other"), "stays in it"),
        (law, custody, "the top of its tree"),
    ):
        with pytest.raises(TopicRefused, match=says):
            move_topic(topic, below=below, by=tess, at=NOON)
    with pytest.raises(TopicRefused, match="a bank keeps its name"):
        rename_topic(law, "Order", by=tess, at=NOON)


def test_a_place_that_leads_elsewhere_is_not_taken(tess: User) -> None:
    arrest, theft = made("Law/Arrest"), made("Law/Theft")
    with pytest.raises(TopicRefused, match="leads to the topic 'Theft'"):
        rename_topic(arrest, "theft", by=tess, at=NOON)
    rename_topic(theft, "Robbery", by=tess, at=NOON)
    with pytest.raises(TopicRefused, match="leads to the topic 'Robbery'"):
        rename_topic(arrest, "Theft", by=tess, at=NOON)
    for title in ("", "a/b", "x" * 121):
        with pytest.raises(TopicRefused):
            rename_topic(arrest, title, by=tess, at=NOON)


def test_what_is_below_is_not_moved_to_where_another_topic_once_stood(tess: User) -> None:
    above, old, elsewhere = made("Law/N"), made("Law/N/W"), made("Law/Q")
    move_topic(old, below=elsewhere, by=tess, at=NOON)
    rename_topic(above, "P", by=tess, at=NOON)
    made("Law/P/W")
    with pytest.raises(TopicRefused, match="Rename it first"):
        rename_topic(above, "N", by=tess, at=NOON)
    assert [place.words for place in tree_of("Law")] == ["", "P", "P/W", "Q", "Q/W"]


def test_two_topics_are_made_one(tess: User) -> None:
    first = question("q1", topic="Stop and search/Grounds")
    second = question("q2", topic="Searching/Record")
    old, kept = topic_at("MH-101", "Stop and search"), topic_at("MH-101", "Searching")
    assert old
    assert kept
    merge_topics(old, into=kept, by=tess, at=NOON)
    assert topic_at("MH-101", "Stop and search") == kept
    grounds = topic_at("MH-101", "Stop and search/Grounds")
    assert grounds == topic_at("MH-101", "Searching/Grounds") == Question.objects.get(code="q1").topic
    assert made("MH-101/stop and search/Grounds") == grounds
    assert question("q1", topic="Stop and search/Grounds", approved=False) == first
    assert second.question.topic is not None
    with pytest.raises(TopicRefused, match="merged into another topic meanwhile"):
        rename_topic(old, "X", by=tess, at=NOON)


def test_questions_of_a_merged_topic_go_along(tess: User) -> None:
    version = question("q1", topic="Clock")
    clock = version.question.topic
    assert clock
    kept = made("MH-101/Time")
    merge_topics(clock, into=kept, by=tess, at=NOON)
    assert Question.objects.get(code="q1").topic == kept
    assert QuestionLine.objects.get(code="q1").topic == kept
    last = topic_in_bank("MH-101", "Later", family="", by=None, at=NOON)
    merge_topics(kept, into=last, by=tess, at=NOON)
    assert topic_at("MH-101", "clock") == last


def test_topics_with_parts_alike_below_them_a_bank_and_ones_own_subtree_are_not_merged(tess: User) -> None:
    made("Law/A/X")
    made("Law/B/x")
    above, other, law = topic_at("Law", "A"), topic_at("Law", "B"), bank_topic("Law")
    inside = topic_at("Law", "A/X")
    assert above
    assert other
    assert law
    assert inside
    for topic, into, says in (
        (above, other, "Both have a topic 'X'"),
        (above, above, "itself or below it"),
        (above, inside, "itself or below it"),
        (law, above, "is a bank and stays"),
        (above, made("Other/A"), "stays in it"),
    ):
        with pytest.raises(TopicRefused, match=says):
            merge_topics(topic, into=into, by=tess, at=NOON)


def test_the_tree_follows_its_bank_into_another_family() -> None:
    question("q1", topic="Clock", family="mental-health")
    question("q1", topic="Clock", family="initial", approved=False)
    assert set(Topic.objects.values_list("family", flat=True)) == {"initial"}


def test_the_database_holds_one_topic_at_a_path_and_never_changes_what_was_done() -> None:
    topic = made("Law/Custody")
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(bank="Law", parent=topic.parent, title="Custody", path="custody", created_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(bank="Law", title="Nowhere", path="nowhere", created_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(merged_into=topic.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        topic.changes.update(after="elsewhere")


def test_paths_are_read_as_people_type_them() -> None:
    assert titles_in(" Law //  Custody  time/ ") == ["Law", "Custody time"]
    assert key_of(["Law", "STRASSE"]) == key_of(["law", "Straße"])
