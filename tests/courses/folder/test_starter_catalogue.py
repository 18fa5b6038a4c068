"""The courses shipped with the product: all five go in by the command, and come out byte for byte as they lie in their folders."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from courses.folder.canonical import differences
from courses.folder.digests import files_on_disk
from courses.management.commands.load_catalogue import STARTER_CATALOGUE
from courses.models import CoursePage, Release

pytestmark = pytest.mark.django_db

CODES = ["ETH-101", "INIT-101", "LEAD-101", "MH-101", "SPEC-110"]


def test_all_five_are_loaded_into_an_empty_site_and_exported_byte_for_byte(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    told = io.StringIO()
    call_command("load_catalogue", stdout=told, stderr=io.StringIO())
    assert [line.split(".")[0] for line in told.getvalue().splitlines()] == [f"{code}: loaded" for code in CODES]
    assert {*Release.objects.values_list("course__code", "number")} == {(code, 1) for code in CODES}
    assert sorted(CoursePage.objects.values_list("code", flat=True)) == CODES

    out = tmp_path / "exported"
    for code in CODES:
        call_command("export_course", code, str(out), stdout=io.StringIO(), stderr=io.StringIO())
        shipped, exported = files_on_disk(STARTER_CATALOGUE / code), files_on_disk(out / code)
        # The differences say file and line; the equality beside them stands for every byte.
        assert differences(shipped, exported) == []
        assert shipped == exported
    assert (out / "families.yaml").read_bytes() == (STARTER_CATALOGUE / "families.yaml").read_bytes()
