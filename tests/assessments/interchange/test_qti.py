"""QTI 2.1 and 2.2: items by themselves and packages, each question whole or named; other versions are told apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from fractions import Fraction

import pytest

from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Skipped, Unreadable
from assessments.question_types.exchange import Exchanged
from tests.assessments.question_types.samples import drawing

V21, V22 = "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imsqti_v2p2"
MATCH_CORRECT = 'template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"'
MAP_RESPONSE = 'template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"'


def item(body: str, declared: str, rules: str = MATCH_CORRECT, *, namespace: str = V21, after: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{namespace}" identifier="I1" title="One" adaptive="false" '
        f'timeDependent="false">{declared}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody><p>What now?</p>{body}</itemBody><responseProcessing {rules}/>{after}</assessmentItem>"
    )


def declared(kind: str, cardinality: str, correct: str, mapping: str = "") -> str:
    values = "".join(f"<value>{value}</value>" for value in correct.split("|") if value)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{kind}">'
        f"<correctResponse>{values}</correctResponse>{mapping}</responseDeclaration>"
    )


def choices(*names: str, most: int = 1, tag: str = "choiceInteraction") -> str:
    inside = "".join(f'<simpleChoice identifier="{name}">Answer {name}</simpleChoice>' for name in names)
    return f'<{tag} responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">{inside}</{tag}>'


CHOICE = item(choices("A", "B"), declared("identifier", "single", "B"))


def package(files: Mapping[str, str | bytes], kind: str = "imsqti_item_xmlv2p1") -> bytes:
    named = "".join(
        f'<resource identifier="R{place}" type="{kind}" href="{path}"><file href="{path}"/></resource>'
        for place, path in enumerate(path for path in files if path.endswith(".xml"))
    )
    manifest = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{named}</resources></manifest>'
    return zipped({"imsmanifest.xml": manifest, **files})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return written.getvalue()


def one(content: str | bytes) -> Exchanged:
    (found,) = read_file(content.encode() if isinstance(content, str) else content).found
    assert isinstance(found, Exchanged), found
    return found


@pytest.mark.parametrize("namespace", [V21, V22])
def test_a_choice_with_one_right_answer(namespace: str) -> None:
    found = one(item(choices("A", "B", "C"), declared("identifier", "single", "B"), namespace=namespace))
    assert (found.name, found.text) == ("One", "What now?")
    assert [(answer.text, answer.fraction) for answer in found.answers] == [
        ("Answer A", 0),
        ("Answer B", 1),
        ("Answer C", 0),
    ]
    assert draft_of(found).type == "single_choice"


def test_a_mapping_gives_part_marks_and_the_mark_of_the_whole() -> None:
    mapping = '<mapping defaultValue="0"><mapEntry mapKey="A" mappedValue="2"/><mapEntry mapKey="B" mappedValue="1"/></mapping>'
    found = one(item(choices("A", "B", "C", most=2), declared("identifier", "multiple", "A|B", mapping), MAP_RESPONSE))
    assert found.max_mark == 3
    assert [answer.fraction for answer in found.answers] == [Fraction(2, 3), Fraction(1, 3), 0]
    assert draft_of(found).type == "multiple_response"


def test_several_right_answers_that_score_together_only() -> None:
    found = one(item(choices("A", "B", "C", most=2), declared("identifier", "multiple", "A|B")))
    assert found.settings["partial"] is False
    assert [answer.fraction for answer in found.answers] == [Fraction(1, 2), Fraction(1, 2), 0]


def test_an_order() -> None:
    found = one(item(choices("A", "B", "C", tag="orderInteraction"), declared("identifier", "ordered", "C|A|B")))
    assert [answer.text for answer in found.answers] == ["Answer C", "Answer A", "Answer B"]
    assert draft_of(found).type == "ordering"


def test_pairs() -> None:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(
            f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}</simpleAssociableChoice>'
            for name in names
        )
        + "</simpleMatchSet>"
        for names in (("s1", "s17"), ("search", "enter"))
    )
    body = (
        f'<matchInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="2">{sets}</matchInteraction>'
    )
    found = one(item(body, declared("directedPair", "multiple", "s1 search|s17 enter")))
    assert [(answer.text, answer.match) for answer in found.answers] == [("s1", "search"), ("s17", "enter")]
    assert draft_of(found).type == "matching"


def test_typed_words_numbers_and_free_writing() -> None:
    field = '<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    assert draft_of(one(item(field, declared("string", "single", "AMHP")))).type == "short_text"
    assert draft_of(one(item(field, declared("float", "single", "24")))).type == "number"
    free = '<extendedTextInteraction responseIdentifier="RESPONSE"/>'
    assert draft_of(one(item(free, declared("string", "single", "")))).type == "written"


def test_a_package_brings_its_pictures_and_nothing_from_elsewhere() -> None:
    here = CHOICE.replace("<p>What now?</p>", '<p>What now? <img src="../media/hall.png" alt="A hallway"/></p>')
    away = CHOICE.replace(
        "<p>What now?</p>", '<p>What now? <img src="https://x.example/hall.png" alt="A hallway"/></p>'
    )
    content = package({"items/a.xml": here, "items/b.xml": away, "media/hall.png": drawing()})
    with_picture, without = read_file(content).found
    assert isinstance(with_picture, Exchanged)
    assert isinstance(without, Exchanged)
    assert draft_of(with_picture).definition["pictures"]["hall"]["alt"] == "A hallway"
    assert (without.text, dict(without.pictures)) == ("What now? A hallway", {})
    assert any("did not come along" in warning for warning in draft_of(without).warnings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (item(choices("A"), declared("identifier", "single", "A")), "fewer than two"),
        (item("", declared("identifier", "single", "A")), "nothing to answer"),
        (item(choices("A", "B"), ""), "does not declare"),
        (item(choices("A", "B"), declared("identifier", "single", "Z")), "No answer earns a mark"),
        (
            item('<drawingInteraction responseIdentifier="RESPONSE"/>', declared("file", "single", "")),
            "‘drawingInteraction’ are not read",
        ),
        (item(choices("A", "B") * 2, declared("identifier", "single", "A")), "share one response"),
        ("<quiz", "not well-formed"),
        (
            '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"/>',
            "QTI 3.0, which is not read yet",
        ),
        ("<questestinterop/>", "QTI 1.2"),
    ],
)
def test_what_of_a_package_does_not_arrive_is_named_and_the_others_arrive(content: str, words: str) -> None:
    first, broken, last = read_file(package({"1.xml": CHOICE, "2.xml": content, "3.xml": CHOICE})).found
    assert isinstance(first, Exchanged)
    assert isinstance(last, Exchanged)
    assert isinstance(broken, Skipped)
    assert words in broken.reason
    assert broken.reason.endswith(".")
    assert broken.name


def test_a_question_that_the_manifest_names_and_the_package_has_not_is_named() -> None:
    content = package({"1.xml": CHOICE, "2.xml": CHOICE})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = archive.read("imsmanifest.xml")
    there, missing = read_file(zipped({"imsmanifest.xml": manifest, "1.xml": CHOICE})).found
    assert isinstance(there, Exchanged)
    assert isinstance(missing, Skipped)
    assert "2.xml" in missing.reason


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"/>',
            "QTI 3.0, which is not read yet",
        ),
        (b"<questestinterop/>", "QTI 1.2"),
        (b'<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>', "without its questions"),
        (zipped({"readme.txt": "x"}), "no imsmanifest.xml"),
        (zipped({"imsmanifest.xml": "<manifest/>"}), "names no question"),
    ],
)
def test_a_file_that_is_no_question_of_qti_2_is_unreadable(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_file(content)
