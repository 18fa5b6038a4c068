"""How records of a person go: each app names its tables, what class of retention they are of, and what goes with them.

A ``Plan`` is about one sort of record: its rows, the day its period counts from, the rows that hang on it, files, and what is blanked where
a row has to stay. Plans say what; when and on whose authority is decided elsewhere. A test holds that every table of ``held.py`` has one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Count, DateTimeField, Exists, F, Max, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from people import clock
from people.models import Posting, User

# Blanked columns may follow from the row: (row, moment) to the value.
Blank = Any | Callable[[Any, datetime], Any]
EVERY = Q()


@dataclass(frozen=True, slots=True)
class Files:
    """Files of a table's rows in private storage: ``folder`` and the column ``path``. ``is_shared``: kept while another row names it."""

    path: str
    folder: str = ""
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of ``model`` that hang on a record by the lookup ``by``, and go before it; those ``only`` where it is given.

    With ``blanks`` they are not deleted: these columns are. ``entries`` are columns that name ledger entries whose openings go with them.
    """

    model: str
    by: str
    only: Q = EVERY
    files: Files | None = None
    blanks: Mapping[str, Any] | None = None
    entries: tuple[str, ...] = ()

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)


@dataclass(frozen=True, slots=True)
class Plan:
    """One sort of record: rows of ``model`` about a person by the lookup ``by``, of the retention class ``retention``.

    ``made`` is the column that says when a row was made (or a way to one): what was made after an approval was not approved. Empty
    where rows only say how something is set now: they go as they stand. ``since`` are the columns its period counts from (of the row,
    or by a way of one it names), the first that has a day; where there is none, or the class says so, it counts from the end of
    service. ``only`` narrows the rows, and leaves out those that are blanked already. ``going_on`` returns those that stay while their
    officer serves, because they had not ended by a moment. ``parts`` go first, in their order. ``entries`` are columns that name ledger
    entries whose openings go in the same piece; ``subject`` adds the officer's entries about the row's own id. ``is_chain``: rows that
    a row corrects go with it, so that what was corrected never stands again. ``is_opening``: the record is what a ledger entry says,
    and goes by its erasure. ``listed_in`` returns the subjects of certificates that print a row itself, beside what they print of
    ledger entries: such a list goes with the first record that it lists. ``name`` says in words which record it is, for a preview.
    """

    model: str
    by: str
    what: str
    retention: str
    made: str = ""
    since: tuple[str, ...] = ()
    only: Q = EVERY
    going_on: Callable[[datetime], Q] | None = None
    parts: tuple[Part, ...] = ()
    files: Files | None = None
    blanks: Mapping[str, Blank] | None = None
    entries: tuple[str, ...] = ()
    subject: bool = False
    is_chain: bool = False
    is_opening: bool = False
    by_public_id: bool = False
    listed_in: Callable[[Any], tuple[str, ...]] | None = None
    name: Callable[[Any], str] | None = None

    @property
    def table(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def named(self) -> str:
        """What its records are called in the middle of a sentence: 'results of tests', 'CPD activities'."""
        return self.what if self.what[:2].isupper() else self.what[:1].lower() + self.what[1:]

    @property
    def is_plain(self) -> bool:
        """Whether a record is a row and nothing else, so that many go in one statement."""
        return not (
            self.parts or self.files or self.blanks or self.entries or self.subject or self.is_chain or self.listed_in
        )


def not_ended(column: str) -> Callable[[datetime], Q]:
    """Return which rows had not ended by a moment, by the column that says when they did."""
    return lambda moment: Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gt": moment})


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """A class of records: what it is called, for how many years it is kept, and whether from the end of service or from the event."""

    code: str
    title: str
    years: int
    from_service: bool
    includes: str

    @property
    def period(self) -> str:
        """In words: '7 years after the end of service'."""
        years = "1 year" if self.years == 1 else f"{self.years} years"
        return f"{years} after {'the end of service' if self.from_service else 'the event'}"


# Code: title, whether it counts from the end of service, and what is in it. The years are settings: local defaults, no national standard.
_CLASSES = {
    "initial-training": (
        "Initial training and portfolio",
        True,
        "recruit’s states and decisions, tutors’ notes, portfolio with its files",
    ),
    "accreditation": (
        "Accreditation and qualifications",
        True,
        "awards in the ledger, their corrections and the files behind them",
    ),
    "cpd": (
        "Courses, results and CPD",
        False,
        "courses with their progress, results, certificates, CPD activities, plans and declarations",
    ),
    "responses": (
        "Answers in tests",
        False,
        "what was answered and the files handed in; score, version and decision stay with the result",
    ),
    "exceptions": (
        "Exceptions and exemptions",
        False,
        "exceptions, exemptions and restrictions, from the day they ended",
    ),
    "service": (
        "Service record",
        True,
        "name and sign-in, ranks, postings, roles, absences, adjustments, and who looked at the record",
    ),
}


def retention_classes() -> dict[str, RetentionClass]:
    """Return the classes by their codes, with the years as they are set here."""
    return {
        code: RetentionClass(code, title, settings.RETENTION_YEARS[code], from_service, includes)
        for code, (title, from_service, includes) in _CLASSES.items()
    }


def years_before(day: date, years: int) -> date:
    """Return the last day from which so many years have passed by ``day``: an anniversary on 29 February falls on 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, and no such day in that year
        return date(day.year - years, 2, 28)


def serves(officer: User) -> bool:
    """Return whether somebody serves: their account is open, or a posting runs on or is still to come."""
    postings = Posting.objects.known().filter(officer=officer, is_void=False)
    return officer.is_active or postings.filter(Q(valid_until=None) | Q(valid_until__gte=clock.today())).exists()


def end_of_service(officer: User) -> date | None:
    """Return the last day of the last posting of somebody who serves no more; None while they serve, or where no posting is known."""
    if serves(officer):
        return None
    postings = Posting.objects.known().filter(officer=officer, is_void=False)
    last: date | None = postings.aggregate(last=Max("valid_until"))["last"]
    return last


def last_days() -> dict[int, date]:
    """Return everybody who has left, by key, with their last day of service; as ``end_of_service`` says it of one. One query."""
    rows = Posting.objects.known().filter(is_void=False, officer__is_active=False)
    ended = rows.values("officer").annotate(last=Max("valid_until"), running=Count("pk", filter=Q(valid_until=None)))
    today = clock.today()
    return {row["officer"]: row["last"] for row in ended if not row["running"] and row["last"] < today}


def counts_due(plan: Plan, *, on: date, left: Mapping[int, date], but: Sequence[Exists] = ()) -> Counter[int]:
    """Return how many records of the plan are due of whom by a day, by key; ``left`` are the last days of those who left.

    The records are those of ``due_rows`` for each of them, without those that meet a condition of ``but``; one or two statements for all.
    """
    kept = retention_classes()[plan.retention]
    cut = years_before(on, kept.years)
    rows = plan.table._base_manager.filter(plan.only, *(~condition for condition in but))
    if plan.is_chain:
        rows = rows.filter(superseded_by__isnull=True)
    gone = {pk for pk, day in left.items() if day <= cut}
    found: Counter[int] = Counter()
    if plan.since:
        dated = rows.annotate(since_on=_since(plan))
        by_service = dated if kept.from_service else dated.filter(since_on__isnull=True)
        if not kept.from_service:
            found += _counts(plan, dated.filter(_by(plan, cut)))
    else:
        by_service = rows
    if gone:
        found += Counter({pk: count for pk, count in _counts(plan, by_service).items() if pk in gone})
    return found


def _counts(plan: Plan, rows: QuerySet[Any]) -> Counter[int]:
    """Return how many of the records are about whom."""
    counted = {
        who: count for who, count in rows.order_by().values_list(plan.by).annotate(Count("pk")) if who is not None
    }
    if not plan.by_public_id:
        return Counter(counted)
    people = User.objects.values_list("pk", "public_id")
    return Counter({pk: counted[public_id] for pk, public_id in people if public_id in counted})


def rows_of(plan: Plan, officer: User) -> QuerySet[Any]:
    """Return the records of a plan about somebody, the oldest first, with ``since_on`` where they have a day.

    Of rows with two times those that stand; what they correct goes with them.
    """
    about = officer.public_id if plan.by_public_id else officer.pk
    rows = plan.table._base_manager.filter(plan.only, **{plan.by: about})
    if plan.is_chain:
        rows = rows.filter(superseded_by__isnull=True)
    return (rows.annotate(since_on=_since(plan)) if plan.since else rows).order_by("pk")


def due_rows(plan: Plan, officer: User, *, on: date, left_on: date | None, ended_only: bool = True) -> QuerySet[Any]:
    """Return the records whose period has ended by the day ``on``. ``left_on`` is the officer's last day, None while they serve.

    Without ``ended_only`` every record there is, whatever its period: for an order, or a request that was upheld.
    """
    rows = rows_of(plan, officer)
    if not ended_only:
        return rows
    is_undated = Q(since_on__isnull=True)
    kept = retention_classes()[plan.retention]
    cut = years_before(on, kept.years)
    has_left = left_on is not None and left_on <= cut
    if kept.from_service or not plan.since:
        return rows if has_left else rows.none()
    return rows.filter(_by(plan, cut) | is_undated) if has_left else rows.filter(_by(plan, cut))


def made_by(plan: Plan, rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Return those of a plan's rows that were there at a moment; where a day is all that is known, those of that day too."""
    if not plan.made:
        return rows
    is_moment = isinstance(_field(plan.table, plan.made), DateTimeField)
    return rows.filter(**{f"{plan.made}__lte": moment if is_moment else timezone.localdate(moment)})


def _since(plan: Plan) -> Any:
    """Return the expression of the day or moment a record's period counts from; null where it has not come."""
    columns = [F(name) for name in plan.since]
    return Coalesce(*columns) if len(columns) > 1 else columns[0]


def _field(table: type[Model], way: str) -> Any:
    """Return the column to which a way leads, over the rows that a row names."""
    *over, name = way.split("__")
    for step in over:
        table = table._meta.get_field(step).related_model  # type: ignore[assignment]  # a way names relations
    return table._meta.get_field(name)


def _by(plan: Plan, day: date) -> Q:
    """Return the condition that what the period counts from was on the day or before, by the force's own clock."""
    if isinstance(_field(plan.table, plan.since[0]), DateTimeField):
        following = date.fromordinal(day.toordinal() + 1)
        return Q(since_on__lt=timezone.make_aware(datetime.combine(following, time())))
    return Q(since_on__lte=day)
