"""The one authentication backend: allauth's, finding people by e-mail address or service number."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from people.models import User
from people.prepared import prepared


@prepared
def people_who_may_sign_in(pk: int) -> QuerySet[User]:
    """The person of a session; read anew for every request, so that somebody who may no longer sign in is out at once."""
    return User.objects.filter(pk=pk, is_active=True)


class SignInBackend(AuthenticationBackend):
    """Sign-in by e-mail address or service number; permissions as Django keeps them."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person a session names, or None where there is none who may sign in."""
        return next(iter(people_who_may_sign_in(pk=user_id)), None)
