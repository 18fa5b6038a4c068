"""A pack's answer as data: one JSON object, and the same as tables for a spreadsheet. Times in UTC, marks in millionths."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from assessments.evidence import AttemptKnown
from assessments.results import ItemResult
from courses.evidence.gathering import EntryTold, Evidence
from courses.evidence.taught import CourseTaught
from cpd_records.qualifications.rulings_told import Names
from people.tables.writing import Cell, as_csv

FORMAT = "evidence-pack/1"


def as_json(evidence: Evidence) -> bytes:
    """Return everything the pack says as JSON in UTF-8; the same evidence gives the same bytes."""
    return (json.dumps(told(evidence), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def told(evidence: Evidence) -> dict[str, Any]:
    """Return everything the pack says as plain values."""
    question, ground = evidence.question, evidence.ground
    checkpoint = ground.checkpoint
    return {
        "format": FORMAT,
        "question": {
            "officer": {
                "name": question.officer.name,
                "service_number": question.officer.service_number,
                "public_id": str(question.officer.public_id),
            },
            "on": question.on.isoformat(),
            "known_at": _time(question.known_at),
            "purpose": question.purpose,
            "asked_by": question.asked_by,
        },
        "rests_on": {
            "tree_size": ground.size,
            "root": bytes(checkpoint.root).hex() if checkpoint else None,
            "checkpoint_time": _time(checkpoint.time) if checkpoint else None,
            "provisional": ground.is_provisional,
            "unsealed": evidence.unsealed,
            "erased": evidence.erased,
        },
        "places": [
            {
                "what": one.what,
                "title": one.title,
                "since": one.since.isoformat(),
                "recorded_at": _time(one.recorded_at),
            }
            for one in evidence.places
        ],
        "currency": evidence.currency.as_json(question.officer.service_number),
        "decisions": [
            {
                "kind": one.kind,
                "qualification": one.title,
                "from": one.first.isoformat(),
                "granted_until": one.granted_to.isoformat() if one.granted_to else None,
                "until": one.last.isoformat() if one.last and not one.is_void else None,
                "never_held": one.is_void,
                **_names(one.names),
                "recorded_at": _time(one.recorded_at),
                "reason": one.reason,
                "conditions": one.conditions,
                "ended": [
                    {
                        "last_day": end.last.isoformat() if end.last else None,
                        **_names(end.names),
                        "recorded_at": _time(end.recorded_at),
                        "reason": end.reason,
                    }
                    for end in one.ends
                ],
            }
            for one in evidence.rulings
        ],
        "taught": [_course(one) for one in evidence.taught],
        "attempts": [_attempt(one) for one in evidence.attempts],
        "entries": [_entry(one) for one in evidence.entries],
        "shared_reflections": [
            {"day": one.day.isoformat(), "title": one.title, "reflection": one.text, "helps": one.helps}
            for one in evidence.reflections
        ],
    }


def _course(one: CourseTaught) -> dict[str, Any]:
    release = one.release
    return {
        "course": release.course.code,
        "title": release.title,
        "release": release.number,
        "released_at": _time(release.released_at),
        "digest": release.digest,
        "enrolled_at": _time(one.enrolment.enrolled_at),
        "closed_at": _time(one.closed_at),
        "outcome": one.outcome or None,
        "outcomes": release.particulars.get("outcomes", []),
        "steps": [
            {
                "position": part.step.position,
                "step": part.step.slug,
                "kind": part.step.kind,
                "title": part.step.title,
                "module": part.step.module_title,
                "minutes": part.step.minutes,
                "finished_at": _time(part.done_at),
                "digest": part.step.digest,
                "references": part.step.references,
                "files": [
                    {"name": file.name, "sha256": file.file.digest, "size": file.file.size}
                    for file in part.step.files.all()
                ],
                "text": f"{one.folder}/{part.file_name}.txt" if part.step.text else None,
            }
            for part in one.steps
        ],
    }


def _attempt(one: AttemptKnown) -> dict[str, Any]:
    attempt, state = one.attempt, one.state
    return {
        "attempt": str(attempt.pk),
        "title": attempt.context_title or attempt.assessment_version.title,
        "number": attempt.number,
        "assessment_version": attempt.assessment_version.number,
        "assessment_digest": attempt.assessment_version.digest,
        "pass_percent": attempt.assessment_version.pass_percent,
        "started_at": _time(attempt.started_at),
        "closed_at": _time(state.closed_at),
        "state": state.state,
        "marked_at": _time(state.marked_at),
        "score_millionths": state.score,
        "outcome": state.outcome or None,
        "failed_rules": state.failed_rules,
        "questions": [_question(item) for item in one.items],
        "files": [
            {"position": file.position, "name": file.name, "sha256": file.digest, "size": file.size}
            for file in one.files
        ],
        "steps": [{"at": _time(at), "what": what} for at, what in one.steps],
    }


def _question(item: ItemResult) -> dict[str, Any]:
    return {
        "position": item.position,
        "code": item.code,
        "question": "\n\n".join(part for part in (item.scene, item.question) if part),
        "answer": item.response,
        "right_answer": item.key,
        "mark_millionths": item.fraction,
        "taken_out": item.is_neutral,
        "awarded_to_everybody": item.is_awarded,
        "must_pass": item.must_pass or None,
        "references": list(item.references),
    }


def _entry(one: EntryTold) -> dict[str, Any]:
    sealed = one.index is not None
    return {
        "entry": str(one.part.entry_id),
        "index": one.index,
        "says": dict(one.said),
        "proof": f"proofs/{one.file_name}.tlog-proof" if sealed else None,
        "opening": f"proofs/{one.file_name}.opening.json" if sealed else None,
    }


def tables(evidence: Evidence) -> Mapping[str, bytes]:
    """Return the tables by their names in the pack. No cell can be taken for a formula by a spreadsheet."""
    return {
        "tables/taught.csv": as_csv(
            ("Course", "Title", "Release", "Released at", "Enrolled at", "Step", "Kind", "Finished at", "SHA-256"),
            _taught_rows(evidence),
        ),
        "tables/attempts.csv": as_csv(
            ("Attempt", "Test", "Number", "Started at", "Handed in at", "Marked at", "Score, %", "Outcome"),
            _attempt_rows(evidence),
        ),
        "tables/answers.csv": as_csv(
            ("Attempt", "Test", "Question", "Code", "Asked", "Answer", "Right answer", "Mark, millionths"),
            _answer_rows(evidence),
        ),
        "tables/currency.csv": as_csv(
            ("Qualification", "Code", "Stands", "Required", "Held from", "In date to", "Grace to", "Reasons"),
            _currency_rows(evidence),
        ),
        "tables/decisions.csv": as_csv(
            (
                "Decision",
                "Qualification",
                "From",
                "Until",
                "By",
                "Rank",
                "Approved by",
                "Recorded at",
                "Reason",
                "Conditions",
            ),
            _decision_rows(evidence),
        ),
        "tables/entries.csv": as_csv(
            (
                "Entry",
                "Place",
                "Happened on",
                "Recorded at",
                "Kind",
                "What",
                "Minutes",
                "Corrects",
                "Reason",
                "By",
                "Approved by",
            ),
            (
                (
                    one.part.entry_id,
                    one.index,
                    one.part.day,
                    one.part.recorded_at,
                    one.kind_words,
                    one.title,
                    one.part.minutes,
                    one.part.corrects,
                    one.reason,
                    one.by,
                    one.approved_by,
                )
                for one in evidence.entries
            ),
        ),
    }


def _names(names: Names) -> dict[str, Any]:
    return {"by": names.by, "rank": names.rank or None, "approved_by": names.approved_by or None}


def _decision_rows(evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    """Yield each decision as it was made, and after it each row that ended it earlier; one that never held has no last day."""
    for one in evidence.rulings:
        who = one.names.by, one.names.rank, one.names.approved_by
        yield one.kind, one.title, one.first, one.granted_to, *who, one.recorded_at, one.reason, one.conditions
        for end in one.ends:
            who = end.names.by, end.names.rank, end.names.approved_by
            yield f"{one.kind}, ended", one.title, one.first, end.last, *who, end.recorded_at, end.reason, ""


def _taught_rows(evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    for one in evidence.taught:
        release = one.release
        head = release.course.code, release.title, release.number, release.released_at, one.enrolment.enrolled_at
        for part in one.steps:
            yield *head, part.step.title, part.step.get_kind_display(), part.done_at, part.step.digest


def _attempt_rows(evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    for one in evidence.attempts:
        state, attempt = one.state, one.attempt
        title = attempt.context_title or attempt.assessment_version.title
        percent = None if state.score is None else state.score // 10_000
        yield (
            attempt.pk,
            title,
            attempt.number,
            attempt.started_at,
            state.closed_at,
            state.marked_at,
            percent,
            state.outcome,
        )


def _answer_rows(evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    for one in evidence.attempts:
        title = one.attempt.context_title or one.attempt.assessment_version.title
        for item in one.items:
            yield (
                one.attempt.pk,
                title,
                item.position,
                item.code,
                item.question,
                item.response,
                item.key,
                item.fraction,
            )


def _currency_rows(evidence: Evidence) -> Iterator[tuple[Cell, ...]]:
    for one in evidence.currency.qualifications:
        yield (
            one.title,
            one.code,
            one.verdict.value,
            one.is_required,
            one.valid_from,
            one.valid_until,
            one.grace_until,
            " ".join(one.reasons),
        )


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
