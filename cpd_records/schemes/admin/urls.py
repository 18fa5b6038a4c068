"""Addresses of the screens about CPD schemes, below /admin/cpd-schemes/."""

from django.urls import path

from cpd_records.schemes.admin import views

app_name = "schemes_admin"
urlpatterns = [
    path("", views.SchemesView.as_view(), name="index"),
    path("new/", views.NewSchemeView.as_view(), name="new"),
    path("<slug:code>/", views.SchemeView.as_view(), name="scheme"),
    path("<slug:code>/rules/", views.ChangeRulesView.as_view(), name="rules"),
    path("<slug:code>/in-force/<int:row>/end/", views.EndView.as_view(), name="end"),
]
