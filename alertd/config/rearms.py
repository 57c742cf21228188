"""Which `rearm` a comparison can have: one after which it can be over, or ready again."""

import attrs

from alertd.config.levels import ABOVE_ZERO, SIGNED
from alertd.config.mistakes import WrongError
from alertd.config.wording import shown
from alertd.engine.condition import Amount, Band, Comparison, Condition
from alertd.engine.metrics import Metric
from alertd.engine.operator import Operator
from alertd.engine.rearmed import DOWNWARDS, INWARDS, NOWHERE
from alertd.engine.series import shifted
from alertd.engine.words import amount_in_words, plain


def rearmed_rule(when: Condition, rearm: Amount) -> Comparison:
    """Return the condition with the `rearm` that stands at its rule. Raises `WrongError`."""
    if not isinstance(when, Comparison):
        raise WrongError(
            "`rearm` at the rule is for a `when` of a single test: write it in the test that it is "
            "for, like close: {above: 100, rearm: 2}",
            on_key=True,
        )
    if when.rearm is not None:
        raise WrongError("the test has a `rearm` of its own: leave one of them out", on_key=True)
    return rearmed(when, rearm)


def rearmed(comparison: Comparison, rearm: Amount) -> Comparison:
    """Return the comparison with a `rearm` that fits it. Raises `WrongError`."""
    operator, level = comparison.operator, comparison.level
    if operator in NOWHERE:
        raise WrongError(
            f"`rearm` is not for `{operator.value}`, which has no level to come back to: use the "
            f"rule's `cooldown`",
            on_key=True,
        )
    if isinstance(level, Amount):
        _check_move(level, rearm)
    elif isinstance(level, Band) and operator in INWARDS:
        _check_inside(level, rearm)
    elif isinstance(level, float):
        _check_level(comparison.metric, operator, level, rearm)
    return attrs.evolve(comparison, rearm=rearm)


def _check_move(move: Amount, rearm: Amount) -> None:
    if _lowered(move.value, rearm) < 0:
        raise WrongError(
            f"a move of {shown(amount_in_words(move))} comes back by no more than that"
        )


def _check_inside(band: Band, rearm: Amount) -> None:
    if isinstance(band.low, Metric) or isinstance(band.high, Metric):
        return
    if shifted(band.low, rearm) > _lowered(band.high, rearm):
        raise WrongError(
            f"{shown(amount_in_words(rearm))} off both ends leaves nothing of the band"
        )


def _check_level(metric: Metric, operator: Operator, level: float, rearm: Amount) -> None:
    back = _lowered(level, rearm)
    if back == level:
        told = f"{shown(amount_in_words(rearm))} of {shown(plain(level))}"
        raise WrongError(f"{told} is nothing: write a number")
    if operator not in DOWNWARDS or metric.name in SIGNED:
        return
    if back < 0 or (back == 0 and metric.name in ABOVE_ZERO):
        raise WrongError(
            f"{metric.name} never falls as low as {shown(plain(back))}: the rule would fire once "
            f"and never again"
        )


def _lowered(value: float, rearm: Amount) -> float:
    return shifted(value, attrs.evolve(rearm, value=-rearm.value))
