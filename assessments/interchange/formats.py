"""The formats there are, told by the content of a file and never by its name; and reading a file in one of them."""

from __future__ import annotations

import re
from typing import Literal

from assessments.interchange import aiken
from assessments.interchange.archives import Package
from assessments.interchange.gift_reading import read_gift
from assessments.interchange.moodle_reading import read_moodle_xml
from assessments.interchange.qti.packages import read_one, read_package, why_not_read
from assessments.interchange.reading import MOST_BYTES, Reading, Unreadable
from assessments.interchange.texts import decoded, refuse_others
from assessments.interchange.xml_tree import Node, read_xml

Format = Literal["gift", "moodle-xml", "qti", "aiken"]
LABELS: dict[str, str] = {"gift": "GIFT", "moodle-xml": "Moodle XML", "qti": "QTI 2.1 and 2.2", "aiken": "Aiken"}
_GIFT = re.compile(r"(?<!\\)\{|^::|^\$CATEGORY:", re.MULTILINE)
_OPTION = re.compile(r"^[ \t]*[A-Z][).][ \t]*\S", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*ANSWER:", re.MULTILINE | re.IGNORECASE)
NO_QUESTIONS = "The file has no questions that we can read. Save them as GIFT, Moodle XML, Aiken or a QTI package."


def read_file(content: bytes, *, format: str = "") -> Reading:
    """Return every question of a file, whole or named; raises ``Unreadable``. ``format`` '' finds it out from the content."""
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Divide it.")
    refuse_others(content)
    if content.startswith(b"PK"):
        return _in("qti", format, Package(content))
    if _is_xml(content):
        return _in(_kind_of(root := read_xml(content)), format, root)
    return _in_text(decoded(content), format)


def _is_xml(content: bytes) -> bool:
    head = content[:400]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    elif b"\x00" in head:
        head = head.replace(b"\x00", b"")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return re.match(rb"<(\?xml|!--|!doctype|[a-z])", start) is not None


def _kind_of(root: Node) -> str:
    if root.name == "quiz":
        return "moodle-xml"
    if root.name in ("assessmentItem", "assessmentTest", "assessmentSection"):
        return "qti"
    if why := why_not_read(root):
        raise Unreadable(why)
    if root.name.lower() == "html":
        raise Unreadable("The file is a web page. Save the questions as GIFT, Moodle XML, Aiken or a QTI package.")
    raise Unreadable(f"The file is XML, and ‘{root.name[:40]}’ is neither Moodle XML nor QTI.")


def _in(found: str, wanted: str, inside: Package | Node) -> Reading:
    if wanted and wanted != found:
        raise Unreadable(
            f"The file is {LABELS[found]}, not {LABELS[wanted]}. Leave the format out, or choose the other."
        )
    if isinstance(inside, Package):
        return _some(found, read_package(inside))
    return _some(found, read_moodle_xml(inside) if found == "moodle-xml" else read_one(inside))


def _in_text(text: str, wanted: str) -> Reading:
    if wanted in ("moodle-xml", "qti"):
        raise Unreadable(f"The file is text and not {LABELS[wanted]}. Leave the format out, or choose another file.")
    has_keys = bool(_KEY.search(text)) and len(_OPTION.findall(text)) > 1
    format = wanted or ("aiken" if has_keys else "gift" if _GIFT.search(text) else "")
    if not format:
        raise Unreadable(NO_QUESTIONS)
    return _some(format, aiken.read_aiken(text) if format == "aiken" else read_gift(text))


def _some(format: str, found: list) -> Reading:  # type: ignore[type-arg]
    if not found:
        raise Unreadable(NO_QUESTIONS)
    return Reading(format, found)
