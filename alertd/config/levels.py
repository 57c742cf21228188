"""What a metric is compared with: a number, another metric, a band of them, an amount, a window."""

from alertd.config.mistakes import WrongError, read_each
from alertd.config.quantities import duration_between, number
from alertd.config.wording import did_you_mean, kind, shown
from alertd.engine.condition import Amount, Band, Bound, Level
from alertd.engine.metrics import METRICS, Metric, Unit
from alertd.engine.operator import Operator

_BAND_BOUNDS = 2
_WHOLE = 100.0
# The exchange's prices and amounts have 8 decimals at most; the engine keeps 10 of a rung.
_FINEST_RUNGS = 1e-8
# What they count, in words. A percentage of one that is 0 or below would turn its meaning round.
_COUNTS = {
    Unit.PRICE: "a price",
    Unit.BASE: "an amount of the base asset",
    Unit.QUOTE: "an amount of the quote asset",
    Unit.PERCENT: "a percentage",
}
SIGNED = frozenset({"change", "change_percent"})
ABOVE_ZERO = frozenset({"close", "open", "high", "low", "vwap"})

window = duration_between("1s", "24h")


def level(metric: Metric, operator: Operator, value: object) -> Level:
    """Read what stands behind an operator, all but the window of a record. Raises `WrongError`."""
    if operator.takes_band:
        return _band(metric, value)
    if operator.takes_amount:
        return _step(metric, operator, value)
    return _bound(metric, value)


def amount(value: object) -> Amount:
    """Read how far something moves: a number above 0, or a percentage such as `3%`."""
    if isinstance(value, str) and value.endswith("%"):
        found = Amount(number(value[:-1].rstrip()), percent=True)
    else:
        found = Amount(number(value))
    if found.value <= 0:
        raise WrongError(f"{shown(value)} is not above 0")
    return found


def _bound(metric: Metric, value: object) -> Bound:
    if not isinstance(value, str):
        return number(value)
    if value in METRICS:
        return _other_metric(metric, METRICS[value])
    if value.endswith("%"):
        raise _percent_of_nothing(metric, value)
    if hint := did_you_mean(value, METRICS):
        raise WrongError(f"{shown(value)} is neither a number nor a metric{hint}")
    if value.isidentifier():
        others = [it.name for it in METRICS.values() if it.unit is metric.unit and it != metric]
        raise WrongError(
            f"{shown(value)} is neither a number nor a metric (there is {', '.join(others)})"
        )
    return number(value)


def _other_metric(metric: Metric, other: Metric) -> Metric:
    if other == metric:
        raise WrongError(f"{shown(metric.name)} is compared with itself")
    if other.unit is not metric.unit:
        raise WrongError(
            f"{shown(other.name)} is {_COUNTS[other.unit]} and {shown(metric.name)} "
            f"{_COUNTS[metric.unit]}: they cannot be compared"
        )
    return other


def _percent_of_nothing(metric: Metric, value: str) -> WrongError:
    if metric.unit is Unit.PERCENT:
        return _percent_already(metric, value)
    return WrongError(
        f"{shown(value)} of what? {metric.name} is {_COUNTS[metric.unit]}; a move in percent is "
        f"`change_percent`, or `rises: {value}` with `within`"
    )


def _percent_already(metric: Metric, value: object) -> WrongError:
    plain = str(value).rstrip("% ")
    return WrongError(
        f"{shown(value)}: {metric.name} is in percent already (did you mean {shown(plain)}?)"
    )


def _band(metric: Metric, value: object) -> Band:
    if not isinstance(value, list) or len(value) != _BAND_BOUNDS:
        told = f"a list of {len(value)}" if isinstance(value, list) else kind(value)
        raise WrongError(f"two bounds [low, high] are expected here, not {told}")
    low, high = read_each(enumerate(value), lambda _, bound: _bound(metric, bound)).values()
    if isinstance(low, Metric) or isinstance(high, Metric):
        if low == high:
            raise WrongError(f"both ends are {shown(value[0])}")
    elif low >= high:
        raise WrongError(
            f"the low end, {shown(value[0])}, is not below the high end, {shown(value[1])}"
        )
    return Band(low, high)


def _step(metric: Metric, operator: Operator, value: object) -> Amount:
    step = amount(value)
    if not step.percent:
        if operator is Operator.CROSSES_EVERY and step.value < _FINEST_RUNGS:
            raise WrongError(f"{shown(value)}: no price has more than 8 decimals")
        return step
    if metric.unit is Unit.PERCENT:
        raise _percent_already(metric, value)
    if metric.name in SIGNED:
        raise WrongError(
            f"{shown(value)}: {metric.name} may be 0 or below, and a percentage of that means "
            f"nothing; write an amount"
        )
    if operator is Operator.CROSSES_EVERY:
        _check_ladder(metric, step, value)
    if operator is Operator.FALLS and step.value > _WHOLE:
        raise WrongError(f"{shown(value)}: nothing falls by more than 100%")
    return step


def _check_ladder(metric: Metric, step: Amount, value: object) -> None:
    if metric.name not in ABOVE_ZERO:
        raise WrongError(
            f"{shown(value)}: {metric.name} may be 0, and rungs a percentage apart never leave it; "
            f"write an amount"
        )
    if step.value >= _WHOLE:
        raise WrongError(f"{shown(value)}: the rung below would be at 0 or less")
