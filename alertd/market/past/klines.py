"""Klines: what a symbol traded in each minute (or five, or hour), exact to the exchange's last digit."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Context, Decimal, localcontext

import attrs
import msgspec

DAY_MS = 86_400_000

# A number as the exchange writes it, or as a spreadsheet's 1e-05.
_NUMBER = re.compile(r"(?=\.?\d)\d{0,20}(\.\d{0,20})?([eE][-+]?[01]?\d)?", re.ASCII)
_TIME = re.compile(r"\d{1,17}", re.ASCII)
# As milliseconds this would be the year 5138; as microseconds it is 1973, before any exchange.
FIRST_MICROSECONDS = 100_000_000_000_000
# 2017, the exchange's first year, and 2100, which a ticker's time stays below.
FIRST_MS, END_MS = 1_483_228_800_000, 4_102_444_800_000
# Far beyond any market's: within them a day's ticker stays within what is admitted of one.
_LOWEST_PRICE, _HIGHEST_PRICE, HIGHEST_AMOUNT = map(Decimal, ("1e-18", "1e18", "1e25"))
# Wide enough for the product of two such numbers: the estimate below is rounded once, at its end.
_WIDE = Context(prec=200)
_SATOSHI = Decimal("1e-8")


class KlinesError(Exception):
    """The user's mistake: klines that cannot be used. Its text says where, what and what to do."""


class Kline(msgspec.Struct, frozen=True, gc=False):
    """What was traded from `open_time_ms` on, for the interval of its series.

    Times are in milliseconds since 1970, UTC. Prices are in the quote asset, above 0, and
    `low <= open, close <= high`; `volume` is in the base asset, `quote_volume` in the quote asset.

    It is a msgspec struct where other values are attrs classes, because years of them are read at
    once: it takes 0.1 µs to make one instead of 0.9.
    """

    open_time_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    quote_volume: Decimal


@attrs.frozen
class KlineSeries:
    """One symbol's klines of one interval, in rising order of time; a gap is a kline that is missing.

    `klines` can be iterated over more than once, and each time reads anew what may be larger than
    the memory: doing so raises `KlinesError` for what is wrong further down in a file. `size` is that
    of its files, in bytes. They open from `begin_ms` to about `end_ms` (since 1970, UTC), as far as
    that is known before they are read.
    """

    symbol: str
    interval_ms: int
    klines: Iterable[Kline]
    quote_volume_estimated: bool = False
    size: int = 0
    begin_ms: int | None = None
    end_ms: int | None = None


def parse_kline(cells: Sequence[str]) -> Kline:
    """Return the kline in open time, open, high, low, close, volume and, where known, quote volume.

    The open time may be in milliseconds or microseconds. A quote volume that is not known is
    estimated as volume x (high + low + close) / 3. Raises `ValueError`, which says what is wrong.
    """
    open_time_ms = parse_time_ms(cells[0])
    open_, high, low, close, volume, *known = map(_decimal, cells[1:])
    if low == 0:
        raise ValueError("a price of 0: remove the line, which leaves a gap")
    if not low <= min(open_, close) <= max(open_, close) <= high:
        raise ValueError(
            f"high {high} and low {low} do not enclose open {open_} and close {close}:"
            " see that the columns are in their order, or remove the line"
        )
    quote_volume = known[0] if known else estimated_quote_volumes([(volume, high, low, close)])[0]
    if low < _LOWEST_PRICE or high > _HIGHEST_PRICE or max(volume, quote_volume) > HIGHEST_AMOUNT:
        raise ValueError("a price or volume beyond any market's: see that the columns are in order")
    return Kline(open_time_ms, open_, high, low, close, volume, quote_volume)


def parse_time_ms(text: str) -> int:
    """Return a time in milliseconds or microseconds as milliseconds. Raises `ValueError`."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time: milliseconds since 1970 are expected")
    count = int(text)
    time_ms = count // 1000 if count >= FIRST_MICROSECONDS else count
    if not FIRST_MS <= time_ms < END_MS:
        raise ValueError(
            f"the time {text} is not between 2017 and 2100: milliseconds since 1970 are expected"
        )
    return time_ms


def estimated_quote_volumes(
    klines: Iterable[tuple[Decimal, Decimal, Decimal, Decimal]],
) -> list[Decimal]:
    """Return volume x (high + low + close) / 3 of each, to 8 decimals, halves to even."""
    with localcontext(_WIDE):
        return [
            (volume * (high + low + close) / 3).quantize(_SATOSHI)
            for volume, high, low, close in klines
        ]


def utc_text(time_ms: int) -> str:
    """Return a time as a person reads it, to the second: `2025-05-04 15:33:00`, UTC."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no price or volume: a plain number is expected")
    return Decimal(text)
