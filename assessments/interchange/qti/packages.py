"""A QTI file: one item, or a package with a manifest that names its items."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from urllib.parse import unquote

from assessments.interchange.archives import Package
from assessments.interchange.qti.items import read_item
from assessments.interchange.reading import Found, Skipped, Unreadable
from assessments.interchange.xml_tree import Node, read_xml

MANIFEST = "imsmanifest.xml"
OLD = "It is QTI 1.2, which is not read. Export it as QTI 2.1 or 2.2."
NEW = "It is QTI 3.0, which is not read yet. Export it as QTI 2.1 or 2.2."


def read_one(root: Node) -> list[Found]:
    """Return the question of a file that is one item by itself; pictures cannot come along."""
    if root.name == "assessmentItem":
        return [read_item(root, find=lambda path: None)]
    if root.name in ("assessmentTest", "assessmentSection"):
        raise Unreadable("The file is a QTI test without its questions. Import the package that holds both.")
    raise Unreadable(why_not_read(root) or "The file is XML and no question of QTI.")


def why_not_read(root: Node) -> str:
    """Return why a root element is another version of QTI, as a sentence; nothing for any other."""
    if root.name == "questestinterop":
        return f"The file cannot be read. {OLD}"
    if root.name.startswith("qti-"):
        return f"The file cannot be read. {NEW}"
    return ""


def read_package(package: Package) -> list[Found]:
    """Return every question a package has, in the order of its manifest."""
    manifest = next((path for path in sorted(package.paths(), key=len) if path.rpartition("/")[2] == MANIFEST), None)
    if manifest is None:
        raise Unreadable("The archive has no imsmanifest.xml, so it is no QTI package.")
    folder = dirname(manifest)
    paths = _items_named(read_xml(package.read(manifest)), folder)
    found = [_read(package, path) for path in paths]
    kept = [one for one in found if one is not None]
    if not kept:
        raise Unreadable("The package names no question of QTI 2.1 or 2.2.")
    return kept


def _items_named(manifest: Node, folder: str) -> list[str]:
    paths = []
    for resource in manifest.all("resource"):
        kind = resource.get("type").lower()
        if "item" not in kind and "qti" not in kind:
            continue
        href = resource.get("href") or next((file.get("href") for file in resource.children("file")), "")
        if href:
            paths.append(normpath(join(folder, unquote(href))))
    return list(dict.fromkeys(paths))


def _read(package: Package, path: str) -> Found | None:
    """Return the question in a file of the package; None for a file that is none, such as its test."""
    name = path.rpartition("/")[2]
    if not package.has(path):
        return Skipped(0, name, f"The manifest names {path[-80:]}, and the package does not have it.")
    try:
        root = read_xml(package.read(path))
    except Unreadable as reason:
        return Skipped(0, name, str(reason))
    if root.name == "assessmentItem":
        return read_item(
            root,
            find=lambda asked: package.read(asked) if package.has(asked) else None,
            folder=dirname(path),
            name=name,
        )
    if why_not_read(root):
        return Skipped(root.line, name, OLD if root.name == "questestinterop" else NEW)
    return None
