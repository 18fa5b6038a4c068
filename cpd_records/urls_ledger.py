"""The ledger's public addresses, below ``/ledger/``."""

from django.urls import path

from cpd_records.ledger import views
from cpd_records.watching import views as views_page

urlpatterns = [
    path("", views_page.ledger, name="ledger"),
    path("verify/", views_page.verify_now, name="ledger_verify_now"),
    path("checkpoint", views.checkpoint, name="ledger_checkpoint"),
    path("key", views.key, name="ledger_key"),
    # What the format does not write is refused before anything is looked up.
    path("tile/<slug:level>/<path:place>", views.tile, name="ledger_tile"),
]
