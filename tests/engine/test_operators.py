"""Every operator without a window at its edges: equality, the first tick, undefined metrics, gaps."""

import pytest

from alertd.engine.alert import Interval
from alertd.engine.condition import Comparison, Not
from tests.engine.stories import alerts_of, check_story
from tests.engine.tickers import check_of, either


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "above", 100), "99 100 100.01! 101 100 99 101!"),
        (check_of("close", "below", 100), "101 100 99.99! 1 100 101 99!"),
        (check_of("close", "at_least", 100), "99.99 100! 101 99.99 100!"),
        (check_of("close", "at_most", 100), "100.01 100! 99 100.01 100!"),
        (check_of("close", "between", 90, 110), "89.99 90! 100 110 110.01 110! 89 100!"),
        (check_of("close", "outside", 90, 110), "90 110 110.01! 89.99 100 89.99!"),
    ],
)
def test_a_level_fires_when_it_comes_true_and_not_again_while_it_is(tested: Comparison, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "crosses_above", 100), "99 101! 102 100 101! 99 100 101! 100 100.01!"),
        (check_of("close", "crosses_below", 100), "101 99! 98 100 99! 101 100 99! 100 99.99!"),
        (check_of("close", "crosses", 100), "99 101! 99! 100 101! 100 99! 100 100 101!"),
        (check_of("close", "enters", 90, 110), "100 111 110! 100 89 90! 120 80 100!"),
        (check_of("close", "leaves", 90, 110), "111 110 110.01! 90 89.99! 100 110 111!"),
    ],
)
def test_an_event_fires_on_each_tick_on_which_it_happens(tested: Comparison, story: str):
    check_story(tested, story)


@pytest.mark.parametrize(
    "story",
    [
        pytest.param("99/120/80 101/120/80!", id="the close passes over it upwards"),
        pytest.param("101/120/80 99/120/80!", id="the close passes over it downwards"),
        pytest.param("99/120/80 100/120/80!", id="the close reaches it from below"),
        pytest.param("101/120/80 100/120/80!", id="the close reaches it from above"),
        pytest.param(
            "99/120/80 100/120/80! 100/120/80 101/120/80", id="it stays there and goes on"
        ),
        pytest.param("99/99.9/80 99/100/80! 99/100.5/80", id="the day's high newly reaches it"),
        pytest.param("99/101/80 99/99/80 99/100/80!", id="and again, after it has left the window"),
        pytest.param("105/110/101 105/110/100! 105/110/99", id="the day's low newly reaches it"),
        pytest.param("105/110/99 105/110/101 105/110/99!", id="and again, after it has left"),
        pytest.param("99/99/90 3600:99/101/90!", id="a wick inside a gap"),
        pytest.param("100/100/100 100/101/99", id="high and low move away from it"),
        pytest.param("100/120/80", id="the first tick at it"),
    ],
)
def test_a_touch(story: str):
    check_story(check_of("close", "touches", 100), story)


@pytest.mark.parametrize("operator", ["crosses_above", "crosses_below", "crosses", "touches"])
def test_an_event_needs_a_previous_tick(operator: str):
    check_story(check_of("close", operator, 100), "101")
    check_story(check_of("close", operator, 100), "99")


@pytest.mark.parametrize("operator", ["enters", "leaves"])
def test_a_band_s_event_needs_a_previous_tick(operator: str):
    check_story(check_of("close", operator, 90, 110), "100")
    check_story(check_of("close", operator, 90, 110), "120")


def test_a_level_that_is_true_when_it_is_first_seen_fires():
    check_story(check_of("close", "above", 100), "101!")


def test_a_crossing_is_seen_over_a_gap():
    check_story(check_of("close", "crosses_above", 100), "99 86400:101!")


# Decimals.


@pytest.mark.parametrize(
    ("tested", "story"),
    [
        (check_of("close", "at_least", 0.1), "0.09 0.1!"),
        (check_of("close", "above", 0.1), "0.1 0.10 0.11!"),
        (check_of("close", "crosses_above", 0.3), "0.2 0.3 0.31!"),
    ],
)
def test_a_tenth_is_a_tenth(tested: Comparison, story: str):
    check_story(tested, story)


def test_a_change_from_two_tenths_to_three_is_a_tenth():
    assert 0.3 - 0.2 < 0.1
    check_story(check_of("change", "at_least", 0.1), "0.2 0.29 0.3!", open=0.2)


def test_a_level_with_more_decimals_than_any_price_is_what_it_says():
    check_story(check_of("close", "at_least", 1.23456789014), "1.2345678901 1.2345678902!")


# Undefined metrics: `close/high/low` where high is low has no range_position.


@pytest.mark.parametrize(
    ("operator", "level"),
    [
        ("above", [50]),
        ("below", [50]),
        ("at_least", [0]),
        ("at_most", [100]),
        ("between", [0, 100]),
        ("outside", [40, 60]),
    ],
)
def test_a_level_of_an_undefined_metric_is_not_true(operator: str, level: list[float]):
    check_story(check_of("range_position", operator, *level), "5/5/5 6/6/6")


def test_not_of_an_undefined_metric_is_not_true_either():
    condition = Not(check_of("range_position", "above", 50))
    check_story(condition, "5/5/5 4/5/4! 5/5/5 4/5/4!")


def test_a_level_is_over_where_its_metric_becomes_undefined():
    check_story(check_of("range_position", "above", 50), "5/5/4! 5/5/4 5/5/5 5/5/4!")


def test_a_metric_that_was_undefined_before_has_crossed_nothing():
    crossing = check_of("range_position", "crosses_above", 50)
    check_story(crossing, "5/5/5 5/5/4 4/5/4 5/5/4!")


def test_a_metric_that_was_undefined_before_has_entered_nothing():
    check_story(check_of("range_position", "enters", 50, 100), "5/5/5 5/5/4 4/5/4 5/5/4!")


# One metric against another. With a volume of 1, `quote_volume` is the vwap.


def test_a_level_may_be_another_metric():
    tested = check_of("close", "above", "vwap")
    check_story(tested, "101 100 99! 98 100 99!", "quote_volume", close=100, volume=1)


def test_a_level_that_is_undefined_makes_it_false():
    tested = check_of("close", "above", "vwap")
    check_story(tested, "1 2! 0 2!", "volume", close=100, quote_volume=100)


def test_a_crossing_of_a_metric_compares_each_value_with_its_level_then():
    tested = check_of("close", "crosses_above", "vwap")
    check_story(tested, "101 100 99! 98 99 100 99!", "quote_volume", close=100, volume=1)


def test_a_level_that_was_undefined_before_was_not_crossed():
    tested = check_of("close", "crosses_above", "vwap")
    check_story(tested, "1 2! 0 2 1 2!", "volume", close=100, quote_volume=100)


def test_the_bounds_of_a_band_may_be_metrics():
    tested = check_of("close", "between", "open", "vwap")
    check_story(tested, "89 90! 110 110.01 110!", open=90, volume=1, quote_volume=110)


def test_a_band_may_move_over_a_value_that_stays():
    tested = check_of("close", "enters", 50, "vwap")
    check_story(tested, "99 100! 101 99 101!", "quote_volume", close=100, volume=1)


def test_a_metric_that_is_compared_with_another_is_without_the_noise_of_binary_fractions():
    assert 0.3 - 0.1 < 0.2
    check_story(check_of("range", "at_least", "open"), "0.2/0.29/0.1 0.2/0.3/0.1!", open=0.2)


def test_a_touch_of_a_metric_compares_each_price_with_its_level_then():
    tested = check_of("close", "touches", "vwap")
    fields = {"close": 100.0, "high": 120.0, "low": 80.0, "volume": 1.0}
    check_story(tested, "101 100! 99 100! 100 99 101!", "quote_volume", **fields)


# What an alert tells of it.


@pytest.mark.parametrize(
    ("tested", "story", "reading"),
    [
        (check_of("close", "above", 100), "99 101", (101, 99, 100)),
        (check_of("close", "between", 90, 110), "89 91", (91, 89, Interval(90, 110))),
        (check_of("close", "crosses_above", 100), "99 101", (101, 99, 100)),
        (check_of("close", "enters", 90, 110), "89 91", (91, 89, Interval(90, 110))),
        (check_of("close", "touches", 100), "98/99/90 99/100/90", (99, 98, 100)),
        (check_of("close", "above", "open"), "100/200/50 101/200/50", (101, 100, 100)),
        (check_of("close", "between", "low", "open"), "110/200/60 70/200/50", (70, 110, Interval(50, 100))),
        (check_of("range_percent", "above", 20), "90/100/90 90/120/90", (33.3333333333, 11.1111111111, 20)),
    ],
)  # fmt: skip
def test_an_alert_says_what_was_compared_with_what(
    tested: Comparison, story: str, reading: tuple[object, ...]
):
    (alert,) = alerts_of(tested, story, open=100)
    told = alert.decisive
    assert (told.value, told.previous, told.threshold) == reading
    assert (alert.value, alert.threshold) == (told.value, told.threshold)


def test_an_alert_on_the_first_tick_has_no_previous_value():
    (alert,) = alerts_of(check_of("close", "above", 100), "101")
    assert alert.decisive.previous is None


@pytest.mark.parametrize(
    ("story", "gap_ms"), [("0:99 120:101", 0), ("0:99 120.001:101", 120_001), ("101", 0)]
)
def test_an_alert_tells_of_a_gap_of_more_than_two_minutes(story: str, gap_ms: int):
    (alert,) = alerts_of(check_of("close", "above", 100), story)
    assert alert.gap_ms == gap_ms


@pytest.mark.parametrize("bounds", [("low", "vwap"), ("vwap", "high")])
def test_a_band_with_a_bound_that_is_undefined_is_nowhere(bounds: tuple[str, str]):
    tested = either(check_of("close", "above", 100), check_of("close", "between", *bounds))
    (alert,) = alerts_of(tested, "101", volume=0)
    assert [it.threshold for it in alert.readings] == [100, None]
