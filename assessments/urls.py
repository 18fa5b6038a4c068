"""Addresses of an attempt, only ever its candidate's own, and of a panel's judges."""

from django.urls import path

from assessments import views
from assessments.queries import views as query_views
from assessments.standard_setting import views as standard_views

app_name = "assessments"

urlpatterns = [
    path("standards/<uuid:exercise_id>/", standard_views.judge, name="standard"),
    path("<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("<uuid:attempt_id>/save/", views.save, name="save"),
    path("<uuid:attempt_id>/questions/", views.questions, name="questions"),
    path("<uuid:attempt_id>/review/", views.review, name="review"),
    path("<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("<uuid:attempt_id>/receipt/", views.receipt, name="receipt"),
    path("<uuid:attempt_id>/pictures/<int:position>/<slug:digest>/", views.picture, name="picture"),
    path("<uuid:attempt_id>/files/<slug:digest>/", views.answer_file, name="answer_file"),
    path("<uuid:attempt_id>/queries/", query_views.queries, name="queries"),
    path("<uuid:attempt_id>/queries/<int:position>/", query_views.query, name="query"),
]
