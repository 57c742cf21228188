"""Captions within the plot: the ends of the 24 hours' range, where they hide the least."""

from collections.abc import Iterable, Iterator, Sequence

import attrs

from alertd.drawing.curve import Box, Curve


@attrs.frozen
class Place:
    """Where a caption may stand: its box, and whether it points up (1), down (-1) or nowhere."""

    box: Box
    points: int = 0


def best_place(places: Iterable[Place], curve: Curve, taken: Sequence[Box]) -> Place:
    """Return the first place of those that hide the least of the curve and of what stands already."""
    return min(places, key=lambda place: _hidden(place.box, curve, taken))


def along(
    plot: Box, width: float, height: float, levels: Sequence[float], points: int
) -> Iterator[Place]:
    """Yield places in the plot on some heights (of their middles), from the left to the right."""
    left, top, right, bottom = plot
    steps, room = 8, max(0.0, right - left - width)
    for middle in levels:
        if not top <= middle - height / 2 <= middle + height / 2 <= bottom:
            continue
        for step in range(steps + 1):
            start = left + room * step / steps
            yield Place((start, middle - height / 2, start + width, middle + height / 2), points)


def _hidden(box: Box, curve: Curve, taken: Sequence[Box]) -> int:
    # What is written already must stay readable; a few slots of the curve may be lost.
    return curve.touches(box) + 1000 * sum(_overlap(box, other) for other in taken)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
