"""The user: one row for each person, known by a service number that never changes."""

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Creates users; finds them by service number, as Django's sign-in expects."""

    def create_user(
        self, service_number: str, email: str, name: str, password: str | None = None, **more: Any
    ) -> "User":
        user = self.model(service_number=service_number.strip(), email=self.normalize_email(email), name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, service_number: str, email: str, name: str, password: str | None = None, **more: Any
    ) -> "User":
        return self.create_user(service_number, email, name, password, is_superuser=True, **more)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(service_number__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. ``public_id`` stands for them in evidence and is never reused or changed; a shoulder number is a posting's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service_number = models.CharField(
        "service number", max_length=20, unique=True, help_text="Warrant or employee number. It never changes."
    )
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200, help_text="Name as it is printed on certificates.")
    short_name = models.CharField(max_length=80, blank=True, help_text="Name in the page header, such as PC A. Bell.")
    is_active = models.BooleanField("may sign in", default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "service_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "name"]

    objects = UserManager()

    class Meta:
        # Boards of thousands leave out the few whose accounts are closed, rather than read everybody's row.
        indexes = [models.Index(fields=["id"], name="people_not_active", condition=models.Q(is_active=False))]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(Lower("service_number"), name="service_number_unique_without_case"),
            models.UniqueConstraint(Lower("email"), name="email_unique_without_case"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.service_number})"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.short_name or self.name

    @property
    def first_name(self) -> str:
        """Wagtail's menu names the person it shows by this."""
        return self.get_short_name()

    @property
    def is_staff(self) -> bool:
        """Django's own admin is not used; Wagtail asks for the permission instead."""
        return self.is_superuser


def display_name(user: "User") -> str:
    """Return the name a page shows for a signed-in person."""
    return user.get_short_name()
