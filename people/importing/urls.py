"""Addresses of imports."""

from django.urls import path

from people.importing import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:pk>/", views.show, name="import"),
    path("<int:pk>/columns/", views.map_columns, name="columns"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/report.csv", views.report_csv, name="report_csv"),
    path("<int:pk>/report.xlsx", views.report_xlsx, name="report_xlsx"),
    path("<slug:code>/", views.hand_in, name="hand_in"),
]
