"""Sliding windows: never more than the service bears, and no waiting without need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alertd.delivery.pace import Pace, rates_for
from alertd.rate import Rate

TELEGRAM = (Rate(1, 1), Rate(20, 60))


def after(*ends_s: float, rates: tuple[Rate, ...] = TELEGRAM) -> Pace:
    pace = Pace(rates)
    for end_s in ends_s:
        pace.sent(end_s)
    return pace


@pytest.mark.parametrize(
    ("ends_s", "now_s", "opens_s"),
    [
        ([], 5.0, 5.0),
        ([5.0], 5.0, 6.0),
        ([5.0], 5.5, 6.0),
        ([5.0], 6.0, 6.0),
        ([5.0], 7.0, 7.0),
        (range(20), 20.0, 60.0),
        (range(20), 60.0, 60.0),
        (range(19), 19.0, 19.0),
        (range(21), 21.0, 61.0),
    ],
)
def test_the_next_may_go_when_no_window_has_too_many(
    ends_s: list[float], now_s: float, opens_s: float
):
    assert after(*ends_s).opens_s(now_s) == opens_s


@pytest.mark.parametrize(("count", "opens_s"), [(1, 18.0), (2, 19.0), (3, 60.0), (4, 61.0)])
def test_several_may_have_gone_when_each_goes_as_soon_as_it_may(count: int, opens_s: float):
    assert after(*range(18)).opens_s(18.0, count=count) == opens_s


def test_a_message_that_is_several_to_the_service_counts_as_several():
    pace = Pace((Rate(20, 60),))
    pace.sent(0.0, count=20)
    assert pace.opens_s(1.0) == 60.0


def test_without_a_rate_all_may_go_at_once():
    assert after(1.0, 1.0, rates=()).opens_s(1.0, count=100) == 1.0


@pytest.mark.parametrize(("used", "spared_s"), [(0, 30.0), (10, 30.0), (11, 16.0), (19, 24.0)])
def test_of_a_minutes_messages_the_second_half_is_spread(used: int, spared_s: float):
    assert after(*range(used)).spared_s(30.0 if used <= 10 else 20.0, 10.0) == spared_s


def test_they_are_spread_no_further_than_one_wants_to_wait():
    assert after(*range(4), rates=(Rate(6, 3600),)).spared_s(5.0, 10.0) == 13.0


def test_windows_that_open_again_soon_or_hold_few_are_not_spread():
    pace = after(*[0.0] * 4, rates=(Rate(5, 2), Rate(3, 60)))
    assert (pace.is_scarce(0.5), pace.spared_s(0.5, 10.0)) == (False, 0.5)


@pytest.mark.parametrize(
    ("wanted", "rates"),
    [
        (None, TELEGRAM),
        (Rate(10, 60), (Rate(1, 1), Rate(10, 60))),
        (Rate(100, 3600), (Rate(1, 1), Rate(20, 60), Rate(100, 3600))),
        (Rate(50, 1), (Rate(50, 1),)),
    ],
)
def test_a_wanted_rate_replaces_what_the_service_bears_in_as_long_a_time(
    wanted: Rate | None, rates: tuple[Rate, ...]
):
    assert rates_for(TELEGRAM, wanted) == rates


rates = st.lists(
    st.builds(Rate, st.integers(1, 30), st.sampled_from([1, 2, 60, 3600])), min_size=1, max_size=3
)


@given(rates, st.lists(st.floats(0, 100), min_size=1, max_size=200))
def test_whatever_is_asked_for_no_window_ever_has_too_many_and_nothing_waits_in_vain(
    rates: list[Rate], pauses: list[float]
):
    pace, now_s, ends = Pace(rates), 0.0, list[float]()
    for pause_s in pauses:
        now_s += pause_s
        opens_s = pace.opens_s(now_s)
        # It waits only for a window that is full right before.
        assert opens_s == now_s or any(_count(ends, opens_s, rate) == rate.times for rate in rates)
        now_s = opens_s
        pace.sent(now_s)
        ends.append(now_s)
        assert all(
            len(ends) <= rate.times or ends[-1] >= ends[-1 - rate.times] + rate.seconds
            for rate in rates
        )


def _count(ends: list[float], opens_s: float, rate: Rate) -> int:
    """How many there were in the window that ends just before."""
    return sum(end_s + rate.seconds >= opens_s for end_s in ends)


@pytest.mark.parametrize(("sent", "is_scarce"), [(0, False), (9, False), (10, True), (11, True)])
def test_one_more_may_be_the_one_that_makes_them_scarce(sent: int, *, is_scarce: bool):
    assert after(*range(sent)).is_scarce(sent, more=1) is is_scarce
    assert after(*range(sent)).is_scarce(sent + 60, more=1) is False
