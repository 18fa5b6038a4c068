"""What looks like a detail of a case, and what does not: known answers, one by one."""

from __future__ import annotations

import pytest

from courses.portfolio.case_details import Kind, case_details, digest_of

SEEN = [
    ("Crime number 3012345/26 was given.", Kind.NUMBER, "Crime number 3012345/26"),
    ("It is CRIS 3012345/26 now.", Kind.NUMBER, "CRIS 3012345/26"),
    ("See 01AB/12345/26 for it.", Kind.NUMBER, "01AB/12345/26"),
    ("We went to CAD 1234/12MAY26 at once.", Kind.NUMBER, "CAD 1234/12MAY26"),
    ("CAD: 5521 came in.", Kind.NUMBER, "CAD: 5521"),
    ("The incident log 221 says so.", Kind.NUMBER, "incident log 221"),
    ("Custody record AB/1234/26 was opened.", Kind.NUMBER, "Custody record AB/1234/26"),
    ("The custody number is long: EK/04567/26.", Kind.NUMBER, "EK/04567/26"),
    ("PNC ID 26/123456X came back.", Kind.NUMBER, "PNC ID 26/123456X"),
    ("He was 26/123456X there.", Kind.NUMBER, "26/123456X"),
    ("URN 01MP1234526 went to them.", Kind.NUMBER, "URN 01MP1234526"),
    ("Recorded as 42260123456.", Kind.NUMBER, "42260123456"),
    ("Exhibit JD/1 was sealed.", Kind.NUMBER, "Exhibit JD/1"),
    ("I spoke with Mr Adeyemi.", Kind.NAME, "Mr Adeyemi"),
    ("I spoke with Mrs. J. O’Neill about it.", Kind.NAME, "Mrs. J. O’Neill"),
    ("PC Marsh took the other side.", Kind.NAME, "PC Marsh"),
    ("The victim Amina was calm.", Kind.NAME, "victim Amina"),
    ("A man called Józef helped.", Kind.NAME, "called Józef"),
    ("Jane Smith told me so.", Kind.NAME, "Jane Smith"),
    ("In the hall I met Anne-Marie McKay.", Kind.NAME, "Anne-Marie McKay"),
    ("By Anna Reed.", Kind.NAME, "Anna Reed"),
    ("On Friday Mary Ann Jones left.", Kind.NAME, "Mary Ann Jones"),
    ("His number is 07700 900123.", Kind.PHONE, "07700 900123"),
    ("Ring (020) 7946 0958 for it.", Kind.PHONE, "(020) 7946 0958"),
    ("Ring +44 20 7946 0958 for it.", Kind.PHONE, "+44 20 7946 0958"),
    ("A blue car, AB12 CDE, was there.", Kind.PLATE, "AB12 CDE"),
    ("A van, P123ABC, was there.", Kind.PLATE, "P123ABC"),
    ("An old one, ABC 123D, was there.", Kind.PLATE, "ABC 123D"),
    ("Write to a.person@mail.example then.", Kind.EMAIL, "a.person@mail.example"),
    ("She was born on 1 May 1990.", Kind.BIRTH, "born on 1 May 1990"),
    ("DOB: 01/05/1990, no answer.", Kind.BIRTH, "DOB: 01/05/1990"),
    ("The flat is in SE15 4QF.", Kind.POSTCODE, "SE15 4QF"),
]
NOT_SEEN = [
    "The Code of Ethics and the National Decision Model guided me.",
    "I searched under section 1 PACE and recorded the grounds within 10 minutes.",
    "I used my Body Worn Video from the beginning; 3 people were there.",
    "On Monday 12 May 2026 I stood in Brixton Road for two hours.",
    "I logged 3 items and booked in 12 bags.",
    "I recorded the incident at 10 past nine.",
    "Radio call at 21:45, on the scene at 21:52.",
    "In 2026 I took 10 statements. My tutor read 4 of them.",
    "IT WAS LATE AND EVERYBODY WAS TIRED.",
    "Stop and search, form 5090, explained with GOWISELY.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "piece"), SEEN)
def test_what_looks_like_a_case_is_named(text: str, kind: Kind, piece: str) -> None:
    assert [(one.kind, one.text) for one in case_details([text])] == [(kind, piece)]


@pytest.mark.parametrize("text", NOT_SEEN)
def test_what_is_everyday_is_not_asked_about(text: str) -> None:
    assert case_details([text]) == ()


def test_what_is_found_is_said_in_words_in_its_order_and_once() -> None:
    found = case_details({"words": "Mr Shah rang from 07700 900123. Later mr shah and Mr Shah came."})
    assert [one.words for one in found] == [
        "‘Mr Shah’ looks like somebody’s name.",
        "‘07700 900123’ looks like a telephone number.",
    ]


def test_where_a_number_is_expected_only_other_things_are_found() -> None:
    texts = {"reference": "Notebook 3012345/26, Mr Shah", "words": "See 3012345/26"}
    found = case_details(texts, numbers_in=("reference",))
    assert [one.text for one in found] == ["Mr Shah", "3012345/26"]


def test_where_a_place_is_expected_its_name_is_none_of_a_person() -> None:
    texts = {"place": "Old Kent Road, with Mr Shah, SE15 4QF", "words": "Then Old Kent came."}
    found = case_details(texts, places_in=("place",))
    assert [one.text for one in found] == ["Mr Shah", "SE15 4QF", "Old Kent"]


def test_what_is_confirmed_is_exactly_what_was_found() -> None:
    once, again, more = (case_details([text]) for text in ("Mr Shah", "So Mr Shah said", "Mr Shah, CAD 1234"))
    assert digest_of(once) == digest_of(again) != digest_of(more)
    assert digest_of(()) == ""


@pytest.mark.parametrize(
    "text", ["A" * 20_000, "Aa " * 7_000, "0" * 20_000, "log " * 5_000, "1/" * 10_000, "Mr " * 7_000]
)
def test_what_stands_at_the_end_of_a_long_text_is_found_as_well(text: str) -> None:
    found = case_details([f"{text}. Then Mr Shah came."])
    assert found[-1].text == "Mr Shah"
