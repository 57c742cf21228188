"""Many files of the archive: some at once, each tried until it is here or will not come."""

import enum
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import attrs
import trio

from alertd.backoff import Backoff
from alertd.market.archive.download import Download
from alertd.market.archive.errors import (
    ArchiveError,
    NotThereError,
    OutOfReachError,
    RefusedError,
    TooLargeError,
)
from alertd.market.archive.files import ArchiveFile
from alertd.market.rest_client import rest_client

AT_ONCE = 4
_BACKOFF = Backoff(first_s=1.0, cap_s=30.0)
# Who is told to stay away for longer comes back another day: the command goes on where it ended.
_LONGEST_WAIT_S = 300.0


@attrs.frozen
class Patience:
    """For so long nothing may come before an attempt is given up; so long is waited before the next.

    `attempts` are all that there are of a file.
    """

    idle_s: float = 30.0
    backoff: Backoff = _BACKOFF
    attempts: int = 6


_USUAL = Patience()


class Outcome(enum.Enum):
    """What became of a file."""

    FETCHED = "fetched"
    HERE = "here already"
    MISSING = "not in the archive"
    FAILED = "failed"


@attrs.frozen
class Ended:
    """It is known what became of a file; `reason` says why it failed."""

    file: ArchiveFile
    outcome: Outcome
    reason: str = ""


@attrs.frozen
class Waiting:
    """A file did not come, for this reason, and is tried again in so many seconds."""

    file: ArchiveFile
    reason: str
    wait_s: float


@attrs.frozen
class Received:
    """So many bytes have come."""

    size: int


Event = Ended | Waiting | Received


async def fetch_files(
    files: Iterable[ArchiveFile],
    folder: Path,
    *,
    url: str,
    report: Callable[[Event], None],
    patience: Patience = _USUAL,
) -> None:
    """Bring the files of the archive at `url` into the folder; `report` is told of each.

    The proxies of the environment serve (HTTPS_PROXY, ALL_PROXY, NO_PROXY). Raises `ArchiveError`
    where nobody answers, or where what is said to the first file holds for all; `RestError` for a
    proxy that cannot be used; `OSError` where nothing can be written. Whatever ends it, it can be
    called again, and goes on where it ended.
    """
    problem: Exception | None = None
    async with rest_client(None) as client:
        download = Download(client, lambda size: report(Received(size)), patience.idle_s)
        fetching = _Fetching(download, folder, url, report, patience)
        waiting = iter(files)
        try:
            async with trio.open_nursery() as nursery:
                for _ in range(AT_ONCE):
                    nursery.start_soon(fetching.work, waiting)
        except* (ArchiveError, OSError) as group:
            problem = group.exceptions[0]
    if problem is not None:
        raise problem


@attrs.define
class _Fetching:
    download: Download
    folder: Path
    url: str
    report: Callable[[Event], None]
    patience: Patience

    async def work(self, waiting: Iterator[ArchiveFile]) -> None:
        for file in waiting:
            self.report(await self._fetch(file))

    async def _fetch(self, file: ArchiveFile) -> Ended:
        failures = 0
        while True:
            try:
                is_new = await self.download.fetch(file.url(self.url), self.folder / file.name)
            except NotThereError:
                return Ended(file, Outcome.MISSING)
            except ArchiveError as error:
                failures += 1
                wait_s = self._wait_s(error, failures)
                if wait_s is None:
                    return Ended(file, Outcome.FAILED, str(error))
                self.report(Waiting(file, str(error), wait_s))
                await trio.sleep(wait_s)
            else:
                return Ended(file, Outcome.FETCHED if is_new else Outcome.HERE)

    def _wait_s(self, error: ArchiveError, failures: int) -> float | None:
        """Return how long to wait before the next attempt, None if there is to be none.

        Raises the error if what it says holds for all files.
        """
        is_last = failures == self.patience.attempts
        is_out_of_reach = isinstance(error, OutOfReachError)
        if is_out_of_reach or isinstance(error, RefusedError):
            holds_for_all = not self.download.was_in_reach or (is_out_of_reach and is_last)
            if holds_for_all:
                raise error
        asked_s = error.retry_after_s or 0.0
        is_final = is_last or isinstance(error, RefusedError | TooLargeError)
        if is_final or asked_s > _LONGEST_WAIT_S:
            return None
        return max(asked_s, self.patience.backoff.delay_s(failures, random.random()))  # noqa: S311 - no secret
