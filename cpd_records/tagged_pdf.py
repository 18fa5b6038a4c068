"""Making a PDF that WeasyPrint is about to write what it says it is: PDF/A-3a and PDF/UA-1 at once, its structure complete.

WeasyPrint draws one variant, and its tags fall short of ISO 14289-1 in places: header cells do not say what they head, their names are
in no tree of names, pairs of a term and what is said of it are no items of their list, what stands in a page's margin belongs to
nothing, links within the document are called by their targets, and pictures lie where they would if a page were measured downwards. All
of this is put right in the objects before they are written; nothing is read back. ``docs/decisions/0090`` says what each rule asks for.
"""

from __future__ import annotations

from collections.abc import Iterator

import pydyf
from weasyprint import Document

# What PDF/A wants to be told about a schema of metadata that it does not know itself: here PDF/UA's.
_UA_METADATA = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA universal accessibility schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_POINTS_IN_A_PIXEL = 72 / 96


def conform(document: Document, pdf: pydyf.PDF) -> None:
    """Make a file drawn as PDF/A-3a a PDF/UA-1 file too, list each attachment once, and complete its structure."""
    metadata = pdf.objects[_number(pdf.catalog["Metadata"])]
    (packet,) = metadata.stream
    metadata.stream = [packet.replace(b"</rdf:RDF>", _UA_METADATA + b"</rdf:RDF>", 1)]
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    complete_structure(document, pdf)


def complete_structure(document: Document, pdf: pydyf.PDF) -> None:
    """Put right what WeasyPrint's tags lack; see the top of this module."""
    tree = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    (top,) = tree["K"]
    _make_items_of_pairs(pdf, pdf.objects[_number(top)])
    pages = {reference: place for place, reference in enumerate(pdf.page_references)}
    reached, headers = set(), {}
    for element, is_in_head in _walked(pdf, pdf.objects[_number(top)]):
        reached.add(element.number)
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if is_in_head else "/Row"
            if "ID" in element:
                headers[element["ID"].string] = element
        elif element["S"] == "/TD" and not element["A"].get("Headers", True):
            del element["A"]["Headers"]
        elif element["S"] == "/Figure":
            _place_figure(element, height=document.pages[pages[element["Pg"]]].height)
    if headers:
        names = [part for name in sorted(headers) for part in (headers[name]["ID"], headers[name].reference)]
        by_name = pydyf.Dictionary({"Names": pydyf.Array(names)})
        pdf.add_object(by_name)
        tree["IDTree"] = by_name.reference
    _make_artifacts_of_margins(pdf, pdf.objects[_number(tree["ParentTree"])], reached)
    for number, each in enumerate(pdf.objects):
        if isinstance(each, pydyf.Dictionary) and each.get("Type") == "/StructElem" and number not in reached:
            pdf.objects[number] = _Nothing(number)
    _describe_links(document)


def missing_letters(document: Document) -> list[str]:
    """Return the letters of a drawn document that no installed font has, in order."""
    return sorted({chr(codepoint) for font in document.fonts.values() for codepoint in font.missing})


def write_each_once(pdf: pydyf.PDF) -> None:
    """Fix every object as the bytes it is; nothing can be changed in it afterwards."""
    free, *used = pdf.objects
    pdf.objects = [free, *map(Written, used)]


class Written(pydyf.Object):  # type: ignore[misc]  # a package without types
    """An object as bytes. pydyf asks every object for them twice, for the file and for its identifier, and compresses each time."""

    def __init__(self, finished: pydyf.Object) -> None:
        super().__init__()
        self.number, self._data, self._is_compressible = finished.number, finished.data, finished.compressible

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._is_compressible


class _Nothing(pydyf.Object):  # type: ignore[misc]  # a package without types
    """Stands where an object was that belongs to nothing any more: numbers of the others stay."""

    data = b"null"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def _walked(
    pdf: pydyf.PDF, element: pydyf.Dictionary, *, is_in_head: bool = False
) -> Iterator[tuple[pydyf.Dictionary, bool]]:
    """Yield an element and all below it in reading order, each with whether it stands in the head of a table."""
    is_in_head = is_in_head or element["S"] == "/THead"
    yield element, is_in_head
    for kid in _kids(pdf, element):
        yield from _walked(pdf, kid, is_in_head=is_in_head and kid["S"] != "/Table")


def _kids(pdf: pydyf.PDF, element: pydyf.Dictionary) -> list[pydyf.Dictionary]:
    """Return the elements right below one, without its content and its links."""
    named = [pdf.objects[_number(kid)] for kid in element["K"] if isinstance(kid, bytes)]
    return [kid for kid in named if kid["Type"] == "/StructElem"]


def _make_items_of_pairs(pdf: pydyf.PDF, top: pydyf.Dictionary) -> None:
    """Make each group of terms and what is said of them one item of its list: a label for each term, and a body."""
    for list_, _is_in_head in list(_walked(pdf, top)):
        for group in _kids(pdf, list_) if list_["S"] == "/L" else ():
            if group["S"] == "/Div":
                group["S"] = "/LI"
                # WeasyPrint makes an item of each term and of each thing said.
                parts = [part for item in _kids(pdf, group) for part in _kids(pdf, item)]
                for part in parts:
                    part["S"], part["P"] = "/LBody" if part is parts[-1] else "/Lbl", group.reference
                group["K"] = pydyf.Array(part.reference for part in parts)


def _place_figure(figure: pydyf.Dictionary, *, height: float) -> None:
    """Say where a picture stands in points from the foot of its page, not in pixels from its head; ``height`` is the page's in pixels."""
    left, top, right, bottom = figure["A"]["BBox"]
    sides = (left, height - bottom, right, height - top)
    figure["A"]["BBox"] = pydyf.Array(round(side * _POINTS_IN_A_PIXEL, 3) for side in sides)


def _make_artifacts_of_margins(pdf: pydyf.PDF, by_place: pydyf.Dictionary, reached: set[int]) -> None:
    """Mark what stands in the margin of each page as belonging to the page and not to what is read."""
    places, pages = by_place["Nums"], pdf.page_references
    for key, owners in zip(places[::2], places[1::2], strict=True):
        if not isinstance(owners, pydyf.Array):
            continue
        astray = {place for place, owner in enumerate(owners) if _number(owner) not in reached}
        if not astray:
            continue
        stream = pdf.objects[_number(pdf.objects[_number(pages[key])]["Contents"])].stream
        for end, part in enumerate(stream):
            # Three parts begin what is marked: what it is, its place, and the operator.
            if part == b"BDC" and stream[end - 1].get("MCID") in astray:
                place = stream[end - 1]["MCID"]
                stream[end - 2], stream[end - 1] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})
                owners[place] = "null"


def _describe_links(document: Document) -> None:
    """Let a link within the document say what it says on the page, where WeasyPrint says the name of its target."""
    for page in document.pages:
        for *_where, box in page.links:
            if box.link_annotation and "Dest" in box.link_annotation:
                words = " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(words)


def _number(reference: bytes) -> int:
    """Return the number of the object that a reference leads to, which is its place among the file's objects."""
    return int(reference.split()[0])
