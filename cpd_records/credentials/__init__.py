"""Certificates as Open Badges 3.0 credentials: W3C Verifiable Credentials with a Data Integrity proof. ``docs/certificates.md``."""
