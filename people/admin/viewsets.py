"""Wagtail's list of users, showing people as we know them. Nobody is deleted; groups follow from roles."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.widgets import Button
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserColumn, UserViewSet

from people.admin.forms import PersonForm
from people.models import User


class PeopleIndex(IndexView):
    page_title = "People"
    add_item_label = "Add a person"

    @cached_property
    def columns(self) -> list[Any]:
        title = self._get_title_column_class(UserColumn)
        return [
            title("name", accessor="name", label="Name", sort_key="name", get_url=self.get_edit_url, classname="name"),
            Column("service_number", label="Service number", sort_key="service_number"),
            Column("email", label="E-mail"),
            BooleanColumn("is_active", label="May sign in", sort_key="is_active"),
            DateColumn("last_login", label="Last signed in", sort_key="last_login"),
        ]

    @cached_property
    def search_fields(self) -> list[str]:
        return ["name", "service_number", "email"]

    def order_queryset(self, queryset: Any) -> Any:
        if self.ordering in {"name", "-name"}:
            return queryset.order_by(self.ordering)
        return super().order_queryset(queryset)

    def get_list_buttons(self, instance: User) -> list[Button]:
        return [
            Button(
                "Roles and posting",
                url=reverse("people_admin:roles", args=[instance.pk]),
                classname="button button-small button-secondary",
                priority=10,
            )
        ]


class AddPerson(CreateView):
    page_title = "Add a person"
    success_message = "%(object)s was added. They set a password by 'Forgotten password' on the sign-in page."
    template_name = "wagtailadmin/generic/create.html"


class EditPerson(EditView):
    success_message = "%(object)s was changed."
    template_name = "wagtailadmin/generic/edit.html"


class NobodyIsDeleted(DeleteView):
    """Evidence names people for ever: an account is closed instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied("Nobody is deleted: untick 'may sign in' instead. Their record stays.")


class PeopleViewSet(UserViewSet):
    menu_label = "People"
    index_view_class = PeopleIndex
    add_view_class = AddPerson
    edit_view_class = EditPerson
    delete_view_class = NobodyIsDeleted
    template_prefix = ""
    ordering = "service_number"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return PersonForm
