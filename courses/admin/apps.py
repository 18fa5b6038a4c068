"""Wagtail's admin without the mail it sends about decisions."""

from __future__ import annotations

from wagtail.admin.apps import WagtailAdminAppConfig


class AuthoringAdminConfig(WagtailAdminAppConfig):
    """Wagtail's admin; takes the place of ``wagtail.admin`` in the list of apps.

    What Wagtail sends about a decision goes out inside the transaction that decides, before it stands and as slowly as a mail server
    answers. ``courses.review_mail`` says the same after the commit, so Wagtail's is disconnected where Wagtail connects it.
    """

    def ready(self) -> None:
        super().ready()
        from wagtail.models import WorkflowState
        from wagtail.signals import workflow_approved, workflow_rejected

        for signal, what in ((workflow_approved, "approved"), (workflow_rejected, "rejected")):
            signal.disconnect(sender=WorkflowState, dispatch_uid=f"workflow_state_{what}_email_notification")
