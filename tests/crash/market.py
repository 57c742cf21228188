"""The market that is watched, the rules on it, and what they must have said in the end.

A price climbs a ladder and never falls, so each rung's rule must speak once, however often the
process ends and begins: one that spoke must not again, one that had no time to must in a later life. Another
price goes up and down: its rule speaks in turn of the rise and of the end, and a `once` rule on it
speaks a single time.
"""

import time
from decimal import Decimal

import attrs
import trio

from alertd.market.local.exchange import LocalExchange
from alertd.market.past.klines import Kline

LADDER, WAVE = "BTCUSDT", "ETHUSDT"
_TICK_EVERY_S = 0.04
_LOW, _HIGH = 90, 110

_RULES = """\
defaults: {severity: critical, title: "{{ rule }} {{ state }}"}
rules:
  steady: {symbols: BTCUSDT, when: {close: {between: [1, 1_000_000]}}}
  held: {symbols: BTCUSDT, when: {close: {above: 1}}, for: 500ms}
  wave: {symbols: ETHUSDT, when: {close: {above: 100}}, notify_resolved: true}
  once: {symbols: ETHUSDT, when: {close: {above: 100}}, once: true}
"""


@attrs.define
class Market:
    """Two prices, which trade for as long as `trade` runs."""

    rung: int = 0
    is_high: bool = False
    _newest_ms: int = 0

    def climb(self) -> None:
        """Go up by a rung; the other price turns."""
        self.rung += 1
        self.is_high = not self.is_high

    def come_to_rest(self) -> None:
        """Bring the prices to where they stay at the end."""
        self.is_high = True

    @property
    def once(self) -> set[str]:
        """What must have been said by now, and never twice."""
        said = {"steady firing", "held firing", *map(_rung_says, range(1, self.rung + 1))}
        return said | ({"once firing"} if self.is_high else set())

    async def trade(self, exchange: LocalExchange) -> None:
        """Send the prices to whoever listens, for ever."""
        while True:
            for symbol, close in (
                (LADDER, 100 + self.rung),
                (WAVE, _HIGH if self.is_high else _LOW),
            ):
                await exchange.publish(symbol, self._frame(symbol, close))
            await trio.sleep(_TICK_EVERY_S)

    def _frame(self, symbol: str, close: int) -> str:
        self._newest_ms = max(self._newest_ms + 1, time.time_ns() // 1_000_000)
        return (
            f'{{"e":"24hrMiniTicker","E":{self._newest_ms},"s":"{symbol}","c":"{close}",'
            '"o":"100","h":"2000","l":"50","v":"10","q":"1000"}'
        )


def past_klines(_symbol: str, interval_ms: int, count: int) -> list[Kline]:
    """Return the newest klines of a market in which nothing happened, for the alerts' pictures."""
    now = time.time_ns() // 1_000_000 // interval_ms
    price = Decimal(_LOW)
    return [
        Kline(number * interval_ms, price, price, price, price, Decimal(1), price)
        for number in range(now - count, now)
    ]


def rules(rungs: int) -> str:
    """Return the rule file."""
    ladder = (
        f"  ladder-{rung}: {{symbols: BTCUSDT, when: {{close: {{above: {99.5 + rung}}}}}}}\n"
        for rung in range(1, rungs + 1)
    )
    return _RULES + "".join(ladder)


def _rung_says(rung: int) -> str:
    return f"ladder-{rung} firing"
