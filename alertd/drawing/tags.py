"""Tags beside the price axis: the last price, and what prices are compared with."""

import attrs

from alertd.drawing.chart import Chart
from alertd.drawing.figures import common_decimals, exact, written
from alertd.drawing.scale import Scale
from alertd.drawing.spread import spread

# The newest closes show how many decimals the market has.
_CLOSES_LOOKED_AT = 60


@attrs.frozen
class Tag:
    """A price with its text. Its height is `at` in pixels, near where the price is.

    `outside` is 1 for a price above what is shown, -1 for one below, else 0.
    """

    price: float
    text: str
    outside: int
    is_last: bool
    at: float = 0.0


def tags_of(chart: Chart, prices: Scale, height: float) -> list[Tag]:
    """Return the tags from the top down, each `height` high, apart from each other and in the plot.

    Of what is outside only the nearest on each side is shown; where there is no room for all, those
    nearest to the last price are.
    """
    last = chart.path.closes[-1]
    decimals = common_decimals(chart.path.closes[-_CLOSES_LOOKED_AT:])
    tags = [Tag(last, written(last, decimals), outside=0, is_last=True)]
    for price in sorted(_worth_a_tag(chart, prices), key=lambda price: abs(price - last)):
        outside = (price > prices.high) - (price < prices.low)
        tags.append(Tag(price, exact(price), outside, is_last=False))
    # Prices rise upwards: they start at the bottom, whose pixel is the greater one.
    top, bottom = prices.end, prices.start
    chosen = sorted(tags[: int((bottom - top) / height)], key=lambda tag: -tag.price)
    places = spread([prices.at(tag.price) for tag in chosen], height, top, bottom)
    return [attrs.evolve(tag, at=at) for tag, at in zip(chosen, places, strict=True)]


def _worth_a_tag(chart: Chart, prices: Scale) -> list[float]:
    shown = [price for price in chart.thresholds if prices.shows(price)]
    above = [price for price in chart.thresholds if price > prices.high]
    below = [price for price in chart.thresholds if price < prices.low]
    return [*below[-1:], *shown, *above[:1]]
