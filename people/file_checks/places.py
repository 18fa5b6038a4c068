"""Pictures inside PDF and Office files, without the place a camera wrote into them.

A picture on its own is drawn anew. One inside a document keeps its points as they are; only what the camera noted beside them is taken
out: positions travel there. A document in which there is nothing to take out stays as it came, byte for byte.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pikepdf
from PIL import Image

from people.archives import UNREADABLE
from people.file_checks.packing import LARGEST_PICTURE, jpeg_in, pack_jpeg
from people.file_checks.refusing import FileRefused

JPEG, PNG, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
TIFF = (b"II*\0", b"MM\0*")
ORIENTATION, GPS = 0x0112, 0x8825
# Segments of a JPEG that hold what a camera or a program noted: EXIF and XMP, and captions.
NOTES = {0xE1, 0xED}
STANDALONE = {0x01, *range(0xD0, 0xD8)}
SCAN = 0xDA
NEXT_PICTURE = b"\xff\xd9\xff\xd8\xff"
PNG_NOTES = {b"eXIf", b"tEXt", b"iTXt", b"zTXt"}
RIFF_NOTES = {b"EXIF", b"XMP "}
# Flags of a WebP picture's header that announce the notes.
RIFF_FLAGS = 0x08 | 0x04
POSITION = re.compile(rb"GPSL(atitude|ongitude)|GPSPosition")


def office_without_places(content: bytes) -> bytes:
    """Return an Office file whose pictures say no place; the file itself where none of them notes anything."""
    try:
        return _rewritten(content)
    except UNREADABLE:
        raise FileRefused("This Office file is damaged inside. Save it anew and add it again.") from None


def _rewritten(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        changed = {}
        for part in file.infolist():
            if part.file_size <= LARGEST_PICTURE and _is_picture(file, part):
                before = file.read(part)
                after = picture_without_place(before)
                if after != before:
                    changed[part.filename] = after
        if not changed:
            return content
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in file.infolist():
                copy.writestr(part, changed.get(part.filename) or file.read(part), part.compress_type)
    return written.getvalue()


def pdf_without_places(content: bytes) -> bytes:
    """Return a PDF whose pictures and particulars say no place; the file itself where they note nothing."""
    with pikepdf.open(io.BytesIO(content)) as file:
        changed = [_without_notes(stream) for stream in file.objects if isinstance(stream, pikepdf.Stream)]
        changed += [
            _without_position(thing) for thing in file.objects if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream)
        ]
        if not any(changed):
            return content
        written = io.BytesIO()
        file.save(written, fix_metadata_version=False)
    return written.getvalue()


def picture_without_place(data: bytes) -> bytes:
    """Return a picture's bytes without what a camera noted beside its points; how it lies is kept."""
    ways: tuple[tuple[bool, Callable[[bytes], bytes]], ...] = (
        (data.startswith(JPEG), _jpeg),
        (data.startswith(PNG), _png),
        (data.startswith(RIFF) and data[8:12] == b"WEBP", _webp),
        (data.startswith(TIFF), _tiff),
    )
    return next((way(data) for is_it, way in ways if is_it), data)


def _is_picture(file: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with file.open(part) as opened:
        return opened.read(12).startswith((JPEG, PNG, RIFF, *TIFF))


def _jpeg(data: bytes) -> bytes:
    kept, place = [data[:2]], 2
    # A phone may append further pictures, each with notes of its own; the first is the one that is shown.
    scan_ends = data.find(NEXT_PICTURE)
    noted, last = scan_ends >= 0, scan_ends + 2 if scan_ends >= 0 else len(data)
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF or marker in STANDALONE:
            step = 1 if marker == 0xFF else 2
            kept.append(data[place : place + step])
            place += step
            continue
        if marker == SCAN:
            break
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if marker in NOTES or data[place + 4 : place + 8] == b"MPF\0":
            noted = True
        else:
            kept.append(data[place:end])
        place = end
    if not noted:
        return data
    return b"".join([kept[0], _how_it_lies(data), *kept[1:], data[place:last]])


def _how_it_lies(data: bytes) -> bytes:
    """Return a segment that says only how a JPEG lies, or nothing where it lies straight."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            lies = picture.getexif().get(ORIENTATION)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, Image.DecompressionBombError):
        return b""
    if lies not in range(2, 9):
        return b""
    notes = Image.Exif()
    notes[ORIENTATION] = lies
    body = notes.tobytes()
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _png(data: bytes) -> bytes:
    kept, place = [data[:8]], 8
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        if data[place + 4 : place + 8] not in PNG_NOTES:
            kept.append(data[place:end])
        place = end
    return b"".join([*kept, data[place:]])


def _webp(data: bytes) -> bytes:
    kept, place = [], 12
    while place + 8 <= len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        end = place + 8 + length + length % 2
        name, part = data[place : place + 4], data[place:end]
        if name == b"VP8X" and len(part) > 8:
            part = part[:8] + bytes([part[8] & ~RIFF_FLAGS]) + part[9:]
        if name not in RIFF_NOTES:
            kept.append(part)
        place = end
    body = b"WEBP" + b"".join(kept)
    return RIFF + len(body).to_bytes(4, "little") + body


def _tiff(data: bytes) -> bytes:
    """Return a TIFF as it is; refuse one that says where it was taken, for its parts cannot be taken out one by one."""
    try:
        with Image.open(io.BytesIO(data), formats=("TIFF",)) as picture:
            has_place = GPS in picture.getexif()
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, Image.DecompressionBombError):
        return data
    if has_place:
        raise FileRefused("A picture in this file says where it was taken. Put it in as JPEG and add the file again.")
    return data


def _without_notes(stream: pikepdf.Stream) -> bool:
    """Take the notes out of a picture that a PDF holds as a JPEG, packed once more or not; return whether there were any."""
    before = jpeg_in(stream)
    if before is None:
        return False
    # A PDF turns its pictures itself and reads no EXIF, so nothing of it need stay.
    after = picture_without_place(before)
    if after == before:
        return False
    pack_jpeg(stream, after)
    return True


def _without_position(thing: pikepdf.Object) -> bool:
    """Take the particulars away from a page, a picture or a file where they hold a position; return whether they did."""
    particulars = thing.get("/Metadata")
    if not isinstance(particulars, pikepdf.Stream):
        return False
    try:
        has_place = POSITION.search(particulars.read_bytes()) is not None
    except pikepdf.PdfError:
        has_place = True
    if has_place:
        del thing["/Metadata"]
    return has_place
