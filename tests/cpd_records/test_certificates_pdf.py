"""The file itself: PDF/UA-1 and PDF/A-3a at once as far as structure shows, names of every kind, a QR code that reads."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import pikepdf
import pytest
from PIL import Image

from cpd_records import tagged_pdf
from cpd_records.certificates import rendering
from cpd_records.certificates.qr import qr_code
from cpd_records.certificates.rendering import CannotBeDrawn, Looks
from cpd_records.certificates.words import check_address, grouped, learning_in_words
from tests.cpd_records.certificate_acts import (
    A4_WIDTH_MM,
    LOOKS,
    SEALED,
    drawn,
    opened,
    particulars,
    picture_of,
    text_of,
)

LONG = "Christopher-Alexander Featherstonehaugh-Olorunfemi"
ETHIOPIC = "ያቆብ ተስፋዬ"
ARABIC = "محمد عبد الرحمن الطيب"
NAMESPACES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
}


@pytest.fixture(scope="module")
def pdf():
    return drawn()


@pytest.fixture(scope="module")
def document(pdf):
    with opened(pdf) as document:
        yield document


def structure(element, found=None):
    """Return every element of structure below ``element``."""
    found = [] if found is None else found
    for kid in element.get("/K", []) if isinstance(element.get("/K"), pikepdf.Array) else [element.get("/K")]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append(kid)
            structure(kid, found)
    return found


def metadata_of(document):
    return ElementTree.fromstring(document.Root.Metadata.read_bytes())  # noqa: S314, our own file


def test_it_is_one_page_of_pdf_1_7_in_english_and_tagged(document):
    root = document.Root
    assert document.pdf_version == "1.7"
    assert "/Version" not in root, "PDF/A-3 is PDF 1.7"
    assert len(document.pages) == 1
    assert str(root.Lang) == "en-GB"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(root.StructTreeRoot.K[0].S) == "/Document"
    assert str(document.pages[0].Tabs) == "/S"


def test_it_calls_itself_pdf_a_3a_and_pdf_ua_1_in_one_description(document):
    xmp = metadata_of(document)
    assert len(xmp.findall("rdf:RDF", NAMESPACES)) == 1
    identified = {key: value for node in xmp.iter() for key, value in node.attrib.items()}
    assert identified[f"{{{NAMESPACES['pdfaid']}}}part"] == "3"
    assert identified[f"{{{NAMESPACES['pdfaid']}}}conformance"] == "A"
    assert xmp.findtext(".//pdfuaid:part", namespaces=NAMESPACES) == "1"
    schema = [node.text for node in xmp.iter() if node.tag.endswith("}namespaceURI")]
    assert schema == [NAMESPACES["pdfuaid"]], "PDF/A wants to be told of a schema it does not know"


def test_its_title_names_course_and_holder_in_both_places(document):
    title = "Certificate: Stop and search: fair and effective, Alexandra Bell"
    assert str(document.docinfo.Title) == title
    assert metadata_of(document).findtext(".//dc:title//rdf:li", namespaces=NAMESPACES) == title


def test_its_colours_have_an_output_intent(document):
    (intent,) = document.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert len(intent.DestOutputProfile.read_bytes()) > 1000


def test_proof_and_opening_are_attached_once_each_in_order(document):
    listed = [str(each.UF) for each in document.Root.AF]
    assert listed == ["certificate.json", "certificate.tlog-proof"]
    assert {str(each.AFRelationship) for each in document.Root.AF} == {"/Data"}
    assert len({each.objgen for each in document.Root.AF}) == 2
    assert sorted(document.attachments) == listed
    names = [str(name) for name in list(document.Root.Names.EmbeddedFiles.Names)[::2]]
    assert names == sorted(names), "a tree of names is searched by halves"
    assert str(document.Root.AF[0].EF.F.Subtype) == "/application/json"


def test_every_font_is_embedded_and_says_which_letters_it_draws(document):
    fonts = document.pages[0].Resources.Font
    assert len(fonts) >= 2
    for font in fonts.values():
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
        assert "/ToUnicode" in font


def test_pictures_have_words_and_there_are_no_tables(document):
    elements = structure(document.Root.StructTreeRoot)
    kinds = [str(each.S) for each in elements]
    figures = [each for each in elements if str(each.S) == "/Figure"]
    assert [str(each.Alt) for each in figures] == [f"QR code that leads to {check_address('7KQ4M2XD9TRF')}"]
    assert not {"/Table", "/TH", "/TD"} & set(kinds)
    assert kinds.index("/H1") < kinds.index("/H2")
    assert kinds.count("/H1") == 1


def test_what_is_read_aloud_comes_in_the_order_of_meaning(pdf):
    text = text_of(pdf).replace("\u202f", " ")
    expected = [
        "Example Police Service",
        "This is to certify that",
        "Alexandra Bell",
        "completed, and passed the assessment of",
        "Stop and search: fair and effective",
        "Release 3 of 4 September 2026",
        "Awarded 23 November 2026",
        "Valid to 23 November 2028",
        "Learning 4 hours",
        "Service number 900412",
        "Signed electronically on 23 November 2026",
        "7KQ4 M2XD 9TRF",
        "learn.force.example/verify",
        "Ledger entry 90 412",
        "Certificate of completion and assessment",
    ]
    places = [text.find(words) for words in expected]
    assert -1 not in places, f"missing: {expected[places.index(-1)]}"
    assert places == sorted(places)


def test_a_course_without_assessment_does_not_claim_one():
    text = text_of(drawn(assessed=False))
    assert "passed the assessment" not in text
    assert "Certificate of completion" in text
    assert "assessment" not in text


def test_no_end_date_is_said_in_words():
    assert "no end date" in text_of(drawn(valid_until=None))


def test_the_same_certificate_is_the_same_bytes_twice(pdf):
    assert drawn() == pdf


def test_objects_written_once_make_the_file_that_the_library_writes(pdf, monkeypatch):
    monkeypatch.setattr(tagged_pdf, "Written", lambda finished: finished)
    assert drawn() == pdf


def test_what_it_was_measured_by_is_not_in_the_file(document):
    assert "/Dests" not in document.Root.Names


def test_nothing_in_the_file_is_from_today(pdf, document):
    assert str(document.docinfo.CreationDate) == "D:20261123111000Z"
    assert str(document.Root.AF[0].EF.F.Params.ModDate) == "D:20261123111000Z"


# --- Names ----------------------------------------------------------------------------------------------------------------


def size_of(name):
    """Return the size in which the name stands on the page."""
    return rendering.lay_out(particulars(name=name), SEALED, LOOKS).sizes.name


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("Bo Li", 40),
        ("Alexandra Bell", 40),
        (ETHIOPIC, 40),
        (ARABIC, 40),
        (LONG, 30),
        ("Wolfeschlegelsteinhausenbergerdorff " * 2, 30),
    ],
)
def test_a_name_is_as_large_as_it_can_be_on_one_line_or_else_on_two(name, size):
    assert size_of(name.strip()) == size


def test_the_longest_name_there_can_be_still_fits_two_lines_and_is_not_cut():
    name = ("Featherstonehaugh " * 12).strip()[:200]
    pdf = drawn(name=name)
    assert name in text_of(pdf)
    with opened(pdf) as document:
        assert len(document.pages) == 1


def test_a_name_that_is_one_long_word_is_broken_rather_than_cut():
    name = "W" * 120
    shown = text_of(drawn(name=name)).replace(" ", "")
    assert name in shown


@pytest.mark.parametrize(
    ("name", "font"), [(ETHIOPIC, "Ethiopic"), (ARABIC, "Arabic"), ("Θεοδώρα Ωmega", ""), ("Đặng Thị Ánh", "")]
)
def test_a_name_in_another_script_is_drawn_with_a_font_that_has_it(name, font):
    pdf = drawn(name=name)
    with opened(pdf) as document:
        fonts = [str(each.BaseFont) for each in document.pages[0].Resources.Font.values()]
    assert any(font in each for each in fonts)
    assert not ink_is_boxes(pdf)


def ink_is_boxes(pdf):
    """Return whether a glyph of no font was drawn; the renderer refuses to, so this is the second look."""
    with opened(pdf) as document:
        content = b"".join(each.Contents.read_bytes() for each in document.pages)
    return b"<0000>" in content


def test_a_name_that_no_font_can_draw_is_refused_and_not_drawn_as_boxes():
    with pytest.raises(CannotBeDrawn, match=r"U\+10FFFD"):
        drawn(name="Bo \U0010fffd")


def test_letters_that_mean_something_in_html_are_only_letters():
    assert '<b>Bo</b> & "Co"' in text_of(drawn(name='<b>Bo</b> & "Co"'))


def test_a_long_course_title_fits_above_the_particulars():
    pdf = drawn(name=LONG, title="Responding to people in mental health crisis " * 5)
    with opened(pdf) as document:
        assert len(document.pages) == 1
    picture = picture_of(pdf, 100)
    pixels = picture.width / A4_WIDTH_MM
    gap = picture.crop((int(62 * pixels), int(117.5 * pixels), int(268 * pixels), int(121 * pixels)))
    assert gap.getextrema()[0] > 200, "the title does not run into the line of particulars"


# --- QR code --------------------------------------------------------------------------------------------------------------


def modules_drawn(picture, modules):
    """Return the symbol as it stands on the page: rows of True where a module is dark; its place is measured, not assumed."""
    pixels = picture.width / A4_WIDTH_MM
    left, top = 215.0, 140.0
    area = picture.crop((int(left * pixels), int(top * pixels), int((left + 36) * pixels), int((top + 36) * pixels)))
    box = area.point(lambda value: 255 if value < 128 else 0).getbbox()
    module = (box[2] - box[0]) / modules
    return box, [
        [area.getpixel((box[0] + (x + 0.5) * module, box[1] + (y + 0.5) * module)) < 128 for x in range(modules)]
        for y in range(modules)
    ]


def test_the_qr_code_on_the_page_is_the_address_thirty_millimetres_wide(pdf):
    matrix = [[bool(module) for module in row] for row in qr_code(check_address("7KQ4M2XD9TRF")).matrix]
    picture = picture_of(pdf, 300)
    box, drawn_modules = modules_drawn(picture, len(matrix))
    assert drawn_modules == matrix
    width = (box[2] - box[0]) / picture.width * A4_WIDTH_MM
    assert width == pytest.approx(30, abs=0.3)


def test_four_modules_around_the_qr_code_are_clear(pdf):
    modules = len(qr_code(check_address("7KQ4M2XD9TRF")).matrix)
    picture = picture_of(pdf, 300)
    box, _drawn = modules_drawn(picture, modules)
    pixels = picture.width / A4_WIDTH_MM
    left, top = int(215.0 * pixels) + box[0], int(140.0 * pixels) + box[1]
    size, margin = box[2] - box[0], int(4 * (box[2] - box[0]) / modules)
    around = picture.crop((left - margin, top - margin, left + size + margin, top + size + margin))
    around.paste(255, (margin - 1, margin - 1, margin + size + 1, margin + size + 1))
    assert around.getextrema()[0] > 250


# --- Looks ----------------------------------------------------------------------------------------------------------------


def a_logo(mode):
    picture = Image.new(mode, (200, 80), 255 if mode == "L" else "red" if mode != "CMYK" else (0, 255, 255, 0))
    stored = io.BytesIO()
    picture.save(stored, "JPEG" if mode == "CMYK" else "PNG")
    return stored.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "L", "P"])
def test_the_forces_logo_takes_the_place_of_the_shield_whatever_its_kind(mode):
    pdf = drawn(Looks(brand="#10264d", show_chequer=True, logo=a_logo(mode)))
    with opened(pdf) as document:
        assert b"/DeviceCMYK" not in b"".join(
            bytes(str(each.get("/ColorSpace", "")), "ascii")
            for each in document.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        )
    assert picture_of(pdf, 50).tobytes() != picture_of(drawn(), 50).tobytes()


def test_a_force_without_chequer_has_none():
    assert (
        picture_of(drawn(Looks(brand="#10264d", show_chequer=False)), 50).tobytes() != picture_of(drawn(), 50).tobytes()
    )


def test_a_colour_that_is_none_falls_back_rather_than_into_the_drawing():
    assert b'"/><script>' not in rendering.band_svg(Looks(brand='#fff"/><script>', show_chequer=True)).encode()
    assert "#10264d" in rendering.band_svg(Looks(brand="red", show_chequer=True))


def test_drawing_fetches_nothing_from_anywhere():
    emblems = rendering._Emblems(LOOKS)
    for address in (
        "https://force.example/x.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "certificate:logo.png",
    ):
        with pytest.raises(ValueError, match="fetches nothing"):
            emblems.fetch(address)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (240, "4 hours"),
        (60, "1 hour"),
        (90, "1 hour 30 minutes"),
        (1, "1 minute"),
        (0, "0 minutes"),
        (61, "1 hour 1 minute"),
    ],
)
def test_learning_time_is_written_in_words(minutes, words):
    assert learning_in_words(minutes) == words


def test_large_numbers_are_grouped():
    assert grouped(90412) == "90\u202f412"
    assert grouped(12) == "12"


def test_particulars_of_the_page_are_those_of_the_entry():
    assert particulars().payload()["name"] == "Alexandra Bell"
