"""The tree of topics: finding and making topics by path, renaming, moving and merging them. Whatever is done, a topic stays itself.

A path is typed as titles joined by '/', from the top of the tree, which is the bank: 'Law/Custody' is the topic Custody of the bank Law.
What a question or a blueprint says is read below its own bank: there it is 'Custody'. Capitals and double spaces make no difference.
A path that once led to a topic leads to it for ever, so nothing written of it has to be rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from assessments.lines import refresh_lines
from assessments.models import Assessment, FormerPath, Question, QuestionVersion, Topic, TopicChange
from assessments.question_types.words import check_line
from assessments.topic_paths import SEPARATOR, key_of, titles_in
from people.models import User

LONGEST_TITLE = 120
LONGEST_PATH = 500
DEEPEST = 12
BANK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


class TopicRefused(Exception):
    """Something about a topic was refused; the message is a sentence for the person."""


@dataclass(frozen=True)
class Place:
    """A topic in its tree: ``titles`` lead from below the bank to it."""

    topic: Topic
    titles: tuple[str, ...]

    @property
    def depth(self) -> int:
        return len(self.titles)

    @property
    def words(self) -> str:
        return SEPARATOR.join(self.titles)


def find_or_create_topic(path: str, *, family: str = "", by: User | None, at: datetime) -> Topic:
    """Return the topic at a path whose first part is its bank, made with all that is missing above it.

    ``family`` empty takes the bank's own; another family's bank is refused. A new bank's name is the title where that can be one, else
    what the title leaves of letters, digits and hyphens.
    """
    titles = titles_in(path)
    _check_titles(titles)
    with transaction.atomic():
        root = bank_topic(titles[0])
        if root is None:
            root = _begin_bank(name_of_bank(titles[0]), family, by=by, at=at)
        elif family and root.family != family:
            raise TopicRefused(f"The bank {root.bank} belongs to another family of courses. Choose another name.")
        return _find_or_create_below(root, titles[1:], by=by, at=at)


def bank_topic(name: str) -> Topic | None:
    """Return the top of a bank's tree by the bank's name as somebody writes it, or None where there is no such bank."""
    wanted = " ".join(name.split())
    tops = Topic.objects.filter(parent__isnull=True)
    return tops.filter(bank__in=(wanted, name_of_bank(wanted))).first() or tops.filter(bank__iexact=wanted).first()


def name_of_bank(title: str) -> str:
    """Return the name of a bank for the first part of a path: the title where it can be one, else its letters, digits and hyphens."""
    if BANK_NAME.fullmatch(title):
        return title
    name = slugify(title)[:60].strip("-")
    if not BANK_NAME.fullmatch(name):
        raise TopicRefused(
            f"The first part of a path is a bank, and '{title}' has no letter or digit a bank's name can be made of."
        )
    return name


def topic_in_bank(bank: str, words: str, *, family: str, by: User | None, at: datetime) -> Topic:
    """Return the topic that a question of a bank names, made where it is missing. The tree follows the bank into its family."""
    with transaction.atomic():
        root = Topic.objects.filter(bank=bank, parent__isnull=True).first()
        if root is None:
            root = _begin_bank(bank, family, by=by, at=at)
        elif root.family != family:
            keep_family(bank, family)
            root.family = family
        return _find_or_create_below(root, titles_in(words), by=by, at=at)


def keep_family(bank: str, family: str) -> None:
    """Let the tree of a bank follow it into its family."""
    Topic.objects.filter(bank=bank).exclude(family=family).update(family=family)


def topic_at(bank: str, words: str) -> Topic | None:
    """Return the topic of a bank at a path below it, as it is written today or ever was; None where there is none."""
    return _standing_at(bank, key_of(titles_in(words)))


def topics_at(path: str, *, bank: str = "") -> list[Topic]:
    """Return the topics a typed path may mean: in the bank given, in the one its first part names, else in every bank that has it."""
    titles = titles_in(path)
    if not titles:
        return []
    root = bank_topic(bank or titles[0])
    if root is not None:
        below = titles if bank and titles[0].casefold() != root.bank.casefold() else titles[1:]
        found = _standing_at(root.bank, key_of(below))
        return [] if found is None else [found]
    if bank:
        return []
    return list(Topic.objects.standing().filter(path=key_of(titles)).order_by("bank"))


def tree_of(bank: str) -> list[Place]:
    """Return a bank's topics as a tree is read, each before what is below it, the bank itself first. One query."""
    rows = sorted(Topic.objects.standing().filter(bank=bank), key=lambda topic: topic.path.split(SEPARATOR))
    places: dict[UUID, Place] = {}
    for topic in rows:
        above = None if topic.parent_id is None else places[topic.parent_id]
        titles = () if above is None else (*above.titles, topic.title)
        places[topic.pk] = Place(topic, titles)
    return list(places.values())


def subtree_of(topic: Topic) -> list[UUID]:
    """Return the ids of a topic and of all that is below it."""
    below = _below(topic).values_list("pk", flat=True)
    return [topic.pk, *below]


def titles_of(topic: Topic) -> list[str]:
    """Return the titles from the bank's first topic down to this one; nothing for the bank itself."""
    titles: list[str] = []
    step: Topic | None = topic
    while step is not None and step.parent_id is not None:
        titles.insert(0, step.title)
        step = step.parent
    return titles


def words_for(topic: Topic | None) -> str:
    """Return the path of a topic below its bank as somebody types it."""
    return "" if topic is None else SEPARATOR.join(titles_of(topic))


def word_said(code: str, words: str) -> str:
    """Return what a new version of a question says of its topic: the last version's word, where both lead to where the question is.

    So a topic that was renamed or moved makes no new version of a question that somebody opens and saves as it is.
    """
    last = (
        QuestionVersion.objects.filter(question__code=code)
        .select_related("question__topic")
        .order_by("-number")
        .only("topic", "question__topic", "question__bank")
        .first()
    )
    if last is None or last.question.topic is None or last.topic == words:
        return words
    is_there = key_of(titles_in(words)) == last.question.topic.path
    return last.topic if is_there and last.question.topic.path != key_of(titles_in(last.topic)) else words


def rename_topic(topic: Topic, title: str, *, by: User, at: datetime) -> Topic:
    """Call a topic otherwise. A bank's name stays; a name that leads to another topic is refused."""
    title = " ".join(title.split())
    _check_titles([title])
    with transaction.atomic():
        topic = _locked(topic)
        if topic.is_bank:
            raise TopicRefused(f"{topic.bank} is a bank, and a bank keeps its name. Rename the topics below it.")
        if topic.title == title:
            return topic
        before = words_for(topic)
        topic.title = title
        _set_path(topic, _path_below(topic.parent, title))
        _note(topic, TopicChange.Kind.RENAMED, before, by=by, at=at)
    return topic


def move_topic(topic: Topic, *, below: Topic, by: User, at: datetime) -> Topic:
    """Move a topic, with all that is below it, to another place of its bank: a question's bank never changes."""
    with transaction.atomic():
        topic, below = _locked(topic), _locked(below)
        _refuse_apart(topic, below)
        if topic.is_bank:
            raise TopicRefused(f"{topic.bank} is a bank, the top of its tree. Move the topics below it.")
        if below.pk in subtree_of(topic):
            raise TopicRefused(
                f"'{below.title}' is below '{topic.title}', so it cannot stand above it too. Choose another place."
            )
        if topic.parent_id == below.pk:
            return topic
        before = words_for(topic)
        topic.parent = below
        _set_path(topic, _path_below(below, topic.title))
        _note(topic, TopicChange.Kind.MOVED, before, by=by, at=at)
    return topic


def merge_topics(topic: Topic, *, into: Topic, by: User, at: datetime) -> Topic:
    """Make two topics one: questions and topics of the first belong to ``into`` from now on, and its paths lead there."""
    with transaction.atomic():
        topic, into = _locked(topic), _locked(into)
        _refuse_apart(topic, into)
        if topic.is_bank:
            raise TopicRefused(f"{topic.bank} is a bank and stays. Merge the topics below it.")
        if into.pk in subtree_of(topic):
            raise TopicRefused(
                f"'{into.title}' is '{topic.title}' itself or below it. Choose a topic elsewhere in the tree."
            )
        children = list(topic.children.filter(merged_into__isnull=True))
        taken = {child.path.rsplit(SEPARATOR, 1)[-1]: child for child in into.children.filter(merged_into__isnull=True)}
        alike = [child.title for child in children if child.title.casefold() in taken and child.pk != topic.pk]
        if alike:
            raise TopicRefused(f"Both have a topic '{alike[0]}' below them. Merge or rename those first.")
        before = words_for(topic)
        old = topic.path
        topic.merged_into = into
        topic.save(update_fields=["merged_into"])
        _keep_former(topic.bank, old, into)
        FormerPath.objects.filter(topic=topic).update(topic=into)
        Topic.objects.filter(merged_into=topic).update(merged_into=into)
        for child in children:
            child.parent = into
            _set_path(child, _path_below(into, child.title))
        moved = list(Question.objects.filter(topic=topic).values_list("pk", flat=True))
        Question.objects.filter(topic=topic).update(topic=into)
        refresh_lines(moved)
        _note(topic, TopicChange.Kind.MERGED, before, after=words_for(into) or into.bank, by=by, at=at)
        return into


def _begin_bank(bank: str, family: str, *, by: User | None, at: datetime) -> Topic:
    """Make the top of a bank's tree; a bank that holds something already keeps the family that has."""
    for model in (Question, Assessment):
        known = model.objects.filter(bank=bank).values_list("family", flat=True).first()
        if known is not None:
            family = family or known
    root, created = Topic.objects.get_or_create(
        bank=bank,
        path="",
        merged_into=None,
        defaults={"title": bank, "family": family, "created_at": at, "created_by": by},
    )
    if created:
        _note(root, TopicChange.Kind.MADE, "", by=by, at=at)
    return root


def _find_or_create_below(root: Topic, titles: Sequence[str], *, by: User | None, at: datetime) -> Topic:
    topic = root
    for depth, title in enumerate(titles, 1):
        known = _standing_at(root.bank, key_of(titles[:depth]))
        if known is None:
            path = _path_below(topic, title)
            known, created = Topic.objects.get_or_create(
                bank=root.bank,
                path=path,
                merged_into=None,
                defaults={
                    "family": root.family,
                    "parent": topic,
                    "title": title,
                    "created_at": at,
                    "created_by": by,
                },
            )
            if created:
                _note(known, TopicChange.Kind.MADE, "", by=by, at=at)
        topic = known
    return topic


def _standing_at(bank: str, path: str) -> Topic | None:
    topic = Topic.objects.standing().filter(bank=bank, path=path).first()
    if topic is not None:
        return topic
    former = FormerPath.objects.filter(bank=bank, path=path).select_related("topic").first()
    return None if former is None else former.topic


def _set_path(topic: Topic, path: str) -> None:
    """Give a topic another path, and all that is below it; the old ones lead here for ever."""
    if len(path) > LONGEST_PATH:
        raise TopicRefused("The path would be longer than 500 characters. Shorten titles, or move it higher up.")
    taken = _standing_at(topic.bank, path)
    if taken is not None and taken.pk != topic.pk:
        raise TopicRefused(
            f"That place leads to the topic '{words_for(taken) or taken.bank}'. Choose another name, or merge the two."
        )
    old, moved = topic.path, list(_below(topic))
    topic.path = path
    topic.save(update_fields=["parent", "title", "path"])
    FormerPath.objects.filter(bank=topic.bank, path=path).delete()
    if old != path:
        _keep_former(topic.bank, old, topic)
    for one in moved:
        before = one.path
        one.path = path + before.removeprefix(old)
        if len(one.path) > LONGEST_PATH:
            raise TopicRefused("A path below it would be longer than 500 characters. Shorten titles first.")
        leads = FormerPath.objects.filter(bank=one.bank, path=one.path).select_related("topic").first()
        if leads is not None and leads.topic_id != one.pk:
            raise TopicRefused(
                f"'{one.title}' below it would stand where '{words_for(leads.topic)}' once stood. Rename it first."
            )
        FormerPath.objects.filter(bank=one.bank, path=one.path).delete()
        one.save(update_fields=["path"])
        if before != one.path:
            _keep_former(one.bank, before, one)


def _keep_former(bank: str, path: str, topic: Topic) -> None:
    FormerPath.objects.update_or_create(bank=bank, path=path, defaults={"topic": topic})


def _below(topic: Topic) -> QuerySet[Topic]:
    """Return what is below a topic, the upper first."""
    rows = Topic.objects.standing().filter(bank=topic.bank).exclude(pk=topic.pk).order_by("path")
    return rows if topic.is_bank else rows.filter(path__startswith=topic.path + SEPARATOR)


def _path_below(above: Topic | None, title: str) -> str:
    return SEPARATOR.join(part for part in ("" if above is None else above.path, title.casefold()) if part)


def _locked(topic: Topic) -> Topic:
    """Return the topic as it stands now, its bank's tree closed to others meanwhile."""
    Topic.objects.select_for_update().get(bank=topic.bank, parent__isnull=True)
    now = Topic.objects.select_related("parent").get(pk=topic.pk)
    if now.merged_into_id is not None:
        raise TopicRefused(f"'{now.title}' has been merged into another topic meanwhile. Open the tree again.")
    return now


def _refuse_apart(one: Topic, other: Topic) -> None:
    if one.bank != other.bank:
        raise TopicRefused(
            f"'{one.title}' is a topic of {one.bank} and stays in it, because a question never changes its bank."
        )


def _check_titles(titles: Sequence[str]) -> None:
    if not titles:
        raise TopicRefused("Name a topic, such as Law/Custody.")
    if len(titles) > DEEPEST:
        raise TopicRefused(f"A path names {DEEPEST} topics at most.")
    for title in titles:
        if SEPARATOR in title:
            raise TopicRefused("A title has no '/' in it: that divides the parts of a path.")
        for problem in check_line(title, "topic", longest=LONGEST_TITLE):
            raise TopicRefused(problem.message)
    if len(key_of(titles)) > LONGEST_PATH:
        raise TopicRefused("The path is longer than 500 characters. Shorten its titles.")


def _note(topic: Topic, kind: str, before: str, *, by: User | None, at: datetime, after: str | None = None) -> None:
    stands = words_for(topic) or topic.bank if after is None else after
    TopicChange.objects.create(topic=topic, kind=kind, before=before[:1000], after=stands[:1000], by=by, at=at)
