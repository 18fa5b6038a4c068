-- Certificates on SQLite, as in 0008, but that title and subject of one whose entry was erased may be blanked, and so why it was withdrawn.
-- Statements are separated by lines of two dashes. A line is never changed after release: triggers.py compares the database with it.
--
CREATE TRIGGER cpd_records_certificate_issued_once BEFORE UPDATE ON cpd_records_certificate
WHEN OLD.id IS NOT NEW.id
    OR OLD.code IS NOT NEW.code
    OR OLD.officer_id IS NOT NEW.officer_id
    OR OLD.awarded_on IS NOT NEW.awarded_on
    OR OLD.valid_until IS NOT NEW.valid_until
    OR OLD.entry_id IS NOT NEW.entry_id
    OR OLD.completion_entry_id IS NOT NEW.completion_entry_id
    OR OLD.created_at IS NOT NEW.created_at
    OR OLD.supersedes_id IS NOT NEW.supersedes_id
    OR (OLD.issued_at IS NOT NULL AND (
        OLD.file IS NOT NEW.file
        OR OLD.sha256 IS NOT NEW.sha256
        OR OLD.issued_at IS NOT NEW.issued_at
        OR OLD.issued_entry_id IS NOT NEW.issued_entry_id
    ))
    OR ((OLD.subject IS NOT NEW.subject OR OLD.title IS NOT NEW.title) AND NOT (
        NEW.subject = '' AND NEW.title = ''
        AND EXISTS (SELECT 1 FROM cpd_records_erasure WHERE entry_id = OLD.entry_id)
    ))
BEGIN
    SELECT RAISE(ABORT, 'A certificate stays as it was awarded and issued: award another one.');
END
--
CREATE TRIGGER cpd_records_certificaterevocation_no_update BEFORE UPDATE ON cpd_records_certificaterevocation
WHEN OLD.id IS NOT NEW.id
    OR OLD.certificate_id IS NOT NEW.certificate_id
    OR OLD.public_reason IS NOT NEW.public_reason
    OR OLD.revoked_by_id IS NOT NEW.revoked_by_id
    OR OLD.revoked_at IS NOT NEW.revoked_at
    OR OLD.entry_id IS NOT NEW.entry_id
    OR NEW.reason IS NOT ''
    OR NOT EXISTS (SELECT 1 FROM cpd_records_erasure WHERE entry_id = OLD.entry_id)
BEGIN
    SELECT RAISE(ABORT, 'The withdrawal of a certificate is never changed.');
END
