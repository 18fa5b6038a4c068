"""The request of somebody who is signed in."""

from django.http import HttpRequest

from people.models import User


class SignedInRequest(HttpRequest):
    """A request that ``login_required`` has let through."""

    user: User
