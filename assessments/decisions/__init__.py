"""Decisions on questions: proposed, checked against the law, foreseen, confirmed, and applied to every attempt."""
