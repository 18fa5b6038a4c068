"""Lawful erasure of an officer's records: foreseen, asked for by one, approved by another, carried out piece by piece."""
