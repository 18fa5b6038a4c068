"""What the world needs to be asked about portfolios: evidence that waits, was returned and is judged, a sample; and what is posted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import ProgrammeRelease, Recruit
from courses.portfolio.files import keep_files
from courses.portfolio.handing_in import Evidence, hand_in
from courses.portfolio.judging import Marks, judge_item
from courses.portfolio.quality import draw_judgements
from courses.portfolio.refusals import phase_of
from courses.portfolio.signing_off import digest_of_portfolio, judged_items
from courses.programmes.releasing import release_programme
from cpd_records.evidence_files import checked_file
from people import clock
from tests import factories
from tests.courses.portfolio.acts import HOLDS, plan

if TYPE_CHECKING:
    from tests.permissions.asking import World

RETURNED = Marks(valid=True, authentic=True, up_to_date=True, sufficient=False)


def with_portfolios() -> ProgrammeRelease:
    """Return a programme of two phases with a portfolio: one that is under way, and one that can be signed off."""
    data = plan(records=[{"slug": "report", "title": "Tutor’s report"}])
    data["phases"][2]["portfolio"] = [{"slug": "reflection", "title": "Reflective piece"}]
    return release_programme("WORLD", data, by=None, at=clock.now())


def with_a_portfolio(made: World, photo: bytes) -> None:
    """The owner's evidence: one piece waits, one was returned, one is judged and can be signed off."""
    recruit, now = Recruit.objects.get(pk=made.places["recruit"]), clock.now()
    judge = made.people["Another assessor"] = factories.person("Another assessor", "assessor")
    token = uuid4()
    upload = checked_file(SimpleUploadedFile("notebook.png", photo, "image/png"))
    (file,) = keep_files(recruit, "tutor", token, [upload], by=recruit.officer, at=now)
    said = Evidence(("searching",), "A search", "I explained the grounds.", clock.today(), "Peckham", files=(file.pk,))
    waiting = hand_in(recruit, "tutor", said, token=token, by=recruit.officer, at=now)
    plain = Evidence(("searching",), "Another search", "I explained the grounds.", clock.today(), "Peckham")
    returned = hand_in(recruit, "tutor", plain, token=uuid4(), by=recruit.officer, at=now)
    judge_item(returned, RETURNED, reason="Say what you told them.", seen=(1, 0), by=judge, at=now)
    piece = Evidence(("reflection",), "What I learned", "I ask before I act.", clock.today(), "Peckham")
    done = hand_in(recruit, "confirmation", piece, token=uuid4(), by=recruit.officer, at=now)
    judge_item(done, HOLDS, reason="", seen=(1, 0), by=judge, at=now)
    sample = draw_judgements(
        starts_on=clock.today() - timedelta(days=7),
        ends_on=clock.today(),
        seed="7 7 7",
        share=1000,
        least=1,
        by=made.people["IQA"],
        at=now,
    )
    made.places |= {
        "item": str(waiting.pk),
        "item file": str(file.pk),
        "returned item": str(returned.pk),
        "portfolio sample": str(sample.pk),
        "sampled": str(sample.members.earliest("pk").pk),
    }


def _day(name: str) -> dict[str, str]:
    today = clock.today()
    return {f"{name}_{part}": str(getattr(today, part)) for part in ("day", "month", "year")}


def some_evidence(world: World) -> dict[str, Any]:
    said = {"title": "A search", "words": "I explained the grounds.", "headings": ["searching"], "place": "Peckham"}
    return {**said, **_day("happened_on"), "reference": "", "witness": "", "token": str(uuid4())}


def evidence_anew(world: World) -> dict[str, Any]:
    return {**some_evidence(world), "seen": "1"}


def a_judgement(world: World) -> dict[str, Any]:
    return {"marks": ["valid"], "reason": "Say what you told them.", "version": "1", "judged": "0"}


def a_sign_off(world: World) -> dict[str, Any]:
    recruit = Recruit.objects.get(pk=world.places["recruit"])
    seen = digest_of_portfolio(judged_items(recruit, phase_of(recruit, "confirmation")))
    return {"words": "Seen on ten shifts.", "seen": seen}


def a_draw(world: World) -> dict[str, Any]:
    return {**_day("starts_on"), **_day("ends_on"), "share": "10", "least": "1", "seed": "another"}
