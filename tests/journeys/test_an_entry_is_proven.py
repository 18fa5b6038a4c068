"""An officer shows an entry of their record to somebody outside, who checks it without us; an auditor reads whether the ledger holds."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import ReadablePart
from cpd_records.watching.nightly import verify_night
from people import clock
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.currency.acts import award, seal
from tests.cpd_records.ledger_acts import run
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE


def test_an_entry_is_proven_to_a_stranger_and_harm_to_it_is_shown_to_an_auditor(visitor, tmp_path):
    olu = stories.person("Olu Demo")
    award(olu, "FALP", clock.today() - timedelta(days=30))
    seal()

    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, olu)
    officer.goes_to("/my/record/")
    officer.page.get_by_role("link", name="Proof").first.click()
    officer.sees_heading("Proof of an entry")
    proof = officer.downloads("Proof of its place", tmp_path)
    opening = officer.downloads("What it says", tmp_path)

    # The stranger takes the programme and the key, and has both files from the officer.
    stranger = visitor()
    stranger.goes_to("/verify/how-it-works/")
    programme = stranger.downloads("verify_ledger.py", tmp_path)
    command = [sys.executable, "-I", programme, "proof", proof, opening, "--key", str(verifier_keys()[0])]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "All of it holds for this entry." in said
    assert "First aid" in said

    verify_night(clock.today().isoformat())
    kieran = stories.person("Kieran Demo", "auditor")
    auditor = visitor()
    stories.signs_in(auditor, kieran)
    auditor.follows("Ledger")
    auditor.sees("1 entry, each with its place")

    entry = ReadablePart.objects.get(officer=olu.public_id).entry_id
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET subject = 'CED'")
    verify_night((clock.today() + timedelta(days=1)).isoformat())
    auditor.goes_to("/ledger/")
    auditor.sees("Found wanting")
    auditor.sees(str(entry))
    auditor.sees("the column says subject is 'CED', the payload 'FALP'")
