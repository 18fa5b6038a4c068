"""What the world needs to be asked about evidence: a pack about the owner, everything held on them; and what is posted for a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from courses.evidence.building import ask_for_pack, build_pack
from cpd_records import activities
from cpd_records.erasures.asking import ask_for_erasure
from cpd_records.erasures.foreseeing import foresee, foresee_within
from cpd_records.erasures.reaching import reach_of
from cpd_records.ledger.holds import place_hold
from cpd_records.models import DueForDisposal, ErasureRequest
from people import clock
from people.models import User
from tests import factories
from tests.training_site.erasures.acts import an_activity, entry_of, long_ago
from training_site.erasing import ALL_PLANS
from training_site.everything import ask_for_everything, ask_on_behalf, make_everything

if TYPE_CHECKING:
    from tests.permissions.asking import World


def with_a_pack(made: World) -> None:
    """There are a pack about the owner, everything held on them, an erasure asked for, something due for disposal; a hold on another."""
    owner, asker = made.people["Owner"], made.people["Disclosure officer"]
    asked = ask_for_pack(owner, on=clock.today(), known_at=None, purpose="An inquest", by=asker, at=clock.now())
    build_pack(str(asked.pk))
    everything = ask_for_everything(owner, by=owner, at=clock.now())
    make_everything(str(everything.pk))
    made.places |= {"pack": str(asked.pk), "everything": str(everything.pk)}
    leaver = factories.person("Leaver")
    leaver.is_active = False
    leaver.save(update_fields=["is_active"])
    theirs = ask_on_behalf(leaver, purpose="Their request", by=asker, at=clock.now())
    make_everything(str(theirs.pk))
    made.places |= {"leaver": str(leaver.public_id), "leaver file": str(theirs.pk)}
    entry_of(leaver, long_ago(9))
    DueForDisposal.objects.create(officer=leaver, counts={"cpd": 1}, records=1, found_at=clock.now())
    hold = place_hold(made.people["Learner"], reason="An inquest", by=asker, at=clock.now())
    made.places["hold"] = str(hold.pk)
    draft = an_activity(made.people["Learner"], clock.today())
    activities.discard_activity(draft, by=made.people["Learner"], at=clock.now())
    made.people["Second"] = factories.person("Second disclosure officer", "disclosure-officer")
    found = foresee(owner, ALL_PLANS, ground="order", on=clock.today())
    request = ask_for_erasure(
        owner,
        ground="order",
        classes=["cpd"],
        reason="An order",
        foreseen=found,
        seen=found.digest,
        by=made.people["Second"],
        at=clock.now(),
    )
    DueForDisposal.objects.create(officer=owner, counts={"cpd": 2}, records=2, found_at=clock.now())
    made.places |= {"erasure": str(request.pk), "officer": str(made.people["Officer"].public_id)}


def a_pack(world: World) -> dict[str, Any]:
    who, today = world.people["Owner"].service_number, clock.today().isoformat()
    return {"who": who, "on": today, "known_on": "", "purpose": "A misconduct hearing"}


def an_erasure(world: World) -> dict[str, Any]:
    found = foresee(world.people["Officer"], ALL_PLANS, ground="order", on=clock.today())
    return {"ground": "order", "classes": ["cpd"], "reason": "A court ordered it", "seen": found.digest}


def disposal(world: World) -> dict[str, Any]:
    leaver = User.objects.get(public_id=world.places["leaver"])
    found = foresee(leaver, ALL_PLANS, ground="retention", on=clock.today())
    return {
        "classes": ["cpd"],
        "reason": "Its time is over",
        f"seen-{leaver.public_id}": found.digest,
        "who": leaver.public_id,
    }


def decisions(world: World) -> dict[str, Any]:
    request, said = world.places["erasure"], a_decision(world)
    return {"chosen": [request], "reason": "Checked", "decision": "approve", f"seen-{request}": said["seen"]}


def a_decision(world: World) -> dict[str, Any]:
    request = ErasureRequest.objects.select_related("officer").get(pk=world.places["erasure"])
    found = foresee_within(reach_of(request), ALL_PLANS, classes=request.classes)
    return {"reason": "Checked", "decision": "approve", "seen": found.digest}


def a_hold(world: World) -> dict[str, Any]:
    return {"who": world.people["Owner"].service_number, "reason": "An inquest"}
