"""How an author writes a situational judgement."""

from __future__ import annotations

from typing import Any

from assessments.question_types.authoring import (
    ID,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Lines,
    Values,
    whole_number,
    with_quiet_ids,
)
from assessments.question_types.contract import Definition

USUAL_SCALE = ("Makes it worse", "Of little use", "Effective", "Very effective")
AUTHOR_FORM = AuthorForm(
    (
        AuthorField(
            "mode",
            "Officers",
            Entry.CHOICE,
            choices=(("rate", "Rate each response"), ("rank", "Put the responses in order, best first")),
            begins_with="rate",
        ),
        AuthorField(
            "scale",
            "Scale of the ratings (one a line, the worst first)",
            Entry.LONG,
            f"Empty is: {', '.join(label.lower() for label in USUAL_SCALE)}. A ranking has none.",
        ),
        AuthorField(
            "panel_size",
            "How many rated it (empty: nobody yet)",
            Entry.WHOLE,
            "At least five practitioners, a supervisor and somebody from another unit among them. Without a panel it is for practice only.",
        ),
        AuthorField("panel_on", "On which day", Entry.WORDS, "Such as 2026-05-31."),
    ),
    (
        AuthorLines(
            "responses",
            "Responses",
            "response",
            (
                ID,
                AuthorField("text", "Response", Entry.LONG, "Something a colleague might really do."),
                AuthorField(
                    "key", "Key", Entry.NUMBER, "Its agreed rating, 1 for the first label; in a ranking its place."
                ),
                AuthorField("spread", "Spread of the panel (optional)", Entry.NUMBER, "The standard deviation."),
                AuthorField("feedback", "Feedback", Entry.LONG),
            ),
            blank=4,
            most=8,
        ),
    ),
)


def judgement_filled_in(definition: Definition) -> tuple[Values, Lines]:
    """Return what the form shows of a definition."""
    panel = definition.get("panel") or {}
    values = {
        "mode": definition["mode"],
        "scale": "\n".join(definition.get("scale", ())),
        "panel_size": panel.get("size", ""),
        "panel_on": panel.get("on", ""),
    }
    return values, {"responses": definition["responses"]}


def judgement_put_together(values: Values, lines: Lines) -> dict[str, Any]:
    """Return the definition from what was filled in."""
    mode = values.get("mode") or "rate"
    responses = []
    for line in with_quiet_ids([dict(line) for line in lines.get("responses", ())]):
        if not line.get("spread"):
            line.pop("spread", None)
        responses.append(line)
    made: dict[str, Any] = {"mode": mode, "responses": responses}
    if mode == "rate":
        typed = [label.strip() for label in str(values.get("scale", "")).split("\n") if label.strip()]
        made["scale"] = typed or list(USUAL_SCALE)
    if values.get("panel_size") or values.get("panel_on"):
        made["panel"] = {"size": whole_number(values.get("panel_size", "")), "on": values.get("panel_on", "")}
    return made
