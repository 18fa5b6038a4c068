"""GIFT: every question of a file arrives as it was meant, or is named with its line and the reason."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assessments.interchange.arriving import draft_of
from assessments.interchange.formats import read_file
from assessments.interchange.reading import NotRead, Skipped, Unreadable
from assessments.question_types.exchange import Exchanged


def one(text: str) -> Exchanged:
    (found,) = read_file(text.encode(), format="gift").found
    assert isinstance(found, Exchanged), found
    return found


def reason(text: str) -> tuple[int, str]:
    (found,) = read_file(text.encode(), format="gift").found
    assert isinstance(found, Skipped), found
    return found.line, found.reason


def told(item: Exchanged) -> list[tuple[str, Fraction, str]]:
    return [(answer.text, answer.fraction, answer.feedback) for answer in item.answers]


def test_a_choice_with_part_marks_and_feedback() -> None:
    item = one("::Search:: What do you say first? {=Who you are#Yes. ~%25%Why#Close. ~Nothing ####GOWISELY.}")
    assert (item.name, item.text, item.feedback) == ("Search", "What do you say first?", "GOWISELY.")
    assert told(item) == [("Who you are", 1, "Yes."), ("Why", Fraction(1, 4), "Close."), ("Nothing", 0, "")]
    assert draft_of(item).type == "single_choice"


def test_several_right_answers_share_the_marks_and_thirds_are_exact() -> None:
    item = one("Which three? {~%33.33333%A ~%33.33333%B ~%33.33333%C ~%-100%D}")
    assert [share for _text, share, _feedback in told(item)] == [Fraction(1, 3)] * 3 + [Fraction(-1)]
    assert draft_of(item).type == "multiple_response"


@pytest.mark.parametrize(("inside", "answer"), [("T", True), ("FALSE", False), ("true#Wrong.#Right.", True)])
def test_true_and_false(inside: str, answer: bool) -> None:
    draft = draft_of(one(f"It is so. {{{inside}}}"))
    assert (draft.type, draft.definition["answer"]) == ("true_false", answer)


@pytest.mark.parametrize(
    ("inside", "value", "slip"),
    [("#24:0.5", "24", "0.5"), ("#23.5..24.5", "24", "0.5"), ("#=24:0", "24", "0"), ("#-0,5", "-0.5", "0")],
)
def test_numbers_with_a_tolerance_or_a_range(inside: str, value: str, slip: str) -> None:
    item = one(f"How many hours? {{{inside}}}")
    assert (Fraction(item.answers[0].text), item.answers[0].tolerance) == (Fraction(value), Fraction(slip))
    assert draft_of(item).type == "number"


def test_several_numbers_each_with_its_share() -> None:
    item = one("How many? {#=24:1#Right. =%50%72:0#The old limit.}")
    assert told(item) == [("24", 1, "Right."), ("72", Fraction(1, 2), "The old limit.")]


def test_typed_answers_and_what_is_told_to_any_other() -> None:
    item = one("Who applies? {=AMHP#Yes. =%50%social worker =%0%*#The AMHP.}")
    assert told(item) == [("AMHP", 1, "Yes."), ("social worker", Fraction(1, 2), "")]
    assert item.feedback_wrong == "The AMHP."
    assert draft_of(item).type == "short_text"


def test_pairs_and_a_match_that_belongs_to_nothing() -> None:
    item = one("Match. {=section 1 -> search =section 17 -> enter = -> arrest}")
    assert [(answer.text, answer.match) for answer in item.answers] == [
        ("section 1", "search"),
        ("section 17", "enter"),
        ("", "arrest"),
    ]
    assert draft_of(item).type == "matching"


def test_an_empty_pair_of_braces_asks_for_a_written_answer() -> None:
    assert draft_of(one("Why? {}")).type == "written"


def test_an_answer_in_the_middle_leaves_a_blank() -> None:
    assert one("He is held for {=24 =24 hours} hours.").text == "He is held for _____ hours."


def test_escaped_signs_are_text_and_line_breaks_stay() -> None:
    item = one("Is 1 \\= 1\\: \\{yes\\}?\\nThink. {=A \\~ B ~C \\# D}")
    assert item.text == "Is 1 = 1: {yes}?\nThink."
    assert [answer.text for answer in item.answers] == ["A ~ B", "C # D"]


def test_html_and_markdown_become_plain_words() -> None:
    item = one(
        "[html]<p>A <b>bold</b> word</p><script>alert(1)</script><p>Next &amp; last?</p> {=[markdown]**Yes** ~No}"
    )
    assert item.text == "A **bold** word\n\nNext & last?"
    assert item.answers[0].text == "**Yes**"


def test_comments_tags_and_categories_go_with_the_question_that_follows() -> None:
    (item,) = read_file(
        b"$CATEGORY: $course$/top/Law/Custody\n\n// [id:q7] [tag:hard] [tag:May]\n::A:: So? {T}\n"
    ).found
    assert isinstance(item, Exchanged)
    assert item.about["category"] == "$course$/top/Law/Custody"
    assert (item.about["id"], item.about["tags"], item.line) == ("q7", ["hard", "May"], 4)
    assert draft_of(item).about["note"] == "Tags: hard, May"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\nThis asks nothing.", 3, "asks nothing"),
        ("Which? {=A ~B", 1, "braces do not match"),
        ("Which? {=A ~B} and {=C ~D}", 1, "more than one place"),
        ("Which? {1:MULTICHOICE:=A~B}", 1, "written as embedded answers"),
        ("How many? {:NM:=3}", 1, "written as embedded answers"),
        ("// comment\nWhich? {~}", 2, "nothing in it"),
        ("Match. {=a -> b}", 1, "fewer than two pairs"),
        ("How many? {#about ten}", 1, "is not a number"),
        ("How many? {#1e999999:0}", 1, "is not a number"),
    ],
)
def test_what_does_not_arrive_is_named_with_its_line_and_a_sentence(text: str, line: int, words: str) -> None:
    where, why = reason(text + "\n")
    assert where == line
    assert words in why
    assert why.endswith((".", "a -> b"))


def test_a_broken_question_does_not_take_the_next_one_with_it() -> None:
    reading = read_file(b"::A:: Which? {=One ~\n\n::B:: So? {T}\n\n::C:: Which? {=One ~Two}\n")
    assert [isinstance(found, Exchanged) for found in reading.found] == [False, True, True]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found_by_the_content(codec: str) -> None:
    (item,) = read_file("::Café:: Is ‘naïve’ a word – or £5? {T}\r\n".encode(codec)).found
    assert isinstance(item, Exchanged)
    assert (item.name, item.text) == ("Café", "Is ‘naïve’ a word – or £5?")


def test_a_text_without_a_question_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="no questions"):
        read_file(b"Dear all,\n\nplease find the questions attached.\n")


def test_what_a_type_needs_is_said_in_its_words() -> None:
    item = one("Match. {=a -> b =c -> b}")
    with pytest.raises(NotRead, match="2 to 20 matches; there are 1"):
        draft_of(item)
