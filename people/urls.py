"""What of Wagtail's is not ours: its sign-ins and password pages lead to the one sign-in there is, and nobody is deleted in bulk."""

from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from people.admin.account import OwnSettings

app_name = "people"


class ToSignIn(RedirectView):
    """Any request for a sign-in of Wagtail's goes to allauth's, with its query, and signs nobody in."""

    pattern_name = "account_login"
    query_string = True
    http_method_names = ["get", "post", "head", "options"]


urlpatterns = [
    # Addresses come from personnel records; a system administrator changes them.
    path("accounts/email/", RedirectView.as_view(url="/account/")),
    path("admin/login/", ToSignIn.as_view(), name="admin_sign_in"),
    path("_util/login/", ToSignIn.as_view(), name="wagtails_sign_in"),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout"), name="admin_sign_out"),
    re_path(r"^admin/password_reset/.*$", RedirectView.as_view(pattern_name="account_reset_password")),
    # People are changed one at a time, and never deleted: evidence names them for ever.
    re_path(r"^admin/bulk/people/user/.*$", RedirectView.as_view(url="/admin/users/")),
    # Wagtail's trial of its own error page.
    path("admin/failwhale/", RedirectView.as_view(url="/admin/")),
    path("admin/account/", require_admin_access(OwnSettings.as_view())),
    path("admin/account/change_password/", RedirectView.as_view(pattern_name="account_change_password")),
]
