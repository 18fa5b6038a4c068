"""Addresses of certificates: the download, and the public check."""

from django.urls import path

from cpd_records.certificates import views
from cpd_records.credentials import views as credential_views

urlpatterns = [
    path("certificates/late/", views.late, name="late_certificates"),
    path("certificates/<uuid:certificate_id>/", views.certificate, name="certificate"),
    path("certificates/<uuid:certificate_id>/badge/", credential_views.badge, name="badge"),
    path("verify/", views.verify, name="verify"),
    path("verify/how-it-works/", views.how_it_works, name="verify_how"),
    path("verify/signing-key.pem", views.signing_key, name="verify_signing_key"),
    path("verify/signing-keys.pem", views.signing_keys, name="verify_signing_keys"),
    path("verify/verify_ledger.py", views.verifier, name="verify_verifier"),
    path("verify/<path:code>/", views.verify_code, name="verify_code"),
]
