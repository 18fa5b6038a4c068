"""Finding the code of one of our certificates in a file that is not byte for byte ours: edited, printed anew, or somebody else's.

The file comes from a stranger, so nothing here is a reader of PDF: streams are inflated within a budget and searched for two texts. What
is found is only a code to look up; what is shown then comes from our record, never from the file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from cpd_records.certificate_codes import ALPHABET, LENGTH

# The opening that is attached (JSON within JSON, so quotation marks are escaped), and the address the page links to.
_CODE = re.compile(
    rb'(?:/verify/|subject\\?"\s*:\s*\\?")([%s]{%d})(?![%s])' % (ALPHABET.encode(), LENGTH, ALPHABET.encode())
)
_STREAM = re.compile(rb"stream\r?\n")
MOST_STREAMS = 400
MOST_OF_A_STREAM = 256 * 1024
MOST_INFLATED = 4 * 1024 * 1024
MOST_CODES = 5


def codes_in(pdf: bytes) -> list[str]:
    """Return the codes that stand in a file, each once, at most five; the order is that of the file."""
    found: dict[str, None] = {}
    for text in _texts(pdf):
        for match in _CODE.finditer(text):
            found[match[1].decode()] = None
            if len(found) == MOST_CODES:
                return list(found)
    return list(found)


def _texts(pdf: bytes) -> Iterator[bytes]:
    yield pdf
    budget = MOST_INFLATED
    for number, start in enumerate(_STREAM.finditer(pdf)):
        if number == MOST_STREAMS or budget <= 0:
            return
        try:
            inflated = zlib.decompressobj().decompress(pdf[start.end() :], min(MOST_OF_A_STREAM, budget))
        except zlib.error:
            continue
        budget -= len(inflated)
        yield inflated
