"""Past records from other systems: they enter the ledger as 'imported from X, asserted by Y', never as our own."""
