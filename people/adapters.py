"""How allauth is bent to us: closed sign-up, and our sentences for what can go wrong."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

NOT_RIGHT = "The e-mail address, service number or password is not right."
WRONG_FACTOR = "That code or key is not right, or its time has passed. Try the newest code, or another key."


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; people are imported. Every refusal is a sentence that does not say which part was wrong."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. A system administrator can open it again; the help page says where to write.",
        "email_password_mismatch": NOT_RIGHT,
        "username_password_mismatch": NOT_RIGHT,
        "phone_password_mismatch": NOT_RIGHT,
        "invalid_login": NOT_RIGHT,
        "incorrect_password": "That is not your password. Nothing was changed.",
        "incorrect_code": "That code is not right, or its time has passed. Enter the newest one.",
        "invalid_password_reset": "This link has been used or has run out. Ask for a new one.",
        "too_many_login_attempts": "There were too many wrong tries. Wait five minutes, then sign in again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: authenticator apps, passkeys, recovery codes."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_FACTOR}
