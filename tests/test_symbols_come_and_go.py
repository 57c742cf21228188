"""A running daemon and the exchange's list: what begins to trade is watched, what ends is let go.

The hour between two refreshes passes on a virtual clock; the sockets are real.
"""

from functools import partial
from pathlib import Path

import pytest
import trio
import trio.testing
from trio.testing import MockClock

from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.market.listing_cache import ListingCache
from alertd.market.listings import ListingWatch
from alertd.market.local.exchange import LocalExchange
from alertd.market.local.rest import LocalRest
from alertd.market.rest import fetch_listing
from alertd.observers.log import log_listing
from alertd.observers.observer import Observer
from alertd.systemd import Notifier
from tests.delivery.receivers import http_receiver
from tests.processes import frame

CONFIG = """
feed: {{url: "ws://127.0.0.1:{exchange}/market", rest_url: "http://127.0.0.1:{rest}"}}
channels: {{desk: {{url: "{desk}", rate: 1000/s, digest_over: 1000}}}}
defaults: {{notify: desk}}
rules:
  - rules:
      up: {{symbols: "*USDT", exclude: "X*", when: {{close: {{crosses_above: 100}}}}}}
"""


@pytest.fixture
def clock() -> MockClock:
    return MockClock()


class Notices(Observer):
    """Keeps what is said of symbols, and wakes who waits for it."""

    def __init__(self) -> None:
        self.said: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
        self.changed = trio.Event()

    def on_symbols(self, begun: tuple[str, ...], ended: tuple[str, ...]) -> None:
        self.said.append((begun, ended))
        self.changed.set()


def listings_of(config: Config) -> ListingWatch:
    return ListingWatch(
        fetch=partial(fetch_listing, config.venue),
        cache=ListingCache.of(config.venue, config.state_folder),
        report=log_listing,
    )


async def test_a_new_listing_is_watched_and_a_delisted_symbol_is_let_go(
    tmp_path: Path, journal: JournalFile, clock: MockClock
):
    exchange, rest, notices = LocalExchange(), LocalRest(["AUSDT", "BUSDT", "HALTUSDT"]), Notices()
    with http_receiver() as desk:
        async with trio.open_nursery() as nursery:
            ports = {
                "exchange": await nursery.start(exchange.serve),
                "rest": await nursery.start(rest.serve),
            }
            path = tmp_path / "config.yaml"
            path.write_text(CONFIG.format(desk=desk.url(), **ports))
            config = load_config(path, environment={})
            listings = listings_of(config)
            await listings.start()
            daemon = Daemon(
                config,
                journal=journal,
                listings=listings,
                observers=[notices],
                notifier=Notifier(None),
            )
            nursery.start_soon(daemon.run)
            await exchange.subscribed_to(["AUSDT", "BUSDT"])
            await exchange.publish("AUSDT", frame(0, 99, symbol="AUSDT"))

            listed = ["AUSDT", "HALTUSDT", "NEWUSDT", "XUSDT", "币安人生USDT"]
            rest.relist(listed, halted=["HALTUSDT"])
            clock.jump(3599)
            await trio.testing.wait_all_tasks_blocked(0.05)
            assert notices.said == []
            clock.jump(1)
            await notices.changed.wait()
            assert notices.said == [(("NEWUSDT", "币安人生USDT"), ("BUSDT",))]
            await exchange.subscribed_to(["NEWUSDT", "币安人生USDT"])

            # What stays goes on as it stood: this crossing began before the list changed.
            await exchange.publish("AUSDT", frame(2, 101, symbol="AUSDT"))
            for second, close in enumerate((99, 101)):
                await exchange.publish("币安人生USDT", frame(second, close, symbol="币安人生USDT"))
            posts = await desk.received.expect(2)
            daemon.stop()
            nursery.cancel_scope.cancel()
    assert [post.json["title"].split()[0] for post in posts] == ["AUSDT", "币安人生USDT"]
    assert daemon.status.startswith("2 of 4 symbols streaming")
