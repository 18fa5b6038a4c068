"""A small course folder that is valid and canonical, and ways to spoil it.

``files()`` gives its files by path; a test changes one thing and says on which line the reason must stand.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

CODE = "TINY-101"
FAMILIES = """\
- code: initial
  title: Initial training
- code: ethics
  title: Ethics
"""
COURSE = """\
---
format: 1
code: TINY-101
title: 'Handing over: what the next officer needs'
family: initial
audience:
  - Constables
  - Control room staff
minutes: 50
validity_months: null
local_defaults:
  - minutes
  - pass_percent
marking: OFFICIAL
jurisdiction: England and Wales
requires: []
completion: pass
content_warning:
  text: A man in this course has been hurt.
  alternative: Ask your trainer for the course one to one.
  support:
    - Your force wellbeing service
outcomes:
  - id: LO1
    text: Hand over so that the next officer can act
  - id: LO2
    text: Say what you did not check
---
A handover is a promise about facts. This course is about keeping it.
## How it works
Two short lessons, each with *one* decision, and [guidance](https://www.college.police.uk/guidance) to read.
"""
REFERENCES = """\
- id: act-1
  title: Example Act 1990
  provision: section 1
  says: What must be handed over
  extent: England and Wales
  url: https://www.legislation.gov.uk/ukpga/1990/1/section/1
  text_as_at: null
  checked_on: 2026-11-22
  checked_by: Catalogue author
  against: stored-copy
  confidence: H
  review_by: 2027-11-22
- id: guide-1
  title: Handover guidance
  provision: whole page
  says: How to hand over
  extent: England and Wales
  url: https://www.college.police.uk/guidance
  text_as_at: 2025-05-15
  checked_on: 2026-11-22
  checked_by: Catalogue author
  against: live
  confidence: H
  review_by: null
"""
MODULE = """\
---
title: At the door
summary: What the next officer has to know before you go.
---
"""
FILLER = (
    "You have been in the flat for twenty minutes and you know things that nobody has written down. You know which room was "
    "locked, who had the key, and what the neighbour said before she closed her door. The officer who takes over knows none "
    "of it, and will act on what you say in the next two minutes. What you leave out does not exist for them. What you guess "
    "becomes a fact when it is written by somebody else. So say what you saw, say what you were told and by whom, and say "
    "plainly what you have not looked at yet, because the gap is the part that will hurt somebody."
)
LESSON = f"""\
---
title: What you did not check
minutes: 10
point: Say the gap as plainly as the fact.
outcomes:
  - LO1
topics:
  - gaps
---
:::warning
A man in this case has been hurt. His injuries are not described.
:::
:::case The locked room
It is 06:50 in Peckham. PC Amara Osei is about to go home. One bedroom of the flat is still locked.
:::
## What the standard says
{FILLER}

- **Seen.** What you saw yourself.
- **Told.** What others said:
  1. who said it
  2. when they said it
:::law act-1 guide-1
Hand over what you saw, what you were told, and what you did not check.
:::
## Worked decision
{FILLER}

Table: What to say

| Thing | Words |
| --- | --- |
| **Room** | "Not opened." |
| **Key** | "With the neighbour." |

See [the second lesson](step:who-said-it) and [the form](media/form.txt).
:::image plan.png A plan of the flat
The flat has three rooms. The door of the bedroom at the back is marked as locked.
:::
:::key
A gap that is said can be filled; a gap that is hidden is found by somebody else.
:::
:::accordion For those who want more
{FILLER}
:::
:::document form.txt
Handover form
:::
:::check tiny-c01 after
:::reflect
Think of your last handover. Which gap did you leave out, and *why*?
:::
"""
SECOND = f"""\
---
title: Who said it
minutes: 10
point: A fact has an owner.
outcomes:
  - LO2
topics:
  - sources
---
:::check tiny-c01 before
:::case The helpful neighbour
It is 21:15 in Leyton. Mrs Adeyemi says that the man upstairs left an hour ago. She did not see him go.
:::
## What the standard says
{FILLER}

{FILLER}
:::law guide-1
Name the source of what you hand over.
:::
## How it goes wrong
{FILLER}
:::audio call.mp3 call.vtt
*Control:* "Did you see him go?" *Mrs Adeyemi:* "No, I heard the door."
:::
:::reflect
Whose words did you last pass on as your own?
:::
"""
TASK = """\
---
kind: reflective_task
title: Your own handover
minutes: 5
outcomes:
  - LO1
---
Write down your next handover before you give it.
"""


def choice(identity: str, *, use: str = "exam", outcome: str = "LO1", must_pass: str = "") -> str:
    rule = f"    must_pass: {must_pass}\n" if must_pass else ""
    return f"""\
  - id: {identity}
    type: single_choice
    use: {use}
{rule}    outcome: {outcome}
    topic: gaps
    difficulty: easy
    refs:
      - act-1
    stem: You leave the flat with one room unopened ({identity}). What do you say first?
    options:
      - id: a
        text: That everything has been looked at by now
        fraction: 0
        feedback: It has not, and the next officer will rely on it.
      - id: b
        text: That the bedroom is locked and unopened
        fraction: 1
        feedback: Right. The gap is the first thing they need.
      - id: c
        text: Nothing, as the log will show what was done
        fraction: 0
        feedback: The log shows what was written, not what was left out.
    note: a = tidying up; c = the log as memory.
"""


QUESTIONS = (
    """\
format: 1
course: TINY-101
module: 10-at-the-door
author: Catalogue author
questions:
"""
    + choice("tiny-c01", use="lesson")
    + choice("tiny-q01", must_pass="say-the-gap")
    + choice("tiny-q02", must_pass="say-the-gap")
    + choice("tiny-q03")
    + choice("tiny-q08")
    + choice("tiny-q09")
    + choice("tiny-q10")
    + """\
  - id: tiny-q04
    type: multiple_response
    use: exam
    outcome: LO2
    topic: sources
    difficulty: medium
    refs:
      - guide-1
    stem: A neighbour heard a door. Which two things do you hand over?
    options:
      - id: a
        text: Who said it
        fraction: 0.5
        feedback: Yes. A fact has an owner.
      - id: b
        text: What she heard
        fraction: 0.5
        feedback: Yes. Her words, not your conclusion.
      - id: c
        text: That he has left
        fraction: -0.5
        feedback: That is a conclusion nobody has seen.
    choose: 2
    partial: true
    note: c = conclusion taken for fact.
  - id: tiny-q05
    type: number
    use: exam
    outcome: LO2
    topic: sources
    difficulty: easy
    refs: []
    stem: You came at 06:20 and hand over at 06:50. For how many minutes were you there?
    answer: 30
    feedback:
      right: Yes, from 06:20 to 06:50.
      wrong: Count from 06:20 to 06:50.
    unit: minutes
    tolerance: 0
    near:
      - value: 20
        fraction: 0
        feedback: That counts from 06:30.
    note: 20 = misread start.
  - id: tiny-q06
    type: short_text
    use: exam
    outcome: LO2
    topic: sources
    difficulty: hard
    refs: []
    stem: What is the one word for a fact nobody has looked at yet?
    accept:
      - text: gap
        fraction: 1
        feedback: Yes.
      - text: 'no'
        fraction: 0.25
        feedback: Nearly nothing.
    otherwise: The word is gap.
    note: ''
"""
)
SECOND_QUESTIONS = """\
format: 1
course: TINY-101
module: 30-who-knows
author: Second author
questions:
  - id: tiny-q07
    type: true_false
    use: exam
    outcome: LO2
    topic: sources
    difficulty: easy
    refs:
      - guide-1
    stem: What a neighbour heard is what a neighbour saw.
    answer: false
    feedback:
      right: Right. Hearing a door is not seeing a person.
      wrong: Hearing a door is not seeing a person.
    note: |-
      Two lines of a note:
      the second one.
"""
FINAL = """\
id: tiny-final
title: Final test
minutes: 25
pass_percent: 80
must_pass: true
attempts: 3
wait_hours: 24
feedback: after_submit
draw:
  - outcome: LO1
    count: 2
  - outcome: LO2
    difficulty: easy
    count: 1
"""
CAPTIONS = """\
WEBVTT

00:00:00.000 --> 00:00:55.500
Did you see him go?
"""


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 6), "white").save(drawn, "PNG")
    return drawn.getvalue()


def files() -> dict[str, bytes]:
    """Return the course's files by their path in the catalogue."""
    texts = {
        "families.yaml": FAMILIES,
        "TINY-101/course.md": COURSE,
        "TINY-101/references.yaml": REFERENCES,
        "TINY-101/10-at-the-door/module.md": MODULE,
        "TINY-101/10-at-the-door/10-what-you-did-not-check.md": LESSON,
        "TINY-101/30-who-knows/module.md": MODULE.replace("At the door", "Who knows"),
        "TINY-101/30-who-knows/15-who-said-it.md": SECOND,
        "TINY-101/30-who-knows/20-your-own-handover.md": TASK,
        "TINY-101/questions/10-at-the-door.yaml": QUESTIONS,
        "TINY-101/questions/30-who-knows.yaml": SECOND_QUESTIONS,
        "TINY-101/assessments/final.yaml": FINAL,
        "TINY-101/media/call.vtt": CAPTIONS,
        "TINY-101/media/form.txt": "Seen:\nTold:\nNot checked:\n",
    }
    sounds = {"TINY-101/media/call.mp3": b"ID3\x04\x00" + bytes(40), "TINY-101/media/plan.png": picture()}
    return {path: text.encode() for path, text in texts.items()} | sounds


def write(folder: Path, content: dict[str, bytes]) -> Path:
    """Write files below a folder and return it."""
    for path, data in content.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def line_of(text: str, words: str) -> int:
    """Return the number of the first line that holds the words."""
    return text[: text.index(words)].count("\n") + 1
