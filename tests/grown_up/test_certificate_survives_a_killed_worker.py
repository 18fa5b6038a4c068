"""A worker killed in the middle of a certificate costs a few seconds: one file, one row, one entry come of it."""

AWARD = """
from datetime import date
from django.db import transaction
from cpd_records.certificates import award_certificate
from cpd_records.ledger.entries import append_entry
from people import clock
from people.models import User
officer = User.objects.create_user("700001", "killed@force.example", "Somebody Certified", None)
with transaction.atomic():
    entry = append_entry(kind="completion", officer=officer.public_id, day=date(2026, 11, 2), payload={"title": "Stop and search"},
                         minutes=240, subject="SPEC-110")
    certificate = award_certificate(officer, subject="SPEC-110", title="Stop and search", release_label="Release 1", minutes=240,
                                    awarded_on=date(2026, 11, 2), valid_until=date(2028, 11, 2), completion_entry=entry,
                                    assessed=True, at=clock.now())
print(json.dumps(str(certificate.pk)))
"""
IN_THE_MIDDLE = """
SELECT 1 FROM people_waitingwork w JOIN cpd_records_sealedplace p ON p.entry_id =
  (SELECT entry_id FROM cpd_records_certificate WHERE id = %s)
WHERE w.kind = 'issue_certificate' AND w.key = %s AND w.leased_until > now() AND w.done_at IS NULL
"""
ISSUED = "SELECT file, sha256 FROM cpd_records_certificate WHERE id = %s AND issued_at IS NOT NULL"


def test_a_worker_killed_in_the_middle_of_a_certificate_loses_nothing_and_doubles_nothing(grown_up):
    certificate = grown_up.does(AWARD)
    grown_up.starts("beat", "-s", str(grown_up.var / "beat"), "--max-interval", "1")
    worker = grown_up.starts("worker", "--queues", "celery,seal", "--concurrency", "1")
    grown_up.waits_until(
        lambda: grown_up.asks(IN_THE_MIDDLE, certificate, certificate),
        what="a worker held the work",
        pause=0.005,
        turns=12000,
    )
    grown_up.kills(worker)
    assert not grown_up.asks(ISSUED, certificate)

    grown_up.starts("worker", "--queues", "celery,seal", "--concurrency", "1")
    [(file, digest)] = grown_up.waits_until(
        lambda: grown_up.asks(ISSUED, certificate), what="the certificate was issued"
    )

    assert digest
    folder = grown_up.var / "var" / "private"
    assert [str(path.relative_to(folder)) for path in folder.rglob("*.pdf")] == [file]
    assert grown_up.asks("SELECT count(*) FROM cpd_records_certificate") == [(1,)]
    assert grown_up.asks("SELECT count(*) FROM cpd_records_readablepart WHERE kind = 'certificate_issued'") == [(1,)]


def test_work_asked_for_is_done_by_a_worker_without_waiting_for_the_sweep(grown_up):
    grown_up.starts("worker", "--queues", "celery,seal", "--concurrency", "1")
    certificate = grown_up.does(AWARD)
    grown_up.does("from cpd_records.ledger.sealing import seal_now; print(json.dumps(str(seal_now())))")
    grown_up.does("from people.work import sweep_once; print(json.dumps(sweep_once()))")
    grown_up.waits_until(lambda: grown_up.asks(ISSUED, certificate), what="the certificate was issued")
