"""Addresses of adjustments."""

from django.urls import path

from people.adjusting import views

app_name = "adjustments"
urlpatterns = [
    path("", views.find, name="find"),
    path("mine/", views.mine, name="mine"),
    path("<uuid:officer>/", views.person, name="person"),
    path("<uuid:officer>/grant/", views.grant, name="grant"),
    path("<uuid:officer>/<int:number>/correct/", views.correct, name="correct"),
    path("<uuid:officer>/<int:number>/end/", views.end, name="end"),
]
