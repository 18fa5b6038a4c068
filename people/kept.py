"""What pages need again and again and nobody owns, kept in this process's memory before the shared cache: looks, outlines, released text.

A look into the shared cache costs a journey and an unpickling; these are read several times for each page. Nothing personal is kept
here, and nothing that decides who may see what. What is kept is shared by all threads: nobody changes it.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, TypeVar, cast

from django.core.cache import cache

MOST = 1000
T = TypeVar("T")

_memory: OrderedDict[str, tuple[float, Any]] = OrderedDict()
_lock = Lock()


def kept(key: str, make: Callable[[], T], *, seconds: int, in_memory: int | None = None) -> T:
    """Return what is kept under the key, made where it is not; never None.

    The shared cache keeps it for ``seconds``, this process for ``in_memory`` of them: as long, where the key names the very content.
    """
    value = _remembered(key)
    if value is None:
        value = cache.get(key)
        if value is None:
            value = make()
            cache.set(key, value, seconds)
        _remember(key, value, seconds if in_memory is None else in_memory)
    return cast(T, value)


def kept_many(keys: Iterable[str], *, seconds: int) -> dict[str, Any]:
    """Return those of the keys that are kept, with one look into the shared cache at most."""
    found = {key: value for key in keys if (value := _remembered(key)) is not None}
    for key, value in cache.get_many([key for key in keys if key not in found]).items():
        _remember(key, value, seconds)
        found[key] = value
    return found


def forget(key: str) -> None:
    """Drop a value here and from the shared cache; other processes drop theirs when their seconds are over."""
    cache.delete(key)
    with _lock:
        _memory.pop(key, None)


def forget_all() -> None:
    """Drop everything from this process's memory, as ``cache.clear()`` does from the shared cache."""
    with _lock:
        _memory.clear()


def _remembered(key: str) -> Any:
    with _lock:
        until, value = _memory.get(key, (0.0, None))
        if until <= time.monotonic():
            return None
        _memory.move_to_end(key)
    return value


def _remember(key: str, value: Any, seconds: int) -> None:
    """Keep a value in memory; the least used gives way."""
    with _lock:
        _memory[key] = (time.monotonic() + seconds, value)
        _memory.move_to_end(key)
        while len(_memory) > MOST:
            _memory.popitem(last=False)
