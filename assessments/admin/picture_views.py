"""Pictures in the screens of those who write questions: of a version one may see, and those one has just added."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from assessments.models import QuestionPicture, QuestionVersion
from assessments.pictures import FOLDER, picture_of_version
from assessments.private_files import private_file


@require_safe
def picture(request: HttpRequest, question_id: UUID, number: int, digest: str) -> HttpResponseBase:
    """Answer with a picture of a version."""
    versions = QuestionVersion.objects.visible_to(request.user)
    shown = picture_of_version(get_object_or_404(versions, question=question_id, number=number), digest)
    if shown is None:
        raise Http404
    return private_file(f"{FOLDER}/{digest}", content_type=shown.content_type)


@require_safe
def own_picture(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Answer with a picture that its reader added, for a question that is not yet saved."""
    shown = get_object_or_404(QuestionPicture.objects.of(request.user), pk=digest)
    return private_file(f"{FOLDER}/{digest}", content_type=shown.content_type)
