"""Addresses of the project's own pages."""

from django.conf import settings
from django.urls import path

from training_site.views import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("account/", pages.your_account, name="your-account"),
    path("account/stay-signed-in/", pages.stay_signed_in, name="stay-signed-in"),
    path("kept/<str:word>/", pages.kept_form, name="kept-form"),
    path("theme.css", pages.theme, name="theme"),
]
# The test suite names a folder of its own; nothing else does.
if settings.DEBUG or hasattr(settings, "TEST_VAR"):
    urlpatterns += [path("style/", pages.style, name="style")]
