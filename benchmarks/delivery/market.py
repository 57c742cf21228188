"""The market of the delivery's benchmarks: 573 symbols, each with a ticker every two seconds, evenly."""

import random
import time
from collections.abc import Callable

import trio

from alertd.market.local.exchange import LocalExchange

# Trading on USDⓈ-M in August 2026.
SYMBOLS = tuple(f"S{number:03}USDT" for number in range(573))
A_SECOND = len(SYMBOLS) / 2.0
# A jump takes the quote volume over it, in steps: a rule for each step comes true at once.
JUMP_AT = 5e9


class Market:
    """Walks at random; of each ticker whose number `is_loud` says so, the quote volume jumps.

    `sent_s` has when each was sent, by symbol and event time.
    """

    def __init__(self, *, is_loud: Callable[[int], bool] = lambda _number: False) -> None:
        self.exchange = LocalExchange()
        self.sent_s: dict[tuple[str, int], float] = {}
        self._is_loud = is_loud
        self._number = 0
        self._begin_ms = time.time_ns() // 1_000_000
        self._closes = [100.0] * len(SYMBOLS)
        self._chance = random.Random(1)

    async def play(self, seconds: float) -> int:
        """Go on for so long; return how many tickers that were."""
        began_s, count = trio.current_time(), int(seconds * A_SECOND)
        for number in range(count):
            await trio.sleep_until(began_s + number / A_SECOND)
            symbol, time_ms, frame = self._next()
            self.sent_s[symbol, time_ms] = time.perf_counter()
            await self.exchange.publish(symbol, frame)
        return count

    def _next(self) -> tuple[str, int, str]:
        rounds, index = divmod(self._number, len(SYMBOLS))
        symbol, time_ms = SYMBOLS[index], self._begin_ms + 2000 * rounds + 3 * index
        pull = (100 - self._closes[index]) / 500  # within the day's range
        self._closes[index] += pull + self._chance.choice((-0.1, -0.03, 0, 0, 0.03, 0.1))
        volume = JUMP_AT * 1.5 if self._is_loud(self._number) else 1e9
        self._number += 1
        frame = (
            f'{{"e":"24hrMiniTicker","E":{time_ms},"s":"{symbol}","c":"{self._closes[index]:.2f}",'
            f'"o":"99.00","h":"120.00","l":"80.00","v":"12345.678","q":"{volume:.2f}"}}'
        )
        return symbol, time_ms, frame
