"""How hard a text is to read, by Flesch's reading ease and the Flesch-Kincaid grade.

Flesch, R. (1948) 'A new readability yardstick', Journal of Applied Psychology 32(3), 221-233: ease = 206.835 - 1.015 W/S - 84.6 Y/W.
Kincaid, J. P. et al. (1975), Naval Technical Training Command, Research Branch Report 8-75: grade = 0.39 W/S + 11.8 Y/W - 15.59.
W words, S sentences, Y syllables. Syllables are estimated from the spelling, which is right for about nine words in ten; over a lesson
of some hundred words the errors even out to a few tenths of a grade.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)?|\d+(?:[.:,]\d+)*")
# A full stop ends a sentence before a space, a closing quotation mark or bracket, or the end; not in 's.136' or '14.05'.
_SENTENCE_ENDS = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)")
_SHORTENED = re.compile(r"\b(?:s|ss|reg|art|para|no|v|Mr|Mrs|Ms|Dr|St|PC|e\.g|i\.e)\.(?=\s)")
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
# An 'e' that is written and not spoken: made, makes, needed not, whole and rules but not table, colleague.
_SILENT_END = re.compile(
    r"(?:(?<![aeiouylscxzgh])es|(?<=[aeiouy]l)es|(?<![aeiouytd])ed|(?<![aeiouyl])e|(?<=[aeiouyr]l)e|(?<=ll)e|(?<=[gq]u)es?)$"
)
# Vowels that stand together and are spoken apart: via, idea, create, science, quiet, period, previous, doing, annual, museum, poem.
_SPOKEN_APART = re.compile(
    r"(?<![cgstx])ia|(?<=i)a(?=nt)|^[aeiou][a-z]ea$|creat|scien|iet|io(?!n|u)|(?<![cgstx])iou(?!r)|eo(?!us|n$|p)|(?<![gq])ua(?!r)"
    r"|(?<=[aeiouy])ing|eum|oe[mt]|[lr]ui[dn]|uou|[rls]ier|ism$"
)


@dataclass(frozen=True)
class Readability:
    """The counts of a text. The figures are None where there is no sentence to measure."""

    words: int
    sentences: int
    syllables: int

    @property
    def words_a_sentence(self) -> float | None:
        return self.words / self.sentences if self.sentences else None

    @property
    def ease(self) -> float | None:
        """Flesch's reading ease: 60 to 70 is plain English, above 70 easy, below 50 hard."""
        if not self.sentences or not self.words:
            return None
        return 206.835 - 1.015 * self.words / self.sentences - 84.6 * self.syllables / self.words

    @property
    def grade(self) -> float | None:
        """The Flesch-Kincaid grade: years at school in the United States; a reader's age is about five more."""
        if not self.sentences or not self.words:
            return None
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def measure(text: str) -> Readability:
    """Return the counts of a plain text. A line of its own (heading, item) is a sentence, whether or not a full stop ends it."""
    words = sentences = syllables = 0
    for line in text.splitlines():
        for sentence in _SENTENCE_ENDS.split(_SHORTENED.sub(lambda found: found[0].rstrip("."), line)):
            found = _WORD.findall(sentence)
            if found:
                sentences += 1
                words += len(found)
                syllables += sum(map(count_syllables, found))
    return Readability(words, sentences, syllables)


def count_syllables(word: str) -> int:
    """Return how many syllables a word has, estimated from its spelling. A number counts one for each digit group."""
    plain = word.lower().replace("’", "'").partition("'")[0]
    if not plain or plain[0].isdigit():
        return max(1, len(re.findall(r"\d+", plain)))
    count = len(_VOWELS.findall(plain)) + len(_SPOKEN_APART.findall(plain))
    if _SILENT_END.search(plain):
        count -= 1
    return max(1, count)
