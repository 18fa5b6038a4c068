"""Addresses of what is proved: CPD, certificates, the ledger."""

from django.urls import include, path

from cpd_records import views_holds

app_name = "cpd_records"

urlpatterns = [
    path("", include("cpd_records.urls_schemes")),
    path("", include("cpd_records.urls_sampling")),
    path("", include("cpd_records.urls_cpd")),
    path("", include("cpd_records.urls_certificates")),
    path("credentials/", include("cpd_records.urls_credentials")),
    path("qualifications/", include("cpd_records.urls_qualifications")),
    path("evidence/holds/", views_holds.holds, name="holds"),
    path("evidence/holds/<int:number>/lift/", views_holds.lift, name="lift-hold"),
    path("evidence/holds/<int:number>/kept/", views_holds.kept, name="kept-under-hold"),
    path("ledger/", include("cpd_records.urls_ledger")),
]
