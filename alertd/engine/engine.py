"""The engine: tickers in, alerts out. No clock, no file, no network: time is the ticker's own."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from alertd.engine.alert import Alert
from alertd.engine.explain import explain, glance
from alertd.engine.explanation import Explanation, Glance
from alertd.engine.life import Phase
from alertd.engine.memory import Memory
from alertd.engine.metrics import Metric
from alertd.engine.program import Program
from alertd.engine.rule import Rule
from alertd.engine.symbol import Symbol
from alertd.engine.touched import Touched, Unseen, has_levels, touched
from alertd.market.ticker import Ticker

# Rules that are looked at in one go: a millisecond, beside which tickers wait.
_AT_A_GLANCE = 50


class Engine:
    """Evaluates the rules of each symbol at each of its tickers.

    A symbol's tickers come in rising event time: the feed drops late ones. Where time goes back
    all the same, another market has begun, and the symbol's rules begin anew with it.
    """

    def __init__(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        """Watch each symbol of `rules` for the rules that it is mapped to."""
        # Of the first symbols nothing else is remembered that would have changed.
        programs = programs_of(rules)
        self._symbols = {symbol: Symbol(program) for symbol, program in programs.items()}
        self._dropped_events = 0

    def watch(self, rules: Mapping[str, Iterable[Rule]]) -> None:
        """Watch these symbols from now on, between two tickers.

        A rule that a symbol had before, by its name, goes on as it stands if its `when` is still
        the same; otherwise it begins anew. Rules that are not enabled are left out.
        """
        known = (symbol.program for symbol in self._symbols.values())
        self.adopt(programs_of(rules, known=known))

    def adopt(self, programs: Mapping[str, Program]) -> None:
        """Do the same with rules that are ready: what is left of it is quick.

        A symbol that keeps its program is left as it is.
        """
        before, going_on = self._symbols, _GoingOn()
        self._symbols = {
            symbol: going_on.symbol(program, before.get(symbol))
            for symbol, program in programs.items()
        }
        ended = before.keys() - self._symbols.keys()
        self._dropped_events += sum(before[symbol].dropped_events for symbol in ended)

    def watching(self, rule: str) -> tuple[str, ...]:
        """Return the symbols that a rule watches; none where it is disabled."""
        return tuple(name for name, symbol in self._symbols.items() if symbol.find(rule))

    @property
    def dropped_events(self) -> int:
        """How many events happened while their rule could not fire, and raised no alert."""
        return self._dropped_events + sum(it.dropped_events for it in self._symbols.values())

    def update(self, ticker: Ticker) -> list[Alert]:
        """Take the newest ticker of a symbol; return what it set off, in the order of the rules."""
        symbol = self._symbols.get(ticker.symbol)
        return symbol.update(ticker) if symbol is not None else []

    def warm(self, ticker: Ticker) -> bool:
        """Take a ticker of the past, before the first `update` of its symbol: nothing fires by it.

        It goes into the windows, and is what the next ticker is compared with. One that is not newer than
        the one before it is left out. Return whether its symbol is watched.
        """
        symbol = self._symbols.get(ticker.symbol)
        if symbol is not None:
            symbol.warm(ticker)
        return symbol is not None

    def fill(self, symbol: str, past: Collection[tuple[int, float]]) -> None:
        """Take closes of a symbol's past, time in milliseconds and price, into its windows over the close.

        They may be older than what the windows know, or from between, or newer, but not newer than
        the next ticker: where they are by more than a moment, they are of another market, and the
        windows begin anew. Nothing fires by it, and the next ticker is compared with the same one as
        before.
        """
        watched = self._symbols.get(symbol)
        if watched is not None:
            watched.fill(past)

    def rearm(self, rule: str, symbol: str | None = None) -> int:
        """Let a rule with `once` fire again, on one symbol or on all; return on how many it had fired."""
        return sum(watched.rearm(rule) for watched in self._of(symbol))

    def explain(self, rule: str, symbol: str) -> Explanation | None:
        """Return how a rule stands for a symbol; None where it does not watch it."""
        watched = self._symbols.get(symbol)
        found = watched.find(rule) if watched is not None else None
        if watched is None or found is None:
            return None
        return explain(symbol, *found, watched.moment())

    def glances(self, symbol: str, first: int = 0) -> list[Glance]:
        """Return in short how a symbol's rules stand, some of them, from the one of that number on.

        There are none from the number of its rules on, nor for a symbol that is not watched.
        """
        watched = self._symbols.get(symbol)
        if watched is None:
            return []
        moment, chosen = watched.moment(), slice(first, first + _AT_A_GLANCE)
        tasks = zip(watched.program.tasks[chosen], watched.standings[chosen], strict=True)
        return [glance(task, standing, moment) for task, standing in tasks]

    def firing(self) -> Iterator[tuple[str, str]]:
        """Yield every rule that is firing, with its symbol."""
        for name, symbol in self._symbols.items():
            for task, standing in zip(symbol.program.tasks, symbol.standings, strict=True):
                if standing.life.phase is Phase.FIRING:
                    yield task.rule.name, name

    def memories(self) -> Iterator[Memory]:
        """Yield what a new engine would have to know to go on where this one is."""
        for name, symbol in self._symbols.items():
            for number in range(len(symbol.program.tasks)):
                yield symbol.memory(name, number)

    def changes(self, symbol: str) -> list[Memory]:
        """Return what of a symbol's rules has changed since this was asked before."""
        watched = self._symbols.get(symbol)
        if watched is None or not watched.changed:
            return []
        changed = [watched.memory(symbol, number) for number in sorted(watched.changed)]
        watched.changed.clear()
        return changed

    def all_changes(self) -> Iterator[Memory]:
        """Yield what has changed on any symbol, as after `watch`: the rules that began anew, too."""
        for symbol in self._symbols:
            yield from self.changes(symbol)

    def newest(self) -> list[Ticker]:
        """Return the newest ticker of each symbol that has had one."""
        return [it.previous for it in self._symbols.values() if it.previous is not None]

    def newest_of(self, symbol: str) -> Ticker | None:
        """Return a symbol's newest ticker; None before its first."""
        watched = self._symbols.get(symbol)
        return watched.previous if watched is not None else None

    def newest_ms(self, symbol: str) -> int:
        """Return the event time of a symbol's newest ticker; 0 before its first."""
        newest = self.newest_of(symbol)
        return newest.time_ms if newest is not None else 0

    def has_levels(self, symbol: str) -> bool:
        """Tell whether a rule of a symbol has levels on the price that may be `touched`."""
        watched = self._symbols.get(symbol)
        return watched is not None and any(map(has_levels, watched.program.tasks))

    def touched(self, unseen: Unseen) -> list[Touched]:
        """Return what a symbol's price touched while nobody watched, and no rule has told of."""
        watched = self._symbols.get(unseen.after.symbol)
        if watched is None:
            return []
        return touched(zip(watched.program.tasks, watched.standings, strict=True), unseen)

    def windows(self, metric: Metric | None = None) -> dict[str, int]:
        """Return the longest window of each symbol that has one, over any metric or this, in milliseconds."""
        found = {
            name: [length_ms for over, length_ms in it.program.windows if metric in (None, over)]
            for name, it in self._symbols.items()
        }
        return {name: max(lengths_ms) for name, lengths_ms in found.items() if lengths_ms}

    def restore(self, memories: Iterable[Memory]) -> list[Memory]:
        """Take up what an engine before this one remembered, before the symbols' first tickers.

        Return what is about symbols that are not watched.
        """
        unwatched = []
        for memory in memories:
            symbol = self._symbols.get(memory.symbol)
            if symbol is not None:
                symbol.restore(memory)
            else:
                unwatched.append(memory)
        return unwatched

    def _of(self, symbol: str | None) -> list[Symbol]:
        if symbol is None:
            return list(self._symbols.values())
        return [self._symbols[symbol]] if symbol in self._symbols else []


def programs_of(
    rules: Mapping[str, Iterable[Rule]], known: Iterable[Program] = ()
) -> Mapping[str, Program]:
    """Return the rules of each symbol made ready; what is `known` is not made a second time.

    With thousands of rules that takes a while; no engine has a part in it, so that a thread may do
    it beside one that runs.
    """
    programs = _Programs(known)
    return {symbol: programs.of(its_rules) for symbol, its_rules in rules.items()}


class _GoingOn:
    """Makes symbols that go on, and finds only once for all which tasks of two programs are the same."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], tuple[int | None, ...]] = {}

    def symbol(self, program: Program, before: Symbol | None) -> Symbol:
        if before is None:
            symbol = Symbol(program)
            symbol.changed.update(range(len(program.tasks)))
            return symbol
        if before.program is program:
            return before
        pair = id(before.program), id(program)
        if pair not in self._numbers:
            self._numbers[pair] = program.numbers_before(before.program)
        return Symbol(program, before, self._numbers[pair])


class _Programs:
    """Makes one program for all symbols that have the same rules."""

    def __init__(self, known: Iterable[Program]) -> None:
        distinct = {id(program): program for program in known}.values()
        self._made = {_identity(task.rule for task in it.tasks): it for it in distinct}

    def of(self, rules: Iterable[Rule]) -> Program:
        enabled = [rule for rule in rules if rule.enabled]
        key = _identity(enabled)
        if key not in self._made:
            self._made[key] = Program.of(enabled)
        return self._made[key]


def _identity(rules: Iterable[Rule]) -> tuple[int, ...]:
    # To compare thousands of rules with each other would take longer than all else.
    return tuple(map(id, rules))
