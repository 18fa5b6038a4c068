"""What is posted for each row of the matrix that acts, by the words in its column 'What'.

Whoever may act gets what a page of ours would send; what is refused is refused with the same data.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from assessments.bank import submit_for_review
from assessments.models import Question
from courses import reviews
from courses.models import LawMark, ReviewList
from cpd_records import activities
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, Certificate, EntryKind, PlanItem
from people import clock
from people.importing.files import begin_check
from people.importing.working import advance
from people.models import FileImport, User
from tests.cpd_records.certificate_acts import stored_bytes
from tests.cpd_records.currency.acts import award
from tests.permissions import (
    adjustments,
    certificate_templates,
    evidence_packs,
    marks,
    parades,
    portfolios,
    qualifications,
    recruits,
    rooms,
    schemes,
    team,
)
from tests.permissions.asking import World
from tests.permissions.world import png

Data = Callable[[World], Any]


@dataclass(frozen=True)
class Act:
    """What is sent; ``before`` makes what the row needs to be there; ``more`` are arguments of the test client."""

    data: Data = lambda world: {}
    before: Callable[[World], Any] | None = None
    more: dict[str, Any] = field(default_factory=dict)


def _yesterday() -> dict[str, int]:
    day = clock.today() - timedelta(days=1)
    return {"day_day": day.day, "day_month": day.month, "day_year": day.year}


def _activity(world: World) -> dict[str, Any]:
    answers = {"title": "A search", "kind": "briefing", "learned": "Ask first.", "length_hours": "1"}
    return {**answers, **_yesterday(), "client_token": str(uuid4())}


def _change(world: World) -> dict[str, Any]:
    return {**_activity(world), "seen_at": _of(world, "draft").changed_at.isoformat()}


def _something_of_everybody(world: World) -> None:
    """Whoever asks finished a course: of nothing there is no training record."""
    for person in world.people.values():
        with transaction.atomic():
            append_entry(
                kind=EntryKind.COMPLETION,
                officer=person.public_id,
                day=clock.today(),
                subject="SPEC-110",
                payload={"title": "Stop and search"},
            )


def _another_name(world: World) -> None:
    User.objects.filter(pk=world.people["Owner"].pk).update(name="Another Name")


def _an_award_of_everybody(world: World) -> None:
    for person in world.people.values():
        award(person, "FALP", clock.today(), basis="authorised")


def _of(world: World, place: str) -> Activity:
    return Activity.objects.get(pk=world.places[place])


def _planned(world: World) -> dict[str, Any]:
    item = PlanItem.objects.get(pk=world.places["plan item"])
    return {"title": "Learn to interview children", "why": "", "seen_at": item.changed_at.isoformat()}


def _correction(world: World) -> dict[str, Any]:
    answers = {"title": "A search", "kind": "briefing", "learned": "Ask first.", "length_minutes": "20"}
    return {**answers, **_yesterday(), "reason": "It was 20 minutes."}


def _briefing(world: World) -> dict[str, Any]:
    answers = {
        "title": "Briefing",
        "kind": "briefing",
        "about": "What changed.",
        "length_minutes": "20",
        "unit": "team",
    }
    named = {"officers": [str(world.people["Owner"].public_id)], "client_token": str(uuid4())}
    return {**answers, **_yesterday(), **named}


def _reflected(world: World) -> None:
    activities.write_reflection(
        _of(world, "draft"),
        by=world.people["Owner"],
        at=clock.now(),
        seen=activities.Seen(None),
        reflection="Say it sooner.",
        helps="",
        competencies=[],
    )


def _subject_review_passed(world: World) -> None:
    shown = ReviewList.objects.get(pk=world.places["list"])
    reviews.pass_review(shown, by=world.people["Another reviewer"], at=clock.now())


def _submission_withdrawn(world: World) -> None:
    shown = ReviewList.objects.get(pk=world.places["list"])
    reviews.withdraw_submission(shown, by=world.people["Author"], at=clock.now())


def _picture(world: World) -> dict[str, Any]:
    upload = SimpleUploadedFile("new.png", png("green"), "image/png")
    return {"title": "New", "file": upload, "collection": world.places["collection"]}


def _person(world: World, **more: Any) -> dict[str, Any]:
    return {"service_number": "777001", "email": "new@force.example", "name": "New Person", "short_name": "", **more}


def _closed(world: World) -> dict[str, Any]:
    person = world.people["Officer"]
    return {"service_number": person.service_number, "email": person.email, "name": person.name}


def _grant(world: World) -> dict[str, Any]:
    return {
        "form": "role",
        "role-role": "trainer",
        "role-family": "ethics",
        "role-valid_from": clock.today().isoformat(),
        "role-reason": "New post",
    }


def _question_submitted(world: World) -> None:
    version = Question.objects.get(pk=world.places["question"]).versions.get()
    submit_for_review(version, by=world.people["Author"], at=clock.now())


def _list(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.csv", content.encode(), "text/csv")


def _import_checked(world: World) -> None:
    run = FileImport.objects.get(pk=world.places["import"])
    advance(begin_check(run, by=run.by), seconds=None)


QUESTION = {
    "seen": "0",
    "do": "save",
    "outcome": "LO1",
    "difficulty": "easy",
    "stem": "Silence is consent, always.",
    "answer": "false",
    "right": "Right.",
    "wrong": "It is not.",
}
RULES = {
    "seen": "0",
    "do": "save-anyway",
    "title": "Final test",
    "minutes": "40",
    "pass_percent": "80",
    "attempts": "3",
    "wait_hours": "24",
    "feedback": "after_submit",
    "results": "at_once",
    "query_days": "10",
    "draw-TOTAL_FORMS": "1",
    "draw-INITIAL_FORMS": "0",
    "draw-0-outcome": "LO1",
    "draw-0-count": "2",
}

ACTS: dict[str, Act] = {
    "check a code": Act(lambda world: {"code": world.places["code"]}),
    "take the badge": Act(lambda world: {"shows": "least"}),
    "check a file": Act(
        lambda world: {
            "file": SimpleUploadedFile("a.pdf", stored_bytes(Certificate.objects.get(pk=world.places["certificate"])))
        }
    ),
    "sign in": Act(lambda world: {"login": "nobody@force.example", "password": "wrong"}),
    "sign up: closed": Act(lambda world: {"email": "new@force.example", "password1": "a long enough password"}),
    "ask for a link": Act(lambda world: {"email": "nobody@force.example"}),
    "change one's password": Act(
        lambda world: {
            "oldpassword": "a long enough password",
            "password1": "another-long-one-9",
            "password2": "another-long-one-9",
        }
    ),
    "give the password once more": Act(lambda world: {"password": "a long enough password"}),
    "say that one has read what changed": Act(),
    "finish a lesson": Act(lambda world: {"do": "next"}),
    "keep an answer": Act(
        lambda world: {"position": "1", "turn": "1", "device": "tab", "sequence": "99", "answer": "a", "go": "next"}
    ),
    "keep an answer, by the page's script": Act(
        lambda world: json.dumps({"position": 1, "response": "a", "device": "tab", "sequence": 99}),
        more={"content_type": "application/json"},
    ),
    "practise what is due": Act(lambda world: {"what": "due"}),
    "answer in practice": Act(lambda world: {"answer": "true"}),
    "log an activity": Act(_activity),
    "change it": Act(_change),
    "write it": Act(lambda world: {"reflection": "Say it sooner.", "seen_at": ""}),
    "hand it in": Act(lambda world: {"verifier": str(world.people["Supervisor"].public_id)}),
    "share the reflection": Act(before=_reflected),
    "return": Act(lambda world: {"reason": "Write what you learned."}),
    "propose to reject": Act(
        lambda world: {
            "reason": "It is not learning.",
            "verifier": "somebody-else",
            "other_verifier": world.people["Assessor"].email,
        }
    ),
    "plan something": Act(lambda world: {"title": "Learn to interview", "why": "", "client_token": str(uuid4())}),
    "change what is planned": Act(_planned),
    "mark what is planned as done": Act(lambda world: {"state": "done"}),
    "ask for a correction": Act(_correction),
    "decide on a correction": Act(lambda world: {"do": "decline", "decision": "It was 30 minutes."}),
    "record a briefing": Act(_briefing),
    "offer a template to everybody": Act(
        lambda world: {"title": "A talk", "kind": "briefing", "length_minutes": "20", "is_active": "on"}
    ),
    "change a template of the force": Act(
        lambda world: {"title": "A talk", "kind": "briefing", "length_minutes": "20"}
    ),
    "add a competency": Act(lambda world: {"code": "new", "title": "We are new", "is_active": "on", "order": "9"}),
    "reword a competency": Act(lambda world: {"title": "We think", "is_active": "on", "order": "1"}),
    "submit a course": Act(lambda world: {"note": "A paragraph more.", "demand": ""}, before=_submission_withdrawn),
    "pass the subject review": Act(lambda world: {"do": "pass", "comment": ""}),
    "approve a list that passed the subject review": Act(
        lambda world: {"do": "approve", "comment": ""}, before=_subject_review_passed
    ),
    "send a list back": Act(lambda world: {"do": "send-back", "comment": "Say when."}),
    "withdraw a submission": Act(lambda world: {"do": "withdraw", "comment": ""}),
    "withdraw a course": Act(lambda world: {"do": "withdraw", "reason": "The law changed."}),
    "record a review": Act(lambda world: {"reviewed_on": clock.today().isoformat()}),
    "write a question": Act(lambda world: QUESTION),
    "write a new version of a question": Act(lambda world: {**QUESTION, "seen": "1"}),
    "submit a question": Act(lambda world: {"do": "submit", "reason": ""}),
    "approve a question": Act(lambda world: {"do": "approve", "reason": ""}, before=_question_submitted),
    "send a question back": Act(lambda world: {"do": "return", "reason": "Say when."}, before=_question_submitted),
    "retire a question": Act(lambda world: {"do": "retire", "reason": "The law changed."}),
    "hand in questions": Act(
        lambda world: {
            "file": SimpleUploadedFile("more.txt", b"::More:: Is it so? {T}"),
            "new_bank": "ETH-900",
            "new_family": "ethics",
        }
    ),
    "import questions": Act(lambda world: {"do": "import"}),
    "name a topic": Act(lambda world: {"path": "Custody/Rights"}),
    "rename a topic": Act(lambda world: {"do": "rename", "title": "In custody", "below": "", "into": ""}),
    "write a reference": Act(lambda world: {"code": "pace-s2", "act": "PACE 1984", "provision": "section 2"}),
    "correct a reference": Act(lambda world: {"code": "pace-s1", "act": "PACE 1984", "provision": "section 1(2)"}),
    "mark what cites a section": Act(
        lambda world: {
            "act": "Police and Criminal Evidence Act 1984",
            "provision": "section 1",
            "what": "The search of vehicles changed.",
            "chosen": f"question:{world.places['question']}",
        }
    ),
    "mark as checked": Act(lambda world: {"mark": str(LawMark.objects.get().pk)}),
    "query a question": Act(lambda world: {"words": "Both could be right."}),
    "answer a query": Act(lambda world: {"words": "Only one is.", "decision": ""}),
    "propose a decision on a question": Act(marks.a_proposal),
    "check the law of a decision": Act(marks.a_check),
    "confirm a decision on a question": Act(marks.a_confirmation, before=marks.law_checked),
    "withdraw a decision on a question": Act(lambda world: {"do": "withdraw", "words": "A mistake."}),
    "begin standard setting": Act(marks.an_exercise),
    "ask a judge": Act(marks.a_judge),
    "rate as a judge": Act(lambda world: {"rating-1": "60"}),
    "find whose adjustments": Act(adjustments.whom),
    "grant adjustments": Act(adjustments.some),
    "correct adjustments": Act(adjustments.others),
    "end adjustments": Act(adjustments.an_end),
    "open a room": Act(rooms.a_room),
    "say who is in a room": Act(rooms.a_list),
    "stop everybody’s clock": Act(rooms.a_stop),
    "add time for one": Act(rooms.more_time),
    "write down an incident": Act(lambda world: {"about": "", "words": "A telephone rang."}),
    "write an assessment": Act(lambda world: RULES),
    "write new rules of an assessment": Act(lambda world: {**RULES, "seen": "1"}),
    "add a person": Act(lambda world: _person(world, is_active="on")),
    "copy a person": Act(lambda world: _person(world, is_active="on")),
    "close an account": Act(_closed),
    "grant a role": Act(_grant),
    "set who may see a page": Act(lambda world: {"restriction_type": "none"}),
    "add a picture": Act(_picture),
    "add a picture while choosing": Act(
        lambda world: {f"image-chooser-upload-{name}": value for name, value in _picture(world).items()}
    ),
    "copy a course": Act(
        lambda world: {"new_title": "Copy", "new_slug": "copy", "new_parent_page": world.places["family page"]}
    ),
    "hand in past records": Act(
        lambda world: {"file": _list("service number,title,day\n1,A course,2020-01-01\n"), "source": "Old system"}
    ),
    "hand in people": Act(lambda world: {"file": _list("service number,email,name\n1,a@force.example,A\n")}),
    "say what the columns mean": Act(
        lambda world: {"column-0": "service_number", "column-1": "title", "column-2": "day"}
    ),
    "start an import": Act(lambda world: {"choice": "good-lines"}, before=_import_checked),
    "declare for a period": Act(schemes.declaration),
    "draw a sample": Act(schemes.a_draw),
    "record what an assessor found": Act(lambda world: {"outcome": "accepted", "words": ""}),
    "find a person": Act(lambda world: {"person": world.people["Owner"].email}),
    "award a qualification": Act(qualifications.an_award),
    "propose to correct an award": Act(qualifications.a_correction),
    "propose to correct an imported record": Act(qualifications.a_correction_of_an_import),
    "propose to take an award back": Act(qualifications.a_withdrawal),
    "propose to declare an award never true": Act(lambda world: {"reason": "It was somebody else's."}),
    "propose to declare an imported record never true": Act(lambda world: {"reason": "It was somebody else's."}),
    "propose to correct a completed course": Act(qualifications.a_correction_of_a_course),
    "propose to declare a course never completed": Act(lambda world: {"reason": "Somebody else sat the test."}),
    "propose to correct verified CPD": Act(qualifications.a_correction_of_cpd),
    "propose to declare verified CPD never true": Act(lambda world: {"reason": "They were not there."}),
    "suspend a certificate": Act(lambda world: {"reason": "It is being looked into."}),
    "propose to put a certificate right": Act(
        lambda world: {"title": "Put right", "release": "Release 1", "reason": "The title was misprinted."}
    ),
    "propose to lift a suspension": Act(
        lambda world: {"reason": "Nothing was found."}, before=qualifications.a_suspension
    ),
    "propose to exempt somebody": Act(qualifications.a_ruling),
    "propose the end of an exemption": Act(qualifications.an_end),
    "propose to withdraw a certificate": Act(lambda world: {"reason": "Sat by another.", "public_reason": "other"}),
    "approve a change of a record": Act(lambda world: {"do": "approve", "words": "I saw the register."}),
    "restrict somebody": Act(qualifications.a_ruling),
    "record an absence": Act(qualifications.an_absence),
    "put certificates together": Act(parades.a_parade),
    "write a certificate template": Act(certificate_templates.a_template),
    "write the next version of a template": Act(certificate_templates.a_version),
    "write a qualification": Act(qualifications.a_new_one),
    "change a rule": Act(qualifications.a_rule),
    "add a need": Act(
        lambda world: {"need-needed": "DP", "need-valid_from": clock.today().isoformat(), "need-reason": ""}
    ),
    "end a need": Act(qualifications.the_end),
    "ask it of some": Act(qualifications.a_requirement),
    "end a requirement": Act(qualifications.the_end),
    "have my training record issued": Act(before=_something_of_everybody),
    "have a statement issued": Act(schemes.a_statement, before=_something_of_everybody),
    "have the certificate of a qualification issued": Act(
        lambda world: {"qualification": "FALP"}, before=_an_award_of_everybody
    ),
    "have a certificate issued again under my present name": Act(before=_another_name),
    "place a legal hold": Act(evidence_packs.a_hold),
    "lift a legal hold": Act(lambda world: {"reason": "The inquest is closed"}),
    "have everything held on me put together": Act(),
    "take along what is kept under a hold": Act(lambda world: {"purpose": "Disclosure to the coroner"}),
    "have everything held on a leaver put together": Act(lambda world: {"purpose": "Their request"}),
    "name whose records": Act(lambda world: {"who": world.people["Officer"].service_number}),
    "ask for an erasure": Act(evidence_packs.an_erasure),
    "ask for the disposal of several": Act(evidence_packs.disposal),
    "decide about several erasures": Act(evidence_packs.decisions),
    "decide about an erasure": Act(evidence_packs.a_decision),
    "ask for an evidence pack": Act(evidence_packs.a_pack),
    "open an intake": Act(recruits.an_intake),
    "enrol recruits": Act(recruits.a_list),
    "add a trainer": Act(recruits.a_trainer),
    "record a trainer’s last day": Act(recruits.the_end_of_a_trainer),
    "open a plan of action": Act(recruits.a_decision),
    "pause training": Act(recruits.a_decision),
    "keep a record of a recruit": Act(recruits.a_record),
    "judge a piece of evidence": Act(portfolios.a_judgement),
    "sign off a portfolio": Act(portfolios.a_sign_off),
    "draw a sample of judgements": Act(portfolios.a_draw),
    "say whether one agrees": Act(lambda world: {"outcome": "agreed", "words": ""}),
    "hand in evidence": Act(portfolios.some_evidence),
    "hand in evidence anew": Act(portfolios.evidence_anew),
    "pair with a tutor": Act(recruits.a_pairing),
    "let a pairing end sooner": Act(recruits.the_end_of_a_pairing),
    "write about a shift": Act(recruits.a_note),
    "correct a note": Act(recruits.a_corrected_note),
    "withdraw a note": Act(recruits.a_withdrawn_note),
    "lend a team": Act(team.a_loan),
    "take a team back": Act(),
    "grant an exception": Act(team.an_exception),
    "end an exception": Act(),
    "remind somebody": Act(),
    "nominate somebody": Act(),
    "withdraw a nomination": Act(),
    "decline a nomination": Act(lambda world: {"reason": "On leave until March."}),
    "say how one is reminded": Act(lambda world: {"by_mail": "on", "own_days": ["30"]}),
    "put a scheme in force": Act(schemes.put_in_force_for_all),
    "end a scheme for some": Act(schemes.the_end),
    "change a scheme's rules": Act(schemes.rules),
    "write a scheme": Act(schemes.new_scheme),
    "write a programme": Act(recruits.a_programme),
    "bring out a release of a programme": Act(recruits.a_programme),
    "withdraw a release of a programme": Act(recruits.a_withdrawal),
    "change them": Act(lambda world: {"force_name": "Fictional Constabulary"}),
}
NOTHING = Act()


def act_for(what: str) -> Act:
    return ACTS.get(what, NOTHING)
