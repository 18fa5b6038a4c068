"""Which question types there are, by name."""

from assessments.question_types.around import problems_around, problems_of_use
from assessments.question_types.contract import Definition, Problem, QuestionType
from assessments.question_types.words import check_words

_types: dict[str, QuestionType] = {}


class UnknownType(Exception):
    """No question type has this name."""

    def __init__(self, name: str) -> None:
        known = ", ".join(names())
        super().__init__(f"'{name}' is not a question type that is built. The types are {known}.")
        self.name = name


def register(question_type: QuestionType) -> QuestionType:
    """Make a type known by its name; a second one of the same name is a programming error."""
    if question_type.name in _types and type(_types[question_type.name]) is not type(question_type):
        raise ValueError(f"Two question types are called '{question_type.name}'.")
    _types[question_type.name] = question_type
    return question_type


def unregister(name: str) -> None:
    """Forget a type; for tests that define one."""
    _types.pop(name, None)


def get(name: str) -> QuestionType:
    """Return the type of that name, or raise ``UnknownType`` with a sentence that lists those there are."""
    try:
        return _types[name]
    except KeyError:
        raise UnknownType(name) from None


def problems_of(question_type: QuestionType, definition: Definition) -> list[Problem]:
    """Return everything wrong with a definition: what its type says, and any word in it that cannot be kept."""
    found = question_type.validate(definition)
    for more in (problems_around(question_type, definition), check_words(definition)):
        told = {problem.path for problem in found}
        found += [problem for problem in more if problem.path not in told]
    return found


__all__ = ["UnknownType", "get", "names", "problems_of", "problems_of_use", "register", "unregister"]


def names() -> list[str]:
    """Return the names of all types, in alphabetical order."""
    return sorted(_types)
