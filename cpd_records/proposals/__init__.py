"""What changes what a record says: proposed by one person, decided by another, written into the ledger with both their names.

Awards and imported records corrected, taken back or declared never true; exemptions and their end; certificates withdrawn. Nobody
proposes or decides about themselves, and nobody approves what they proposed.
"""
