"""When what has gathered is told, to the moment."""

from math import inf

import pytest

from alertd.observers.gate import Gate


@pytest.fixture
def gate() -> Gate:
    """It let out one at 100 s."""
    gate = Gate()
    gate.note(99.8, pending=1)
    gate.let_out(100, 1)
    return gate


def test_where_nothing_has_come_it_stays_shut():
    assert Gate().due_s() == inf


def test_one_alone_is_let_out_after_a_moment():
    gate = Gate()
    gate.note(5, pending=1)
    assert gate.due_s() == 5.2


def test_it_waits_for_more_and_no_longer_than_a_second():
    gate = Gate()
    for tenth in range(11):
        gate.note(5 + tenth / 10, pending=tenth + 1)
    assert gate.due_s() == 6.0


def test_after_a_line_it_is_shut_for_a_second(gate: Gate):
    gate.note(100.1, pending=1)
    gate.note(100.9, pending=1)
    assert gate.due_s() == 101.1


def test_where_more_had_come_it_is_shut_four_times_as_long(gate: Gate):
    gate.note(100.9, pending=1)
    gate.let_out(101.1, 1)
    for tenth in range(60):
        gate.note(101.2 + tenth / 10, pending=1)
    assert gate.due_s() == pytest.approx(105.1)


def test_more_than_all_that_it_has_let_out_are_urgent(gate: Gate):
    gate.note(100.1, pending=2)
    assert gate.due_s() == pytest.approx(100.3)


def test_what_is_urgent_is_let_out_at_once(gate: Gate):
    gate.note(100.1, pending=1, urgent=True)
    assert gate.due_s() == pytest.approx(100.3)


def test_a_gate_that_was_open_is_shut_for_a_second_again(gate: Gate):
    gate.note(100.9, pending=1)
    gate.let_out(101.1, 1)
    gate.note(200, pending=1)
    gate.let_out(200.2, 1)
    gate.note(200.3, pending=1)
    gate.note(201.1, pending=1)
    assert gate.due_s() == pytest.approx(201.3)


def test_where_no_more_comes_for_an_eighth_of_its_time_it_opens_sooner(gate: Gate):
    for at_s in (100.5, 101.3, 105.5):
        gate.note(at_s, pending=1)
        gate.let_out(at_s + 0.3, 1)
    gate.note(110, pending=1)
    assert gate.due_s() == pytest.approx(110 + 64 / 8)
