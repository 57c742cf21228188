"""What is told of a recording, for the log, the status and a system alert."""

from pathlib import Path

import attrs


@attrs.frozen
class Recorded:
    """A file that is finished: so many tickers in so many bytes."""

    path: Path
    tickers: int
    size: int


@attrs.frozen
class Unrecorded:
    """Writing into the folder has failed so many times in a row; `reason` says why, in words."""

    folder: Path
    reason: str
    failures: int


@attrs.frozen
class RecordingGoesOn:
    """Writing succeeds again; `lost` tickers came meanwhile and were too many to be kept in memory."""

    folder: Path
    lost: int


@attrs.frozen
class RecordingEnds:
    """Nothing is recorded from now on; `lost` tickers could not be written."""

    lost: int


RecordingEvent = Recorded | Unrecorded | RecordingGoesOn | RecordingEnds
