"""States of CPD, currency, readiness, portfolios and imports for the photographs: made through the product's verbs."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db import transaction

from courses.evidence.building import ask_for_pack, build_pack
from courses.models import Course, Intake, PortfolioItem, PortfolioSample, Recruit, ShiftNote
from courses.nominations import nominate
from cpd_records.activities import log_activity, log_on_days, submit_activity
from cpd_records.activities.briefings import record_briefing
from cpd_records.activities.correcting import ask_for_correction
from cpd_records.activities.planning import plan_learning
from cpd_records.activities.saving import Seen
from cpd_records.activities.templates import Offered, offer_template
from cpd_records.activities.unfinished import keep_unfinished
from cpd_records.activities.verifying import propose_rejection
from cpd_records.evidence_files import CheckedFile
from cpd_records.models import Activity, Qualification, Scheme
from cpd_records.proposals.awards import propose_correction, propose_exemption, propose_void
from cpd_records.proposals.deciding import refuse_proposal
from cpd_records.qualifications.awarding import authorise_award, award_qualification
from cpd_records.qualifications.corrections import correct_award, void_award
from cpd_records.qualifications.standing_awards import all_awards
from cpd_records.sampling.drawing import draw_sample
from cpd_records.schemes.keeping import put_in_force
from cpd_records.schemes.statements import issue_statement
from people import clock
from people.delegations import delegate_unit
from people.importing.files import begin_check, begin_writing, map_columns, take_file, titles_of
from people.importing.kinds import kind_of
from people.importing.working import advance
from people.models import FileImport, Unit, User
from people.postings import create_unit, post_officer
from people.roles import grant_role
from training_site.demonstration.duties import FORMER_SYSTEM
from training_site.demonstration.people import TEAM

DAY = timedelta(days=1)
MANY = 400
HELD = (
    "PPST",
    "FALP",
    "UOF",
    "JRFT",
    "CBRN",
    "JESIP",
    "DP",
    "CCU",
    "ETH",
    "DEI",
    "SS",
    "BWV",
    "DA",
    "SAFE",
    "MH",
    "MISP",
)
# Response officers of team B by their key: trained so many days ago, in everything but one thing.
TRAINED = {
    "name-long": (120, "FALP"),
    "name-ethiopic": (100, "SS"),
    "name-arabic": (320, ""),
    "many": (345, ""),
    "team-lena": (200, ""),
    "team-marek": (90, ""),
    "team-nia": (60, ""),
}
Person = Callable[..., User]


def record_states(now: datetime, person: Person, known: Callable[[str], User]) -> dict[str, str]:
    """Make all of them and return their addresses by name; ``person`` makes somebody who can sign in, ``known`` finds one."""
    return {
        **of_the_team(person, known),
        **of_awards(now, known),
        **of_cpd(now, known),
        **of_schemes(now, known),
        **of_imports(now, known),
        **of_portfolios(known("recruit")),
        **of_training(known),
    }


def of_portfolios(recruit: User) -> dict[str, str]:
    """What the demonstration's past shows: evidence in every state, and a sample of which one judgement is read."""
    items = {item.state: item for item in PortfolioItem.objects.filter(recruit__officer=recruit)}
    sample = PortfolioSample.objects.get()
    unread = sample.members.filter(is_selected=True, reading__isnull=True).earliest("pk")
    of_recruit = f"/intakes/recruits/{items['waiting'].recruit_id}/portfolio/"
    return {
        "portfolio-returned": f"/my/portfolio/{items['returned'].pk}/",
        "portfolio-waiting": f"{of_recruit}{items['waiting'].pk}/",
        "portfolio-judged": f"{of_recruit}{items['sufficient'].pk}/",
        "portfolio-sign-off": f"{of_recruit}sign-off/tutor-phase/",
        "portfolio-sample": f"/portfolios/samples/{sample.pk}/",
        "portfolio-member": f"/portfolios/samples/{sample.pk}/{unread.pk}/",
    }


def of_training(known: Callable[[str], User]) -> dict[str, str]:
    """Where the demonstration's recruit and intake are found."""
    recruit = Recruit.objects.get(officer=known("recruit"))
    intake = Intake.objects.order_by("starts_on").first()
    assert intake is not None
    note = ShiftNote.objects.known().filter(recruit=recruit).latest("written_at")
    page = f"/intakes/recruits/{recruit.pk}/"
    return {"recruit": page, "intake": f"/intakes/{intake.pk}/", "shift-note": f"{page}notes/{note.pk}/"}


def of_the_team(person: Person, known: Callable[[str], User]) -> dict[str, str]:
    """A unit of hundreds, a supervisor without people, a team lent for a leave, and names of every length in team B."""
    since = clock.today() - 30 * DAY
    large = create_unit("large", "Central North response, all teams", parent=None, by=None, valid_from=since)
    grant_role(person("large", "Lakshmi Demo", "Insp L. Demo"), "supervisor", by=None, valid_from=since, unit=large)
    for number in range(1, MANY + 1):
        officer = User.objects.create_user(
            str(700000 + number), f"demo{number}@force.example", f"Officer {number} Demo", None
        )
        post_officer(officer, large, by=None, valid_from=since)
        grant_role(officer, "operational-officer", by=None, valid_from=since)
    empty = create_unit("empty", "Central North reserve", parent=None, by=None, valid_from=since)
    grant_role(person("empty", "Ebo Demo", "Sgt E. Demo"), "supervisor", by=None, valid_from=since, unit=empty)
    today, supervisor = clock.today(), known("supervisor")
    team = Unit.objects.get(code=TEAM)
    for key in ("team-lena", "team-marek", "team-nia"):
        first_name = key.removeprefix("team-").capitalize()
        person(key, f"{first_name} Demo", f"PC {first_name[0]}. Demo")
    for key, (days_ago, without) in TRAINED.items():
        _train(known(key), team, days_ago=days_ago, without=without, by=known("training-admin"))
    first, last = today + 7 * DAY, today + 21 * DAY
    delegate_unit(supervisor, known("assessor"), team, by=supervisor, valid_from=first, valid_until=last)
    officer = known("officer")
    nomination = nominate(
        known("name-ethiopic"),
        Course.objects.get(code="SPEC-110"),
        qualification="SS",
        by=supervisor,
        at=clock.now(),
        reason="The team polices the market from January.",
    )
    page = f"/team/people/{officer.public_id}/"
    past = f"{today - 40 * DAY:%d/%m/%Y}"
    asked = {"on": today - 40 * DAY, "known_at": None, "by": known("auditor"), "at": clock.now()}
    ask_for_pack(officer, purpose="Inquest, reference 2026/114", **asked)
    build_pack(str(ask_for_pack(officer, purpose="Complaint CO/2071", **asked).pk))
    return {
        "nomination": f"/my/nominations/{nomination.pk}/",
        "team-person": page,
        "team-person-past": f"{page}?on={past}&as_known=then",
        "team-name-long": f"/team/people/{known('name-long').public_id}/",
        "team-past": f"/team/?on={past}",
        "team-exception": f"{page}exceptions/grant/JRFT/",
        "evidence": f"/evidence/?who={officer.service_number}&on={past}&as_known=then",
        "evidence-today": f"/evidence/?who={officer.service_number}&on={past}&as_known=now",
        "erasure-preview": f"/evidence/erasures/about/{officer.public_id}/?ground=order",
        "requirements-past": f"/my/record/requirements/?on={past}&as_known=then",
    }


def of_awards(now: datetime, known: Callable[[str], User]) -> dict[str, str]:
    """An award on an administrator's authority with its evidence, put right once, and one that is about to be recorded."""
    officer, magda, today = known("officer"), known("training-admin"), clock.today()
    reached = today - 20 * DAY
    register = CheckedFile("register-of-16-june.pdf", b"%PDF-1.7 Register", ".pdf", "application/pdf")
    entry = authorise_award(
        officer,
        Qualification.objects.get(code="SS"),
        by=magda,
        at=now,
        day=reached,
        reason="I saw the register, and the trainer's signature on it.",
        taught_by="Stop and search team, Learning and Development",
        files=[register],
        minutes=180,
    )
    correct_award(
        officer,
        entry.pk,
        by=magda,
        approved_by=known("admin"),
        reason="The register names the day before.",
        day=reached - DAY,
        minutes=180,
        valid_until=None,
    )
    page = f"/qualifications/people/{officer.public_id}/"
    long_reason = (
        "The register of the driving school names another officer of the same name, and the examiner confirmed by telephone "
        "that this officer was on leave that week; the licence check was done afterwards."
    )
    older = next(one for one in all_awards(officer) if one.code == "DA")
    waits = propose_correction(
        officer,
        older.entry,
        by=known("admin"),
        at=now,
        reason=long_reason,
        day=older.day - DAY,
        minutes=90,
        valid_until=None,
    )
    wrong = next(one for one in all_awards(officer) if one.code == "BWV")
    refused = propose_void(officer, wrong.entry, by=known("admin"), at=now, reason="Recorded for the wrong officer.")
    refuse_proposal(refused, by=magda, at=now, words="The register of that day names this officer.")
    stale = propose_void(
        known("recruit"), all_awards(known("recruit"))[0].entry, by=known("admin"), at=now, reason="A test."
    )
    void_award(
        known("recruit"), UUID(stale.wanted["award"]), by=known("admin"), approved_by=magda, reason="Entered twice."
    )
    mine = propose_exemption(
        known("assessor"), Qualification.objects.get(code="CED"), by=magda, at=now, reason="Does not carry Taser."
    )

    def asked(until: date | None) -> str:
        boxes = {"day": today - 5 * DAY, "until": until}
        typed = {
            f"{name}_{part}": getattr(day, part)
            for name, day in boxes.items()
            if day
            for part in ("day", "month", "year")
        }
        return f"{page}award/?{urlencode({'qualification': 'CED', **typed})}"

    return {
        "qualified-person": page,
        "recorded": f"{page}recorded/",
        "recorded-then": f"{page}recorded/?known_on={today - 30 * DAY:%d/%m/%Y}",
        "proposal": f"/qualifications/proposals/{waits.pk}/",
        "proposal-refused": f"/qualifications/proposals/{refused.pk}/",
        "proposal-stale": f"/qualifications/proposals/{stale.pk}/",
        "proposal-mine": f"/qualifications/proposals/{mine.pk}/",
        "award": f"{page}award/",
        "award-gives": asked(None),
        "award-too-long": asked(today + 500 * DAY),
        "award-correct": f"{page}awards/{entry.pk}/correct/",
        "award-withdraw": f"{page}awards/{entry.pk}/withdraw/",
        "award-void": f"{page}awards/{entry.pk}/void/",
    }


@transaction.atomic
def _train(officer: User, team: Unit, *, days_ago: int, without: str, by: User) -> None:
    today = clock.today()
    post_officer(officer, team, by=None, valid_from=today - 29 * DAY)
    grant_role(officer, "response-officer", by=None, valid_from=today - 29 * DAY)
    for qualification in Qualification.objects.filter(code__in=HELD).exclude(code=without):
        day = today - days_ago * DAY
        award_qualification(officer, qualification, day=day, by=by, basis="imported", details=FORMER_SYSTEM)


def of_cpd(now: datetime, known: Callable[[str], User]) -> dict[str, str]:
    """A plan, templates, something half written, a briefing of the shift, a correction asked for."""
    officer, supervisor, day = known("officer"), known("supervisor"), clock.today()
    plan_learning(
        officer, title="Sit in on two custody reviews", why="Sergeant's board.", due_on=day + 40 * DAY, at=now
    )
    item = plan_learning(officer, title="Interview training, tier 2", why="", due_on=None, at=now)
    for title, kind, minutes in (("Team briefing", "briefing", 20), ("Reading the weekly digest", "reading", 15)):
        offer_template(Offered(title, kind, minutes, None, None, None), by=known("training-admin"))
    typed = {"title": "Searched a garage with the dog unit", "learned": ""}
    keep_unfinished(officer, token=uuid.uuid4(), fields=typed, seen=Seen(None, uuid.uuid4(), 1, by_itself=True), at=now)
    briefing = record_briefing(
        supervisor,
        title="Briefing on the new stop and search form",
        kind="briefing",
        day=day,
        minutes=20,
        about="Where the grounds go, and what the receipt says.",
        officers=[officer, known("recruit")],
        at=now,
        unit=Unit.objects.get(code=TEAM),
    )
    verified = Activity.objects.get(officer=officer, title="Reading: keeping a decision log")
    correction = ask_for_correction(
        verified,
        by=officer,
        at=now,
        title=verified.title,
        kind=verified.kind,
        day=verified.day,
        minutes=20,
        learned=verified.learned,
        reason="It took 20 minutes, not 30.",
    )
    rejected = _handed_in(officer, supervisor, "Watched a programme about traffic", now)
    propose_rejection(rejected, by=supervisor, second=known("assessor"), reason="It taught nothing of the job.", at=now)
    token = uuid.uuid4()
    log_on_days(
        officer,
        title="Control and restraint practice",
        kind="briefing",
        days=[(day - 4 * DAY, 30), (day - 3 * DAY, 30)],
        learned="I ask a colleague to watch my balance.",
        client_token=token,
        at=now,
    )
    return {
        "cpd-second": f"/team/cpd/{rejected.pk}/",
        "cpd-series": f"/cpd/series/{token}/",
        "cpd-plan-item": f"/cpd/plan/{item.pk}/",
        "cpd-correct": f"/cpd/{Activity.objects.get(officer=officer, title='Team talk after a missing person search').pk}/correct/",
        "cpd-correction": f"/team/cpd/corrections/{correction.pk}/",
        "cpd-briefing": f"/cpd/briefings/{briefing.pk}/",
        "cpd-briefing-recorded": f"/team/briefings/{briefing.pk}/",
    }


def _handed_in(officer: User, verifier: User, title: str, now: datetime) -> Activity:
    made = log_activity(
        officer,
        title=title,
        kind="reading",
        day=clock.today() - 6 * DAY,
        minutes=50,
        learned="Which signs are new.",
        client_token=uuid.uuid4(),
        at=now,
    )
    return submit_activity(made, by=officer, verifier=verifier, at=now)


def of_schemes(now: datetime, known: Callable[[str], User]) -> dict[str, str]:
    """A local target for team B, one like a regulator's, a statement, and a sample of those under the first."""
    officer, today = known("officer"), clock.today()
    team = Unit.objects.get(code=TEAM)
    since = date(today.year - 1, 1, 1)
    for code in ("local-development-target", "like-sra"):
        scheme = Scheme.objects.get(code=code)
        put_in_force(scheme, by=None, valid_from=since, unit=team, reason="Shown to the team")
    statement = issue_statement(officer, starts_on=since, ends_on=today, by=officer, at=now)
    sample = draw_sample(
        scheme=Scheme.objects.get(code="local-development-target"),
        starts_on=today - 60 * DAY,
        ends_on=today - DAY,
        seed="National lottery of 21 November 2026: 4 17 23 31 40 44",
        share=500,
        least_months=0,
        asked="Be ready to talk about one activity and what changed in your work.",
        answer_by=today + 30 * DAY,
        by=known("training-admin"),
        at=now,
    )
    members = list(sample.members.order_by("pk"))
    member = {"cpd-sample-member": f"/cpd/samples/{sample.pk}/{members[0].pk}/"} if members else {}
    return {"cpd-statement": statement.get_absolute_url(), "cpd-sample": f"/cpd/samples/{sample.pk}/", **member}


PAST_RECORDS = """Who;Learned;Held on;Dur;Says
900102;PPST;12/03/2024;12;Instructor list
900102;Evidence gathering at scenes;29/02/2024;6;Instructor list
900101;JESIP;31/02/2024;3;Instructor list
900999;DP;1 March 2024;1;
900102;=HYPERLINK("x");04/03/2024;2;Instructor list
"""


def of_imports(now: datetime, known: Callable[[str], User]) -> dict[str, str]:
    """A list whose columns wait to be named, one that was checked, and one that was written."""
    magda = known("training-admin")

    def taken(name: str) -> FileImport:
        options = {"source": "the former training system", "asserted_by": "Learning and Development"}
        file = io.BytesIO(PAST_RECORDS.encode("cp1252"))
        return take_file(kind_of("records"), file, name=name, options=options, by=magda, at=now, on=clock.today())

    waiting = taken("records-2024.csv")
    names = ("service_number", "qualification", "day", "hours", "asserted_by")
    runs = []
    for name in ("records-checked.csv", "records-done.csv"):
        run = taken(name)
        run = map_columns(run, dict(zip(titles_of(run).keys, names, strict=True)), by=magda, at=now)
        advance(begin_check(run, by=magda), seconds=None)
        run.refresh_from_db()
        runs.append(run)
    advance(begin_writing(runs[1], all_or_nothing=False, by=magda, at=now), seconds=None)
    return {
        "import-columns": f"/imports/{waiting.pk}/",
        "import-checked": f"/imports/{runs[0].pk}/",
        "import-done": f"/imports/{runs[1].pk}/",
    }
