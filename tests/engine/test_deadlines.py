"""Deadlines: when a task has to be looked at, and that forgotten ones do not gather."""

from alertd.engine.deadlines import Deadlines


def test_a_task_is_due_at_the_earliest_time_that_was_set():
    deadlines = Deadlines()
    for time_ms in (50, 30, 40):
        deadlines.set(7, time_ms)
    assert deadlines.next_ms == 30
    assert list(deadlines.passed(29)) == []
    assert list(deadlines.passed(30)) == [7]
    assert list(deadlines.passed(1000)) == []


def test_tasks_are_due_in_the_order_of_their_times():
    deadlines = Deadlines()
    for task, time_ms in ((1, 30), (2, 10), (3, 20)):
        deadlines.set(task, time_ms)
    assert list(deadlines.passed(25)) == [2, 3]
    assert deadlines.next_ms == 30


def test_a_far_deadline_that_is_set_again_behind_each_near_one_does_not_gather():
    deadlines = Deadlines()
    for now in range(0, 10_000, 2):
        deadlines.set(1, 1_000_000)
        deadlines.set(1, now + 1)
        deadlines.set(2, now + 1)
        assert set(deadlines.passed(now + 1)) == {1, 2}
    assert len(deadlines._heap) < 20
    deadlines.set(1, 1_000_000)
    assert list(deadlines.passed(1_000_000)) == [1]
