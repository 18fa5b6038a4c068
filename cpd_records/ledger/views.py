"""What anybody may read of the ledger: the last checkpoint, the keys that sign it, and the log itself. No session, nothing personal."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.publishing import NoSuchTile, TileName, tile_content

PLAIN_TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_EVER = 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=1)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Serve the last checkpoint, byte for byte as it was signed."""
    last = last_checkpoint()
    if last is None:
        return HttpResponse("Nothing is sealed yet, so there is no checkpoint.\n", status=404, content_type=PLAIN_TEXT)
    return HttpResponse(last.note, content_type=PLAIN_TEXT)


@require_safe
@cache_control(public=True, max_age=300)
def key(request: HttpRequest) -> HttpResponse:
    """Serve the verifier keys, a line each, the current one first; a retired one says until which size of tree it counts.

    A careful reader takes them from elsewhere as well.
    """
    return HttpResponse("".join(f"{line}\n" for line in verifier_keys()), content_type=PLAIN_TEXT)


@require_safe
def tile(request: HttpRequest, level: str, place: str) -> HttpResponse:
    """Serve a tile of hashes or a bundle of entries: kept for ever by whoever wants to, since what one holds never changes."""
    try:
        content = tile_content(TileName.from_address(f"{level}/{place}"))
    except NoSuchTile as missing:
        answer = HttpResponse(f"{missing}\n", status=404, content_type=PLAIN_TEXT)
        patch_cache_control(answer, no_store=True)
        return answer
    answer = HttpResponse(content, content_type=BYTES)
    patch_cache_control(answer, public=True, max_age=FOR_EVER, immutable=True)
    return answer
