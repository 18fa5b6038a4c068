"""Words that have gone wrong in police training before: law that has changed, half a rule, talk that says nothing.

Each search is a question to the author, not a verdict: a lesson may name a mistake to warn of it. What stands in double quotation marks
is somebody's speech and is passed over; wrong options are not searched at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SPOKEN = re.compile(r"[\"“][^\"“”]*[\"”]")


@dataclass(frozen=True)
class Search:
    """What is looked for, and the sentence an author is told."""

    pattern: re.Pattern[str]
    reason: str


def _search(pattern: str, reason: str) -> Search:
    return Search(re.compile(pattern, re.IGNORECASE), reason)


SEARCHES = (
    # Filler and brochure.
    _search(r"\bit is (important|worth) (to note|noting|remembering)\b", "says nothing: leave it out"),
    _search(r"\bin today's (world|society)\b|\bin the modern world\b", "says nothing: leave it out"),
    _search(
        r"\b(delve|leverage|holistic|robust framework|key takeaway|fast-paced)\b", "is brochure talk: say the thing"
    ),
    _search(r"\bwell done\b", "praises and teaches nothing: say what is true and why"),
    # Law that has changed, or was never so.
    _search(r"\b72 hours\b", "was the length of section 136 before December 2017: it is 24 hours"),
    _search(r"\bpublic place\b", "is the old test of section 136: it now asks where it may not be used"),
    _search(r"\barrestable offence", "went in 2006: section 24 asks for necessity"),
    _search(r"\bsection 44\b", "of the Terrorism Act was replaced by section 47A"),
    _search(r"\bexcited delirium\b", "is contested medicine: use the terms of the first-aid curriculum"),
    _search(r"\b(probable cause|miranda)\b", "is American"),
    _search(
        r"\bsvros?\b|\bhillsborough law\b|\blicence to practi[cs]e\b",
        "may not be in force: name the commencement, or leave it out",
    ),
    _search(
        r"\bmental health act 2025\b",
        "was hardly in force when this was written: name the commencement, or leave it out",
    ),
    _search(
        r"\btracked phone\b|\bcrime and policing (act|bill)\b",
        "may not be in force: name the commencement, or leave it out",
    ),
    _search(r"\bmopi\b", "was replaced by the PIRM Code in 2023"),
    _search(
        r"\bdash\b(?! (and|or) dara)", "is one of two tools: forces use DARA too, and which one is the force's to say"
    ),
    _search(r"\b(ost|ipldp|bocu|territorial policing|asw)\b|\bhmic\b", "is a name no longer used"),
    _search(
        r"\bstatutory\b[^.]{0,60}\bcode of ethics\b|\bcode of ethics\b[^.]{0,60}\bis statutory\b",
        "joins two documents: the Code of Practice of 2023 is statutory, the Code of Ethics of 2024 is not",
    ),
    _search(
        r"\bnine principles\b|\bbreach of the code of ethics\b",
        "is of 2014: conduct is judged against the Standards of Professional Behaviour",
    ),
    _search(
        r"\b(permission|authori[sz]ation|approval)\b[^.]{0,40}\b(doctor|nurse|amhp)\b|\b(doctor|nurse|amhp)\b[^.]{0,30}\b(permission|authori[sz]es?|approves?)\b",
        "may make consulting into permission: it is a duty if practicable, and the decision is the constable's",
    ),
    _search(r"\bshould consult\b|\bgood practice to consult\b", "makes a duty into a courtesy"),
    _search(
        r"\bgarden\b(?![^.]{0,160}\b(shared?|shar(es|ing)|permission|lives?|living|resides?)\b)"
        r"(?=[^.]*\b(excluded|not be used|does not work|stops)\b)",
        "lacks the exception for what another home shares",
    ),
    # Grounds that are about the person.
    _search(
        r"\b(high-crime area|gang clothing|matched the profile|known to police|acting suspiciously)\b",
        "is no ground: a generalisation or a record cannot be the reason",
    ),
    _search(r"\bsmell of cannabis\b", "is contested: say what today's guidance says, with its date"),
    _search(r"\bhonest belief is all\b", "is true in criminal law only"),
    # Words for people.
    _search(
        r"\bcommitted suicide\b|\bsectioned\b|\bnutter\b|\bsuffers? from\b",
        "hurts: say 'died by suicide', 'detained under section …', 'has'",
    ),
    # Numbers that look national.
    _search(
        r"\b\d+ hours? of cpd\b|\bcpd (hours|points)\b",
        "looks like a national number: there is none; say 'local default'",
    ),
    _search(r"\bfour-fifths\b|\bten per cent of what we read\b|\blearning styles?\b", "has no source that holds here"),
)


def find_wording(text: str) -> Iterator[tuple[str, str]]:
    """Yield what was found in a plain text, as it stands there, and the reason to look at it."""
    told = _SPOKEN.sub(lambda found: " " * len(found[0]), text)
    for search in SEARCHES:
        for found in search.pattern.finditer(told):
            yield found[0], search.reason
