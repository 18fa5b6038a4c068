"""An evidence pack says what somebody was taught, answered and held on a day, as recorded by a time; the same question, the same bytes."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from datetime import timedelta

import pikepdf
import pytest
from django.db import DatabaseError, transaction

from courses.evidence.building import PackRefused
from courses.models import EvidencePack, ReflectionNote
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.proofs import opening_of
from cpd_records.models import Activity, LedgerEntry
from people import clock
from tests.courses.evidence.acts import THE_DAY, TODAY, filled, opened, packed, said, then
from tests.courses.factories import enrolled, release
from tests.cpd_records.certificate_acts import text_of
from tests.cpd_records.cpd_acts import response_team, verified
from tests.cpd_records.currency.acts import award, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def olu():
    return filled()


def test_it_says_what_was_taught_with_the_text_of_the_release_and_when_each_step_was_finished(olu):
    data, _made = packed(olu, known_at=then())
    course = said(data)["taught"][0]
    assert (course["course"], course["release"], course["outcome"]) == ("ETH-901", 1, "completed")
    assert [bool(step["finished_at"]) for step in course["steps"]] == [True, True, True]
    pack = opened(data)
    page = pack.read("taught/eth-901-release-1/01-lesson-1.html").decode()
    assert "The text of Lesson 1." in page


def test_it_says_every_attempt_with_questions_answers_and_marks(olu):
    first, second = said(packed(olu, known_at=then())[0])["attempts"]
    assert (first["outcome"], first["score_millionths"]) == ("failed", 250_000)
    assert (second["outcome"], second["score_millionths"]) == ("passed", 750_000)
    assert [question["answer"] for question in second["questions"]] == ["Say so"] * 3 + ["Say nothing"]
    assert [question["mark_millionths"] for question in second["questions"]] == [1_000_000] * 3 + [0]
    assert {question["right_answer"] for question in second["questions"]} == {"Say so"}


def test_it_says_how_the_officer_stood_and_why_and_who_granted_an_exception(olu):
    told = said(packed(olu, known_at=then())[0])
    verdicts = {one["code"]: one for one in told["currency"]["qualifications"]}
    assert verdicts["PPST"]["verdict"] == "in_date"
    assert verdicts["PPST"]["reasons"]
    assert verdicts["FALP"]["verdict"] == "never_held"
    exception = told["decisions"][0]
    assert (exception["kind"], exception["by"]) == ("excepted", "Inspector C. Demo")
    assert (exception["reason"], exception["conditions"]) == ("Instructors are short", "Not in charge of a serial")
    assert {(one["what"], one["title"]) for one in told["places"]} >= {
        ("Unit", "Central North BCU"),
        ("Rank", "Constable"),
        ("Role", "Response officer"),
    }


def test_what_was_recorded_later_counts_only_without_a_moment_or_with_a_later_one(olu):
    assert "FALP" not in {entry["says"].get("subject") for entry in said(packed(olu, known_at=then())[0])["entries"]}
    late = {entry["says"].get("subject") for entry in said(packed(olu)[0])["entries"]}
    assert "FALP" in late


def test_what_happened_after_the_day_is_not_told(olu):
    before = said(packed(olu, on=THE_DAY - timedelta(days=12))[0])
    assert before["attempts"] == []
    assert [step["finished_at"] for step in before["taught"][0]["steps"]] == [None, None, None]
    assert before["taught"][0]["outcome"] is None


def test_it_names_the_tree_it_rests_on_and_before_the_first_checkpoint_that_is_nothing(olu):
    rests_on = said(packed(olu, known_at=then())[0])["rests_on"]
    assert rests_on["tree_size"] == packed(olu, known_at=then())[1].tree_size > 1
    assert not rests_on["provisional"]
    nothing = said(packed(olu, known_at=then() - timedelta(days=400))[0])
    assert nothing["rests_on"]["tree_size"] == 0
    assert nothing["entries"] == []


def test_a_moment_after_the_last_checkpoint_is_answered_as_provisional(olu):
    assert said(packed(olu, known_at=clock.now() + timedelta(days=1))[0])["rests_on"]["provisional"]


def test_the_same_question_gives_the_same_bytes_whatever_was_recorded_since(olu):
    first, made = packed(olu, known_at=then())
    assert made.sha256 == hashlib.sha256(first).hexdigest()
    award(olu, "UOF", THE_DAY - timedelta(days=5))
    enrolled(olu, release(code="ETH-902"), at=clock.now())
    seal()
    again, again_made = packed(olu, known_at=then())
    assert again == first
    assert (again_made.sha256, again_made.size) == (made.sha256, len(first))


def test_every_file_is_in_the_manifest_with_its_digest(olu):
    pack = opened(packed(olu, known_at=then())[0])
    listed = dict(reversed(line.split("  ", 1)) for line in pack.read("MANIFEST-SHA256.txt").decode().splitlines())
    assert set(listed) == set(pack.namelist()) - {"MANIFEST-SHA256.txt"}
    assert all(hashlib.sha256(pack.read(name)).hexdigest() == digest for name, digest in listed.items())


def test_each_sealed_entry_is_proved_by_its_proof_and_opening(olu):
    data, _made = packed(olu, known_at=then())
    pack, told = opened(data), said(data)
    assert told["entries"]
    for entry in told["entries"]:
        proof, opening = pack.read(entry["proof"]).decode(), pack.read(entry["opening"]).decode()
        assert f"index {entry['index']}\n" in proof
        assert pack.read("ledger/checkpoint.txt").decode() in proof
        assert opening_of(LedgerEntry.objects.get(pk=entry["entry"]))["payload"] in json.loads(opening)["payload"]


def test_the_verifier_it_carries_finds_that_every_proof_holds(olu, tmp_path):
    opened(packed(olu, known_at=then())[0]).extractall(tmp_path)
    for proof in sorted((tmp_path / "proofs").glob("*.tlog-proof")):
        opening = proof.with_name(proof.name.replace(".tlog-proof", ".opening.json"))
        asked = [sys.executable, "verify_ledger.py", "proof", proof, opening, "--key", "ledger/key.txt"]
        answer = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        assert "All of it holds for this entry." in answer.stdout


def test_what_is_not_sealed_yet_is_said_and_has_no_proof(olu):
    award(olu, "UOF", THE_DAY)
    told = said(packed(olu)[0])
    assert told["rests_on"]["unsealed"] == 1
    assert [entry["proof"] for entry in told["entries"] if entry["index"] is None] == [None]


def test_where_entries_were_erased_the_pack_says_so(olu):
    first = said(packed(olu, known_at=then())[0])["entries"][0]["entry"]
    erase_readable_part(LedgerEntry.objects.get(pk=first), retention_class="cpd", authority="Test", at=clock.now())
    data, _made = packed(olu, known_at=then())
    assert said(data)["rests_on"]["erased"] == 1
    assert "1 older entry was lawfully erased" in " ".join(text_of(opened(data).read("evidence.pdf")).split())


def test_the_document_is_a_tagged_pdf_that_says_who_asked_and_why_on_every_page(olu):
    pdf = opened(packed(olu, known_at=then())[0]).read("evidence.pdf")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        pages = len(document.pages)
    words = " ".join(text_of(pdf).split())
    assert words.count("Asked for by the service's operator, on the command line: Inquest, case 12") == pages
    assert f"Page {pages} of {pages}" in words
    assert "Instructors are short" in words
    assert "What was taught, word for word" in words


def test_the_tables_hold_the_same_and_no_cell_runs(olu):
    pack = opened(packed(olu, known_at=then())[0])
    answers = list(csv.DictReader(io.StringIO(pack.read("tables/answers.csv").decode("utf-8-sig"))))
    assert len(answers) == 8
    assert answers[-1]["Answer"] == "Say nothing"
    assert {name for name in pack.namelist() if name.startswith("tables/")} == {
        f"tables/{name}.csv" for name in ("taught", "attempts", "answers", "currency", "decisions", "entries")
    }


def test_what_an_officer_wrote_for_themselves_is_never_in_it(olu):
    enrolment = olu.enrolments.get()
    ReflectionNote.objects.create(enrolment=enrolment, step="lesson-1", slot="r", text="My own words", at=then())
    pack = opened(packed(olu)[0])
    everything = b"".join(pack.read(name) for name in pack.namelist()) + text_of(pack.read("evidence.pdf")).encode()
    assert b"My own words" not in everything


def test_a_reflection_on_verified_cpd_is_in_it_only_where_the_officer_shared_it():
    team = response_team()
    activity = verified(team)
    Activity.objects.filter(pk=activity.pk).update(reflection="I will ask sooner")
    assert said(packed(team["officer"], on=TODAY)[0])["shared_reflections"] == []
    Activity.objects.filter(pk=activity.pk).update(reflection_shared=True)
    shared = said(packed(team["officer"], on=TODAY)[0])["shared_reflections"]
    assert [one["reflection"] for one in shared] == ["I will ask sooner"]


def test_that_it_was_built_is_a_row_with_purpose_that_nobody_changes_or_deletes(olu):
    _data, made = packed(olu)
    row = EvidencePack.objects.get()
    assert (row.purpose, row.officer, row.asked_by) == ("Inquest, case 12", olu, None)
    for act in (
        lambda: EvidencePack.objects.update(purpose="Something else"),
        lambda: EvidencePack.objects.all()._raw_delete("default"),
        lambda: type(made).objects.update(sha256="0" * 64),
        lambda: type(made).objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_pack_without_a_purpose_or_of_a_day_to_come_is_refused(olu):
    with pytest.raises(PackRefused, match="what the pack is for"):
        packed(olu, purpose="  ")
    with pytest.raises(PackRefused, match="a day that has begun"):
        packed(olu, on=TODAY + timedelta(days=1))
    assert not EvidencePack.objects.exists()
