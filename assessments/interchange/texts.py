"""Bytes to text: UTF-8, UTF-16 or Windows-1252, told by the content; and what of a text can be kept."""

from __future__ import annotations

import re
import unicodedata

from assessments.interchange.reading import Unreadable
from assessments.question_types.words import hidden_sign

_TAG_OPENS = re.compile(r"<(?=/?[A-Za-z!])")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_AROUND_BREAK = re.compile(r" *\n *")
_MANY_BREAKS = re.compile(r"\n{3,}")
NO_TEXT = "The file is not text. Save the questions as GIFT, Moodle XML, Aiken or a QTI package."
# What people hand in by mistake, by its first bytes.
_OTHERS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed in a way that is not read"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"{\\rt", "a text document"),
    (b"7z\xbc\xaf", "compressed in a way that is not read"),
)


def refuse_others(content: bytes) -> None:
    """Raise ``Unreadable`` for what is no file of questions by its first bytes."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise Unreadable("The file is empty. Choose the file that has the questions.")
    for beginning, what in _OTHERS:
        if content.startswith(beginning):
            raise Unreadable(f"The file is {what}. Save the questions as GIFT, Moodle XML, Aiken or a QTI package.")


def decoded(content: bytes) -> str:
    """Return the text of a file with line ends of one kind."""
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    head = text[:4096]
    strange = sum(unicodedata.category(sign) == "Cc" and sign not in "\n\t\f\x0b" for sign in head)
    if strange > len(head) / 10:
        raise Unreadable(NO_TEXT)
    return text


def _decoded(content: bytes) -> str:
    codecs = ["utf-8", "cp1252"]
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise Unreadable("The file is in UTF-32, which is not read. Save it in UTF-8.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        codecs = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        codecs = ["utf-8-sig"]
    elif wide := _wide_without_mark(content[:4096]):
        codecs = [wide]
    for codec in codecs:
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is neither UTF-8 nor Windows text. Save it in UTF-8.")


def _wide_without_mark(head: bytes) -> str:
    """Return the name of UTF-16 without a mark, of which every second byte of most writing is nought; '' where it is none."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) > 3 and max(even, odd) > 0.4 * len(head) / 2 and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return ""


def kept_words(text: str) -> str:
    """Return a text as questions keep it: no signs that cannot be seen, no tags, no blanks at the ends of lines.

    What reads as a tag and is none, such as ``<html>`` in a question about HTML, gets a blank after its bracket and stays readable.
    """
    if hidden_sign(text):
        text = "".join(sign for sign in text if sign in "\n\t" or not hidden_sign(sign))
    if "<" in text:
        text = _TAG_OPENS.sub("< ", text)
    text = _AROUND_BREAK.sub("\n", _BLANKS.sub(" ", text))
    return _MANY_BREAKS.sub("\n\n", text).strip()


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(kept_words(text).split())


def named(name: str, text: str) -> str:
    """Return what a question is called: its name in the file, else the beginning of its text."""
    words = one_line(name) or one_line(text)
    return words if len(words) <= 80 else words[:79].rstrip() + "…"
