-- Certificates on PostgreSQL: what is awarded stays as it was awarded, and what is issued stays as it was issued; a withdrawal stays.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE FUNCTION certificate_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_at IS NOT NULL
        OR OLD.id IS DISTINCT FROM NEW.id
        OR OLD.code IS DISTINCT FROM NEW.code
        OR OLD.officer_id IS DISTINCT FROM NEW.officer_id
        OR OLD.subject IS DISTINCT FROM NEW.subject
        OR OLD.title IS DISTINCT FROM NEW.title
        OR OLD.awarded_on IS DISTINCT FROM NEW.awarded_on
        OR OLD.valid_until IS DISTINCT FROM NEW.valid_until
        OR OLD.entry_id IS DISTINCT FROM NEW.entry_id
        OR OLD.completion_entry_id IS DISTINCT FROM NEW.completion_entry_id
        OR OLD.created_at IS DISTINCT FROM NEW.created_at
        OR OLD.supersedes_id IS DISTINCT FROM NEW.supersedes_id
    THEN
        RAISE EXCEPTION 'A certificate stays as it was awarded and issued: award another one.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
--
CREATE FUNCTION certificate_refuse_revocation_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The withdrawal of a certificate is never changed.'
        USING ERRCODE = 'integrity_constraint_violation';
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
