"""The page of an attempt with all its questions. Three queries whatever the length of the test. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import QueryDict

from assessments.attempt_pages import NavigatorItem, PageOfAttempt, face_of, section_title
from assessments.blueprints import least_by_section
from assessments.contact import clock_now
from assessments.models import Attempt, AttemptItem
from assessments.question_types import Face
from assessments.question_types.asking import without_confidence
from assessments.sheets import SHEET, PostedPage, flag_of, name_of


@dataclass(frozen=True)
class ShownSheet:
    """One question on the page."""

    position: int
    face: Face
    is_flagged: bool
    saved_at: datetime | None

    @property
    def flag_name(self) -> str:
        return flag_of(self.position)

    @property
    def anchor(self) -> str:
        return f"question-{self.position}"


@dataclass(frozen=True)
class ShownSection:
    """Questions under one heading; ``title`` is empty where the paper has no sections, ``least`` None where none is to be reached."""

    title: str
    least: int | None
    sheets: tuple[ShownSheet, ...]


@dataclass(frozen=True)
class Problem:
    """A question whose answer was not kept, as the page's summary links to it."""

    position: int
    sentence: str

    @property
    def text(self) -> str:
        return f"Question {self.position}: {self.sentence}"

    @property
    def target(self) -> str:
        return f"question-{self.position}"


@dataclass(frozen=True, kw_only=True)
class WholePage(PageOfAttempt):
    """All questions of an open attempt."""

    sections: tuple[ShownSection, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def field_of_sheets(self) -> str:
        return SHEET


def whole_page(
    attempt: Attempt,
    *,
    at: datetime,
    errors: Mapping[int, str] | None = None,
    posted: PostedPage | None = None,
    typed: QueryDict | None = None,
    refusal: str = "",
    is_read_only: bool = False,
) -> WholePage:
    """Return the page. With ``posted`` and what was ``typed``, the questions in ``errors`` show it again, or all where none is named,
    so that nothing typed is lost.
    """
    errors = errors or {}
    items = list(attempt.items.select_related("question_version").defer("question_version__note").order_by("position"))
    flags = {sheet.position: sheet.flagged for sheet in posted.sheets} if posted is not None else {}
    again = set(flags) & set(errors) if errors else set(flags)
    leasts = least_by_section(attempt.assessment_version)
    has_sections = any(item.section for item in items)

    def sheet(item: AttemptItem) -> ShownSheet:
        here = item.position
        face = face_of(
            item,
            attempt,
            name=name_of(here),
            level=2,
            posted=typed if here in again else None,
            error=errors.get(here, ""),
            is_closed=is_read_only,
        )
        return ShownSheet(here, face, flags[here] if here in again else item.flagged, item.saved_at)

    return WholePage(
        attempt=attempt,
        total=len(items),
        navigator=tuple(
            NavigatorItem(
                item.position, without_confidence(item.response) is not None, item.flagged, False, item.section
            )
            for item in items
        ),
        turns=tuple(item.turn for item in items),
        saved_at=max((item.saved_at for item in items if item.saved_at), default=None),
        now=at,
        clock=clock_now(attempt, at=at),
        refusal=refusal,
        is_read_only=is_read_only,
        sections=tuple(
            ShownSection(
                section_title(name, has_sections=has_sections), leasts.get(name), tuple(sheet(item) for item in group)
            )
            for name, group in groupby(items, key=lambda item: item.section)
        ),
        problems=tuple(Problem(position, sentence) for position, sentence in sorted(errors.items())),
    )
