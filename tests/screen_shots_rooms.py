"""The pictures of exam rooms: the list, one that runs, its forms and its log, and what a candidate sees while their clock is stopped."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.screen_shots import Shot


def stop_without_reason(page: Page, _states: dict[str, str]) -> None:
    page.get_by_role("button", name="Stop the clock for everybody").click()
    expect(page.get_by_text("There is a problem").first).to_be_visible()


ROOM_SHOTS = (
    Shot("14-rooms", "training-admin", "/assess/rooms/"),
    Shot("14-room-new", "training-admin", "/assess/rooms/new/"),
    Shot("14-room", "assessor", "{room}"),
    Shot("14-room-led", "training-admin", "{room}"),
    Shot("14-room-read", "auditor", "{room}"),
    Shot("14-room-closed", "assessor", "{room-closed}"),
    Shot("14-room-everybody", "assessor", "{room}clock/"),
    Shot("14-room-everybody-no-reason", "assessor", "{room}clock/", act=stop_without_reason, status=200),
    Shot("14-room-one", "assessor", "{room-one}"),
    Shot("14-room-incident", "assessor", "{room}incident/"),
    Shot("14-room-names", "training-admin", "{room}names/"),
    Shot("14-room-code", "assessor", "{room}code/"),
    Shot("14-room-close", "assessor", "{room}close/"),
    Shot("14-room-log", "auditor", "{room}log/"),
    Shot("14-room-log-printed", "auditor", "{room}log/", widths=(1440,), printed=True),
    Shot("14-attempt-resting", "sat-rests", "{attempt-resting}"),
    Shot("14-attempt-stopped", "sat-1", "{attempt-stopped}"),
)
