"""No place travels inside a document: pictures in PDF and Office files lose what a camera noted, and nothing else of them changes."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, TiffImagePlugin

from cpd_records.evidence_files import CheckedFile, FileRefused, checked_file
from people.file_checks.places import picture_without_place
from tests.cpd_records.cpd_acts import office, pdf, photograph

GPS = 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>51,30.0N</exif:GPSLatitude></x:xmpmeta>'


def check(name: str, content: bytes) -> CheckedFile:
    return checked_file(SimpleUploadedFile(name, content))


def notes(data: bytes) -> Image.Exif:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.getexif()


def pdf_with(picture: bytes, **more: Any) -> bytes:
    """Return a PDF that holds a JPEG as it is."""
    written = io.BytesIO()
    with pikepdf.new() as file:
        page = file.add_blank_page()
        image = file.make_stream(picture, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, **more)
        image.Width, image.Height, image.BitsPerComponent = 40, 20, 8
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=image))
        file.save(written)
    return written.getvalue()


def pdf_with_packed(data: bytes, filters: list[str], parms: Any = None) -> bytes:
    """Return a PDF, written by hand, whose picture is packed by these filters; nothing packs or unpacks it on the way."""
    settings = f" /DecodeParms {parms}" if parms else ""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Resources << /XObject << /Photo 4 0 R >> >> >>",
        f"<< /Type /XObject /Subtype /Image /Width 40 /Height 20 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
        f" /Filter [{' '.join(filters)}]{settings} /Length {len(data)} >>\nstream\n".encode()
        + data
        + b"\nendstream",
    ]
    written, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    return written + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def by_runs(data: bytes) -> bytes:
    """Return data packed by runs: stretches as they are, and the last byte as a run of two."""
    parts = [data[at : at + 128] for at in range(0, len(data), 128)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts) + bytes([255, 0, 128])


def in_hexadecimal(data: bytes) -> bytes:
    return data.hex(" ", 30).encode() + b">"


def in_base_85(data: bytes) -> bytes:
    return base64.a85encode(data, wrapcol=70) + b"~>"


def picture_in(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as file:
        return bytes(file.pages[0].Resources.XObject.Photo.read_raw_bytes())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_in_an_office_file_keeps_its_points_and_loses_its_place(kind: str) -> None:
    picture = photograph(kind)
    assert GPS in notes(picture)
    kept = check("report.docx", office("word/document.xml", **{"word/media/image1": picture}))
    with zipfile.ZipFile(io.BytesIO(kept.content)) as package:
        assert package.namelist() == ["[Content_Types].xml", "word/document.xml", "word/media/image1"]
        after = package.read("word/media/image1")
        assert package.read("word/document.xml") == b"x"
    assert GPS not in notes(after)
    with Image.open(io.BytesIO(picture)) as before, Image.open(io.BytesIO(after)) as now:
        assert ImageChops.difference(before.convert("RGB"), now.convert("RGB")).getbbox() is None


def test_how_a_photo_lies_is_kept_and_nothing_else_of_what_was_noted() -> None:
    after = notes(picture_without_place(photograph()))
    assert dict(after) == {0x0112: 6}


def test_a_second_picture_behind_the_first_goes_with_its_notes() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(plain, "JPEG")
    assert picture_without_place(plain.getvalue() + photograph()) == plain.getvalue()


def test_a_document_without_a_place_stays_byte_for_byte() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(plain, "JPEG")
    for name, content in (
        ("a.docx", office("word/document.xml", **{"word/media/image1.jpeg": plain.getvalue()})),
        ("a.pdf", pdf_with(plain.getvalue())),
        ("b.pdf", pdf()),
    ):
        assert check(name, content).content == content


def test_a_photo_in_a_pdf_loses_its_place() -> None:
    content = pdf_with(photograph())
    assert GPS in notes(picture_in(content))
    after = picture_in(check("scan.pdf", content).content)
    assert GPS not in notes(after)


@pytest.mark.parametrize(
    ("filters", "pack"),
    [
        (["/FlateDecode"], zlib.compress),
        (["/Fl"], zlib.compress),
        (["/ASCII85Decode"], in_base_85),
        (["/ASCIIHexDecode"], in_hexadecimal),
        (["/RunLengthDecode"], by_runs),
        (["/ASCII85Decode", "/FlateDecode"], lambda data: in_base_85(zlib.compress(data))),
        (["/FlateDecode", "/FlateDecode"], lambda data: zlib.compress(zlib.compress(data))),
    ],
)
def test_a_photo_that_a_pdf_packs_once_more_loses_its_place_and_keeps_its_points(
    filters: list[str], pack: Callable[[bytes], bytes]
) -> None:
    picture = photograph()
    kept = check("scan.pdf", pdf_with_packed(pack(picture), [*filters, "/DCTDecode"])).content
    with pikepdf.open(io.BytesIO(kept)) as file:
        photo = file.pages[0].Resources.XObject.Photo
        assert [str(name) for name in photo.Filter] == ["/FlateDecode", "/DCTDecode"]
        after = zlib.decompress(photo.read_raw_bytes())
    assert GPS not in notes(after)
    with Image.open(io.BytesIO(picture)) as before, Image.open(io.BytesIO(after)) as now:
        assert ImageChops.difference(before, now).getbbox() is None


def test_how_a_packed_photo_is_drawn_stays_with_it() -> None:
    content = pdf_with_packed(
        zlib.compress(photograph()), ["/FlateDecode", "/DCTDecode"], "[null << /ColorTransform 0 >>]"
    )
    with pikepdf.open(io.BytesIO(check("scan.pdf", content).content)) as file:
        outer, drawn = file.pages[0].Resources.XObject.Photo.DecodeParms
        assert outer is None
        assert drawn.ColorTransform == 0


def test_a_packed_picture_that_notes_nothing_stays_byte_for_byte() -> None:
    plain = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(plain, "JPEG")
    content = pdf_with_packed(zlib.compress(plain.getvalue()), ["/FlateDecode", "/DCTDecode"])
    assert check("scan.pdf", content).content == content


@pytest.mark.parametrize(
    ("data", "filters", "parms"),
    [
        (b"as it is", ["/LZWDecode"], None),
        (b"no deflated data", ["/FlateDecode"], None),
        (b"nothing hexadecimal>", ["/ASCIIHexDecode"], None),
        (zlib.compress(b"in rows"), ["/FlateDecode"], "[<< /Predictor 12 >> null]"),
        (zlib.compress(b"in rows"), ["/FlateDecode"], "[<< /Predictor /Odd >> null]"),
        (zlib.compress(bytes(61 * 1024 * 1024)), ["/FlateDecode"], None),
        (zlib.compress(zlib.compress(bytes(130 * 1024 * 1024), 1)), ["/FlateDecode", "/FlateDecode"], None),
        (bytes([129, 0]) * 500_000, ["/RunLengthDecode"], None),
    ],
    ids=[
        "unknown",
        "damaged",
        "no digits",
        "in rows",
        "oddly in rows",
        "too large",
        "far too large",
        "too large by runs",
    ],
)
def test_a_picture_that_cannot_be_unpacked_is_refused_by_a_sentence(
    data: bytes, filters: list[str], parms: str | None
) -> None:
    with pytest.raises(FileRefused, match=r"packed so that it cannot be checked. Save the PDF anew"):
        check("scan.pdf", pdf_with_packed(data, [*filters, "/DCTDecode"], parms))


def test_particulars_of_a_pdf_that_hold_a_position_are_taken_away_and_others_stay() -> None:
    for words, stays in ((XMP, False), (b"<x:xmpmeta>A title</x:xmpmeta>", True)):
        written = io.BytesIO()
        with pikepdf.new() as file:
            file.add_blank_page()
            file.Root.Metadata = file.make_stream(words, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
            file.save(written, fix_metadata_version=False)
        kept = check("a.pdf", written.getvalue()).content
        with pikepdf.open(io.BytesIO(kept)) as file:
            assert ("/Metadata" in file.Root) is stays
        assert b"GPSLatitude" not in kept


def test_a_tiff_that_says_its_place_is_refused_by_a_sentence() -> None:
    noted = TiffImagePlugin.ImageFileDirectory_v2()
    noted.tagtype[GPS], noted[GPS] = 4, 8
    placed = io.BytesIO()
    Image.new("RGB", (4, 4)).save(placed, "TIFF", tiffinfo=noted)
    with pytest.raises(FileRefused, match=r"says where it was taken. Put it in as JPEG"):
        check("a.docx", office("word/document.xml", **{"word/media/image1.tiff": placed.getvalue()}))


def test_an_office_file_that_is_damaged_inside_is_refused_and_no_fault() -> None:
    content = office("word/document.xml", **{"word/media/image1.jpeg": photograph()})
    at = content.index(b"word/media/image1.jpeg") + 60
    with pytest.raises(FileRefused, match=r"damaged inside|not an Office file"):
        check("a.docx", content[:at] + bytes(40) + content[at + 40 :])


@pytest.mark.parametrize(
    "annotation",
    [
        {"Subtype": pikepdf.Name.Link, "A": pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")},
        {
            "Subtype": pikepdf.Name.Widget,
            "AA": pikepdf.Dictionary(U=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x")),
        },
        {"Subtype": pikepdf.Name.FileAttachment, "FS": pikepdf.Dictionary(EF=pikepdf.Dictionary())},
        {"Subtype": pikepdf.Name.RichMedia},
    ],
)
def test_a_program_or_a_file_on_a_page_of_a_pdf_is_found_too(annotation: dict[str, Any]) -> None:
    written = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page().Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, **annotation)])
        file.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(FileRefused, match="carries a program or other files inside it"):
        check("a.pdf", written.getvalue())


def test_a_link_on_a_page_of_a_pdf_is_no_program() -> None:
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://force.example/")
    written = io.BytesIO()
    with pikepdf.new() as file:
        page = file.add_blank_page()
        page.Annots = pikepdf.Array([pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=link)])
        file.save(written)
    assert check("a.pdf", written.getvalue()).ending == ".pdf"


STARTS: tuple[Callable[[], bytes], ...] = (
    lambda: photograph()[:400],
    lambda: photograph("PNG")[:200],
    lambda: photograph("WEBP")[:200],
    lambda: photograph("TIFF")[:200],
)


@given(st.integers(0, 3), st.binary(max_size=60), st.integers(0, 300))
def test_a_picture_broken_anywhere_is_read_without_a_fault(which: int, noise: bytes, at: int) -> None:
    start = STARTS[which]()
    broken = start[:at] + noise + start[at + len(noise) :]
    try:
        assert isinstance(picture_without_place(broken), bytes)
    except FileRefused:
        assert broken[:2] in (b"II", b"MM")
