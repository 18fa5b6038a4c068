"""What a folder is warned of. Nothing here stops it from being loaded."""

from __future__ import annotations

from datetime import date

from tests.courses.folder import tiny
from tests.courses.folder.conftest import Check

REFERENCES = "TINY-101/references.yaml"
QUESTIONS = "TINY-101/questions/10-at-the-door.yaml"
MORE_QUESTIONS = "TINY-101/questions/30-who-knows.yaml"
LESSON = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
FINAL = "TINY-101/assessments/final.yaml"
KEY = "text: That the bedroom is locked and unopened"


def test_a_right_answer_that_is_too_often_the_longest(check: Check) -> None:
    for number in range(4):
        findings = check(QUESTIONS, f"{KEY}\n", f"{KEY}, and that nobody has a key to it ({number})\n")
    assert findings.refusals == ()
    (warning,) = findings.warnings
    assert warning.file == QUESTIONS
    assert "4 of 8 choice items" in warning.reason
    assert "tiny-c01, tiny-q01, tiny-q02, tiny-q03" in warning.reason


def test_a_right_answer_that_is_sometimes_the_longest_is_no_matter(check: Check) -> None:
    for number in range(3):
        findings = check(QUESTIONS, f"{KEY}\n", f"{KEY}, and that nobody has a key to it ({number})\n")
    assert findings.warnings == ()


def test_a_reference_past_its_review(check: Check) -> None:
    findings = check(on=date(2027, 11, 23))
    (warning,) = findings.warnings
    assert (warning.file, warning.line) == (REFERENCES, tiny.line_of(tiny.REFERENCES, "review_by: 2027-11-22"))
    assert "'act-1' was to be reviewed by 2027-11-22" in warning.reason
    assert check(on=date(2027, 11, 22)).warnings == ()


def test_a_reference_below_high_confidence(check: Check) -> None:
    findings = check(REFERENCES, "confidence: H\n  review_by: null", "confidence: L\n  review_by: null")
    assert findings.refusals == ()
    assert [warning.reason for warning in findings.warnings] == [
        "The reference 'guide-1' is L, below H: a reviewer reads the source itself."
    ]


def test_too_many_items_that_are_true_or_false(check: Check) -> None:
    start, end = tiny.QUESTIONS.index("  - id: tiny-q08"), tiny.QUESTIONS.index("  - id: tiny-q04")
    findings = check(QUESTIONS, tiny.QUESTIONS[start:end], "")
    assert findings.refusals == ()
    (warning,) = findings.warnings
    assert (warning.file, warning.line) == (MORE_QUESTIONS, tiny.line_of(tiny.SECOND_QUESTIONS, "type: true_false"))
    assert "1 of 8 items" in warning.reason


def test_a_long_stem(check: Check) -> None:
    findings = check(MORE_QUESTIONS, "stem: What", f"stem: {'word ' * 90}What")
    (warning,) = findings.warnings
    assert (warning.file, warning.line) == (MORE_QUESTIONS, tiny.line_of(tiny.SECOND_QUESTIONS, "    stem:"))
    assert "has 99 words" in warning.reason


def test_a_check_no_lesson_shows(check: Check) -> None:
    check("TINY-101/30-who-knows/15-who-said-it.md", ":::check tiny-c01 before", ":::check tiny-c02 before")
    findings = check(
        QUESTIONS,
        "  - id: tiny-q03\n    type: single_choice\n    use: exam",
        "  - id: tiny-c02\n    type: single_choice\n    use: lesson",
    )
    assert findings.warnings == ()
    findings = check("TINY-101/30-who-knows/15-who-said-it.md", ":::check tiny-c02 before", ":::check tiny-c01 before")
    assert ["No lesson shows the check 'tiny-c02'" in warning.reason for warning in findings.warnings] == [True]


def test_a_key_point_that_is_none(check: Check) -> None:
    findings = check(LESSON, "A gap that is said", f"{'word ' * 30}A gap that is said")
    (warning,) = findings.warnings
    assert (warning.file, warning.line) == (LESSON, tiny.line_of(tiny.LESSON, ":::key"))


def test_a_must_pass_rule_no_test_looks_at(check: Check) -> None:
    findings = check(FINAL, "must_pass: true", "must_pass: false")
    assert {warning.file for warning in findings.warnings} == {QUESTIONS}
    assert all("'say-the-gap' decides nothing" in warning.reason for warning in findings.warnings)


def test_a_file_no_lesson_shows(check: Check) -> None:
    findings = check(**{"TINY-101/media/other.png": tiny.picture()})
    assert findings.refusals == ()
    assert [(warning.file, warning.line) for warning in findings.warnings] == [("TINY-101/media/other.png", 1)]
