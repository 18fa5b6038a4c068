"""Addresses of the screens about templates of certificates, below /admin/certificate-templates/."""

from django.urls import path

from cpd_records.certificates.admin import views

app_name = "certificate_templates_admin"
urlpatterns = [
    path("", views.TemplatesView.as_view(), name="index"),
    path("new/", views.NewTemplateView.as_view(), name="new"),
    path("own-form/<slug:key>.pdf", views.OwnFormView.as_view(), name="own_form"),
    path("<slug:code>/", views.TemplateView.as_view(), name="template"),
    path("<slug:code>/change/", views.ChangeView.as_view(), name="change"),
    path("<slug:code>/retire/", views.RetireView.as_view(), name="retire"),
    path("<slug:code>/<int:number>/<slug:specimen>.pdf", views.SpecimenView.as_view(), name="specimen"),
]
