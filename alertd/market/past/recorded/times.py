"""From when to when a recording and its files are, told by its first lines and its last ones alone."""

from collections.abc import Sequence

from alertd.market.past.klines import KlinesError
from alertd.market.past.recorded.lines import PackedLines
from alertd.market.ticker import BadFrameError, decode_ticker


def begins_ms(file: PackedLines) -> int:
    """Return the time of a file's first ticker: its name is by a clock that may have been set since.

    0 where it is not to be seen.
    """
    try:
        return decode_ticker(file.first_line()).time_ms
    except (KlinesError, BadFrameError):
        return 0


def recorded_times_ms(files: Sequence[PackedLines]) -> tuple[int, int] | None:
    """Return the times of about the first and the last ticker of some files, in ms since 1970.

    None where they are not to be seen: what is wrong with a file is for those who read all of it.
    """
    try:
        first = next(filter(None, (file.first_line() for file in files)), b"")
        last = next(filter(None, (file.last_line() for file in reversed(files))), b"")
        return decode_ticker(first).time_ms, decode_ticker(last).time_ms
    except (KlinesError, BadFrameError):
        return None
