"""Where a value has to come back to by `rearm`, and when that alone keeps a level true."""

import pytest

from alertd.engine.alert import Interval, Reading
from alertd.engine.condition import Amount, Band, Comparison, Level
from alertd.engine.metrics import METRICS
from alertd.engine.operator import Operator
from alertd.engine.rearmed import is_kept, way_back

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


@pytest.mark.parametrize(
    ("operator", "level", "bare", "kept"),
    [
        (Operator.ABOVE, 100.0, 100.1, 100.0),
        (Operator.AT_LEAST, 100.0, 100.0, 99.9),
        (Operator.BELOW, 100.0, 99.9, 100.0),
        (Operator.AT_MOST, 100.0, 100.0, 100.1),
        (Operator.BETWEEN, BAND, 100.0, 99.9),
        (Operator.BETWEEN, BAND, 110.0, 110.1),
        (Operator.OUTSIDE, BAND, 99.9, 100.0),
        (Operator.OUTSIDE, BAND, 110.1, 110.0),
        (Operator.RISES, Amount(3.0), 3.0, 2.9),
        (Operator.FALLS, Amount(3.0), 3.0, 2.9),
        (Operator.MOVES, Amount(3.0), 3.0, 2.9),
    ],
)
def test_a_level_is_kept_where_it_would_not_hold_by_itself(
    operator: Operator, level: Level, bare: float, kept: float
) -> None:
    assert not is_kept(reading(operator, level, bare))
    assert is_kept(reading(operator, level, kept))


def test_nothing_is_kept_that_does_not_hold_or_has_no_rearm_or_is_an_event() -> None:
    assert not is_kept(reading(Operator.ABOVE, 100.0, 99.0, holds=False))
    assert not is_kept(reading(Operator.ABOVE, 100.0, 99.0, rearm=None))
    assert not is_kept(reading(Operator.ABOVE, 100.0, None))
    assert not is_kept(reading(Operator.CROSSES_ABOVE, 100.0, 99.0))
