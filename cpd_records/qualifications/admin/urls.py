"""Addresses of the screens about qualifications, below /admin/qualifications/."""

from django.urls import path

from cpd_records.qualifications.admin import views

app_name = "qualifications_admin"
urlpatterns = [
    path("", views.QualificationsView.as_view(), name="index"),
    path("new/", views.NewQualificationView.as_view(), name="new"),
    path("<int:pk>/", views.QualificationView.as_view(), name="qualification"),
    path("<int:pk>/rule/", views.ChangeRuleView.as_view(), name="rule"),
    path("<int:pk>/needs/", views.AddNeedView.as_view(), name="needs"),
    path("<int:pk>/needs/<int:row>/end/", views.EndNeedView.as_view(), name="end_need"),
    path("<int:pk>/requirements/", views.RequireView.as_view(), name="requirements"),
    path("<int:pk>/requirements/<int:row>/end/", views.EndRequirementView.as_view(), name="end_requirement"),
]
