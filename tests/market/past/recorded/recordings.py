"""Recordings for tests: tickers, and folders that they are written into."""

from collections.abc import Iterable
from pathlib import Path

from alertd.market.past.recorded.reel import RecordingReel, recording_reel
from alertd.market.past.recorded.writer import RecordingWriter
from alertd.market.past.recorded.zstandard import zstd
from alertd.market.ticker import Ticker

# 2026-11-22 16:00:00 UTC.
HOUR_S = 1_795_363_200


def tick(number: int, symbol: str = "BTCUSDT", *, close: float = 100.25) -> Ticker:
    """The ticker that a symbol has two seconds after the one before it."""
    return Ticker(
        symbol=symbol,
        time_ms=HOUR_S * 1000 + 2000 * number,
        close=close,
        open=99.1,
        high=max(close, 120.0),
        low=min(close, 80.0),
        volume=1234.567,
        quote_volume=0.1 + 0.2,
    )


def record(folder: Path, tickers: Iterable[Ticker], *, at_s: int = HOUR_S) -> Path:
    """Write a recording of one flush and return its file."""
    writer = RecordingWriter(folder)
    writer.write(list(tickers), at_s)
    recorded = writer.end()
    assert recorded is not None
    return recorded.path


def read(*paths: Path) -> list[Ticker]:
    """The tickers of these files, or of those of these folders, where there are any."""
    files = [file for path in paths for file in _files(path)]
    return list(recording_reel(files).tickers()) if files else []


def reel(*paths: Path) -> RecordingReel:
    """These files, or those of these folders."""
    return recording_reel([file for path in paths for file in _files(path)])


def _files(path: Path) -> list[Path]:
    return sorted(path.iterdir()) if path.is_dir() else [path]


def pack(path: Path, *frames: bytes) -> Path:
    """Write a file of these lines, each piece a frame of its own."""
    options: dict[int, int] = {zstd.CompressionParameter.checksum_flag: 1}
    path.write_bytes(b"".join(zstd.compress(frame, options=options) for frame in frames))
    return path
