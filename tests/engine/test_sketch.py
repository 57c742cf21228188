"""What of an alert stands beside the price in its picture: alerts of a real engine."""

import attrs
import pytest

from alertd.engine.alert import Alert
from alertd.engine.condition import Comparison
from alertd.engine.engine import Engine
from alertd.engine.sketch import Sketch, sketch_of
from alertd.market.ticker import Ticker
from tests.engine.tickers import SYMBOL, both, check_of, rule, ticker

FIRST, SECOND = ticker(0, close=100.0), ticker(60, close=104.0)


def alert_of(*tests: Comparison, tickers: tuple[Ticker, ...] = (FIRST, SECOND)) -> Alert:
    """The last alert that these tickers give."""
    engine = Engine({SYMBOL: [rule(both(*tests), notify_resolved=True)]})
    return [alert for each in tickers for alert in engine.update(each)][-1]


def sketched(*tests: Comparison, tickers: tuple[Ticker, ...] = (FIRST, SECOND)) -> Sketch:
    sketch = sketch_of(alert_of(*tests, tickers=tickers))
    assert sketch is not None
    return sketch


@pytest.mark.parametrize(
    ("test", "levels"),
    [
        (check_of("close", "crosses_above", 103), (103,)),
        (check_of("close", "touches", 102), (102,)),
        (check_of("vwap", "below", 103), (103,)),
        (check_of("close", "above", "vwap"), (100,)),
        (check_of("close", "crosses_every", 2), (104,)),
        (check_of("change_percent", "at_least", -1), ()),
        (check_of("volume", "above", 1), ()),
    ],
)
def test_prices_that_were_compared_with_are_levels(test: Comparison, levels: tuple[float, ...]):
    assert sketched(test).levels == levels


@pytest.mark.parametrize(
    ("test", "closes", "level"),
    [
        (check_of("close", "rises", "3%", within_s=300), (100, 104), 100),
        (check_of("close", "rises", 3, within_s=300), (100, 104), 100),
        (check_of("close", "falls", "3%", within_s=300), (100, 96), 100),
        (check_of("close", "falls", 3, within_s=300), (100, 96), 100),
        (check_of("close", "new_high", within_s=120), (100, 99, 104), 100),
    ],
)
def test_a_move_shows_where_it_began_and_its_window(
    test: Comparison, closes: tuple[float, ...], level: float
):
    tickers = tuple(ticker(60 * minute, close=close) for minute, close in enumerate(closes))
    sketch = sketched(test, tickers=tickers)
    assert list(sketch.levels) == [pytest.approx(level)]
    assert sketch.window_ms == test.within_ms


def test_what_moved_either_way_shows_only_its_window():
    sketch = sketched(check_of("close", "moves", "3%", within_s=300))
    assert (sketch.levels, sketch.window_ms) == ((), 300_000)


def test_a_move_of_something_else_than_the_price_shows_only_its_window():
    busy = ticker(60, close=100, volume=2000.0)
    sketch = sketched(check_of("volume", "rises", "50%", within_s=300), tickers=(FIRST, busy))
    assert (sketch.levels, sketch.window_ms) == ((), 300_000)


def test_bands_are_bands():
    sketch = sketched(check_of("close", "enters", 103, 105))
    assert (sketch.levels, sketch.bands) == ((), ((103, 105),))


def test_what_several_tests_share_is_shown_once():
    sketch = sketched(check_of("close", "above", 103), check_of("high", "at_least", 103))
    assert list(sketch.levels) == [103]


def test_the_ticker_gives_the_price_and_the_days_range():
    wide = ticker(60, close=104.0, high=110.0, low=90.0)
    sketch = sketched(check_of("close", "above", 103), tickers=(FIRST, wide))
    assert (sketch.price, sketch.day_low, sketch.day_high) == (104, 90, 110)


def test_one_that_is_over_shows_what_no_longer_holds():
    back = ticker(120, close=100.0)
    tests = check_of("close", "above", 103), check_of("high", "above", 50)
    sketch = sketched(*tests, tickers=(FIRST, SECOND, back))
    assert sketch.is_over
    assert list(sketch.levels) == [103]
    assert not sketched(*tests).is_over


@pytest.mark.parametrize("chart", [True, None])
def test_a_rule_says_whether_it_asks_for_a_picture(*, chart: bool | None):
    alert = alert_of(check_of("close", "above", 103))
    sketch = sketch_of(attrs.evolve(alert, rule=attrs.evolve(alert.rule, chart=chart)))
    assert sketch is not None
    assert sketch.is_asked_for is (chart is True)


def test_a_rule_that_wants_no_picture_has_none():
    alert = alert_of(check_of("close", "above", 103))
    assert sketch_of(attrs.evolve(alert, rule=attrs.evolve(alert.rule, chart=False))) is None
