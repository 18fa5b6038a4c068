"""StreamField blocks of a lesson. Names and shapes follow the course folder's blocks, so a lesson can be written to a file and back.

Blocks hold content only. How a block looks is in ``templates/courses/blocks/``; what it becomes in a release is in ``courses.rendering``.
"""

from typing import Any

from django import forms
from wagtail.blocks import CharBlock, ChoiceBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic", "ol", "ul", "link"]
# Ids of the ``<datalist>`` elements that the lesson editor fills from the course.
REFERENCES_LIST = "course-references"
CHECKS_LIST = "course-checks"


class ChosenNameBlock(CharBlock):
    """A name chosen from a list that belongs to the course being edited; the browser suggests what the list holds.

    Wagtail draws no label for the items of a list, so the box carries its name itself.
    """

    def __init__(self, *args: Any, suggestions: str, **kwargs: Any) -> None:
        self.suggestions = suggestions
        super().__init__(*args, **kwargs)
        self.field.widget = forms.TextInput(
            attrs={"list": suggestions, "autocomplete": "off", "aria-label": str(self.meta.label)}
        )


class CaseBlock(StructBlock):
    title = CharBlock(max_length=120)
    text = RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "user"
        label = "Case study"


class LawBlock(StructBlock):
    references = ListBlock(
        ChosenNameBlock(suggestions=REFERENCES_LIST, label="Reference id"),
        help_text="Ids of references listed on the course; they are suggested as you type.",
    )
    text = TextBlock(label="What it means here", help_text="One sentence.")

    class Meta:
        icon = "clipboard-list"
        label = "Legislation reference"


class CheckBlock(StructBlock):
    question = ChosenNameBlock(
        suggestions=CHECKS_LIST,
        label="Question code",
        help_text="Code of a lesson check in this course's bank; codes are suggested as you type.",
    )
    when = ChoiceBlock(choices=[("before", "Before the text"), ("after", "After the text")], default="after")

    class Meta:
        icon = "help"
        label = "Knowledge check"


class ReflectBlock(StructBlock):
    prompt = RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "edit"
        label = "Reflective prompt (private)"


class AccordionBlock(StructBlock):
    title = CharBlock(max_length=120)
    text = RichTextBlock(features=INLINE_FEATURES)

    class Meta:
        icon = "collapse-down"
        label = "Accordion"


class PictureBlock(StructBlock):
    image = ImageChooserBlock()
    alternative = CharBlock(max_length=400, label="Text alternative", help_text="What the picture tells, in words.")
    caption = CharBlock(max_length=200, required=False)

    class Meta:
        icon = "image"
        label = "Image"


class RecordingBlock(StructBlock):
    file = DocumentChooserBlock()
    captions = DocumentChooserBlock(required=False, help_text="WebVTT captions.")
    transcript = RichTextBlock(features=INLINE_FEATURES, required=False)
    minutes = CharBlock(max_length=5, required=False, help_text="Length in whole minutes.")


class VideoBlock(RecordingBlock):
    class Meta:
        icon = "media"
        label = "Video"


class AudioBlock(RecordingBlock):
    class Meta:
        icon = "media"
        label = "Audio"


class FileBlock(StructBlock):
    document = DocumentChooserBlock()
    title = CharBlock(max_length=200)

    class Meta:
        icon = "doc-full"
        label = "Document"


class LessonBlocks(StreamBlock):
    """Everything a lesson may contain, in the author's order."""

    text = RichTextBlock(features=TEXT_FEATURES)
    warning = RichTextBlock(features=INLINE_FEATURES, label="Content warning", icon="warning")
    case = CaseBlock()
    law = LawBlock()
    key = RichTextBlock(features=["bold", "italic"], label="Key point", icon="pick")
    check = CheckBlock()
    reflect = ReflectBlock()
    accordion = AccordionBlock()
    image = PictureBlock()
    video = VideoBlock()
    audio = AudioBlock()
    document = FileBlock()
    table = TableBlock(label="Table")
