"""A bank with a question, its topic, reference and pictures, a file of questions handed in, and an attempt with files."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.answer_files import hand_in
from assessments.bank import save_question_version
from assessments.interchange.handing_in import hand_in_file
from assessments.models import Assessment, BroughtFile, Topic
from assessments.pictures import as_defined, keep_picture
from assessments.references import ReferenceWords, save_reference
from courses.law_changes import mark_for_review
from people import clock
from tests.assessments import building
from tests.assessments.question_types.samples import FILES, HOTSPOT, drawing
from tests.permissions.asking import World


def with_a_bank(made: World) -> None:
    """A draft question, and the assessment of the course."""
    scene = keep_picture(drawing(), by=made.people["Author"], at=clock.now())
    definition = {
        "stem": "See [[picture:scene]]. Silence is consent.",
        "pictures": {"scene": as_defined(scene, "Two people at a door.")},
        "answer": False,
        "feedback": {"right": "Right.", "wrong": "It is not."},
    }
    version = save_question_version(
        "eth900-new",
        bank="ETH-900",
        family="ethics",
        type="true_false",
        definition=definition,
        outcome="LO1",
        topic="Custody",
        references=["pace-s1"],
        by=made.people["Author"],
        at=clock.now(),
    )
    words = ReferenceWords("pace-s1", "Police and Criminal Evidence Act 1984", "section 1")
    reference = save_reference("ETH-900", words, family="ethics", by=made.people["Author"], at=clock.now())
    topic = Topic.objects.get(bank="ETH-900", title="Custody")
    mark_for_review(
        act=words.act,
        provision=words.provision,
        what="Vehicles count now.",
        chosen=[f"question:{version.question_id}"],
        by=made.people["Author"],
        at=clock.now(),
    )
    rules = Assessment.objects.get(bank="ETH-900")
    place = {"new_bank": "ETH-900", "new_family": "ethics"}
    made.places |= {
        "question": str(version.question_id),
        "picture": scene.digest,
        "added picture": keep_picture(drawing(colour="red"), by=made.people["Trainer"], at=clock.now()).digest,
        "brought file": str(_brought_file(made).pk),
        "assessment": str(rules.pk),
        "bank": "ETH-900",
        "topic": str(topic.pk),
        "reference": str(reference.pk),
        "place of a question": urlencode({**place, "code": "eth900-q9", "use": "exam", "type": "true_false"}),
        "place of an assessment": urlencode({**place, "code": "eth900-mid"}),
    }


def _brought_file(made: World) -> BroughtFile:
    """A file of questions that the trainer has handed in and not imported yet."""
    return hand_in_file(
        b"::Brought:: Is it so? {T}",
        name="brought.txt",
        format="",
        path="",
        bank="ETH-900",
        family="ethics",
        by=made.people["Trainer"],
        at=clock.now(),
    )


def with_answers_in_files(made: World) -> None:
    """An attempt of the owner with a picture to look at and a file handed in."""
    owner = made.people["Owner"]
    keep_picture(drawing(), by=None, at=clock.now())
    shown = building.question("pic-1", bank="PIC-101", type="hotspot", definition=HOTSPOT, family="ethics")
    building.question("pic-2", bank="PIC-101", type="file_upload", definition=FILES, family="ethics")
    rules = building.rules_only(
        code="pic-final", bank="PIC-101", family="ethics", minutes=None, draw=[{"outcome": "LO1", "count": 2}]
    )
    attempt = building.started(rules, owner, at=clock.now(), context="elsewhere:1")
    place = {item.question_version_id == shown.pk: item.position for item in attempt.items.all()}
    upload = SimpleUploadedFile("plan.png", drawing(), "image/png")
    row = hand_in(attempt, place[False], [upload], by=owner, at=clock.now())[0]
    made.places |= {
        "attempt with files": str(attempt.pk),
        "place of a picture": f"{place[True]}/{HOTSPOT['pictures']['hall']['digest']}",
        "handed in file": row.digest,
    }
