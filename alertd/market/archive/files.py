"""The exchange's archive of klines: which files it has for some days, and where.

A file is of a month, or of a day. Daily ones appear the morning after, monthly ones on the first
Monday of the next month. Source: https://github.com/binance/binance-public-data.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from urllib.parse import quote

import attrs

ARCHIVE_URL = "https://data.binance.vision"
# Before that there was no exchange: spot's first klines are of August 2017.
FIRST_DAY = date(2017, 7, 1)
# Those that fill 24 hours without a rest, which the rolling window needs. Seconds are spot's alone.
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "1s")
# Market -> its folder.
_FOLDERS = {"usdm": "futures/um", "coinm": "futures/cm", "spot": "spot"}
MARKETS = tuple(_FOLDERS)
# A first Monday is the 7th at the latest, and it may take a while then.
_UNTIL_A_MONTH_IS_THERE = timedelta(days=10)
_DAY = timedelta(days=1)


@attrs.frozen
class ArchiveFile:
    """A file of the archive; `period` is its month or its day: 2025-05 or 2025-05-04."""

    market: str
    symbol: str
    interval: str
    period: str

    @property
    def name(self) -> str:
        """Its name, here as there."""
        return f"{self.symbol}-{self.interval}-{self.period}.zip"

    def url(self, base: str) -> str:
        """Return where it is in an archive at this address."""
        kind = "monthly" if self.period.count("-") == 1 else "daily"
        symbol, name = quote(self.symbol), quote(self.name)
        folder = f"data/{_FOLDERS[self.market]}/{kind}/klines/{symbol}/{self.interval}"
        return f"{base.rstrip('/')}/{folder}/{name}"


@attrs.frozen
class Wanted:
    """Klines of a market: of some symbols, of one interval, from one day to another, both included."""

    market: str
    symbols: tuple[str, ...]
    interval: str
    first: date
    last: date

    def files(self, *, today: date, here: Collection[str] = ()) -> Iterator[ArchiveFile]:
        """Yield the files that have them: a month's where all of it is wanted, and daily ones.

        `today` (UTC) has no file yet. `here` are the names of the files that there are already: a
        month that was begun in daily files goes on in them, and one that is there whole serves for
        some of its days, as no two files may have a day in common.
        """
        last = min(self.last, today - _DAY)
        for symbol in self.symbols:
            for month in _months(self.first, last):
                days = _days(max(self.first, month), min(last, _end(month)))
                yield from self._of_month(symbol, month, days, today, here)

    def _of_month(
        self, symbol: str, month: date, days: list[date], today: date, here: Collection[str]
    ) -> list[ArchiveFile]:
        whole = ArchiveFile(self.market, symbol, self.interval, f"{month:%Y-%m}")
        by_day = [attrs.evolve(whole, period=f"{day:%Y-%m-%d}") for day in days]
        if whole.name in here:
            return [whole]
        is_all = days[0] == month and days[-1] == _end(month)
        is_published = today - _end(month) > _UNTIL_A_MONTH_IS_THERE
        is_begun = any(file.name in here for file in by_day)
        return [whole] if is_all and is_published and not is_begun else by_day


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while max(first, month) <= last:
        yield month
        month = _end(month) + _DAY


def _end(month: date) -> date:
    """Return the last day of the month."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
