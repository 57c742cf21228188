"""Deadlines: which task is to be looked at when, although nothing that it asks about has changed."""

from math import inf

from alertd.engine.deadlines import Deadlines


def deadlines(*entries: tuple[int, int]) -> Deadlines:
    """Deadlines of (task, time)."""
    made = Deadlines()
    for task, time_ms in entries:
        made.set(task, time_ms)
    return made


def test_without_deadlines_nothing_ever_comes():
    assert deadlines().next_ms == inf
    assert list(deadlines().passed(10**15)) == []


def test_the_next_is_the_earliest_of_all_tasks():
    assert deadlines((1, 5000), (2, 3000), (3, 4000)).next_ms == 3000


def test_those_that_have_come_are_told_in_the_order_of_time_and_forgotten():
    made = deadlines((1, 5000), (2, 3000), (3, 4000))
    assert list(made.passed(2999)) == []
    assert list(made.passed(4000)) == [2, 3]
    assert made.next_ms == 5000
    assert list(made.passed(5000)) == [1]
    assert made.next_ms == inf


def test_a_task_has_the_earliest_that_was_set():
    made = deadlines((1, 5000), (1, 3000), (1, 4000))
    assert list(made.passed(3000)) == [1]
    assert list(made.passed(9000)) == []


def test_a_task_that_flaps_sets_no_more_than_one():
    made = deadlines(*[(1, 5000 + later) for later in (0, 0, 1, 2)])
    assert len(made._heap) == 1


def test_a_task_may_have_another_when_its_last_has_passed():
    made = deadlines((1, 3000))
    assert list(made.passed(3000)) == [1]
    made.set(1, 8000)
    assert made.next_ms == 8000
    assert list(made.passed(8000)) == [1]
