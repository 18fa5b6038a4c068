from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        # The sweeper does work of every kind that is registered, so the module that registers ours is loaded.
        import assessments.attempts  # noqa: F401
