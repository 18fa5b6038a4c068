"""Finding a person by what somebody typed."""

from django.db.models import Q, QuerySet

from people.models import User

# As many characters as an e-mail address has; a longer text names nobody, and SQLite compares no text of megabytes.
LONGEST = 254


def people_named(typed: str) -> QuerySet[User]:
    """Return who has this e-mail address or service number, in capitals or not: one person or none."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST:
        return User.objects.none()
    return User.objects.filter(Q(email__iexact=typed) | Q(service_number__iexact=typed))
