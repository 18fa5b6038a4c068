"""What ISO 14289-1 (PDF/UA-1) and ISO 19005-3 (PDF/A-3a) ask of a file, as far as it shows: read with pikepdf, no code of ours.

``faults`` answers with a sentence for each rule that is broken, none where all hold. It stands in for veraPDF, which is in no registry
that this project installs from; docs/certificates.md says what it cannot see.
"""

from __future__ import annotations

import io

import pikepdf

from tests.pdf_norms import claims, content, files, fonts, headings, links, lists, tables
from tests.pdf_norms.tree import read_tree


def faults(pdf: bytes, *, archival: bool = True) -> list[str]:
    """Return what is wrong with a file as a PDF/UA-1 file and, unless it is not ``archival``, as a PDF/A-3a file."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if "/StructTreeRoot" not in document.Root:
            return ["7.1: the file has no structure"]
        tree, found = read_tree(document)
        for rules in (claims, content, fonts, headings, links, lists, tables):
            found += rules.faults(document, tree)
        found += claims.of_accessibility(document)
        if archival:
            found += claims.of_archives(document, pdf) + links.of_archives(document)
            found += files.faults(document, tree)
    return found
