"""What is loaded is left out of collections; what comes afterwards is collected as ever."""

import gc
import weakref

import pytest

from people.loaded import set_loaded_aside


class Ring:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before():
    yield
    gc.unfreeze()


def test_what_is_loaded_is_left_out_of_collections() -> None:
    kept = Ring()
    assert any(each is kept for each in gc.get_objects())
    set_loaded_aside()
    assert not any(each is kept for each in gc.get_objects())


def test_what_was_garbage_already_is_not_kept() -> None:
    gone = weakref.ref(Ring())
    set_loaded_aside()
    assert gone() is None


def test_what_comes_afterwards_is_still_collected() -> None:
    set_loaded_aside()
    gone = weakref.ref(Ring())
    gc.collect()
    assert gone() is None
