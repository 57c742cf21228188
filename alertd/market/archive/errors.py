"""What goes wrong between alertd and the archive, in a person's words, by what can be done about it."""

import httpx

from alertd.market.rest_error import answered, unreachable


class ArchiveError(Exception):
    """Why a file did not come; it may at another attempt.

    `retry_after_s` is how long the archive wants to be left alone, None where it does not say.
    """

    def __init__(self, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class NotThereError(ArchiveError):
    """The archive has no such file, or not yet."""


class RefusedError(ArchiveError):
    """No file will come, however often it is tried."""


class TooLargeError(ArchiveError):
    """What comes is no file of the archive."""


class OutOfReachError(ArchiveError):
    """Nobody is there who answers."""


def refusal(response: httpx.Response) -> ArchiveError:
    """Return what an answer that is no file means."""
    status = response.status_code
    if status == httpx.codes.NOT_FOUND:
        return NotThereError("not in the archive")
    error = answered(status, response.headers.get("Retry-After"))
    may_change = status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT)
    kind = ArchiveError if may_change or httpx.codes.is_server_error(status) else RefusedError
    return kind(error.reason, retry_after_s=error.retry_after_s)


def failure(error: Exception, host: str) -> ArchiveError:
    """Return what httpx's error means; `host` is who was asked."""
    reason = unreachable(error, host).reason
    cut = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
    return ArchiveError(reason) if isinstance(error, cut) else OutOfReachError(reason)
