"""The verifier: reads the evidence and says what is wrong with it.

It shares no code with the writer in ``cpd_records.ledger`` (an import contract holds that): canonical form, hashes, tree and notes are
written here a second time, from ``docs/ledger.md``, so that a mistake in one is seen by the other.
"""
