"""The heartbeat: an address that is called again and again, and only while all is well.

It is a dead man's switch. Whoever is called (healthchecks.io, Uptime Kuma) raises the alarm when
the calls stay away, whatever the cause: a process that is gone, a machine without power or network,
or an alertd that runs and stands still. Therefore what stands still withholds the beat, and nothing
that goes wrong here ends it.
"""

import enum
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import attrs
import httpx
import trio

import alertd
from alertd.config.model import Heartbeat
from alertd.market.rest_error import unreachable

_TIMEOUT_S = 10.0
# How soon a heartbeat beats that a reload brought, and one that was not heard or was withheld:
# who is called forgives a minute, not a beat in an hour. healthchecks.io takes 5 calls a minute.
_LOOK_S = 5.0
_AGAIN_S = 20.0


class Pulse(enum.Enum):
    """What came of a beat."""

    HEARD = "heard"
    UNHEARD = "not heard"
    WITHHELD = "withheld"


@attrs.frozen
class Beat:
    """What came of a beat, and why where it was not heard. No address is in it."""

    pulse: Pulse
    reason: str = ""

    def __str__(self) -> str:
        because = f": {self.reason}" if self.reason else ""
        return f"the heartbeat is {self.pulse.value}{because}"


async def beat(
    current: Callable[[], Heartbeat | None],
    *,
    progress: Callable[[], str | None],
    report: Callable[[Beat], None],
    ssl_context: ssl.SSLContext | None = None,
) -> None:
    """Call the `current` heartbeat's address at its pace, until cancelled; None is none for now.

    `progress` is asked before every call: None where all has gone on, else what stands still, and
    then nothing is called. `report` is told of a beat whose pulse is another than that of the last.
    """
    tls = ssl_context or ssl.create_default_context()
    wanted: Heartbeat | None = None
    last: Pulse | None = None
    due_s = 0.0
    while True:
        heartbeat, now_s = current(), trio.current_time()
        if heartbeat != wanted:
            wanted, last, due_s = heartbeat, None, now_s
        if heartbeat is not None and now_s >= due_s:
            made = await _beat_once(heartbeat.url, progress(), tls)
            if made.pulse is not last:
                report(made)
            last = made.pulse
            due_s = now_s + _pause_s(heartbeat, made.pulse)
        until_due_s = max(due_s - trio.current_time(), 0) if heartbeat is not None else _LOOK_S
        await trio.sleep(min(until_due_s, _LOOK_S))


def _pause_s(heartbeat: Heartbeat, pulse: Pulse) -> float:
    every_s = heartbeat.every_ms / 1000
    return every_s if pulse is Pulse.HEARD else min(every_s, _AGAIN_S)


async def _beat_once(url: str, standstill: str | None, tls: ssl.SSLContext) -> Beat:
    if standstill is not None:
        return Beat(Pulse.WITHHELD, standstill)
    reason = f"{_host(url)}: no answer within {_TIMEOUT_S:g} s"
    with trio.move_on_after(_TIMEOUT_S):
        reason = await _call(url, tls)
    return Beat(Pulse.UNHEARD, reason) if reason else Beat(Pulse.HEARD)


async def _call(url: str, tls: ssl.SSLContext) -> str:
    """Return why a call was not heard, nothing where it was; no answer is read to its end."""
    client = _client(tls)
    if client is None:
        return "the proxy that is set cannot be used"
    async with client:
        try:
            async with client.stream("GET", url) as response:
                return "" if response.is_success else f"{_host(url)}: HTTP {response.status_code}"
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            # UnicodeError: a host name that DNS cannot have, such as one with two dots in a row.
            return unreachable(error, _host(url)).reason


def _client(tls: ssl.SSLContext) -> httpx.AsyncClient | None:
    """Return the client, by the environment's proxy; None where that cannot be used."""
    try:
        return httpx.AsyncClient(
            verify=tls,
            timeout=None,  # noqa: S113 - one deadline covers the whole
            headers={"User-Agent": f"alertd/{alertd.__version__}"},
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        # Its text has the proxy's address in it, and that may have a password.
        return None


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
