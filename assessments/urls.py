"""Addresses of an attempt, only ever its candidate's own, of a panel's judges, and of the rooms where attempts are invigilated."""

from django.urls import path

from assessments import contact_views, views
from assessments.practice import views as practice_views
from assessments.queries import views as query_views
from assessments.rooms import clock_views
from assessments.rooms import views as room_views
from assessments.standard_setting import views as standard_views

app_name = "assessments"

urlpatterns = [
    path("standards/<uuid:exercise_id>/", standard_views.judge, name="standard"),
    path("rooms/", room_views.rooms, name="rooms"),
    path("rooms/new/", room_views.new_room, name="room_new"),
    path("rooms/<uuid:room_id>/", room_views.room, name="room"),
    path("rooms/<uuid:room_id>/now/", room_views.room_now, name="room_now"),
    path("rooms/<uuid:room_id>/names/", room_views.names, name="room_names"),
    path("rooms/<uuid:room_id>/code/", room_views.code, name="room_code"),
    path("rooms/<uuid:room_id>/close/", room_views.close, name="room_close"),
    path("rooms/<uuid:room_id>/clock/", clock_views.clock_of_all, name="room_all"),
    path("rooms/<uuid:room_id>/clock/<uuid:attempt_id>/", clock_views.clock_of_one, name="room_one"),
    path("rooms/<uuid:room_id>/incident/", room_views.incident, name="room_incident"),
    path("rooms/<uuid:room_id>/log/", room_views.log, name="room_log"),
    path("rooms/<uuid:room_id>/log.csv", room_views.log_csv, name="room_log_file"),
    path("practice/<uuid:round_id>/", practice_views.practice, name="practice"),
    path("practice/<uuid:round_id>/<int:position>/", practice_views.question, name="practice-question"),
    path(
        "practice/<uuid:round_id>/<int:position>/pictures/<slug:digest>/",
        practice_views.picture,
        name="practice-picture",
    ),
    path("<uuid:attempt_id>/", views.attempt, name="attempt"),
    path("<uuid:attempt_id>/save/", views.save, name="save"),
    path("<uuid:attempt_id>/questions/", views.questions, name="questions"),
    path("<uuid:attempt_id>/review/", views.review, name="review"),
    path("<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("<uuid:attempt_id>/receipt/", views.receipt, name="receipt"),
    path("<uuid:attempt_id>/contact/", contact_views.contact, name="contact"),
    path("<uuid:attempt_id>/work-on/", contact_views.work_on, name="work_on"),
    path("<uuid:attempt_id>/pictures/<int:position>/<slug:digest>/", views.picture, name="picture"),
    path("<uuid:attempt_id>/files/<slug:digest>/", views.answer_file, name="answer_file"),
    path("<uuid:attempt_id>/queries/", query_views.queries, name="queries"),
    path("<uuid:attempt_id>/queries/<int:position>/", query_views.query, name="query"),
]
