"""Where the parts of a picture are: worked out before anything is drawn."""

import attrs

from alertd.drawing import lettering
from alertd.drawing.chart import Chart, PricePath
from alertd.drawing.figures import common_decimals, decimals_of, written
from alertd.drawing.palette import Palette
from alertd.drawing.scale import Scale, price_ticks
from alertd.drawing.thinning import thinned
from alertd.drawing.times import TimeTick, time_ticks
from alertd.drawing.view import shown_prices

# A phone shows 800 pixels at 360: 26 of them are 12 there.
_WIDTH_IN_TYPE, _HEIGHT_IN_TYPE = 30.5, 17
_SMALLEST_TYPE = 9
# A time tick's label is so many times its type wide, with room beside it.
_TIME_LABEL, _PRICE_LABEL = 4.4, 2.3


@attrs.frozen
class Panel:
    """A chart on so many pixels: its type, its scales (prices rise upwards) and its ticks.

    The plot is between `left` and `right`, `top` and `bottom`; prices are written right of it.
    """

    chart: Chart
    path: PricePath
    palette: Palette
    width: int
    height: int
    type: int
    times: Scale
    prices: Scale
    time_ticks: list[TimeTick]
    price_ticks: list[str]
    tick_prices: list[float]
    decimals: int

    @property
    def left(self) -> float:  # noqa: D102 - see the class
        return self.times.start

    @property
    def right(self) -> float:  # noqa: D102 - see the class
        return self.times.end

    @property
    def top(self) -> float:  # noqa: D102 - see the class
        return self.prices.end

    @property
    def bottom(self) -> float:  # noqa: D102 - see the class
        return self.prices.start

    @property
    def plot(self) -> tuple[float, float, float, float]:
        """The box that the path is drawn in."""
        return self.left, self.top, self.right, self.bottom

    @property
    def line(self) -> int:
        """How thick a thin line is."""
        return max(1, round(self.type / 14))

    def exact(self, price: float) -> str:
        """Write a price that somebody named, with all of its digits."""
        return written(price, decimals_of(price))


def panel_of(chart: Chart, palette: Palette, width: int, height: int) -> Panel:
    """Lay a chart out on a picture of so many pixels."""
    size = max(_SMALLEST_TYPE, round(min(width / _WIDTH_IN_TYPE, height / _HEIGHT_IN_TYPE)))
    top, bottom = round(size * 3.5), height - round(size * 1.75)
    low, high = shown_prices(chart)
    ticks, tick_decimals = price_ticks(low, high, round((bottom - top) / (size * _PRICE_LABEL)))
    texts = [written(price, tick_decimals) for price in ticks]
    decimals = common_decimals(chart.path.closes[-100:])
    known = [written(chart.path.closes[-1], decimals)]
    known += [written(price, decimals_of(price)) for price in chart.thresholds]
    gutter = max(lettering.width(text, size) for text in [*texts, *known]) + size * 1.3
    left, right = round(size * 0.5), round(width - gutter)
    start_ms = chart.path.times_ms[0]
    end_ms = max(
        chart.path.times_ms[-1],
        *(mark.time_ms for mark in chart.marks),
        start_ms + chart.path.slot_ms,
    )
    return Panel(
        chart=chart,
        path=thinned(chart.path, max(2, right - left)),
        palette=palette,
        width=width,
        height=height,
        type=size,
        times=Scale(start_ms, end_ms, left, right - round(size * 0.4)),
        prices=Scale(low, high, bottom, top),
        time_ticks=time_ticks(
            start_ms, end_ms, chart.zone, round((right - left) / (size * _TIME_LABEL))
        ),
        price_ticks=texts,
        tick_prices=ticks,
        decimals=decimals,
    )
