"""Django's system checks of the keys that sign certificates and credentials: a start that could not sign is refused in a sentence."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from cpd_records.certificates import keys
from cpd_records.credentials import keys as credential_keys


@register(Tags.security)
def check_signing_key(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse a key or a chain that is set and cannot be used. Makes none."""
    if not (settings.CERTIFICATE_SIGNING_KEY or settings.CERTIFICATE_SIGNING_CHAIN):
        return []
    try:
        keys.trusted_certificates()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="certificates.E001")]
    return []


@register(Tags.security)
def check_credential_key(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse keys of credentials that are set and cannot be used. Makes none."""
    if not settings.CREDENTIAL_SIGNING_KEY:
        return []
    try:
        credential_keys.trusted_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="certificates.E002")]
    return []
