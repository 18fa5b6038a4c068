"""Pages of certificates: the download for those who may open it, and the public check for anybody, without an account."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.certificate_codes import read_code
from cpd_records.certificates import keys, tries
from cpd_records.certificates.checking import (
    UNKNOWN,
    Answer,
    answer_for_code,
    answer_for_file,
    answer_for_large_file,
)
from cpd_records.certificates.files import FileDiffers, read_issued
from cpd_records.certificates.forms import CodeForm, FileForm
from cpd_records.certificates.late import NOT_FOR_YOU, READERS, in_words, late_for
from cpd_records.certificates.standing import Standing, standing_of
from cpd_records.certificates.uploads import SmallFileHandler
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.keys import keys_in_words
from cpd_records.ledger.refusals import standing_refusal
from cpd_records.models import Certificate, Checkpoint
from people import access, clock
from people.looks import record_looks
from people.signed_in import SignedInRequest

WRONG_CODE, SENT_FILE = "code", "file"
SAW = "The file as it was issued"
SAW_LATE = "That a certificate of yours waits for its file"
ROWS = 25
NO_LONGER_HELD = (
    "What it says was lawfully erased, so it is no longer held, and neither is its file. "
    "Whoever kept the file can still have it checked without us."
)
# After this long the page says that it takes longer than usual.
LONG_WAIT = timedelta(minutes=1)
VERIFIER = Path(settings.BASE_DIR) / "docs" / "verifier" / "verify_ledger.py"


@require_safe
@login_required
@never_cache
def certificate(request: SignedInRequest, certificate_id: UUID) -> HttpResponse:
    """Hand out the file as it was issued, or say when it will be there."""
    found = get_object_or_404(Certificate.objects.visible_to(request.user), pk=certificate_id)
    record_looks([found.officer_id], by=request.user, at=clock.now(), where=f"Certificate {found.code}", saw=SAW)
    if standing_of(found, on=clock.today()) is Standing.NO_LONGER_HELD:
        context = {"certificate": found, "sentence": NO_LONGER_HELD}
        return render(request, "cpd_records/certificate_differs.html", context, status=HTTPStatus.GONE)
    if not found.is_ready:
        context = {
            "certificate": found,
            "is_own": found.officer_id == request.user.pk,
            "is_late": clock.now() - found.created_at > LONG_WAIT or standing_refusal() is not None,
        }
        return render(request, "cpd_records/being_made.html", context, status=HTTPStatus.ACCEPTED)
    try:
        pdf = read_issued(found)
    except FileDiffers as refusal:
        context = {"certificate": found, "sentence": str(refusal)}
        return render(request, "cpd_records/certificate_differs.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    disposition = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=disposition)


@require_safe
@login_required
@never_cache
def late(request: SignedInRequest) -> HttpResponse:
    """Certificates that are not made in their time, and why, for those who look after them."""
    if not access.has_any_role(request.user, *READERS):
        raise PermissionDenied(NOT_FOR_YOU)
    page = Paginator(late_for(request.user, at=clock.now()), ROWS).get_page(request.GET.get("page"))
    record_looks(
        [one.officer_id for one in page], by=request.user, at=clock.now(), where="Late certificates", saw=SAW_LATE
    )
    shown = {"late": in_words(page), "page": page, "pages": page.paginator.get_elided_page_range(page.number)}
    return render(request, "cpd_records/late.html", shown)


# Checking changes nothing and needs no session, so there is nothing for a forged form to gain; and only without the CSRF check can
# the upload be limited before any of it is read.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code or a file, and check what is sent."""
    handler = SmallFileHandler(request)
    request.upload_handlers = [handler]
    if request.method != "POST":
        return _form(request)
    # Before any of it is read: whoever has sent twenty files waits, however large the next one is.
    if request.content_type == "multipart/form-data" and _has_sent_too_often(request):
        return _wait(request)
    if handler.saw_file(request):
        return _check_file(request, handler)
    code_form = CodeForm(request.POST)
    if not code_form.is_valid():
        return _form(request, code_form=code_form)
    code = read_code(code_form.cleaned_data["code"])
    return (
        redirect("cpd_records:verify_code", code=code)
        if code
        else _answer_code(request, "", typed=code_form.data["code"])
    )


@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Answer for the code in the address, which is also where the QR code leads."""
    return _answer_code(request, code, typed=code)


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Explain how to check a certificate without us."""
    context = {"signers": keys.published_signers(), "ledger_keys": keys_in_words()}
    return _not_indexed(render(request, "cpd_records/verify_how.html", context))


@require_safe
@cache_control(public=True, max_age=300)
def signing_key(request: HttpRequest) -> HttpResponse:
    """Serve the certificates of the key that signs, in PEM. A careful reader takes them from elsewhere as well."""
    return HttpResponse(keys.signing_identity().chain_pem, content_type="application/x-pem-file")


@require_safe
@cache_control(public=True, max_age=300)
def signing_keys(request: HttpRequest) -> HttpResponse:
    """Serve the certificate of the key that signs and of every key that signed before it, in PEM, the current one first."""
    pem = "".join(each.certificate.public_bytes(Encoding.PEM).decode() for each in keys.published_signers())
    return HttpResponse(pem, content_type="application/x-pem-file")


@require_safe
@cache_control(public=True, max_age=300)
def verifier(request: HttpRequest) -> HttpResponse:
    """Serve the programme that checks entries, certificates and the log without us. A careful reader compares it with others' copies."""
    headers = {"Content-Disposition": f'attachment; filename="{VERIFIER.name}"'}
    return HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)


def _check_file(request: HttpRequest, handler: SmallFileHandler) -> HttpResponse:
    if _has_sent_too_often(request):
        return _wait(request)
    tries.count_try(request, SENT_FILE)
    checkpoint = last_checkpoint()
    if handler.is_too_large:
        answer = answer_for_large_file(handler.digest, on=clock.today(), checkpoint=checkpoint)
        return _show(request, answer, checkpoint=checkpoint)
    file_form = FileForm(request.POST, request.FILES)
    if not file_form.is_valid():
        return _form(request, file_form=file_form)
    answer = answer_for_file(file_form.cleaned_data["file"].read(), on=clock.today(), checkpoint=checkpoint)
    return _show(request, answer, checkpoint=checkpoint)


def _has_sent_too_often(request: HttpRequest) -> bool:
    """Return whether this address has sent as many files as a minute allows."""
    return tries.has_tried_too_often(request, SENT_FILE, tries.FILES_A_MINUTE)


def _answer_code(request: HttpRequest, code: str, *, typed: str) -> HttpResponse:
    if tries.has_tried_too_often(request, WRONG_CODE, tries.WRONG_CODES_A_MINUTE):
        return _wait(request)
    checkpoint = last_checkpoint()
    answer = answer_for_code(code, on=clock.today(), checkpoint=checkpoint)
    if answer is UNKNOWN:
        tries.count_try(request, WRONG_CODE)
    return _show(request, answer, checkpoint=checkpoint, typed=typed)


def _show(
    request: HttpRequest, answer: Answer, *, checkpoint: Checkpoint | None = None, typed: str = ""
) -> HttpResponse:
    again = CodeForm(initial={"code": typed[:60]}) if not answer.is_found else None
    status = HTTPStatus.OK if answer.is_found else HTTPStatus.NOT_FOUND
    context = {
        "answer": answer,
        "code_form": again,
        "answered_at": clock.now(),
        "size": checkpoint.size if checkpoint else 0,
    }
    return _not_indexed(render(request, "cpd_records/verify_answer.html", context, status=status))


def _form(
    request: HttpRequest, *, code_form: CodeForm | None = None, file_form: FileForm | None = None
) -> HttpResponse:
    context = {"code_form": code_form or CodeForm(), "file_form": file_form or FileForm()}
    has_errors = code_form is not None or file_form is not None
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_errors else HTTPStatus.OK
    return _not_indexed(render(request, "cpd_records/verify.html", context, status=status))


def _wait(request: HttpRequest) -> HttpResponse:
    response = _not_indexed(render(request, "cpd_records/verify_wait.html", status=HTTPStatus.TOO_MANY_REQUESTS))
    response["Retry-After"] = "60"
    return response


def _not_indexed(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    # Django would write the address of a refusal, and with it the code, into the log.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
