"""The ledger: append-only, tamper-evident and lawfully erasable. ``docs/ledger.md`` describes it for an outsider.

``entries.append_entry`` is the only writer of entries, ``sealing.seal_now`` the only writer of places, checkpoints and tiles. The
verifier is another package, ``cpd_records.verification``, which shares no code with this one.
"""
