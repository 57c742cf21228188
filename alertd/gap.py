"""A gap in a symbol's tickers, and what comes of gaps with their klines."""

from collections.abc import Sequence

import attrs

from alertd.engine.condition import DAY_MS
from alertd.engine.engine import Engine
from alertd.engine.prices import Prices
from alertd.engine.touched import Extreme, Touched, Unseen
from alertd.market.past.extremes import Extremes, extremes_between
from alertd.market.past.klines import KlineSeries
from alertd.market.past.known_closes import known_closes
from alertd.market.ticker import Ticker
from alertd.warming import fill_prices, until


@attrs.frozen
class Gap:
    """A symbol's tickers before and after it, and when, by Trio's clock, it was over."""

    before: Ticker
    after: Ticker
    over_s: float

    @property
    def symbol(self) -> str:
        """Whose it is."""
        return self.after.symbol

    @property
    def for_ms(self) -> int:
        """How long it lasted."""
        return self.after.time_ms - self.before.time_ms

    @property
    def since_ms(self) -> int:
        """From when on it is looked into: its last day."""
        return max(self.before.time_ms, self.after.time_ms - DAY_MS)


class Findings:
    """What came of gaps: those that are `known` by now, those that stay `unknown`, wholly or in part, and levels.

    These are looked for whenever klines come: for all symbols in one go the feed would have to wait.
    """

    def __init__(self, engine: Engine, prices: Prices) -> None:
        self.known: list[Gap] = []
        self.unknown: list[Gap] = []
        self.touched: list[Touched] = []
        self._engine = engine
        self._prices = prices

    def take(self, gap: Gap, series: Sequence[KlineSeries]) -> None:
        """Fill a gap with its klines, unless another market has begun meanwhile."""
        until_ms = gap.after.time_ms
        if self._engine.newest_ms(gap.symbol) < until_ms:
            self.unknown.append(gap)
            return
        own = [until(one, until_ms) for one in series]
        closes = known_closes(own, until_ms=until_ms)
        self._engine.fill(gap.symbol, [it for it in closes if it[0] > gap.before.time_ms])
        fill_prices(self._prices, gap.symbol, own, until_ms)
        extremes = extremes_between(own, since_ms=gap.since_ms, until_ms=until_ms)
        self.touched += self._engine.touched(_unseen(gap, extremes))
        (self.known if extremes is not None and extremes.is_whole else self.unknown).append(gap)

    def go_without(self, gap: Gap) -> None:
        """Leave a gap as it is: nobody but the tickers' own day knows of it."""
        self.unknown.append(gap)
        self.touched += self._engine.touched(_unseen(gap, None))


def _unseen(gap: Gap, extremes: Extremes | None) -> Unseen:
    if extremes is None:
        return Unseen(gap.before, gap.after)
    lowest = Extreme(extremes.low, extremes.low_ms)
    return Unseen(gap.before, gap.after, lowest, Extreme(extremes.high, extremes.high_ms))
