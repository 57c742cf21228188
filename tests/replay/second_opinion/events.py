"""Operators that are true on single tickers, and need one before."""

from collections.abc import Callable, Mapping

import numpy as np

from tests.replay.second_opinion.arrays import Flags, Floats, Places, before, told_apart
from tests.replay.second_opinion.comparison import Asked, Comparison
from tests.replay.second_opinion.ladders import climbed, passed
from tests.replay.second_opinion.quantities import Amount, duration_ms
from tests.replay.second_opinion.windows import highest_before, lowest_before


def event_of(
    asked: Asked,
    now: Flags,
    *threshold: Floats,
    ready: Flags | None = None,
    value: Floats | None = None,
) -> Comparison:
    """Return an event. Comparisons with NaN, which is before the first ticker, are false."""
    return Comparison(
        is_event=True,
        now=now,
        value=asked.values if value is None else value,
        threshold=threshold,
        ready=Places(ready) if asked.rearm and ready is not None else None,
    )


def crosses_above(asked: Asked) -> Comparison:
    level = asked.level()
    return event_of(asked, _up(asked, level), level, ready=_low_again(asked, level))


def crosses_below(asked: Asked) -> Comparison:
    level = asked.level()
    return event_of(asked, _down(asked, level), level, ready=_high_again(asked, level))


def crosses(asked: Asked) -> Comparison:
    level = asked.level()
    away = _low_again(asked, level) | _high_again(asked, level)
    return event_of(asked, _up(asked, level) | _down(asked, level), level, ready=away)


def touches(asked: Asked) -> Comparison:
    """The close passed or reached it, or an extreme of the day newly did."""
    level, close, last = asked.level(), asked.values, asked.previous
    high, low = asked.market.metric("high"), asked.market.metric("low")
    for values in (close, high, low):
        told_apart(values, level)
    now = (last < level) & (level <= close) | (last > level) & (level >= close)
    now |= (before(high) < level) & (level <= high) | (before(low) > level) & (level >= low)
    away = _low_again(asked, level) | _high_again(asked, level)
    return event_of(asked, now, level, ready=away)


def _up(asked: Asked, level: Floats) -> Flags:
    told_apart(asked.values, level)
    return (asked.previous <= before(level)) & (asked.values > level)


def _down(asked: Asked, level: Floats) -> Flags:
    told_apart(asked.values, level)
    return (asked.previous >= before(level)) & (asked.values < level)


def _low_again(asked: Asked, level: Floats) -> Flags:
    ready = asked.under(level)
    told_apart(asked.values, ready)
    return asked.values <= ready


def _high_again(asked: Asked, level: Floats) -> Flags:
    ready = asked.over(level)
    told_apart(asked.values, ready)
    return asked.values >= ready


def enters(asked: Asked) -> Comparison:
    low, high = asked.band()
    inside = _inside(asked, low, high)
    away = _low_again(asked, low) | _high_again(asked, high)
    return event_of(asked, inside & _was(~inside), low, high, ready=away)


def leaves(asked: Asked) -> Comparison:
    low, high = asked.band()
    inside = _inside(asked, low, high)
    within = _high_again(asked, low) & _low_again(asked, high)
    return event_of(asked, ~inside & _was(inside), low, high, ready=within)


def _inside(asked: Asked, low: Floats, high: Floats) -> Flags:
    told_apart(asked.values, low)
    told_apart(asked.values, high)
    return (low <= asked.values) & (asked.values <= high)


def _was(flags: Flags) -> Flags:
    return np.concatenate(([False], flags[:-1]))


def crosses_every(asked: Asked) -> Comparison:
    step = Amount.of(asked.written)
    rungs = climbed(asked.values, step.size) if step.is_percent else passed(asked.values, step.size)
    return event_of(asked, ~np.isnan(rungs), rungs)


def new_high(asked: Asked) -> Comparison:
    if asked.metric == "close" and asked.written == "24h":
        high = asked.market.metric("high")
        return event_of(asked, high > before(high), before(high), value=high)
    past = highest_before(asked.market, asked.values, str(asked.written))
    return event_of(asked, (asked.values > past) & _is_covered(asked), past)


def new_low(asked: Asked) -> Comparison:
    if asked.metric == "close" and asked.written == "24h":
        low = asked.market.metric("low")
        return event_of(asked, low < before(low), before(low), value=low)
    past = lowest_before(asked.market, asked.values, str(asked.written))
    return event_of(asked, (asked.values < past) & _is_covered(asked), past)


def _is_covered(asked: Asked) -> Flags:
    """Tell where the first ticker is at least as old as the window is long."""
    times = asked.market.times
    covered: Flags = times - times[0] >= duration_ms(str(asked.written))
    return covered


EVENTS: Mapping[str, Callable[[Asked], Comparison]] = {
    "crosses_above": crosses_above,
    "crosses_below": crosses_below,
    "crosses": crosses,
    "touches": touches,
    "enters": enters,
    "leaves": leaves,
    "crosses_every": crosses_every,
    "new_high": new_high,
    "new_low": new_low,
}
