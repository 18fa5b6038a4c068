-- An erasure is itself an entry of the ledger, on PostgreSQL. docs/ledger.md names every trigger and what it holds.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE FUNCTION ledger_refuse_erasure_unless_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    recorded boolean;
    records boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_readablepart WHERE entry_id = $1 AND kind = ''erasure'')', TG_TABLE_SCHEMA)
        INTO recorded USING NEW.recorded_in_id;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_readablepart WHERE entry_id = $1 AND kind = ''erasure'')', TG_TABLE_SCHEMA)
        INTO records USING NEW.entry_id;
    IF NOT recorded THEN
        RAISE EXCEPTION 'An erasure of the ledger names the entry that records it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF records THEN
        RAISE EXCEPTION 'What the ledger says of an erasure is never erased.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
--
CREATE TRIGGER cpd_records_erasure_is_recorded BEFORE INSERT ON cpd_records_erasure FOR EACH ROW EXECUTE FUNCTION ledger_refuse_erasure_unless_recorded()
--
ALTER TABLE cpd_records_erasure ENABLE ALWAYS TRIGGER cpd_records_erasure_is_recorded
