"""Forms about people and signing in."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):
    """E-mail address or service number, and the password."""
