"""What can go wrong with a connection: its cause, in words, and what to do about it."""

import enum
import os
import socket
import ssl
from collections.abc import Iterable

import attrs
import trio
from trio_websocket import ConnectionClosed, ConnectionRejected, HandshakeError
from wsproto.utilities import LocalProtocolError

from alertd.market.ban import BAN_STATUSES, USUAL_BAN_S, retry_after_s


class Cause(enum.Enum):
    """Why a symbol is not seen."""

    DNS = "name"
    NETWORK = "network"
    TLS = "TLS"
    SLOW = "no answer"
    PROXY = "proxy"
    REGION = "region"
    BANNED = "ban"
    REFUSED = "refused"
    CLOSED = "closed"
    DEAD = "dead"
    DEAF = "deaf"
    STALLED = "stalled"


@attrs.frozen
class Fault:
    """A connection's end: its cause, what happened, and what a person can do about it, if anything.

    `wait_s` is the least time until another attempt. `for_all` says that the exchange means the
    address and not the connection: no other connection may be tried before either.
    """

    cause: Cause
    reason: str
    advice: str = ""
    wait_s: float = 0.0
    for_all: bool = False

    def __str__(self) -> str:
        return f"{self.reason} ({self.advice})" if self.advice else self.reason


class HungUpError(Exception):
    """The far end ended the connection instead of answering the handshake."""


class NotAWebsocketError(Exception):
    """What answered the handshake does not speak as a websocket's far end does."""


class ProxyError(Exception):
    """The proxy did not open a way to the exchange. Its text says what the proxy said."""


class SilenceError(Exception):
    """A connection is open and nothing comes; `fault` says what was found out about it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


# What the network and the far end can do to a connection: the errors after which trying again is
# right. Any other error is a mistake of ours and ends the process. A local protocol error is here
# because trio-websocket's reader raises it for a pong that falls into the closing handshake.
NETWORK_ERRORS = (
    OSError,
    trio.BrokenResourceError,
    trio.ClosedResourceError,
    trio.TooSlowError,
    HandshakeError,
    ConnectionClosed,
    LocalProtocolError,
    HungUpError,
    NotAWebsocketError,
    ProxyError,
    SilenceError,
)

# 403 comes from the firewall before the exchange and 451 from the exchange itself, both for
# regions that it does not serve.
# Source: Binance USDⓈ-M futures, "General Info", HTTP return codes.
_REGION = (403, 451)
_SERVER_ERRORS = 500
_REGION_S = 60.0

# With these codes it is this end that closes: for what is no frame, no text, or more than a MiB.
_UNREADABLE = (1002, 1007, 1009)

# Whatever else is in a group, the first of these found in it is what happened; the others are its
# consequences.
_TELLING = (
    SilenceError,
    ProxyError,
    ConnectionRejected,
    HungUpError,
    NotAWebsocketError,
    ConnectionClosed,
    trio.TooSlowError,
    OSError,
)


def fault_of(error: BaseException) -> Fault:
    """Return what one of `NETWORK_ERRORS`, or a group of them, says about the connection."""
    error = _most_telling(error)
    match error:
        case SilenceError():
            return error.fault
        case ProxyError():
            return Fault(Cause.PROXY, str(error), "is feed.proxy right?")
        case trio.TooSlowError():
            return Fault(Cause.SLOW, "no answer in time", "the exchange or the way to it is down")
        case ConnectionRejected():
            return _rejection(error)
        case ConnectionClosed():
            return _closing(error)
        case OSError() | trio.BrokenResourceError():
            return _breakage(error)
        case HungUpError() | NotAWebsocketError():
            return _no_welcome(error)
    return Fault(Cause.NETWORK, str(error) or "the connection broke")


def _most_telling(error: BaseException) -> BaseException:
    leaves = list(_leaves(error))
    for kind in _TELLING:
        for leaf in leaves:
            if isinstance(leaf, kind):
                return leaf
    return leaves[0]


def _leaves(error: BaseException) -> Iterable[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _rejection(error: ConnectionRejected) -> Fault:
    reason = f"refused with HTTP status {error.status_code}"
    if error.status_code in _REGION:
        advice = "the exchange does not serve this region: run alertd elsewhere, or set feed.proxy"
        return Fault(Cause.REGION, reason, advice, wait_s=_REGION_S, for_all=True)
    if error.status_code in BAN_STATUSES:
        advice = "too many requests from this address: nothing else may use it as much"
        return Fault(Cause.BANNED, reason, advice, wait_s=_ban_s(error), for_all=True)
    if error.status_code >= _SERVER_ERRORS:
        return Fault(Cause.REFUSED, reason, "the exchange is in trouble")
    return Fault(Cause.REFUSED, reason, "is feed.url right?")


def _ban_s(error: ConnectionRejected) -> float:
    headers = {name.lower(): value for name, value in error.headers or ()}
    asked_for = retry_after_s(headers.get(b"retry-after", b"").decode("latin-1"))
    return USUAL_BAN_S if asked_for is None else asked_for


def _no_welcome(error: HungUpError | NotAWebsocketError) -> Fault:
    if isinstance(error, HungUpError):
        return Fault(Cause.CLOSED, "the connection was ended instead of opened")
    reason = "the answer to the handshake is not that of a websocket"
    return Fault(Cause.REFUSED, reason, "is feed.url right?")


def _closing(error: ConnectionClosed) -> Fault:
    abnormal = 1006  # no closing frame came
    if error.reason is None or error.reason.code == abnormal:
        return Fault(Cause.CLOSED, "the connection was lost")
    if error.reason.code in _UNREADABLE:
        return Fault(Cause.CLOSED, f"what came could not be read: {error.reason.reason}")
    said = f" {error.reason.reason}" if error.reason.reason else ""
    reason = f"closed by the exchange with code {error.reason.code}{said}"
    if said.strip().lower() == "too many requests":
        return Fault(Cause.BANNED, reason, wait_s=USUAL_BAN_S, for_all=True)
    return Fault(Cause.CLOSED, reason)


def _breakage(error: OSError | trio.BrokenResourceError) -> Fault:
    # Trio wraps what the system said: its own sentence is about streams and attempts.
    if error.__cause__ is not None:
        return fault_of(error.__cause__)
    match error:
        case ssl.SSLCertVerificationError():
            advice = "is the clock right, and does a proxy or a virus scanner read along?"
            return Fault(Cause.TLS, f"TLS: {error.verify_message}", advice)
        case ssl.SSLError():
            return Fault(Cause.TLS, f"TLS: {error.reason or error}", "is feed.url right?")
        case socket.gaierror():
            advice = "is feed.url right, and does this machine resolve names?"
            return Fault(Cause.DNS, f"the name is not known: {error.strerror}", advice)
        case OSError() if error.errno:
            return Fault(Cause.NETWORK, os.strerror(error.errno))
    return Fault(Cause.NETWORK, str(error) or "the connection broke")
