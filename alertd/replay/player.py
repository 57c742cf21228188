"""A reel at work: its tickers through the engine itself, what comes out put aside."""

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from operator import attrgetter

import attrs

from alertd.collector import without_collector
from alertd.config.watchlist import is_for
from alertd.engine.engine import Engine, programs_of
from alertd.engine.program import Program
from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.market.ticker import Ticker
from alertd.replay.replayed import Replayed
from alertd.replay.runs import Runs

# Between two looks at whether to go on: a few hundredths of a second.
_CHUNK = 4_096
_symbol = attrgetter("symbol")


@attrs.frozen
class Span:
    """What was played of a symbol: so many ticks, the first and the last at these times in ms (UTC).

    Where time went back between two of them, as in a recorded drill that was begun anew, about the
    earliest and the latest.
    """

    symbol: str
    ticks: int
    first_ms: int
    last_ms: int


@attrs.frozen
class Played:
    """What was played of a reel; not `whole` where it was told to stop."""

    spans: tuple[Span, ...]
    whole: bool


class Player:
    """Plays reels to rules, one after the other.

    Symbols that no rule is for are passed over. Each reel's begin with rules that have seen nothing.
    """

    def __init__(self, rules: Sequence[Rule], runs: Runs) -> None:
        self._rules = [rule for rule in rules if rule.enabled]
        self._runs = runs
        # Symbols with the same rules share a program, over all reels.
        self._programs: dict[tuple[int, ...], Program] = {}

    def play(
        self, reel: Reel, heard: Callable[[int, int], None], stopped: Callable[[], bool]
    ) -> Played:
        """Play a reel until it is `stopped`; `heard` is told by how many ticks it went on, to what time.

        Raises `KlinesError` for what is wrong in a file.
        """
        session = _Session(self._program_of, self._runs)
        tickers = reel.tickers()
        while not stopped():
            with without_collector():
                chunk = list(itertools.islice(tickers, _CHUNK))
                session.take(chunk)
            if not chunk:
                return Played(session.spans(), whole=True)
            heard(len(chunk), chunk[-1].time_ms)
        return Played(session.spans(), whole=False)

    def _program_of(self, symbol: str) -> Program | None:
        """Return the rules of a symbol made ready; None where it has none."""
        numbers = tuple(n for n, rule in enumerate(self._rules) if is_for(rule, symbol))
        if numbers and numbers not in self._programs:
            rules = [self._rules[number] for number in numbers]
            self._programs[numbers] = programs_of({symbol: rules})[symbol]
        return self._programs.get(numbers)


class _Session:
    """An engine that comes to know its symbols while it is played to."""

    def __init__(self, program_of: Callable[[str], Program | None], runs: Runs) -> None:
        self._program_of = program_of
        self._runs = runs
        self._engine = Engine({})
        self._programs: dict[str, Program] = {}
        self._first_ms: dict[str, int] = {}
        self._last_ms: dict[str, int] = {}
        self._ticks: Counter[str] = Counter()

    def take(self, chunk: Sequence[Ticker]) -> None:
        self._look_at_times(chunk)
        self._meet(self._first_ms.keys() - self._ticks.keys())
        self._ticks.update(map(_symbol, chunk))
        update = self._engine.update
        for ticker in chunk:
            for alert in update(ticker):
                self._runs.add(Replayed.of(alert))

    def _look_at_times(self, chunk: Sequence[Ticker]) -> None:
        for symbol, time_ms in {it.symbol: it.time_ms for it in reversed(chunk)}.items():
            self._first_ms[symbol] = min(time_ms, self._first_ms.get(symbol, time_ms))
        for symbol, time_ms in {it.symbol: it.time_ms for it in chunk}.items():
            self._last_ms[symbol] = max(time_ms, self._last_ms.get(symbol, time_ms))

    def _meet(self, symbols: Collection[str]) -> None:
        """Watch symbols that were not there before; the others go on as they stand."""
        programs = {symbol: self._program_of(symbol) for symbol in symbols}
        new = {symbol: it for symbol, it in programs.items() if it is not None}
        if new:
            self._programs |= new
            self._engine.adopt(self._programs)

    def spans(self) -> tuple[Span, ...]:
        return tuple(
            Span(it, self._ticks[it], self._first_ms[it], self._last_ms[it])
            for it in sorted(self._programs)
        )
