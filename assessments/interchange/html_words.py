"""HTML to our plain words: bold kept, paragraphs and lists as lines, pictures by name; everything else is left out.

The result holds no markup whatever stood in the source, so nothing has to be made harmless beforehand.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from posixpath import basename
from urllib.parse import unquote

from assessments.interchange.reading import NotRead
from assessments.interchange.texts import kept_words, one_line
from assessments.question_types.exchange import Picture

LONGEST_HTML = 200_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_DATA_PICTURE = re.compile(r"data:image/[a-z+.-]{1,20};base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "blockquote",
        "pre",
        "section",
        "article",
        "header",
        "footer",
    }
    | {"figure", "dl", "prompt"}
)
_LINES = frozenset(["br", "li", "tr", "dt", "dd", "hr", "caption", "figcaption"])
_LEFT_OUT = frozenset(["script", "style", "head", "title", "template", "noscript"])
_NOT_KEPT = {
    "audio": "A sound",
    "video": "A film",
    "object": "An object",
    "iframe": "A page of another site",
    "embed": "An object",
}
_SUPER = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_SUB = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
# Signs of our own between tags and words, which no text brings along.
_INNER = str.maketrans("\n\r\t", "   ", "\x02\x03\x04")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@dataclass
class Pictures:
    """Pictures a question brings. ``find`` gives the bytes of a source that came along, None for any other."""

    find: Callable[[str], bytes | None] = lambda source: None
    kept: dict[str, Picture] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)

    def take(self, source: str, alt: str) -> str:
        """Return what stands in a text for a picture: its place, or the words for one that did not come along."""
        content = self.find(source)
        if content is None:
            name = one_line(basename(source))[:60] or "without a name"
            self.warn(f"The picture ‘{name}’ did not come along; its words stand in its place.")
            return alt
        if source not in self._names:
            self._names[source] = name = self._fresh_name(source)
            self.kept[name] = Picture(content, one_line(alt))
        return f"[[picture:{self._names[source]}]]"

    def _fresh_name(self, source: str) -> str:
        """Return the name of the file where it can be one, else a number."""
        name = basename(source).rpartition(".")[0]
        is_name = _NAME.fullmatch(name) and name not in self.kept and not name.startswith("written-out-")
        return name if is_name else f"picture{len(self.kept) + 1}"

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


class WordsWriter:
    """Takes tags and text one after the other and makes words of them."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self._pieces: list[str] = []
        self._left_out = 0
        self._raised: list[tuple[str, int]] = []
        self._lists: list[int | None] = []

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag in _LEFT_OUT:
            self._left_out += 1
        elif tag in ("b", "strong"):
            self._pieces.append("\x02")
        elif tag in ("sup", "sub"):
            self._raised.append((tag, len(self._pieces)))
        elif tag == "img":
            self._pieces.append(self.pictures.take(unquote(attributes.get("src") or ""), attributes.get("alt") or ""))
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
            self._pieces.append("\n\n" if len(self._lists) == 1 else "\n")
        elif tag == "li":
            self._pieces.append("\n" + self._item())
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif tag in _LINES:
            self._pieces.append("\n")
        elif tag in _BLOCKS:
            self._pieces.append("\n" if self._lists else "\n\n")
        elif tag in _NOT_KEPT:
            self.pictures.warn(f"{_NOT_KEPT[tag]} is not kept.")

    def end(self, tag: str) -> None:
        if tag in _LEFT_OUT:
            self._left_out = max(self._left_out - 1, 0)
        elif tag in ("b", "strong"):
            self._pieces.append("\x03")
        elif tag in ("sup", "sub") and self._raised:
            self._raise(*self._raised.pop())
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
            self._pieces.append("\n\n" if not self._lists else "\n")
        elif tag in ("td", "th"):
            self._pieces.append("\x04")
        elif tag in _BLOCKS:
            self._pieces.append("\n" if self._lists else "\n\n")

    def data(self, text: str) -> None:
        """Take text, in which line ends are blanks as they are in HTML."""
        if not self._left_out:
            self._pieces.append(text.translate(_INNER))

    def put(self, text: str) -> None:
        """Put in words as they are: the place of a gap."""
        self._pieces.append(text)

    def words(self) -> str:
        """Return everything taken so far as plain words."""
        text = _bold("".join(self._pieces))
        return kept_words(re.sub(r"\x04(?=\s*(?:\n|$))", "", text).replace("\x04", ";"))

    def _item(self) -> str:
        if self._lists and self._lists[-1] is not None:
            number = self._lists[-1] + 1
            self._lists[-1] = number
            return f"{number}. "
        return "- "

    def _raise(self, tag: str, since: int) -> None:
        inside = "".join(self._pieces[since:]).strip()
        del self._pieces[since:]
        table, sign = (_SUPER, "^") if tag == "sup" else (_SUB, "_")
        if not inside:
            return
        small = inside.translate(table)
        is_small = all(ord(letter) in table for letter in inside)
        self._pieces.append(small if is_small else f"{sign}({inside})")


def _bold(text: str) -> str:
    """Turn the marks of bold into stars, paragraph by paragraph and without blanks inside them; bold of nothing is none."""
    out: list[str] = []
    depth = 0
    opened = 0
    for piece in re.split("([\x02\x03]|\n+)", text):
        if piece == "\x02":
            depth += 1
            if depth == 1:
                opened = len(out)
        elif piece == "\x03":
            if depth == 1:
                _close(out, opened)
            depth = max(depth - 1, 0)
        elif depth and piece.startswith("\n"):
            _close(out, opened)
            out.append(piece)
            opened = len(out)
        else:
            out.append(piece)
    if depth:
        _close(out, opened)
    return "".join(out)


def _close(out: list[str], opened: int) -> None:
    inside = "".join(out[opened:])
    words = inside.strip()
    if not words or "**" in words:
        return
    before = inside[: len(inside) - len(inside.lstrip())]
    after = inside[len(inside.rstrip()) :]
    out[opened:] = [f"{before}**{words}**{after}"]


class _Reader(HTMLParser):
    def __init__(self, writer: WordsWriter) -> None:
        super().__init__(convert_charrefs=True)
        self._writer = writer

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._writer.start(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._writer.start(tag, dict(attrs))
        if tag not in ("br", "img", "hr"):
            self._writer.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._writer.end(tag)

    def handle_data(self, data: str) -> None:
        self._writer.data(data)


def words_of_html(html: str, pictures: Pictures | None = None) -> str:
    """Return the plain words of a piece of HTML; pictures in it that came along are added to ``pictures``."""
    pictures = pictures if pictures is not None else Pictures()
    if "<" not in html and "&" not in html:
        return kept_words(html.replace("\n", " "))
    if "data:image" in html:
        html = _DATA_PICTURE.sub(lambda match: _lifted(match, pictures), html)
    if len(html) > LONGEST_HTML:
        raise NotRead(
            f"A text of this question is longer than {LONGEST_HTML:,} characters. Shorten it and import it again."
        )
    writer = WordsWriter(pictures)
    reader = _Reader(writer)
    reader.feed(html)
    reader.close()
    return writer.words()


def _lifted(match: re.Match[str], pictures: Pictures) -> str:
    """Take a picture that is written out in its own address, and leave a short address in its place."""
    try:
        content = base64.b64decode("".join(match[1].split()), validate=True)
    except (binascii.Error, ValueError):
        return ""
    source = f"written-out-{len(pictures.kept) + 1}-{len(content)}"
    found = pictures.find
    pictures.find = lambda asked: content if asked == source else found(asked)
    return source


def html_of_words(text: str, source_of: Callable[[str], tuple[str, str]] | None = None) -> str:
    """Return plain words as HTML: the inverse of ``words_of_html``. ``source_of`` gives a picture's address and words by its name."""
    paragraphs = re.split(r"\n{2,}", text)
    blocks = [_inline(paragraph, source_of).replace("\n", "<br>") for paragraph in paragraphs]
    return "".join(f"<p>{block}</p>" for block in blocks) if len(blocks) > 1 else blocks[0]


def is_plain(text: str) -> bool:
    """Return whether words say the same as HTML and as plain text."""
    return not re.search(r"[<>&\n]|\*\*|\[\[", text)


def _inline(text: str, source_of: Callable[[str], tuple[str, str]] | None) -> str:
    html = _EMPHASIS.sub(r"<b>\1</b>", escape(text, quote=False))
    if source_of is None:
        return html

    def picture(match: re.Match[str]) -> str:
        source, alt = source_of(match[1])
        return f'<img src="{escape(source)}" alt="{escape(alt)}">'

    return re.sub(r"\[\[picture:([^\]]+)\]\]", picture, html)
