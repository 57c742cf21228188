"""Where a value has to come back to by `rearm`, and when that alone keeps a level true."""

import pytest

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import Amount, Band, Comparison, Level
from alertd.engine.engine import Engine
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rearmed import way_back
from tests.engine.tickers import SYMBOL, check_of, rule, ticker

BAND = Band(100.0, 110.0)


def reading(
    operator: Operator,
    level: Level,
    value: float | None,
    *,
    rearm: Amount | None = Amount(2.0),  # noqa: B008 - frozen
    holds: bool | None = True,
) -> Reading:
    match level:
        case Band(float(low), float(high)):
            threshold: float | Interval | None = Interval(low, high)
        case Amount(amount):
            threshold = amount
        case float(number):
            threshold = number
        case _:
            threshold = None
    test = Comparison(METRICS["close"], operator, level, rearm=rearm)
    return Reading(test, value, None, threshold, holds)


@pytest.mark.parametrize(
    ("operator", "level", "back"),
    [
        (Operator.ABOVE, 100.0, 98.0),
        (Operator.AT_LEAST, 100.0, 98.0),
        (Operator.CROSSES_ABOVE, 100.0, 98.0),
        (Operator.BELOW, 100.0, 102.0),
        (Operator.AT_MOST, 100.0, 102.0),
        (Operator.CROSSES_BELOW, 100.0, 102.0),
        (Operator.CROSSES, 100.0, Interval(98.0, 102.0)),
        (Operator.TOUCHES, 100.0, Interval(98.0, 102.0)),
        (Operator.BETWEEN, BAND, Interval(98.0, 112.0)),
        (Operator.ENTERS, BAND, Interval(98.0, 112.0)),
        (Operator.OUTSIDE, BAND, Interval(102.0, 108.0)),
        (Operator.LEAVES, BAND, Interval(102.0, 108.0)),
        (Operator.RISES, Amount(3.0), 1.0),
        (Operator.FALLS, Amount(3.0), 1.0),
        (Operator.MOVES, Amount(3.0), 1.0),
    ],
)
def test_every_operator_has_its_way_back(
    operator: Operator, level: Level, back: float | Interval
) -> None:
    assert way_back(reading(operator, level, 101.0)) == back


def test_a_percentage_is_of_the_level() -> None:
    rearm = Amount(50.0, percent=True)
    assert way_back(reading(Operator.RISES, Amount(3.0), 2.0, rearm=rearm)) == 1.5


def test_there_is_no_way_back_without_rearm_or_from_what_is_undefined() -> None:
    assert way_back(reading(Operator.ABOVE, 100.0, 101.0, rearm=None)) is None
    assert way_back(reading(Operator.ABOVE, METRICS["vwap"], 101.0)) is None


def kept_at(tested: Comparison, *closes: float) -> bool:
    """Whether, at the last of these closes, the level holds by its rearm alone."""
    engine = Engine({SYMBOL: [rule(tested)]})
    for second, close in enumerate(closes):
        engine.update(ticker(second, close=close))
    explanation = engine.explain("a-rule", SYMBOL)
    assert explanation is not None
    assert explanation.condition is not None
    assert explanation.condition.reading is not None
    return explanation.condition.reading.kept


@pytest.mark.parametrize(
    ("test", "fires", "bare", "kept"),
    [
        (("above", 100), 105, 100.1, 100.0),
        (("at_least", 100), 105, 100.0, 99.9),
        (("below", 100), 95, 99.9, 100.0),
        (("at_most", 100), 95, 100.0, 100.1),
        (("between", 100, 110), 105, 100.0, 99.9),
        (("between", 100, 110), 105, 110.0, 110.1),
        (("outside", 100, 110), 95, 99.9, 100.0),
        (("outside", 100, 110), 115, 110.1, 110.0),
    ],
)
def test_a_level_is_kept_where_it_would_not_hold_by_itself(test, fires, bare, kept):
    tested = check_of("close", *test, rearm=2)
    assert not kept_at(tested, fires)
    assert not kept_at(tested, fires, bare)
    assert kept_at(tested, fires, bare, kept)


@pytest.mark.parametrize(
    ("operator", "fires", "bare", "kept"),
    [("rises", 105, 103, 102.9), ("falls", 95, 97, 97.1), ("moves", 105, 103.5, 103.4)],
)
def test_a_move_is_kept_likewise(operator, fires, bare, kept):
    amount = 3 if operator != "moves" else 3.5
    tested = check_of("close", operator, amount, within_s=60, rearm=2)
    assert not kept_at(tested, 100, fires, bare)
    assert kept_at(tested, 100, fires, bare, kept)


def test_nothing_is_kept_that_is_over_or_never_fired_or_is_an_event():
    above = check_of("close", "above", 100, rearm=2)
    assert not kept_at(above, 105, 98)
    assert not kept_at(above, 99)
    assert not kept_at(check_of("close", "crosses_above", 100, rearm=2), 99, 101)
    assert not kept_at(check_of("close", "above", 100), 105, 99)


def test_a_repeat_says_that_it_is_kept():
    tested = rule(check_of("close", "above", 100, rearm=2), repeat_s=2)
    engine = Engine({SYMBOL: [tested]})
    engine.update(ticker(0, close=105))
    (bare,) = engine.update(ticker(2, close=101))
    (kept,) = engine.update(ticker(4, close=99))
    assert [alert.readings[0].kept for alert in (bare, kept)] == [False, True]
