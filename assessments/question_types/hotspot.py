"""Areas of a picture to choose. Response: ``{"areas": ["a"]}``.

Definition: ``picture`` (a name among ``pictures``), ``choose``, ``areas: [{id, shape, coords, text, fraction, feedback}]``. A ``rect``
has left, top, right, bottom, a ``circle`` its middle and radius, a ``poly`` its corners, in pixels of the picture. Every area, right or
wrong, is drawn with a number and listed with its words, so that pointer, keyboard and screen reader are offered the same.

Right areas share full marks and wrong ones may take away; more than were asked for score nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    whole_number,
    with_ids,
)
from assessments.question_types.contract import (
    FULL_MARKS,
    BadResponse,
    Choice,
    Definition,
    Face,
    FaceOption,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.entries import by_id, check_entries, check_fraction, check_stem, is_whole
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_fraction, to_millionths, to_text
from assessments.question_types.words import check_keys, check_text, divide_stem, in_words, without_emphasis

FEWEST, MOST = 2, 12
SHAPES = {"rect": "A rectangle", "circle": "A circle", "poly": "A shape with corners"}
MOST_CORNERS = 40
# Thirds written as 0.333 add up to a little less than 1.
TOLERANCE = Fraction(1, 100)
AUTHOR_FORM = AuthorForm(
    (
        AuthorField("picture", "Name of the picture", Entry.WORDS, "One of the pictures below, such as scene."),
        AuthorField("choose", "How many areas to choose", Entry.WHOLE, "As many as are right."),
    ),
    (
        AuthorLines(
            "areas",
            "Areas",
            "area",
            (
                ID,
                AuthorField(
                    "text",
                    "What it is",
                    Entry.LONG,
                    "Read out and listed beside its number. Do not say that it is right.",
                ),
                AuthorField("shape", "Shape", Entry.CHOICE, choices=tuple(SHAPES.items()), begins_with="rect"),
                AuthorField(
                    "coords",
                    "Where it lies",
                    Entry.WORDS,
                    "In pixels: left, top, right, bottom; or middle and radius; or every corner. Such as 40, 60, 200, 180.",
                ),
                AuthorField(
                    "fraction", "Worth", Entry.NUMBER, "1 is right. Empty or 0 is wrong. A part is 0.5 or 1/3."
                ),
                AuthorField("feedback", "Feedback", Entry.LONG, "Say why, also when it is right."),
            ),
            blank=3,
            most=MOST,
        ),
    ),
)


class Hotspot(QuestionType):
    name = "hotspot"
    label = "Areas of a picture"
    template_name = "assessments/question_types/hotspot.html"
    takes = frozenset({Asking.REGIONS})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "picture", "choose", "areas"), allowed=())
        problems += check_stem(definition)
        pictures = definition.get("pictures")
        picture = pictures.get(definition.get("picture")) if isinstance(pictures, Mapping) else None
        if not isinstance(picture, Mapping):
            problems.append(Problem("picture", "Add the picture to this question, and write its name here."))
        choose = definition.get("choose")
        if not is_whole(choose):
            problems.append(Problem("choose", "Say how many to choose, as a whole number."))
        problems += check_entries(
            definition.get("areas"),
            "areas",
            word="area",
            fewest=FEWEST,
            most=MOST,
            needed=("shape", "coords", "fraction"),
            allowed=("feedback",),
        )
        if any(not problem.is_house_rule for problem in problems) or not isinstance(picture, Mapping):
            return problems
        if not all(is_whole(picture.get(side)) for side in ("width", "height")):
            return problems
        for number, area in enumerate(definition["areas"]):
            problems += _check_area(area, f"areas.{number}", picture)
        return problems or _check_worths(definition)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        wanted = {str(one) for one in data.getlist(name) if one}
        known = by_id(definition["areas"])
        if not wanted <= set(known):
            raise BadResponse("That is not one of the areas of this picture. Choose from those shown.")
        chosen = [identity for identity in known if identity in wanted]
        return {"areas": chosen} if chosen else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        known = by_id(definition["areas"])
        chosen = [] if response is None else [one for one in response["areas"] if one in known]
        right = self._right(definition)
        told = tuple(known[one]["feedback"] for one in chosen or right if known[one].get("feedback"))
        if definition["choose"] > 1 and set(chosen) == set(right):
            return Marked(FULL_MARKS, told)
        if len(chosen) > definition["choose"]:
            return Marked(0, told)
        return Marked(to_millionths(sum((to_fraction(known[one]["fraction"]) for one in chosen), Fraction(0))), told)

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        count, wanted = len((response or {"areas": ()})["areas"]), definition["choose"]
        if count == wanted:
            return ""
        return f"{in_words(count).capitalize()} of {in_words(wanted)} areas {'is' if count == 1 else 'are'} chosen."

    def summarise(self, definition: Definition, response: Response | None) -> str:
        return self._in_words(definition, [] if response is None else response["areas"])

    def summarise_key(self, definition: Definition) -> str:
        right = self._right(definition)
        return self._in_words(definition, right)

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        known = by_id(definition["areas"])
        return tuple(known[one]["feedback"] for one in self._right(definition) if known[one].get("feedback"))

    def choices(self, definition: Definition) -> list[Choice]:
        return [Choice(area["id"], area["text"], to_fraction(area["fraction"]) > 0) for area in definition["areas"]]

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        return [] if response is None else list(response["areas"])

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
        chosen = [] if response is None else response["areas"]
        picture = definition["pictures"][definition["picture"]]
        choose = definition["choose"]
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            options=tuple(
                FaceOption(
                    id=area["id"],
                    text=area["text"],
                    is_chosen=area["id"] in chosen,
                    is_right=to_fraction(area["fraction"]) > 0,
                    feedback=area.get("feedback", ""),
                )
                for area in definition["areas"]
            ),
            hint=f"Choose {in_words(choose)}, in the picture or in the list.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={
                "picture": definition["picture"],
                "width": picture["width"],
                "height": picture["height"],
                "areas": [_drawn(area, picture) for area in definition["areas"]],
                "badge": max(picture["width"], picture["height"]) // 30 or 1,
                "kind": "radio" if choose == 1 else "checkbox",
            },
        )

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        areas = [{**area, "coords": ", ".join(str(one) for one in area["coords"])} for area in definition["areas"]]
        return {"picture": definition["picture"], "choose": definition["choose"]}, {"areas": areas}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        areas = [
            {
                **line,
                "shape": line.get("shape") or "rect",
                "coords": _coords(str(line.get("coords", ""))),
                "fraction": line.get("fraction") or "0",
            }
            for line in lines.get("areas", ())
        ]
        return {
            "picture": values.get("picture", ""),
            "choose": whole_number(values.get("choose", "")),
            "areas": with_ids(areas),
        }

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        picture = item.settings.get("picture") or next(iter(item.pictures), "")
        if not picture or any(answer.area is None for answer in item.answers):
            raise NotExchanged("It has no picture with areas we can read.")
        areas = [
            {
                "id": answer.id,
                "shape": (answer.area or {}).get("shape"),
                "coords": list((answer.area or {}).get("coords", ())),
                "text": answer.text or f"Area {number}",
                "fraction": to_text(answer.fraction),
                "feedback": answer.feedback,
            }
            for number, answer in enumerate(item.answers, start=1)
        ]
        right = sum(answer.fraction > 0 for answer in item.answers)
        return {"stem": item.text, "picture": picture, "choose": right, "areas": with_ids(areas)}

    def to_exchange(self, definition: Definition) -> Exchanged:
        answers = tuple(
            Answer(
                text=area["text"],
                fraction=to_fraction(area["fraction"]),
                feedback=area.get("feedback", ""),
                area={"shape": area["shape"], "coords": list(area["coords"])},
                id=area["id"],
            )
            for area in definition["areas"]
        )
        settings = {"picture": definition["picture"], "choose": definition["choose"]}
        return Exchanged(Asking.REGIONS, definition["stem"], answers, type=self.name, settings=settings)

    def _right(self, definition: Definition) -> list[str]:
        areas = definition["areas"]
        if definition["choose"] == 1:
            return [area["id"] for area in areas if to_fraction(area["fraction"]) == 1]
        return [area["id"] for area in areas if to_fraction(area["fraction"]) > 0]

    def _in_words(self, definition: Definition, ids: Sequence[str]) -> str:
        return "; ".join(without_emphasis(area["text"]) for area in definition["areas"] if area["id"] in ids)


def _coords(typed: str) -> Any:
    """Return the whole numbers of a list, or what was typed where it is none, for ``validate`` to refuse."""
    parts = typed.replace(",", " ").split()
    if parts and all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return [int(part) for part in parts]
    return typed


def _check_area(area: Mapping[str, Any], path: str, picture: Mapping[str, Any]) -> list[Problem]:
    problems = check_fraction(area["fraction"], f"{path}.fraction", "the worth", least=-1)
    said = area.get("feedback", "")
    if isinstance(said, str) and not said.strip():
        problems.append(
            Problem(f"{path}.feedback", "Write feedback for this area, right or wrong.", is_house_rule=True)
        )
    else:
        problems += check_text(said, f"{path}.feedback", what="feedback for this area")
    shape, coords = area["shape"], area["coords"]
    if shape not in SHAPES:
        return [*problems, Problem(f"{path}.shape", "An area is a 'rect', a 'circle' or a 'poly'.")]
    if not isinstance(coords, list) or not all(is_whole(one) and one >= 0 for one in coords):
        return [
            *problems,
            Problem(f"{path}.coords", "Write where it lies as whole numbers of pixels, such as 40, 60, 200, 180."),
        ]
    needed = {"rect": "four numbers: left, top, right, bottom", "circle": "three numbers: its middle and its radius"}
    is_complete = {"rect": len(coords) == 4, "circle": len(coords) == 3}.get(
        shape, 6 <= len(coords) <= 2 * MOST_CORNERS and len(coords) % 2 == 0
    )
    if not is_complete:
        words = needed.get(shape, f"two numbers for each of three to {MOST_CORNERS} corners")
        return [*problems, Problem(f"{path}.coords", f"This shape needs {words}.")]
    left, top, right, bottom = _bounds(shape, coords)
    if not (0 <= left < right <= picture["width"] and 0 <= top < bottom <= picture["height"]):
        size = f"{picture['width']} by {picture['height']}"
        problems.append(
            Problem(
                f"{path}.coords", f"This area lies outside the picture, or has no size. The picture is {size} pixels."
            )
        )
    return problems


def _check_worths(definition: Definition) -> list[Problem]:
    worths = [to_fraction(area["fraction"]) for area in definition["areas"]]
    right = [one for one in worths if one > 0]
    choose = definition["choose"]
    if choose == 1:
        return (
            []
            if worths.count(Fraction(1)) == 1
            else [Problem("areas", "Exactly one area is right: give one of them the worth 1.")]
        )
    if choose != len(right):
        return [Problem("choose", f"{len(right)} areas are right, so candidates choose {len(right)}, not {choose}.")]
    if abs(sum(right, Fraction(-1))) > TOLERANCE:
        return [Problem("areas", "The worths of the right areas add up to 1.")]
    return []


def _bounds(shape: str, coords: Sequence[int]) -> tuple[int, int, int, int]:
    if shape == "circle":
        across, down, radius = coords
        return across - radius, down - radius, across + radius, down + radius
    return min(coords[0::2]), min(coords[1::2]), max(coords[0::2]), max(coords[1::2])


def _drawn(area: Mapping[str, Any], picture: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template draws: the box an area lies in, where its number stands, and its shape."""
    coords = list(area["coords"])
    left, top, right, bottom = _bounds(area["shape"], coords)
    return {
        "id": area["id"],
        "shape": area["shape"],
        "coords": coords,
        "points": " ".join(f"{x},{y}" for x, y in zip(coords[0::2], coords[1::2], strict=False)),
        "left": left,
        "top": top,
        "width": right - left,
        "height": bottom - top,
        "middle": (left + right) // 2,
        "centre": (top + bottom) // 2,
    }


TYPE = Hotspot()
