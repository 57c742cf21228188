"""Klines for tests: plain ones, and files of them as users have them."""

import gzip
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from alertd.market.past.klines import Kline, KlineSeries

MINUTE_MS = 60_000
DAY_MINUTES = 1_440
START_MS = 1_746_403_200_000  # 2025-05-05, 00:00 UTC
HEADER = "open_time_ms,open,high,low,close,volume"
ARCHIVE_HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    "taker_buy_volume,taker_buy_quote_volume,ignore"
)


def kline(minute: int, prices: Sequence[str] = ("10", "12", "9", "11"), volume: str = "3") -> Kline:
    open_, high, low, close = map(Decimal, prices)
    return Kline(
        START_MS + minute * MINUTE_MS, open_, high, low, close, Decimal(volume), Decimal(30)
    )


def flat(minutes: Iterable[int], price: str = "10") -> list[Kline]:
    return [kline(minute, [price] * 4, "1") for minute in minutes]


def series_of(symbol: str, klines: Iterable[Kline]) -> KlineSeries:
    return KlineSeries(symbol=symbol, interval_ms=MINUTE_MS, klines=list(klines))


def plain_row(minute: int, cells: str = "10,12,9,11,3") -> str:
    return f"{START_MS + minute * MINUTE_MS},{cells}"


def archive_row(minute: int, *, unit: int = 1) -> str:
    opened = (START_MS + minute * MINUTE_MS) * unit
    closed = opened + MINUTE_MS * unit - 1
    return f"{opened},10.0,12.0,9.0,11.0,3.0,{closed},31.5,7,1.5,15.75,0"


def write_text(path: Path, lines: Iterable[str]) -> Path:
    text = "".join(f"{line}\n" for line in lines)
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(text)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{path.stem}.csv", text)
    else:
        path.write_text(text, encoding="utf-8")
    return path
