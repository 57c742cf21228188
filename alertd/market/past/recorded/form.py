"""A recording's files: tickers as they came, as JSON lines in Zstandard, and what the files are called.

Theory of operation. A file is made of frames, each of which holds about a minute and ends with a
checksum. Every few seconds all that has come is flushed as a block of the frame: what was flushed
can be read although the frame has no end yet, and it still leans on what the frame holds already,
which makes a ticker of 135 bytes one of 21 instead of 30 (573 symbols, every 2 s, level 3). A file
is begun, written at its end, and never opened for writing again: whatever happens to the process that
writes, or to the next one, what was written before stays as it is.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from alertd.market.ticker import Ticker

ENDING = ".jsonl.zst"
# How each line begins, up to its symbol.
LINE_BEGINS = b'{"e":"24hrMiniTicker","s":"'
# When it was begun, by the machine's clock: names are in the order of time unless that is set.
_NAME = f"%Y-%m-%dT%H-%M-%SZ{ENDING}"

_encoder = msgspec.json.Encoder()


def lines_of(tickers: Iterable[Ticker]) -> bytes:
    """Return the tickers as lines of JSON, with the exchange's keys and exact numbers."""
    return _encoder.encode_lines(tickers)


def file_name(begun_s: int) -> str:
    """Return the name of a file that is begun at this second since 1970."""
    return f"{datetime.fromtimestamp(begun_s, UTC):{_NAME}}"


def begun_s(path: Path) -> int | None:
    """Return when a file was begun, in seconds since 1970; None where its name is not one of ours."""
    try:
        begun = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(begun.timestamp())
