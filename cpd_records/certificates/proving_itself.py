"""What a file proves by itself that is byte for byte the one we issued, where we hold nothing any more of what it said.

Each check says whether it holds, and nothing of what the file says.
"""

from __future__ import annotations

from cpd_records.certificates import keys
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.proving import CHECKPOINT, CREDENTIAL, INCLUSION, SENT_IS_OURS, SIGNATURE, Check
from cpd_records.credentials.keys import trusted_keys
from cpd_records.ledger.keys import verifier_keys


def checks_of_sent(pdf: bytes) -> list[Check]:
    """Return the checks of a file as issued, with the keys we trust and no record of ours."""
    proved = check_offline(
        pdf,
        signers=keys.trusted_certificates(),
        ledger_keys=[str(key) for key in verifier_keys()],
        issuers=trusted_keys(),
    )
    is_proven = proved.proven is not None
    checks = [
        Check(
            SIGNATURE,
            proved.signature.is_good,
            "Signed by us" if proved.signature.is_good else "The signature does not hold",
            proved.signature.detail,
        ),
        SENT_IS_OURS,
        Check(
            INCLUSION,
            is_proven,
            "In the public ledger" if is_proven else "Not proven from the ledger",
            "The proof in the file leads from what it says to the ledger."
            if is_proven
            else "The proof in it does not hold.",
        ),
        Check(
            CHECKPOINT,
            proved.has_checkpoint,
            "The ledger’s state is signed" if proved.has_checkpoint else "No signed state of the ledger",
            "With our key, in the file itself."
            if proved.has_checkpoint
            else "The state in it does not bear our signature.",
        ),
    ]
    if proved.has_credential is None:
        return checks
    holds = proved.has_credential
    title = "The badge in it is ours" if holds else "The badge in it does not hold"
    detail = "It is signed by us and says the same as the file." if holds else "It says something else, or was changed."
    return [*checks, Check(CREDENTIAL, holds, title, detail)]
