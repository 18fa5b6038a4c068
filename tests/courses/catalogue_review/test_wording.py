"""Words that are pointed out, and those that are not."""

from __future__ import annotations

import pytest

from courses.catalogue_review.wording import find_wording


@pytest.mark.parametrize(
    "text",
    [
        "It is important to note that you record it.",
        "The power lasts 72 hours.",
        "The power needs a public place.",
        "This is an arrestable offence.",
        "The Code of Ethics, unlike advice, is statutory.",
        "Get the doctor's permission first; the doctor authorises it.",
        "You should consult a nurse.",
        "A garden is excluded.",
        "He was known to police.",
        "She was sectioned last year.",
        "Officers log 35 hours of CPD.",
        "MoPI governs this.",
    ],
)
def test_what_has_gone_wrong_before_is_pointed_out(text: str) -> None:
    assert list(find_wording(text))


@pytest.mark.parametrize(
    "text",
    [
        "The power lasts 24 hours.",
        'Your colleague says: "She was sectioned, it is a public place."',
        "A garden is excluded unless another home shares it.",
        "You must consult a doctor, if it is practicable.",
        "Some forces use DASH and DARA side by side.",
    ],
)
def test_what_is_right_or_only_spoken_is_not(text: str) -> None:
    assert list(find_wording(text)) == []
