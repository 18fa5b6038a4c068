"""Courses completed, as the ledger's corrections have them: what stands, and how two people put it right."""
