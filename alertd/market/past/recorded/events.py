"""What is told of a recording, for the log, the status and a system alert."""

from pathlib import Path

import attrs


@attrs.frozen
class Recorded:
    """A file that is finished: so many tickers in so many bytes."""

    path: Path
    tickers: int
    size: int

    def __str__(self) -> str:
        each = self.size / self.tickers
        return f"recorded {self.path}: {self.tickers:,} tickers, {each:.1f} bytes each"


@attrs.frozen
class Unrecorded:
    """Writing into the folder has failed so many times in a row; `reason` says why, in words."""

    folder: Path
    reason: str
    failures: int

    def __str__(self) -> str:
        return f"nothing can be recorded in {self.folder}: {self.reason}"


@attrs.frozen
class RecordingGoesOn:
    """Writing succeeds again; `lost` tickers came meanwhile that were too many to be kept in memory."""

    folder: Path
    lost: int

    @property
    def title(self) -> str:
        """What it is, in few words."""
        return "the recording goes on"

    def __str__(self) -> str:
        lost = f"{self.lost:,} tickers are missing" if self.lost else "nothing is missing"
        return f"the recording in {self.folder} goes on: {lost}"


@attrs.frozen
class RecordingEnds:
    """Nothing is recorded any more, after it had failed; so many tickers were not written."""

    lost: int

    @property
    def title(self) -> str:
        """What it is, in few words."""
        return "the recording ended"

    def __str__(self) -> str:
        return f"the recording ended, and {self.lost:,} tickers are missing in it"


RecordingEvent = Recorded | Unrecorded | RecordingGoesOn | RecordingEnds
