"""A daemon's memory for tests: a real journal on a real file, and a control room that asks it."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import attrs
import httpx
import trio

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.rule import Severity
from alertd.engine.silence import Silence
from alertd.history import count_silenced, given_up, read_history
from alertd.journal.file import JournalFile
from alertd.journal.journal import Journal
from alertd.journal.notes import with_deliveries
from alertd.journal.records import Address, Batch, KeptAlert, KeptDelivery, Note
from alertd.systemd import Notifier
from alertd.web import answers
from alertd.web.app import make_app
from alertd.web.client import Client
from alertd.web.listening import listening_socket
from alertd.web.records import Asked
from alertd.web.server import serve
from tests.engine.tickers import BEGIN_MS

CONFIG = """
feed: {url: "ws://127.0.0.1:9/market"}
channels: {phone: "json://127.0.0.1:9", mail: "json://127.0.0.1:9"}
defaults: {notify: phone}
rules:
  - rules:
      btc-100k: {symbols: [BTCUSDT, ETHUSDT], when: {close: {above: 100}}, severity: critical}
      "dips [all]": {symbols: SOLUSDT, when: {close: {below: 10}}}
"""
PHONE = Address("phone/0123456789ab", "phone: Telegram")
MAIL = Address("mail/0123456789ab", "mail: Email")
GONE = Address("desk/0123456789ab", "desk: Slack")


def past_alert(number: int, **changes: object) -> KeptAlert:
    """An alert that was noted `number` seconds after the start."""
    made = KeptAlert(
        number=number,
        time_ms=BEGIN_MS + 1000 * number,
        noted_ms=BEGIN_MS + 1000 * number + 90,
        rule="btc-100k",
        symbol="BTCUSDT",
        state="firing",
        severity="critical",
        value=100_210.5,
        threshold=100_000.0,
        metrics={"close": 100_210.5, "volume": 12_345.0},
        title="BTCUSDT close rose above 100000",
        body="Close rose above 100000: 99950 to 100210.5\nRule btc-100k (critical)",
        silence=None,
    )
    return attrs.evolve(made, **changes)  # type: ignore[arg-type]  # by name


def note_of(alert: KeptAlert, *to: Address) -> Note:
    """The alert with a delivery to each address: of alert 12 they are 120, 121, ..."""
    return with_deliveries(alert, to, first_number=10 * alert.number)


def write(path: Path, past: Batch) -> Path:
    """A journal at that path in which this is, written a minute after the start."""
    file = JournalFile(path)
    file.open()
    file.keep(past, BEGIN_MS + 60_000)
    file.close()
    return path


@attrs.frozen
class Desk:
    """Implements `Records` over a journal; what is to be sent comes out of `sent`."""

    path: Path
    journal: Journal
    sent: trio.MemoryReceiveChannel[KeptDelivery]

    @property
    def channels(self) -> Collection[str]:
        return ("phone", "mail")

    @property
    def silences(self) -> Sequence[Silence]:
        return self.journal.silences()

    async def silenced(self) -> Mapping[int, int]:
        return await trio.to_thread.run_sync(count_silenced, self.path)

    async def history(self, asked: Asked) -> Sequence[answers.PastAlert]:
        return await trio.to_thread.run_sync(read_history, self.path, asked)

    def add_silence(
        self, *, rule: str, symbol: str, severity: Severity | None, until_ms: int, comment: str
    ) -> Silence:
        return self.journal.add_silence(
            rule=rule, symbol=symbol, severity=severity, until_ms=until_ms, comment=comment
        )

    def end_silence(self, number: int) -> None:
        self.journal.end_silence(number)

    async def retry(self, *, alert: int | None, channel: str | None) -> Sequence[answers.Retrial]:
        read = partial(given_up, self.path, alert=alert, channel=channel)
        found = (await trio.to_thread.run_sync(read)).deliveries
        known = [it for it in found if it.to in (PHONE, MAIL)]
        self.journal.reopen(known)
        by_label = {it.to.label: it.to for it in found}
        return [
            answers.Retrial(
                destination=label,
                undelivered=sum(it.to == to for it in found),
                waiting=0,
                is_gone=to == GONE,
            )
            for label, to in by_label.items()
        ]


@attrs.frozen
class Asking:
    """The two ends: the memory, and who asks over the socket."""

    desk: Desk
    daemon: Daemon
    room: httpx.AsyncClient
    place: Path

    @property
    def client(self) -> Client:
        return Client((self.place,), None)


@asynccontextmanager
async def journaled_daemon(
    folder: Path, past: Batch | None = None, *, reads: Path | None = None
) -> AsyncIterator[Asking]:
    """A daemon's control room with a memory, over its socket in the folder.

    `reads` is the file that is read in place of the journal.
    """
    config = folder / "config.yaml"
    config.write_text(CONFIG)
    file = JournalFile(write(folder / "state" / "alertd.db", past or Batch()))
    file.open()
    daemon = Daemon(load_config(config, environment={}), journal=file, notifier=Notifier(None))
    out, sent = trio.open_memory_channel[KeptDelivery](100)
    journal = Journal(file, deliver=partial(_send, out), report=_fail)
    place = folder / "socket"
    transport = httpx.AsyncHTTPTransport(uds=str(place))
    desk = Desk(reads or file.path, journal, sent)
    with listening_socket(place) as listening:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(journal.run)
            await nursery.start(serve, make_app(daemon, desk), listening)
            async with httpx.AsyncClient(transport=transport, base_url="http://alertd") as room:
                yield Asking(desk, daemon, room, place)
            nursery.cancel_scope.cancel()
    file.close()


def _send(out: trio.MemorySendChannel[KeptDelivery], deliveries: Iterable[KeptDelivery]) -> None:
    for delivery in deliveries:
        out.send_nowait(delivery)


def _fail(event: object) -> None:
    raise AssertionError(event)
