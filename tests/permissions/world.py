"""One small world with one of everything, and one person for every column of the permission matrix.

It is made once by each worker, in a database of its own beside the one that other tests use, inside a transaction that ends with the
worker; every question asked of it is rolled back, so that no answer depends on the one before.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache as once
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from PIL import Image as Pixels
from wagtail.models import Collection, Site, Workflow

from assessments.models import Attempt
from courses import reviews
from courses.families import collection_of
from courses.models import CoursePage, ReleaseDemand
from cpd_records import activities
from cpd_records.activities.evidence import attach_file
from cpd_records.evidence_files import checked_file
from cpd_records.importing.records_kind import RECORDS
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Activity, Certificate, Competency, EthicalPrinciple
from cpd_records.watching import silence
from people import clock
from people.force import force
from people.importing.files import take_file
from people.models import ForceSettings, User
from tests import databases, factories
from tests.courses import authoring
from tests.courses import factories as learning
from tests.cpd_records.certificate_acts import award, issue
from tests.permissions.adjustments import with_adjustments
from tests.permissions.asking import PERSONS, World
from tests.permissions.banks import with_a_bank, with_answers_in_files
from tests.permissions.certificate_templates import with_a_template
from tests.permissions.evidence_packs import with_a_pack
from tests.permissions.marks import what_is_asked_of_marks
from tests.permissions.parades import with_a_parade
from tests.permissions.portfolios import with_a_portfolio
from tests.permissions.practice import with_practice
from tests.permissions.qualifications import what_is_held
from tests.permissions.recruits import in_training
from tests.permissions.rooms import with_a_room
from tests.permissions.schemes import under_a_scheme
from tests.permissions.team import a_team


@contextmanager
def world_made(blocker: Any) -> Iterator[World]:
    """Let a module's tests ask the world. ``blocker`` is pytest-django's ``django_db_blocker``.

    It is asked for longer than its last entries may wait for the seal, and nobody seals them.
    """
    with blocker.unblock(), databases.instead(databases.second()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(silence, "SEALED_WITHIN", timedelta(days=1))
        cache.clear()
        yield _the_world()
    cache.clear()


@once
def _the_world() -> World:
    """Make the world where nobody else looks; its transaction is never committed."""
    block = transaction.atomic()
    block._from_testcase = True
    block.__enter__()
    return make_world()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, for the tests of a module; imported by the modules that ask it."""
    with world_made(django_db_blocker) as made:
        yield made


# --- Making it --------------------------------------------------------------------------------------------------------


def make_world() -> World:
    """Write the world into the database there is."""
    made = World()
    units = {"": None, "team": factories.unit("team"), "elsewhere": factories.unit("elsewhere")}
    authoring.family()
    authoring.family("leadership", "Leadership")
    for column, (roles, family, unit) in PERSONS.items():
        made.people[column] = factories.person(column, *roles, family=family, unit=units[unit])
    made.people["Author"] = authoring.trainer("Author")
    for column, person in made.people.items():
        client = Client()
        client.post("/accounts/login/", {"login": person.email, "password": "a long enough password"})
        client.post("/accounts/reauthenticate/", {"password": "a long enough password"})
        made.sessions[column] = client.cookies[settings.SESSION_COOKIE_NAME].value
    _write_a_course(made)
    with_a_bank(made)
    with_adjustments(made)
    _learn(made)
    with_answers_in_files(made)
    what_is_asked_of_marks(made)
    with_practice(made)
    with_a_room(made)
    _log_cpd(made)
    under_a_scheme(made)
    with_a_template(made)
    with_a_parade(made)
    a_team(made)
    what_is_held(made, png("grey"))
    in_training(made)
    with_a_portfolio(made, png("teal"))
    _hand_in(made)
    with_a_pack(made)
    _administer(made)
    return made


def png(colour: str = "navy", size: tuple[int, int] = (40, 30)) -> bytes:
    data = io.BytesIO()
    Pixels.new("RGB", size, colour).save(data, "PNG")
    return data.getvalue()


def _write_a_course(made: World) -> None:
    """A course that is out, and its next list under review."""
    author = made.people["Author"]
    family = authoring.family()
    picture = authoring.picture(collection=collection_of(family))
    type(picture).objects.filter(pk=picture.pk).update(collection=collection_of(family), uploaded_by_user=author)
    paper = authoring.document()
    type(paper).objects.filter(pk=paper.pk).update(collection=collection_of(family), uploaded_by_user=author)
    blocks = (
        ("image", {"image": picture.pk, "alternative": "A landing", "caption": ""}),
        ("document", {"document": paper.pk, "title": "The form"}),
    )
    page = authoring.course(by=author, body=authoring.lesson_body(*blocks))
    others = {"reviewer": authoring.reviewer("Another reviewer"), "approver": authoring.approver("Another approver")}
    first = reviews.submit_course(page, by=author, at=clock.now() - timedelta(days=40))
    reviews.pass_review(first, by=others["reviewer"], at=clock.now() - timedelta(days=39))
    reviews.approve(first, by=others["approver"], at=clock.now() - timedelta(days=38))
    page = CoursePage.objects.get(pk=page.pk)
    authoring.rewrite(authoring.lesson_of(page), "A paragraph more.", by=author)
    second = reviews.submit_course(CoursePage.objects.get(pk=page.pk), by=author, at=clock.now())
    made.people |= {"Another reviewer": others["reviewer"], "Another approver": others["approver"]}
    shown = next(step for step in second.draft["steps"] if step["files"])["files"][0]
    lesson = authoring.lesson_of(page)
    state = page.current_workflow_task_state
    made.places |= {
        "course": page.course.slug,
        "lesson": "the-shortcut",
        "test": "final-test",
        "family": family.slug,
        "course id": str(page.course.pk),
        "page": str(page.pk),
        "family page": str(family.pk),
        "lesson page": str(lesson.pk),
        "module page": str(lesson.get_parent().pk),
        "revision": str(lesson.latest_revision_id),
        "list": str(second.pk),
        "file": f"{shown['digest']}/{shown['name']}",
        "image": str(picture.pk),
        "original": picture.file.name,
        "document": f"{paper.pk}/{paper.filename}",
        "document id": str(paper.pk),
        "task": str(state.task_id),
        "task state": str(state.pk),
        "workflow state": str(state.workflow_state_id),
        "workflow": str(Workflow.objects.get(workflow_pages__page=family).pk),
    }


def _learn(made: World) -> None:
    """What the owner has done: finished, failed, begun, waited for; another officer is on the same course."""
    owner, course = made.people["Owner"], made.places["course"]
    now = clock.now()
    release = CoursePage.objects.get(pk=made.places["page"]).course.current_release
    learning.enrolled(made.people["Officer"], release, at=now - timedelta(days=3))
    mine = learning.enrolled(owner, release, at=now - timedelta(days=9))
    learning.do_lessons(mine, at=now - timedelta(days=8))
    passed = learning.sit(mine, at=now - timedelta(days=8))
    failed_on = learning.release_with_test("ETH-901")
    again = learning.enrolled(owner, failed_on, at=now - timedelta(days=3))
    learning.do_lessons(again, at=now - timedelta(days=1))
    failed = learning.sit(again, right=0, at=now - timedelta(hours=1))
    open_one = learning.release_with_test("ETH-902", minutes=24 * 60)  # the world outlives a test
    third = learning.enrolled(owner, open_one, at=now - timedelta(days=3))
    learning.do_lessons(third, at=now - timedelta(days=1))
    running = learning.sit(third, at=now - timedelta(minutes=5), submit=False)
    for code, demand in (("ETH-903", ReleaseDemand.ACKNOWLEDGE), ("ETH-904", ReleaseDemand.RETAKE)):
        before = learning.release(code=code)
        learning.enrolled(owner, before, at=now - timedelta(days=3))
        learning.release(before.course, demand=demand, demand_reason="The law changed.", at=now - timedelta(days=1))
    waiting = learning.enrolled(owner, learning.release(code="ETH-905", completion="supervisor"))
    learning.do_lessons(waiting, at=now - timedelta(days=1))
    certificate = issue(Certificate.objects.get(officer=owner))
    made.places |= {
        "attempt": str(passed.pk),
        "answered question": "{0.question_id}/{0.number}".format(passed.items.get(position=1).question_version),
        "failed attempt": f"{again.course.slug}/final-test/result/{failed.pk}",
        "running attempt": str(running.pk),
        "begun course": "eth-902",
        "changed course": "eth-903",
        "replaced course": "eth-904",
        "resumed course": third.course.slug,
        "new course": learning.release(code="ETH-906").course.slug,
        "enrolment": str(waiting.pk),
        "certificate": str(certificate.pk),
        "certified course": certificate.subject,
        "code": certificate.code,
        "entry": str(certificate.entry_id),
        "result": f"{course}/final-test/result/{passed.pk}",
    }
    assert Attempt.objects.filter(officer=owner).count() == 3


def logged(made: World, title: str = "A briefing", *, by: str = "Owner") -> Activity:
    """Log a draft of thirty minutes for yesterday."""
    return activities.log_activity(
        made.people[by],
        title=title,
        kind="briefing",
        day=clock.today() - timedelta(days=1),
        minutes=30,
        learned="Say the time aloud.",
        client_token=uuid4(),
        at=clock.now(),
        is_another=True,
    )


def handed_in(made: World, *, by: str = "Owner", to: str = "Supervisor") -> Activity:
    """Log an activity and hand it in."""
    activity = logged(made, "An exercise", by=by)
    return activities.submit_activity(activity, by=activity.officer, verifier=made.people[to], at=clock.now())


def _log_cpd(made: World) -> None:
    owner, now = made.people["Owner"], clock.now()
    draft, waiting, shared = logged(made), handed_in(made), handed_in(made)
    upload = SimpleUploadedFile("a.png", png(), "image/png")
    private = attach_file(draft, checked_file(upload), by=owner, at=now)
    upload.seek(0)
    seen = attach_file(shared, checked_file(upload), by=owner, at=now)
    activities.share_reflection(shared, by=owner, at=now)
    made.places |= {
        **_verified_cpd(made),
        **_planned(made),
        "draft": str(draft.pk),
        "draft file": str(private.pk),
        "handed in": str(waiting.pk),
        "shared": str(shared.pk),
        "shared file": str(seen.pk),
    }


def _hand_in(made: World) -> None:
    """A list of past records that the training administrator has handed in."""
    number = made.people["Owner"].service_number
    run = take_file(
        RECORDS,
        io.BytesIO(f"service number,title,day\n{number},A course,2020-01-01\n".encode()),
        name="list.csv",
        options={"source": "Old system"},
        by=made.people["Training admin"],
        at=clock.now(),
        on=clock.today(),
    )
    made.places["import"] = str(run.pk)


def _verified_cpd(made: World) -> dict[str, str]:
    """What is verified, with a correction asked for another one; what is proposed to be rejected; a briefing to confirm."""
    owner, supervisor, now = made.people["Owner"], made.people["Supervisor"], clock.now()
    verified = activities.verify_activity(handed_in(made), by=supervisor, at=now)
    wrong = activities.verify_activity(handed_in(made), by=supervisor, at=now)
    summary = {**vars(activities.summary_of(wrong)), "minutes": 20}
    del summary["begins"], summary["ends"]
    correction = activities.ask_for_correction(wrong, by=owner, at=now, reason="It was 20 minutes.", **summary)
    proposed = activities.propose_rejection(
        handed_in(made), by=supervisor, second=made.people["Assessor"], reason="It is not learning.", at=now
    )
    briefing = activities.record_briefing(
        supervisor,
        title="Briefing on the new order",
        kind="briefing",
        day=clock.today(),
        minutes=20,
        about="What changed on Monday.",
        officers=[owner],
        at=now,
    )
    return {
        "verified": str(verified.pk),
        "correction": str(correction.pk),
        "proposed": str(proposed.pk),
        "briefing": str(briefing.pk),
    }


def _planned(made: World) -> dict[str, str]:
    """A plan, a template of one's own, something half written, something on two days."""
    owner, now = made.people["Owner"], clock.now()
    item = activities.plan_learning(owner, title="Learn to interview", why="I want to.", due_on=None, at=now)
    template = activities.keep_as_template(logged(made, "A weekly talk"), by=owner)
    offered = activities.offer_template(
        activities.Offered("A briefing", "briefing", 15, None, True, None), by=made.people["Trainer"]
    )
    token, series = uuid4(), uuid4()
    activities.keep_unfinished(
        owner, token=token, fields={"title": "Half"}, seen=activities.Seen(None, page=uuid4(), sequence=1), at=now
    )
    activities.log_on_days(
        owner,
        days=[(clock.today() - timedelta(days=back), 10) for back in (9, 8)],
        client_token=series,
        title="A course of two days",
        kind="other",
        learned="One thing a day.",
        at=now,
    )
    return {
        "plan item": str(item.pk),
        "own template": str(template.pk),
        "template": str(offered.pk),
        "competency": str(Competency.objects.get(code="analyse").pk),
        "principle": str(EthicalPrinciple.objects.earliest("order", "code").pk),
        "unfinished": str(token),
        "series": str(series),
    }


def reset_link(person: User) -> str:
    """Return the last part of the address in a mail about a forgotten password."""
    mail.outbox.clear()
    Client().post("/accounts/password/reset/", {"email": person.email})
    [message] = mail.outbox
    return next(word for word in message.body.split() if "/reset/key/" in word).rstrip("/").rsplit("/", 1)[1]


def passkey(person: User) -> int:
    """Register a passkey as a browser would have done it, and return its number."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"phone", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(sha256(b"testserver"), flags, 0, credential)
    asked = CollectedClientData.create("webauthn.create", b"a challenge long enough", "http://testserver")
    response = {
        "clientDataJSON": websafe_encode(asked),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    sent = {
        "id": "cGhvbmU",
        "rawId": "cGhvbmU",
        "type": "public-key",
        "clientExtensionResults": {},
        "response": response,
    }
    data = {"name": "Phone", "passwordless": True, "credential": sent}
    return int(Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data).pk)


def _administer(made: World) -> None:
    """What the admin is asked about."""
    officer, site = made.people["Officer"], Site.objects.get(is_default_site=True)
    held = made.people["Assessor"].roles_held.get()
    logo = authoring.picture("Logo")
    settings_of_force = ForceSettings.for_site(site)
    settings_of_force.logo = logo
    settings_of_force.save()
    made.places |= {
        "no page": "no-such-page",
        "no word": "no-such-word",
        "no key": "no-such-key",
        "logo": force().logo_name,
        "reset link": reset_link(made.people["Learner"]),
        "passkey": str(passkey(made.people["Owner"])),
        "person": str(officer.pk),
        "assessor": str(held.officer_id),
        "role held": str(held.pk),
        "group": str(made.people["Trainer"].groups.get().pk),
        "site": str(site.pk),
        "collection": str(Collection.objects.exclude(depth=1).earliest("pk").pk),
        "force settings": str(site.pk),  # Wagtail opens the settings of a site by the site's own key
        "another certificate": str(award(officer, subject="OTHER-1").pk),
    }
    full, rest = divmod(seal_now().size, 256)
    made.places |= {"level": "entries", "place": f"{full:03}.p/{rest}" if rest else f"{full - 1:03}"}
