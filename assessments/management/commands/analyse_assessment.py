"""``manage.py analyse_assessment ID``: how an assessment and its questions performed, the worst first."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.analysis.counted_attempts import Policy
from assessments.analysis.figures import in_words, percent
from assessments.analysis.finding import assessment_named
from assessments.analysis.readings import few_candidates, reading_of_alpha
from assessments.analysis.reports import Analysis, analyse_assessment, analysis_as_json


class Command(BaseCommand):
    help = (
        "Say how an assessment and its questions performed, from one attempt of each candidate; voided attempts do not "
        "count, and a question taken out of an attempt counts neither way. Exit status 0: done; 1: there is no such "
        "assessment or version; 2: bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", metavar="ID", help="the assessment's code or UUID")
        parser.add_argument(
            "--policy", choices=[*Policy.values], default=Policy.FIRST.value, help="which attempt of a candidate counts"
        )
        # --version is Django's own.
        parser.add_argument(
            "--release", type=int, metavar="NUMBER", help="one version of the assessment's rules; else all together"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, assessment: str, policy: str, release: int | None, **options: Any) -> None:
        found = assessment_named(assessment)
        if found is None:
            raise CommandError(f"No assessment has the code or id '{assessment}'.", returncode=1)
        if release is not None and not found.versions.filter(number=release).exists():
            raise CommandError(f"{found.code} has no version {release}.", returncode=1)
        analysis = analyse_assessment(found, policy=Policy(policy), version=release)
        if options["json"]:
            self.stdout.write(json.dumps(analysis_as_json(found, analysis), ensure_ascii=False))
        else:
            self._tell(found.code, analysis)

    def _tell(self, code: str, analysis: Analysis) -> None:
        figures = analysis.figures
        which = "all versions" if analysis.version is None else f"version {analysis.version}"
        self.stdout.write(f"{code}, {which}, {analysis.policy.label}: {figures.candidates} candidates.")
        if warning := few_candidates(figures.candidates):
            self.stdout.write(warning)
        self.stdout.write(
            f"Passed: {percent(analysis.pass_rate)}. Mean: {in_words(figures.mean, 1)} of {analysis.full}."
        )
        self.stdout.write(f"Alpha: {in_words(figures.alpha)}. {reading_of_alpha(figures.alpha)}")
        for one in analysis.questions:
            self.stdout.write(
                f"\n{one.figures.name}: {percent(one.figures.facility)} right, "
                f"discrimination {in_words(one.figures.discrimination)}."
            )
            if one.advice.is_needed:
                self.stdout.write(f"  {one.advice.sentence}")
