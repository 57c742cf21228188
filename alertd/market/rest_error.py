"""What goes wrong between alertd and the exchange's REST interface, in a person's words."""

import os
import socket
import ssl
from collections.abc import Iterator

import httpx

from alertd.market.ban import BAN_STATUSES, USUAL_BAN_S, retry_after_s

_TOO_MANY, _BANNED = 429, 418
_BLOCKED = (403, 451)


class RestError(Exception):
    """The exchange's or the network's: why there is no answer, and what to do about it.

    `retry_after_s` is how long the exchange wants to be left alone, None where it does not say.
    """

    def __init__(self, reason: str, advice: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{reason}; {advice}")
        self.reason = reason
        self.advice = advice
        self.retry_after_s = retry_after_s


def answered(status: int, retry_after: str | None) -> RestError:
    """Return what an answer's HTTP status other than 200 means."""
    reason, advice = _meaning(status)
    wait_s = retry_after_s(retry_after)
    if wait_s is None and status in BAN_STATUSES:
        wait_s = USUAL_BAN_S
    return RestError(reason, advice, retry_after_s=wait_s)


def _meaning(status: int) -> tuple[str, str]:
    if status in _BLOCKED:
        return (
            f"the exchange does not serve this region or address (HTTP {status})",
            "run alertd where it does, or set feed.proxy",
        )
    if status == _TOO_MANY:
        return "too many requests from this address (HTTP 429)", "alertd waits as it is told to"
    if status == _BANNED:
        return (
            "this address is banned for too many requests (HTTP 418)",
            "look for other programs that ask the exchange from here",
        )
    if httpx.codes.is_server_error(status):
        return f"the exchange is in trouble (HTTP {status})", "it is tried again"
    return f"nothing of the kind there (HTTP {status})", "is feed.rest_url right?"


def unreachable(error: Exception, host: str) -> RestError:
    """Return what httpx's error means; `host` is who was asked."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                return RestError(
                    f"TLS: {cause.verify_message}",
                    "is this machine's clock right, and its certificates, and feed.rest_url?",
                )
            case ssl.SSLError():
                return RestError(f"TLS: {cause.reason or cause}", "does feed.rest_url speak TLS?")
            case socket.gaierror():
                return RestError(
                    f"the name {host} cannot be looked up ({cause.strerror})",
                    "is this machine on the network, and its DNS right?",
                )
            case OSError() if cause.errno:
                return RestError(
                    f"{host}: {os.strerror(cause.errno).lower()}",
                    "is feed.rest_url right, and the network there, and the proxy, if any?",
                )
    return _other(error, host)


def _other(error: Exception, host: str) -> RestError:
    match error:
        case httpx.ProxyError():
            return RestError(f"the proxy refuses: {error}", "look at feed.proxy or HTTPS_PROXY")
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | UnicodeError():
            return RestError("no address that REST can use", "is feed.rest_url right?")
    return RestError(f"{host}: {str(error) or type(error).__name__}", "it is tried again")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what lies behind an error, the innermost first: it is what the system said."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _causes(part)
    behind = error.__cause__ or error.__context__
    if behind is not None:
        yield from _causes(behind)
    yield error
