"""A path of no more slots than a picture has columns."""

from itertools import groupby

from alertd.drawing.chart import PricePath


def thinned(path: PricePath, most: int) -> PricePath:
    """Join slots until about `most` are left: the last close of each, and its extremes."""
    first, last = path.times_ms[0], path.times_ms[-1]
    slot_ms = -(-(last - first + 1) // most)
    if slot_ms <= path.slot_ms:
        return path
    numbers = range(len(path.times_ms))
    groups = [
        list(group)
        for _, group in groupby(numbers, lambda it: (path.times_ms[it] - first) // slot_ms)
    ]
    return PricePath(
        times_ms=tuple(path.times_ms[group[-1]] for group in groups),
        closes=tuple(path.closes[group[-1]] for group in groups),
        lows=tuple(min(path.lows[group[0] : group[-1] + 1]) for group in groups),
        highs=tuple(max(path.highs[group[0] : group[-1] + 1]) for group in groups),
        slot_ms=slot_ms,
    )


def unbroken(path: PricePath) -> list[range]:
    """Return the slots between which nothing is missing, as ranges of their numbers.

    Up to two missing slots are no gap: nothing was traded, or the close came at another moment.
    """
    times = path.times_ms
    breaks = [it for it in range(1, len(times)) if times[it] - times[it - 1] > 3 * path.slot_ms]
    return [range(a, b) for a, b in zip([0, *breaks], [*breaks, len(times)], strict=True)]
