"""Watching the ledger: a verification each night, checkpoints kept outside the database, warnings, and the page auditors read."""
