"""The payload's canonical form: one way to write each payload, and a refusal by name for what has no place in it."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd_records.ledger.canonical import PayloadRefused, canonical_bytes, day_text, plain, time_text
from cpd_records.verification import formats
from tests.cpd_records import ledger_by_hand as by_hand

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
payloads = st.dictionaries(texts, values, max_size=5)


@given(payloads)
def test_writer_verifier_and_definition_write_the_same_bytes(payload: dict[str, Any]) -> None:
    written = canonical_bytes(payload).decode()

    assert written == formats.canonical_text(payload) == by_hand.canonical(payload)
    assert json.loads(written) == payload


@given(payloads)
def test_the_order_in_which_members_were_given_does_not_matter(payload: dict[str, Any]) -> None:
    assert canonical_bytes(dict(reversed(payload.items()))) == canonical_bytes(payload)


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=3))
def test_any_text_that_was_typed_is_written_in_normal_form_or_refused(typed: dict[str, str]) -> None:
    try:
        written = canonical_bytes(plain(typed)).decode()
    except PayloadRefused:
        folded = [unicodedata.normalize("NFC", name) for name in typed]
        texts_typed = [*typed, *typed.values()]
        assert len(set(folded)) < len(folded) or any("\ud800" <= c <= "\udfff" for text in texts_typed for c in text)
    else:
        assert unicodedata.is_normalized("NFC", written)
        assert formats.read_payload(json_with_version(written))


def json_with_version(written: str) -> str:
    return formats.canonical_text({**json.loads(written), "v": 1})


@given(payloads, st.integers(0, 200), st.characters(codec="utf-8"))
def test_the_verifiers_first_look_takes_nothing_that_reading_with_care_refuses(
    payload: dict[str, Any], place: int, other: str
) -> None:
    written = formats.canonical_text({**payload, "v": 1})
    place %= len(written)
    changed = written[:place] + other + written[place + 1 :]

    for text in (written, changed):
        seen = formats.plain_payload(text)
        assert seen is None or seen == formats.read_payload(text)
    assert not written.isascii() or formats.plain_payload(written) == {**payload, "v": 1}


def test_names_are_sorted_by_their_utf_16_units() -> None:
    assert canonical_bytes({"\uff21": 1, "\U0001f600": 2, "a": 3}).decode() == '{"a":3,"😀":2,"\uff21":1}'


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (None, "is null"),
        (1.5, "is a float"),
        (1.0, "is a float"),
        (float("nan"), "is a float"),
        (2**53, "beyond the integers"),
        (-(2**53), "beyond the integers"),
        ({1, 2}, "a set"),
        (b"bytes", "a bytes"),
        ("e\u0301", "normalisation form C"),
        ("\ud83d", "surrogate"),
        ({"e\u0301": 1}, "normalisation form C"),
        ({1: "one"}, "not text"),
    ],
)
def test_what_has_no_place_in_a_payload_is_refused_by_name(part: Any, says: str) -> None:
    for payload in ({"part": part}, {"list": [part]}, {"object": {"part": part}}):
        with pytest.raises(PayloadRefused, match=says):
            canonical_bytes(payload)


def test_a_payload_is_an_object_of_bounded_depth() -> None:
    nested: dict[str, Any] = {}
    for _level in range(40):
        nested = {"in": nested}

    with pytest.raises(PayloadRefused, match="levels deep"):
        canonical_bytes(nested)
    with pytest.raises(PayloadRefused, match="object"):
        canonical_bytes(["a list"])  # type: ignore[arg-type]


def test_days_times_and_uuids_are_written_as_text_and_texts_in_form_c() -> None:
    summer = timezone(timedelta(hours=1))
    given_values = {
        "day": date(2026, 9, 1),
        "at": datetime(2026, 9, 1, 15, 30, tzinfo=summer),
        "who": UUID("6F1C9F0A-2B7E-4C53-9D1E-0A4B8C2D7E11"),
        "title": "cafe\u0301",
        "pair": (1, "e\u0301"),
    }

    assert plain(given_values) == {
        "day": "2026-09-01",
        "at": "2026-09-01T14:30:00.000000Z",
        "who": "6f1c9f0a-2b7e-4c53-9d1e-0a4b8c2d7e11",
        "title": "café",
        "pair": [1, "é"],
    }


def test_a_time_has_a_zone_and_always_six_digits() -> None:
    assert time_text(datetime(987, 1, 2, 3, 4, 5, tzinfo=UTC)) == "0987-01-02T03:04:05.000000Z"
    with pytest.raises(PayloadRefused, match="time zone"):
        time_text(datetime(2026, 1, 1))
    with pytest.raises(PayloadRefused, match="a day is wanted"):
        day_text(datetime(2026, 1, 1, tzinfo=UTC))


def test_two_names_that_become_one_are_refused() -> None:
    with pytest.raises(PayloadRefused, match="same text"):
        plain({"é": 1, "e\u0301": 2})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"v":1,"a":1.0}', "floats"),
        ('{"v":1,"a":1e3}', "floats"),
        ('{"v":1,"a":NaN}', "floats"),
        ('{"a":null,"v":1}', "no place"),
        ('{"a":1,"a":1,"v":1}', "twice"),
        ('{"v":1,"a":1}', "canonical form"),
        ('{"a": 1,"v":1}', "canonical form"),
        ('{"a":"\\u00e9","v":1}', "canonical form"),
        ('{"a":"e\u0301","v":1}', "form C"),
        ('{"a":9007199254740992,"v":1}', "2\\^53"),
        ('{"a":' + "9" * 400 + ',"v":1}', "2\\^53"),
        ('{"a":-0,"v":1}', "canonical form"),
        ('{"a":"\\ud83d","v":1}', "surrogate"),
        ('["v"]', "not an object"),
        ("{", "not JSON"),
        ('{"v":2}', "version 2"),
        ('{"v":true}', "version True"),
        ("{}", "version None"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_the_verifier_accepts_no_other_way_of_writing(text: str, says: str) -> None:
    with pytest.raises(formats.Malformed, match=says):
        formats.read_payload(text)
    assert formats.plain_payload(text) is None
