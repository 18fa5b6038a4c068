"""Files handed in, marked by a person. Response: ``{"files": [{"digest", "name", "size"}]}``.

Definition: ``kinds`` (``picture``, ``pdf``, ``office``), ``most`` files, ``guidance`` for the marker. What is posted are digests of
files that were handed in before; whether they were, and what they are called, the engine adds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments.question_types.authoring import AuthorField, AuthorForm, Entry, Lines, Values, whole_number
from assessments.question_types.contract import (
    BadResponse,
    Definition,
    Face,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.entries import check_stem, is_whole
from assessments.question_types.exchange import Asking, Exchanged
from assessments.question_types.words import check_keys, check_text, divide_stem, in_words

MOST_FILES = 10
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class FileKind:
    """A kind of file: in words, what a browser's chooser offers, and the media types it is kept as."""

    label: str
    accept: str
    media_types: tuple[str, ...]


KINDS = {
    "picture": FileKind(
        "a picture",
        "image/jpeg,image/png,image/webp,image/heic,image/heif",
        ("image/jpeg", "image/png", "image/webp"),
    ),
    "pdf": FileKind("a PDF", "application/pdf", ("application/pdf",)),
    "office": FileKind(
        "a Word, Excel or PowerPoint file",
        ".docx,.xlsx,.pptx",
        (
            f"{_OFFICE}wordprocessingml.document",
            f"{_OFFICE}spreadsheetml.sheet",
            f"{_OFFICE}presentationml.presentation",
        ),
    ),
}
AUTHOR_FORM = AuthorForm(
    (
        AuthorField("picture", "Pictures may be handed in", Entry.TICK),
        AuthorField("pdf", "PDF files may be handed in", Entry.TICK),
        AuthorField("office", "Word, Excel and PowerPoint files may be handed in", Entry.TICK),
        AuthorField("most", "Files at most", Entry.WHOLE, f"Empty is 1; {MOST_FILES} at most."),
        AuthorField("guidance", "Guidance for the marker", Entry.LONG, "What good work has. Candidates never see it."),
    )
)


class FileUpload(QuestionType):
    name = "file_upload"
    label = "Files to hand in"
    template_name = "assessments/question_types/file_upload.html"
    is_closed = False
    takes_files = True
    takes = frozenset({Asking.FILES})

    def validate(self, definition: Definition) -> list[Problem]:
        problems = check_keys(definition, "", needed=("stem", "kinds"), allowed=("most", "guidance"))
        problems += check_stem(definition)
        kinds = definition.get("kinds")
        if not isinstance(kinds, list) or not kinds or not all(isinstance(one, str) and one in KINDS for one in kinds):
            problems.append(Problem("kinds", "Say which files may be handed in: pictures, PDF files, Office files."))
        elif len(set(kinds)) < len(kinds):
            problems.append(Problem("kinds", "A kind of file is named twice."))
        most = definition.get("most", 1)
        if not is_whole(most) or not 1 <= most <= MOST_FILES:
            problems.append(Problem("most", f"Files at most are 1 to {MOST_FILES}."))
        guidance = definition.get("guidance", "")
        if isinstance(guidance, str) and not guidance.strip():
            sentence = "Write what good work has, so that markers agree."
            return [*problems, Problem("guidance", sentence, is_house_rule=True)]
        return problems + check_text(guidance, "guidance", what="the guidance for the marker", longest=10_000)

    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        digests = list(dict.fromkeys(str(one) for one in data.getlist(name) if one))
        if not all(_DIGEST.fullmatch(one) for one in digests):
            raise BadResponse("That is not a file of this question. Upload it here.")
        most = definition.get("most", 1)
        if len(digests) > most:
            fit = "One file fits" if most == 1 else f"{in_words(most).capitalize()} files fit"
            raise BadResponse(
                f"{fit}, and there are {in_words(len(digests))}. Take the tick off those you do not want."
            )
        return {"files": [{"digest": one} for one in digests]} if digests else None

    def mark(self, definition: Definition, response: Response | None) -> Marked:
        """Nothing handed in scores nothing; everything else waits for a person."""
        return Marked(0) if response is None else Marked(None)

    def summarise(self, definition: Definition, response: Response | None) -> str:
        files = [] if response is None else response["files"]
        return "; ".join(str(one.get("name") or one["digest"][:12]) for one in files)

    def summarise_key(self, definition: Definition) -> str:
        return ""

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
        most = definition.get("most", 1)
        kinds = [KINDS[one] for one in definition["kinds"]]
        wanted = " or ".join(one.label for one in kinds)
        count = "One file" if most == 1 else f"Up to {in_words(most)} files"
        return Face(
            template_name=self.template_name,
            name=name,
            scene=scene,
            question=question,
            hint=f"{count}: {wanted}, 10 MB each. A person marks this answer.",
            error=error,
            level=level,
            is_closed=is_closed,
            more={
                "files": [] if response is None else response["files"],
                "accept": ",".join(one.accept for one in kinds),
                "is_several": most > 1,
            },
        )

    def author_form(self) -> AuthorForm:
        return AUTHOR_FORM

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        ticks = {kind: kind in definition["kinds"] for kind in KINDS}
        return {**ticks, "most": definition.get("most", ""), "guidance": definition.get("guidance", "")}, {}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        made: dict[str, Any] = {"kinds": [kind for kind in KINDS if values.get(kind)]}
        if values.get("most"):
            made["most"] = whole_number(values["most"])
        return {**made, **({"guidance": values["guidance"]} if values.get("guidance") else {})}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        known = [kind for kind in item.settings.get("kinds", ()) if kind in KINDS]
        most = min(max(int(item.settings.get("most") or 1), 1), MOST_FILES)
        guidance = item.settings.get("guidance")
        return {
            "stem": item.text,
            "kinds": known or list(KINDS),
            "most": most,
            **({"guidance": guidance} if guidance else {}),
        }

    def to_exchange(self, definition: Definition) -> Exchanged:
        settings = {name: definition[name] for name in ("kinds", "most", "guidance") if name in definition}
        return Exchanged(Asking.FILES, definition["stem"], type=self.name, settings=settings)


TYPE = FileUpload()
