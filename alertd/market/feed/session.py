"""A session: one websocket of a link, from its opening to its end, and what its silences mean.

A session that falls silent is looked into, by a ping with a deadline. No answer: it is dead. An
answer leaves three cases. Others of its symbols are heard of: then the silent ones are quiet, and
all that can be done is to say so. Nobody was ever heard of: it is deaf, and given up. Somebody was:
for a while that is a quiet market, then it is stalled, and given up.

Each time that giving up did not help, the next session is waited for twice as long, so that a
market which is closed for the week-end is not knocked at every minute.
"""

from math import inf
from typing import NoReturn

import trio
from trio_websocket import WebSocketConnection

from alertd.market.feed.faults import NETWORK_ERRORS, Cause, Fault, SilenceError, fault_of
from alertd.market.feed.group import SymbolGroup
from alertd.market.feed.habits import Habits
from alertd.market.feed.symbol import SymbolStream
from alertd.market.feed.websocket import open_websocket
from alertd.market.ticker import is_farewell

_PONG_S = 10.0
# A silence is looked at no more often than this.
_LOOK_EVERY_S = 1.0
# A session that was heard of has stalled after so many times the silence that is looked into.
_STALLED_TIMES = 2
_LONGEST_WAIT_S = 3600.0
# However slow a symbol is known to be, its silence is looked at by then.
_LONGEST_PATIENCE_S = 600.0
# One connection's symbols fall quiet one by one; more than these at a time do so with it.
_FEW_QUIET, _QUIET_SHARE = 3, 0.25
# A session that is told to go has stayed so long, if it can.
_LEAST_STAY_S = 30.0
# Where in its life a session is relieved: before the exchange ends it, and not all at once.
_RELIEVED_FROM, _RELIEVED_TO = 0.90, 0.98


class Session:
    """Reads one websocket into a group of symbols.

    `settled` is set once it streams, or has proved to be as well as the one that it relieves, or is
    over; `wanes` once another one should be opened. Cancelling `scope` ends it without a `fault`.
    """

    def __init__(self, url: str, group: SymbolGroup, habits: Habits, *, relieves: bool) -> None:
        self.scope = trio.CancelScope()
        self.settled, self.wanes = trio.Event(), trio.Event()
        self._told_to_go = trio.Event()
        self.is_over = False
        self.fault: Fault | None = None
        self._url = url
        self._group = group
        self._habits = habits
        self._relieves = relieves
        # Who joins the group later is brought by the next session.
        self._asked_for = frozenset(group.streams)
        self._opened_at = 0.0
        self._heard_at: float | None = None

    async def run(self) -> None:
        """Open it and read, until it ends or its `scope` is cancelled."""
        try:
            with self.scope:
                async with open_websocket(self._url, self._habits.route) as connection:
                    self._opened_at = trio.current_time()
                    async with trio.open_nursery() as nursery:
                        nursery.start_soon(self._watch, connection)
                        nursery.start_soon(self._age)
                        nursery.start_soon(self._heed_farewell)
                        await self._read(connection)
        except* NETWORK_ERRORS as errors:
            self.fault = fault_of(errors)
        finally:
            self.is_over = True

    async def _read(self, connection: WebSocketConnection) -> NoReturn:
        take = self._group.take
        while True:
            frame = await connection.get_message()
            now = trio.current_time()
            if take(frame, now):
                if self._heard_at is None:
                    self._group.failures = self._group.fruitless = 0
                    self.settled.set()
                self._heard_at = now
            elif is_farewell(frame):
                self._told_to_go.set()

    async def _heed_farewell(self) -> None:
        """Let another session be opened, but not at once where the farewell follows the welcome.

        While the exchange shuts down it may send new connections to the machine that goes next.
        """
        await self._told_to_go.wait()
        await trio.sleep_until(self._opened_at + _LEAST_STAY_S)
        self.wanes.set()

    async def _age(self) -> None:
        share = _RELIEVED_FROM + (_RELIEVED_TO - _RELIEVED_FROM) * self._habits.draw()
        await trio.sleep(self._habits.lifetime_s * share)
        self.wanes.set()

    async def _watch(self, connection: WebSocketConnection) -> NoReturn:
        while True:
            await trio.sleep_until(max(self._next_look(), trio.current_time() + _LOOK_EVERY_S))
            if self._silent() or self._due_as_a_whole() <= trio.current_time():
                await self._ping(connection)
                self._judge(self._silent())

    async def _ping(self, connection: WebSocketConnection) -> None:
        with trio.move_on_after(_PONG_S):
            await connection.ping()
            return
        reason = "nothing comes, and a ping is not answered"
        raise SilenceError(Fault(Cause.DEAD, reason))

    def _judge(self, silent: list[SymbolStream]) -> None:
        """Decide what an answered ping means: quiet symbols, or a session to be given up."""
        now = trio.current_time()
        silent_s = now - self._heard_from()
        if self._due_as_a_whole() > now:
            stillest = max(
                (now - stream.silent_since(self._opened_at) for stream in silent), default=0.0
            )
            self._group.fall_quiet(silent, stillest)
            if self._is_partly_deaf():
                self.wanes.set()
        elif self._relieves and not self.settled.is_set() and not self._others_are_heard():
            self.settled.set()
        elif silent_s >= self._limit_s():
            self._give_up(silent_s)
        elif self._heard_at is not None:
            self._group.fall_quiet(silent, silent_s)

    def _is_partly_deaf(self) -> bool:
        """Tell whether so many symbols fell quiet that it is the connection: another may bring them.

        Symbols that were never heard of do not count: they may not trade at all.
        """
        streams = self._group.streams.values()
        quiet = sum(stream.is_quiet and stream.is_seen for stream in streams)
        return quiet > max(_FEW_QUIET, len(streams) * _QUIET_SHARE)

    def _give_up(self, silent_s: float) -> None:
        likely = self._habits.explain_silence(next(iter(self._group.streams), ""))
        if self._heard_at is None:
            reason = f"connected, but in {silent_s:.0f} s nothing was sent"
            raise SilenceError(Fault(Cause.DEAF, reason, likely))
        reason = f"nothing was sent for {silent_s:.0f} s, although pings are answered"
        raise SilenceError(Fault(Cause.STALLED, reason, likely))

    # When a silence is to be looked at. Times are those of Trio's clock.

    def _unquiet(self) -> list[SymbolStream]:
        streams = self._group.streams
        asked_for = (streams[symbol] for symbol in self._asked_for & streams.keys())
        return [stream for stream in asked_for if not stream.is_quiet]

    def _silent(self) -> list[SymbolStream]:
        now = trio.current_time()
        return [stream for stream in self._unquiet() if self._due(stream) <= now]

    def _next_look(self) -> float:
        whole, now = self._due_as_a_whole(), trio.current_time()
        if whole <= now:
            limit = self._heard_from() + self._limit_s()
            whole = min(limit, now + self._habits.stale_after_s)
        if self._heard_at is None:
            return whole
        return min([whole, *map(self._due, self._unquiet())])

    def _due(self, stream: SymbolStream) -> float:
        """When a symbol has been silent for longer than its pace explains."""
        patience_s = self._habits.stale_after_s
        if stream.pace.longest_s:
            patience_s = stream.pace.patience_s(_LONGEST_PATIENCE_S)
        return stream.silent_since(self._opened_at) + patience_s

    def _due_as_a_whole(self) -> float:
        return self._heard_from() + self._group.pace.patience_s(self._habits.stale_after_s)

    def _heard_from(self) -> float:
        return self._opened_at if self._heard_at is None else self._heard_at

    def _others_are_heard(self) -> bool:
        """Whether the session that this one relieves has brought tickers since this one is open."""
        return (self._group.pace.last_s or -inf) > self._opened_at

    def _limit_s(self) -> float:
        """How long a silence may last before the session is given up."""
        stale_s = self._habits.stale_after_s
        if self._heard_at is not None:
            # One symbol may fall quiet by itself; many do not fall quiet together.
            times = _STALLED_TIMES if len(self._group.streams) == 1 else 1
            return max(times * stale_s, self._group.pace.patience_s(inf))
        return min(stale_s * 2.0 ** min(self._group.fruitless, 16), _LONGEST_WAIT_S)
