"""The particulars of a certificate: what is printed on it, and of a qualification's the entry of its award. They are the payload of its
ledger entry.

A holder who passes the file on passes on this opening; so nothing may stand here that is not printed. The entry of the award is a random
number that leads nowhere without our record; by it a later certificate is known to be of the same award.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from cpd_records.models.certificates import CERTIFICATE, RECORD, STATEMENT
from people.force import Force

# Names of the attachments. A PDF lists them in this order, which must be the order of their letters.
OPENING_NAME = "certificate.json"
PROOF_NAME = "certificate.tlog-proof"
CREDENTIAL_NAME = "credential.json"
# Direction marks that could make one name look like another, and what no page can draw.
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Listing:
    """Of a training record or a CPD statement: how many ``entries`` its list has, and the list's SHA-256 in hexadecimal.

    ``period`` is a statement's: its first and last day.
    """

    entries: int
    sha256: str
    period: tuple[date, date] | None = None


@dataclass(frozen=True)
class Form:
    """What a template prints beside the particulars. ``name`` is its code and version, such as 'passing-out/3', and printed too.

    ``completed`` or ``passed`` stands below the name; an empty ``signatory`` is the force's own.
    """

    name: str
    design: str
    opening: str
    completed: str
    passed: str
    closing: str = ""
    signatory: str = ""
    signatory_title: str = ""
    second_signatory: str = ""
    second_title: str = ""


@dataclass(frozen=True)
class Printed:
    """Of a certificate made with a template: the template's name and design, and its words as they are printed on this one."""

    template: str
    design: str
    opening: str
    achievement: str
    closing: str = ""
    second_signatory: str = ""
    second_title: str = ""


@dataclass(frozen=True)
class Particulars:
    """What a certificate says. ``minutes`` is learning time; ``check_at`` an address without its scheme, as printed.

    ``is_grant`` says that it is a letter: nothing was completed, something was granted. ``award`` is the entry of the award that a
    qualification's certificate certifies, empty of all others. ``listing`` is a training record's or a statement's, whose ``awarded_on``
    is the day as on which it was recorded; None is a certificate of one thing. ``printed`` is what a template adds; None
    is the product's own form.
    """

    code: str
    name: str
    service_number: str
    title: str
    release: str
    minutes: int
    awarded_on: date
    valid_until: date | None
    assessed: bool
    issuer: str
    signatory: str
    signatory_title: str
    check_at: str
    listing: Listing | None = None
    is_grant: bool = False
    award: str = ""
    printed: Printed | None = None

    @property
    def noun(self) -> str:
        """What it is called within a sentence."""
        if self.listing is None:
            return CERTIFICATE
        return STATEMENT if self.listing.period else RECORD

    @property
    def is_qualification(self) -> bool:
        """Whether it certifies that a qualification was awarded."""
        return bool(self.award)

    def payload(self) -> dict[str, Any]:
        """Return what goes into the ledger beside the columns (subject is the code, day the day of the award).

        Learning time is no column here: the completion's entry has it, and totals count it there once.
        """
        more: dict[str, Any] = {"is_grant": True} if self.is_grant else {}
        if self.award:
            more["award"] = self.award
        if self.listing is not None:
            more |= {"entries": self.listing.entries, "list_sha256": self.listing.sha256}
            if self.listing.period is not None:
                first, last = self.listing.period
                more |= {"period_from": first, "period_to": last}
        if self.printed is not None:
            more |= {name: value for name, value in asdict(self.printed).items() if value}
        return {
            "name": self.name,
            "service_number": self.service_number,
            "title": self.title,
            "release": self.release,
            "learning_minutes": self.minutes,
            "assessed": self.assessed,
            "issuer": self.issuer,
            "signatory": self.signatory,
            "signatory_title": self.signatory_title,
            "check_at": self.check_at,
            **more,
        }

    @classmethod
    def read(cls, payload: str | Mapping[str, Any]) -> Particulars:
        """Read the payload of a ``certificate`` entry, as text or parsed; raise ``ValueError`` where it is none."""
        members = json.loads(payload) if isinstance(payload, str) else payload
        try:
            if members["kind"] != "certificate":
                raise ValueError(f"This is the payload of an entry of kind '{members['kind']}', not of a certificate.")
            until = members.get("valid_until")
            return cls(
                code=members["subject"],
                name=members["name"],
                service_number=members["service_number"],
                title=members["title"],
                release=members["release"],
                minutes=int(members["learning_minutes"]),
                awarded_on=date.fromisoformat(members["day"]),
                valid_until=date.fromisoformat(until) if until else None,
                assessed=bool(members["assessed"]),
                issuer=members["issuer"],
                signatory=members["signatory"],
                signatory_title=members["signatory_title"],
                check_at=members["check_at"],
                listing=_listing(members) if "list_sha256" in members else None,
                is_grant=bool(members.get("is_grant", False)),
                award=str(members.get("award", "")),
                printed=_printed(members) if "template" in members else None,
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("This is not the payload of a certificate.") from error


def particulars_for(
    *,
    code: str,
    name: str,
    service_number: str,
    title: str,
    release: str,
    minutes: int,
    awarded_on: date,
    valid_until: date | None,
    assessed: bool,
    force: Force,
    site_address: str,
    listing: Listing | None = None,
    is_grant: bool = False,
    award: str = "",
    form: Form | None = None,
) -> Particulars:
    """Return the particulars as they will be printed: texts clean, force and signatory as they are named on this day.

    A letter of something granted has words of its own and takes no form.
    """
    form = None if is_grant else form
    own = form is not None and bool(form.signatory)
    return Particulars(
        code=code,
        name=printable(name),
        service_number=printable(service_number),
        title=printable(title),
        release=printable(release),
        minutes=minutes,
        awarded_on=awarded_on,
        valid_until=valid_until,
        assessed=assessed,
        issuer=printable(force.force_name),
        signatory=form.signatory if form and own else printable(force.signatory_name),
        signatory_title=form.signatory_title if form and own else printable(force.signatory_title),
        check_at=f"{site_address.split('://', 1)[-1]}/verify",
        listing=listing,
        is_grant=is_grant,
        award=award,
        printed=None if form is None else as_printed(form, assessed=assessed),
    )


def as_printed(form: Form, *, assessed: bool) -> Printed:
    """Return a form's words as one certificate prints them."""
    return Printed(
        template=form.name,
        design=form.design,
        opening=form.opening,
        achievement=form.passed if assessed else form.completed,
        closing=form.closing,
        second_signatory=form.second_signatory,
        second_title=form.second_title,
    )


def _listing(members: Mapping[str, Any]) -> Listing:
    days = [date.fromisoformat(members[name]) for name in ("period_from", "period_to") if name in members]
    return Listing(int(members["entries"]), members["list_sha256"], (days[0], days[1]) if days else None)


def _printed(members: Mapping[str, Any]) -> Printed:
    needed = {name: str(members[name]) for name in ("template", "design", "opening", "achievement")}
    rest = {name: str(members.get(name, "")) for name in ("closing", "second_signatory", "second_title")}
    return Printed(**needed, **rest)


def printable(text: str) -> str:
    """Return a text in one line and in NFC, without control characters and direction overrides. Joiners stay: scripts need them."""
    kept = [
        character
        for character in unicodedata.normalize("NFC", text)
        if character not in _BIDI_CONTROLS
        and (unicodedata.category(character) not in {"Cc", "Cs"} or character.isspace())
    ]
    return " ".join("".join(kept).split())


def direction(text: str) -> str:
    """Return 'rtl' or 'ltr', the direction of the first character that has one."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return "ltr"
