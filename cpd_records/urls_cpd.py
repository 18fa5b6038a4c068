"""Addresses of CPD: an officer's own below ``/cpd/``, the verifier's part below ``/team/``."""

from django.urls import path

from cpd_records import views_cpd as own
from cpd_records import views_cpd_briefings as briefings
from cpd_records import views_cpd_corrections as corrections
from cpd_records import views_cpd_plan as plan
from cpd_records import views_cpd_reflect as reflect
from cpd_records import views_cpd_starting as starting
from cpd_records import views_cpd_submit as submit
from cpd_records import views_cpd_team as team
from cpd_records import views_cpd_templates as templates

urlpatterns = [
    path("cpd/", own.my_cpd, name="cpd"),
    path("cpd/log/", own.log, name="cpd_log"),
    path("cpd/start/", starting.starting_points, name="cpd_start"),
    path("cpd/unfinished/<uuid:token>/delete/", starting.drop_unfinished, name="cpd_drop_unfinished"),
    path("cpd/templates/", templates.templates, name="cpd_templates"),
    path("cpd/templates/<int:template_id>/", templates.template, name="cpd_template"),
    path("cpd/templates/<int:template_id>/delete/", starting.drop_template, name="cpd_drop_template"),
    path("cpd/series/<uuid:series_id>/", own.series, name="cpd_series"),
    path("cpd/plan/", plan.plan, name="cpd_plan"),
    path("cpd/plan/<uuid:item_id>/", plan.plan_item, name="cpd_plan_item"),
    path("cpd/plan/<uuid:item_id>/state/", plan.plan_state, name="cpd_plan_state"),
    path("cpd/briefings/<uuid:briefing_id>/", briefings.briefing, name="cpd_briefing"),
    path("cpd/briefings/<uuid:briefing_id>/absent/", briefings.absent, name="cpd_briefing_absent"),
    path("cpd/corrections/<uuid:correction_id>/take-back/", corrections.take_back, name="cpd_correction_take_back"),
    path("cpd/<uuid:activity_id>/", own.activity_page, name="cpd_activity"),
    path("cpd/<uuid:activity_id>/change/", own.change, name="cpd_change"),
    path("cpd/<uuid:activity_id>/reflect/", reflect.reflect, name="cpd_reflect"),
    path("cpd/<uuid:activity_id>/submit/", submit.submit, name="cpd_submit"),
    path("cpd/<uuid:activity_id>/withdraw/", submit.withdraw, name="cpd_withdraw"),
    path("cpd/<uuid:activity_id>/share/", reflect.share, name="cpd_share"),
    path("cpd/<uuid:activity_id>/unshare/", reflect.unshare, name="cpd_unshare"),
    path("cpd/<uuid:activity_id>/template/", starting.keep_template, name="cpd_keep_template"),
    path("cpd/<uuid:activity_id>/correct/", corrections.correct, name="cpd_correct"),
    path("cpd/<uuid:activity_id>/delete/", own.discard, name="cpd_discard"),
    path("cpd/<uuid:activity_id>/files/<uuid:file_id>/", own.file, name="cpd_file"),
    path("cpd/<uuid:activity_id>/files/<uuid:file_id>/remove/", own.drop_file, name="cpd_drop_file"),
    path("team/cpd/", team.team_cpd, name="cpd_team"),
    path("team/cpd/corrections/<uuid:correction_id>/", corrections.decide, name="cpd_correction"),
    path("team/cpd/<uuid:activity_id>/", team.team_activity, name="cpd_team_activity"),
    path("team/cpd/<uuid:activity_id>/verify/", team.verify, name="cpd_verify"),
    path("team/cpd/<uuid:activity_id>/return/", team.give_back, name="cpd_return"),
    path("team/cpd/<uuid:activity_id>/reject/", team.reject, name="cpd_reject"),
    path("team/cpd/<uuid:activity_id>/confirm-rejection/", team.confirm_rejection, name="cpd_confirm_rejection"),
    path("team/briefings/", briefings.briefings, name="briefings"),
    path("team/briefings/new/", briefings.new_briefing, name="briefing_new"),
    path("team/briefings/<uuid:briefing_id>/", briefings.briefing_recorded, name="briefing_recorded"),
    path("team/briefings/<uuid:briefing_id>/close/", briefings.close, name="briefing_close"),
]
