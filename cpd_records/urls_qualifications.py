"""Addresses of qualifications and awards, for administrators and auditors."""

from django.urls import path

from cpd_records.proposals import views as views_proposals
from cpd_records.qualifications import views, views_deciding, views_learning, views_people, views_suspending

PERSON = "people/<uuid:officer>/"

urlpatterns = [
    path("", views.qualifications, name="qualifications"),
    path("rules/<path:code>/", views.qualification, name="qualification"),
    path("evidence/<int:number>/", views_people.evidence, name="award_evidence"),
    path("proposals/", views_proposals.proposals, name="proposals"),
    path("proposals/<uuid:proposal>/", views_proposals.proposal, name="proposal"),
    path("proposals/<uuid:proposal>/take-back/", views_proposals.take_back, name="take_proposal_back"),
    path(PERSON, views_people.person, name="qualified_person"),
    path(f"{PERSON}recorded/", views_people.recorded, name="recorded"),
    path(
        f"{PERSON}certificates/<uuid:certificate>/withdraw/",
        views_deciding.withdraw_certificate,
        name="withdraw_certificate",
    ),
    path(
        f"{PERSON}certificates/<uuid:certificate>/suspend/",
        views_suspending.suspend,
        name="suspend_certificate",
    ),
    path(f"{PERSON}certificates/<uuid:certificate>/lift/", views_suspending.lift, name="lift_suspension"),
    path(
        f"{PERSON}certificates/<uuid:certificate>/put-right/",
        views_suspending.put_right,
        name="put_certificate_right",
    ),
    path(f"{PERSON}award/", views_people.award, name="award"),
    path(f"{PERSON}awards/<uuid:award>/correct/", views_people.change, {"what": "correct"}, name="correct_award"),
    path(f"{PERSON}awards/<uuid:award>/withdraw/", views_people.change, {"what": "withdraw"}, name="withdraw_award"),
    path(f"{PERSON}awards/<uuid:award>/void/", views_people.change, {"what": "void"}, name="void_award"),
    path(
        f"{PERSON}imported/<uuid:record>/correct/",
        views_deciding.change_imported,
        {"what": "correct"},
        name="correct_imported",
    ),
    path(
        f"{PERSON}imported/<uuid:record>/void/", views_deciding.change_imported, {"what": "void"}, name="void_imported"
    ),
    path(
        f"{PERSON}completions/<uuid:completion>/correct/",
        views_learning.change_completion,
        {"what": "correct"},
        name="correct_completion",
    ),
    path(
        f"{PERSON}completions/<uuid:completion>/void/",
        views_learning.change_completion,
        {"what": "void"},
        name="void_completion",
    ),
    path(
        f"{PERSON}activities/<uuid:activity>/correct/",
        views_learning.change_activity,
        {"what": "correct"},
        name="correct_activity",
    ),
    path(
        f"{PERSON}activities/<uuid:activity>/void/",
        views_learning.change_activity,
        {"what": "void"},
        name="void_activity",
    ),
    path(f"{PERSON}exempt/", views_deciding.decide, {"kind": "exemption"}, name="exempt"),
    path(f"{PERSON}restrict/", views_deciding.decide, {"kind": "restriction"}, name="restrict"),
    path(
        f"{PERSON}exemptions/<int:number>/end/",
        views_deciding.end_of_exemption,
        name="end_exemption",
    ),
    path(
        f"{PERSON}restrictions/<int:number>/end/",
        views_deciding.end_restriction,
        name="end_restriction",
    ),
    path(f"{PERSON}away/", views_deciding.away, name="away"),
    path(f"{PERSON}away/<int:number>/end/", views_deciding.back, name="back"),
]
