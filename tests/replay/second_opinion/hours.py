"""The hours in which a rule may speak, by the calendar of pandas."""

import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Flags, Ints
from tests.replay.second_opinion.market import Market

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_at(
    market: Market, *, hours: str, timezone: str, days: str | list[str] = "mon-sun"
) -> Flags:
    """Tell at which tickers a rule is active. Hours over midnight belong to the day they begin on."""
    wall = pd.to_datetime(market.times, unit="ms", utc=True).tz_convert(timezone)
    minute: Ints = np.asarray(wall.hour * 60 + wall.minute)
    today: Ints = np.asarray(wall.day_of_week)
    start, end = (_minute(text) for text in hours.split("-"))
    chosen = _days([days] if isinstance(days, str) else days)
    if start < end:
        return np.isin(today, chosen) & (start <= minute) & (minute < end)
    begun = np.isin(today, chosen) & (minute >= start)
    return begun | np.isin((today - 1) % 7, chosen) & (minute < end)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _days(parts: list[str]) -> list[int]:
    chosen: list[int] = []
    for part in parts:
        first, _, last = part.partition("-")
        place = DAYS.index(first)
        count = (DAYS.index(last or first) - place) % 7 + 1
        chosen += [(place + offset) % 7 for offset in range(count)]
    return chosen
