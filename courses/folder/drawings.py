"""Drawings in SVG: shapes and words only. What could run, load, link or animate is refused by name, because it is not on the list.

A drawing is shown by ``<img>``, where a browser runs nothing; the list is for whoever opens the file by itself.
"""

from __future__ import annotations

import re

from assessments.interchange.reading import Unreadable
from assessments.interchange.xml_tree import Node, read_xml

SVG = "http://www.w3.org/2000/svg"
MOST_PARTS = 5_000
MOST_SIDE = 4_000
ELEMENTS = frozenset(
    [
        "svg",
        "title",
        "desc",
        "defs",
        "marker",
        "g",
        "path",
        "line",
        "polyline",
        "polygon",
        "rect",
        "circle",
        "ellipse",
        "text",
        "tspan",
        "linearGradient",
        "stop",
        "clipPath",
    ]
)
ATTRIBUTES = frozenset(
    [
        "id",
        "role",
        "aria-labelledby",
        "aria-hidden",
        "lang",
        "viewBox",
        "preserveAspectRatio",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "d",
        "points",
        "transform",
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-dasharray",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-opacity",
        "opacity",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "clip-path",
        "clip-rule",
        "clipPathUnits",
        "marker-start",
        "marker-mid",
        "marker-end",
        "markerWidth",
        "markerHeight",
        "markerUnits",
        "orient",
        "refX",
        "refY",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "letter-spacing",
        "text-anchor",
        "dominant-baseline",
        "textLength",
        "lengthAdjust",
        "direction",
    ]
)
_HERE = re.compile(r"url\(#[A-Za-z][A-Za-z0-9_-]*\)")
_OUTSIDE = re.compile(r"url\s*\(|[a-z][a-z0-9+.-]*:|//|\\|@|&", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(\.\d+)?")


def wrong_drawing(content: bytes) -> str:
    """Return why a drawing cannot be used, as a sentence that names the line, or nothing."""
    try:
        root = read_xml(content)
    except Unreadable as refusal:
        return str(refusal)
    if root.name != "svg" or root.namespace != SVG:
        return "This is not a drawing in SVG: its first element is not svg."
    if b"<!" in content.replace(b"<!--", b"") or content.count(b"<?") > content.startswith(b"<?xml "):
        return "A drawing declares nothing and names no style sheet: take out what begins with <! or <?."
    for count, node in enumerate((root, *root.all()), 1):
        if count > MOST_PARTS:
            return f"This drawing has more than {MOST_PARTS:,} parts. Make it simpler, or use a PNG."
        if reason := _wrong_part(node):
            return f"Line {node.line}: {reason}"
    return _wrong_whole(root)


def _wrong_part(node: Node) -> str:
    if node.namespace != SVG or node.name not in ELEMENTS:
        return f"a drawing has shapes and words only, so '{node.name}' is refused. Draw it, or use a PNG."
    for name, value in node.attributes.items():
        if name not in ATTRIBUTES:
            return f"'{name}' of '{node.name}' is refused: colours and places are given as plain attributes."
        if name not in ("aria-labelledby", "lang") and _OUTSIDE.search(_HERE.sub("", value)):
            return f"'{name}' of '{node.name}' names something outside the drawing."
    return ""


def _wrong_whole(root: Node) -> str:
    sides = [root.get("width"), root.get("height")]
    if not all(_NUMBER.fullmatch(side) and 0 < float(side) <= MOST_SIDE for side in sides):
        return f"Say how large the drawing is: width and height of svg in whole points, at most {MOST_SIDE:,}."
    title = root.child("title")
    if title is None or not title.text().strip():
        return "A drawing begins with a title, which a screen reader says when the drawing is opened by itself."
    return ""
