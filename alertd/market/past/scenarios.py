"""Scenarios: generated markets, the same on every machine for the same seed.

A price is `anchor x (1 + beta x drama) x (1 + mood)`. The drama is the scenario's, one broken line
for the whole market. The mood is a random walk, part the market's and part the symbol's own, that
is drawn back to 0: so a day moves plausibly and the drama still begins near the anchor.

Only `Random.random` and plain arithmetic are used, which Python and IEEE 754 promise to give the
same everywhere; logarithms and cosines, and so `Random.gauss`, may differ in their last digit.
"""

import itertools
import math
import random
from collections.abc import Iterator
from decimal import Decimal

import attrs

from alertd.market.past.klines import DAY_MS, Kline, KlineSeries

# 2026-01-01, 00:00 UTC: the day that fills the 24 hours. The drama begins with the second.
_FIRST_OPEN_MS = 1_767_225_600_000
_MINUTE_MS = 60_000
_WARM_UP_MINUTES = DAY_MS // _MINUTE_MS
_STEPS = 6  # prices in a minute: enough for an open, two extremes and a close that differ
_ROOT_OF_STEPS = math.sqrt(_STEPS)  # independent steps add up to a minute's deviation
_MARKET_NOISE = 0.04  # the deviation of a whole market's minute, in %
_PULL = 0.0008  # what a step takes away of the mood: half of it in two hours and a half


@attrs.frozen
class Instrument:
    """A symbol as it trades: near `anchor`, on the grid of `tick`, in lots of `lot`.

    `beta` is its share in the whole market's moves; `noise` is its own, as the standard deviation of
    a minute in %; `turnover` is what an ordinary minute trades, in the quote asset.
    """

    symbol: str
    anchor: float
    tick: Decimal
    lot: Decimal
    beta: float
    noise: float
    turnover: float


@attrs.frozen
class Turn:
    """A corner of the drama: from the one before to this one it goes in a straight line.

    `minute` is counted from the drama's first, `percent` is the market's distance from its anchor,
    `unrest` multiplies the noise up to this corner.
    """

    minute: float
    percent: float
    unrest: float = 1.0


@attrs.frozen
class Scenario:
    """A generated market, named by what happens in it."""

    name: str
    description: str
    turns: tuple[Turn, ...]


def _instrument(
    symbol: str, anchor: str, lot: str, figures: tuple[float, float, float]
) -> Instrument:
    """Return an instrument; the digits of `anchor` give its tick."""
    tick = Decimal(1).scaleb(int(Decimal(anchor).as_tuple().exponent))
    beta, noise, turnover = figures
    return Instrument(symbol, float(anchor), tick, Decimal(lot), beta, noise, turnover)


INSTRUMENTS = (
    #                            anchor     lot      beta noise turnover
    _instrument("BTCUSDT", "104000.0", "0.001", (1.00, 0.01, 9e6)),
    _instrument("ETHUSDT", "2600.00", "0.001", (1.20, 0.03, 7e6)),
    _instrument("SOLUSDT", "165.000", "0.01", (1.35, 0.04, 3e6)),
    _instrument("BNBUSDT", "660.00", "0.01", (0.95, 0.02, 6e5)),
    _instrument("XRPUSDT", "2.4000", "0.1", (1.10, 0.04, 1.5e6)),
    _instrument("DOGEUSDT", "0.21000", "1", (1.40, 0.05, 1.2e6)),
    _instrument("ADAUSDT", "0.7500", "1", (1.25, 0.05, 5e5)),
    _instrument("AVAXUSDT", "22.500", "1", (1.35, 0.05, 3e5)),
    _instrument("LINKUSDT", "15.500", "0.01", (1.30, 0.05, 3e5)),
    _instrument("SUIUSDT", "3.6000", "0.1", (1.45, 0.06, 8e5)),
    _instrument("LTCUSDT", "95.00", "0.001", (1.05, 0.04, 2e5)),
    _instrument("1000PEPEUSDT", "0.0130000", "1", (1.60, 0.07, 7e5)),
)

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "calm",
            "A generated market on a quiet day: it drifts, and nothing happens.",
            (Turn(30, 0.0, 0.7),),
        ),
        Scenario(
            "rally",
            "A generated market that climbs by 7 % in half an hour, with two rests on the way.",
            (
                *(Turn(2, 0.0), Turn(9, 2.8, 1.5), Turn(12, 2.0)),
                *(Turn(19, 5.2, 1.7), Turn(22, 4.4), Turn(29, 7.0, 2.0)),
            ),
        ),
        Scenario(
            "flash-crash",
            "A generated market that falls by 11 % in four minutes and wins half of it back.",
            (
                *(Turn(8, 0.0), Turn(9, -1.5, 3.0), Turn(11.5, -9.5, 4.0), Turn(12, -11.0, 4.0)),
                *(Turn(14, -7.0, 3.0), Turn(17, -8.0, 2.0), Turn(25, -5.5, 1.5)),
            ),
        ),
        Scenario(
            "wick",
            "A generated market with a needle: within one minute up by 4 % and back again.",
            (Turn(12, 0.0, 0.7), Turn(12.34, 4.0), Turn(12.67, 0.3), Turn(13, 0.0), Turn(30, 0.0)),
        ),
        Scenario(
            "squeeze",
            "A generated market whose range narrows for a quarter of an hour until it breaks out by 6 %.",
            (
                *(Turn(2, 0.0, 0.6), Turn(6, 0.0, 0.3), Turn(17, 0.0, 0.1)),
                *(Turn(20, 4.5, 2.0), Turn(24, 6.0, 2.0), Turn(30, 5.5)),
            ),
        ),
    )
}


def generate(scenario: Scenario, *, seed: int = 0, minutes: int = 30) -> tuple[KlineSeries, ...]:
    """Return each instrument's 1-minute klines: a day that warms up, then `minutes` of drama.

    The first ticker is that of the minute before the drama. Each symbol's klines are the same
    whichever others are read.
    """
    return tuple(
        KlineSeries(
            symbol=instrument.symbol,
            interval_ms=_MINUTE_MS,
            klines=_Generated(scenario, instrument, seed, minutes),
        )
        for instrument in INSTRUMENTS
    )


@attrs.frozen
class _Generated:
    """One instrument's klines, generated anew by each iteration."""

    scenario: Scenario
    instrument: Instrument
    seed: int
    minutes: int

    def __iter__(self) -> Iterator[Kline]:
        # Seeded alike for all symbols, the market's part of the walk is the same in each.
        market = random.Random(f"{self.seed} market")  # noqa: S311 - no secret hangs on it
        own = random.Random(f"{self.seed} {self.instrument.symbol}")  # noqa: S311 - nor on this
        mood, close = 0.0, self._price(0.0, 0.0)
        for minute in range(-_WARM_UP_MINUTES, self.minutes):
            prices = [close]
            for step in range(1, _STEPS + 1):
                percent, unrest = _drama(self.scenario.turns, minute + step / _STEPS)
                mood += self._shock(market, own) * unrest - _PULL * mood
                prices.append(self._price(percent, mood))
            close = prices[-1]
            yield self._kline(minute, prices, own.random())

    def _shock(self, market: random.Random, own: random.Random) -> float:
        """Return a step of the walk, as a fraction of the price."""
        percent = self.instrument.beta * _MARKET_NOISE * _normal(market)
        percent += self.instrument.noise * _normal(own)
        return percent / 100 / _ROOT_OF_STEPS

    def _price(self, percent: float, mood: float) -> Decimal:
        """Return the price on the grid of ticks."""
        price = self.instrument.anchor * (1 + self.instrument.beta * percent / 100) * (1 + mood)
        return _on_grid(price, self.instrument.tick)

    def _kline(self, minute: int, prices: list[Decimal], draw: float) -> Kline:
        """Return the minute's kline; the volume rises with what the price did in it."""
        high, low = max(prices), min(prices)
        swing_percent = float(high / low - 1) * 100
        mean = sum(prices, Decimal(0)) / len(prices)
        turnover = self.instrument.turnover * (0.5 + draw) * (0.5 + 8 * swing_percent)
        volume = _on_grid(turnover / float(low), self.instrument.lot)
        return Kline(
            open_time_ms=_FIRST_OPEN_MS + DAY_MS + minute * _MINUTE_MS,
            open=prices[0],
            high=high,
            low=low,
            close=prices[-1],
            volume=volume,
            quote_volume=volume * mean.quantize(self.instrument.tick),
        )


def _drama(turns: tuple[Turn, ...], minute: float) -> tuple[float, float]:
    """Return the market's distance from its anchor in % and its unrest."""
    if minute <= 0:
        return 0.0, 1.0
    for before, after in itertools.pairwise([Turn(0, 0.0), *turns]):
        if minute <= after.minute:
            done = (minute - before.minute) / (after.minute - before.minute)
            return before.percent + done * (after.percent - before.percent), after.unrest
    return turns[-1].percent, 1.0


def _normal(source: random.Random) -> float:
    """Return a draw from the standard normal distribution, or so near that nobody can tell."""
    # `fsum` is exact; `sum` rounds in another way since Python 3.12.
    return math.fsum(source.random() for _ in range(12)) - 6


def _on_grid(value: float, grid: Decimal) -> Decimal:
    """Return the multiple of `grid` that is nearest, at least 1 of it."""
    return max(1, round(value / float(grid))) * grid
