"""One file of the archive, brought here whole and verified, or as much of it as came.

What comes is written to a `.part` file beside the place where it belongs. It moves there only when it
is what the archive's checksum says, and after the checksum: a file that is there is whole. An attempt
that was cut off goes on where the `.part` file ends, in this process or another; only one at a time
writes it, and moves it.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import attrs
import httpx
import trio

from alertd.market.archive.errors import (
    ArchiveError,
    NotThereError,
    OutOfReachError,
    TooLargeError,
    failure,
    refusal,
)
from alertd.market.archive.part import held, sync
from alertd.market.past.checksum import CHECKSUM, parse_checksum, sha256_of

_PART = ".part"
# A month of spot's seconds, the largest that there are, is about 100 MB.
_LARGEST = 1 << 30
_LARGEST_CHECKSUM = 1024
# The answer to who asks for what is behind the end: the `.part` file is not of this file.
_NOTHING_BEHIND = httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE

_Take = Callable[[bytes], object]


@attrs.define
class Download:
    """Brings files here. `received` is told of every piece that comes, in bytes.

    An attempt is given up when nothing has come for `idle_s`, or more than `largest` bytes have.
    `was_in_reach`: somebody has said what there is, or that it is not there.
    """

    client: httpx.AsyncClient
    received: Callable[[int], None]
    idle_s: float
    largest: int = _LARGEST
    was_in_reach: bool = attrs.field(default=False, init=False)

    async def fetch(self, url: str, path: Path) -> bool:
        """Bring the file at `url` to `path`; return whether it was not there already.

        Raises `ArchiveError`, and `OSError` where it cannot be written.
        """
        beside = path.with_name(path.name + CHECKSUM)
        if beside.is_file() and await _is(path, _expected(beside.read_bytes(), path.name)):
            return False
        checksum = bytearray()
        await self._get(url + CHECKSUM, {}, lambda _: checksum.extend, _LARGEST_CHECKSUM)
        expected = _expected(bytes(checksum), path.name)
        if expected is None:
            raise ArchiveError("what the archive has as its checksum is none")
        if await _is(path, expected):
            beside.write_bytes(checksum)
            return False
        part = path.with_name(path.name + _PART)
        with held(part) as file:
            await self._complete(url, part, file, expected)
            beside.write_bytes(checksum)
            part.replace(path)
        return True

    async def _complete(self, url: str, part: Path, file: BinaryIO, expected: str) -> None:
        if await _is(part, expected):
            return
        headers = {"Range": f"bytes={file.tell()}-"} if file.tell() else {}
        try:
            await self._get(url, headers, partial(self._written, file=file), self.largest)
        except TooLargeError:
            _forget(part)
            raise
        sync(file)
        if not await _is(part, expected):
            _forget(part)
            raise ArchiveError("what came is not what its checksum says")

    def _written(self, answer: httpx.Response, file: BinaryIO) -> _Take:
        """Return what writes the pieces of an answer to the end of the file, or over all of it."""
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            file.truncate(0)
        if answer.status_code == _NOTHING_BEHIND:
            return lambda _: None

        def take(piece: bytes) -> None:
            file.write(piece)
            self.received(len(piece))

        return take

    async def _get(
        self,
        url: str,
        headers: dict[str, str],
        taker: Callable[[httpx.Response], _Take],
        largest: int,
    ) -> None:
        """Give the pieces of a good answer to what `taker` makes of its head."""
        host = urlsplit(url).hostname or url
        # The checksum is of the file as it lies there, not of its way here.
        headers = {"Accept-Encoding": "identity", **headers}
        take: _Take | None = None
        size = 0
        try:
            with trio.CancelScope() as scope:
                scope.deadline = trio.current_time() + self.idle_s
                async with self.client.stream("GET", url, headers=headers) as answer:
                    self._look_at(answer)
                    take = taker(answer)
                    async for piece in answer.aiter_raw():
                        scope.deadline = trio.current_time() + self.idle_s
                        size += len(piece)
                        if size > largest:
                            # To leave the loop would leave httpx's generators to the garbage collector.
                            scope.cancel()
                        else:
                            take(piece)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise failure(error, host) from None
        if size > largest:
            raise TooLargeError(f"over {largest:,} bytes, which no file of the archive has")
        if take is None:
            raise OutOfReachError(f"{host}: no answer for {self.idle_s:g} s")
        if scope.cancelled_caught:
            raise ArchiveError(f"nothing came for {self.idle_s:g} s")

    def _look_at(self, answer: httpx.Response) -> None:
        """Raise what its status means, unless it is good."""
        good = [httpx.codes.OK, httpx.codes.PARTIAL_CONTENT]
        if "Range" in answer.request.headers:
            good.append(_NOTHING_BEHIND)
        error = None if answer.status_code in good else refusal(answer)
        self.was_in_reach |= error is None or isinstance(error, NotThereError)
        if error is not None:
            raise error


def _expected(checksum: bytes, name: str) -> str | None:
    try:
        return parse_checksum(checksum, name)
    except ValueError:
        return None


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)


async def _is(path: Path, expected: str | None) -> bool:
    """Return whether the file is there and has this SHA-256."""
    return expected is not None and await trio.to_thread.run_sync(_digest, path) == expected


def _digest(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
