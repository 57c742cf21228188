"""The ticks of a test as tickers: what a tick does not say is carried over from the one before.

A ticker is made sound without much being said. The first one of a symbol needs a close alone: the
open is the same, nothing was traded. A close beyond the day's high or low takes the high or low
with it, as it does on the exchange.
"""

from collections.abc import Iterator, Mapping, Sequence

import attrs

from alertd.config.mistakes import WrongError
from alertd.delivery.numbers import plain
from alertd.engine.words import duration_in_words
from alertd.market.ticker import Ticker
from alertd.rule_tests.values import Course
from alertd.rule_tests.written import WrittenTick

# A day of ticks every two seconds is 43,200. A ticker takes 270 bytes.
MOST_TICKS = 100_000
MOST_TICKS_OF_A_FILE = 400_000
_FIELDS = ("close", "open", "high", "low", "volume", "quote_volume")


def tickers_of(
    ticks: Sequence[WrittenTick], *, symbol: str | None, start_ms: int
) -> tuple[Ticker, ...]:
    """Return the tickers in the order of time; `symbol` is for ticks that name none.

    Raises a group of `WrongError`, whose paths begin with the number of a tick.
    """
    story = _Story(start_ms)
    for index, tick in enumerate(ticks):
        try:
            story.tell(tick, tick.symbol or symbol)
        except WrongError as wrong:
            story.wrongs.append(wrong.below(index))
    if story.wrongs:
        raise ExceptionGroup("wrong ticks", story.wrongs)
    return tuple(sorted(story.tickers, key=lambda ticker: ticker.time_ms))


@attrs.define
class _Story:
    """The tickers so far."""

    start_ms: int
    tickers: list[Ticker] = attrs.field(factory=list)
    wrongs: list[WrongError] = attrs.field(factory=list)
    _newest: dict[str, Ticker] = attrs.field(factory=dict)
    _priceless: set[str] = attrs.field(factory=set)

    def tell(self, tick: WrittenTick, symbol: str | None) -> None:
        if symbol is None:
            raise WrongError("of which symbol? name it here, or as the test's `symbol`")
        newest = self._newest.get(symbol)
        courses = _courses(tick)
        if newest is None and "close" not in courses:
            self._without_close(symbol)
            return
        moments = _moments(tick)
        if newest is not None and newest.time_ms >= self.start_ms + moments[0]:
            before = duration_in_words(newest.time_ms - self.start_ms)
            raise WrongError(f"this is not after {symbol}'s tick before it, at {before}", ("at",))
        if len(self.tickers) + len(moments) > MOST_TICKS:
            raise WrongError(f"more than {MOST_TICKS:,} ticks in a test")
        for at_ms, fraction in zip(moments, _fractions(len(moments)), strict=True):
            told = {field: course.at(fraction) for field, course in courses.items()}
            newest = _ticker(symbol, self.start_ms + at_ms, told, newest)
            self.tickers.append(newest)
            self._newest[symbol] = newest

    def _without_close(self, symbol: str) -> None:
        """Say it of a symbol's first tick; those that follow cannot help it."""
        if symbol not in self._priceless:
            self._priceless.add(symbol)
            raise WrongError(f"the first tick of {symbol} needs a `close`")


def _courses(tick: WrittenTick) -> dict[str, Course]:
    found = {field: getattr(tick, field) for field in _FIELDS}
    courses = {field: course for field, course in found.items() if course is not None}
    for field, course in courses.items():
        if tick.to_ms is None and not course.is_flat:
            raise WrongError(
                "a course needs `to` and `every` beside it: `to: 5m, every: 2s`", (field,)
            )
    return courses


def _moments(tick: WrittenTick) -> range:
    """Return when the ticks come, the last one at `to`. Times are from the test's start."""
    if tick.at_ms is None:
        raise WrongError("when? write `at`, the time since the test's start, like `at: 2s`")
    if tick.to_ms is None and tick.every_ms is None:
        return range(tick.at_ms, tick.at_ms + 1)
    if tick.to_ms is None or tick.every_ms is None:
        raise WrongError("`to` and `every` stand together: `at: 0s, to: 5m, every: 2s`")
    if tick.every_ms == 0:
        raise WrongError("the ticks of a stretch are some time apart", ("every",))
    if tick.to_ms <= tick.at_ms:
        raise WrongError(f"this is not after `at`, {duration_in_words(tick.at_ms)}", ("to",))
    if (tick.to_ms - tick.at_ms) % tick.every_ms:
        length, step = map(duration_in_words, (tick.to_ms - tick.at_ms, tick.every_ms))
        raise WrongError(f"{length}, from `at` to `to`, is no multiple of {step}", ("every",))
    return range(tick.at_ms, tick.to_ms + 1, tick.every_ms)


def _fractions(count: int) -> Iterator[float]:
    return (index / max(count - 1, 1) for index in range(count))


def _ticker(symbol: str, time_ms: int, told: Mapping[str, float], before: Ticker | None) -> Ticker:
    """Return the ticker with what is told of it. Raises `WrongError` where that cannot be."""
    close = told["close"] if "close" in told else _carried(before, "close", 0)
    opened = told["open"] if "open" in told else _carried(before, "open", close)
    high = told.get("high", max(close, opened, _carried(before, "high", close)))
    low = told.get("low", min(close, opened, _carried(before, "low", close)))
    if high < close:
        raise WrongError(f"the high is below the close, {plain(close)}", ("high",))
    if low > close:
        raise WrongError(f"the low is above the close, {plain(close)}", ("low",))
    return Ticker(
        symbol=symbol,
        time_ms=time_ms,
        close=close,
        open=opened,
        high=high,
        low=low,
        volume=told.get("volume", _carried(before, "volume", 0)),
        quote_volume=told.get("quote_volume", _carried(before, "quote_volume", 0)),
    )


def _carried(before: Ticker | None, field: str, otherwise: float) -> float:
    value: float = getattr(before, field, otherwise)
    return value
