"""Every refusal: one thing is spoiled, and the reason names file and line. One refusal refuses the whole folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.folder.checking import check_folder
from courses.folder.refusing import Known
from tests.courses.folder import tiny
from tests.courses.folder.conftest import TODAY, Check

COURSE = "TINY-101/course.md"
REFERENCES = "TINY-101/references.yaml"
MODULE = "TINY-101/10-at-the-door/module.md"
LESSON = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
SECOND = "TINY-101/30-who-knows/15-who-said-it.md"
TASK = "TINY-101/30-who-knows/20-your-own-handover.md"
QUESTIONS = "TINY-101/questions/10-at-the-door.yaml"
MORE_QUESTIONS = "TINY-101/questions/30-who-knows.yaml"
FINAL = "TINY-101/assessments/final.yaml"

# file, what to replace, by what, words on the line that is named ('' = line 1), words of the reason
SPOILED = [
    # Keys and front matter
    ("families.yaml", "  title: Ethics", "  name: Ethics", "  name: Ethics", "'name' is not a key of a family"),
    ("families.yaml", "  title: Ethics", "  name: Ethics", "- code: ethics", "key 'title' of a family is missing"),
    ("families.yaml", "code: ethics", "code: initial", "- code: initial\n  title: Ethics", "stands twice"),
    (COURSE, "family: initial", "colour: red\nfamily: initial", "colour: red", "'colour' is not a key of a course"),
    (COURSE, "marking: OFFICIAL\n", "", "format: 1", "key 'marking' of a course is missing"),
    (COURSE, "marking: OFFICIAL", "marking: SECRET", "marking: SECRET", "Only OFFICIAL content"),
    (COURSE, "format: 1", "format: 2", "format: 2", "only format 1 can be read"),
    (COURSE, "minutes: 50", "minutes: '50 minutes'", "minutes: '50", "is a whole number"),
    (COURSE, "minutes: 50", "minutes: 55", "minutes: 55", "come to 50. Write 50."),
    (COURSE, "family: initial", "family: cookery", "family: cookery", "'cookery' is not found"),
    (COURSE, "requires: []", "requires:\n  - NONE-1", "  - NONE-1", "'NONE-1' is not found"),
    (COURSE, "  - pass_percent", "  - colour", "  - colour", "'colour' is no local default"),
    (COURSE, "completion: pass", "completion: luck", "completion: luck", "'completion' is 'pass', 'all_steps' or"),
    (COURSE, "id: LO2", "id: LO1", "  - id: LO1\n    text: Say", "'LO1' stands twice"),
    (COURSE, "  text: A man in", "  words: A man in", "  words: A man in", "'words' is not a key of 'content_warning'"),
    (COURSE, "  text: A man in", "  topic: ''\n  text: A man in", "  topic: ''", "'topic' is empty"),
    (COURSE, "  text: A man in", f"  topic: {'x' * 121}\n  text: A man in", "  topic: x", "'topic' may have 120"),
    (COURSE, "A handover is", "# Big\n\nA handover is", "# Big", "A heading here is written with ##"),
    (COURSE, "code: TINY-101", "code: TINY-102", "code: TINY-102", "to be called as its code"),
    (COURSE, "---\nA handover", "A handover", "", "front matter is not closed"),
    (COURSE, "---\nformat", "format", "", "begins with '---'"),
    (COURSE, "title: 'Handing", "title: '<b>Handing</b>", "title: '<b>", "Raw HTML"),
    (COURSE, "audience:", "code: TINY-101\naudience:", "code: TINY-101\naudience", "written twice"),
    (COURSE, "title: 'Handing over: what the next officer needs'", "title: ''", "title: ''", "'title' is empty"),
    (MODULE, "summary:", "sumary:", "sumary:", "'sumary' is not a key of a module"),
    (MODULE, "you go.\n---\n", "you go.\n---\nMore text.\n", "More text.", "title and a summary only"),
    (LESSON, "minutes: 10", "minutes: 15", "minutes: 15", "it is 10. Write 10."),
    (LESSON, "topics:\n", "themes:\n", "themes:", "'themes' is not a key of a lesson"),
    (LESSON, "  - LO1", "  - LO9", "  - LO9", "outcome 'LO9' is not found"),
    (LESSON, "title: What", "title: <i>What</i>", "title: <i>", "Raw HTML"),
    (TASK, "minutes: 5\n", "minutes: 5\npoint: x\n", "point: x", "'point' is not a key of a reflective task"),
    (TASK, "Write down your next handover before you give it.", "", None, "The task has no prompt"),
    # A lesson's words and parts
    (LESSON, ":::case The locked room", ":::warning", ":::warning\nA man", "no ':::case'"),
    (LESSON, ":::law act-1 guide-1\n", ":::key\n", ":::warning\nA man", "no ':::law'"),
    (LESSON, ":::check tiny-c01 after\n", "", ":::warning\nA man", "no ':::check'"),
    (LESSON, ":::reflect\n", ":::key\n", ":::warning\nA man", "no ':::reflect'"),
    (SECOND, f"{tiny.FILLER}\n\n{tiny.FILLER}\n", "", ":::check tiny-c01", "300 to 900 words"),
    (SECOND, tiny.FILLER, f"{tiny.FILLER}\n\n" * 7, ":::check tiny-c01", "300 to 900 words"),
    # Blocks
    (LESSON, ":::key\n", ":::kee\n", ":::kee", "opens no block"),
    (LESSON, ":::key\n", ":::key extra\n", ":::key extra", "takes nothing else"),
    (LESSON, ":::case The locked room", ":::case", ":::case", "needs a title"),
    (LESSON, "Amara Osei is about", "Amara\n:::key\nOsei is about", ":::key\nOsei", "Blocks do not nest"),
    (LESSON, "hidden is found by somebody else.\n:::\n", "hidden is found.\n", ":::accordion", "Blocks do not nest"),
    (LESSON, "leave out, and *why*?\n:::\n", "leave out?\n", ":::reflect", "is not closed"),
    (LESSON, "## Worked decision", ":::\n## Worked decision", ":::\n## Worked", "but none is open"),
    (LESSON, ":::check tiny-c01 after", ":::check tiny-c01 later", ":::check tiny-c01 later", "'before' or 'after'"),
    (LESSON, ":::check tiny-c01 after", ":::check tiny-c99 after", ":::check tiny-c99", "'tiny-c99' is not found"),
    (LESSON, ":::check tiny-c01 after", ":::check tiny-q01 after", ":::check tiny-q01", "is an exam item"),
    (LESSON, ":::law act-1 guide-1", ":::law act-1 act-9", ":::law act-1 act-9", "'act-9' is not found"),
    (LESSON, ":::law act-1 guide-1", ":::law", ":::law", "names at least one id"),
    (LESSON, "Hand over what you saw, what", "Hand over **what** you saw, what", "Hand over **what**", "no bold or italic"),
    (LESSON, "by somebody else.\n:::\n:::acc", "[here](https://a.example)\n:::\n:::acc", "[here]", "A link cannot stand"),
    # Markdown
    (LESSON, "See [the second", "<b>See</b> [the second", "<b>See</b>", "Raw HTML"),
    (LESSON, "See [the second", "<div>\nSee [the second", "<div>", "Raw HTML"),
    (LESSON, "See [the second", "![x](media/plan.png)\n\nSee [the second", "![x]", "':::image' block"),
    (LESSON, "See [the second", "> quoted\n\nSee [the second", "> quoted", "quotation"),
    (LESSON, "See [the second", "`code`\n\nSee [the second", "`code`", "Code"),
    (LESSON, "See [the second", "```\nx\n```\n\nSee [the second", "```\nx", "Code"),
    (LESSON, "See [the second", "* * *\n\nSee [the second", "* * *", "A line (---)"),
    (LESSON, "See [the second", "    indented\n\nSee [the second", "    indented", "Indented text"),
    (LESSON, "## Worked decision", "#### Worked decision", "#### Worked", "written with ## or ###"),
    (LESSON, "It is 06:50", "# Loud\n\nIt is 06:50", "# Loud", "A heading cannot stand in"),
    (LESSON, "It is 06:50", "| a | b |\n| --- | --- |\n\nIt is 06:50", "| a | b |", "A table cannot stand in"),
    (LESSON, "| **Key** | \"With", "| **Key** | \"*With*", "| Thing | Words |", "cells are plain text"),
    (LESSON, "(step:who-said-it)", "(http://a.example)", "[the second lesson]", "not an https address"),
    (LESSON, "(step:who-said-it)", "(javascript:alert(1))", "[the second lesson]", "not an https address"),
    (LESSON, "(step:who-said-it)", "(https://user@a.example/)", "[the second lesson]", "not an https address"),
    (LESSON, "(step:who-said-it)", "(/admin/)", "[the second lesson]", "not an https address"),
    (LESSON, "(step:who-said-it)", '(https://a.example "t")', "[the second lesson]", "has a title in quotes"),
    (LESSON, "(step:who-said-it)", "(step:nowhere)", "## Worked", "step 'nowhere', which is not found"),
    (LESSON, "(media/form.txt)", "(media/none.txt)", "## Worked", "no document of media/"),
    # Media
    (LESSON, "The flat has three rooms. The door of the bedroom at the back is marked as locked.", "", ":::image", "its text alternative"),
    (LESSON, "Handover form\n", "", ":::document", "write its title"),
    (SECOND, '*Control:* "Did you see him go?" *Mrs Adeyemi:* "No, I heard the door."\n', "", ":::audio", "its transcript"),
    (LESSON, ":::image plan.png", ":::image none.png", ":::image none.png", "'none.png' is not found"),
    (LESSON, ":::image plan.png", ":::image form.txt", ":::image form.txt", "cannot show a .txt"),
    (LESSON, ":::image plan.png", ":::image ../../plan.png", ":::image ../../", "is not found in media/"),
    (LESSON, ":::document form.txt", ":::document", ":::document", "names a file of media/"),
    (SECOND, ":::audio call.mp3 call.vtt", ":::audio call.mp3", ":::audio call.mp3", "length in whole minutes"),
    (SECOND, ":::audio call.mp3 call.vtt", ":::audio call.mp3 none.vtt", ":::audio call.mp3", "'none.vtt' is not found"),
    (SECOND, ":::audio call.mp3 call.vtt", ":::audio call.mp3 plan.png", ":::audio call.mp3", "Captions are a .vtt"),
    (SECOND, ":::audio call.mp3 call.vtt", ":::video call.mp3 call.vtt", ":::video call.mp3", "cannot show a .mp3"),
    # References
    (COURSE, "validity_months: null", "validity_months: null\nleads_to: yes", "leads_to: yes", "'leads_to' is a list"),
    (COURSE, "validity_months: null", "validity_months: null\nleads_to:\n  - NONE", "  - NONE", "there is none of that code"),
    (REFERENCES, "id: guide-1", "id: act-1", "- id: act-1\n  title: Handover", "'act-1' stands twice"),
    (REFERENCES, "url: https://www.leg", "url: http://www.leg", "url: http://", "not an https address"),
    (REFERENCES, "against: live", "against: memory", "against: memory", "'against' is 'live', 'stored-copy'"),
    (REFERENCES, "confidence: H\n  review_by: null", "confidence: A\n  review_by: null", "confidence: A", "'confidence' is"),
    (REFERENCES, "checked_on: 2026-11-22", "checked_on: last week", "checked_on: last", "is a day such as"),
    (REFERENCES, "checked_on: 2026-11-22", "checked_on: 2026-02-30", "checked_on: 2026-02", "is a day such as"),
    (REFERENCES, "checked_on: 2026-11-22", "checked_on: null", "checked_on: null", "has its day in 'checked_on'"),
    (REFERENCES, "  extent: England and Wales\n", "", "- id: act-1", "key 'extent' of a reference is missing"),
    # Questions
    (QUESTIONS, "module: 10-at-the-door", "module: 10-elsewhere", "module: 10-else", "the name of the file"),
    (QUESTIONS, "course: TINY-101", "course: TINY-102", "course: TINY-102", "the code in course.md"),
    (MORE_QUESTIONS, "id: tiny-q07", "id: tiny-q01", "id: tiny-q01", "An id is never reused"),
    (FINAL, "id: tiny-final", "id: tiny-q01", "id: tiny-q01", "An id is never reused"),
    (MORE_QUESTIONS, "type: true_false", "type: drag_and_drop", "type: drag", "'drag_and_drop' is not a question type that is built"),
    (MORE_QUESTIONS, "    answer: false", "    answer: false\n    hint: no", "hint: no", "'hint' is not a field"),
    (MORE_QUESTIONS, "    answer: false\n", "", "- id: tiny-q07", "'answer' is missing"),
    (MORE_QUESTIONS, "    answer: false", "    answer: 'false'", "answer: 'false'", "true or false"),
    (MORE_QUESTIONS, "      right: Right.", "      right: ''\n      left: Right.", "left: Right", "'left' is not a field"),
    (MORE_QUESTIONS, "    topic: sources\n", "", "- id: tiny-q07", "key 'topic' of question tiny-q07 is missing"),
    (MORE_QUESTIONS, "difficulty: easy", "difficulty: mild", "difficulty: mild", "'difficulty' is"),
    (MORE_QUESTIONS, "outcome: LO2", "outcome: LO7", "outcome: LO7", "outcome 'LO7' is not found"),
    (MORE_QUESTIONS, "      - guide-1", "      - guide-7", "      - guide-7", "'guide-7' is not found"),
    (MORE_QUESTIONS, "use: exam", "use: fun", "use: fun", "'use' is 'lesson' or 'exam'"),
    (QUESTIONS, "use: lesson\n", "use: lesson\n    must_pass: rule\n", "must_pass: rule", "cannot be must-pass"),
    (QUESTIONS, "        feedback: It has not, and the next officer will rely on it.\n", "", "- id: a", "'feedback' is missing"),
    (QUESTIONS, "feedback: It has not, and the next officer will rely on it.", "feedback: ''", "feedback: ''", "feedback for this option"),
    (QUESTIONS, "That everything has been looked at by now", "that the bedroom is  locked, and unopened.", None, "say the same"),
    (QUESTIONS, "text: That everything has been looked at by now", "text: None of the above", "text: None of", "all of the above"),
    (QUESTIONS, "text: That everything has been looked at by now", "text: All of the above", "text: All of", "all of the above"),
    (QUESTIONS, "        fraction: 0\n", "        fraction: 1\n", "    options:", "Exactly one option is right"),
    (QUESTIONS, "        fraction: 1\n", "        fraction: 0\n", "    options:", "Exactly one option is right"),
    (QUESTIONS, "        fraction: 0\n", "        fraction: much\n", "fraction: much", "Write the fraction as a number"),
    (QUESTIONS, "        fraction: 0.5\n", "        fraction: 0.25\n", None, "add up to 1"),
    (QUESTIONS, "        fraction: -0.5\n", "        fraction: 0\n", None, "takes marks away"),
    (QUESTIONS, "    choose: 2", "    choose: 3", "    choose: 3", "candidates choose 2, not 3"),
    (QUESTIONS, "id: c\n        text: That he", "id: b\n        text: That he", None, "Two options have the id 'b'"),
    (QUESTIONS, "stem: A neighbour heard", "stem: A <b>neighbour</b> heard", "stem: A <b>", "Raw HTML"),
    (QUESTIONS, "refs: []\n    stem: You came", "refs: []\n    stem: Under section 3 you came", "refs: []", "An item on law"),
    (QUESTIONS, "value: 20", "value: 30", "value: 30", "is right, so it cannot be near"),
    (QUESTIONS, "        fraction: 0.25", "        fraction: 1.25", "fraction: 1.25", "A fraction lies between -1 and 1"),
    # Outcomes, must-pass, the draw
    (LESSON, "outcomes:\n  - LO1", "outcomes:\n  - LO2", None, "The outcome LO1 has no lesson"),
    (QUESTIONS, "    must_pass: say-the-gap\n", "", "must_pass: say-the-gap", "has one item"),
    (REFERENCES, "against: stored-copy", "against: secondary", None, "it must be H and live or stored-copy"),
    (REFERENCES, "confidence: H", "confidence: M", None, "it must be H and live or stored-copy"),
    (FINAL, "count: 2", "count: 7", "- outcome: LO1", "draws 7 items of LO1; the bank holds 6"),
    (FINAL, "count: 1", "count: 3", "- outcome: LO2", "draws 3 items of LO2 easy; the bank holds 2"),
    (FINAL, "outcome: LO2", "outcome: LO8", "- outcome: LO8", "'LO8' is not found"),
    (FINAL, "draw:\n", "draw:\n  - outcome: LO1\n    topic: gaps\n    count: 5\n", "draw:", "draws more than the bank holds"),
    (FINAL, "pass_percent: 80", "pass_percent: null", "must_pass: true", "need a pass mark"),
    (FINAL, "pass_percent: 80", "pass_percent: 101", "pass_percent: 101", "from 0 to 100"),
    (FINAL, "feedback: after_submit", "feedback: sometimes", "feedback: some", "'feedback' is"),
    (FINAL, "attempts: 3", "tries: 3", "tries: 3", "'tries' is not a key of a test"),
    # How it is sat
    (FINAL, "draw:\n", "opens_at: soon\ndraw:\n", "opens_at:", "a day and time such as 2026-11-30 09:00"),
    (FINAL, "draw:\n", "opens_at: [2026-11-30]\ndraw:\n", "opens_at:", "a day and time"),
    (FINAL, "draw:\n", "opens_at: 2026-11-30 09:00\ncloses_at: 2026-11-30 09:00\ndraw:\n", "closes_at:", "Let it close after"),
    (FINAL, "draw:\n", "layout: two\ndraw:\n", "layout: two", "'one' or 'whole'"),
    (FINAL, "draw:\n", "layout: whole\nnavigation: forward\ndraw:\n", "navigation:", "show one at a time"),
    (FINAL, "draw:\n", "is_invigilated: perhaps\ndraw:\n", "is_invigilated:", "true or false"),
    (FINAL, "draw:\n", "results: after_window\ndraw:\n", None, "from which day and time results are told"),
    (FINAL, "draw:\n", "query_days: 300\ndraw:\n", "query_days:", "from 0 to 250"),
    (FINAL, "count: 2", "count: 2\n    section: Law", "- outcome: LO2", "in every row, or in none"),
    (FINAL, "count: 2", "count: 2\n    least: 50", "- outcome: LO1", "Name the section"),
    (FINAL, "count: 2", "count: 2\n    least: 500", None, "from 1 to 100"),
    # YAML
    (FINAL, "title: Final test", "title: [Final", None, "This is not YAML"),
    (FINAL, "title: Final test", "title: &a Final test", "title: &a", "Anchors"),
    (FINAL, "title: Final test", "title: !!python/name:os.system x", "title: !!", "tag"),
    (FINAL, "title: Final test", "title: Final test\ntitle: Again", "title: Again", "written twice"),
    (FINAL, "draw:\n", "---\ndraw:\n", "---", "one YAML document"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "old", "new", "where", "reason"), SPOILED, ids=[f"{row[0]}: {row[2][:40]}" for row in SPOILED]
)
def test_a_spoiled_folder_is_refused_by_file_line_and_reason(
    check: Check, folder: Path, path: str, old: str, new: str, where: str | None, reason: str
) -> None:
    findings = check(path, old, new)
    found = [problem for problem in findings.refusals if reason in problem.reason]
    assert found, f"not refused for {reason!r}, but: {[str(problem) for problem in findings.refusals]}"
    if where is not None:
        text = (folder / path).read_text(encoding="utf-8")
        assert (path, tiny.line_of(text, where)) in [(problem.file, problem.line) for problem in found]


def test_the_tiny_folder_is_accepted_without_a_word(check: Check) -> None:
    findings = check()
    assert findings.refusals == ()
    assert findings.warnings == ()
    assert [course.code for course in findings.catalogue.courses] == ["TINY-101"]


def test_every_refusal_is_collected_before_anything_is_said(check: Check) -> None:
    check(COURSE, "marking: OFFICIAL", "marking: SECRET")
    check(FINAL, "count: 2", "count: 9")
    findings = check(LESSON, ":::reflect\n", ":::key\n")
    assert {problem.file for problem in findings.refusals} >= {COURSE, FINAL, LESSON}


def test_an_outcome_needs_three_exam_items(check: Check) -> None:
    check(MORE_QUESTIONS, "outcome: LO2", "outcome: LO1")
    findings = check(QUESTIONS, "    outcome: LO2\n", "    outcome: LO1\n")
    line = tiny.line_of(tiny.COURSE, "- id: LO2")
    assert ("TINY-101/course.md", line) in [
        (problem.file, problem.line) for problem in findings.refusals if "has 2 exam items" in problem.reason
    ]


JUDGEMENT = """    stem: A neighbour wants to know who told you. How good is each answer?
    mode: rate
    scale:
      - Makes it worse
      - Of little use
      - Effective
    responses:
      - id: r1
        text: Say that you cannot tell him
        key: 3
        feedback: It is true, and it ends the matter.
      - id: r2
        text: Name the caller
        key: 1
        feedback: It puts the caller at risk.
      - id: r3
        text: Walk away
        key: 2
        feedback: He is left to guess.
"""


@pytest.mark.parametrize(
    ("panel", "reason"),
    [
        ("    panel: null\n", "No panel has rated this yet"),
        ("", "No panel has rated this yet"),
        ("    panel:\n      size: 3\n      on: 2026-05-31\n", "A panel has at least five people; this one has three."),
        ("    panel:\n      size: 6\n      on: 2026-05-31\n", ""),
    ],
)
def test_an_item_that_no_panel_rated_cannot_be_examined(check: Check, folder: Path, panel: str, reason: str) -> None:
    text = (folder / MORE_QUESTIONS).read_text()
    _first, rest = text.split("    stem: What a neighbour heard", 1)
    old = "    stem: What a neighbour heard" + rest.split("    note: |-", 1)[0]
    check(MORE_QUESTIONS, "type: true_false", "type: situational_judgement")
    findings = check(MORE_QUESTIONS, old, JUDGEMENT + panel)
    found = [problem.reason for problem in findings.refusals if "tiny-q07" in problem.reason]
    assert [reason in one for one in found] == ([True] if reason else [])


def test_a_lesson_that_warns_needs_the_course_to_offer_another_route(check: Check, folder: Path) -> None:
    text = (folder / COURSE).read_text()
    start, end = text.index("content_warning:"), text.index("outcomes:")
    findings = check(COURSE, text[start:end], "content_warning: null\n")
    line = tiny.line_of(tiny.LESSON, ":::warning")
    assert any(problem.file == LESSON and problem.line == line for problem in findings.refusals)


def test_a_slug_is_a_step_once_in_its_course(check: Check, folder: Path) -> None:
    (folder / SECOND).rename(folder / "TINY-101/30-who-knows/15-what-you-did-not-check.md")
    assert any("A step's slug is its identity" in problem.reason for problem in check().refusals)


def test_a_number_gives_one_place(check: Check, folder: Path) -> None:
    (folder / SECOND).rename(folder / "TINY-101/30-who-knows/20-who-said-it.md")
    assert any("The number 20 stands twice" in problem.reason for problem in check().refusals)


def test_a_module_cannot_have_the_name_of_a_test(check: Check, folder: Path) -> None:
    (folder / FINAL).rename(folder / "TINY-101/assessments/who-knows.yaml")
    assert any("module's slug 'who-knows' is used twice" in problem.reason for problem in check().refusals)


@pytest.mark.parametrize("name", ["course.md", "references.yaml", "10-at-the-door/module.md"])
def test_a_missing_file_is_named(check: Check, folder: Path, name: str) -> None:
    (folder / "TINY-101" / name).unlink()
    assert ("TINY-101/" + name) in {problem.file for problem in check().refusals}


@pytest.mark.parametrize(
    "name",
    [
        "TINY-101/notes.txt",
        "TINY-101/10-at-the-door/lesson.md",
        "TINY-101/10-at-the-door/20-more.txt",
        "TINY-101/At the door/10-x.md",
        "TINY-101/at-the-door/10-x.md",
        "TINY-101/questions/30-who-know.yaml",
        "TINY-101/assessments/Final.yml",
        "TINY-101/media/deep/plan.png",
        "TINY-101/10-at-the-door/deeper/still/10-x.md",
    ],
)
def test_a_file_the_format_does_not_know_is_refused_not_left_out(check: Check, name: str) -> None:
    assert any(problem.file in name for problem in check(**{name: b"x"}).refusals)


def test_completion_by_passing_needs_a_test_with_a_pass_mark(check: Check, folder: Path) -> None:
    (folder / FINAL).unlink()
    findings = check()
    assert any("needs a test with a pass mark" in problem.reason for problem in findings.refusals)


def test_an_id_of_another_course_of_the_site_is_not_taken_over(folder: Path) -> None:
    known = Known(banks={"tiny-q01": "OTHER-1", "tiny-q02": "TINY-101"})
    found = [str(problem) for problem in check_folder(folder, on=TODAY, known=known).refusals]
    assert len(found) == 1
    assert "'tiny-q01' belongs to the course OTHER-1" in found[0]


def test_two_courses_do_not_share_ids_or_codes(check: Check, folder: Path) -> None:
    copied = {path.replace("TINY-101/", "TINY-202/"): content for path, content in tiny.files().items()}
    found = check(**{path: content for path, content in copied.items() if path != "families.yaml"}).refusals
    assert any("is that of TINY-101 too" in problem.reason for problem in found)
    assert any("An id is never reused" in problem.reason for problem in found)


def test_one_course_folder_may_be_read_alone(folder: Path) -> None:
    findings = check_folder(folder / "TINY-101", on=TODAY)
    assert findings.refusals == ()
    (folder / "families.yaml").unlink()
    alone = check_folder(folder / "TINY-101", on=TODAY)
    assert ["'initial' is not found" in problem.reason for problem in alone.refusals] == [True]
    assert check_folder(folder / "TINY-101", on=TODAY, known=Known(families=frozenset({"initial"}))).refusals == ()
