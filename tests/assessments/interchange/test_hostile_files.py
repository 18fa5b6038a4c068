"""Files made to do harm or damaged on the way: each comes to a sentence or to words, soon, in little memory, with nothing fetched."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import NotRead, Skipped, Unreadable
from assessments.question_types.exchange import Exchanged, NotExchanged
from tests.assessments.interchange.test_moodle_xml import CHOICE as ANSWERS
from tests.assessments.interchange.test_moodle_xml import question, quiz
from tests.assessments.interchange.test_qti import CHOICE as ITEM
from tests.assessments.interchange.test_qti import package, zipped

MEGABYTE = 1024 * 1024
LAUGHS = '<!DOCTYPE quiz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{("&" + before + ";") * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def says(content: bytes) -> list[str]:
    """Return a sentence for each question of a file, '' where it arrives, or the one why the file is unreadable."""
    try:
        found = read_file(content).found
    except Unreadable as reason:
        return [str(reason)]
    said = []
    for one in found:
        try:
            said.append(one.reason if isinstance(one, Skipped) else draft_of(one) and "")
        except (NotRead, NotExchanged) as reason:
            said.append(str(reason))
    return said


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as reason:
        read_file(content)
    sentence = str(reason.value)
    assert sentence.endswith(".")
    return sentence


# --- XML --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        LAUGHS + "]>",
        '<!DOCTYPE quiz [<!ENTITY i SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE quiz [<!ENTITY i SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE quiz [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>',
        '<!DOCTYPE quiz [<!ENTITY % p "x"><!ENTITY i "%p;">]>',
    ],
    ids=["billion laughs", "file", "address", "parameter", "parameter inside"],
)
def test_a_file_that_defines_entities_is_refused(head: str) -> None:
    text = f'<?xml version="1.0"?>{head}<quiz>{question("multichoice", ANSWERS, "&i;")}</quiz>'
    assert "entities" in refused(text.replace("<![CDATA[&i;]]>", "&i;").encode())


def test_entities_in_an_item_of_a_package_name_the_item_and_spare_the_others() -> None:
    bomb = ITEM.replace("<assessmentItem", LAUGHS.replace("quiz", "assessmentItem") + "]><assessmentItem", 1)
    first, second = says(package({"a.xml": ITEM, "b.xml": bomb}))
    assert first == ""
    assert "entities" in second


def test_a_document_type_elsewhere_is_never_read() -> None:
    text = quiz(question("multichoice", ANSWERS)).replace(
        b"<quiz>", b'<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd"><quiz>', 1
    )
    assert says(text) == [""]


def test_xml_that_is_nested_without_end_is_refused() -> None:
    assert "nested too deeply" in refused(b"<quiz>" + b"<a>" * 100_000)


def test_html_that_is_nested_without_end_is_only_words() -> None:
    (found,) = read_file(quiz(question("multichoice", ANSWERS, "<div>" * 30_000 + "What?"))).found
    assert isinstance(found, Exchanged)
    assert found.text == "What?"


# --- Archives ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["../a.xml", "/a.xml", "..\\a.xml", "C:\\a.xml", "items/../../a.xml", "\\\\server\\a.xml"]
)
def test_a_path_that_leads_out_of_the_archive_is_refused(path: str) -> None:
    assert "leads out of it" in refused(package({"a.xml": ITEM, path: ITEM}))


def test_a_manifest_cannot_name_what_lies_outside() -> None:
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="../../../../etc/passwd"/></resources></manifest>'
    (sentence,) = says(zipped({"imsmanifest.xml": manifest}))
    assert "does not have it" in sentence


def test_a_link_in_an_archive_is_words_and_no_link() -> None:
    written = io.BytesIO(
        package({"a.xml": ITEM.replace("<p>What now?</p>", '<p>What? <img src="p.png" alt="It"/></p>')})
    )
    with zipfile.ZipFile(written, "a") as archive:
        link = zipfile.ZipInfo("p.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    (sentence,) = says(written.getvalue())
    assert "not a picture" in sentence or "cannot be" in sentence or "picture" in sentence


def test_an_archive_that_would_unpack_to_more_than_we_read_is_refused_in_little_memory() -> None:
    content = package({"a.xml": ITEM, "zeros.bin": b"\0" * (60 * MEGABYTE), "b.xml": b" " * (51 * MEGABYTE)})
    tracemalloc.start()
    sentences = says(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert any("unpacks to more than we read" in sentence for sentence in sentences)
    assert most < 120 * MEGABYTE


def test_an_archive_that_lies_about_its_sizes_is_found_out() -> None:
    content = bytearray(package({"a.xml": ITEM + " " * (51 * MEGABYTE)}))
    size = struct.pack("<L", len(ITEM) + 51 * MEGABYTE)
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = struct.pack("<L", 10)
    assert all(sentence.endswith(".") for sentence in says(bytes(content)))


def test_an_archive_of_too_many_files_and_one_inside_another_are_refused() -> None:
    assert "more than 20,000 files" in refused(zipped({f"{number}": b"" for number in range(20_001)}))
    inner = zipped({"zeros": b"\0" * MEGABYTE})
    (sentence,) = says(package({"inner.xml": inner}))
    assert sentence.endswith(".")


def test_a_locked_or_cut_archive_is_refused() -> None:
    whole = package({"a.xml": ITEM})
    assert "damaged or locked" in refused(whole[: len(whole) // 2])
    locked = bytearray(whole)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := bytes(locked).find(mark, start + 1)) >= 0:
            locked[start + place] |= 1
    assert "damaged or locked" in refused(bytes(locked))


# --- Pictures ---------------------------------------------------------------------------------------------------------


def huge_png() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * MEGABYTE))
        + chunk(b"IEND", b"")
    )


def tiny_png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (2, 2)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        huge_png(),
        tiny_png(),
        b"\x89PNG\r\n\x1a\n cut off",
        b"",
        b"GIF89a<script>alert(1)</script>",
    ],
    ids=["svg with a script", "60,000 by 60,000", "2 by 2", "cut off", "empty", "script"],
)
def test_a_picture_that_cannot_be_kept_names_its_question(content: bytes) -> None:
    shown = ITEM.replace("<p>What now?</p>", '<p>What now? <img src="p.png" alt="It"/></p>')
    tracemalloc.start()
    first, second = says(package({"a.xml": shown, "b.xml": ITEM, "p.png": content}))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "picture ‘p’" in first
    assert first.endswith(".")
    assert second == ""
    assert most < 60 * MEGABYTE


@pytest.mark.parametrize(
    "source",
    ["http://127.0.0.1:9/p.png", "//127.0.0.1/p.png", "file:///etc/passwd", "ftp://x.example/p.png", "/etc/passwd"],
)
def test_a_picture_that_lies_elsewhere_is_never_fetched_and_its_words_stand_in_its_place(source: str) -> None:
    (found,) = read_file(
        quiz(question("multichoice", ANSWERS, f'What now? <img src="{source}" alt="A hallway">'))
    ).found
    assert isinstance(found, Exchanged)
    assert (found.text, dict(found.pictures)) == ("What now? A hallway", {})
    assert any("did not come along" in warning for warning in found.about["warnings"])


# --- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"What? {=" + b"a" * (10 * MEGABYTE) + b" ~b}",
        b"What? {" + b"~a" * (5 * MEGABYTE) + b"}",
        b"::" * (5 * MEGABYTE) + b"{",
        b"{" * (10 * MEGABYTE),
        b"What? {T}" + b"\\" * (10 * MEGABYTE),
        b"$CATEGORY: " + b"x/" * (5 * MEGABYTE) + b"\n\nWhat? {T}",
        b"What?\nA. " + b"a" * (10 * MEGABYTE) + b"\nB. b\nANSWER: A",
        b"// about-the-question: " + b'{"a":' * MEGABYTE + b"\nWhat? {T}",
        b"// [tag:" + b"x" * (10 * MEGABYTE) + b"]\nWhat? {T}",
    ],
    ids=["answer", "answers", "names", "braces", "backslashes", "category", "aiken", "nested comment", "tag"],
)
def test_a_line_of_ten_megabytes_comes_to_a_sentence_or_to_words(content: bytes) -> None:
    for sentence in says(content):
        assert sentence == "" or sentence.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\0\0", "empty"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office"),
        ("What? {T}".encode("utf-32"), "UTF-32"),
        (bytes(range(256)) * 8, "."),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_noughts_and_hidden_signs_do_not_arrive() -> None:
    (found,) = read_file(
        "::A\0::Is it\u202e so\u0000, as the officer who came first has written?\u0007 {T}".encode()
    ).found
    assert isinstance(found, Exchanged)
    assert (found.name, found.text) == ("A", "Is it so, as the officer who came first has written?")


@pytest.mark.parametrize("number", ["9" * 4000, "1e99999999", "0x10", "1_000", "٣", "inf", "nan", "1/0", "--1"])
def test_numbers_that_are_none_or_without_end_are_named(number: str) -> None:
    (sentence,) = says(f"How many? {{#{number}:0}}\n".encode())
    assert "is not a number" in sentence
    (sentence,) = says(quiz(question("numerical", f'<answer fraction="100"><text>{number}</text></answer>')))
    assert "is not a number" in sentence
    (sentence,) = says(quiz(question("multichoice", ANSWERS + f"<defaultgrade>{number}</defaultgrade>")))
    assert sentence.endswith(".")
    assert len(sentence) < 200


BASES = [
    quiz(question("multichoice", ANSWERS), question("truefalse", ANSWERS)),
    package({"a.xml": ITEM, "b.xml": ITEM}),
    b"$CATEGORY: a/b\n\n// [id:1]\n::A:: What? {=One#Yes. ~%50%Two}\n\nHow many? {#1:2}\n\nMatch {=a -> b =c -> d}\n",
    b"What?\nA. One\nB. Two\nANSWER: A\n",
]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    base=st.sampled_from(BASES),
    places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12),
    cut=st.floats(0, 1),
)
def test_a_file_damaged_anywhere_comes_to_sentences_or_to_words(
    base: bytes, places: list[tuple[float, int]], cut: float
) -> None:
    content = bytearray(base)
    for place, value in places:
        content[int(place * len(content))] = value
    for sentence in says(bytes(content[: int(len(content) * cut) + 1])):
        assert sentence == "" or sentence.endswith((".", "”", "’")), sentence


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(alphabet=st.sampled_from("{}=~#:\\*->%TF 12.\n/$[]A)ANSWER:<>&;"), max_size=120))
def test_any_signs_of_gift_and_aiken_come_to_sentences_or_to_words(text: str) -> None:
    for sentence in says(f"What? {text}".encode()):
        assert sentence == "" or sentence.strip()
