"""What is kept in memory, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from django.core.cache import cache

from people import kept as memory
from people.kept import forget, forget_all, kept, kept_many


@pytest.fixture
def numbers() -> Iterator[int]:
    return count(1)


def test_a_value_is_made_once(numbers: Iterator[int]) -> None:
    assert [kept("k", lambda: next(numbers), seconds=60) for _ in range(3)] == [1, 1, 1]


def test_another_process_finds_it_in_the_shared_cache(numbers: Iterator[int]) -> None:
    kept("k", lambda: next(numbers), seconds=60)
    forget_all()
    assert kept("k", lambda: next(numbers), seconds=60) == 1


def test_memory_ends_before_the_shared_cache_where_that_is_asked(
    numbers: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [1000.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: moment[0])
    kept("k", lambda: next(numbers), seconds=60, in_memory=5)
    cache.set("k", 10, 60)
    assert kept("k", lambda: next(numbers), seconds=60, in_memory=5) == 1
    moment[0] += 5
    assert kept("k", lambda: next(numbers), seconds=60, in_memory=5) == 10


def test_what_is_forgotten_is_made_again(numbers: Iterator[int]) -> None:
    kept("k", lambda: next(numbers), seconds=60)
    forget("k")
    assert kept("k", lambda: next(numbers), seconds=60) == 2


def test_many_are_found_wherever_they_are_kept(numbers: Iterator[int]) -> None:
    kept("near", lambda: next(numbers), seconds=60)
    cache.set("far", 9, 60)
    assert kept_many(["near", "far", "nowhere"], seconds=60) == {"near": 1, "far": 9}
    cache.clear()
    assert kept_many(["near", "far"], seconds=60) == {"near": 1, "far": 9}


def test_memory_is_bounded_and_the_least_used_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 2)
    for key in ("a", "b", "a", "c"):
        kept(key, lambda key=key: key, seconds=60)  # type: ignore[misc]
    cache.clear()
    assert set(kept_many(["a", "b", "c"], seconds=60)) == {"a", "c"}
