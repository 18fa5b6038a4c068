"""What finishing a course leads to: the qualifications it could, as a release names them.

Which course leads to which qualification is on the course page, in codes, and is frozen into each release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from cpd_records.currency.values import Lasting
from cpd_records.qualifications.lasting import lasting_on


def known_qualifications(codes: Collection[str] | None, *, on: date) -> dict[str, Lasting]:
    """Return the qualifications a course can lead to, by code; only those of ``codes`` where given. No query for none of them."""
    return {} if codes is not None and not codes else lasting_on(on, codes)


def as_released(codes: Sequence[str], *, on: date) -> dict[str, list[dict[str, str]]]:
    """Return the part of a release's particulars that says what it leads to, as it is called on the day; empty for nothing."""
    known = known_qualifications(codes, on=on)
    named = [{"code": code, "title": known[code].title if code in known else code} for code in codes]
    return {"leads_to": named} if named else {}
