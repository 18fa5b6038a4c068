-- The ledger's evidence on SQLite: rows are written once. docs/ledger.md names every trigger and what it holds.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE TRIGGER cpd_records_ledgerentry_no_update BEFORE UPDATE ON cpd_records_ledgerentry
BEGIN
    SELECT RAISE(ABORT, 'An entry of the ledger is never changed: write a correction instead.');
END
--
CREATE TRIGGER cpd_records_ledgerentry_no_delete BEFORE DELETE ON cpd_records_ledgerentry
BEGIN
    SELECT RAISE(ABORT, 'An entry of the ledger is never deleted.');
END
--
CREATE TRIGGER cpd_records_ledgerentry_no_replace BEFORE INSERT ON cpd_records_ledgerentry
WHEN EXISTS (
    SELECT 1 FROM cpd_records_ledgerentry
    WHERE rowid = NEW.rowid
    OR "id" = NEW."id"
    OR "commitment" = NEW."commitment"
)
BEGIN
    SELECT RAISE(ABORT, 'An entry of the ledger is never replaced: one with this key exists.');
END
--
CREATE TRIGGER cpd_records_readablepart_no_update BEFORE UPDATE ON cpd_records_readablepart
BEGIN
    SELECT RAISE(ABORT, 'A readable part of the ledger is never changed: write a correction instead.');
END
--
CREATE TRIGGER cpd_records_readablepart_no_delete BEFORE DELETE ON cpd_records_readablepart
WHEN NOT EXISTS (SELECT 1 FROM cpd_records_erasure WHERE entry_id = OLD.entry_id)
    OR EXISTS (SELECT 1 FROM cpd_records_legalhold WHERE officer = OLD.officer AND ended_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'A readable part of the ledger goes only where an erasure names it and no legal hold stands.');
END
--
CREATE TRIGGER cpd_records_readablepart_no_replace BEFORE INSERT ON cpd_records_readablepart
WHEN EXISTS (
    SELECT 1 FROM cpd_records_readablepart
    WHERE rowid = NEW.rowid
    OR "entry_id" = NEW."entry_id"
)
BEGIN
    SELECT RAISE(ABORT, 'A readable part of the ledger is never replaced: one with this key exists.');
END
--
CREATE TRIGGER cpd_records_readablepart_stays_erased BEFORE INSERT ON cpd_records_readablepart
WHEN EXISTS (SELECT 1 FROM cpd_records_erasure WHERE entry_id = NEW.entry_id)
BEGIN
    SELECT RAISE(ABORT, 'A readable part of the ledger that was erased is not written again.');
END
--
CREATE TRIGGER cpd_records_sealedplace_no_update BEFORE UPDATE ON cpd_records_sealedplace
BEGIN
    SELECT RAISE(ABORT, 'A sealed place of the ledger is never changed: write a correction instead.');
END
--
CREATE TRIGGER cpd_records_sealedplace_no_delete BEFORE DELETE ON cpd_records_sealedplace
BEGIN
    SELECT RAISE(ABORT, 'A sealed place of the ledger is never deleted.');
END
--
CREATE TRIGGER cpd_records_sealedplace_no_replace BEFORE INSERT ON cpd_records_sealedplace
WHEN EXISTS (
    SELECT 1 FROM cpd_records_sealedplace
    WHERE rowid = NEW.rowid
    OR "entry_id" = NEW."entry_id"
    OR "index" = NEW."index"
)
BEGIN
    SELECT RAISE(ABORT, 'A sealed place of the ledger is never replaced: one with this key exists.');
END
--
CREATE TRIGGER cpd_records_checkpoint_no_update BEFORE UPDATE ON cpd_records_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'A checkpoint of the ledger is never changed: write a correction instead.');
END
--
CREATE TRIGGER cpd_records_checkpoint_no_delete BEFORE DELETE ON cpd_records_checkpoint
BEGIN
    SELECT RAISE(ABORT, 'A checkpoint of the ledger is never deleted.');
END
--
CREATE TRIGGER cpd_records_checkpoint_no_replace BEFORE INSERT ON cpd_records_checkpoint
WHEN EXISTS (
    SELECT 1 FROM cpd_records_checkpoint
    WHERE rowid = NEW.rowid
    OR "id" = NEW."id"
    OR "time" = NEW."time"
)
BEGIN
    SELECT RAISE(ABORT, 'A checkpoint of the ledger is never replaced: one with this key exists.');
END
--
CREATE TRIGGER cpd_records_erasure_no_update BEFORE UPDATE ON cpd_records_erasure
BEGIN
    SELECT RAISE(ABORT, 'An erasure of the ledger is never changed: write a correction instead.');
END
--
CREATE TRIGGER cpd_records_erasure_no_delete BEFORE DELETE ON cpd_records_erasure
BEGIN
    SELECT RAISE(ABORT, 'An erasure of the ledger is never deleted.');
END
--
CREATE TRIGGER cpd_records_erasure_no_replace BEFORE INSERT ON cpd_records_erasure
WHEN EXISTS (
    SELECT 1 FROM cpd_records_erasure
    WHERE rowid = NEW.rowid
    OR "entry_id" = NEW."entry_id"
)
BEGIN
    SELECT RAISE(ABORT, 'An erasure of the ledger is never replaced: one with this key exists.');
END
