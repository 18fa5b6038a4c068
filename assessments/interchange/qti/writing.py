"""Shapes to QTI items: 2.1, which every 2.2 reader takes too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from assessments.interchange.about import write_about
from assessments.interchange.qti import markup
from assessments.interchange.qti.body import EXPLANATION
from assessments.interchange.qti.cases_written import write_case
from assessments.interchange.qti.judgements_written import write_judgement
from assessments.interchange.qti.kinds_written import (
    write_choice,
    write_gaps,
    write_open,
    write_order,
    write_pairs,
    write_regions,
    write_typed,
)
from assessments.interchange.qti.markup import PICTURES, Names, Pieces
from assessments.question_types.exchange import Asking, Exchanged, NotExchanged

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
__all__ = ["NAMESPACE", "PICTURES", "write_item"]


def write_item(item: Exchanged, about: Mapping[str, Any], identifier: str) -> str:
    """Return an item as XML; raises ``NotExchanged`` for what QTI 2 has no words for."""
    names = Names()
    pieces = _pieces(item, names) if item.asking is not Asking.CASE else write_case(item, names, _pieces)
    explanation = markup.modal(EXPLANATION, EXPLANATION, item.feedback, item) if item.feedback else ""
    feedback = "".join(markup.modal(outcome, told, words, item) for outcome, told, words in pieces.feedback)
    outcomes = pieces.outcomes + markup.identifiers_declared(names.feedback, pieces.feedback_cardinality)
    rules = pieces.rules
    if item.feedback:
        outcomes += markup.identifiers_declared(EXPLANATION, default=EXPLANATION)
    if pieces.tells:
        outcomes += markup.identifiers_declared(markup.TOLD)
        told = f'<baseValue baseType="identifier">{markup.TOLD}</baseValue>'
        rules += markup.set_outcome(markup.TOLD, told)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{NAMESPACE}" identifier={quoteattr(identifier)} '
        f'title={quoteattr(item.name)} adaptive="false" timeDependent="false">\n<!-- {write_about(about)} -->\n{pieces.declarations}'
        f"{markup.score_declared(names.score, item.max_mark)}{outcomes}\n"
        f"<itemBody>{pieces.body}</itemBody>\n<responseProcessing>{rules}</responseProcessing>\n"
        f"{feedback}{explanation}</assessmentItem>\n"
    )


def _pieces(item: Exchanged, names: Names) -> Pieces:
    write = _KINDS.get(item.asking)
    if write is None:
        raise NotExchanged("QTI 2 has no words for questions of this kind.")
    return write(item, names)


_KINDS: dict[Asking, Callable[[Exchanged, Names], Pieces]] = {
    Asking.CHOICE: write_choice,
    Asking.CHOICES: write_choice,
    Asking.TRUTH: write_choice,
    Asking.TEXT: write_typed,
    Asking.NUMBER: write_typed,
    Asking.PAIRS: write_pairs,
    Asking.ORDER: write_order,
    Asking.GAPS: write_gaps,
    Asking.REGIONS: write_regions,
    Asking.RATINGS: write_judgement,
    Asking.OPEN: write_open,
    Asking.FILES: write_open,
}
