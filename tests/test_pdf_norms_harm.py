"""What reads a PDF for its norms finds each way to break them: a file that keeps both is harmed, and the harm is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from cpd_records.certificates.listing import Table, list_text
from cpd_records.certificates.particulars import Listing
from cpd_records.certificates.record_rendering import render_record
from cpd_records.certificates.signature_field import SignatureField
from cpd_records.plain_pdf import drawn as plainly_drawn
from tests.cpd_records.certificate_acts import AT, LOOKS, SEALED, SOME_ID, particulars
from tests.pdf_norms import claims, faults

FIELD = SignatureField(AT, reason="Training record issued", name="Example Police Service", room=64)
PLAIN = """<!doctype html><html lang="en-GB"><head><title>A plain document</title></head><body>
<p class="running"><span>At the foot of each page</span></p><h1>One</h1><p>A paragraph.</p>
<ol><li><a href="#two">To the second part</a></li><li>Second item</li></ol><ul style="list-style: none"><li>No mark</li></ul>
<dl><div><dt>Term</dt><dd>What is said of it</dd></div></dl>
<h2 id="two">Two</h2><table><thead><tr><th colspan="2">Both</th><th>Third</th></tr></thead>
<tbody><tr><th scope="row">A</th><td>1</td><td rowspan="2">2</td></tr><tr><th scope="row">B</th><td>3</td></tr></tbody></table>
</body></html>"""


@cache
def a_record() -> bytes:
    """A training record with one of everything: two tables, a list, a link, a picture, a field, attachments, words in the margin."""
    tables = [
        Table("Courses completed", ("Course", "Completed on"), (("First", "1 May 2026"), ("Second", "2 May 2026"))),
        Table("Qualifications", ("Qualification", "Since"), (("Third", "3 May 2026"),)),
    ]
    text = list_text(tables, name="Alexandra Bell", service_number="900412", on=date(2026, 11, 23))
    it = particulars(title="Training record", release="As recorded", listing=Listing(3, "0" * 64))
    return render_record(SOME_ID, it, SEALED, LOOKS, text, signature=FIELD)


def saved(document: pikepdf.Pdf, **more: Any) -> bytes:
    into = io.BytesIO()
    document.save(into, **more)
    return into.getvalue()


def elements(document: pikepdf.Pdf, kind: str) -> list[Any]:
    """Return the elements of a kind, in the order of their numbers."""
    return [
        one
        for one in document.objects
        if isinstance(one, Dictionary) and str(one.get("/Type", "")) == "/StructElem" and str(one.S) == f"/{kind}"
    ]


def annotation(document: pikepdf.Pdf, kind: str) -> Any:
    return next(one for page in document.pages for one in page.get("/Annots", []) if str(one.Subtype) == f"/{kind}")


def fonts(document: pikepdf.Pdf, kind: str) -> Any:
    return next(one for one in document.objects if isinstance(one, Dictionary) and str(one.get("/Subtype", "")) == kind)


def said_otherwise(what: bytes, instead: bytes) -> Callable[[pikepdf.Pdf], None]:
    def harm(document: pikepdf.Pdf) -> None:
        before = document.Root.Metadata.read_bytes()
        assert what in before
        document.Root.Metadata.write(before.replace(what, instead))

    return harm


def swap_two_owners(document: pikepdf.Pdf) -> None:
    owners = document.Root.StructTreeRoot.ParentTree.Nums[1]
    owners[0], owners[1] = owners[1], owners[0]


def added(content: bytes) -> Callable[[pikepdf.Pdf], None]:
    return lambda document: document.pages[0].contents_add(document.make_stream(content))


def put(of: Callable[[pikepdf.Pdf], Any], name: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    """Put another value at a name; None takes it away."""

    def harm(document: pikepdf.Pdf) -> None:
        if value is None:
            del of(document)[name]
        else:
            of(document)[name] = value

    return harm


def first(kind: str) -> Callable[[pikepdf.Pdf], Any]:
    return lambda document: elements(document, kind)[0]


def catalogue(document: pikepdf.Pdf) -> Any:
    return document.Root


def link(document: pikepdf.Pdf) -> Any:
    return annotation(document, "Link")


def widget(document: pikepdf.Pdf) -> Any:
    return annotation(document, "Widget")


SCRIPT = Dictionary(S=Name.JavaScript, JS=String("x"))
HARMS: list[tuple[str, Callable[[pikepdf.Pdf], Any], str]] = [
    ("not tagged", put(lambda it: it.Root.MarkInfo, "/Marked", False), "does not say that it is tagged"),
    ("suspects", put(lambda it: it.Root.MarkInfo, "/Suspects", True), "doubts its own tags"),
    ("no language", put(catalogue, "/Lang", None), "the file names no language"),
    ("a language of none", put(first("P"), "/Lang", String("")), "an element names no language"),
    ("title hidden", put(lambda it: it.Root.ViewerPreferences, "/DisplayDocTitle", False), "what the window shows"),
    ("no structure", put(catalogue, "/StructTreeRoot", None), "the file has no structure"),
    ("another PDF/UA", said_otherwise(b"pdfuaid:part>1<", b"pdfuaid:part>2<"), "do not say PDF/UA-1"),
    ("another PDF/A", said_otherwise(b'conformance="A"', b'conformance="U"'), "do not say PDF/A-3a"),
    ("PDF/UA unexplained", said_otherwise(b"namespaceURI>http://www.aiim.org/pdfua", b"namespaceURI>x"), "explain"),
    ("no title", said_otherwise(b"dc:title", b"dc:source"), "the metadata have no title"),
    ("another title", lambda it: it.docinfo.__setitem__("/Title", "Other"), "/Title is not the same"),
    ("later version", put(catalogue, "/Version", Name("/2.0")), "later version"),
    ("no colours", put(catalogue, "/OutputIntents", None), "which colours are meant"),
    ("script", put(lambda it: it.Root.Names, "/JavaScript", Dictionary()), "the file has scripts"),
    ("script on opening", put(catalogue, "/OpenAction", SCRIPT), "the file acts: /JavaScript"),
    ("by itself", put(catalogue, "/AA", Dictionary(WC=SCRIPT)), "happens by itself"),
    ("form of XFA", put(lambda it: it.Root.AcroForm, "/XFA", String("x")), "a form of XFA"),
    ("fields undrawn", put(lambda it: it.Root.AcroForm, "/NeedAppearances", True), "fields are drawn by"),
    ("a type of its own", put(first("P"), "/S", Name.Paragraph), "/Paragraph is no standard type"),
    ("two documents", put(first("Document"), "/S", Name.Part), "is not one document"),
    ("another parent", lambda it: put(first("P"), "/P", elements(it, "H1")[0])(it), "names another parent"),
    ("owners swapped", swap_two_owners, "leads back to an element that does not have it"),
    ("no way back", put(lambda it: it.pages[0], "/StructParents", 77), "is not led back to it"),
    ("one key twice", put(link, "/StructParent", 0), "have one key"),
    ("unmarked", added(b"0 0 9 9 re f"), "neither content nor an artifact"),
    ("within an artifact", added(b"/Artifact BMC /Span <</MCID 99>> BDC EMC EMC"), "content within an artifact"),
    ("in no element", added(b"/Span <</MCID 99>> BDC 0 0 9 9 re f EMC"), "content 99 of page 1 is in no element"),
    ("twice", added(b"/Span <</MCID 0>> BDC EMC"), "two pieces of content 0"),
    ("boxes", added(b"/Artifact BMC BT <0000> Tj ET EMC"), "the box that stands for a missing letter"),
    ("font elsewhere", lambda it: _without_font_file(it), "is not in the file"),
    ("letters unsaid", put(lambda it: fonts(it, "/Type0"), "/ToUnicode", None), "which letters it draws"),
    ("glyphs unsaid", lambda it: _without_glyph_map(it), "which letter is which glyph"),
    ("other codes", put(lambda it: fonts(it, "/Type0"), "/Encoding", Name.Other), "codes that cannot be read"),
    ("heading skipped", put(first("H2"), "/S", Name.H3), "a heading of level 3 follows one of level 1"),
    ("heading unlevelled", put(first("H2"), "/S", Name.H), "a heading without a level"),
    ("picture without words", put(first("Figure"), "/Alt", None), "a picture has no words"),
    ("picture nowhere", put(first("Figure"), "/A", None), "does not say where it is"),
    ("picture off", put(first("Figure"), "/A", Dictionary(O=Name.Layout, BBox=[0, 900, 9, 990])), "off its page"),
    ("tabs", lambda it: [page.obj.__delitem__("/Tabs") for page in it.pages], "not that of the structure"),
    ("link without words", put(link, "/Contents", None), "does not say where it leads"),
    ("link in a paragraph", put(first("Link"), "/S", Name.Span), "is in no element Link"),
    ("link let go", lambda it: elements(it, "Link")[0].__setitem__("/K", Array([])), "an element Link has no link"),
    ("link hidden", put(link, "/F", 2), "is not printed, or hidden"),
    ("field shown", put(widget, "/Rect", Array([0, 0, 9, 9])), "is in no element Form"),
    ("field without looks", put(widget, "/Rect", Array([0, 0, 9, 9])), "/Widget of page 1 has no looks"),
    ("field without words", put(widget, "/TU", None), "a field of page 1 has no words"),
    ("note", put(widget, "/Subtype", Name.Text), "an annotation /Text"),
    ("no scope", lambda it: elements(it, "TH")[0].A.__delitem__("/Scope"), "does not say what it heads"),
    ("scope of a row in the head", lambda it: put(lambda _: elements(it, "TH")[0].A, "/Scope", Name.Row)(it), "what it does not"),
    ("names astray", put(lambda it: it.Root.StructTreeRoot, "/IDTree", None), "tree of names does not lead"),
    ("one name twice", lambda it: _same_name(it), "two elements have one name"),
    ("no headers", lambda it: elements(it, "TD")[0].A.__delitem__("/Headers"), "a cell has no header"),
    ("header of none", lambda it: elements(it, "TD")[0].A.__setitem__("/Headers", Array([String("no")])), "not in its table"),
    ("cell gone", lambda it: elements(it, "TR")[1].K.__delitem__(0), "not all as wide"),
    ("cell too wide", lambda it: elements(it, "TD")[0].A.__setitem__("/ColSpan", 2), "not all as wide"),
    ("cells in one place", lambda it: elements(it, "TH")[0].A.__setitem__("/RowSpan", 2), "not all as wide"),
    ("row in a list", put(first("TR"), "/S", Name.L), "THead holds L"),
    ("no body", put(first("TBody"), "/S", Name.THead), "two heads"),
    ("item of no list", put(first("L"), "/S", Name.Div), "LI stands in Div"),
    ("list of paragraphs", put(first("LI"), "/S", Name.P), "L holds P"),
    ("item without body", put(first("LBody"), "/S", Name.Lbl), "an item has no body"),
    ("attachment of nothing", put(catalogue, "/AF", Array([])), "an attachment belongs to nothing"),
    ("attachment twice", lambda it: it.Root.AF.append(it.Root.AF[0]), "an attachment is listed twice"),
    ("attachment unrelated", put(lambda it: it.Root.AF[0], "/AFRelationship", None), "what it is to the whole"),
    ("attachment without words", put(lambda it: it.Root.AF[0], "/Desc", None), "has no words"),
    ("attachment of no kind", put(lambda it: it.Root.AF[0].EF.F, "/Subtype", None), "what kind of file it is"),
    ("attachment of no time", put(lambda it: it.Root.AF[0].EF.F.Params, "/ModDate", None), "of when it is"),
    ("attachment renamed", put(lambda it: it.Root.AF[0], "/UF", String("other")), "called something else inside"),
]  # fmt: skip


def _without_font_file(document: pikepdf.Pdf) -> None:
    for one in document.objects:
        if isinstance(one, Dictionary) and str(one.get("/Type", "")) == "/FontDescriptor":
            for name in ("/FontFile2", "/FontFile3"):
                if name in one:
                    del one[name]


def _without_glyph_map(document: pikepdf.Pdf) -> None:
    for one in document.objects:
        if isinstance(one, Dictionary) and str(one.get("/Subtype", "")) in {"/CIDFontType0", "/CIDFontType2"}:
            one["/Subtype"] = Name.CIDFontType2
            if "/CIDToGIDMap" in one:
                del one["/CIDToGIDMap"]


def _same_name(document: pikepdf.Pdf) -> None:
    first, second, *_others = elements(document, "TH")
    second["/ID"] = first.ID


def test_a_record_that_nothing_was_done_to_keeps_both_norms_saved_again_or_not() -> None:
    assert faults(a_record()) == []
    with pikepdf.open(io.BytesIO(a_record())) as document:
        assert faults(saved(document)) == []


def test_a_plain_document_with_lists_spans_and_links_within_keeps_both_norms() -> None:
    assert faults(plainly_drawn(PLAIN)) == []


@pytest.mark.parametrize(("harm", "told"), [each[1:] for each in HARMS], ids=[each[0] for each in HARMS])
def test_each_way_to_break_a_norm_is_found(harm: Callable[[pikepdf.Pdf], Any], told: str) -> None:
    with pikepdf.open(io.BytesIO(a_record())) as document:
        harm(document)
        found = faults(saved(document))
    assert any(told in sentence for sentence in found), found


def test_an_encrypted_file_is_found() -> None:
    with pikepdf.open(io.BytesIO(a_record())) as document:
        locked = saved(document, encryption=pikepdf.Encryption(owner="owner", user=""))
    assert any("encrypted" in sentence for sentence in faults(locked))


def test_a_file_without_identifier_or_with_another_beginning_is_found() -> None:
    pdf = a_record()
    assert any("does not begin" in sentence for sentence in faults(pdf.replace(b"%PDF-1.7\n%\xf0", b"%PDF-1.7\n%a", 1)))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.trailer["/ID"]
        assert faults_of_open(document) == ["6.1.3: the file has no identifier"]


def faults_of_open(document: pikepdf.Pdf) -> list[str]:
    """What saving would put back is looked at before."""
    return claims.of_archives(document, b"%PDF-1.7\n%\xf0\x9f\x96\xa4")
