"""`when:` into a condition: metrics and their tests, all of which must hold."""

from collections.abc import Mapping
from itertools import chain

from alertd.config.mistakes import WrongError, read_each
from alertd.config.quantities import number
from alertd.config.values import mapping, unknown_key
from alertd.config.wording import kind, shown
from alertd.engine.condition import AllOf, Band, Comparison, Condition, Level, Operator
from alertd.engine.metrics import METRICS, Metric, Unit

_OPERATORS: Mapping[str, Operator] = {operator.value: operator for operator in Operator}
_COMBINATIONS_LATER = ("all", "any", "not")
_OPERATORS_LATER = (
    "crosses", "enters", "leaves", "touches", "crosses_every", "rises", "falls", "moves",
    "new_high", "new_low", "within", "rearm",
)  # fmt: skip
_BAND_BOUNDS = 2


def condition(value: object) -> Condition:
    """Read a rule's condition. Raises `WrongError`, or a group of them."""
    metrics = mapping(value, "metrics and their tests, like close: {above: 100}")
    if not metrics:
        raise WrongError("no metric to test: write one, like close: {above: 100}")
    tests = tuple(chain.from_iterable(read_each(metrics.items(), _tests).values()))
    return tests[0] if len(tests) == 1 else AllOf(tests)


def _tests(name: str, value: object) -> tuple[Comparison, ...]:
    if name not in METRICS:
        raise unknown_key(name, METRICS, _COMBINATIONS_LATER, what="metric")
    if not isinstance(value, dict) or not value:
        raise WrongError(
            f"a test is expected here, like {{above: 100}} or {{between: [1, 2]}}, not "
            f"{kind(value) if value != {} else 'an empty one'}"
        )
    metric = METRICS[name]
    return tuple(read_each(value.items(), lambda key, level: _test(metric, key, level)).values())


def _test(metric: Metric, name: str, value: object) -> Comparison:
    operator = _OPERATORS.get(name)
    if operator is None:
        raise unknown_key(name, _OPERATORS, _OPERATORS_LATER, what="operator")
    if operator.takes_band:
        return Comparison(metric, operator, _band(metric, value))
    return Comparison(metric, operator, _level(metric, value))


def _band(metric: Metric, value: object) -> Level:
    if not isinstance(value, list) or len(value) != _BAND_BOUNDS:
        told = f"a list of {len(value)}" if isinstance(value, list) else kind(value)
        raise WrongError(f"two numbers [low, high] are expected here, not {told}")
    low, high = read_each(enumerate(value), lambda _, bound: _level(metric, bound)).values()
    if low >= high:
        raise WrongError(
            f"the low end, {shown(value[0])}, is not below the high end, {shown(value[1])}"
        )
    return Band(low, high)


def _level(metric: Metric, value: object) -> float:
    if not isinstance(value, str):
        return number(value)
    if value in METRICS:
        raise WrongError(f"{shown(value)}: comparing with a metric is not in this version yet")
    if value.endswith("%") and metric.unit is Unit.PERCENT:
        raise WrongError(
            f"{shown(value)}: {metric.name} is in percent already (did you mean {shown(value[:-1].strip())}?)"
        )
    if value.endswith("%"):
        raise WrongError(f"{shown(value)}: percentages are not in this version yet")
    return number(value)
