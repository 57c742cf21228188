"""Operators that are true for as long as something holds."""

from collections.abc import Callable, Mapping

import numpy as np

from tests.replay.second_opinion.arrays import Flags, Floats, settled, told_apart
from tests.replay.second_opinion.comparison import Asked, Comparison
from tests.replay.second_opinion.quantities import Amount
from tests.replay.second_opinion.windows import highest, lowest


def level_of(
    asked: Asked, now: Flags, still: Flags, *threshold: Floats, value: Floats | None = None
) -> Comparison:
    """Return a level, which is over where it is not `still` true, if there is a `rearm`."""
    assert asked.rearm is None or (still | ~now).all(), "what is true is not over"
    return Comparison(
        is_event=False,
        now=now,
        value=asked.values if value is None else value,
        threshold=threshold,
        over=~still if asked.rearm else None,
    )


def above(asked: Asked) -> Comparison:
    values, level = asked.values, asked.level()
    told_apart(values, level)
    return level_of(asked, values > level, _not_down(asked, level), level)


def at_least(asked: Asked) -> Comparison:
    values, level = asked.values, asked.level()
    told_apart(values, level)
    return level_of(asked, values >= level, _not_down(asked, level), level)


def below(asked: Asked) -> Comparison:
    values, level = asked.values, asked.level()
    told_apart(values, level)
    return level_of(asked, values < level, _not_up(asked, level), level)


def at_most(asked: Asked) -> Comparison:
    values, level = asked.values, asked.level()
    told_apart(values, level)
    return level_of(asked, values <= level, _not_up(asked, level), level)


def _not_down(asked: Asked, level: Floats) -> Flags:
    """Tell where the value has not come back from above: that is over at `v <= L - H`."""
    over = asked.under(level)
    told_apart(asked.values, over)
    return asked.values > over


def _not_up(asked: Asked, level: Floats) -> Flags:
    """The mirror."""
    over = asked.over(level)
    told_apart(asked.values, over)
    return asked.values < over


def between(asked: Asked) -> Comparison:
    values, (low, high) = asked.values, asked.band()
    wide_low, wide_high = asked.under(low), asked.over(high)
    for bound in (low, high, wide_low, wide_high):
        told_apart(values, bound)
    still = (wide_low <= values) & (values <= wide_high)
    return level_of(asked, (low <= values) & (values <= high), still, low, high)


def outside(asked: Asked) -> Comparison:
    values, (low, high) = asked.values, asked.band()
    near_low, near_high = asked.over(low), asked.under(high)
    for bound in (low, high, near_low, near_high):
        told_apart(values, bound)
    still = (values < near_low) | (values > near_high)
    return level_of(asked, (values < low) | (values > high), still, low, high)


def rises(asked: Asked) -> Comparison:
    return _move(asked, *_risen(asked))


def falls(asked: Asked) -> Comparison:
    return _move(asked, *_fallen(asked))


def moves(asked: Asked) -> Comparison:
    (risen, amount), (fallen, _) = _risen(asked), _fallen(asked)
    return _move(asked, np.maximum(risen, fallen), amount)


def _risen(asked: Asked) -> tuple[Floats, Amount]:
    base = lowest(asked.market, asked.values, asked.within)
    return _so_far(asked, asked.values - base, base)


def _fallen(asked: Asked) -> tuple[Floats, Amount]:
    base = highest(asked.market, asked.values, asked.within)
    return _so_far(asked, base - asked.values, base)


def _so_far(asked: Asked, distance: Floats, base: Floats) -> tuple[Floats, Amount]:
    """Return how far it went, in the unit of what is asked, and how far that is."""
    amount = Amount.of(asked.written)
    return settled(100 * distance / base if amount.is_percent else distance), amount


def _move(asked: Asked, moved: Floats, amount: Amount) -> Comparison:
    size = np.full_like(moved, amount.size)
    over = asked.under(size)
    told_apart(moved, size)
    told_apart(moved, over)
    return level_of(asked, moved >= size, moved > over, size, value=moved)


LEVELS: Mapping[str, Callable[[Asked], Comparison]] = {
    "above": above,
    "at_least": at_least,
    "below": below,
    "at_most": at_most,
    "between": between,
    "outside": outside,
    "rises": rises,
    "falls": falls,
    "moves": moves,
}
