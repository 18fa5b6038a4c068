"""Running what brings an event loop of its own, as pyHanko does: it cannot stand in a thread where one runs already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def outside_any_loop(do: Callable[[], Answer]) -> Answer:
    """Return what ``do`` returns: called here, or in a thread of its own where a loop runs here (an async server, a browser's driver).

    ``do`` touches no database, whose connections belong to this thread.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return do()
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(do).result()
