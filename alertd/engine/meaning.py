"""What each comparison of the language means, as formulas about series."""

from collections.abc import Callable, Mapping
from operator import itemgetter

import attrs

from alertd.engine.condition import Amount, Band, Bound, Comparison
from alertd.engine.formula import (
    Formula,
    Mark,
    above,
    at_least,
    at_most,
    below,
    between,
    beyond,
    outside,
)
from alertd.engine.metrics import METRICS, Metric
from alertd.engine.operator import Operator
from alertd.engine.part import Part, Threshold
from alertd.engine.series import Against, Board, Excess, Former, Move, Previous, shifted

_HIGH, _LOW = METRICS["high"], METRICS["low"]
_NO_OFFSET = Amount(0)


def inputs_of(comparison: Comparison) -> tuple[Metric, ...]:
    """Return the metrics that a comparison is about."""
    level = comparison.level
    bounds = (level.low, level.high) if isinstance(level, Band) else (level,)
    named = (bound for bound in bounds if isinstance(bound, Metric))
    extremes = comparison.is_days_record or comparison.operator is Operator.TOUCHES
    return (comparison.metric, *named, *((_HIGH, _LOW) if extremes else ()))


def part_of(comparison: Comparison, board: Board) -> Part:
    """Return the comparison made ready on a board that has its inputs."""
    operator = comparison.operator
    if operator.is_record:
        return _record(comparison, board)
    if operator.is_move:
        return _move(comparison, board)
    if operator is Operator.CROSSES_EVERY:
        # Its rungs are each symbol's own, and so are their cuts.
        return Part(comparison, board.place(comparison.metric), (), ())
    if operator.takes_band:
        return _in_band(comparison, board)
    return _at_level(comparison, board)


Formulas = tuple[Formula, ...]

# By operator: the formulas at a level, and what `back` is from the levels that much lower, higher.
_AT_LEVEL: Mapping[Operator, Callable[[Mark], Formulas]] = {
    Operator.ABOVE: lambda level: (above(level),),
    Operator.BELOW: lambda level: (below(level),),
    Operator.AT_LEAST: lambda level: (at_least(level),),
    Operator.AT_MOST: lambda level: (at_most(level),),
    Operator.CROSSES_ABOVE: lambda level: (above(level),),
    Operator.CROSSES_BELOW: lambda level: (below(level),),
    Operator.CROSSES: lambda level: (above(level), below(level)),
    Operator.TOUCHES: lambda level: (at_least(level), at_most(level)),
}
_BACK_AT_LEVEL: Mapping[Operator, Callable[[Mark, Mark], Formula]] = {
    Operator.ABOVE: lambda lower, _: at_most(lower),
    Operator.BELOW: lambda _, higher: at_least(higher),
    Operator.AT_LEAST: lambda lower, _: at_most(lower),
    Operator.AT_MOST: lambda _, higher: at_least(higher),
    Operator.CROSSES_ABOVE: lambda lower, _: at_most(lower),
    Operator.CROSSES_BELOW: lambda _, higher: at_least(higher),
    Operator.CROSSES: beyond,
    Operator.TOUCHES: beyond,
}


def _at_level(comparison: Comparison, board: Board) -> Part:
    metric, operator, level = comparison.metric, comparison.operator, comparison.level
    assert isinstance(level, float | Metric)  # noqa: S101 - by the operator
    formulas = _AT_LEVEL[operator](_mark(board, metric, level))
    if operator is Operator.TOUCHES:
        # A wick between two tickers leaves its trace in the day's extremes.
        wicks = (
            at_least(_mark(board, _HIGH, level)),
            at_most(_mark(board, _LOW, level)),
        )
        formulas = (*formulas, *wicks)
    back = None
    if comparison.rearm is not None:
        marks = (_mark(board, metric, level, by) for by in _both_ways(comparison.rearm))
        back = _BACK_AT_LEVEL[operator](*marks)
    return Part(
        comparison,
        board.place(metric),
        (_threshold(board, level),),
        formulas,
        operator.is_event,
        back,
    )


_IN_BAND: Mapping[Operator, Callable[[Mark, Mark], Formula]] = {
    Operator.BETWEEN: between,
    Operator.OUTSIDE: outside,
    Operator.ENTERS: between,
    Operator.LEAVES: outside,
}


def _in_band(comparison: Comparison, board: Board) -> Part:
    metric, operator, band = comparison.metric, comparison.operator, comparison.level
    assert isinstance(band, Band)  # noqa: S101 - by the operator
    formula = _IN_BAND[operator](_mark(board, metric, band.low), _mark(board, metric, band.high))
    return Part(
        comparison,
        board.place(metric),
        (_threshold(board, band.low), _threshold(board, band.high)),
        (formula,),
        operator.is_event,
        _back_in_band(comparison, band, board),
    )


def _back_in_band(comparison: Comparison, band: Band, board: Board) -> Formula | None:
    """Return when the value is that far out of the band, or that far in it."""
    if comparison.rearm is None:
        return None
    metric, (less, more) = comparison.metric, _both_ways(comparison.rearm)
    wider = _mark(board, metric, band.low, less), _mark(board, metric, band.high, more)
    narrower = _mark(board, metric, band.low, more), _mark(board, metric, band.high, less)
    match comparison.operator:
        case Operator.BETWEEN:
            return outside(*wider)
        case Operator.ENTERS:
            return beyond(*wider)
        case _:
            return between(*narrower)


def _move(comparison: Comparison, board: Board) -> Part:
    amount, rearm = comparison.level, comparison.rearm
    assert isinstance(amount, Amount)  # noqa: S101 - by the operator
    moves = Move(comparison.metric, comparison.within_ms, comparison.operator, amount.percent)
    series = board.place(moves)
    doubts: tuple[tuple[int, float], ...] = ()
    if moves.operator is Operator.MOVES:
        # A rise from 0 has no percentage, but a rise it is.
        rises = attrs.evolve(moves, operator=Operator.RISES)
        doubts = ((board.place(rises), amount.value),)
    back = None
    if rearm is not None:
        less, _ = _both_ways(rearm)
        back = at_most((series, shifted(amount.value, less)))
    formulas = (at_least((series, amount.value)),)
    return Part(comparison, series, (_constant(amount.value),), formulas, back=back, doubts=doubts)


def _record(comparison: Comparison, board: Board) -> Part:
    """Return it as an excess above 0; of the day's record what is compared is the day's extreme."""
    metric, highest = comparison.metric, comparison.operator is Operator.NEW_HIGH
    former: Former | Previous = Former(metric, comparison.within_ms, highest)
    if comparison.is_days_record:
        metric = _HIGH if highest else _LOW
        former = Previous(metric)
    excess = board.place(Excess(metric, former, highest))
    threshold = itemgetter(board.place(former))
    return Part(comparison, board.place(metric), (threshold,), (above((excess, 0.0)),))


def _mark(board: Board, metric: Metric, bound: Bound, offset: Amount = _NO_OFFSET) -> Mark:
    """Return where the metric is at the bound, moved by the offset."""
    if isinstance(bound, Metric):
        return board.place(Against(metric, bound, offset)), 0.0
    return board.place(metric), shifted(bound, offset)


def _both_ways(rearm: Amount) -> tuple[Amount, Amount]:
    return Amount(-rearm.value, rearm.percent), rearm


def _threshold(board: Board, bound: Bound) -> Threshold:
    if isinstance(bound, Metric):
        return itemgetter(board.place(bound))
    return _constant(bound)


def _constant(value: float) -> Threshold:
    return lambda _now: value
