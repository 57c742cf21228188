"""What each error says about a connection: its cause, and what can be done."""

import errno
import socket
import time
from email.utils import formatdate

import pytest
import trio
from trio_websocket import ConnectionClosed, ConnectionRejected
from trio_websocket._impl import CloseReason
from wsproto.utilities import LocalProtocolError

from alertd.market.feed.faults import Cause, Fault, ProxyError, SilenceError, fault_of
from alertd.market.feed.proxy import open_tunnel


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def rejected(status: int, **headers: str) -> ConnectionRejected:
    sent = tuple((name.replace("_", "-").encode(), text.encode()) for name, text in headers.items())
    return ConnectionRejected(status, sent, None)


def closed(code: int, reason: str | None = None) -> ConnectionClosed:
    return ConnectionClosed(CloseReason(code, reason))


DEAF = Fault(Cause.DEAF, "nothing was sent")


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        (OSError(errno.ECONNREFUSED, "trio's words"), Cause.NETWORK, "Connection refused"),
        (
            caused(OSError("all attempts failed"), OSError(errno.ENETUNREACH, "")),
            Cause.NETWORK,
            "Network is unreachable",
        ),
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            Cause.DNS,
            "the name is not known: Name or service not known",
        ),
        (trio.TooSlowError(), Cause.SLOW, "no answer in time"),
        (ProxyError("the proxy answered 407"), Cause.PROXY, "the proxy answered 407"),
        (rejected(451), Cause.REGION, "refused with HTTP status 451"),
        (rejected(403), Cause.REGION, "refused with HTTP status 403"),
        (rejected(429), Cause.BANNED, "refused with HTTP status 429"),
        (rejected(418), Cause.BANNED, "refused with HTTP status 418"),
        (rejected(301), Cause.REFUSED, "refused with HTTP status 301"),
        (closed(1006), Cause.CLOSED, "the connection was lost"),
        (closed(1001), Cause.CLOSED, "closed by the exchange with code 1001"),
        (
            closed(1008, "Too many requests"),
            Cause.BANNED,
            "closed by the exchange with code 1008 Too many requests",
        ),
        (SilenceError(DEAF), Cause.DEAF, "nothing was sent"),
        (LocalProtocolError("in state CLOSED"), Cause.NETWORK, "in state CLOSED"),
        (trio.ClosedResourceError(), Cause.NETWORK, "the connection broke"),
    ],
)
def test_an_error_is_a_fault(error: Exception, cause: Cause, reason: str):
    fault = fault_of(error)
    assert (fault.cause, fault.reason) == (cause, reason)


def test_of_a_group_the_most_telling_error_counts():
    group = ExceptionGroup("", [closed(1006), ExceptionGroup("", [SilenceError(DEAF)])])
    assert fault_of(group) is DEAF


@pytest.mark.parametrize("status", [403, 451])
def test_a_blocked_region_says_what_to_do_and_is_not_knocked_at_often(status: int):
    fault = fault_of(rejected(status))
    assert "feed.proxy" in fault.advice
    assert fault.wait_s >= 60
    assert fault.for_all


@pytest.mark.parametrize("status", [418, 429])
def test_a_ban_is_for_all_connections_and_as_long_as_the_exchange_says(status: int):
    fault = fault_of(rejected(status, Retry_After="77"))
    assert (fault.wait_s, fault.for_all) == (77, True)


def test_the_end_of_a_ban_may_be_a_date():
    date = formatdate(time.time() + 600, usegmt=True)
    assert fault_of(rejected(418, Retry_After=date)).wait_s == pytest.approx(600, abs=20)


def test_a_ban_without_a_length_or_with_one_that_is_no_number_is_waited_out_all_the_same():
    assert fault_of(rejected(429)).wait_s == fault_of(rejected(429, Retry_After="soon")).wait_s > 60


def test_a_ban_lasts_no_longer_than_the_exchange_s_longest():
    assert fault_of(rejected(429, Retry_After="9" * 400)).wait_s == 3 * 24 * 3600


def test_a_fault_in_words_has_the_advice_behind_the_reason():
    assert str(Fault(Cause.DEAF, "deaf", "look at the route")) == "deaf (look at the route)"
    assert str(Fault(Cause.CLOSED, "lost")) == "lost"


@pytest.mark.parametrize(
    "proxy", ["http://u:s3cret@[bad:80", "http://u:s3cret@host:99999", "socks5://u:s3cret@h", "x"]
)
async def test_a_proxy_that_is_no_address_is_a_fault_that_shows_nothing_of_it(proxy: str):
    with pytest.raises(ProxyError) as caught:
        await open_tunnel(proxy, "fstream.binance.com", 443)
    fault = fault_of(caught.value)
    assert fault.cause is Cause.PROXY
    assert "s3cret" not in str(fault)
