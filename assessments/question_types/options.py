"""What the choice types share: options of the shape ``{id, text, fraction, feedback}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types.authoring import (
    ID,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Lines,
    Values,
    with_ids,
)
from assessments.question_types.contract import BadResponse, Choice, Definition, FaceOption, Problem
from assessments.question_types.rational import to_fraction
from assessments.question_types.words import check_fraction, check_keys, check_text, comparable, told, without_emphasis
from assessments.seeds import in_seeded_order

FEWEST, MOST = 2, 12
# What a page can show; more than MOST is for no reader.
MOST_SHOWN = 50
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
KEEP_ORDER = AuthorField(
    "keep_order",
    "Keep the options in this order",
    Entry.TICK,
    "For options with a natural order, such as times. Otherwise everybody gets an order of their own.",
)
OPTION_LINES = AuthorLines(
    "options",
    "Options",
    "option",
    (
        ID,
        AuthorField("text", "Option", Entry.LONG),
        AuthorField("fraction", "Worth", Entry.NUMBER, "1 is right. Empty or 0 is wrong. A part is 0.5 or 1/3."),
        AuthorField("feedback", "Feedback", Entry.LONG, "Say why, also when it is right."),
    ),
    blank=4,
)
_LEANS_ON_OTHERS = re.compile(r"\b(all|none|both|neither|any) of the (above|below|others)\b", re.IGNORECASE)


def check_options(definition: Definition) -> list[Problem]:
    """Return what is wrong with the options, fractions' sums excepted: those belong to the type."""
    options = definition.get("options")
    if not isinstance(options, list) or not all(isinstance(option, Mapping) for option in options):
        return [Problem("options", "Write the options as a list.")]
    problems = []
    if not FEWEST <= len(options) <= MOST:
        sentence = f"Give {FEWEST} to {MOST} options; there are {len(options)}."
        problems.append(Problem("options", sentence, is_house_rule=FEWEST <= len(options) <= MOST_SHOWN))
    ids: set[str] = set()
    texts: set[str] = set()
    for number, option in enumerate(options):
        path = f"options.{number}"
        problems += check_keys(option, path, needed=("id", "text", "fraction", "feedback"), allowed=())
        problems += check_text(option.get("text"), f"{path}.text", what="the option")
        problems += check_text(
            option.get("feedback"),
            f"{path}.feedback",
            what="feedback for this option, right or wrong",
            is_optional=True,
        )
        identity = option.get("id")
        if not isinstance(identity, str) or not _ID.fullmatch(identity):
            problems.append(Problem(f"{path}.id", "Give the option an id of small letters and digits."))
        elif identity in ids:
            problems.append(Problem(f"{path}.id", f"Two options have the id '{identity}'."))
        else:
            ids.add(identity)
        text = str(option.get("text", ""))
        if comparable(text) and comparable(text) in texts:
            problems.append(Problem(f"{path}.text", "Two options say the same.", is_house_rule=True))
        texts.add(comparable(text))
        if _LEANS_ON_OTHERS.search(text):
            sentence = "Write no option that refers to the others, such as 'all of the above'."
            problems.append(Problem(f"{path}.text", sentence, is_house_rule=True))
        problems += check_fraction(option.get("fraction"), f"{path}.fraction")
    if "shuffle" in definition and not isinstance(definition["shuffle"], bool):
        problems.append(Problem("shuffle", "'shuffle' is true or false."))
    return problems


def fractions_of(definition: Definition) -> dict[str, Fraction]:
    """Return the exact fraction of each option by its id."""
    return {option["id"]: to_fraction(option["fraction"]) for option in definition["options"]}


def order_of_options(definition: Definition, seed: str) -> list[str]:
    """Return the ids in seeded order, or as written where the author keeps a natural order (``shuffle: false``)."""
    ids: list[str] = [option["id"] for option in definition["options"]]
    if definition.get("shuffle") is False:
        return ids
    return in_seeded_order(ids, seed=seed, purpose="options", key=str)


def chosen_from(definition: Definition, posted: Iterable[Any]) -> list[str]:
    """Return the posted ids in the definition's order, once each; refuse one the question does not have."""
    wanted = {str(value) for value in posted if value not in ("", None)}
    ids = [option["id"] for option in definition["options"]]
    if not wanted <= set(ids):
        raise BadResponse("That is not one of the options of this question. Choose from those shown.")
    return [identity for identity in ids if identity in wanted]


def shown_options(definition: Definition, chosen: Sequence[str], order: Sequence[str]) -> tuple[FaceOption, ...]:
    """Return the options as shown; an order that lacks an option (another version's) is completed by the rest."""
    by_id: dict[str, Mapping[str, Any]] = {option["id"]: option for option in definition["options"]}
    ids = [identity for identity in order if identity in by_id]
    ids += [identity for identity in by_id if identity not in ids]
    return tuple(
        FaceOption(
            id=identity,
            text=by_id[identity]["text"],
            is_chosen=identity in chosen,
            is_right=to_fraction(by_id[identity]["fraction"]) > 0,
            feedback=by_id[identity]["feedback"],
        )
        for identity in ids
    )


def choices_of(definition: Definition) -> list[Choice]:
    """Return the options as those who look at who chose what see them; marks for a part of the answer make one right."""
    right = {identity for identity, fraction in fractions_of(definition).items() if fraction > 0}
    return [Choice(option["id"], option["text"], option["id"] in right) for option in definition["options"]]


def texts_of(definition: Definition, ids: Iterable[str]) -> list[str]:
    """Return the texts of options, in the definition's order, as plain words."""
    wanted = set(ids)
    return [without_emphasis(option["text"]) for option in definition["options"] if option["id"] in wanted]


def feedback_of(definition: Definition, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the feedback of options, in the definition's order."""
    wanted = set(ids)
    return told(*(option["feedback"] for option in definition["options"] if option["id"] in wanted))


def choice_form(*fields: AuthorField) -> AuthorForm:
    """Return what the author of a choice type fills in."""
    return AuthorForm((*fields, KEEP_ORDER), (OPTION_LINES,))


def options_filled_in(definition: Definition) -> tuple[Values, Lines]:
    """Return what that form shows of a definition."""
    return {"keep_order": definition.get("shuffle") is False}, {"options": definition.get("options", [])}


def options_put_together(values: Values, lines: Lines) -> dict[str, Any]:
    """Return options and their order from what was filled in."""
    options = with_ids([{**line, "fraction": line.get("fraction") or "0"} for line in lines.get("options", ())])
    return {"options": options, **({"shuffle": False} if values.get("keep_order") else {})}
