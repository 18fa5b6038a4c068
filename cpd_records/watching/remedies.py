"""What to do about each kind of harm that a verification names, in words."""

from __future__ import annotations

from collections.abc import Iterable

_EVIDENCE = (
    "Evidence differs from what was signed. Change nothing, keep the newest backups, and have it looked into: when did it change, and who "
    "had the database? What is put right is restored from a backup from before."
)
_CHECKPOINTS = (
    "The ledger does not fit what it signed, or what was kept of it. Change nothing, keep the newest backups and the folder of kept "
    "checkpoints, and compare them with one kept elsewhere: 'manage.py ledger_verify --against'. Was a backup restored? "
    "Then do as 'After a restore' in the guide to running this site says."
)
REMEDIES = {
    "tile": "Tiles are made from the evidence: run 'manage.py ledger_rebuild', which makes them and their files anew.",
    "projection": "Standings are reckoned from the evidence: run 'manage.py ledger_rebuild', which makes them anew.",
    "trigger": (
        "Whoever has the database may write over the evidence now. Find out who changed the trigger and why, look at what was written "
        "since, and make it again from the migration that made it; drop one that nobody expects."
    ),
    "certificate": (
        "What is said of a certificate is not what the ledger says. Tell nobody that it stands until it is looked into; the entry named is "
        "right, and the row is restored from a backup that agrees with it."
    ),
    "certificate file": "The file is handed to nobody meanwhile. Restore it from a backup: its name and its digest are in its row.",
    "time": "A clock ran ahead. Set the clocks right; the page says until when stamps follow the time that was given.",
    **dict.fromkeys(("root", "checkpoint", "signature", "against"), _CHECKPOINTS),
}


def remedies_for(kinds: Iterable[str]) -> list[str]:
    """Return what to do about harm of these kinds, each sentence once, what touches the evidence first."""
    wanted = {REMEDIES.get(kind, _EVIDENCE) for kind in kinds}
    return [said for said in dict.fromkeys((_EVIDENCE, _CHECKPOINTS, *REMEDIES.values())) if said in wanted]
