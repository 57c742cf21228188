"""The main job on real klines: local exchange, daemon, web hook and mail, and nothing in between.

What must arrive is worked out by `plain_market`, which shares no code with alertd.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
import trio

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.engine.alert import Alert
from alertd.journal.file import JournalFile
from alertd.market.local.exchange import LocalExchange
from alertd.market.past.kline_files import find_klines
from alertd.market.past.tape import Tape
from alertd.observers.observer import Noted, Observer
from alertd.systemd import Notifier
from tests.delivery.receivers import http_receiver, mail_receiver
from tests.plain_market import crossings, holdings, minutes

SYMBOLS = ("BTCUSDT", "ETHUSDT", "LAYERUSDT", "SOLUSDT")
END = datetime(2025, 5, 11, tzinfo=UTC)
END_MS = int(END.timestamp() * 1000)

CONFIG = """
feed: {{url: "ws://127.0.0.1:{exchange}/market"}}
channels:
  hook: {{url: "{hook}", rate: 1000/s, digest_over: 1000}}
  mail: {{url: "{mail}", rate: 1000/s, digest_over: 1000}}
defaults: {{notify: [hook, mail]}}
rules: [rules.yaml]
"""

RULES = """
rules:
  btc-six-figures:
    symbols: BTCUSDT
    when: {close: {crosses_above: 100000}}
    cooldown: 6h

  ten-percent-up:
    symbols: [BTCUSDT, ETHUSDT, SOLUSDT]
    when: {change_percent: {crosses_above: 10}}
    cooldown: 8h
    severity: warning

  wide-day:
    symbols: [BTCUSDT, ETHUSDT, LAYERUSDT, SOLUSDT]
    when:
      range_percent: {at_least: 12}
      quote_volume: {above: 500M}
    for: 30m
    cooldown: 12h
    title: "{{ symbol }}: {{ range_percent | fixed(1) }}% wide day"

  collapse:
    symbols: LAYERUSDT
    when: {drawdown_percent: {above: 30}}
    cooldown: 12h
    severity: critical
    message: "{{ symbol }} is at {{ close | price }} since {{ time.strftime('%d %b %H:%M') }}"
"""


@attrs.frozen
class Expected:
    """An alert that must arrive."""

    time_ms: int
    symbol: str
    rule: str


def expected_alerts(folder: Path) -> list[Expected]:
    """What the rules above say about the klines, worked out plainly."""
    found = []
    for symbol in SYMBOLS:
        (path,) = folder.glob(f"{symbol}_*.csv.gz")
        day = list(minutes(path, END_MS))
        times: dict[str, list[int]] = {
            "wide-day": holdings(
                day, lambda m: m.range_percent >= 12 and m.quote_volume > 500_000_000, 30, 720
            )
        }
        if symbol == "BTCUSDT":
            times["btc-six-figures"] = crossings(day, lambda m: m.close, "100000", 360)
        if symbol == "LAYERUSDT":
            times["collapse"] = holdings(day, lambda m: m.drawdown_percent > 30, 0, 720)
        else:
            times["ten-percent-up"] = crossings(day, lambda m: m.change_percent, "10", 480)
        found += [Expected(at, symbol, rule) for rule, ats in times.items() for at in ats]
    return found


class Watcher(Observer):
    """Keeps the daemon's alerts, and waits until every ticker has been seen."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []

    def on_alert(self, noted: Noted) -> None:
        self.alerts.append(noted.alert)


async def test_the_alerts_of_real_klines_arrive_as_a_plain_calculation_has_them(
    klines_folder: Path, tmp_path: Path, journal: JournalFile
):
    expected = expected_alerts(klines_folder)
    assert {alert.rule for alert in expected} == set(re.findall(r"^  (\S+):$", RULES, re.MULTILINE))
    tape = Tape(find_klines([str(klines_folder)], symbols=SYMBOLS), end_ms=END_MS)
    exchange, watcher = LocalExchange(), Watcher()
    with http_receiver() as hook, mail_receiver() as mail:
        async with trio.open_nursery() as nursery:
            port = await nursery.start(exchange.serve)
            (tmp_path / "rules.yaml").write_text(RULES)
            config = tmp_path / "config.yaml"
            config.write_text(CONFIG.format(exchange=port, hook=hook.url(), mail=mail.url))
            daemon = Daemon(
                load_config(config, environment={}),
                journal=journal,
                observers=[watcher],
                notifier=Notifier(None),
            )
            async with trio.open_nursery() as running:
                running.start_soon(daemon.run)
                await exchange.subscribed_to(SYMBOLS)
                await exchange.play(tape)
                await hook.received.expect(len(expected))
                await mail.received.expect(len(expected))
                daemon.stop()
            nursery.cancel_scope.cancel()
        posts, mails = hook.received.so_far(), mail.received.so_far()

    # The set of alerts, and the order of each symbol's.
    raised = [Expected(a.time_ms, a.symbol, a.rule.name) for a in watcher.alerts]
    assert sorted(raised, key=attrs.astuple) == sorted(expected, key=attrs.astuple)
    for symbol in SYMBOLS:
        times = [alert.time_ms for alert in watcher.alerts if alert.symbol == symbol]
        assert times == sorted(times)

    # Each destination has every one of them, in the order in which the rules came true.
    titles = [post.json["title"] for post in posts]
    assert [subject_of(message) for message in mails] == titles
    assert len(titles) == len(watcher.alerts)
    for title, post, alert in zip(titles, posts, watcher.alerts, strict=True):
        assert alert.symbol in title
        check_message(title, post.json, alert)
    assert daemon.tally.undelivered == 0


def subject_of(message: object) -> str:
    return str(message["Subject"])  # type: ignore[index]


def check_message(title: str, posted: dict[str, object], alert: Alert) -> None:
    """Check the texts that were sent against the alert, rule by rule."""
    ticker, text = alert.ticker, str(posted["message"])
    at = datetime.fromtimestamp(alert.time_ms / 1000, UTC)
    match alert.rule.name:
        case "btc-six-figures":
            assert title == "BTCUSDT close crossed above 100000"
            assert posted["type"] == "info"
            assert f"{at:%H:%M:%S}" in text
        case "ten-percent-up":
            assert title == f"{alert.symbol} 24h change crossed above 10%"
            assert posted["type"] == "warning"
        case "wide-day":
            wide = 100 * (ticker.high - ticker.low) / ticker.low
            assert title == f"{alert.symbol}: {wide:.1f}% wide day"
        case "collapse":
            assert text == f"LAYERUSDT is at {ticker.close:.10g} since {at:%d %b %H:%M}"
            assert posted["type"] == "failure"
        case other:
            pytest.fail(f"no such rule: {other}")
