"""Addresses of CPD: an officer's own below ``/cpd/``, the supervisor's part below ``/team/cpd/``."""

from django.urls import path
from django.views.generic import RedirectView

from cpd_records import views_cpd as own
from cpd_records import views_cpd_team as team

urlpatterns = [
    path("cpd/", own.my_cpd, name="cpd"),
    path("cpd/log/", own.log, name="cpd_log"),
    path("cpd/<uuid:activity_id>/", own.activity_page, name="cpd_activity"),
    path("cpd/<uuid:activity_id>/change/", own.change, name="cpd_change"),
    path("cpd/<uuid:activity_id>/reflect/", own.reflect, name="cpd_reflect"),
    path("cpd/<uuid:activity_id>/submit/", own.submit, name="cpd_submit"),
    path("cpd/<uuid:activity_id>/withdraw/", own.withdraw, name="cpd_withdraw"),
    path("cpd/<uuid:activity_id>/share/", own.share, name="cpd_share"),
    path("cpd/<uuid:activity_id>/unshare/", own.unshare, name="cpd_unshare"),
    path("cpd/<uuid:activity_id>/delete/", own.discard, name="cpd_discard"),
    path("cpd/<uuid:activity_id>/files/<uuid:file_id>/", own.file, name="cpd_file"),
    path("cpd/<uuid:activity_id>/files/<uuid:file_id>/remove/", own.drop_file, name="cpd_drop_file"),
    path("team/", RedirectView.as_view(pattern_name="cpd_records:cpd_team"), name="team"),
    path("team/cpd/", team.team_cpd, name="cpd_team"),
    path("team/cpd/<uuid:activity_id>/", team.team_activity, name="cpd_team_activity"),
    path("team/cpd/<uuid:activity_id>/verify/", team.verify, name="cpd_verify"),
    path("team/cpd/<uuid:activity_id>/return/", team.give_back, name="cpd_return"),
]
