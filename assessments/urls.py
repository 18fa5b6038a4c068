"""Addresses of an attempt: only ever its candidate's own."""

from django.urls import path

from assessments import views
from assessments.queries import views as query_views

app_name = "assessments"

urlpatterns = [
    path("<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("<uuid:attempt_id>/save/", views.save, name="save"),
    path("<uuid:attempt_id>/questions/", views.questions, name="questions"),
    path("<uuid:attempt_id>/review/", views.review, name="review"),
    path("<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("<uuid:attempt_id>/receipt/", views.receipt, name="receipt"),
    path("<uuid:attempt_id>/queries/", query_views.queries, name="queries"),
    path("<uuid:attempt_id>/queries/<int:position>/", query_views.query, name="query"),
]
