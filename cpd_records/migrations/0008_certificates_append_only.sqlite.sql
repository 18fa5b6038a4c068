-- Certificates on SQLite: what is awarded stays as it was awarded, and what is issued stays as it was issued; a withdrawal stays.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE TRIGGER cpd_records_certificate_issued_once BEFORE UPDATE ON cpd_records_certificate
WHEN OLD.issued_at IS NOT NULL
    OR OLD.id IS NOT NEW.id
    OR OLD.code IS NOT NEW.code
    OR OLD.officer_id IS NOT NEW.officer_id
    OR OLD.subject IS NOT NEW.subject
    OR OLD.title IS NOT NEW.title
    OR OLD.awarded_on IS NOT NEW.awarded_on
    OR OLD.valid_until IS NOT NEW.valid_until
    OR OLD.entry_id IS NOT NEW.entry_id
    OR OLD.completion_entry_id IS NOT NEW.completion_entry_id
    OR OLD.created_at IS NOT NEW.created_at
    OR OLD.supersedes_id IS NOT NEW.supersedes_id
BEGIN
    SELECT RAISE(ABORT, 'A certificate stays as it was awarded and issued: award another one.');
END
--
CREATE TRIGGER cpd_records_certificaterevocation_no_update BEFORE UPDATE ON cpd_records_certificaterevocation
BEGIN
    SELECT RAISE(ABORT, 'The withdrawal of a certificate is never changed.');
END
