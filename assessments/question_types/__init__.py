"""What a question can be. Each module here is one type and knows no database, no attempt and no course.

A type is added by a module with a ``TYPE``, its template and its tests; nothing else names it.
"""

import pkgutil
from importlib import import_module

from assessments.question_types.asking import Address, Asked, asked
from assessments.question_types.contract import (
    AnsweredPart,
    BadResponse,
    Choice,
    Definition,
    Face,
    FaceOption,
    FacePart,
    FacePicture,
    Marked,
    Posted,
    Problem,
    QuestionType,
    Response,
)
from assessments.question_types.registry import (
    UnknownType,
    get,
    names,
    problems_of,
    problems_of_use,
    register,
    unregister,
)

for _module in pkgutil.iter_modules(__path__):
    _type = getattr(import_module(f"{__name__}.{_module.name}"), "TYPE", None)
    if _type is not None:
        register(_type)

__all__ = [
    "Address",
    "AnsweredPart",
    "Asked",
    "BadResponse",
    "Choice",
    "Definition",
    "Face",
    "FaceOption",
    "FacePart",
    "FacePicture",
    "Marked",
    "Posted",
    "Problem",
    "QuestionType",
    "Response",
    "UnknownType",
    "asked",
    "get",
    "names",
    "problems_of",
    "problems_of_use",
    "register",
    "unregister",
]
