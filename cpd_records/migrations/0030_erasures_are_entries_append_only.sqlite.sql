-- An erasure is itself an entry of the ledger, on SQLite. docs/ledger.md names every trigger and what it holds.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE TRIGGER cpd_records_erasure_is_recorded BEFORE INSERT ON cpd_records_erasure
WHEN NOT EXISTS (SELECT 1 FROM cpd_records_readablepart WHERE entry_id = NEW.recorded_in_id AND kind = 'erasure')
BEGIN
    SELECT RAISE(ABORT, 'An erasure of the ledger names the entry that records it.');
END
--
CREATE TRIGGER cpd_records_erasure_spares_erasures BEFORE INSERT ON cpd_records_erasure
WHEN EXISTS (SELECT 1 FROM cpd_records_readablepart WHERE entry_id = NEW.entry_id AND kind = 'erasure')
BEGIN
    SELECT RAISE(ABORT, 'What the ledger says of an erasure is never erased.');
END
