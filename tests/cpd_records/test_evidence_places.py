"""No place travels inside a document: pictures in PDF and Office files lose what a camera noted, and nothing else of them changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, TiffImagePlugin

from cpd_records.evidence_files import CheckedFile, FileRefused, checked_file
from cpd_records.file_checks.places import picture_without_place
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
