"""Addresses of credentials, which stand in credentials and never change: issuer, achievements, status lists."""

from django.urls import path

from cpd_records.credentials import views

urlpatterns = [
    path("issuer", views.issuer, name="credential_issuer"),
    path("achievements", views.achievements, name="credential_achievements"),
    path("status/<slug:purpose>/<int:number>", views.status, name="credential_status"),
]
