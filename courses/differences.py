"""What a list changes against the last release, as a person reads it: by step, words added and words gone.

Works on the two frozen records; nothing of the present is looked at.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.models import Release, ReviewList
from courses.reference_words import check_in_words, confidence_in_words
from courses.rendering import plain_text

Kind = Literal["added", "removed", "changed", "moved", "same"]
LineKind = Literal["same", "added", "removed", "changed"]
# Words for the particulars of a course, in the order they are read.
NAMES = {
    "title": "Title",
    "promise": "Promise",
    "audience": "Audience",
    "minutes": "Minutes",
    "extra_minutes": "Extra minutes",
    "extra_for": "Extra minutes for",
    "validity_months": "Lasts, in months",
    "leads_to": "Leads to",
    "certificate_template": "Certificate template",
    "completion": "Completed by",
    "requires": "Requires",
    "local_defaults": "Local defaults",
    "jurisdiction": "Jurisdiction",
    "marking": "Marking",
}
STEP_NAMES = {
    "title": "Title",
    "minutes": "Minutes",
    "point": "Point",
    "outcomes": "Outcomes",
    "module_title": "Module",
}
CONTEXT = 1


@dataclass(frozen=True)
class Line:
    """A line of text: its kind, and its words in pieces, each ``("same" | "added" | "removed", words)``."""

    kind: LineKind
    pieces: list[tuple[str, str]]


@dataclass(frozen=True)
class Change:
    """A named value that is different: what it was, what it is."""

    name: str
    before: str
    after: str


@dataclass
class StepDifference:
    """How a step differs. ``lines`` are the changed lines with one line of context, ``changes`` its other particulars."""

    slug: str
    title: str
    kind: Kind
    lines: list[Line] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """How a list differs from the last release; everything is 'added' where there is none."""

    since: Release | None
    course: list[Change]
    steps: list[StepDifference]

    @property
    def changed_steps(self) -> list[StepDifference]:
        return [step for step in self.steps if step.kind != "same"]

    def in_words(self) -> str:
        """Return one sentence: what changed, in counts."""
        if self.since is None:
            return "First release."
        counts = {
            kind: sum(step.kind == kind for step in self.steps) for kind in ("added", "changed", "moved", "removed")
        }
        said = [f"{count} {'step' if count == 1 else 'steps'} {kind}" for kind, count in counts.items() if count]
        if self.course:
            said.append("particulars changed")
        return (", ".join(said) or "Nothing changed").capitalize() + f" since release {self.since.number}."


def difference_of(review_list: ReviewList) -> Difference:
    """Return how a list differs from the release that was current when it was made."""
    since = (
        Release.objects.filter(course=review_list.course, released_at__lte=review_list.requested_at)
        .exclude(review_list=review_list)
        .order_by("-number")
        .first()
    )
    before = list(since.steps.select_related("assessment_version")) if since else []
    return Difference(
        since,
        list(_of_course(since, review_list.draft)) if since else [],
        _of_steps([_readable(step) for step in before], review_list.draft["steps"]),
    )


def _readable(step: Any) -> dict[str, Any]:
    version = step.assessment_version
    names = (*STEP_NAMES, "slug", "kind", "text", "html", "checks", "references", "digest")
    written = {name: getattr(step, name) for name in names}
    return {**written, "assessment": {"number": version.number} if version else None}


def _of_course(since: Release, draft: dict[str, Any]) -> Iterator[Change]:
    old, new = since.particulars, draft["particulars"]
    for key, name in NAMES.items():
        if old.get(key) != new.get(key):
            yield Change(name, _said(old.get(key)), _said(new.get(key)))
    before, after = plain_text(since.description_html), plain_text(draft["description_html"])
    if before != after:
        yield Change("Description", before, after)
    if old.get("warning") != new.get("warning"):
        yield Change("Content warning", _said_warning(old.get("warning")), _said_warning(new.get("warning")))
    yield from _listed(old["outcomes"], new["outcomes"], "code", "Outcome", lambda row: row["text"])
    yield from _listed(old["references"], new["references"], "id", "Reference", _said_reference)


def _listed(old: list[dict[str, Any]], new: list[dict[str, Any]], key: str, name: str, say: Any) -> Iterator[Change]:
    before, after = {row[key]: row for row in old}, {row[key]: row for row in new}
    for code in [*before, *(code for code in after if code not in before)]:
        if before.get(code) != after.get(code):
            yield Change(
                f"{name} {code}",
                say(before[code]) if code in before else "",
                say(after[code]) if code in after else "",
            )


def _of_steps(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[StepDifference]:
    before = {step["slug"]: step for step in old}
    after = {step["slug"] for step in new}
    kept_before = [step["slug"] for step in old if step["slug"] in after]
    kept_after = [step["slug"] for step in new if step["slug"] in before]
    moved = _moved(kept_before, kept_after)
    found = []
    for step in new:
        earlier = before.get(step["slug"])
        if earlier is None:
            lines = [Line("added", [("added", line)]) for line in step["text"].split("\n") if line]
            found.append(StepDifference(step["slug"], step["title"], "added", lines=lines))
        else:
            found.append(_of_step(earlier, step, moved=step["slug"] in moved))
    for step in old:
        if step["slug"] not in after:
            found.append(StepDifference(step["slug"], step["title"], "removed"))
    return found


def _of_step(old: dict[str, Any], new: dict[str, Any], *, moved: bool) -> StepDifference:
    changes = [
        Change(name, _said(old[key]), _said(new[key])) for key, name in STEP_NAMES.items() if old[key] != new[key]
    ]
    changes += _changed_checks(old["checks"], new["checks"])
    if old["assessment"] and new["assessment"] and old["assessment"]["number"] != new["assessment"]["number"]:
        changes.append(
            Change("Test rules", f"version {old['assessment']['number']}", f"version {new['assessment']['number']}")
        )
    changes += list(_listed(old["references"], new["references"], "id", "Reference", _said_reference))
    lines = changed_lines(old["text"], new["text"]) if old["text"] != new["text"] else []
    if not lines and not changes and old["html"] != new["html"]:
        changes.append(Change("Looks", "", "Only the markup, a picture or a link changed"))
    kind: Kind = "changed" if lines or changes else "moved" if moved else "same"
    return StepDifference(new["slug"], new["title"], kind, lines, changes)


def _changed_checks(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    before = {copy["code"]: copy["number"] for copy in old.values()}
    after = {copy["code"]: copy["number"] for copy in new.values()}
    return [
        Change(
            f"Check {code}",
            f"version {before[code]}" if code in before else "",
            f"version {after[code]}" if code in after else "",
        )
        for code in sorted({*before, *after})
        if before.get(code) != after.get(code)
    ]


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the slugs that stand in another order: those outside the longest part that kept it."""
    kept: set[str] = set()
    for block in difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        kept.update(before[block.a : block.a + block.size])
    return set(after) - kept


def changed_lines(before: str, after: str) -> list[Line]:
    """Return the changed lines of a text with one line of context; within a changed line, its words."""
    old, new = before.split("\n"), after.split("\n")
    lines: list[Line] = []
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT):
        for tag, start, end, other, until in group:
            if tag == "equal":
                lines += [Line("same", [("same", line)]) for line in old[start:end]]
            elif tag == "replace" and end - start == until - other:
                pairs = zip(old[start:end], new[other:until], strict=True)
                lines += [Line("changed", changed_words(was, now)) for was, now in pairs]
            else:
                lines += [Line("removed", [("removed", line)]) for line in old[start:end]]
                lines += [Line("added", [("added", line)]) for line in new[other:until]]
    return lines


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return a line in pieces: words that stayed, went, came."""
    old, new = re.findall(r"\s*\S+", before), re.findall(r"\s*\S+", after)
    pieces: list[tuple[str, str]] = []
    for tag, start, end, other, until in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[start:end])))
            continue
        if end > start:
            pieces.append(("removed", "".join(old[start:end])))
        if until > other:
            pieces.append(("added", "".join(new[other:until])))
    return pieces


def _said(value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if not isinstance(value, list):
        return str(value)
    return ", ".join(str(one["title"] if isinstance(one, dict) else one) for one in value)


def _said_warning(warning: dict[str, Any] | None) -> str:
    if not warning:
        return ""
    heading = [f"{warning['topic']}:"] if warning.get("topic") else []
    return " ".join([*heading, warning["text"], warning["alternative"], *warning["support"]]).strip()


def _said_reference(reference: dict[str, Any]) -> str:
    place = ", ".join(filter(None, [reference["title"], reference["provision"]]))
    checked = check_in_words(reference)
    return (
        f"{place}: {reference['says']} ({checked[0].lower()}{checked[1:]}, confidence {confidence_in_words(reference)})"
    )
