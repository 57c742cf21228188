"""A path in pixels."""

from bisect import bisect_left, bisect_right

import attrs

from alertd.drawing.chart import PricePath
from alertd.drawing.scale import Scale
from alertd.drawing.thinning import unbroken

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@attrs.frozen
class Curve:
    """Where a path runs: for each slot its column, and the heights of its close and extremes."""

    columns: list[float]
    closes: list[float]
    lows: list[float]
    highs: list[float]
    pieces: list[range]

    @classmethod
    def of(cls, path: PricePath, times: Scale, prices: Scale) -> "Curve":
        """Return the curve of a path in these scales."""
        return cls(
            columns=[times.at(time_ms) for time_ms in path.times_ms],
            closes=[prices.at(price) for price in path.closes],
            lows=[prices.at(price) for price in path.lows],
            highs=[prices.at(price) for price in path.highs],
            pieces=unbroken(path),
        )

    def lines(self) -> list[list[Point]]:
        """Return the closes of each piece that nothing is missing in."""
        return [[(self.columns[it], self.closes[it]) for it in piece] for piece in self.pieces]

    def bodies(self) -> list[list[Point]]:
        """Return the outline of each piece's extremes: along the highs, and back along the lows."""
        return [
            [(self.columns[it], self.highs[it]) for it in piece]
            + [(self.columns[it], self.lows[it]) for it in reversed(piece)]
            for piece in self.pieces
        ]

    def touches(self, box: Box) -> int:
        """Return how many slots run through a box."""
        left, top, right, bottom = box
        first, end = bisect_left(self.columns, left), bisect_right(self.columns, right)
        return sum(self.lows[it] >= top and self.highs[it] <= bottom for it in range(first, end))
