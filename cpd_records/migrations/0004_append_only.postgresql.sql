-- The ledger's evidence on PostgreSQL: rows are written once. docs/ledger.md names every trigger and what it holds.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
-- ENABLE ALWAYS: session_replication_role does not switch them off. ON CONFLICT DO UPDATE and MERGE fire the UPDATE triggers.
--
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is written once: % on % is refused. Write a correction instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
--
CREATE FUNCTION ledger_refuse_delete_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named boolean;
    held boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_erasure WHERE entry_id = $1)', TG_TABLE_SCHEMA)
        INTO named USING OLD.entry_id;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_legalhold WHERE officer = $1 AND ended_at IS NULL)', TG_TABLE_SCHEMA)
        INTO held USING OLD.officer;
    IF named AND NOT held THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'A readable part of the ledger goes only where an erasure names it and no legal hold stands.'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$
--
CREATE FUNCTION ledger_refuse_insert_if_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_erasure WHERE entry_id = $1)', TG_TABLE_SCHEMA)
        INTO erased USING NEW.entry_id;
    IF erased THEN
        RAISE EXCEPTION 'A readable part of the ledger that was erased is not written again.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
--
CREATE TRIGGER cpd_records_ledgerentry_no_update BEFORE UPDATE ON cpd_records_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_ledgerentry ENABLE ALWAYS TRIGGER cpd_records_ledgerentry_no_update
--
CREATE TRIGGER cpd_records_ledgerentry_no_delete BEFORE DELETE ON cpd_records_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_ledgerentry ENABLE ALWAYS TRIGGER cpd_records_ledgerentry_no_delete
--
CREATE TRIGGER cpd_records_ledgerentry_no_truncate BEFORE TRUNCATE ON cpd_records_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_ledgerentry ENABLE ALWAYS TRIGGER cpd_records_ledgerentry_no_truncate
--
CREATE TRIGGER cpd_records_readablepart_no_update BEFORE UPDATE ON cpd_records_readablepart FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_readablepart ENABLE ALWAYS TRIGGER cpd_records_readablepart_no_update
--
CREATE TRIGGER cpd_records_readablepart_no_delete BEFORE DELETE ON cpd_records_readablepart FOR EACH ROW EXECUTE FUNCTION ledger_refuse_delete_unless_erased()
--
ALTER TABLE cpd_records_readablepart ENABLE ALWAYS TRIGGER cpd_records_readablepart_no_delete
--
CREATE TRIGGER cpd_records_readablepart_no_truncate BEFORE TRUNCATE ON cpd_records_readablepart FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_readablepart ENABLE ALWAYS TRIGGER cpd_records_readablepart_no_truncate
--
CREATE TRIGGER cpd_records_readablepart_stays_erased BEFORE INSERT ON cpd_records_readablepart FOR EACH ROW EXECUTE FUNCTION ledger_refuse_insert_if_erased()
--
ALTER TABLE cpd_records_readablepart ENABLE ALWAYS TRIGGER cpd_records_readablepart_stays_erased
--
CREATE TRIGGER cpd_records_sealedplace_no_update BEFORE UPDATE ON cpd_records_sealedplace FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_sealedplace ENABLE ALWAYS TRIGGER cpd_records_sealedplace_no_update
--
CREATE TRIGGER cpd_records_sealedplace_no_delete BEFORE DELETE ON cpd_records_sealedplace FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_sealedplace ENABLE ALWAYS TRIGGER cpd_records_sealedplace_no_delete
--
CREATE TRIGGER cpd_records_sealedplace_no_truncate BEFORE TRUNCATE ON cpd_records_sealedplace FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_sealedplace ENABLE ALWAYS TRIGGER cpd_records_sealedplace_no_truncate
--
CREATE TRIGGER cpd_records_checkpoint_no_update BEFORE UPDATE ON cpd_records_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_checkpoint ENABLE ALWAYS TRIGGER cpd_records_checkpoint_no_update
--
CREATE TRIGGER cpd_records_checkpoint_no_delete BEFORE DELETE ON cpd_records_checkpoint FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_checkpoint ENABLE ALWAYS TRIGGER cpd_records_checkpoint_no_delete
--
CREATE TRIGGER cpd_records_checkpoint_no_truncate BEFORE TRUNCATE ON cpd_records_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_checkpoint ENABLE ALWAYS TRIGGER cpd_records_checkpoint_no_truncate
--
CREATE TRIGGER cpd_records_erasure_no_update BEFORE UPDATE ON cpd_records_erasure FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_erasure ENABLE ALWAYS TRIGGER cpd_records_erasure_no_update
--
CREATE TRIGGER cpd_records_erasure_no_delete BEFORE DELETE ON cpd_records_erasure FOR EACH ROW EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_erasure ENABLE ALWAYS TRIGGER cpd_records_erasure_no_delete
--
CREATE TRIGGER cpd_records_erasure_no_truncate BEFORE TRUNCATE ON cpd_records_erasure FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()
--
ALTER TABLE cpd_records_erasure ENABLE ALWAYS TRIGGER cpd_records_erasure_no_truncate
