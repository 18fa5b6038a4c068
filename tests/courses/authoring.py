"""Courses to try authoring with: pages made as an author would, questions and rules as rows."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Pixels
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Revision, Site

from assessments.models import (
    Assessment,
    AssessmentVersion,
    Question,
    QuestionUse,
    QuestionVersion,
    VersionState,
)
from courses.families import set_up_family
from courses.models import (
    AssessmentStepPage,
    CataloguePage,
    CourseOutcome,
    CoursePage,
    CourseReference,
    FamilyPage,
    LessonPage,
    ModulePage,
)
from people.models import User
from tests import factories

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def family(code: str = "ethics", title: str = "Ethics") -> FamilyPage:
    """Return a family that has been set up, below a catalogue that the site serves."""
    root = Page.objects.get(depth=1)
    catalogue = CataloguePage.objects.first()
    if catalogue is None:
        catalogue = root.add_child(instance=CataloguePage(title="Catalogue", slug="catalogue"))
        Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
        Site.clear_site_root_paths_cache()
    known = FamilyPage.objects.filter(code=code).first()
    page = known or catalogue.add_child(instance=FamilyPage(title=title, slug=code, code=code))
    set_up_family(page)
    return page


def trainer(name: str = "Tess Trainer", family: str = "ethics") -> User:
    return factories.person(name, "trainer", family=family)


def reviewer(name: str = "Rae Reviewer", family: str = "ethics") -> User:
    return factories.person(name, "subject-reviewer", family=family)


def approver(name: str = "Ama Approver", family: str = "ethics") -> User:
    return factories.person(name, "approver", family=family)


def question(
    code: str, *, bank: str = "ETH-900", use: str = QuestionUse.LESSON, state: str = VersionState.APPROVED, **more: Any
) -> QuestionVersion:
    """Return a version of a single choice question; the first approved one unless told otherwise."""
    known, _created = Question.objects.get_or_create(
        code=code, defaults={"bank": bank, "family": "ethics", "use": use, "created_at": NOON}
    )
    if state == VersionState.APPROVED:
        known.versions.filter(state=VersionState.APPROVED).update(state=VersionState.RETIRED)
    number = known.versions.count() + 1
    return known.versions.create(
        number=number,
        type="single_choice",
        definition={
            "stem": more.pop("stem", f"What do you do first ({code})?"),
            "options": [
                {"id": "a", "text": "Say so", "fraction": 1, "feedback": "Silence is an answer too."},
                {"id": "b", "text": "Say nothing", "fraction": 0, "feedback": "It will be read as consent."},
            ],
        },
        outcome=more.pop("outcome", "LO1"),
        state=state,
        created_at=NOON,
        digest=f"{code}-{number}".ljust(64, "0"),
        **more,
    )


def assessment(code: str = "eth900-final", *, bank: str = "ETH-900", count: int = 2, **more: Any) -> AssessmentVersion:
    """Return rules that draw ``count`` questions, and as many approved questions."""
    for number in range(count):
        question(f"{code}-q{number}", bank=bank, use=QuestionUse.EXAM)
    known, _created = Assessment.objects.get_or_create(
        code=code, defaults={"bank": bank, "family": "ethics", "created_at": NOON}
    )
    number = known.versions.count() + 1
    return known.versions.create(
        number=number,
        title=more.pop("title", "Final test"),
        minutes=20,
        pass_percent=more.pop("pass_percent", 80),
        draw=[{"outcome": "LO1", "count": count}],
        created_at=NOON,
        digest=f"{code}-{number}".ljust(64, "0"),
        **more,
    )


def lesson_body(*more: tuple[str, Any]) -> list[dict[str, Any]]:
    """Return a lesson's blocks as raw JSON with stable ids."""
    blocks: list[tuple[str, Any]] = [
        ("text", "<p>You see a colleague take a shortcut.</p>"),
        ("law", {"references": [{"type": "item", "value": "code-1", "id": "r1"}], "text": "Challenge is a duty."}),
        ("check", {"question": "eth900-c01", "when": "after"}),
        ("reflect", {"prompt": "<p>Whom would you tell?</p>"}),
        *more,
    ]
    return [
        {"type": kind, "value": value, "id": f"00000000-0000-4000-8000-{number:012d}"}
        for number, (kind, value) in enumerate(blocks, 1)
    ]


def course(
    *, by: User | None = None, code: str = "ETH-900", body: list[dict[str, Any]] | None = None, **more: Any
) -> CoursePage:
    """Return a course that is ready to come out: one module, two lessons, a final test; saved as drafts by ``by``."""
    place = more.pop("family", None) or family()
    question("eth900-c01", bank=code)
    page = CoursePage(
        title="Saying so",
        code=code,
        promise="Say what you saw, to whom it helps.",
        description="<p>Silence is learned.</p>",
        minutes=60,
        validity_months=24,
        audience=["Everybody"],
        live=False,
        owner=by,
        **more,
    )
    page.outcomes = [CourseOutcome(code="LO1", text="Challenge early")]
    page.references = [
        CourseReference(
            code="code-1", title="Code of Ethics", provision="principle 1", url="https://force.example/code"
        )
    ]
    place.add_child(instance=page)
    page.save_revision(user=by)
    module = page.add_child(instance=ModulePage(title="Speaking up", slug="speaking-up", live=False, owner=by))
    module.save_revision(user=by)
    for title in ("The shortcut", "The second time"):
        lesson = module.add_child(
            instance=LessonPage(
                title=title,
                slug=title.lower().replace(" ", "-"),
                point="Silence is an answer too.",
                outcomes=["LO1"],
                body=body if body is not None else lesson_body(),
                live=False,
                owner=by,
            )
        )
        lesson.save_revision(user=by)
    step = module.add_child(
        instance=AssessmentStepPage(
            title="Final test", slug="final-test", assessment=assessment(bank=code).assessment, live=False, owner=by
        )
    )
    step.save_revision(user=by)
    return CoursePage.objects.get(pk=page.pk)


def lesson_of(page: CoursePage, slug: str = "the-shortcut") -> LessonPage:
    return LessonPage.objects.descendant_of(page).get(slug=slug)


def rewrite(lesson: LessonPage, words: str, *, by: User | None = None) -> None:
    """Save a draft of a lesson with one paragraph more."""
    lesson.refresh_from_db()
    latest = lesson.get_latest_revision_as_object()
    latest.body = [*latest.body.get_prep_value(), {"type": "text", "value": f"<p>{words}</p>"}]
    latest.save_revision(user=by)


def picture(title: str = "A landing", *, colour: str = "navy", collection: Collection | None = None) -> Any:
    """Return a picture of one colour, 800 wide."""
    data = io.BytesIO()
    Pixels.new("RGB", (800, 400), colour).save(data, "PNG")
    return get_image_model().objects.create(title=title, file=ContentFile(data.getvalue(), name="landing.png"))


def document(name: str = "form.pdf", content: bytes = b"%PDF-1.4 a form") -> Any:
    return get_document_model().objects.create(title=name, file=ContentFile(content, name=name))


def make_due(page: CoursePage) -> None:
    """Turn the calendar: what was scheduled for this page is a minute overdue."""
    past = timezone.now() - timedelta(minutes=1)
    for revision in Revision.objects.for_instance(page).filter(approved_go_live_at__isnull=False):
        revision.content["go_live_at"] = past.isoformat()
        Revision.objects.filter(pk=revision.pk).update(content=revision.content, approved_go_live_at=past)
