"""Moodle XML to shapes. What has no place in a question of ours is kept in its note, or named."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from posixpath import basename
from typing import Any
from urllib.parse import unquote

from assessments.interchange.about import read_about
from assessments.interchange.assembling import finished, pair_answers
from assessments.interchange.cloze_cases import read_embedded
from assessments.interchange.formatted import words_in
from assessments.interchange.html_words import Pictures
from assessments.interchange.numbers import number_text, read_exact
from assessments.interchange.percents import exact_share
from assessments.interchange.reading import Found, NotRead, Skipped
from assessments.interchange.texts import kept_words, named, one_line
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap

PLUGIN_FILE = "@@PLUGINFILE@@/"
_YES = frozenset({"true", "1", "yes"})
_NOT_READ = {
    "description": "It asks nothing: it is a description.",
    "random": "It is no question of its own: it draws another at random.",
    "randomsamatch": "It draws its pairs at random.",
    "calculated": "It makes its numbers up anew each time, which ours do not.",
    "calculatedmulti": "It makes its numbers up anew each time, which ours do not.",
    "calculatedsimple": "It makes its numbers up anew each time, which ours do not.",
    "ddmarker": "It shows no wrong places to choose from, so a place marked on a picture would give its answer away.",
}
_MARKER = re.compile(r"\[\[([0-9]{1,3})\]\]")


def read_moodle_xml(root: Node) -> list[Found]:
    """Return every question below ``quiz``, or why it does not arrive."""
    found: list[Found] = []
    category = ""
    comments = _comments_before(root)
    for question in root.children("question"):
        if question.get("type") == "category":
            category = one_line(question.text_at("category", "text"))
        else:
            found.append(_read(question, category, comments.get(question.line, {})))
    return found


def _comments_before(root: Node) -> dict[int, dict[str, Any]]:
    """Return what our comments inside questions say, by the line of the question."""
    said: dict[int, dict[str, Any]] = {}
    for question in root.children("question"):
        for comment in question.comments:
            said.setdefault(question.line, {}).update(read_about(comment))
    return said


def _read(question: Node, category: str, about: dict[str, Any]) -> Found:
    kind = question.get("type")
    pictures = Pictures(_finder(question))
    reader = _Reader(question, pictures)
    name = question.text_at("name", "text")
    try:
        read = _KINDS.get(kind)
        if read is None:
            raise NotRead(_NOT_READ.get(kind, f"Questions of the type ‘{kind[:40]}’ are not read."))
        item = replace(read(reader), name=name, max_mark=reader.mark(), feedback=reader.words("generalfeedback"))
        said = {**reader.about(), **about, **({"category": category} if category else {})}
        return finished(item, about=said, line=question.line, pictures=pictures)
    except NotRead as reason:
        return Skipped(question.line, named(name, question.text_at("questiontext", "text")[:500]), str(reason))


def _finder(question: Node) -> Callable[[str], bytes | None]:
    """Return what finds a file that is written into the question; nothing else is ever looked for."""
    files = {unquote(file.get("name")): file for file in question.all("file") if file.get("encoding") == "base64"}

    def find(source: str) -> bytes | None:
        file = (
            files.get(basename(source.removeprefix(PLUGIN_FILE).partition("?")[0]))
            if source.startswith(PLUGIN_FILE)
            else None
        )
        if file is None:
            return None
        try:
            return base64.b64decode("".join(file.text().split()), validate=True)
        except (binascii.Error, ValueError):
            return None

    return find


class _Reader:
    """One question element and what is read from it."""

    def __init__(self, question: Node, pictures: Pictures) -> None:
        self.question = question
        self.pictures = pictures

    def words(self, *path: str) -> str:
        node = self.question.at(*path)
        return "" if node is None else self.words_of(node)

    def words_of(self, node: Node) -> str:
        """Return the words of an element with a format and a text."""
        text = node.child("text")
        inside = (node if text is None else text).text()
        return words_in(node.get("format", "html"), inside.strip(), self.pictures)

    def text(self) -> str:
        words = self.words("questiontext")
        if not words:
            raise NotRead("It has no text that asks anything.")
        return words

    def mark(self) -> Fraction:
        typed = self.question.text_at("defaultgrade")
        try:
            return read_exact(typed) if typed else Fraction(1)
        except ValueError:
            raise NotRead(f"Its mark ‘{typed[:40]}’ is not a number.") from None

    def is_set(self, name: str, *, otherwise: bool = False) -> bool:
        typed = self.question.text_at(name).lower()
        return typed in _YES if typed else otherwise

    def answers(self, *, is_typed: bool = False) -> list[Answer]:
        found = []
        for node in self.question.children("answer"):
            try:
                share = exact_share(read_exact(node.get("fraction", "0")) / 100)
            except ValueError:
                raise NotRead(f"‘{node.get('fraction')[:40]}’ is no share of the marks.") from None
            feedback = node.child("feedback")
            told = "" if feedback is None else self.words_of(feedback)
            text = kept_words(node.text_at("text")) if is_typed else self.words_of(node)
            found.append(Answer(text, share, told))
        return found

    def about(self) -> dict[str, Any]:
        """Return the number and the tags of the question, and in its note what ours have no place for."""
        tags = [one_line(tag.text()) for tags in self.question.children("tags") for tag in tags.children("tag")]
        said: dict[str, Any] = {"tags": [tag for tag in tags if tag]} if any(tags) else {}
        if number := one_line(self.question.text_at("idnumber")):
            said["id"] = number
        if note := self._note():
            said["note"] = note
        return said

    def _note(self) -> str:
        kept = []
        for name, title in (
            ("correctfeedback", "Feedback when right"),
            ("partiallycorrectfeedback", "Feedback when partly right"),
            ("incorrectfeedback", "Feedback when wrong"),
        ):
            if words := self.words(name):
                kept.append(f"{title}: {words}")
        kept += [f"Hint: {words}" for hint in self.question.children("hint") if (words := self.words_of(hint))]
        if kept:
            self.pictures.warn(
                "Hints and feedback on the whole are kept in the note, where candidates do not see them."
            )
        return "\n".join(kept)


def _multichoice(reader: _Reader) -> Exchanged:
    answers = reader.answers()
    if len(answers) < 2:
        raise NotRead("It has fewer than two answers to choose from.")
    return Exchanged(
        Asking.CHOICE if reader.is_set("single", otherwise=True) else Asking.CHOICES,
        reader.text(),
        tuple(answers),
        is_shuffled=reader.is_set("shuffleanswers", otherwise=True),
    )


def _multichoiceset(reader: _Reader) -> Exchanged:
    """All or nothing: each answer is right (100) or not."""
    answers = reader.answers()
    right = sum(answer.fraction > 0 for answer in answers)
    if not right:
        raise NotRead("None of its answers is right.")
    shared = tuple(
        replace(answer, fraction=Fraction(1, right) if answer.fraction > 0 else Fraction(0)) for answer in answers
    )
    is_shuffled = reader.is_set("shuffleanswers", otherwise=True)
    return Exchanged(Asking.CHOICES, reader.text(), shared, is_shuffled=is_shuffled, settings={"partial": False})


def _truefalse(reader: _Reader) -> Exchanged:
    told = {answer.text.strip().lower(): answer for answer in reader.answers()}
    if set(told) != {"true", "false"}:
        raise NotRead("Its answers are not true and false.")
    is_true = told["true"].fraction > told["false"].fraction
    answers = tuple(
        Answer(name, Fraction(is_right), told[name.lower()].feedback)
        for name, is_right in (("True", is_true), ("False", not is_true))
    )
    return Exchanged(Asking.TRUTH, reader.text(), answers, is_shuffled=False)


def _shortanswer(reader: _Reader) -> Exchanged:
    answers, wrong = _without_star(reader.answers(is_typed=True))
    if reader.is_set("usecase"):
        reader.pictures.warn("Capitals count in the file; in our questions they do not.")
    return Exchanged(Asking.TEXT, reader.text(), tuple(answers), feedback_wrong=wrong, is_shuffled=False)


def _numerical(reader: _Reader) -> Exchanged:
    plain, wrong = _without_star(reader.answers(is_typed=True))
    nodes = [node for node in reader.question.children("answer") if node.text_at("text") != "*"]
    if not plain:
        raise NotRead("It has no number for an answer.")
    answers = []
    for answer, node in zip(plain, nodes, strict=False):
        try:
            slip = abs(read_exact(node.text_at("tolerance") or "0"))
            answers.append(replace(answer, text=number_text(read_exact(answer.text)), tolerance=slip))
        except ValueError:
            raise NotRead(f"‘{answer.text[:40]}’ with its tolerance is not a number.") from None
    return Exchanged(
        Asking.NUMBER,
        reader.text(),
        tuple(answers),
        feedback_wrong=wrong,
        is_shuffled=False,
        settings={"unit": _unit(reader)},
    )


def _unit(reader: _Reader) -> str:
    units = [unit for units in reader.question.children("units") for unit in units.children("unit")]
    names = []
    for unit in units:
        if unit.text_at("multiplier") in ("1", "1.0", "1.0000000", ""):
            names.append(one_line(unit.text_at("unit_name")))
    if len(units) > 1:
        reader.pictures.warn("Answers in other units are accepted in the file; in our questions they are not.")
    return names[0] if names else ""


def _without_star(answers: list[Answer]) -> tuple[list[Answer], str]:
    """Return the answers without the one that stands for all others, and what that one tells."""
    others = [answer for answer in answers if answer.text == "*" and answer.fraction <= 0]
    kept = [answer for answer in answers if answer not in others]
    return kept, others[0].feedback if others else ""


def _matching(reader: _Reader) -> Exchanged:
    pairs = [
        (reader.words_of(node), one_line(node.text_at("answer", "text")))
        for node in reader.question.children("subquestion")
    ]
    if len(pairs) < 2:
        raise NotRead("It has fewer than two pairs.")
    is_shuffled = reader.is_set("shuffleanswers", otherwise=True)
    return Exchanged(Asking.PAIRS, reader.text(), pair_answers(pairs), is_shuffled=is_shuffled)


def _essay(reader: _Reader) -> Exchanged:
    question = reader.question
    settings: dict[str, Any] = {}
    if guidance := reader.words("graderinfo"):
        settings["guidance"] = guidance
    for name, tag in (("lines", "responsefieldlines"), ("most_words", "maxwordlimit")):
        typed = question.text_at(tag)
        if typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) < 100_000:
            settings[name] = int(typed[:6])
    attachments = question.text_at("attachments")
    is_file = question.text_at("responseformat") == "noinline"
    if is_file and attachments.lstrip("-").isdigit():
        settings["most"] = max(int(attachments[:4]), 1)
    return Exchanged(Asking.FILES if is_file else Asking.OPEN, reader.text(), is_shuffled=False, settings=settings)


def _cloze(reader: _Reader) -> Exchanged:
    node = reader.question.child("questiontext")
    if node is None:
        raise NotRead("It has no text that asks anything.")
    return read_embedded(node.get("format", "html"), node.text_at("text"), reader.pictures)


def _ordering(reader: _Reader) -> Exchanged:
    answers = [
        replace(answer, fraction=Fraction(1, max(len(reader.question.children("answer")), 1)))
        for answer in reader.answers()
    ]
    if len(answers) < 2:
        raise NotRead("It has fewer than two things to put in order.")
    return Exchanged(Asking.ORDER, reader.text(), tuple(answers), settings={"scoring": "exact"})


def _chosen_gaps(reader: _Reader) -> Exchanged:
    """Words chosen or dragged into gaps: ``[[2]]`` is filled by the second word, among the words of its group."""
    words = reader.text()
    nodes = [*reader.question.children("selectoption"), *reader.question.children("dragbox")]
    choices = [(reader.words_of(node), node.text_at("group") or "1") for node in nodes]
    gaps: list[Gap] = []
    answers: list[Answer] = []
    for number in (int(found) for found in _MARKER.findall(words)):
        if not 1 <= number <= len(choices):
            raise NotRead(f"A gap names word {number}, and there are {len(choices)}.")
        right, group = choices[number - 1]
        identity = f"g{len(gaps) + 1}"
        gaps.append(Gap(identity, Asking.CHOICE))
        answers += [
            Answer(text, Fraction(text == right), gap=identity) for text, of_group in choices if of_group == group
        ]
    if not gaps:
        raise NotRead("It has no gap.")
    identities = iter(gaps)
    text = _MARKER.sub(lambda _match: f"[[gap:{next(identities).id}]]", words)
    return Exchanged(Asking.GAPS, text, tuple(answers), gaps=tuple(gaps), is_shuffled=False)


_KINDS: dict[str, Callable[[_Reader], Exchanged]] = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoiceset,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "ordering": _ordering,
    "gapselect": _chosen_gaps,
    "ddwtos": _chosen_gaps,
}
