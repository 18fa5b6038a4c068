"""What is told after every answer travels as each format says it: general feedback in GIFT and Moodle, a feedback of its own in QTI."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest

from assessments import question_types
from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.question_types.exchange import Exchanged
from tests.assessments.interchange.test_round_trips import KNOWN, PAIRS, comes_back
from tests.assessments.interchange.trips import draft_in, keep_the_sample_picture, version_of, written

WORDS = "The act says so: read section 1 **before** you search."
PLACES = {
    "gift": re.compile(r"####\[html\]The act says so"),
    "moodle-xml": re.compile(r"<generalfeedback [^>]*>.*?The act says so.*?</generalfeedback>", re.DOTALL),
    "qti": re.compile(
        r'<modalFeedback outcomeIdentifier="EXPLANATION".*?The act says so.*?</modalFeedback>', re.DOTALL
    ),
}


@pytest.fixture(autouse=True, scope="module")
def _picture() -> None:
    keep_the_sample_picture()


def explained(name: str) -> tuple[str, dict[str, object]]:
    kind, definition = KNOWN[name]
    return kind, dict(question_types.get(kind).normalise({**definition, "explanation": WORDS}))


def text_of(content: bytes, format: str) -> str:
    if format != "qti":
        return content.decode()
    with zipfile.ZipFile(BytesIO(content)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize(("name", "format"), PAIRS)
def test_an_explanation_comes_back_from_every_format(name: str, format: str) -> None:
    kind, definition = explained(name)
    assert definition["explanation"] == WORDS
    comes_back(kind, definition, format)
    assert draft_in(written(version_of(kind, definition), format)).definition["explanation"] == WORDS


@pytest.mark.parametrize(("name", "format"), PAIRS)
def test_it_stands_where_other_systems_read_it(name: str, format: str) -> None:
    kind, definition = explained(name)
    exported = written(version_of(kind, definition), format)
    assert PLACES[format].search(text_of(exported.content, format))
    plain = written(version_of(kind, KNOWN[name][1]), format)
    assert not PLACES[format].search(text_of(plain.content, format))


@pytest.mark.parametrize(("name", "format"), [pair for pair in PAIRS if pair[1] != "qti"])
def test_it_is_read_without_our_own_comment(name: str, format: str) -> None:
    kind, definition = explained(name)
    content = text_of(written(version_of(kind, definition), format).content, format)
    bare = re.sub(
        r"(?m)^// about-the-question:.*\n" if format == "gift" else r"<!-- about-the-question:.*?-->", "", content
    )
    assert bare != content
    (found,) = read_file(bare.encode()).found
    assert isinstance(found, Exchanged)
    assert draft_of(found).definition["explanation"] == WORDS


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("::pairs:: Match. {=a -> b =c -> d ####Read it again.}", "matching"),
        ("::essay:: Write. {####Read it again.}", "written"),
    ],
)
def test_general_feedback_of_others_is_an_explanation_and_no_guidance_for_markers(content: str, kind: str) -> None:
    (found,) = read_file(content.encode()).found
    assert isinstance(found, Exchanged)
    draft = draft_of(found)
    assert (draft.type, draft.definition["explanation"]) == (kind, "Read it again.")
    assert "guidance" not in draft.definition
