"""Many klines at once, where all their numbers are plain digits: in well under half of the time.

What is not plain (a spreadsheet's 1e-05, a mistake) is left to `parse_kline`, which takes more and says
what is wrong. Where both take a row, they make the same kline of it.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from operator import ge, le

from alertd.market.past.klines import (
    END_MS,
    FIRST_MICROSECONDS,
    FIRST_MS,
    HIGHEST_AMOUNT,
    Kline,
    estimated_quote_volumes,
)

_Cells = Sequence[str]
# So short, a price is within `parse_kline`'s bounds unless it is 0, and so is an amount.
_LONGEST_PRICE, _LONGEST_AMOUNT, _LONGEST_TIME = 18, 20, 17


def plain_klines(columns: Sequence[_Cells]) -> list[Kline]:
    """Return the klines in columns, which are `parse_kline`'s cells, each with one cell a kline.

    Raises `ValueError` if one of them is not plain, or wrong.
    """
    times = plain_times_ms(columns[0])
    opens, highs, lows, closes = (_decimals(cells, _LONGEST_PRICE) for cells in columns[1:5])
    volumes, *known = (_decimals(cells, _LONGEST_AMOUNT) for cells in columns[5:])
    if min(lows) == 0 or not (
        all(map(le, lows, opens))
        and all(map(le, lows, closes))
        and all(map(ge, highs, opens))
        and all(map(ge, highs, closes))
    ):
        raise ValueError("the extremes do not enclose the others")
    quote_volumes = known[0] if known else _estimated(volumes, highs, lows, closes)
    return list(map(Kline, times, opens, highs, lows, closes, volumes, quote_volumes))


def plain_times_ms(cells: _Cells) -> list[int]:
    """Return times in milliseconds. Raises `ValueError` where some are in microseconds, and some not."""
    _check(cells, _LONGEST_TIME)
    times = list(map(int, cells))
    if min(times) >= FIRST_MICROSECONDS:
        times = [time // 1000 for time in times]
    if min(times) < FIRST_MS or max(times) >= END_MS:
        raise ValueError("not all of one kind, or out of bounds")
    return times


def _decimals(cells: _Cells, longest: int) -> list[Decimal]:
    _check(cells, longest)
    try:
        return list(map(Decimal, cells))
    except InvalidOperation:
        raise ValueError("no number") from None


def _check(cells: _Cells, longest: int) -> None:
    """Look at all cells together, which leaves it to the conversion to find `1.2.3` and ``."""
    text = "".join(cells).replace(".", "")
    if max(map(len, cells)) > longest or not (text.isascii() and text.isdecimal()):
        raise ValueError("not plain")


def _estimated(*columns: Sequence[Decimal]) -> list[Decimal]:
    quote_volumes = estimated_quote_volumes(zip(*columns, strict=True))
    if max(quote_volumes) > HIGHEST_AMOUNT:
        raise ValueError("beyond any market's")
    return quote_volumes
