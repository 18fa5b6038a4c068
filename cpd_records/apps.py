from django.apps import AppConfig


class CpdRecordsConfig(AppConfig):
    name = "cpd_records"
    verbose_name = "CPD records"

    def ready(self) -> None:
        """Register the system checks; they need the models, so not earlier."""
        from cpd_records.certificates import checks as certificate_checks  # noqa: F401
        from cpd_records.importing import records_kind  # noqa: F401
        from cpd_records.ledger import checks  # noqa: F401
