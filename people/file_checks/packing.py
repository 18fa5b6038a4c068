"""How a PDF packs a JPEG a second time: as text, by runs, deflated. Undone and done again, so that what is in it can be looked at.

Nothing is unpacked into more than a picture may be, whatever it says of itself.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable

import pikepdf

from people.file_checks.refusing import FileRefused

LARGEST_PICTURE = 60 * 1024 * 1024
JPEG_FILTERS = ("/DCTDecode", "/DCT")
SPACE = re.compile(rb"[\0\t\n\f\r ]+")
END_OF_DATA = 128
UNREADABLE = "A picture in this PDF is packed so that it cannot be checked. Save the PDF anew and add it again."


def jpeg_in(stream: pikepdf.Stream) -> bytes | None:
    """Return the JPEG that a stream holds, unpacked as far as that; None where it holds none. Refuses one that cannot be unpacked."""
    filters, parms = _filters(stream)
    place = next((n for n, name in enumerate(filters) if name in JPEG_FILTERS), None)
    if place is None:
        return None
    data = bytes(stream.read_raw_bytes())
    for name, settings in zip(filters[:place], parms, strict=False):
        data = _undone(name, settings, data)
    return data


def pack_jpeg(stream: pikepdf.Stream, jpeg: bytes) -> None:
    """Put a JPEG into a stream that holds one already, deflated where it was packed in any way; how it is drawn stays."""
    filters, parms = _filters(stream)
    place = next(n for n, name in enumerate(filters) if name in JPEG_FILTERS)
    kept, drawn = filters[place:], parms[place:]
    if place:
        jpeg, kept, drawn = zlib.compress(jpeg), ["/FlateDecode", *kept], [None, *drawn]
    stream.write(
        jpeg,
        filter=pikepdf.Array([pikepdf.Name(name) for name in kept]),
        decode_parms=pikepdf.Array(drawn) if any(settings is not None for settings in drawn) else None,
    )


def _filters(stream: pikepdf.Stream) -> tuple[list[str], list[pikepdf.Object | None]]:
    """Return the names of a stream's filters in the order they are undone, with the settings of each."""
    found = stream.get("/Filter")
    names = [str(name) for name in found] if isinstance(found, pikepdf.Array) else [str(found)] if found else []
    given = stream.get("/DecodeParms")
    several = list(given) if isinstance(given, pikepdf.Array) else [given]
    settings: list[pikepdf.Object | None] = [each if isinstance(each, pikepdf.Dictionary) else None for each in several]
    return names, [*settings, *[None] * len(names)][: len(names)]


def _undone(name: str, settings: pikepdf.Object | None, data: bytes) -> bytes:
    way = WAYS.get(name)
    # A predictor is for points in rows; a JPEG has none, so nobody packs one so by chance.
    if way is None or (settings is not None and settings.get("/Predictor", 1) != 1):
        raise FileRefused(UNREADABLE)
    try:
        unpacked = way(data)
    except (ValueError, zlib.error, IndexError):
        raise FileRefused(UNREADABLE) from None
    if len(unpacked) > LARGEST_PICTURE:
        raise FileRefused(UNREADABLE)
    return unpacked


def _inflated(data: bytes) -> bytes:
    # A stream that is cut off is read as far as it goes, as readers of PDFs do.
    return zlib.decompressobj().decompress(data, LARGEST_PICTURE + 1)


def _from_base_85(data: bytes) -> bytes:
    text = SPACE.sub(b"", data).removeprefix(b"<~").partition(b"~")[0]
    return base64.a85decode(text)


def _from_hexadecimal(data: bytes) -> bytes:
    digits = SPACE.sub(b"", data).partition(b">")[0]
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _from_runs(data: bytes) -> bytes:
    unpacked, place = bytearray(), 0
    while place < len(data) and data[place] != END_OF_DATA and len(unpacked) <= LARGEST_PICTURE:
        length = data[place]
        if length < END_OF_DATA:
            unpacked += data[place + 1 : place + 2 + length]
            place += 2 + length
        else:
            unpacked += bytes([data[place + 1]]) * (257 - length)
            place += 2
    return bytes(unpacked)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "/FlateDecode": _inflated,
    "/Fl": _inflated,
    "/ASCII85Decode": _from_base_85,
    "/A85": _from_base_85,
    "/ASCIIHexDecode": _from_hexadecimal,
    "/AHx": _from_hexadecimal,
    "/RunLengthDecode": _from_runs,
    "/RL": _from_runs,
}
