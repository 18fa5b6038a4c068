"""Which address goes to which app. The Wagtail pages come last; everything of ours before them."""

from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from training_site.views import disposal, erasures, everything, evidence, files, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("branding/<str:name>", files.logo, name="logo"),
    path("", include("training_site.urls_pages")),
    path("my/", include("training_site.urls_my")),
    path("team/", include("training_site.urls_team")),
    path("evidence/", evidence.evidence, name="evidence"),
    path("evidence/everything/<uuid:officer>/", everything.everything_of_leaver, name="everything-of-leaver"),
    path("evidence/everything/<uuid:officer>/<uuid:export_id>.zip", everything.leaver_file, name="leaver-file"),
    path("evidence/erasures/", erasures.erasures, name="erasures"),
    path("evidence/erasures/due/", disposal.due, name="due-for-disposal"),
    path("evidence/erasures/due/ask/", disposal.ask, name="ask-for-disposal"),
    path("evidence/erasures/waiting/", disposal.waiting, name="erasures-waiting"),
    path("evidence/erasures/about/<uuid:officer>/", erasures.preview, name="erasure-preview"),
    path("evidence/erasures/<uuid:erasure>/", erasures.erasure, name="erasure"),
    path("imports/", include("people.importing.urls")),
    path("adjustments/", include("people.adjusting.urls")),
    path("", include("people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("cpd_records.urls")),
    path("assess/", include("assessments.urls")),
    path("", include("courses.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if not settings.S3_BUCKET:
    urlpatterns.append(path("media/<path:path>", files.authors_media, name="authors_media"))
urlpatterns.append(path("", include(wagtail_urls)))

handler400 = "training_site.views.pages.bad_request"
handler500 = "training_site.views.pages.server_error"
