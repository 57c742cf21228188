"""What is told of the journal, for the log, the status and a system alert."""

from pathlib import Path

import attrs


@attrs.frozen
class Failing:
    """Writing has failed so many times in a row; `reason` says why, in words.

    When that `lasts`, alerts are given out all the same.
    """

    reason: str
    failures: int
    lasts: bool = False


@attrs.frozen
class Recovered:
    """Writing succeeds again, after so many failures."""

    failures: int


@attrs.frozen
class BegunAnew:
    """The file was lost, and there is a new one: how all rules stand has to be remembered again.

    `aside` is where the old one lies, None where it is gone; `saved` counts what is still to be sent
    from the new one.
    """

    reason: str
    aside: Path | None
    saved: int


@attrs.frozen
class Opened:
    """The file could not be opened at the start, and now is: how all rules stand has to be remembered."""


@attrs.frozen
class Unsaved:
    """The end came before these alerts could be written, and they still wait: nobody will send them."""

    alerts: tuple[int, ...]


JournalEvent = Failing | Recovered | BegunAnew | Opened | Unsaved
