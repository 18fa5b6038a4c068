"""What is refused about certificates."""

from __future__ import annotations


class CertificateRefused(Exception):
    """A certificate that cannot be awarded, or about which this cannot be decided.

    The message says why and what to do; ``field`` is what of a form it is about, empty for the whole.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
