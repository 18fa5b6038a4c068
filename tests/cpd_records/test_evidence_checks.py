"""Evidence is known by its content: drawn anew without its place, never a program, a bomb or a virus; each refusal by a sentence."""

from __future__ import annotations

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from cpd_records.evidence_files import CheckedFile, FileRefused, checked_file
from cpd_records.models import ActivityFile
from people.file_checks import documents, pictures
from people.file_checks.viruses import TEST_FILE
from people.models import User
from tests.cpd_records.cpd_acts import logged, office, pdf, photograph, response_team

Browser = Callable[[User], Client]


def check(name: str, content: bytes) -> CheckedFile:
    return checked_file(SimpleUploadedFile(name, content))


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        check(name, content)
    assert str(refused.value).endswith("Nothing was uploaded.")
    return str(refused.value)


# --- Photographs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "kept_as"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("HEIF", "JPEG")])
def test_a_photograph_of_every_kind_is_kept_upright_and_without_its_place(kind: str, kept_as: str) -> None:
    written = photograph(kind)
    with Image.open(io.BytesIO(written)) as before:
        assert dict(before.getexif().get_ifd(0x8825)) or before.getexif()
    kept = check("Photo", written)
    assert b"A phone" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as after:
        assert after.format == kept_as
        # libheif turns a picture by what the file says of it, which Pillow does not write
        assert after.size == ((40, 20) if kind == "HEIF" else (20, 40))
        assert not dict(after.getexif())
        assert not after.info.get("xmp")
    assert kept.media_type == {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}[kept_as]


def test_comments_profiles_and_texts_of_a_picture_go_too() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Location", "51.5, -0.12")
    told.add_itxt("XML:com.adobe.xmp", "<x>51.5</x>")
    written = io.BytesIO()
    Image.new("RGBA", (5, 5), (1, 2, 3, 4)).save(written, "PNG", pnginfo=told, icc_profile=b"profile")
    kept = check("a.png", written.getvalue())
    assert b"51.5" not in kept.content
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert (picture.mode, picture.getpixel((0, 0)), picture.info) == ("RGBA", (1, 2, 3, 4), {})
    spoken = io.BytesIO()
    Image.new("L", (5, 5)).save(spoken, "JPEG", comment=b"at the station")
    assert b"at the station" not in check("b.jpg", spoken.getvalue()).content


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "I;16"), ("JPEG", "CMYK")]
)
def test_pictures_of_every_sort_of_colour_are_read(kind: str, mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (8, 6)).save(written, kind)
    with Image.open(io.BytesIO(check("a", written.getvalue()).content)) as kept:
        assert kept.size == (8, 6)


def test_a_photograph_of_forty_megapixels_is_scaled_down_and_its_jpeg_never_read_at_full_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = []
    transpose = pictures.ImageOps.exif_transpose

    def noted(picture: Image.Image) -> Image.Image:
        sizes.append(picture.size)
        return transpose(picture)

    monkeypatch.setattr(pictures.ImageOps, "exif_transpose", noted)
    large = io.BytesIO()
    Image.new("L", (7300, 5480), 90).save(large, "JPEG", quality=30)
    kept = check("IMG_0001.JPG", large.getvalue())
    assert sizes == [(3650, 2740)]
    with Image.open(io.BytesIO(kept.content)) as picture:
        assert picture.width * picture.height <= pictures.KEPT_PIXELS
        assert picture.width > 3000


def test_a_picture_between_is_scaled_to_twelve_megapixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", 1000)
    for kind in ("PNG", "JPEG", "WEBP", "HEIF"):
        with Image.open(io.BytesIO(check("a", photograph(kind, (64, 48))).content)) as kept:
            assert 500 <= kept.width * kept.height <= 1000
            assert (kept.width < kept.height) is (kind != "HEIF")


def test_a_picture_that_says_it_is_far_larger_is_refused_before_it_is_read() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", b""), (b"IEND", b"")
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zipfile.crc32(name + data))
        for name, data in parts
    )
    assert refusal("a.png", bomb).startswith("This picture has more than 60 million points. Make it smaller.")
    medium = io.BytesIO()
    Image.new("1", (8000, 8000)).save(medium, "PNG")
    assert "60 million points" in refusal("b.png", medium.getvalue())


def test_a_large_png_photo_is_kept_as_a_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT_BYTES", 10)
    kept = check("a.png", photograph("PNG"))
    assert kept.media_type == "image/jpeg"


def test_large_pictures_are_drawn_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT_PIXELS", 100)
    monkeypatch.setattr(pictures, "SECONDS_TO_WAIT", 0.01)
    with pictures._drawing:
        assert refusal("a.jpg", photograph()).startswith("Many large pictures are being read just now.")
    assert check("a.jpg", photograph())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_half_a_picture_is_no_picture(kind: str) -> None:
    written = io.BytesIO()
    Image.effect_noise((300, 300), 60).convert("RGB").save(written, kind)
    whole = written.getvalue()
    for cut in (10, 30, len(whole) // 2):
        assert "is not a picture, although its name ends in .jpg" in refusal("a.jpg", whole[:cut])


# --- PDF and Office ---------------------------------------------------------------------------------------------------


def action(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), JS=pikepdf.String("app.alert(1)"))


@pytest.mark.parametrize(
    "catalogue",
    [
        {"OpenAction": action("JavaScript")},
        {"OpenAction": action("Launch")},
        {"AA": pikepdf.Dictionary(WC=action("JavaScript"))},
        {"Names": pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())},
        {"Names": pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())},
    ],
)
def test_a_pdf_that_carries_a_program_or_other_files_is_refused(catalogue: dict[str, Any]) -> None:
    assert "This PDF carries a program or other files inside it." in refusal("a.pdf", pdf(**catalogue))


def test_a_pdf_is_kept_as_it_is_and_what_is_none_is_refused() -> None:
    content = pdf()
    assert check("notes.pdf", content) == CheckedFile("notes.pdf", content, ".pdf", "application/pdf")
    assert "This file is not a PDF, although its name ends in .pdf." in refusal("a.pdf", b"%PDF-1.7 not really")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as file:
        file.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "This PDF has a password" in refusal("a.pdf", locked.getvalue())


@pytest.mark.parametrize(("folder", "ending"), [("word", ".docx"), ("xl", ".xlsx"), ("ppt", ".pptx")])
def test_an_office_file_is_kept_by_what_it_is_and_not_by_its_name(folder: str, ending: str) -> None:
    assert check("misnamed.txt", office(f"{folder}/document.xml")).ending == ending


@pytest.mark.parametrize(
    "content",
    [
        office("word/document.xml", "word/vbaProject.bin"),
        office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
        office("ppt/presentation.xml", "ppt/activeX/activeX1.bin"),
        office("word/document.xml", types="application/vnd.ms-word.document.macroEnabled.main+xml"),
    ],
)
def test_office_files_with_macros_are_refused(content: bytes) -> None:
    assert refusal("plan.docx", content).startswith("Office files with macros are not kept. Save it without macros.")


def test_an_office_file_that_unpacks_into_far_more_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_UNPACKED", 10_000)
    bomb = office("word/document.xml", **{"word/media/a": b"0" * 20_000})
    assert "unpacks into far more than an Office file does" in refusal("a.docx", bomb)


def test_old_office_files_and_other_archives_are_refused() -> None:
    assert "Save it as .docx, .xlsx or .pptx" in refusal("a.doc", documents.OLD_OFFICE + b"\0" * 100)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("a.txt", "x")
    assert refusal("a.zip", written.getvalue()).startswith("a.zip is not a photo, a PDF or an Office file.")
    assert "is not an Office file, although its name ends in .docx" in refusal("a.docx", written.getvalue()[:30])


# --- Viruses ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["eicar.com", "photo.jpg", "notes.pdf"])
def test_the_antivirus_test_file_is_refused_whatever_it_is_called(name: str) -> None:
    assert len(TEST_FILE) == 68
    assert refusal(name, TEST_FILE).startswith(f"{name} is, or contains, the antivirus test file.")


def test_the_antivirus_test_file_is_found_inside_an_office_file_too() -> None:
    packed = office("word/document.xml", **{"word/media/a.bin": TEST_FILE + b" " * 20})
    assert TEST_FILE not in packed
    assert "contains, the antivirus test file" in refusal("plan.docx", packed)
    assert "contains, the antivirus test file" in refusal("a.pdf", pdf() + TEST_FILE)


class Scanner:
    """A scanner that speaks clamd's protocol on a socket of its own; ``received`` is what it was sent."""

    def __init__(self, answer: bytes, *, family: int, place: Any) -> None:
        self.answer = answer
        self.received = b""
        self.line = socket.socket(family, socket.SOCK_STREAM)
        self.line.bind(place)
        self.line.listen(1)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        peer, _address = self.line.accept()
        with peer, peer.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while length := struct.unpack("!I", stream.read(4))[0]:
                self.received += stream.read(length)
            peer.sendall(self.answer)


@contextmanager
def scanner(settings: Any, answer: bytes) -> Iterator[Scanner]:
    found = Scanner(answer, family=socket.AF_INET, place=("127.0.0.1", 0))
    settings.CLAMD_ADDRESS = f"127.0.0.1:{found.line.getsockname()[1]}"
    settings.CLAMD_SECONDS = 5
    try:
        yield found
    finally:
        found.line.close()
        found.thread.join(5)


def test_a_clean_file_is_scanned_whole_and_kept(settings: Any) -> None:
    content = pdf("x" * 200_000)
    with scanner(settings, b"stream: OK\0") as asked:
        assert check("a.pdf", content).content == content
    assert asked.received == content


def test_a_file_in_which_the_scanner_finds_something_is_refused_by_its_name(settings: Any) -> None:
    with scanner(settings, b"stream: Win.Test.EICAR_HDB-1 FOUND\0"):
        said = refusal("a.pdf", pdf())
    assert said.startswith("A virus was found in a.pdf: Win.Test.EICAR_HDB-1. Tell your information security team.")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\xfe\0", b"OK"])
def test_what_the_scanner_does_not_call_clean_is_refused(settings: Any, answer: bytes) -> None:
    with scanner(settings, answer):
        assert "the scanner does not answer" in refusal("a.pdf", pdf())


def test_a_scanner_that_cannot_be_reached_lets_nothing_through(settings: Any, tmp_path: Any) -> None:
    settings.CLAMD_SECONDS = 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        for address in (f"127.0.0.1:{free.getsockname()[1]}", str(tmp_path / "no.sock")):
            settings.CLAMD_ADDRESS = address
            assert "Every file is scanned for viruses, and the scanner does not answer." in refusal("a.pdf", pdf())


def test_a_scanner_on_a_local_socket_is_asked_too(settings: Any, tmp_path: Any) -> None:
    place = str(tmp_path / "clamd.sock")
    found = Scanner(b"stream: OK\0", family=socket.AF_UNIX, place=place)
    settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS = place, 5
    assert check("a.jpg", photograph()).media_type == "image/jpeg"
    found.line.close()


def test_without_a_scanner_nobody_is_asked(settings: Any) -> None:
    assert settings.CLAMD_ADDRESS == ""
    assert check("a.pdf", pdf()).ending == ".pdf"


# --- On the page ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_takes_a_photo_from_the_camera_and_says_what_is_refused(signed_in: Browser) -> None:
    officer = response_team()["officer"]
    activity, browser = logged(officer), signed_in(officer)
    page = browser.get(f"/cpd/{activity.pk}/reflect/").content.decode()
    assert 'capture="environment"' in page
    assert "image/heic" in page
    virus = [SimpleUploadedFile("eicar.com", TEST_FILE)]
    sent = {"evidence": virus, "photo": [SimpleUploadedFile("a.jpg", photograph())], "reflection": "Kept words"}
    refused = browser.post(f"/cpd/{activity.pk}/reflect/", sent).content.decode()
    assert "the antivirus test file. Nothing was uploaded." in refused
    assert "Kept words" in refused
    assert not ActivityFile.objects.exists()
    browser.post(f"/cpd/{activity.pk}/reflect/", {"photo": [SimpleUploadedFile("a.jpg", photograph())]})
    assert ActivityFile.objects.get().media_type == "image/jpeg"
