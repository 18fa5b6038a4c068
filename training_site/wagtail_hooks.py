"""What the project adds to Wagtail: who gets an author's original, and the way back to the site."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people import access


@hooks.register("before_serve_document", order=-1)
def originals_are_for_authors(document: Any, request: HttpRequest) -> None:
    """Refuse by a sentence where Wagtail would ask somebody who is signed in to sign in, and again, without end."""
    if not access.is_person(request.user):
        return
    restrictions = document.collection.get_view_restrictions()
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise PermissionDenied("This file belongs to the authoring pages. Learners get it in the lesson that shows it.")


@hooks.register("register_admin_menu_item")
def back_to_the_site() -> MenuItem:
    return MenuItem("Back to the site", reverse("my-learning"), name="back-to-the-site", icon_name="home", order=10)
