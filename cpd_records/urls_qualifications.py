"""Addresses of qualifications and awards, for administrators and auditors."""

from django.urls import path

from cpd_records.qualifications import views, views_deciding, views_people

PERSON = "people/<uuid:officer>/"

urlpatterns = [
    path("", views.qualifications, name="qualifications"),
    path("rules/<path:code>/", views.qualification, name="qualification"),
    path("evidence/<int:number>/", views_people.evidence, name="award_evidence"),
    path(PERSON, views_people.person, name="qualified_person"),
    path(f"{PERSON}award/", views_people.award, name="award"),
    path(f"{PERSON}awards/<uuid:award>/correct/", views_people.change, {"what": "correct"}, name="correct_award"),
    path(f"{PERSON}awards/<uuid:award>/withdraw/", views_people.change, {"what": "withdraw"}, name="withdraw_award"),
    path(f"{PERSON}awards/<uuid:award>/void/", views_people.change, {"what": "void"}, name="void_award"),
    path(f"{PERSON}exempt/", views_deciding.decide, {"kind": "exemption"}, name="exempt"),
    path(f"{PERSON}restrict/", views_deciding.decide, {"kind": "restriction"}, name="restrict"),
    path(
        f"{PERSON}exemptions/<int:number>/end/",
        views_deciding.end_decided,
        {"kind": "exemption"},
        name="end_exemption",
    ),
    path(
        f"{PERSON}restrictions/<int:number>/end/",
        views_deciding.end_decided,
        {"kind": "restriction"},
        name="end_restriction",
    ),
    path(f"{PERSON}away/", views_deciding.away, name="away"),
    path(f"{PERSON}away/<int:number>/end/", views_deciding.back, name="back"),
]
