"""The WSGI entry point that gunicorn serves. A start with a ledger that is not this installation's is refused here."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "training_site.settings")
application = get_wsgi_application()

from cpd_records.ledger import keys  # noqa: E402
from people.loaded import set_loaded_aside  # noqa: E402

if trouble := keys.trouble():
    raise ImproperlyConfigured(trouble)

set_loaded_aside()
