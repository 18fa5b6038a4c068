"""Templates of certificates: made, changed by a further version, retired. A certificate names the version it was made with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from importlib import import_module
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import CharField, Q
from django.utils.text import slugify

from cpd_records.certificates.fitting import COLUMN
from cpd_records.certificates.particulars import Form, printable
from cpd_records.models import CertificateTemplate, CertificateTemplateVersion, Design, Sort
from people import access
from people.models import User

# Approvers answer for what comes out under the force's name; trainers choose among what they made.
KEEPERS = (access.APPROVER, access.SYSTEM_ADMIN)
READERS = (access.TRAINER, access.SUBJECT_REVIEWER, *KEEPERS)
REASON_LENGTH = 300
# A version's number as wide as it gets, for measuring what is printed.
NUMBER_OF_MANY = 999


class TemplateRefused(Exception):
    """Why a template is not made, changed or retired; ``field`` names what it is about, empty where it is the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Wording:
    """What a version says and how it looks; see ``CertificateTemplateVersion``."""

    design: str = Design.BAND
    opening: str = "This is to certify that"
    completed: str = "completed"
    passed: str = "completed, and passed the assessment of"
    closing: str = ""
    signatory: str = ""
    signatory_title: str = ""
    second_signatory: str = ""
    second_title: str = ""

    @classmethod
    def of(cls, version: CertificateTemplateVersion) -> Wording:
        return cls(**{one.name: getattr(version, one.name) for one in fields(cls)})

    @classmethod
    def first_for(cls, sort: Sort) -> Wording:
        """Return what a new template of a sort begins with."""
        if sort != Sort.QUALIFICATION:
            return cls()
        words = "has been awarded the qualification"
        return cls(completed=words, passed=words)

    def form(self, name: str) -> Form:
        """Return it as it is printed; ``name`` is the template's code and version."""
        return Form(name=name, **asdict(self))


def make_template(
    name: str, wording: Wording, *, by: User, at: datetime, sort: Sort = Sort.COURSE
) -> CertificateTemplate:
    """Make a template with its first version. Its code follows from its name; neither it nor the sort changes.

    Raises ``TemplateRefused``.
    """
    _refuse_unless_keeper(by)
    said = printable(name)
    code = slugify(said)[:40].strip("-")
    if not code:
        raise TemplateRefused("A template needs a name with letters or digits, such as Passing out.", "name")
    clean = _checked(wording)
    _refuse_crowding(clean.form(f"{code}/1"), sort, at=at)
    try:
        with transaction.atomic():
            template = CertificateTemplate.objects.create(code=code, name=said, sort=Sort(sort), made_at=at, made_by=by)
            _write(template, 1, clean, reason="First version", by=by, at=at)
    except IntegrityError:
        raise TemplateRefused(
            f"There is a template called {code} already. Choose another name, or change that one.", "name"
        ) from None
    return template


def change_template(
    template: CertificateTemplate, wording: Wording, *, reason: str, by: User, at: datetime
) -> CertificateTemplateVersion:
    """Write the next version; certificates awarded from now on are made with it, earlier ones stay. Raises ``TemplateRefused``."""
    _refuse_unless_keeper(by)
    why = printable(reason)
    if not why:
        raise TemplateRefused(
            "Say why it is changed, so that somebody who compares two certificates finds out.", "reason"
        )
    if len(why) > REASON_LENGTH:
        raise TemplateRefused(
            f"The reason is {len(why)} characters long and {REASON_LENGTH} fit. Shorten it.", "reason"
        )
    clean = _checked(wording)
    _refuse_crowding(clean.form(f"{template.code}/{NUMBER_OF_MANY}"), template.sort, at=at)
    with transaction.atomic():
        locked = CertificateTemplate.objects.select_for_update().get(pk=template.pk)
        if locked.retired_at is not None:
            raise TemplateRefused(f"{locked.name} was retired and is not changed any more. Make a new template.")
        latest = newest_version(locked)
        if latest is not None and Wording.of(latest) == clean:
            raise TemplateRefused("Nothing is different from the version that holds now, so there is nothing to save.")
        return _write(locked, latest.number + 1 if latest else 1, clean, reason=why, by=by, at=at)


def retire_template(template: CertificateTemplate, *, by: User, at: datetime) -> None:
    """Offer it to courses no more. Courses that chose it keep it until they choose another. Doing it twice changes nothing."""
    _refuse_unless_keeper(by)
    CertificateTemplate.objects.offered().filter(pk=template.pk).update(retired_at=at, retired_by=by)


def newest_version(template: CertificateTemplate) -> CertificateTemplateVersion | None:
    """Return the version that holds now."""
    return CertificateTemplateVersion.objects.filter(template=template).order_by("number").last()


def every_template() -> list[tuple[CertificateTemplate, CertificateTemplateVersion]]:
    """Return every template with its newest version, those offered first."""
    newest: dict[int, CertificateTemplateVersion] = {}
    for version in CertificateTemplateVersion.objects.select_related("template").order_by("number"):
        newest[version.template_id] = version
    found = [(version.template, version) for version in newest.values()]
    return sorted(found, key=lambda row: (row[0].retired_at is not None, row[0].name.casefold()))


def template_called(code: str) -> CertificateTemplate | None:
    """Return the template of a code."""
    return CertificateTemplate.objects.filter(code=code).first()


def versions_of(template: CertificateTemplate) -> list[CertificateTemplateVersion]:
    """Return its versions, the one that holds first."""
    return list(
        CertificateTemplateVersion.objects.filter(template=template)
        .select_related("by", "template")
        .order_by("-number")
    )


def version_numbered(template: CertificateTemplate, number: int) -> CertificateTemplateVersion | None:
    """Return one of its versions."""
    rows = CertificateTemplateVersion.objects.filter(template=template, number=number)
    return rows.select_related("template").first()


def form_called(code: str) -> Form | None:
    """Return what a template's newest version prints; None for an empty code, the product's own form, and for one there is none of."""
    return _newest_form(Q(template__code=code)) if code else None


def form_of_qualifications() -> Form | None:
    """Return what certificates of qualifications print: the newest template for them that is offered; None, the product's own form."""
    return _newest_form(Q(template__sort=Sort.QUALIFICATION, template__retired_at__isnull=True))


def _newest_form(which: Q) -> Form | None:
    rows = CertificateTemplateVersion.objects.filter(which).select_related("template")
    version = rows.order_by("template__made_at", "template_id", "number").last()
    return Wording.of(version).form(str(version)) if version else None


def templates_by_code(*, offered_only: bool) -> dict[str, str]:
    """Return the names of templates for courses by their codes: all, or those a course may choose."""
    rows = CertificateTemplate.objects.offered() if offered_only else CertificateTemplate.objects.all()
    return dict(rows.filter(sort=Sort.COURSE).values_list("code", "name"))


def _write(
    template: CertificateTemplate, number: int, wording: Wording, *, reason: str, by: User, at: datetime
) -> CertificateTemplateVersion:
    return CertificateTemplateVersion.objects.create(
        template=template, number=number, reason=reason, by=by, at=at, **asdict(wording)
    )


def longest(name: str) -> int:
    """Return how many characters of a wording's words fit on the page."""
    return cast("CharField[str, str]", CertificateTemplateVersion._meta.get_field(name)).max_length or 0


def _checked(wording: Wording) -> Wording:
    """Return it in one line each, as it is printed; refuse what is empty, too long, or a title without a name."""
    clean = Wording(**{name: printable(value) for name, value in asdict(wording).items()})
    if clean.design not in Design.values:
        raise TemplateRefused("Choose one of the designs.", "design")
    for name in ("opening", "completed", "passed"):
        if not getattr(clean, name):
            raise TemplateRefused("Without these words the sentence on the certificate breaks off. Write them.", name)
    for name, value in asdict(clean).items():
        most = longest(name)
        if len(value) > most:
            raise TemplateRefused(f"This is {len(value)} characters long and {most} fit on the page. Shorten it.", name)
    for name, title in (("signatory", "signatory_title"), ("second_signatory", "second_title")):
        if getattr(clean, title) and not getattr(clean, name):
            raise TemplateRefused("A title stands below a name. Write who signs, or leave the title empty too.", name)
    return clean


def _refuse_crowding(form: Form, sort: str, *, at: datetime) -> None:
    """Refuse words that leave no room for a long name and a long title, measured on the page as it would be drawn."""
    # Drawing brings WeasyPrint's libraries along; a web process loads them when the first template is saved or looked at.
    block = import_module("cpd_records.certificates.specimens").crowded_by(form, sort, at=at)
    if block == COLUMN:
        longest_of = max(("opening", "completed", "passed"), key=lambda name: len(getattr(form, name)))
        raise TemplateRefused(
            "With these words there is no room on the page for a long name and a long title. Shorten this, or what stands above it.",
            "closing" if form.closing else longest_of,
        )
    if block in {"signed", "countersigned"}:
        raise TemplateRefused(
            "This name and its title take more lines than there is room for above the foot of the page. Shorten them.",
            "signatory" if block == "signed" else "second_signatory",
        )
    if block:
        raise TemplateRefused(
            "The name of the template is printed under the code, and there is no room for all of it. Choose a shorter one.",
            "name",
        )


def _refuse_unless_keeper(by: User) -> None:
    if not access.has_any_role(by, *KEEPERS):
        raise TemplateRefused("Only an approver or a system administrator changes templates of certificates.")
