"""The station of qualifications, with its awards; proposals are made and decided by its two administrators."""

from tests.cpd_records.qualifications.conftest import Station, station  # noqa: F401  # the fixture

__all__ = ["Station"]
