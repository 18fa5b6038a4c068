"""What stops publication: read before a course is submitted, on the review screen, and in the list of one's drafts.

Each problem says where it is and what to do about it. A course without problems can come out; whether it is good is for people to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from assessments.assessment_rules import standing_rows
from assessments.drawing import BankItem
from assessments.models import AssessmentVersion, Question, QuestionUse, QuestionVersion, VersionState
from assessments.topics import Place, tree_of
from courses import leading, qualifying, rendering
from courses.drafts import CourseDraft, StepDraft, draft_of
from courses.models.pages import AssessmentStepPage, CompletionRule, CoursePage, LessonPage, ReflectiveTaskPage
from courses.models.releases import Course
from people import clock

# The words no block of a kind can do without, by part ('' is the whole value). Drafts are saved without them.
NEEDED_WORDS = {
    "text": {"": "A text block is empty."},
    "warning": {"": "A content warning says nothing."},
    "key": {"": "A key point says nothing."},
    "case": {"title": "A case study has no title.", "text": "A case study is empty."},
    "law": {"text": "A legislation reference does not say what it means here."},
    "reflect": {"prompt": "A reflective prompt asks nothing."},
    "accordion": {"title": "An accordion has no title.", "text": "An accordion is empty."},
}
INSECURE_LINK = re.compile(r'href="(http://[^"]*)"', re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    """Something that stops publication: the title of the page it is on, what it is, and the page's number for a link to it."""

    where: str
    what: str
    page: int | None = None

    @property
    def address(self) -> str:
        """Return the address of the editor of the page, empty where there is none."""
        return reverse("wagtailadmin_pages:edit", args=[self.page]) if self.page else ""


@dataclass(frozen=True)
class Found:
    """What the course's pages name and the database has, read in a fixed number of queries."""

    documents: set[int]
    images: set[int]
    pages: set[int]
    approved: dict[str, QuestionVersion]
    questions: dict[str, Question]
    assessments: dict[object, AssessmentVersion]
    bank: list[BankItem]
    topics: list[Place]


def what_stops_publication(course_page: CoursePage) -> list[Problem]:
    """Return everything that stops the course, as saved last, from coming out; empty when nothing does."""
    return problems_of(draft_of(course_page))


def problems_of(source: CourseDraft) -> list[Problem]:
    """Return the problems of a course that has been read already, the course's own first."""
    found = _look_up(source)
    return [
        *_of_course(source),
        *_of_slugs(source),
        *(problem for step in source.steps for problem in _of_step(step, source, found)),
    ]


def asked_codes(source: CourseDraft) -> set[str]:
    """Return the codes of the questions that lessons ask as checks."""
    return {block["value"]["question"] for step in source.steps for block in step.body if block["type"] == "check"}


def _look_up(source: CourseDraft) -> Found:
    bodies = [*(step.body for step in source.steps), *_rich_sources(source)]
    documents = {number for body in bodies for number in rendering.named_documents(body)}
    images = {number for body in bodies for number in rendering.named_pictures(body)}
    pages = {number for body in bodies for number in rendering.named_pages(body)}
    codes = asked_codes(source)
    wanted = [step.page.assessment_id for step in source.steps if isinstance(step.page, AssessmentStepPage)]
    approved = list(
        QuestionVersion.objects.filter(state=VersionState.APPROVED, question__bank=source.page.code).select_related(
            "question__topic"
        )
    )
    return Found(
        documents=set(get_document_model().objects.filter(pk__in=documents).values_list("pk", flat=True)),
        images=set(get_image_model().objects.filter(pk__in=images).values_list("pk", flat=True)),
        pages=set(Page.objects.filter(pk__in=pages).values_list("pk", flat=True)),
        approved={version.question.code: version for version in approved},
        questions={question.code: question for question in Question.objects.filter(code__in=codes)} if codes else {},
        assessments={
            version.assessment_id: version
            for version in AssessmentVersion.objects.filter(assessment__in=wanted)
            .select_related("assessment")
            .order_by("number")
        },
        bank=[_item(version) for version in approved if version.question.use == QuestionUse.EXAM],
        topics=tree_of(source.page.code),
    )


def _rich_sources(source: CourseDraft) -> Iterator[rendering.RawLesson]:
    yield [{"type": "text", "value": source.page.description, "id": ""}]
    for step in source.steps:
        if isinstance(step.page, ReflectiveTaskPage):
            yield [{"type": "text", "value": step.page.prompt, "id": ""}]


def _of_course(source: CourseDraft) -> Iterator[Problem]:
    page = source.page
    kinds = {type(step.page) for step in source.steps}
    said = [
        (not page.promise, "It has no promise: one sentence on what one can do afterwards."),
        (not page.audience, "It does not say whom it is for. Write its audience."),
        (not page.outcomes.count(), "It has no outcomes."),
        (not page.minutes, "It has no length in minutes."),
        (not source.steps, "It has no steps yet."),
        (page.marking != "OFFICIAL", f"Its marking is '{page.marking}'. Only OFFICIAL is taught here."),
        (
            bool(page.warning_text) and not page.warning_alternative,
            "Its content warning offers no other route. Write what somebody can do instead.",
        ),
        (
            bool(page.warning_text) and not page.warning_support,
            "Its content warning names nobody to talk to. Write where support is found.",
        ),
        (
            page.completion == CompletionRule.PASS and bool(source.steps) and AssessmentStepPage not in kinds,
            "It is completed by passing its assessment, but has none. Add an assessment step, or change what completes it.",
        ),
        (bool(page.extra_minutes) and not page.extra_for, "It claims extra minutes without saying for what."),
    ]
    yield from (Problem(page.title, what, page.pk) for wrong, what in said if wrong)
    known = qualifying.known_qualifications(page.leads_to, on=clock.today())
    for fault in leading.what_contradicts(page.leads_to, page.validity_months, known):
        yield Problem(page.title, fault.sentence, page.pk)
    for code, times in Counter(reference.code for reference in page.references.all()).items():
        if times > 1:
            yield Problem(page.title, f"The reference id '{code}' is used {times} times.", page.pk)
    for code, times in Counter(outcome.code for outcome in page.outcomes.all()).items():
        if times > 1:
            yield Problem(page.title, f"The outcome '{code}' is listed {times} times.", page.pk)
    for reference in page.references.all():
        if reference.url.startswith("http://"):
            yield Problem(page.title, f"The link of reference '{reference.code}' is not https.", page.pk)
    other = Course.objects.filter(slug=page.slug).exclude(code=page.code).first()
    if other is not None:
        yield Problem(page.title, f"Its address is taken by {other.code}. Choose another code.", page.pk)


def _of_slugs(source: CourseDraft) -> Iterator[Problem]:
    used = Counter(step.page.slug for step in source.steps)
    for step in source.steps:
        if used[step.page.slug] > 1:
            yield Problem(
                step.page.title,
                f"Its address '{step.page.slug}' is used by another step of this course. Change one of them.",
                step.page.pk,
            )


def _of_step(step: StepDraft, source: CourseDraft, found: Found) -> Iterator[Problem]:
    page = step.page
    if isinstance(page, LessonPage):
        yield from (Problem(page.title, what, page.pk) for what in _lesson_faults(page, step, source, found))
    elif isinstance(page, AssessmentStepPage):
        yield from (Problem(page.title, what, page.pk) for what in _assessment_faults(page, source, found))
    elif not rendering.plain_text(page.prompt):
        yield Problem(page.title, "It has no prompt.", page.pk)


def _lesson_faults(page: LessonPage, step: StepDraft, source: CourseDraft, found: Found) -> Iterator[str]:
    if not page.point:
        yield "It has no point: one sentence to keep."
    if not step.body:
        yield "It is empty."
    outcomes = {outcome.code for outcome in source.page.outcomes.all()}
    for code in page.outcomes:
        if code not in outcomes:
            yield f"It names the outcome '{code}', which the course does not have."
    for block in step.body:
        yield from _block_faults(block, source, found)


def _block_faults(block: rendering.RawBlock, source: CourseDraft, found: Found) -> Iterator[str]:
    kind, value = block["type"], block["value"]
    for part, said in NEEDED_WORDS.get(kind, {}).items():
        if not rendering.plain_text(str((value.get(part) if part else value) or "")):
            yield said
    if kind == "law":
        cited = rendering.cited_references(block)
        if not cited:
            yield "A legislation reference names no reference of the course."
        for code in cited:
            if code not in source.frame.references:
                yield f"A legislation reference names '{code}', which the course does not list."
    elif kind == "check":
        yield from _check_faults(value["question"], source, found)
    elif kind == "image":
        if not (value.get("alternative") or "").strip():
            yield "A picture has no text alternative."
        if value.get("image") not in found.images:
            yield "A picture is missing or was deleted. Choose it again."
    elif kind in ("video", "audio"):
        yield from _recording_faults(kind, value, found)
    elif kind == "document":
        if value.get("document") not in found.documents:
            yield f"The document '{value.get('title', '')}' is missing or was deleted. Choose it again."
        if not (value.get("title") or "").strip():
            yield "A document has no title."
    elif kind == "warning" and not (source.page.warning_alternative and source.page.warning_support):
        yield "It warns, but the course offers no alternative and support. Write them on the course page."
    yield from _link_faults(block, found)


def _check_faults(code: str, source: CourseDraft, found: Found) -> Iterator[str]:
    question = found.questions.get(code)
    if question is None:
        yield f"Its knowledge check '{code}' does not exist."
    elif question.bank != source.page.code:
        yield f"Its knowledge check '{code}' belongs to another course."
    elif question.use != QuestionUse.LESSON:
        yield f"Its knowledge check '{code}' is an assessment question. Checks and tests never share questions."
    elif code not in found.approved:
        yield f"Its knowledge check '{code}' is not approved."


def _recording_faults(kind: str, value: dict[str, object], found: Found) -> Iterator[str]:
    name = "video" if kind == "video" else "sound recording"
    has_transcript = bool(rendering.plain_text(str(value.get("transcript") or "")))
    if value.get("file") not in found.documents:
        yield f"A {name} is missing or was deleted. Choose it again."
    if value.get("captions") and value["captions"] not in found.documents:
        yield f"The captions of a {name} were deleted. Choose them again."
    if kind == "video" and not value.get("captions"):
        yield "No captions on a video."
    if kind == "audio" and not has_transcript and not value.get("captions"):
        yield "No transcript of a sound recording."


def _link_faults(block: rendering.RawBlock, found: Found) -> Iterator[str]:
    if rendering.named_pages([block]) - found.pages:
        yield "It links to a page that was deleted."
    if block["type"] not in ("video", "audio", "document") and rendering.named_documents([block]) - found.documents:
        yield "It links to a document that was deleted."
    value = block["value"]
    texts = (
        [value]
        if isinstance(value, str)
        else [part for part in value.values() if isinstance(part, str)]
        if value
        else []
    )
    for text in texts:
        for address in INSECURE_LINK.findall(text):
            yield f"The link {address} is not https."


def _assessment_faults(page: AssessmentStepPage, source: CourseDraft, found: Found) -> Iterator[str]:
    version = found.assessments.get(page.assessment_id)
    if version is None:
        yield "Its assessment has no rules yet. Write them under Assessments."
        return
    if version.assessment.bank != source.page.code:
        yield f"Its assessment '{version.assessment.code}' belongs to another course."
        return
    if source.page.completion == CompletionRule.PASS and version.pass_percent is None:
        yield "It has no pass mark, but passing it completes the course."
    for row in standing_rows(version, found.topics):
        held = sum(row.accepts(item) for item in found.bank)
        if held < row.count:
            yield f"It draws {row.count} questions on {row}; the bank has {held} approved."


def _item(version: QuestionVersion) -> BankItem:
    topic = version.question.topic
    return BankItem(
        version.question.code,
        version.outcome,
        "" if topic is None else topic.path,
        version.difficulty,
        version.must_pass,
    )
