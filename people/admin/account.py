"""One's own settings in the Wagtail admin."""

from typing import Any

from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel


class OwnSettings(AccountView):
    """Wagtail's screen without the name and the address: those come from personnel records."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)]
