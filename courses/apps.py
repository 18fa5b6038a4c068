from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        # The sweeper does work of every kind that is registered, so what registers ours is loaded.
        from wagtail.signals import page_published

        import courses.parades.filing
        import courses.review_mail  # noqa: F401
        from assessments.events import attempt_marked
        from courses.families import titles_by_code
        from courses.following_marks import on_attempt_marked
        from courses.models import CoursePage
        from courses.releases import on_course_published
        from people.families import titles_are_told_by

        titles_are_told_by(titles_by_code)
        page_published.connect(on_course_published, sender=CoursePage, dispatch_uid="courses.releases")
        attempt_marked.connect(on_attempt_marked, dispatch_uid="courses.following_marks")
