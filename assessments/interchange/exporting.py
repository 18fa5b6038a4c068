"""Exporting questions so that they come back unchanged. Each is read again from what was written before it is believed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import quoteattr

from django.db.models import QuerySet

from assessments import question_types
from assessments.interchange import aiken, gift_writing, moodle_writing
from assessments.interchange.about import fingerprint_of
from assessments.interchange.archives import Package
from assessments.interchange.arriving import draft_of
from assessments.interchange.brought_pictures import pictures_of
from assessments.interchange.cloze_cases import marks_counted
from assessments.interchange.gift_reading import read_gift
from assessments.interchange.moodle_reading import read_moodle_xml
from assessments.interchange.percents import MOODLE_GRADES
from assessments.interchange.picture_files import file_name
from assessments.interchange.qti.packages import MANIFEST, read_package
from assessments.interchange.qti.writing import PICTURES, write_item
from assessments.interchange.reading import Found, NotRead, Skipped, Unreadable
from assessments.interchange.xml_tree import read_xml
from assessments.models import Difficulty, QuestionUse, QuestionVersion, VersionState
from assessments.question_types.exchange import Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_text
from assessments.topics import subtree_of, topics_at

Files = dict[str, bytes]
ENDINGS = {"gift": "txt", "moodle-xml": "xml", "qti": "zip", "aiken": "txt"}


@dataclass(frozen=True)
class Unsaid:
    """What a format cannot say of a question; ``is_left_out`` where the question is not in the file at all."""

    code: str
    sentence: str
    is_left_out: bool

    def __str__(self) -> str:
        return f"{self.code} is not exported: {self.sentence}" if self.is_left_out else f"{self.code}: {self.sentence}"


@dataclass(frozen=True)
class Exported:
    """A file of questions: its content, how many are in it, and what it does not say."""

    content: bytes
    written: int
    unsaid: Sequence[Unsaid]


def versions_of_topic(path: str, *, bank: str = "") -> QuerySet[QuestionVersion]:
    """Return the newest version of each question that stands at a topic or below it in the tree, retired ones left out.

    The path is typed as on import: the bank first, or below the bank given.
    """
    topics = [pk for topic in topics_at(path, bank=bank) for pk in subtree_of(topic)]
    versions = QuestionVersion.objects.newest().exclude(state=VersionState.RETIRED).filter(question__topic__in=topics)
    return versions.select_related("question__topic").order_by("question__topic__path", "question__code")


def export_questions(versions: Iterable[QuestionVersion], format: str) -> Exported:
    """Return a file of these versions. What the format cannot say is named, never bent."""
    one = _FORMATS[format]
    pieces: list[tuple[str, str, Files]] = []
    unsaid: list[Unsaid] = []
    for version in versions:
        code = version.question.code
        try:
            item = _shape(version)
            files = _written(one, version, item, unsaid)
        except (NotExchanged, NotRead) as reason:
            unsaid.append(Unsaid(code, str(reason), is_left_out=True))
            continue
        except FileNotFoundError:
            unsaid.append(Unsaid(code, "One of its pictures is gone from the store.", is_left_out=True))
            continue
        pieces.append((code, version.topic, files))
        unsaid += [Unsaid(code, sentence, is_left_out=False) for sentence in one.lost(item)]
    return Exported(one.join(pieces) if pieces else b"", len(pieces), unsaid)


@dataclass(frozen=True)
class _Format:
    """How a format writes one question as files, reads them again, joins them, and what it loses."""

    write: Callable[[Exchanged, Mapping[str, Any]], Files]
    read: Callable[[Files], Sequence[Found]] | None
    join: Callable[[Sequence[tuple[str, str, Files]]], bytes]
    lost: Callable[[Exchanged], list[str]]
    says_marks: bool = True


def _shape(version: QuestionVersion) -> Exchanged:
    item = question_types.get(version.type).to_exchange(version.definition)
    return replace(
        item,
        name=version.question.code,
        feedback=item.feedback or version.definition.get("explanation", ""),
        max_mark=Fraction(version.max_mark),
        pictures=pictures_of(version.definition),
    )


def _about(version: QuestionVersion, item: Exchanged, *, says_marks: bool) -> dict[str, Any]:
    question = version.question
    settings = _settings(item)
    if item.parts:
        settings["parts"] = [
            {"name": part.name, "type": part.type, "settings": _settings(part, without="since")} for part in item.parts
        ]
    return {
        "code": question.code,
        "type": version.type,
        "outcome": version.outcome,
        "topic": version.topic,
        "difficulty": "" if version.difficulty == Difficulty.MEDIUM else version.difficulty,
        "must_pass": version.must_pass,
        "references": version.references,
        "note": version.note,
        "module": question.module,
        "use": QuestionUse.LESSON.value if question.use == QuestionUse.LESSON else "",
        "settings": settings,
        "max_mark": None if says_marks or version.max_mark == 1 else to_text(Fraction(version.max_mark)),
        "tags": [f"outcome {version.outcome}"] * bool(version.outcome) + [f"difficulty {version.difficulty}"],
    }


def _settings(item: Exchanged, *, without: str = "") -> dict[str, Any]:
    """Return the settings of a question that a comment carries."""
    kept = {key: value for key, value in item.settings.items() if key != without}
    return kept if item.is_shuffled or item.asking not in _SHUFFLED else {**kept, "shuffle": False}


_SHUFFLED = (Asking.CHOICE, Asking.CHOICES, Asking.PAIRS, Asking.REGIONS)


def _written(one: _Format, version: QuestionVersion, item: Exchanged, unsaid: list[Unsaid]) -> Files:
    """Return the files of a question that was read again and is the same; the comment has what the format has not."""
    about = _about(version, item, says_marks=one.says_marks)
    files = one.write(item, about)
    if one.read is None:
        return files
    again = _again(one, files)
    if _is_same(again, version):
        return files
    definition = {key: value for key, value in version.definition.items() if key != "pictures"}
    # What the format makes of the mark may be what its answers add up to.
    about["max_mark"] = to_text(Fraction(version.max_mark))
    again = _again(one, one.write(item, about))
    about["exact"] = {"definition": definition, "of": fingerprint_of(again)}
    files = one.write(item, about)
    if not _is_same(_again(one, files), version):
        unsaid.append(
            Unsaid(version.question.code, "It comes back a little changed from this format.", is_left_out=False)
        )
    return files


def _again(one: _Format, files: Files) -> Exchanged:
    if one.read is None:
        raise NotExchanged("This format is not read again.")
    try:
        found = list(one.read(files))
    except Unreadable as reason:
        raise NotExchanged(f"This format does not bear its words: {reason}") from reason
    if len(found) != 1 or isinstance(found[0], Skipped):
        why = found[0].reason if found and isinstance(found[0], Skipped) else "It does not come back in one piece."
        raise NotExchanged(f"This format does not bear it: {why}")
    return found[0]


def _is_same(item: Exchanged, version: QuestionVersion) -> bool:
    try:
        draft = draft_of(item)
    except (NotRead, NotExchanged):
        return False
    return draft.definition == version.definition and draft.max_mark == version.max_mark and draft.type == version.type


def _gift_files(item: Exchanged, about: Mapping[str, Any]) -> Files:
    return {"": gift_writing.write_gift(item, about).encode()}


def _read_gift_files(files: Files) -> Sequence[Found]:
    return read_gift(files[""].decode())


def _join_gift(pieces: Sequence[tuple[str, str, Files]]) -> bytes:
    return _with_topics(pieces, gift_writing.category_line).encode()


def _xml_files(item: Exchanged, about: Mapping[str, Any]) -> Files:
    return {"": moodle_writing.write_moodle_xml(item, about).encode()}


def _read_xml_files(files: Files) -> Sequence[Found]:
    whole = moodle_writing.HEAD.encode() + files[""] + moodle_writing.FOOT.encode()
    return read_moodle_xml(read_xml(whole))


def _join_xml(pieces: Sequence[tuple[str, str, Files]]) -> bytes:
    inside = _with_topics(pieces, moodle_writing.category_element)
    return f"{moodle_writing.HEAD}{inside}{moodle_writing.FOOT}".encode()


def _with_topics(pieces: Sequence[tuple[str, str, Files]], heading: Callable[[str], str]) -> str:
    """Return questions one after the other, with the topic said where it changes."""
    out, last = [], None
    for _code, topic, files in pieces:
        if topic and topic != last:
            out.append(heading(topic))
            last = topic
        out.append(files[""].decode())
    return "".join(out)


def _aiken_files(item: Exchanged, _about: Mapping[str, Any]) -> Files:
    aiken.refuse_for_aiken(item)
    return {"": aiken.write_aiken([item]).encode()}


def _join_aiken(pieces: Sequence[tuple[str, str, Files]]) -> bytes:
    return "\n".join(files[""].decode() for _code, _topic, files in pieces).encode()


def _qti_files(item: Exchanged, about: Mapping[str, Any]) -> Files:
    files = {"item.xml": write_item(item, about, f"Q-{item.name}").encode()}
    for name, picture in item.pictures.items():
        files[f"{PICTURES}/{file_name(name, picture.content)}"] = picture.content
    return files


def _read_qti_files(files: Files) -> Sequence[Found]:
    return read_package(Package(_join_qti([("question", "", files)])))


def _join_qti(pieces: Sequence[tuple[str, str, Files]]) -> bytes:
    """Return a package: a folder for each question, and a manifest that names them."""
    written = io.BytesIO()
    resources = []
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for code, _topic, files in pieces:
            inside = "".join(f"<file href={quoteattr(f'{code}/{path}')}/>" for path in files)
            resources.append(
                f'<resource identifier={quoteattr(f"R-{code}")} type="imsqti_item_xmlv2p1" href={quoteattr(f"{code}/item.xml")}>'
                f"{inside}</resource>"
            )
            for path, content in files.items():
                archive.writestr(zipfile.ZipInfo(f"{code}/{path}"), content, zipfile.ZIP_DEFLATED)
        manifest = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M-1">'
            "<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>"
            f"<organizations/><resources>{''.join(resources)}</resources></manifest>\n"
        )
        archive.writestr(zipfile.ZipInfo(MANIFEST), manifest, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _lost_in_moodle(item: Exchanged) -> list[str]:
    """Return what Moodle would take otherwise than we do, as sentences."""
    lost = []
    if any(abs(answer.fraction) not in MOODLE_GRADES for answer in item.answers if item.asking in _SHARED):
        lost.append("Moodle has no such share of the marks, and refuses the file unless it may round it.")
    if item.asking is Asking.CHOICES and not item.settings.get("partial", True):
        lost.append("Moodle gives part of the marks for part of the answer; ours gives none.")
    if item.asking is Asking.ORDER and item.settings.get("scoring", "exact") != "exact":
        lost.append("Moodle gives all the marks or none for the order; ours gives part of them.")
    if item.asking in (Asking.CASE, Asking.RATINGS):
        lost += _lost_in_embedded(item)
    if item.asking is Asking.GAPS:
        weights = [gap.weight if gap.weight.denominator == 1 else Fraction(1) for gap in item.gaps]
        if sum(weights) != item.max_mark:
            lost.append(f"Moodle counts its gaps as {sum(weights)} marks; ours carries {to_text(item.max_mark)}.")
    return lost


def _lost_in_embedded(item: Exchanged) -> list[str]:
    lost = []
    for number, part in enumerate(item.parts, start=1):
        if part.asking is Asking.CHOICES and not part.settings.get("partial", True):
            lost.append(f"Moodle gives part of the marks for part of the answer in part {number}; ours gives none.")
        if part.asking is Asking.CHOICES and sum(max(answer.fraction, Fraction(0)) for answer in part.answers) != 1:
            lost.append(f"Moodle makes the right answers of part {number} share all its marks; ours keep their own.")
    if (marks := marks_counted(item)) != item.max_mark:
        lost.append(f"Moodle counts it as {marks} marks; ours carries {to_text(item.max_mark)}.")
    return lost


_SHARED = (Asking.CHOICE, Asking.CHOICES, Asking.TEXT, Asking.NUMBER)


def _lost_in_gift(item: Exchanged) -> list[str]:
    lost = _lost_in_moodle(item)
    if item.max_mark != 1:
        lost.append("GIFT does not say its marks; only our own importer reads them from the comment.")
    return lost


def _lost_in_aiken(item: Exchanged) -> list[str]:
    lost = aiken.unsaid_in_aiken(item)
    return [f"Aiken loses {', '.join(lost)}."] if lost else []


_FORMATS = {
    "gift": _Format(_gift_files, _read_gift_files, _join_gift, _lost_in_gift, says_marks=False),
    "moodle-xml": _Format(_xml_files, _read_xml_files, _join_xml, _lost_in_moodle),
    "qti": _Format(_qti_files, _read_qti_files, _join_qti, lambda item: []),
    "aiken": _Format(_aiken_files, None, _join_aiken, _lost_in_aiken, says_marks=False),
}
