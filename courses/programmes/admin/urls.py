"""Addresses of the screens about programmes, below /admin/programmes/."""

from django.urls import path

from courses.programmes.admin import views

app_name = "programmes_admin"
urlpatterns = [
    path("", views.ProgrammesView.as_view(), name="index"),
    path("new/", views.NewProgrammeView.as_view(), name="new"),
    path("<slug:code>/", views.ProgrammeView.as_view(), name="programme"),
    path("<slug:code>/release/", views.NewReleaseView.as_view(), name="release"),
    path("<slug:code>/releases/<int:number>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
