"""Watching the ledger: a verification each night, warnings, and the page auditors read."""
