"""What of a log is harmed and what must be named for it: by table and column; and what is not harmed, each with the reason why.

Whoever adds a column or a table decides here. A column or table in no place is an error.
"""

from __future__ import annotations

COLUMN = {"column", "unreadable"}
CHECKPOINT = {"checkpoint", "signature", "unreadable"}
ERASURE = {"erasure", "unreadable"}
TILE = {"tile"}
CERTIFICATE = {"certificate", "unreadable"}
FILE = {"certificate file"}
PROJECTION = {"projection"}

# Table to column to the kinds one of which must be named; of a column of an entry, about that very entry.
FOUND: dict[str, dict[str, set[str]]] = {
    "ledgerentry": {"id": {"entry", "unreadable"}, "commitment": {"commitment", "leaf", "place"}},
    "readablepart": {
        "entry_id": {"readable part", "unreadable"},
        "payload": {"commitment"},
        "salt": {"commitment"},
        **dict.fromkeys(
            ("officer", "kind", "subject", "day", "minutes", "valid_until", "corrects", "recorded_at"), COLUMN
        ),
    },
    "sealedplace": {"entry_id": {"place", "unreadable"}, "index": {"index"}, "leaf_hash": {"leaf"}},
    "checkpoint": dict.fromkeys(("size", "root", "time", "note"), CHECKPOINT),
    "erasure": {
        "entry_id": {"readable part", "unreadable"},
        **dict.fromkeys(("officer", "retention_class", "authority", "at", "recorded_in_id"), ERASURE),
    },
    "unsealedentry": {"entry_id": {"place", "unreadable"}},
    "certificate": dict.fromkeys(
        (
            "id",
            "officer_id",
            "code",
            "subject",
            "title",
            "awarded_on",
            "valid_until",
            "entry_id",
            "completion_entry_id",
            "created_at",
            "file",
            "sha256",
            "issued_at",
            "issued_entry_id",
            "supersedes_id",
        ),
        CERTIFICATE,
    ),
    "certificaterevocation": dict.fromkeys(
        ("certificate_id", "reason", "public_reason", "revoked_by_id", "revoked_at", "entry_id"), CERTIFICATE
    ),
    "certificatesuspension": dict.fromkeys(
        ("certificate_id", "reason", "suspended_by_id", "suspended_at", "entry_id"), CERTIFICATE
    ),
    "certificatesuspensionend": dict.fromkeys(
        ("suspension_id", "reason", "lifted_by_id", "approved_by_id", "lifted_at", "entry_id"), CERTIFICATE
    ),
    "hashtile": dict.fromkeys(("level", "number", "hashes"), TILE),
    "standing": dict.fromkeys(
        (
            "officer_id",
            "qualification_id",
            "verdict",
            "is_required",
            "valid_from",
            "valid_until",
            "grace_until",
            "lapses_on",
            "changes_on",
        ),
        PROJECTION,
    ),
    "rolestanding": dict.fromkeys(("officer_id", "role_id", "verdict", "until", "changes_on"), PROJECTION),
    "officerstanding": dict.fromkeys(
        ("officer_id", "unit_id", "group", "failing", "first", "posted", "changes_on"), PROJECTION
    ),
    "projected": dict.fromkeys(("name", "size", "row_at", "day"), PROJECTION),
}
NUMBER = "the row's own number, which nothing refers to and nobody is shown"
NOT_EVIDENCE = "not evidence: it says how the ledger is looked after, and is written anew"
SAYS_NOTHING: dict[str, dict[str, str]] = {
    "checkpoint": {"id": NUMBER},
    "certificaterevocation": {"id": NUMBER},
    "certificatesuspension": {"id": "the row's own number; the end that refers to it is found where it leads nowhere"},
    "hashtile": {"id": NUMBER},
    "standing": {"id": NUMBER},
    "rolestanding": {"id": NUMBER},
    "unsealedentry": {"ticket": "only for the order in which entries that wait are sealed"},
    "legalhold": dict.fromkeys(("id", "officer", "reason", "placed_by", "placed_at", "ended_at"), NOT_EVIDENCE),
    "legalholdend": dict.fromkeys(("hold_id", "reason", "lifted_by_id", "at"), NOT_EVIDENCE),
    "sealrefusal": dict.fromkeys(("id", "reason", "refused_at", "ended_at"), NOT_EVIDENCE),
    "askedverification": dict.fromkeys(
        (
            "id",
            "asked_by_id",
            "asked_at",
            "began_at",
            "ended_at",
            "is_running",
            "entries",
            "sealed",
            "size",
            "held_against",
            "problem_count",
            "problems",
        ),
        NOT_EVIDENCE,
    ),
    "nightlyverification": dict.fromkeys(
        (
            "id",
            "night",
            "began_at",
            "ended_at",
            "entries",
            "sealed",
            "size",
            "held_against",
            "kept_as",
            "problem_count",
            "problems",
        ),
        NOT_EVIDENCE,
    ),
}
# Tables of the app that are not harmed here, by why not. One in neither place is an error.
_WORKED_WITH = "not evidence: what of it came to be recorded is an entry, and that is harmed here"
_RULES = "rules and lists a force sets for itself; a verdict's rows are a projection, which is harmed here"
_DECIDED = "who asked and who decided, kept by triggers that are checked by their text; what came of it is an entry"
NOT_HARMED: dict[str, str] = {
    **dict.fromkeys(
        ("currencyexception", "restriction"),
        "rows with two times that no entry says; check_records holds them to their rules",
    ),
    "trainingrecordlist": "it waits for seconds until its file is made; its digest stands in an entry, and issuing compares it",
    **dict.fromkeys(
        (
            "activity",
            "activityfile",
            "activitystep",
            "activitytemplate",
            "attendance",
            "awardevidence",
            "briefing",
            "correctionrequest",
            "declaration",
            "declarationconfirmation",
            "draftsave",
            "planitem",
            "unfinishedform",
            "sample",
            "samplemember",
            "samplereading",
            "importedrecord",
            "exemption",
        ),
        _WORKED_WITH,
    ),
    **dict.fromkeys(
        (
            "certificatetemplate",
            "certificatetemplateversion",
            "competency",
            "ethicalprinciple",
            "qualification",
            "qualificationneed",
            "qualificationrule",
            "requirement",
            "scheme",
            "schemeinforce",
            "schemerules",
        ),
        _RULES,
    ),
    **dict.fromkeys(
        ("erasurerequest", "erasuredecision", "erasureend", "erasurepiece", "filetoremove", "recordproposal"), _DECIDED
    ),
    **dict.fromkeys(
        ("keptunderhold", "keptreading"),
        "what a hold keeps of an officer's own drafts, by triggers; none of it is an entry",
    ),
    **dict.fromkeys(
        ("digestmail", "reminder", "reminderwish", "readinesscount", "duefordisposal"),
        "reminders and figures, made anew",
    ),
}
