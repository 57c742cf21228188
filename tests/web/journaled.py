"""A daemon's memory for tests: a real journal on a real file, and a control room that asks it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import httpx
import trio

from alertd.archive import Archive
from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.delivery.channel import Channel
from alertd.delivery.destination import destinations_of
from alertd.journal.file import JournalFile
from alertd.journal.notes import with_deliveries
from alertd.journal.records import Address, Batch, KeptAlert, Note
from alertd.observers.observer import Observer
from alertd.outbound import Outbound
from alertd.systemd import Notifier
from alertd.web.app import make_app
from alertd.web.client import Client
from alertd.web.listening import listening_socket
from alertd.web.server import serve
from tests.engine.tickers import BEGIN_MS

URLS = {
    "phone": "tgram://123456789:AAabcdefghijklmnopqrstuvwxyz0123456/98765432101",
    "mail": "mailto://127.0.0.1:9?from=a@x.org&to=b@x.org",
}
CONFIG = f"""
feed: {{url: "ws://127.0.0.1:9/market"}}
channels: {URLS}
defaults: {{notify: phone}}
rules:
  - rules:
      btc-100k: {{symbols: [BTCUSDT, ETHUSDT], when: {{close: {{above: 100}}}}, severity: critical}}
      "dips [all]": {{symbols: SOLUSDT, when: {{close: {{below: 10}}}}}}
"""
PHONE, MAIL = (
    Address(it.key, it.label)
    for name, url in URLS.items()
    for it in destinations_of(Channel(name, (url,)))
)
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


def outbound_of(channels: Iterable[Channel], file: JournalFile) -> Outbound:
    """What keeps alerts in the journal, and whose observer is nobody."""
    return Outbound(channels, file, system=(), observer=Observer(), tell_all=lambda: None)


@attrs.frozen
class Asking:
    """The two ends: the memory, and who asks over the socket."""

    archive: Archive
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
    """A daemon's control room with a memory, over its socket in the folder; nothing is sent.

    `reads` is the file that is read in place of the journal.
    """
    config_file = folder / "config.yaml"
    config_file.write_text(CONFIG)
    config = load_config(config_file, environment={})
    file = JournalFile(write(folder / "state" / "alertd.db", past or Batch()))
    file.open()
    daemon = Daemon(config, journal=file, notifier=Notifier(None))
    outbound = outbound_of(config.channels, file)
    archive = Archive(outbound, reads or file.path, channels=lambda: list(URLS))
    place = folder / "socket"
    transport = httpx.AsyncHTTPTransport(uds=str(place))
    with listening_socket(place) as listening:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(outbound.journal.run)
            await nursery.start(serve, make_app(daemon, archive), listening)
            async with httpx.AsyncClient(transport=transport, base_url="http://alertd") as room:
                yield Asking(archive, daemon, room, place)
            nursery.cancel_scope.cancel()
    file.close()
