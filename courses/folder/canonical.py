"""The one canonical form of a course folder: keys in the format's order, block style, LF, quotes only where YAML needs them.

``write_course`` turns a course into the bytes of its files; reading them gives an equal course, and writing that gives the same bytes.
Comments and choices of layout do not survive: what an author wants kept goes into ``note``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import yaml
from django.utils import timezone

from courses.folder.lesson_blocks import write_blocks
from courses.folder.markdown import DESCRIPTION, RICH, read_markdown
from courses.folder.markdown_writing import write_markdown
from courses.folder.minutes import minutes_of_captions
from courses.folder.refusing_lessons import ALLOWED
from courses.folder.shapes import (
    FORMAT,
    REFLECTIVE_TASK,
    SITTING,
    Block,
    Course,
    Family,
    Lesson,
    MediaFile,
    Module,
    Question,
    ReflectiveTask,
    Test,
)

FIELD_ORDER = (
    "options",
    "mode",
    "scale",
    "responses",
    "matches",
    "pairs",
    "items",
    "scoring",
    "text",
    "gaps",
    "picture",
    "areas",
    "parts",
    "lines",
    "most_words",
    "kinds",
    "most",
    "guidance",
    "panel",
    "choose",
    "partial",
    "shuffle",
    "answer",
    "feedback",
    "unit",
    "tolerance",
    "near",
    "accept",
    "otherwise",
    "confidence",
    "pictures",
)
_INNER_ORDER = (
    "id",
    "since",
    "type",
    "kind",
    "weight",
    "shape",
    "coords",
    "value",
    "text",
    "match",
    "fraction",
    "key",
    "spread",
    "accept",
    "options",
    "answer",
    "tolerance",
    "definition",
    "feedback",
    "right",
    "wrong",
    "size",
    "on",
)
Files = dict[str, bytes]


class _Dumper(yaml.SafeDumper):
    """Lists are indented below their key, nothing is folded, and text of several lines is written as it stands."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


def _fraction(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    """Write a number without an exponent and without needless zeros, as the reader takes it."""
    return dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:.12f}".rstrip("0").rstrip("."))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _fraction)


def dump(value: Any) -> str:
    """Return the canonical YAML of plain data."""
    written: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=1_000_000_000
    )
    return written


def write_families(families: Iterable[Family]) -> bytes:
    """Return the canonical ``families.yaml``."""
    return dump(
        [
            {"code": family.code, "title": family.title}
            | ({"introduction": family.introduction} if family.introduction else {})
            for family in families
        ]
    ).encode()


def write_course(course: Course) -> Files:
    """Return the files of a course by their path inside its folder."""
    files: dict[str, str] = {
        "course.md": _front_matter(_course_keys(course)) + _markdown(course.description, DESCRIPTION),
        "references.yaml": dump([_reference_keys(reference) for reference in course.references]),
    }
    media = {file.name: file for file in course.media}
    for module in course.modules:
        files[f"{module.folder}/module.md"] = _front_matter({"title": module.title, "summary": module.summary})
        for step in module.steps:
            written = _lesson(step, media) if isinstance(step, Lesson) else _task(step)
            files[f"{module.folder}/{step.number}-{step.slug}.md"] = written
        if module.questions:
            files[f"questions/{module.folder}.yaml"] = _questions(course, module)
    for test in course.tests:
        files[f"assessments/{test.slug}.yaml"] = dump(_test_keys(test))
    shown = _shown_media(course)
    contents = {f"media/{file.name}": file.content() for file in course.media if file.name in shown}
    return {path: text.encode() for path, text in files.items()} | contents


def _shown_media(course: Course) -> set[str]:
    names: set[str] = set()
    for lesson in course.lessons():
        names.update(word for block in lesson.blocks for word in block.words)
        for block in lesson.blocks_of("text"):
            names.update(file.name for file in course.media if f"media/{file.name}" in block.text)
    return names


def _front_matter(keys: Mapping[str, Any]) -> str:
    return f"---\n{dump(dict(keys))}---\n"


def _markdown(text: str, allowed: Any) -> str:
    written = write_markdown(read_markdown(text, allowed)[0])
    return f"{written}\n" if written else ""


def _course_keys(course: Course) -> dict[str, Any]:
    warning, extra = course.content_warning, course.extra_minutes
    return {
        "format": FORMAT,
        "code": course.code,
        "title": course.title,
        **({"promise": course.promise} if course.promise else {}),
        "family": course.family,
        "audience": list(course.audience),
        "minutes": course.minutes,
        **({"extra_minutes": {"minutes": extra.minutes, "for": extra.purpose}} if extra else {}),
        "validity_months": course.validity_months,
        **({"leads_to": list(course.leads_to)} if course.leads_to else {}),
        **({"certificate_template": course.certificate_template} if course.certificate_template else {}),
        "local_defaults": list(course.local_defaults),
        "marking": course.marking,
        "jurisdiction": course.jurisdiction,
        "requires": list(course.requires),
        "completion": course.completion,
        "content_warning": {
            **({"topic": warning.topic} if warning.topic else {}),
            "text": warning.text,
            "alternative": warning.alternative,
            "support": list(warning.support),
        }
        if warning
        else None,
        "outcomes": [{"id": outcome.id, "text": outcome.text} for outcome in course.outcomes],
    }


def _reference_keys(reference: Any) -> dict[str, Any]:
    names = ("id", "title", "provision", "says", "extent", "url", "text_as_at", "checked_on", "checked_by")
    return {name: getattr(reference, name) for name in (*names, "against", "confidence", "review_by")}


def _lesson(lesson: Lesson, media: Mapping[str, MediaFile]) -> str:
    keys = {
        "title": lesson.title,
        "minutes": lesson.minutes,
        "point": lesson.point,
        "outcomes": list(lesson.outcomes),
        "topics": list(lesson.topics),
    }
    return _front_matter(keys) + write_blocks(canonical_block(block, media) for block in _merged(lesson.blocks))


def _merged(blocks: Iterable[Block]) -> list[Block]:
    """Join neighbouring stretches of text: a file cannot tell them apart."""
    merged: list[Block] = []
    for block in blocks:
        if block.kind == "text" and merged and merged[-1].kind == "text":
            merged[-1] = replace(merged[-1], text=f"{merged[-1].text}\n\n{block.text}")
        else:
            merged.append(block)
    return merged


def canonical_block(block: Block, media: Mapping[str, MediaFile]) -> Block:
    """Return a block with canonical Markdown, and without a length that its captions tell."""
    if block.kind == "check":
        return block
    text = write_markdown(read_markdown(block.text, ALLOWED[block.kind])[0])
    words = block.words
    if block.kind in ("video", "audio"):
        name, captions, minutes = (*words, "", "", "")[:3]
        by_captions = minutes_of_captions(media[captions].content()) if captions in media else None
        words = (name, captions, "" if minutes and by_captions == int(minutes) else minutes)
    return Block(block.kind, text, " ".join(block.title.split()), words)


def _task(task: ReflectiveTask) -> str:
    keys = {"kind": REFLECTIVE_TASK, "title": task.title, "minutes": task.minutes, "outcomes": list(task.outcomes)}
    return _front_matter(keys) + _markdown(task.prompt, RICH)


def _questions(course: Course, module: Module) -> str:
    return dump(
        {
            "format": FORMAT,
            "course": course.code,
            "module": module.folder,
            "author": module.author,
            "questions": [_question_keys(question) for question in module.questions],
        }
    )


def _question_keys(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type,
        "use": question.use,
        **({"must_pass": question.must_pass} if question.must_pass else {}),
        "outcome": question.outcome,
        "topic": question.topic,
        "difficulty": question.difficulty,
        "refs": list(question.refs),
        "stem": question.stem,
        **_ordered(question.fields, FIELD_ORDER),
        "note": question.note,
    }


def _ordered(value: Any, order: tuple[str, ...] = _INNER_ORDER) -> Any:
    """Return plain data with its keys in the format's order, others after them by name."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (order.index(key), "") if key in order else (len(order), key))
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value


def _test_keys(test: Test) -> dict[str, Any]:
    return {
        "id": test.id,
        "title": test.title,
        **({"introduction": test.introduction} if test.introduction else {}),
        **({"module": test.module} if test.module else {}),
        "minutes": test.minutes,
        "pass_percent": test.pass_percent,
        "must_pass": test.must_pass,
        "attempts": test.attempts,
        "wait_hours": test.wait_hours,
        "feedback": test.feedback,
        **_sitting_keys(test),
        "draw": [
            {
                **({"outcome": row.outcome} if row.outcome else {}),
                **({"topic": row.topic} if row.topic else {}),
                **({"difficulty": row.difficulty} if row.difficulty else {}),
                "count": row.count,
                **({"section": row.section} if row.section else {}),
                **({"least": row.least} if row.least is not None else {}),
            }
            for row in test.draw
        ],
    }


def _sitting_keys(test: Test) -> dict[str, Any]:
    """Return when results are told and how the test is sat, as far as that is not what is usual; so older folders keep their bytes."""
    usual = {one.name: one.default for one in fields(Test)}
    said = {name: getattr(test, name) for name in SITTING if getattr(test, name) != usual[name]}
    return {name: moment_in_words(value) if isinstance(value, datetime) else value for name, value in said.items()}


def moment_in_words(moment: datetime) -> str:
    """Return a moment as a folder has it: the clock here, and its offset, since one hour a year comes twice."""
    return timezone.localtime(moment).isoformat(timespec="auto" if moment.second or moment.microsecond else "minutes")


@dataclass(frozen=True)
class Difference:
    """A file that is not as the canonical form has it. ``line`` is the first that differs, from 1."""

    path: str
    line: int
    found: str
    canonical: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.path}: {self.found or self.canonical}"
        return f"{self.path}:{self.line}: is {self.found[:100]!r}, canonical is {self.canonical[:100]!r}"


def differences(found: Mapping[str, bytes], canonical: Mapping[str, bytes]) -> list[Difference]:
    """Return the files that differ, with the first line that does, in order of path."""
    result = []
    for path in sorted({*found, *canonical}):
        if path not in canonical:
            result.append(Difference(path, 0, "is no part of the canonical form", ""))
        elif path not in found:
            result.append(Difference(path, 0, "", "is missing"))
        elif found[path] != canonical[path]:
            result.append(_first_difference(path, found[path], canonical[path]))
    return result


def _first_difference(path: str, found: bytes, canonical: bytes) -> Difference:
    ours, theirs = found.split(b"\n"), canonical.split(b"\n")
    for number in range(max(len(ours), len(theirs))):
        one = ours[number] if number < len(ours) else b"(end of file)"
        other = theirs[number] if number < len(theirs) else b"(end of file)"
        if one != other:
            return Difference(path, number + 1, one.decode("utf-8", "replace"), other.decode("utf-8", "replace"))
    return Difference(path, 1, "", "")
