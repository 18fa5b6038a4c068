"""The field of a certificate's signature, written with everything else in the file, and the room in it that the signature fills.

A library that signs finished files reads the file again first and adds to it, which took as long as finding, proving and recording the
certificate together. What stands here is what pyHanko adds: an invisible field on the page, its dictionary outside the compressed
objects, and the note that tells readers of PDF 1.7 of the kind of signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pydyf

FIELD = "Signature"
_PRINTED, _LOCKED = 4, 128
# Three numbers of ten digits, and what stands around them.
_RANGES = b"[0 0 0 0]".ljust(len("[0 ]") + 3 * 11)
_EMPTY = re.compile(rb"/Contents (?P<room><0+>)/ByteRange (?P<ranges>" + re.escape(_RANGES) + rb")")


class NoRoom(ValueError):
    """The file has no room for a signature, or not enough."""


@dataclass(frozen=True)
class SignatureField:
    """What a signature says about itself, and ``room``: how many hexadecimal digits are kept free for it. ``at`` is aware."""

    at: datetime
    reason: str
    name: str
    room: int


class _Uncompressed(pydyf.Dictionary):  # type: ignore[misc]  # a package without types
    """Stands in the file as it is, so that the room can be found and filled."""

    compressible = False


def add_signature_field(pdf: pydyf.PDF, field: SignatureField) -> None:
    """Add the field to the first page of a file that is about to be written."""
    page = pdf.objects[pdf.pages["Kids"][0]]
    signature = _Uncompressed(
        {
            "Contents": b"<" + b"0" * field.room + b">",
            "ByteRange": _RANGES,
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "M": pydyf.String(field.at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")),
            "Name": pydyf.String(field.name),
            "Reason": pydyf.String(field.reason),
        }
    )
    pdf.add_object(signature)
    widget = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD),
            "TU": pydyf.String(field.reason),
            # PDF/A wants annotations printed; without an area there is nothing to print.
            "F": _PRINTED | _LOCKED,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": page.reference,
            "V": signature.reference,
        }
    )
    pdf.add_object(widget)
    form = pydyf.Dictionary({"Fields": pydyf.Array([widget.reference]), "SigFlags": 3})
    pdf.add_object(form)
    page["Annots"] = pydyf.Array([*page.get("Annots", []), widget.reference])
    pdf.catalog["AcroForm"] = form.reference
    pdf.catalog["Extensions"] = pydyf.Dictionary(
        {
            "ESIC": pydyf.Dictionary(
                {"Type": "/DeveloperExtensions", "BaseVersion": "/1.7", "ExtensionLevel": 1},
            )
        }
    )


@dataclass(frozen=True)
class Room:
    """A written file with its ranges filled in: ``signed`` is what the signature covers, the bytes before and after its room."""

    before: bytes
    digits: int
    after: bytes

    @property
    def signed(self) -> bytes:
        return self.before + self.after

    def filled(self, container: bytes) -> bytes:
        """Return the file with the container in its room; raise ``NoRoom`` where it is too long."""
        digits = container.hex().upper().encode()
        if len(digits) > self.digits:
            raise NoRoom(f"The signature takes {len(digits)} digits, and {self.digits} were kept for it.")
        return self.before + b"<" + digits.ljust(self.digits, b"0") + b">" + self.after


def room_in(pdf: bytes) -> Room:
    """Return the room of a file that ``add_signature_field`` prepared; raise ``NoRoom`` where there is none."""
    # The first is ours: all objects before it are compressed, and what was typed by anybody comes after it.
    found = _EMPTY.search(pdf)
    if found is None:
        raise NoRoom("This file was drawn without room for a signature.")
    start, end, (ranges, rest) = found.start("room"), found.end("room"), found.span("ranges")
    covered = f"[0 {start} {end} {len(pdf) - end}]".encode().ljust(rest - ranges)
    return Room(pdf[:start], len(found["room"]) - 2, pdf[end:ranges] + covered + pdf[rest:])
