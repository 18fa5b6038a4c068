"""Addresses of learning. The catalogue stands before Wagtail's own pages, which keep the same addresses."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from courses.portfolio import views as portfolio
from courses.portfolio import views_judging as judging
from courses.portfolio import views_quality as quality
from courses.views import (
    assessment,
    catalogue,
    confirmations,
    course,
    evidence,
    files,
    intakes,
    lesson,
    parades,
    practice,
    programme_reports,
    trainers,
    tutoring,
)

app_name = "courses"


def as_files(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """Return the addresses of a page's table as CSV and as XLSX; ``view`` is told the ``kind``."""
    kinds: list[dict[str, Any]] = [{"kind": "csv"}, {"kind": "xlsx"}]
    return [path(f"{route}.{one['kind']}", view, one, name=f"{name}-{one['kind']}") for one in kinds]


urlpatterns = [
    path("evidence/packs/", evidence.packs, name="evidence-packs"),
    path("evidence/packs/build/", evidence.build, name="build-evidence-pack"),
    path("evidence/packs/<uuid:pack_id>.zip", evidence.pack_file, name="evidence-pack"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/new/", intakes.new_intake, name="new-intake"),
    path("intakes/report/", programme_reports.overview, name="intakes-report"),
    *as_files("intakes/report", programme_reports.overview_file, "intakes-report"),
    path("intakes/counts/", programme_reports.counts, name="public-counts"),
    *as_files("intakes/counts", programme_reports.counts_file, "public-counts"),
    path("intakes/parades/", parades.parades, name="parades"),
    path("intakes/parades/new/", parades.new_parade, name="new-parade"),
    path("intakes/parades/<uuid:parade_id>/", parades.parade, name="parade"),
    path("intakes/parades/<uuid:parade_id>/without/", parades.without, name="parade-without"),
    path("intakes/parades/<uuid:parade_id>/anew/", parades.anew, name="parade-anew"),
    path("intakes/parades/<uuid:parade_id>/file/", parades.parade_file, name="parade-file"),
    path("intakes/<int:intake_id>/", intakes.intake, name="intake"),
    *as_files("intakes/<int:intake_id>/board", programme_reports.board_file, "intake-board"),
    path("intakes/<int:intake_id>/report/", programme_reports.report, name="intake-report"),
    *as_files("intakes/<int:intake_id>/report", programme_reports.report_file, "intake-report"),
    path("intakes/<int:intake_id>/enrol/", intakes.enrol_recruits, name="enrol-recruits"),
    path("intakes/<int:intake_id>/trainers/", trainers.trainers, name="intake-trainers"),
    path("intakes/<int:intake_id>/trainers/as-known/", trainers.as_known, name="intake-trainers-as-known"),
    path("intakes/<int:intake_id>/trainers/<int:number>/end/", trainers.end, name="end-trainer"),
    path("intakes/recruits/<uuid:recruit_id>/", intakes.recruit, name="recruit"),
    path("intakes/recruits/<uuid:recruit_id>/as-known/", intakes.recruit_as_known, name="recruit-as-known"),
    path("intakes/recruits/<uuid:recruit_id>/decide/<slug:key>/", intakes.decide, name="decide"),
    path("intakes/recruits/<uuid:recruit_id>/record/<slug:slug>/", intakes.record, name="keep-record"),
    path("intakes/recruits/<uuid:recruit_id>/portfolio/", judging.portfolio, name="portfolio"),
    path("intakes/recruits/<uuid:recruit_id>/portfolio/<uuid:item_id>/", judging.item, name="portfolio-item"),
    path("intakes/recruits/<uuid:recruit_id>/portfolio/sign-off/<slug:phase>/", judging.sign, name="portfolio-sign"),
    path("portfolios/", judging.portfolios, name="portfolios"),
    path("portfolios/samples/", quality.samples, name="portfolio-samples"),
    path("portfolios/samples/draw/", quality.draw, name="portfolio-draw"),
    path("portfolios/samples/<uuid:sample_id>/", quality.sample, name="portfolio-sample"),
    path("portfolios/samples/<uuid:sample_id>/<int:member_id>/", quality.member, name="portfolio-member"),
    path("portfolios/files/<uuid:item_id>/<uuid:file_id>/", portfolio.file, name="portfolio-file"),
    path("intakes/recruits/<uuid:recruit_id>/tutor/", tutoring.pair, name="pair-tutor"),
    path("intakes/recruits/<uuid:recruit_id>/tutor/<int:number>/end/", tutoring.end, name="end-pairing"),
    path("intakes/recruits/<uuid:recruit_id>/notes/", tutoring.notes, name="shift-notes"),
    path("intakes/recruits/<uuid:recruit_id>/notes/new/", tutoring.write_note, name="write-shift-note"),
    path("intakes/recruits/<uuid:recruit_id>/notes/<uuid:note_id>/", tutoring.correct_note, name="correct-shift-note"),
    path(
        "intakes/recruits/<uuid:recruit_id>/notes/<uuid:note_id>/withdraw/",
        tutoring.withdraw_note,
        name="withdraw-shift-note",
    ),
    path("intakes/<int:intake_id>/week/", tutoring.intake_week, name="intake-week"),
    path("team/recruits/", tutoring.team_week, name="team-recruits"),
    path("my/practice/", practice.practice, name="practice"),
    path("my/path/", intakes.my_path, name="my-path"),
    path("my/portfolio/", portfolio.my_portfolio, name="my-portfolio"),
    path("my/portfolio/add/<slug:phase>/", portfolio.add, name="portfolio-add"),
    path("my/portfolio/<uuid:item_id>/", portfolio.my_item, name="my-portfolio-item"),
    path("my/portfolio/<uuid:item_id>/again/", portfolio.again, name="portfolio-again"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:slug>/", catalogue.family_or_course, name="course"),
    path("catalogue/<slug:slug>/enrol/", course.enrol_here, name="enrol"),
    path("catalogue/<slug:slug>/leave/", course.leave_course, name="leave"),
    path("catalogue/<slug:slug>/newer-release/", course.start_newer_release, name="retake"),
    path("catalogue/<slug:slug>/read-changes/<int:number>/", course.acknowledge, name="acknowledge"),
    path("learn/files/<str:digest>/<str:name>", files.lesson_file, name="file"),
    path("learn/confirm/<uuid:enrolment>/", confirmations.confirm, name="confirm"),
    path("learn/<slug:slug>/", lesson.learn, name="learn"),
    path("learn/<slug:slug>/<slug:step_slug>/", lesson.step_page, name="step"),
    path("learn/<slug:slug>/<slug:step_slug>/result/<uuid:attempt>/", assessment.attempt_result, name="result"),
    path(
        "learn/<slug:slug>/<slug:step_slug>/result/<uuid:attempt>/next-attempt.ics",
        assessment.next_attempt,
        name="next_attempt",
    ),
]
