"""Addresses of CPD schemes: an officer's progress and statements, the rules for everybody to read, declarations to confirm."""

from django.urls import path

from cpd_records.schemes import views

urlpatterns = [
    path("cpd/progress/", views.progress, name="cpd_progress"),
    path("cpd/progress/declare/", views.make_declaration, name="cpd_declare"),
    path("cpd/statement/", views.statement, name="cpd_statement"),
    path("cpd/schemes/", views.schemes, name="cpd_schemes"),
    path("cpd/schemes/<slug:code>/", views.scheme, name="cpd_scheme"),
    path("team/cpd/declarations/", views.team_declarations, name="cpd_declarations"),
    path("team/cpd/declarations/<uuid:declaration_id>/confirm/", views.confirm, name="cpd_confirm_declaration"),
]
