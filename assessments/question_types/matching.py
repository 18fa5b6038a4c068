"""Each thing goes with one of several matches. Response: ``{"pairs": {"a": "m1"}}``, what was chosen so far.

Definition: ``matches: [{id, text}]``, ``pairs: [{id, text, match}]``, ``feedback: {right, wrong}``. A match may belong to several, or to
nothing. The mark is the share of pairs that are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.question_types.authoring import (
    ID,
    LETTERS,
    VERDICTS,
    AuthorField,
    AuthorForm,
    AuthorLines,
    Entry,
    Lines,
    Values,
    verdicts_filled_in,
    verdicts_put_together,
    with_ids,
    with_quiet_ids,
)
from assessments.question_types.contract import (
    FULL_MARKS,
    AnsweredPart,
    BadResponse,
    Choice,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.entries import by_id, check_entries, check_stem, check_told, in_order, told
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_millionths
from assessments.question_types.words import check_keys, comparable, divide_stem, in_words, without_emphasis
from assessments.seeds import in_seeded_order

MOST_PAIRS, MOST_MATCHES = 12, 20
AUTHOR_FORM = AuthorForm(
    VERDICTS,
    (
        AuthorLines(
            "pairs",
            "Pairs",
            "pair",
            (
                ID,
                AuthorField("match_id", "", Entry.HIDDEN),
                AuthorField("text", "This", Entry.LONG),
                AuthorField("match", "goes with", Entry.LONG, "The same words in two pairs are one match."),
            ),
            blank=4,
            most=MOST_PAIRS,
        ),
        AuthorLines(
            "spare",
            "Matches that go with nothing (optional)",
            "match",
            (
                ID,
                AuthorField("text", "Match", Entry.LONG, "With a spare one the last pair is not found by elimination."),
            ),
            blank=1,
            most=MOST_MATCHES - MOST_PAIRS,
        ),
    ),
)


class Matching(QuestionType):
    name = "matching"
    label = "Match each with another"
    template_name = "assessments/question_types/matching.html"
    takes = frozenset({Asking.PAIRS})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "matches", "pairs"), allowed=("feedback",))
        problems += check_stem(definition) + check_told(definition.get("feedback"))
        problems += check_entries(definition.get("matches"), "matches", word="match", fewest=2, most=MOST_MATCHES)
        problems += check_entries(
            definition.get("pairs"), "pairs", word="pair", fewest=2, most=MOST_PAIRS, needed=("match",)
        )
        if any(not problem.is_house_rule for problem in problems):
            return problems
        known = by_id(definition["matches"])
        for number, pair in enumerate(definition["pairs"]):
            if pair["match"] not in known:
                problems.append(Problem(f"pairs.{number}.match", "Write what this goes with."))
        return problems

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        return in_seeded_order(list(by_id(definition["matches"])), seed=seed, purpose="options", key=str)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        known = by_id(definition["matches"])
        chosen = {pair["id"]: str(data.get(f"{name}.{pair['id']}") or "") for pair in definition["pairs"]}
        if any(match and match not in known for match in chosen.values()):
            raise BadResponse("That is not one of the matches of this question. Choose from those shown.")
        kept = {pair: match for pair, match in chosen.items() if match}
        return {"pairs": kept} if kept else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        chosen = {} if response is None else response["pairs"]
        right = sum(chosen.get(pair["id"]) == pair["match"] for pair in definition["pairs"])
        count = len(definition["pairs"])
        return Marked(to_millionths(Fraction(right, count)), told(definition, right == count))

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        done, count = len((response or {"pairs": ()})["pairs"]), len(definition["pairs"])
        return "" if done == count else f"{in_words(done).capitalize()} of {in_words(count)} are matched."

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return "" if response is None else self._in_words(definition, response["pairs"])

    def summarise_key(self, definition: Definition) -> str:
        return self._in_words(definition, {pair["id"]: pair["match"] for pair in definition["pairs"]})

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        known = by_id(definition["matches"])
        chosen = {} if response is None else response["pairs"]
        return [
            AnsweredPart(
                without_emphasis(pair["text"]),
                without_emphasis(known[chosen[pair["id"]]]["text"]) if chosen.get(pair["id"]) in known else "",
                without_emphasis(known[pair["match"]]["text"]),
                FULL_MARKS if chosen.get(pair["id"]) == pair["match"] else 0,
            )
            for pair in definition["pairs"]
        ]

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        return told(definition, True)

    def choices(self, definition: Definition) -> list[Choice]:
        return [
            Choice(f"{pair['id']}/{match['id']}", match["text"], pair["match"] == match["id"], group=pair["text"])
            for pair in definition["pairs"]
            for match in definition["matches"]
        ]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return [] if response is None else [f"{pair}/{match}" for pair, match in response["pairs"].items()]

    def face(
        self,
        definition: Definition,
        response: Response | None,
        *,
        name: str = "answer",
        order: Sequence[str] = (),
        level: int = 1,
        is_closed: bool = False,
        error: str = "",
        typed: Posted | None = None,
    ) -> Face:
        scene, question = divide_stem(definition["stem"])
        known = by_id(definition["matches"])
        chosen = {} if response is None else response["pairs"]
        matches = [
            {"id": match, "letter": LETTERS[number].upper(), "text": known[match]["text"]}
            for number, match in enumerate(in_order(known, order))
        ]
        rows = [
            {
                "field": f"{name}.{pair['id']}",
                "text": pair["text"],
                "chosen": chosen.get(pair["id"], ""),
                "is_right": chosen.get(pair["id"]) == pair["match"],
            }
            for pair in definition["pairs"]
        ]
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            hint="Choose a match for each. One may go with several, or with none.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={"matches": matches, "rows": rows},
        )

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        known = by_id(definition["matches"])
        used = {pair["match"] for pair in definition["pairs"]}
        pairs = [
            {"id": pair["id"], "match_id": pair["match"], "text": pair["text"], "match": known[pair["match"]]["text"]}
            for pair in definition["pairs"]
        ]
        spare = [match for match in definition["matches"] if match["id"] not in used]
        return verdicts_filled_in(definition), {"pairs": pairs, "spare": spare}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        matches: list[dict[str, Any]] = []
        places: dict[str, int] = {}
        wanted = [(line.get("match_id", ""), line.get("match", "")) for line in lines.get("pairs", ())]
        wanted += [(line.get("id", ""), line.get("text", "")) for line in lines.get("spare", ())]
        for identity, text in wanted:
            if not text.strip():
                continue
            if comparable(text) not in places:
                places[comparable(text)] = len(matches)
                is_taken = any(match["id"] == identity for match in matches)
                matches.append({"id": "" if is_taken else identity, "text": text})
        matches = with_quiet_ids(matches)
        pairs = [
            {
                "id": line.get("id", ""),
                "text": line.get("text", ""),
                "match": matches[places[comparable(line["match"])]]["id"] if line.get("match", "").strip() else "",
            }
            for line in lines.get("pairs", ())
        ]
        return {"matches": matches, "pairs": with_ids(pairs), "feedback": verdicts_put_together(values)}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        pairs = [
            {"id": answer.id if answer.text else "", "text": answer.text, "match": answer.match}
            for answer in item.answers
            if answer.text
        ]
        spare = [{"id": answer.id, "text": answer.match} for answer in item.answers if not answer.text]
        if not pairs:
            raise NotExchanged("It has no pairs.")
        feedback = {"feedback_right": item.feedback_right, "feedback_wrong": item.feedback_wrong}
        return {"stem": item.text, **self.put_together(feedback, {"pairs": pairs, "spare": spare})}

    def to_exchange(self, definition: Definition) -> Exchanged:
        known = by_id(definition["matches"])
        used = {pair["match"] for pair in definition["pairs"]}
        each = Fraction(1, len(definition["pairs"]))
        answers = [
            Answer(text=pair["text"], match=known[pair["match"]]["text"], fraction=each, id=pair["id"])
            for pair in definition["pairs"]
        ]
        answers += [
            Answer(text="", match=match["text"], fraction=Fraction(0), id=match["id"])
            for match in definition["matches"]
            if match["id"] not in used
        ]
        feedback = definition.get("feedback") or {}
        return Exchanged(
            asking=Asking.PAIRS,
            text=definition["stem"],
            answers=tuple(answers),
            type=self.name,
            feedback_right=feedback.get("right", ""),
            feedback_wrong=feedback.get("wrong", ""),
        )

    def _in_words(self, definition: Definition, chosen: dict[str, str]) -> str:
        known = by_id(definition["matches"])
        return "; ".join(
            f"{without_emphasis(pair['text'])}: {without_emphasis(known[chosen[pair['id']]]['text'])}"
            for pair in definition["pairs"]
            if chosen.get(pair["id"]) in known
        )


TYPE = Matching()
