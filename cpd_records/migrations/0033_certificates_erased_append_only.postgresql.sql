-- Certificates on PostgreSQL, as in 0008, but that title and subject of one whose entry was erased may be blanked, and so why it was withdrawn.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE FUNCTION certificate_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased boolean;
BEGIN
    -- Qualified by schema: a temporary table of the same name must not stand in for the real one.
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_erasure WHERE entry_id = $1)', TG_TABLE_SCHEMA)
        INTO erased USING OLD.entry_id;
    IF OLD.id IS DISTINCT FROM NEW.id
        OR OLD.code IS DISTINCT FROM NEW.code
        OR OLD.officer_id IS DISTINCT FROM NEW.officer_id
        OR OLD.awarded_on IS DISTINCT FROM NEW.awarded_on
        OR OLD.valid_until IS DISTINCT FROM NEW.valid_until
        OR OLD.entry_id IS DISTINCT FROM NEW.entry_id
        OR OLD.completion_entry_id IS DISTINCT FROM NEW.completion_entry_id
        OR OLD.created_at IS DISTINCT FROM NEW.created_at
        OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id
        OR (OLD.issued_at IS NOT NULL AND (
            OLD.file IS DISTINCT FROM NEW.file
            OR OLD.sha256 IS DISTINCT FROM NEW.sha256
            OR OLD.issued_at IS DISTINCT FROM NEW.issued_at
            OR OLD.issued_entry_id IS DISTINCT FROM NEW.issued_entry_id
        ))
        OR ((OLD.subject IS DISTINCT FROM NEW.subject OR OLD.title IS DISTINCT FROM NEW.title)
            AND NOT (NEW.subject = '' AND NEW.title = '' AND erased))
    THEN
        RAISE EXCEPTION 'A certificate stays as it was awarded and issued: award another one.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
--
CREATE FUNCTION certificate_refuse_revocation_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.cpd_records_erasure WHERE entry_id = $1)', TG_TABLE_SCHEMA)
        INTO erased USING OLD.entry_id;
    IF OLD.id IS DISTINCT FROM NEW.id
        OR OLD.certificate_id IS DISTINCT FROM NEW.certificate_id
        OR OLD.public_reason IS DISTINCT FROM NEW.public_reason
        OR OLD.revoked_by_id IS DISTINCT FROM NEW.revoked_by_id
        OR OLD.revoked_at IS DISTINCT FROM NEW.revoked_at
        OR OLD.entry_id IS DISTINCT FROM NEW.entry_id
        OR NEW.reason <> ''
        OR NOT erased
    THEN
        RAISE EXCEPTION 'The withdrawal of a certificate is never changed.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
--
CREATE TRIGGER cpd_records_certificate_issued_once BEFORE UPDATE ON cpd_records_certificate FOR EACH ROW EXECUTE FUNCTION certificate_refuse_change()
--
ALTER TABLE cpd_records_certificate ENABLE ALWAYS TRIGGER cpd_records_certificate_issued_once
--
CREATE TRIGGER cpd_records_certificaterevocation_no_update BEFORE UPDATE ON cpd_records_certificaterevocation FOR EACH ROW EXECUTE FUNCTION certificate_refuse_revocation_change()
--
ALTER TABLE cpd_records_certificaterevocation ENABLE ALWAYS TRIGGER cpd_records_certificaterevocation_no_update
