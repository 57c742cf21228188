"""What the name of a kline file tells of it: whose klines, of which interval, from when to when.

| name                                       | symbol         | interval | days                       |
|--------------------------------------------|----------------|----------|----------------------------|
| `BTCUSDT-1m-2025-05-04.zip`                | BTCUSDT        | 1 minute | that one (UTC)             |
| `BTCUSD_PERP-1m-2025-05.csv`               | BTCUSD_PERP    | 1 minute | all of that month          |
| `BTCUSDT_250627-1h-2025-05.zip`            | BTCUSDT_250627 | 1 hour   | all of that month          |
| `BTCUSDT_20250504_20250603_anything.csv`   | BTCUSDT        | unknown  | about those, both included |
| `btcusdt.csv`                              | BTCUSDT        | unknown  | unknown                    |

Source of the first three: data.binance.vision, for futures and spot alike.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from alertd.market.past.klines import DAY_MS, KlinesError

_UNIT_MS = {
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": DAY_MS,
    "w": 7 * DAY_MS,
    "mo": 30 * DAY_MS,
}
# A symbol may have a `_` of its own, so that the interval is what ends it.
_ARCHIVE = re.compile(r"(?P<symbol>[^-.]+)-(?P<count>\d{1,3})(?P<unit>mo|[smhdw])-(?P<rest>.*)")
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?(?=\.)", re.ASCII)
# Without an interval it ends at the first `_`, unless a contract's name goes on there: with the day of
# its delivery (YYMMDD), or PERP.
_MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SYMBOL = re.compile(
    rf"(?P<symbol>[^-_.]+(?:_(?:PERP|\d\d{_MONTH_AND_DAY})(?![^-_.]))?)", re.IGNORECASE
)
_DAYS = re.compile(r"_(\d{8})(?:_(\d{8}))?(?!\d)", re.ASCII)


@attrs.frozen
class FileName:
    """What is known of a kline file by its name; times in ms since 1970, UTC.

    All its klines open from `begin_ms` (included) to `end_ms` (excluded), as far as these are known.
    `is_archived`: they are known to the day, as the file is named like the archive's.
    """

    symbol: str
    interval_ms: int | None = None
    begin_ms: int | None = None
    end_ms: int | None = None
    is_archived: bool = False

    @classmethod
    def of(cls, path: Path) -> "FileName":
        """Read a file's name. Raises `KlinesError` where it does not begin with a symbol."""
        archive = _ARCHIVE.match(path.name)
        symbol = archive or _SYMBOL.match(path.name)
        if symbol is None or not symbol["symbol"].isprintable():
            raise KlinesError(
                f"{path}: its name must begin with the symbol, as in BTCUSDT-1m-2025-05.csv"
            )
        if archive:
            interval_ms = int(archive["count"]) * _UNIT_MS[archive["unit"]]
            days = _archived_days(archive["rest"])
            return cls(archive["symbol"].upper(), interval_ms, *days, is_archived=days != _UNKNOWN)
        return cls(symbol[0].upper(), None, *_days(path.name[symbol.end() :]))

    def may_open_within(self, start_ms: int | None, end_ms: int | None) -> bool:
        """Return whether a kline of it may open from `start_ms` (included) to `end_ms` (excluded)."""
        begin, end = self.begin_ms, self.end_ms
        begins_late = begin is not None and end_ms is not None and begin >= end_ms
        ends_early = end is not None and start_ms is not None and end <= start_ms
        return not (begins_late or ends_early)


_Days = tuple[int | None, int | None]
_UNKNOWN: _Days = (None, None)


def _archived_days(rest: str) -> _Days:
    date = _DATE.match(rest)
    if date is None:
        return _UNKNOWN
    begin = _day(f"{date[1]}{date[2]}{date[3] or '01'}")
    if begin is None:
        return _UNKNOWN
    # The 1st of a month and 31 days are always in the next one.
    end = begin + timedelta(days=1) if date[3] else (begin + timedelta(days=31)).replace(day=1)
    return _ms(begin), _ms(end)


def _days(text: str) -> _Days:
    """Return the days of other people's names, and one more at either end: their zone is not known."""
    named = _DAYS.match(text)
    if named is None:
        return _UNKNOWN
    first, last = _day(named[1]), _day(named[2] or "")
    if first is None:
        return _UNKNOWN
    end_ms = None if last is None else _ms(last + timedelta(days=2))
    return _ms(first - timedelta(days=1)), end_ms


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _ms(time: datetime) -> int:
    return int(time.timestamp()) * 1000
