"""`python -m tests.flood`: a market falls, and everybody hears of it through a Telegram chat.

573 symbols fall by a tenth within a minute, over real websockets, through the daemon, its journal
and Apprise, to a chat on loopback that takes what Telegram takes: 1 message a second, 20 a minute,
4,096 characters. Prints how long it took, and ends with status 1 if an alert is missing, or a limit
broken. Lasts about two minutes, in real time.
"""

import random
import re
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import trio
from apprise.plugins.telegram import NotifyTelegram

from alertd.config.load import load_config
from alertd.daemon import Daemon
from alertd.journal.file import JournalFile
from alertd.market.local.exchange import LocalExchange
from alertd.observers.observer import Noted, Observer
from alertd.systemd import Notifier
from tests.delivery.telegram import URL, Telegram, telegram

SYMBOLS = [f"S{number:03}USDT" for number in range(573)]
MAJORS = SYMBOLS[::10]
FALL_S, WITHIN_S = 8, 60
CONFIG = """
feed: {{url: "ws://127.0.0.1:{port}/market", connect_rate: 100/s}}
channels: {{phone: "{url}"}}
defaults: {{notify: phone, when: {{close: {{falls: 10%, within: 1m}}}}}}
rules:
  - rules:
      majors: {{symbols: {majors}, severity: critical}}
      others: {{symbols: {symbols}, exclude: {majors}}}
"""


class Alerts(Observer):
    """When each symbol's alert was given, by a clock that only rises."""

    def __init__(self) -> None:
        self.given_s: dict[str, float] = {}

    def on_alert(self, noted: Noted) -> None:
        """Note it."""
        self.given_s[noted.alert.symbol] = time.monotonic()


async def main() -> int:
    """Run it."""
    alerts, exchange = Alerts(), LocalExchange()
    with telegram(time.monotonic) as chat, tempfile.TemporaryDirectory() as folder:
        NotifyTelegram.notify_url = chat.address
        async with trio.open_nursery() as nursery:
            port = await nursery.start(exchange.serve)
            path = Path(folder, "config.yaml")
            await trio.Path(path).write_text(
                CONFIG.format(port=port, url=URL, majors=MAJORS, symbols=SYMBOLS)
            )
            config = load_config(path, environment={})
            with closing(JournalFile(config.journal)) as journal:
                journal.open()
                daemon = Daemon(
                    config, journal=journal, observers=[alerts], notifier=Notifier(None)
                )
                async with trio.open_nursery() as running:
                    running.start_soon(daemon.run)
                    await exchange.subscribed_to(SYMBOLS)
                    await _fall(exchange)
                    await _until_told(chat)
                    daemon.stop()
            nursery.cancel_scope.cancel()
    return _report(chat, alerts)


async def _fall(exchange: LocalExchange) -> None:
    """Let each symbol fall at a moment of its own, all of them within a minute."""
    chance = random.Random(10)  # noqa: S311 - the same market every time, and no secret
    begins_s = {symbol: chance.uniform(1, WITHIN_S - FALL_S) for symbol in SYMBOLS}
    for second in range(WITHIN_S + 1):
        due_s = trio.current_time() + 1
        for symbol in SYMBOLS:
            fallen = min(max((second - begins_s[symbol]) / FALL_S, 0), 1)
            await exchange.publish(symbol, _frame(symbol, second, 100 * (1 - 0.105 * fallen)))
        await trio.sleep_until(due_s)


def _frame(symbol: str, second: int, close: float) -> str:
    return (
        f'{{"e":"24hrMiniTicker","E":{1_760_000_000_000 + 1000 * second},"s":"{symbol}",'
        f'"c":"{close:.3f}","o":"100","h":"100","l":"{close:.3f}","v":"10","q":"1000"}}'
    )


async def _until_told(chat: Telegram) -> None:
    with trio.move_on_after(120):
        while set(_symbols(chat)) != set(SYMBOLS):  # noqa: ASYNC110 - the chat is a thread's
            await trio.sleep(0.2)


def _symbols(chat: Telegram) -> dict[str, float]:
    """Return when each symbol was told of."""
    return {
        symbol: each.s for each in chat.texts for symbol in re.findall(r"S\d{3}USDT", each.text)
    }


def _report(chat: Telegram, alerts: Alerts) -> int:
    told_s = _symbols(chat)
    missing = set(SYMBOLS) - set(told_s)
    waits = {symbol: told_s[symbol] - alerts.given_s[symbol] for symbol in told_s}
    print(f"{len(alerts.given_s)} alerts, {len(missing)} missing, {len(chat.texts)} messages")
    print(f"limits broken: {len(chat.broken)}")
    last_s = max(told_s.values()) - max(alerts.given_s.values())
    print(f"the last message came {last_s:.1f} s after the last alert")
    majors = sorted(wait for symbol, wait in waits.items() if symbol in MAJORS)
    others = sorted(wait for symbol, wait in waits.items() if symbol not in MAJORS)
    for name, several in (("critical", majors), ("others", others)):
        median, worst = several[len(several) // 2], several[-1]
        print(f"{name}: told after {median:.1f} s (median), {worst:.1f} s at the most")
    return 1 if missing or chat.broken else 0


if __name__ == "__main__":
    sys.exit(trio.run(main))
