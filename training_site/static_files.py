"""How static files are named when they are served: by content, and the same name wherever one is asked for."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByContent(CompressedManifestStaticFilesStorage):
    """Writes the hashed name also where one module imports another.

    Otherwise a page that loads ``site.<hash>.js`` and a module that imports ``./site.js`` run the same file twice, and what
    listens once listens twice: the second ear took every first press of a button for a double press and stopped it.
    """

    support_js_module_import_aggregation = True
