"""The order of saves: a page saves by itself while somebody writes, and an old save never overwrites newer text.

Every opened page has a name of its own and numbers its saves. A save of the page that saved last counts when its number is higher;
a save of another page counts when it was opened on what is kept now. Time of arrival decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cpd_records.activity_rules import ChangedMeanwhile
from cpd_records.models import Activity, DraftSave


@dataclass(frozen=True)
class Seen:
    """What a page had before it when it saved: when that was last changed, and the page's own name and number of this save.

    ``page`` is None for a form sent without the script; ``by_itself`` says that nobody pressed a button.
    """

    at: datetime | None
    page: UUID | None = None
    sequence: int = 0
    by_itself: bool = False


def is_newest(
    activity: Activity, part: DraftSave.Part, seen: Seen, *, changed_at: datetime | None, is_changed: bool
) -> bool:
    """Return whether this save counts; False where a later one of the same page arrived before it. The activity's row is locked.

    Raises ``ChangedMeanwhile`` where the page was opened on something older than what was kept at ``changed_at``, and says something
    else (``is_changed``).
    """
    last = activity.saves.filter(part=part).first()
    if last is not None and seen.page is not None and last.page == seen.page:
        return seen.sequence > last.sequence
    if changed_at is not None and changed_at != seen.at:
        if is_changed:
            raise ChangedMeanwhile(activity, changed_at)
        return False
    return True


def remember_save(activity: Activity, part: DraftSave.Part, seen: Seen) -> bool:
    """Keep which save was the last; return whether it is worth a step: not where a page goes on saving by itself."""
    if seen.page is None:
        activity.saves.filter(part=part).delete()
        return True
    goes_on = activity.saves.filter(part=part, page=seen.page).exists()
    DraftSave.objects.update_or_create(
        activity=activity, part=part, defaults={"page": seen.page, "sequence": seen.sequence}
    )
    return not goes_on
