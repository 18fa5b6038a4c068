"""What packages of others hold about a person; and everything that all apps hold, in one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import assessments.held
import courses.held
import cpd_records.held
import people.held
from people.held import DEED
from people.models import User
from people.subject_data import Held, LeftOut, Part, parts_of

HELD = (
    Held("account.EmailAddress", "user", "E-mail addresses"),
    Held("mfa.Authenticator", "user", "Second factors", leaves=("data",)),
    Held("wagtailusers.UserProfile", "user", "Settings of the authoring pages"),
)
LEFT_OUT: LeftOut = {
    DEED: (
        "wagtailcore.Comment.user",
        "wagtailcore.Comment.resolved_by",
        "wagtailcore.CommentReply.user",
        "wagtailcore.ModelLogEntry.user",
        "wagtailcore.Page.locked_by",
        "wagtailcore.Page.owner",
        "wagtailcore.PageLogEntry.user",
        "wagtailcore.PageSubscription.user",
        "wagtailcore.Revision.user",
        "wagtailcore.TaskState.finished_by",
        "wagtailcore.UploadedFile.uploaded_by_user",
        "wagtailcore.WorkflowState.requested_by",
        "wagtaildocs.Document.uploaded_by_user",
        "wagtailimages.Image.uploaded_by_user",
    ),
    "It lasts as long as a page is open, or is a secret of the person's own.": (
        "wagtailadmin.EditingSession.user",
        "wagtailadmin.FormState.user",
        "wagtailcore.APIToken.user",
        "account.EmailConfirmation.email_address",
    ),
}
ALL_HELD = (*people.held.HELD, *cpd_records.held.HELD, *assessments.held.HELD, *courses.held.HELD, *HELD)
ALL_LEFT_OUT = tuple(
    relation
    for reasons in (people.held, cpd_records.held, assessments.held, courses.held)
    for relations in reasons.LEFT_OUT.values()
    for relation in relations
) + tuple(relation for relations in LEFT_OUT.values() for relation in relations)


def export_officer(officer: User, *, at: datetime) -> Iterator[Part]:
    """Yield everything that is held about somebody, app by app."""
    yield from people.held.export_officer(officer)
    yield from cpd_records.held.export_officer(officer)
    yield from assessments.held.export_officer(officer, at=at)
    yield from courses.held.export_officer(officer)
    yield from parts_of(HELD, officer)
