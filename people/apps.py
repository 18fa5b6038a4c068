from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what can be imported, and who does it in the background; they need the models, so not earlier."""
        from people.importing import people_kind, working  # noqa: F401


class PeopleInAdminConfig(WagtailUsersAppConfig):
    """Wagtail's users, shown as people; takes the place of ``wagtail.users`` in the list of apps."""

    user_viewset = "people.admin.viewsets.PeopleViewSet"
