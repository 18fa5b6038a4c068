"""Competencies and ethical principles in the Wagtail admin: a system administrator words, orders and withdraws them. Codes never change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from cpd_records.models import Competency, EthicalPrinciple
from people import access

FIELDS = ["code", "title", "is_active", "order"]


class SystemAdminOnly(BasePermissionPolicy):
    """Who may keep a framework: only a system administrator, whatever groups say; and nobody deletes from it."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action != "delete" and access.has_role(user, access.SYSTEM_ADMIN)

    def users_with_any_permission(self, actions: Any) -> Any:
        people = super().users_with_any_permission(actions)
        return people.filter(is_superuser=True)


for framework in (Competency, EthicalPrinciple):
    register_permission_policy(framework, SystemAdminOnly(framework))


class CodeStaysForm(forms.ModelForm):  # type: ignore[type-arg]
    """Abstract. The code is asked once and never again."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk is not None:
            self.fields["code"].disabled = True


class CompetencyForm(CodeStaysForm):
    class Meta:
        model = Competency
        fields = FIELDS


class PrincipleForm(CodeStaysForm):
    class Meta:
        model = EthicalPrinciple
        fields = FIELDS


class NothingIsDeleted(DeleteView):
    """Old activities refer to it: it is offered no more instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied("Nothing is deleted here: untick 'offered' instead. Old activities keep its words.")


class FrameworkViewSet(ModelViewSet):
    """Abstract. The list of one framework."""

    icon = "list-ul"
    list_display = ["title", "code", "is_active", "order"]
    ordering = ["order", "code"]
    delete_view_class = NothingIsDeleted
    copy_view_enabled = False
    form: type[forms.ModelForm]  # type: ignore[type-arg]

    def get_form_class(self, for_update: bool = False) -> Any:
        return self.form


class CompetencyViewSet(FrameworkViewSet):
    model = Competency
    form = CompetencyForm
    menu_label = "Competencies"


class PrincipleViewSet(FrameworkViewSet):
    model = EthicalPrinciple
    form = PrincipleForm
    menu_label = "Ethical principles"


class FrameworksGroup(ModelViewSetGroup):
    """Both, under one heading of the menu."""

    items = (CompetencyViewSet("competencies"), PrincipleViewSet("ethical-principles"))
    menu_label = "CPD frameworks"
    menu_name = "cpd-frameworks"
    menu_icon = "list-ul"
    menu_order = 173
