"""The world's template of certificates, and what is posted about one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cpd_records.certificates.templates import Wording, make_template
from people import clock

if TYPE_CHECKING:
    from tests.permissions.asking import World


def with_a_template(made: World) -> None:
    """Let an approver make a template, and offer another that may be retired."""
    template = make_template("Passing out", Wording(), by=made.people["Approver"], at=clock.now())
    made.places |= {"certificate template": template.code}


def a_template(world: World) -> dict[str, Any]:
    return {"name": "Annual award", **asdict(Wording())}


def a_version(world: World) -> dict[str, Any]:
    return {**asdict(Wording(closing="Skills are assessed in practice.")), "reason": "Skills were asked about."}
