"""One real day, three ways: klines replayed; shown to the daemon by the exchange; its recording replayed.

The alerts have to be the same, to the tick and to the last digit.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import trio

from alertd.config.load import load_config
from alertd.config.model import Config
from alertd.daemon import Daemon
from alertd.engine.alert import Alert
from alertd.engine.rule import Rule
from alertd.journal.file import JournalFile
from alertd.market.listing import TRADING, ListedSymbol, Listing
from alertd.market.listing_cache import ListingCache
from alertd.market.listings import ListingWatch
from alertd.market.local.exchange import LocalExchange
from alertd.market.past.kline_files import find_klines
from alertd.market.past.recorded.reel import parted
from alertd.market.past.reel import Reel
from alertd.market.past.reels import find_reels
from alertd.market.past.rolling_day import KlinePath
from alertd.market.past.tape import Tape
from alertd.observers.log import log_listing
from alertd.observers.observer import Noted, Observer
from alertd.replay.playing import play
from alertd.replay.replayed import Replayed
from alertd.systemd import Notifier
from tests.delivery.receivers import http_receiver

SYMBOLS = ("BTCUSDT", "ETHUSDT", "LAYERUSDT", "SOLUSDT")
PACKS = Path(__file__).parents[1] / "rules"
START_MS, END_MS = (int(datetime(2025, 5, day, tzinfo=UTC).timestamp() * 1000) for day in (6, 7))

CONFIG = """
feed: {{url: "ws://127.0.0.1:{exchange}/market", connect_rate: 1000/s}}
channels:
  phone: {{url: "{hook}/phone", rate: 1000/s, digest_over: 1000}}
  desk: {{url: "{hook}/desk", rate: 1000/s, digest_over: 1000}}
defaults: {{notify: phone}}
rules: ["{packs}/*.yaml", rules.yaml]
record: tapes
"""

RULES = """
rules:
  above: {symbols: all, when: {close: {above: vwap, rearm: 1%}}, for: 5m, notify_resolved: true}
  between: {symbols: BTCUSDT, when: {range_position: {between: [40, 60]}}, keep_firing_for: 10m}
  bands:
    symbols: all
    when: {any: [{range_position: {enters: [10, 90]}}, {change_percent: {leaves: [-5, 5]}}]}
    cooldown: 30m
  crossing: {symbols: "*USDT", when: {change_percent: {crosses: 0}}, cooldown: 20m}
  touch: {symbols: BTCUSDT, when: {close: {touches: 94500}}}
  ladder: {symbols: all, when: {close: {crosses_every: 1%}}}
  moving: {symbols: all, when: {close: {moves: 2%, within: 15m}}, repeat: 10m, notify_resolved: true}
  volume: {symbols: all, when: {quote_volume: {rises: 2%, within: 10m}}, cooldown: 1h}
  highest: {symbols: all, when: {close: {new_high: 4h}}, cooldown: 15m}
  lowest: {symbols: all, when: {close: {new_low: 24h}}, cooldown: 15m}
  office:
    symbols: all
    when: {all: [{drawdown_percent: {at_least: 5}}, {not: {rebound_percent: {at_most: 1}}}]}
    active: {days: mon-fri, hours: "08:00-18:00", timezone: Europe/Berlin}
    repeat: 1h
"""


class Watcher(Observer):
    """Keeps the daemon's alerts."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def on_alert(self, noted: Noted) -> None:
        self.alerts.append(noted.alert)


def listings_of(config: Config) -> ListingWatch:
    """What stands for the exchange's list: the symbols of the test."""
    listing = Listing("usdm", 0, {it: ListedSymbol(it, TRADING) for it in SYMBOLS})

    async def fetch() -> Listing:
        await trio.lowlevel.checkpoint()
        return listing

    cache = ListingCache.of(config.venue, config.state_folder)
    return ListingWatch(fetch=fetch, cache=cache, report=log_listing, keep=False, newest=listing)


async def watched(
    config: Config, journal: JournalFile, exchange: LocalExchange, tape: Tape
) -> list[Alert]:
    """Return the daemon's alerts while the exchange plays the tape."""
    watcher = Watcher()
    daemon = Daemon(
        config,
        journal=journal,
        listings=listings_of(config),
        observers=[watcher],
        notifier=Notifier(None),
    )
    async with trio.open_nursery() as running:
        running.start_soon(daemon.run)
        await exchange.subscribed_to(SYMBOLS)
        await exchange.play(tape)
        await exchange.close()
        daemon.stop()
    assert daemon.tally.tickers == exchange.sent
    return watcher.alerts


def replayed(rules: Sequence[Rule], reels: Sequence[Reel], folder: Path) -> list[Replayed]:
    folder.mkdir()
    return list(play(rules, reels, folder=folder).alerts())


async def shown(
    tapes: Sequence[Tape], journal: JournalFile, folder: Path
) -> tuple[Config, list[Replayed]]:
    """Play each tape to a daemon of its own, one after the other; return all alerts as a replay has them."""
    (folder / "rules.yaml").write_text(RULES)
    path = folder / "config.yaml"
    alerts: list[Alert] = []
    with http_receiver() as hook:
        for tape in tapes:
            exchange = LocalExchange()
            async with trio.open_nursery() as nursery:
                port = await nursery.start(exchange.serve)
                path.write_text(CONFIG.format(exchange=port, hook=hook.url(), packs=PACKS))
                config = load_config(path, environment={})
                alerts += await watched(config, journal, exchange, tape)
                nursery.cancel_scope.cancel()
    places = {rule.name: place for place, rule in enumerate(config.rules)}
    order = sorted(alerts, key=lambda it: (it.time_ms, it.symbol, places[it.rule.name]))
    return config, list(map(Replayed.of, order))


async def test_a_replay_the_daemon_and_its_recording_give_the_same_alerts(
    klines_folder: Path, tmp_path: Path, journal: JournalFile
):
    klines = [str(klines_folder)]
    tape = Tape(find_klines(klines, symbols=SYMBOLS), KlinePath.CLOSE, START_MS, END_MS)
    config, seen = await shown([tape], journal, tmp_path)
    reels = find_reels(klines, symbols=SYMBOLS, start_ms=START_MS, end_ms=END_MS)
    assert replayed(config.rules, reels, tmp_path / "klines") == seen

    recording = find_reels([str(tmp_path / "tapes")])
    assert replayed(config.rules, recording, tmp_path / "recording") == seen
    assert replayed(config.rules, parted(recording, 3), tmp_path / "parts") == seen

    # Not for want of alerts: each of the rules above has spoken.
    assert {"above", "between", "bands", "crossing", "touch", "ladder"} <= {it.rule for it in seen}
    assert {"moving", "volume", "highest", "lowest", "office"} <= {it.rule for it in seen}


async def test_the_recordings_of_two_processes_give_the_alerts_of_both(
    klines_folder: Path, tmp_path: Path, journal: JournalFile
):
    """What the first one knew, windows and all, the second one knows by the journal."""
    klines, noon_ms = find_klines([str(klines_folder)], symbols=SYMBOLS), (START_MS + END_MS) // 2
    halves = ((START_MS, noon_ms), (noon_ms, END_MS))
    tapes = [Tape(klines, KlinePath.CLOSE, start_ms, end_ms) for start_ms, end_ms in halves]
    config, seen = await shown(tapes, journal, tmp_path)
    assert len(list((tmp_path / "tapes").iterdir())) == 2
    recording = find_reels([str(tmp_path / "tapes")])
    assert replayed(config.rules, recording, tmp_path / "recording") == seen
    assert {alert.time_ms < noon_ms for alert in seen} == {True, False}
