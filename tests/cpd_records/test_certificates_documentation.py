"""What the documentation tells an outsider to do is done here, with an issued certificate and nothing of ours."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.sealing import seal_now
from tests.cpd_records.certificate_acts import award, issue, issued, stored_bytes

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "certificates.md"


@pytest.fixture
def check(tmp_path):
    """Return a function that detaches what a file carries and runs the documented programme over it."""
    (programme,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "check.py"
    script.write_text(programme, encoding="utf-8")

    def run(pdf, key):
        file = tmp_path / "certificate.pdf"
        file.write_bytes(pdf)
        subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, file], check=True, capture_output=True)
        arguments = [sys.executable, script, "certificate.json", "certificate.tlog-proof", key]
        return subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_the_documented_check_proves_a_certificate(person, check):
    for _ in range(5):
        award(person())
    certificate = issued(person("Alexandra Bell"))
    done = check(stored_bytes(certificate), str(verifier_keys()[0]))
    assert done.returncode == 0, done.stderr
    assert "Proven: entry" in done.stdout
    assert "name: Alexandra Bell" in done.stdout
    assert f"subject: {certificate.code}" in done.stdout


def test_the_documented_check_holds_for_every_place_in_a_ragged_tree(person, check):
    certificates = [award(person(f"Person {number}")) for number in range(4)]
    seal_now()
    for certificate in certificates:
        assert check(stored_bytes(issue(certificate)), str(verifier_keys()[0])).returncode == 0


def test_the_documented_check_refuses_another_key(person, check):
    other = "force.example/ledger+84b58443+AVdSZFBLjCE9mrtkgEfwatRfszVXkv0hkPAHJVp4+Skc"
    assert check(stored_bytes(issued(person("Bo"))), other).returncode != 0


def test_an_unrelated_tool_finds_the_signature_valid(person, tmp_path):
    file = tmp_path / "certificate.pdf"
    file.write_bytes(stored_bytes(issued(person("Bo"))))
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
