"""Where the parts of a picture are: worked out before anything is drawn."""

import attrs

from alertd.drawing import lettering
from alertd.drawing.chart import Chart
from alertd.drawing.curve import Box, Curve
from alertd.drawing.figures import written
from alertd.drawing.palette import Palette
from alertd.drawing.scale import Scale, price_ticks
from alertd.drawing.tags import Tag, tags_of
from alertd.drawing.thinning import thinned
from alertd.drawing.times import TimeTick, time_ticks
from alertd.drawing.view import shown_prices, shown_times

# Smaller ones have no room for a plot beside its labels, larger ones no use.
_SMALLEST, _LARGEST = (240, 150), (4000, 4000)
# A phone shows 800 pixels at 360: type of 26 pixels is 12 there. These are the picture's sides in it.
_WIDTH, _HEIGHT = 30.5, 17.0
# In type, too: what is above and below the plot, beside a price, between two ticks of an axis.
_HEADER, _FOOTER, _BESIDE_PRICE = 3.3, 1.75, 1.5
_BETWEEN_PRICES, _BETWEEN_TIMES = 1.9, 3.7
_MOST_PRICES, _MOST_TIMES = 8, 12
# A window's length is written over the path.
_OVER_PATH = 1.3
_TAG = 1.25


@attrs.frozen
class Panel:
    """A chart on so many pixels: `type` is the height of its letters, and measures all else.

    Prices rise upwards in the plot, and are written right of it, moments below. A price tick is its
    height with its text.
    """

    chart: Chart
    palette: Palette
    width: int
    height: int
    type: int
    top: int
    times: Scale
    prices: Scale
    curve: Curve
    time_ticks: list[TimeTick]
    price_ticks: list[tuple[float, str]]
    tags: list[Tag]

    @property
    def plot(self) -> Box:
        """Where the path is drawn: left, top, right, bottom."""
        return self.times.start, self.top, self.times.end, self.prices.start

    @property
    def line(self) -> int:
        """How thick a thin line is."""
        return max(1, round(self.type / 14))

    @property
    def tag_height(self) -> float:
        """How high a price's tag is."""
        return self.type * _TAG


def type_for_phones(width: int, height: int) -> int:
    """Return the type that is legible on a phone which shows a picture over its whole width."""
    return round(min(width / _WIDTH, height / _HEIGHT))


def panel_of(chart: Chart, palette: Palette, width: int, height: int, size: int) -> Panel:
    """Lay a chart out on 240 x 150 to 4000 x 4000 pixels, with type of a size up to a phone's.

    Raises `ValueError` for other sides.
    """
    for side, least, most in zip((width, height), _SMALLEST, _LARGEST, strict=True):
        if not least <= side <= most:
            raise ValueError(f"a picture's side is {least} to {most} pixels long, not {side}")
    top, bottom = round(size * _HEADER), height - round(size * _FOOTER)
    highest = top + round(size * _OVER_PATH) * (chart.stretch is not None)
    prices = Scale(*shown_prices(chart), bottom, highest)
    ticks = _price_ticks(prices, size)
    tags = tags_of(chart, prices, size * _TAG)
    right = round(width - size * _BESIDE_PRICE - _widest(ticks, tags, size))
    times = Scale(*shown_times(chart), round(size * 0.5), right)
    return Panel(
        chart=chart,
        palette=palette,
        width=width,
        height=height,
        type=size,
        top=top,
        times=times,
        prices=prices,
        curve=Curve.of(thinned(chart.path, right), times, prices),
        time_ticks=_time_ticks(chart, times, size),
        price_ticks=ticks,
        tags=tags,
    )


def _price_ticks(prices: Scale, size: int) -> list[tuple[float, str]]:
    most = int((prices.start - prices.end) / (size * _BETWEEN_PRICES))
    ticks, decimals = price_ticks(prices.low, prices.high, min(most, _MOST_PRICES))
    return [(prices.at(price), written(price, decimals)) for price in ticks]


def _time_ticks(chart: Chart, times: Scale, size: int) -> list[TimeTick]:
    most = int((times.end - times.start) / (size * _BETWEEN_TIMES))
    return time_ticks(
        round(times.low), round(times.high), chart.zone, min(max(1, most), _MOST_TIMES)
    )


def _widest(ticks: list[tuple[float, str]], tags: list[Tag], size: int) -> float:
    arrow = {tag.text: size * 0.7 * abs(tag.outside) for tag in tags}
    texts = [*arrow, *(text for _, text in ticks)]
    return max(lettering.width(text, size) + arrow.get(text, 0.0) for text in texts)
