"""Addresses of the people pages under /admin/."""

from django.urls import path

from people.admin import views

app_name = "people_admin"
urlpatterns = [
    path("<int:pk>/roles/", views.roles, name="roles"),
    path("<int:pk>/roles/<int:held>/end/", views.end, name="end"),
]
