"""Which symbols are seen, as far as the log has said so. No clock is read.

The log tells how it stands and not what happens: a symbol is awaited, seen, quiet or lost, and where
that is not what was said last, it is pending before the gate of its state. One that is back before
its loss was told is told once, with how often it was lost. One that comes and goes, after three
times, waits ever longer for its next word. Of those that stay lost there is a reminder ever more
rarely, and soon where the cause is a new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from alertd.market.feed.events import Disconnected, Quiet
from alertd.market.feed.faults import Cause
from alertd.observers.gate import Gate
from alertd.observers.reminder import Reminder
from alertd.observers.sight import News, Sight, State, StillLost

# How often it is urgent that all are seen: some of them may come and go.
_WHOLE_EVERY_S = 300.0


class Sights:
    """All symbols that are watched. Times are in seconds of any clock that only rises."""

    def __init__(self) -> None:
        self._sights: dict[str, Sight] = {}
        self._unseen: set[str] = set()
        self._lost: dict[str, None] = {}  # and told so
        self._gates = {state: Gate() for state in (State.LOST, State.QUIET, State.SEEN)}
        self._pending: dict[State, dict[str, None]] = {state: {} for state in self._gates}
        self._waiting: dict[str, float] = {}
        self._attempts = self._attempts_told = 0
        self._causes: set[Cause] = set()
        self._reminder = Reminder()
        self._whole_s = -inf  # when it was last told that all are seen

    def expect(self, symbols: Iterable[str], now_s: float) -> None:
        """Take note that symbols are watched from now on."""
        for symbol in symbols:
            self._sights.setdefault(symbol, Sight(now_s))
            self._unseen.add(symbol)

    def forget(self, symbols: Iterable[str]) -> None:
        """Take note that symbols are not watched any more."""
        for symbol in symbols:
            self._sights.pop(symbol, None)
            self._unseen.discard(symbol)
            self._unlose(symbol)
            self._take_back(symbol)

    def see(self, symbol: str, now_s: float) -> None:
        """Take note that a symbol's tickers come."""
        sight = self._sight(symbol, now_s)
        sight.see(now_s)
        self._unseen.discard(symbol)
        self._unlose(symbol)
        is_whole = not self._unseen and now_s >= self._whole_s + _WHOLE_EVERY_S
        self._note(symbol, sight, now_s, urgent=is_whole)

    def lose(self, event: Disconnected, now_s: float) -> None:
        """Take note that symbols are not seen, or that another attempt has failed."""
        if not self._lost and not self._pending[State.LOST]:
            self._attempts, self._causes = 0, {event.fault.cause}
            self._attempts_told = 1  # with the loss
        self._attempts += 1
        if event.fault.cause not in self._causes and self._lost:
            self._causes.add(event.fault.cause)
            self._reminder.hasten(now_s)
        for symbol in event.symbols:
            self._miss(symbol, State.LOST, event, now_s)

    def quieten(self, event: Quiet, now_s: float) -> None:
        """Take note that symbols are silent."""
        for symbol in event.symbols:
            self._miss(symbol, State.QUIET, event, now_s)

    def due_s(self) -> float:
        """Return when there is something to be told if nothing else happens; inf for never."""
        gates = min(gate.due_s() for gate in self._gates.values())
        return min(gates, self._reminder.due_s, *self._waiting.values())

    def look(self, now_s: float, *, at_last: bool = False) -> Iterator[News | StillLost]:
        """Yield what is to be told now, once; `at_last` all that is pending."""
        for symbol, not_before_s in list(self._waiting.items()):
            if at_last or not_before_s <= now_s:
                del self._waiting[symbol]
                self._note(symbol, self._sights[symbol], now_s, waited=True)
        for state, gate in self._gates.items():
            if at_last or gate.due_s() <= now_s:
                yield from self._let_out(state, gate, now_s)
        if self._reminder.due_s <= now_s:
            yield from self._remind(now_s)

    def _sight(self, symbol: str, now_s: float) -> Sight:
        return self._sights.setdefault(symbol, Sight(now_s))

    def _miss(self, symbol: str, state: State, event: Disconnected | Quiet, now_s: float) -> None:
        sight = self._sight(symbol, now_s)
        sight.event, sight.event_s = event, now_s
        if sight.state is not state:
            sight.miss(state, now_s)
            self._unseen.add(symbol)
            self._unlose(symbol)
            self._note(symbol, sight, now_s)

    def _note(
        self,
        symbol: str,
        sight: Sight,
        now_s: float,
        *,
        urgent: bool = False,
        waited: bool = False,
    ) -> None:
        """Put a symbol where it waits to be told, if there is anything to tell."""
        self._take_back(symbol)
        if sight.is_told:
            return
        if not waited and now_s < sight.not_before_s:
            self._waiting[symbol] = sight.not_before_s
            return
        pending = self._pending[sight.state]
        pending[symbol] = None
        self._gates[sight.state].note(now_s, pending=len(pending), urgent=urgent)

    def _take_back(self, symbol: str) -> None:
        self._waiting.pop(symbol, None)
        for state, pending in self._pending.items():
            if symbol in pending:
                del pending[symbol]
                if not pending:
                    self._gates[state].clear()

    def _let_out(self, state: State, gate: Gate, now_s: float) -> Iterator[News]:
        symbols = tuple(self._pending[state])
        if not symbols:
            return
        self._pending[state].clear()
        gate.let_out(now_s, len(symbols))
        if state is State.SEEN and not self._unseen:
            self._whole_s = now_s
        sights = [self._sights[symbol] for symbol in symbols]
        yield News(
            state=state,
            symbols=symbols,
            for_s=max(
                sight.unseen_for_s if state is State.SEEN else now_s - sight.since_s
                for sight in sights
            ),
            losses=max(sight.losses for sight in sights),
            unseen=len(self._unseen),
            events=_events(sights),
            retry_in_s=min(sight.retry_in_s(now_s) for sight in sights),
        )
        self._be_told(state, symbols, now_s)

    def _be_told(self, state: State, symbols: tuple[str, ...], now_s: float) -> None:
        """Take note of what was said."""
        if state is State.LOST and len(symbols) >= len(self._lost):
            self._reminder.begin(now_s)
        for symbol in symbols:
            if state is State.LOST:
                self._lost[symbol] = None
            self._sights[symbol].tell(now_s)

    def _remind(self, now_s: float) -> Iterator[StillLost]:
        sights = [self._sights[symbol] for symbol in self._lost]
        self._reminder.tell(now_s)
        if self._attempts == self._attempts_told:
            return
        self._attempts_told = self._attempts
        yield StillLost(
            symbols=tuple(self._lost),
            for_s=now_s - min(sight.since_s for sight in sights),
            attempts=self._attempts,
            events=_events(sights),
            retry_in_s=min(sight.retry_in_s(now_s) for sight in sights),
        )

    def _unlose(self, symbol: str) -> None:
        self._lost.pop(symbol, None)
        if not self._lost:
            self._reminder.end()


def _events(sights: Sequence[Sight]) -> tuple[Disconnected | Quiet, ...]:
    return tuple(sight.event for sight in sights if sight.event is not None)
