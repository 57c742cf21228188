"""The alerts on which templates are tried: each as the engine would give it."""

import pytest

from alertd.engine.alert import AlertState, Interval
from alertd.engine.condition import Comparison
from alertd.engine.samples import sample_alerts
from tests.engine.tickers import both, check_of, either, rule

ABOVE = check_of("close", "above", 100)


def test_each_kind_of_alert_that_a_rule_may_give_has_held_for_as_long_as_it_would():
    tested = rule(ABOVE, for_s=60, repeat_s=600, notify_resolved=True)
    told = [(alert.state, alert.held_for_ms, alert.repeats) for alert in sample_alerts(tested)]
    assert told == [
        (AlertState.FIRING, 60_000, 0),
        (AlertState.FIRING, 3_660_000, 1),
        (AlertState.RESOLVED, 3_660_000, 1),
    ]


@pytest.mark.parametrize(
    ("tested", "reading"),
    [
        (ABOVE, (101, 99, 100)),
        (check_of("close", "below", 100), (99, 101, 100)),
        (check_of("change", "above", 0), (1, -1, 0)),
        (check_of("change", "below", -100), (-101, -99, -100)),
        (check_of("close", "between", 90, 110), (100, 111.1, Interval(90, 110))),
        (check_of("close", "outside", 90, 110), (111.1, 100, Interval(90, 110))),
        (check_of("close", "rises", "3%", within_s=60), (3.03, 2.97, 3)),
    ],
)
def test_what_has_just_come_true_was_not_so_before(tested: Comparison, reading: tuple[object, ...]):
    (alert,) = sample_alerts(rule(tested))
    told = alert.decisive
    assert (told.value, told.previous, told.threshold) == reading
    assert told.holds


@pytest.mark.parametrize(
    ("tested", "metric"),
    [
        (check_of("close", "above", "vwap"), "vwap"),
        (check_of("close", "new_high", within_s=60), "close"),
        (check_of("open", "crosses_every", 10), "open"),
    ],
)
def test_a_level_that_moves_is_that_of_the_ticker(tested: Comparison, metric: str):
    (alert,) = sample_alerts(rule(tested))
    ticker = alert.ticker
    expected = {"close": ticker.close, "open": ticker.open}
    expected["vwap"] = ticker.quote_volume / ticker.volume
    assert alert.threshold == pytest.approx(expected[metric], rel=1e-14)


def test_so_are_the_bounds_of_a_band():
    (alert,) = sample_alerts(rule(check_of("close", "between", "low", "high")))
    assert alert.threshold == Interval(alert.ticker.low, alert.ticker.high)


def test_what_is_over_is_so_by_one_comparison_alone():
    tested = rule(both(ABOVE, check_of("low", "above", 50)), repeat_s=60, notify_resolved=True)
    told = [[it.holds for it in alert.readings] for alert in sample_alerts(tested)]
    assert told == [[True, False], [True, False], [False, True]]


def test_nothing_unusual_was_before_it():
    (alert,) = sample_alerts(rule(ABOVE))
    assert (alert.held_for_ms, alert.repeats, alert.dropped, alert.gap_ms) == (0, 0, 0, 0)


def test_its_ticker_is_one_that_there_might_be():
    (alert,) = sample_alerts(rule(ABOVE))
    ticker = alert.ticker
    assert ticker.low < ticker.open < ticker.close < ticker.high
    assert ticker.low < ticker.quote_volume / ticker.volume < ticker.high


def test_of_several_numbers_one_is_enough():
    band = check_of("close", "between", 90, 110)
    tested = either(ABOVE, check_of("close", "below", 50), band, band)
    decisive = [alert.decisive.comparison for alert in sample_alerts(rule(tested))]
    assert decisive == [ABOVE, band]
