"""The one sentence a catalogue shows for a course whose author wrote none."""

from collections.abc import Sequence

from courses.folder.shapes import Outcome

LONGEST = 300


def promise_of(outcomes: Sequence[Outcome]) -> str:
    """Return the first outcome as a sentence: what one can do afterwards."""
    text = outcomes[0].text.strip() if outcomes else ""
    return f"{text.rstrip('.')}."[:LONGEST] if text else ""
