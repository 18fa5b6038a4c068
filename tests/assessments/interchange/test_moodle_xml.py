"""Moodle XML: every question of a quiz arrives as it was meant, or is named with its line and the reason."""

from __future__ import annotations

import base64
from fractions import Fraction

import pytest

from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Unreadable
from assessments.question_types.exchange import Exchanged
from tests.assessments.question_types.samples import drawing


def question(kind: str, inside: str, text: str = "<p>What now?</p>", name: str = "One") -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>{inside}</question>\n'
    )


def answer(text: str, share: str, more: str = "") -> str:
    return f'<answer fraction="{share}" format="html"><text>{text}</text>{more}</answer>'


def quiz(*questions: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}</quiz>\n'.encode()


def one(kind: str, inside: str, text: str = "<p>What now?</p>") -> Exchanged:
    (found,) = read_file(quiz(question(kind, inside, text))).found
    assert isinstance(found, Exchanged), found
    return found


CHOICE = answer("Ask", "100", "<feedback><text>Yes.</text></feedback>") + answer("Leave", "0")
UNITS = "<units><unit><multiplier>1</multiplier><unit_name>hours</unit_name></unit></units>"
WORDS = "".join(f"<selectoption><text>{word}</text><group>1</group></selectoption>" for word in ("now", "later"))
GOOD = question("multichoice", CHOICE)
KINDS = {
    "multichoice": ("single_choice", CHOICE + "<single>true</single>"),
    "multichoice several": ("multiple_response", answer("A", "50") + answer("B", "50") + answer("C", "-50") + "<single>false</single>"),
    "multichoiceset": ("multiple_response", answer("A", "100") + answer("B", "100") + answer("C", "0")),
    "truefalse": ("true_false", answer("true", "100") + answer("false", "0")),
    "shortanswer": ("short_text", answer("AMHP", "100") + answer("social worker", "50") + answer("*", "0")),
    "numerical": ("number", answer("24", "100", "<tolerance>0.5</tolerance>") + UNITS),
    "matching": (
        "matching",
        "<subquestion format='html'><text>s 1</text><answer><text>search</text></answer></subquestion>"
        "<subquestion format='html'><text>s 17</text><answer><text>enter</text></answer></subquestion>",
    ),
    "essay": ("written", "<responseformat>editor</responseformat><responsefieldlines>10</responsefieldlines>"),
    "essay file": ("file_upload", "<responseformat>noinline</responseformat><attachments>2</attachments>"),
    "ordering": ("ordering", answer("first", "1") + answer("second", "2") + answer("third", "3")),
    "gapselect": ("gap_fill", WORDS),
    "cloze": ("gap_fill", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_that_ours_can_ask_arrives(name: str) -> None:
    wanted, inside = KINDS[name]
    text = {
        "gapselect": "<p>Do it [[1]].</p>",
        "cloze": "<p>Held for {1:NUMERICAL:=24:0} hours by {2:MCS:=a doctor~a nurse}.</p>",
    }
    draft = draft_of(one(name.split()[0], inside, text.get(name, "<p>What now?</p>")))
    assert draft.type == wanted
    assert draft.max_mark == 1 if name != "cloze" else draft.max_mark > 0


def test_marks_name_number_tags_and_feedback_come_along() -> None:
    inside = (
        CHOICE
        + "<defaultgrade>2.5000000</defaultgrade><idnumber>LAW-7</idnumber><shuffleanswers>false</shuffleanswers>"
        "<generalfeedback format='html'><text>See section 1.</text></generalfeedback><tags><tag><text>May</text></tag></tags>"
        "<hint format='html'><text>Think of the grounds.</text></hint>"
    )
    item = one("multichoice", inside)
    draft = draft_of(item)
    assert (item.max_mark, item.about["id"], item.feedback) == (Fraction(5, 2), "LAW-7", "See section 1.")
    assert draft.definition["shuffle"] is False
    assert draft.about["note"] == "Hint: Think of the grounds.\nTags: May"
    assert any("kept in the note" in warning for warning in draft.warnings)


def test_thirds_are_read_exactly() -> None:
    item = one(
        "multichoice", "".join(answer(text, "33.33333") for text in "ABC") + answer("D", "0") + "<single>false</single>"
    )
    assert [one.fraction for one in item.answers] == [Fraction(1, 3)] * 3 + [0]


def test_a_picture_that_is_written_into_the_question_comes_along() -> None:
    file = f'<file name="scene.png" path="/" encoding="base64">{base64.b64encode(drawing()).decode()}</file>'
    text = '<p>What do you see?</p><img src="@@PLUGINFILE@@/scene.png" alt="A hallway" />'
    content = quiz(question("multichoice", CHOICE, text).replace("</questiontext>", f"{file}</questiontext>"))
    (item,) = read_file(content).found
    assert isinstance(item, Exchanged)
    draft = draft_of(item)
    assert "[[picture:scene]]" in draft.definition["stem"]
    assert draft.definition["pictures"]["scene"]["alt"] == "A hallway"
    assert draft.pictures["scene"].width == 320


def test_the_category_holds_for_the_questions_that_follow_it() -> None:
    category = '<question type="category"><category><text>$course$/top/Law</text></category></question>'
    before, after = read_file(
        quiz(question("multichoice", CHOICE), category, question("multichoice", CHOICE, name="Two"))
    ).found
    assert isinstance(before, Exchanged)
    assert isinstance(after, Exchanged)
    assert ("category" in before.about, after.about["category"]) == (False, "$course$/top/Law")


@pytest.mark.parametrize(
    ("kind", "inside", "words"),
    [
        ("description", "", "asks nothing"),
        ("calculated", "", "numbers up anew"),
        ("random", "", "at random"),
        ("ddmarker", "", "give its answer away"),
        ("stack", "", "type ‘stack’ are not read"),
        ("multichoice", answer("Only", "100"), "fewer than two"),
        ("multichoice", answer("A", "lots") + answer("B", "0"), "no share of the marks"),
        ("truefalse", answer("yes", "100") + answer("no", "0"), "not true and false"),
        ("numerical", answer("many", "100"), "not a number"),
        ("multichoice", CHOICE + "<defaultgrade>a lot</defaultgrade>", "mark ‘a lot’"),
        ("multichoice", CHOICE + "<defaultgrade>9e9</defaultgrade>", "carries"),
        ("cloze", "", "no gap"),
    ],
)
def test_what_does_not_arrive_is_named_with_its_line_and_a_sentence(kind: str, inside: str, words: str) -> None:
    first, broken, last = read_file(
        quiz(question("multichoice", CHOICE), question(kind, inside, name="Broken"), question("multichoice", CHOICE))
    ).found
    if isinstance(broken, Exchanged):
        with pytest.raises(ValueError, match=words):
            draft_of(broken)
    else:
        assert words in broken.reason
        assert broken.reason.endswith(".")
        assert broken.name == "Broken"
    assert broken.line == 4
    assert isinstance(first, Exchanged)
    assert isinstance(last, Exchanged)


def test_markup_scripts_and_styles_do_not_arrive_and_words_do() -> None:
    text = "<p onclick='x()'>One<sup>2</sup></p><style>p{}</style><ul><li>a</li><li>b</li></ul><iframe src='https://x.example'></iframe>"
    item = one("multichoice", CHOICE, text)
    assert item.text == "One²\n\n- a\n- b" or item.text.startswith("One²")
    assert "<" not in item.text
    assert "onclick" not in str(item)
    assert "A page of another site is not kept." in item.about["warnings"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<quiz><question>", "not well-formed"),
        (b"<html><body>x</body></html>", "web page"),
        (b"<quiz></quiz>", "no questions"),
        (b"<?xml version='1.0'?><feed/>", "neither Moodle XML nor QTI"),
    ],
)
def test_a_file_that_is_no_quiz_is_unreadable(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_file(content)
