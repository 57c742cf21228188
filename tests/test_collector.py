import gc
from collections.abc import Iterator

import pytest

from alertd.collector import spare_what_is_there, without_collector


class Loop:
    """What only the collector can free: it has a reference to itself."""

    freed = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Loop.freed += 1


@pytest.fixture
def collector() -> Iterator[None]:
    gc.collect()
    Loop.freed = 0
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_there_is_not_walked_again(collector: None):
    there = Loop()
    spare_what_is_there()
    assert not any(each is there for each in gc.get_objects())


def test_what_comes_later_is_freed(collector: None):
    spare_what_is_there()
    Loop()
    gc.collect()
    assert Loop.freed == 1


def test_what_is_garbage_already_is_freed_and_not_spared(collector: None):
    Loop()
    spare_what_is_there()
    assert Loop.freed == 1


def test_without_it_nothing_is_walked_until_the_end(collector: None):
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off(collector: None):
    gc.disable()
    with without_collector():
        pass
    assert not gc.isenabled()
