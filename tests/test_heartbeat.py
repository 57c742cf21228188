"""The heartbeat, to a real web server on loopback and by a virtual clock."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import attrs
import pytest
import trio
import trustme
from trio.testing import MockClock

from alertd.config.model import Heartbeat
from alertd.heartbeat import Beat, Pulse, beat

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
HEARD = Beat(Pulse.HEARD)


@pytest.fixture
def clock() -> MockClock:
    return MockClock(autojump_threshold=0.01)


@pytest.fixture(autouse=True)
def no_proxy_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@attrs.define
class Watchman:
    """Who is called: when, with which first lines, and what it answers; None is nothing."""

    answer: bytes | None = OK
    called_s: list[float] = attrs.field(factory=list)
    lines: list[bytes] = attrs.field(factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/ping/t0ken?x=1"

    async def take_slowly(self, stream: trio.abc.Stream) -> None:
        await trio.sleep(8)
        await self.take(stream)

    async def take(self, stream: trio.abc.Stream) -> None:
        self.called_s.append(trio.current_time())
        self.lines.append(bytes(await stream.receive_some(4096)).partition(b"\r\n")[0])
        if self.answer is None:
            await stream.receive_some(1)  # until the other side hangs up
        else:
            await stream.send_all(self.answer)
        await stream.aclose()


@asynccontextmanager
async def watchman(answer: bytes | None = OK, *, is_slow: bool = False) -> AsyncIterator[Watchman]:
    man = Watchman(answer)
    take = man.take_slowly if is_slow else man.take
    async with trio.open_nursery() as nursery:
        listeners = await nursery.start(partial(trio.serve_tcp, take, 0, host="127.0.0.1"))
        man.port = listeners[0].socket.getsockname()[1]
        yield man
        nursery.cancel_scope.cancel()


@attrs.define
class Alertd:
    """What beats: which heartbeat it wants, what stands still, and what was said."""

    heartbeat: Heartbeat | None
    standstill: str | None = None
    said: list[Beat] = attrs.field(factory=list)
    ssl_context: ssl.SSLContext | None = None

    async def beat_for(
        self, seconds: float, *, then: Callable[[], None] | None = None, more: float = 0
    ) -> None:
        """Beat for so long, and after `then` for some more."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(
                partial(
                    beat,
                    lambda: self.heartbeat,
                    progress=lambda: self.standstill,
                    report=self.said.append,
                    ssl_context=self.ssl_context,
                )
            )
            await trio.sleep(seconds)
            if then is not None:
                then()
                await trio.sleep(more)
            nursery.cancel_scope.cancel()


def every_minute(man: Watchman) -> Alertd:
    return Alertd(Heartbeat(man.url, 60_000))


async def test_it_beats_at_once_and_then_at_its_pace(clock):
    async with watchman() as man:
        start_s = trio.current_time()
        await every_minute(man).beat_for(130)
    assert [round(at - start_s) for at in man.called_s] == [0, 60, 120]


async def test_it_asks_for_its_whole_address(clock):
    async with watchman() as man:
        await every_minute(man).beat_for(1)
    assert man.lines == [b"GET /ping/t0ken?x=1 HTTP/1.1"]


async def test_that_it_is_heard_is_said_once(clock):
    async with watchman() as man:
        alertd = every_minute(man)
        await alertd.beat_for(130)
    assert alertd.said == [HEARD]
    assert str(HEARD) == "the heartbeat is heard"


async def test_what_stands_still_withholds_it_and_is_said_once(clock):
    async with watchman() as man:
        alertd = every_minute(man)
        alertd.standstill = "no ticker for 2m"
        await alertd.beat_for(150)
    assert man.called_s == []
    assert list(map(str, alertd.said)) == ["the heartbeat is withheld: no ticker for 2m"]


async def test_it_beats_again_soon_after_all_goes_on(clock):
    async with watchman() as man:
        alertd = Alertd(Heartbeat(man.url, 3_600_000), standstill="no ticker for 2m")

        def go_on() -> None:
            alertd.standstill = None

        await alertd.beat_for(50, then=go_on, more=30)
    assert len(man.called_s) == 1
    assert [it.pulse for it in alertd.said] == [Pulse.WITHHELD, Pulse.HEARD]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "127.0.0.1: HTTP 404"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", "127.0.0.1: HTTP 500"),
        (None, "127.0.0.1: no answer within 10 s"),
        (b"", "127.0.0.1: Server disconnected without sending a response."),
    ],
)
async def test_a_beat_that_is_not_heard_is_said_once_with_its_reason(
    clock, answer: bytes | None, reason: str
):
    async with watchman(answer) as man:
        alertd = every_minute(man)
        await alertd.beat_for(150)
    assert alertd.said == [Beat(Pulse.UNHEARD, reason)]
    assert len(man.called_s) > 5  # it is tried again sooner than its pace


async def test_nobody_listening_is_a_beat_that_is_not_heard(clock):
    async with watchman() as man:
        alertd = every_minute(man)
    await alertd.beat_for(150)
    assert alertd.said == [Beat(Pulse.UNHEARD, "127.0.0.1: connection refused")]


async def test_no_redirect_is_followed(clock):
    async with watchman() as other:
        moved = f"HTTP/1.1 302 Found\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n"
        async with watchman(moved.encode()) as man:
            alertd = every_minute(man)
            await alertd.beat_for(1)
    assert other.called_s == []
    assert alertd.said == [Beat(Pulse.UNHEARD, "127.0.0.1: HTTP 302")]


async def test_an_answer_without_an_end_is_heard_and_not_read(clock):
    async with watchman(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000) as man:
        alertd = every_minute(man)
        await alertd.beat_for(1)
    assert alertd.said == [HEARD]


async def test_it_is_said_when_it_is_heard_again(clock):
    async with watchman(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n") as man:
        alertd = every_minute(man)

        def mend() -> None:
            man.answer = OK

        await alertd.beat_for(30, then=mend, more=80)
    assert [it.pulse for it in alertd.said] == [Pulse.UNHEARD, Pulse.HEARD]


async def test_a_slow_answer_does_not_slow_its_pace(clock):
    async with watchman(is_slow=True) as man:
        await every_minute(man).beat_for(130)
    assert [round(at - man.called_s[0]) for at in man.called_s] == [0, 60, 120]


async def test_another_heartbeat_counts_within_seconds(clock):
    async with watchman() as old, watchman() as new:
        alertd = Alertd(Heartbeat(old.url, 3_600_000))

        def reload() -> None:
            alertd.heartbeat = Heartbeat(new.url, 60_000)

        await alertd.beat_for(30, then=reload, more=6)
    assert (len(old.called_s), len(new.called_s)) == (1, 1)
    assert alertd.said == [HEARD, HEARD]


async def test_without_a_heartbeat_nobody_is_called(clock):
    async with watchman() as man:
        alertd = Alertd(None)

        def reload() -> None:
            alertd.heartbeat = Heartbeat(man.url, 60_000)

        await alertd.beat_for(30, then=reload, more=6)
    assert len(man.called_s) == 1


async def test_it_is_not_in_the_way_of_a_stop(clock):
    async with watchman(answer=None) as man:
        with trio.fail_after(2):
            await every_minute(man).beat_for(0.1)
    assert len(man.called_s) == 1


@pytest.mark.parametrize(("is_trusted", "pulse"), [(True, Pulse.HEARD), (False, Pulse.UNHEARD)])
async def test_it_goes_over_tls_only_to_whom_it_trusts(clock, *, is_trusted: bool, pulse: Pulse):
    authority, man = trustme.CA(), Watchman()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(serving)
    if is_trusted:
        authority.configure_trust(trusting)
    async with trio.open_nursery() as nursery:
        serve = partial(trio.serve_ssl_over_tcp, ignoring_refusals(man.take), 0, serving)
        listeners = await nursery.start(partial(serve, host="127.0.0.1"))
        port = listeners[0].transport_listener.socket.getsockname()[1]
        alertd = Alertd(Heartbeat(f"https://127.0.0.1:{port}/", 60_000), ssl_context=trusting)
        await alertd.beat_for(0.5)
        nursery.cancel_scope.cancel()
    assert [it.pulse for it in alertd.said] == [pulse]


def ignoring_refusals(
    take: Callable[[trio.abc.Stream], Awaitable[None]],
) -> Callable[[trio.abc.Stream], Awaitable[None]]:
    """A server that does not mind who hangs up during the handshake."""

    async def take_unless_refused(stream: trio.abc.Stream) -> None:
        with suppress(trio.BrokenResourceError):
            await take(stream)

    return take_unless_refused


async def test_it_goes_by_the_proxy_of_the_environment(clock, monkeypatch: pytest.MonkeyPatch):
    async with watchman() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        alertd = Alertd(Heartbeat("http://watchman.invalid/t0ken", 60_000))
        await alertd.beat_for(1)
    assert proxy.lines == [b"GET http://watchman.invalid/t0ken HTTP/1.1"]
    assert alertd.said == [HEARD]


async def test_a_proxy_that_cannot_be_used_is_said_without_its_address(
    clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "socks9://me:t0ken@127.0.0.1:1")
    alertd = Alertd(Heartbeat("http://127.0.0.1:1/", 60_000))
    await alertd.beat_for(1)
    assert alertd.said == [Beat(Pulse.UNHEARD, "the proxy that is set cannot be used")]
