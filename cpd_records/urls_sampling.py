"""Addresses of the audit sample of CPD."""

from django.urls import path

from cpd_records.sampling import views

urlpatterns = [
    path("cpd/samples/", views.samples, name="cpd_samples"),
    path("cpd/samples/draw/", views.draw, name="cpd_draw_sample"),
    path("cpd/samples/<uuid:sample_id>/", views.sample, name="cpd_sample"),
    path("cpd/samples/<uuid:sample_id>/public-ids.csv", views.public_ids, name="cpd_sample_ids"),
    path("cpd/samples/<uuid:sample_id>/<int:member_id>/", views.member, name="cpd_sample_member"),
]
