"""Every look at another's record is recorded, so that the officer can see who looked; one's own is none, nor is what names nobody."""

from __future__ import annotations

import pytest

from people.models import Look
from tests.permissions.asking import World, undone
from tests.permissions.world import world  # noqa: F401

# Where somebody reads something of the owner's: the address, who reads, what the owner is told of where it was.
READS = [
    ("/team/", "Supervisor", "Team board"),
    ("/team/board.csv", "Supervisor", "Team board as a file"),
    ("/team/board.xlsx", "Supervisor", "Team board as a file"),
    ("/team/cpd/", "Supervisor", "CPD to verify"),
    ("/team/cpd/", "Assessor", "CPD to verify"),
    ("/team/cpd/<handed in>/", "Supervisor", "Your CPD activity"),
    ("/team/cpd/<handed in>/reject/", "Supervisor", "Your CPD activity"),
    ("/team/cpd/<proposed>/", "Assessor", "Your CPD activity"),
    ("/cpd/<shared>/files/<shared file>/", "Supervisor", "Your CPD activity"),
    ("/team/cpd/corrections/<correction>/", "Supervisor", "A correction you asked for"),
    ("/team/briefings/<briefing>/", "Supervisor", "A briefing"),
    ("/team/cpd/declarations/", "Supervisor", "Declarations to confirm"),
    ("/intakes/recruits/<recruit>/", "Officer", "Initial training"),
    ("/intakes/recruits/<recruit>/notes/", "Supervisor", "Tutor’s notes"),
    ("/intakes/<intake>/", "Training admin", "Intake "),
    ("/intakes/<intake>/week/", "Training admin", "Intake "),
    ("/intakes/<intake>/board.csv", "Training admin", "Intake "),
    ("/intakes/<intake>/report.xlsx", "Auditor", "Intake "),
    (
        "/intakes/recruits/<recruit>/as-known/?on_day=1&on_month=5&on_year=2026&known_on_day=1&known_on_month=5&known_on_year=2026",
        "Auditor",
        "Initial training",
    ),
    ("/team/recruits/", "Supervisor", "Week of your recruits"),
    ("/certificates/<certificate>/", "Auditor", "Certificate "),
    ("/certificates/<certificate>/", "Disclosure officer", "Certificate "),
    ("/learn/confirm/<enrolment>/", "Supervisor", "A course to confirm"),
    ("/intakes/recruits/<recruit>/portfolio/", "Supervisor", "Portfolio"),
    ("/intakes/recruits/<recruit>/portfolio/<item>/", "IQA", "Portfolio"),
    ("/portfolios/files/<item>/<item file>/", "Auditor", "Portfolio"),
    ("/portfolios/", "Assessor", "Portfolios to judge"),
    ("/portfolios/samples/<portfolio sample>/", "Auditor", "Portfolios, quality sample"),
    ("/portfolios/samples/<portfolio sample>/<sampled>/", "IQA", "Portfolio"),
    ("/assess/rooms/<room>/", "Trainer", "Exam room "),
    ("/assess/rooms/<room>/log/", "Auditor", "Exam room "),
    ("/assess/rooms/<room>/log.csv", "IQA", "Exam room "),
    ("/adjustments/<team officer>/", "Training admin", "Adjustments"),
    ("/adjustments/<team officer>/<adjustment>/correct/", "Training admin", "Adjustments"),
    ("/qualifications/people/<team officer>/recorded/", "Auditor", "Qualifications"),
    ("/qualifications/proposals/<proposal>/", "Training admin", "A change of your record"),
    ("/evidence/packs/", "Auditor", "Evidence packs"),
    ("/evidence/erasures/", "Auditor", "Erasures"),
    ("/evidence/erasures/due/", "Auditor", "Due for disposal"),
    ("/evidence/erasures/<erasure>/", "Disclosure officer", "Erasures"),
    ("/evidence/erasures/waiting/", "Disclosure officer", "Erasures"),
    ("/evidence/packs/<pack>.zip", "Auditor", "Evidence pack"),
    ("/admin/class-lists/<course id>/?show=finished", "Trainer", "Class list of "),
    ("/admin/class-lists/<course id>/?show=finished", "System admin", "Class list of "),
]
OWN = [
    "/portfolios/files/<item>/<item file>/",
    "/my/portfolio/",
    "/intakes/recruits/<recruit>/notes/",
    "/cpd/<shared>/files/<shared file>/",
    "/certificates/<certificate>/",
    "/cpd/<handed in>/",
    "/my/record/",
]
# Nobody's record is read there: numbers without names, rules, and lists of one's own making.
NOBODYS = [
    ("/team/compare/", "Supervisor"),
    ("/intakes/<intake>/report/", "Training admin"),
    ("/intakes/report/", "Auditor"),
    ("/intakes/counts.csv", "Auditor"),
    ("/cpd/samples/", "Auditor"),
    ("/portfolios/samples/", "Auditor"),
    ("/imports/<import>/", "Training admin"),
    ("/imports/<import>/report.csv", "Training admin"),
]


@pytest.mark.parametrize(("pattern", "reader", "where"), READS)
def test_the_officer_sees_who_read_what_of_theirs(world: World, pattern: str, reader: str, where: str) -> None:  # noqa: F811
    with undone():
        Look.objects.all().delete()  # the world looked at its owner when it was made
        for _twice in range(2):
            answer = world.client(reader).get(world.address(pattern))
            assert answer.status_code in (200, 202)
        looks = Look.objects.of(world.people["Owner"]).filter(looker=world.people[reader])
        assert [look.where for look in looks if look.where.startswith(where)], list(looks)
        assert len(looks) == 1, "the same sight twice in an hour is one look"
        assert looks[0].saw in world.client("Owner").get("/my/record/looks/").content.decode()


@pytest.mark.parametrize("pattern", OWN)
def test_reading_what_is_ones_own_is_no_look(world: World, pattern: str) -> None:  # noqa: F811
    with undone():
        assert world.client("Owner").get(world.address(pattern)).status_code in (200, 202)
        assert not Look.objects.filter(looker=world.people["Owner"]).exists()


@pytest.mark.parametrize(("pattern", "reader"), NOBODYS)
def test_what_shows_nobodys_record_is_no_look(world: World, pattern: str, reader: str) -> None:  # noqa: F811
    with undone():
        Look.objects.all().delete()  # the world's own people looked when it was made
        assert world.client(reader).get(world.address(pattern)).status_code == 200
        assert not Look.objects.filter(looker=world.people[reader]).exists()


def test_who_is_refused_has_seen_nothing(world: World) -> None:  # noqa: F811
    with undone():
        Look.objects.all().delete()
        assert world.client("Supervisor elsewhere").get(world.address("/team/cpd/<handed in>/")).status_code == 404
        assert (
            world.client("Trainer elsewhere").get(world.address("/admin/class-lists/<course id>/")).status_code == 404
        )
        assert not Look.objects.exists()
