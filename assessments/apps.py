from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments"

    def ready(self) -> None:
        # The sweeper does work of every kind that is registered, so the modules that register ours are loaded.
        import assessments.analysis.weak_questions
        import assessments.attempts
        import assessments.decisions.applying
        import assessments.queries.answering
        import assessments.releasing
        import assessments.reviews
        import assessments.standard_setting.leading  # noqa: F401
