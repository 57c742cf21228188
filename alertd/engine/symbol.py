"""A symbol and the rules that watch it: which of them a ticker concerns, and what they make of it.

Theory of operation. At each ticker the series that the rules need are taken from it. Of each series
the two cuts around its value are kept at hand: while it stays between them, no comparison on it can
have changed, and two comparisons of numbers show that, however many rules there are. A series that
passes cuts wakes the tasks of these cuts, and of no others. What changes by the passing of time
alone (a condition that has held for long enough, the end of a cooldown) wakes its task by a
deadline; the next of these is kept at hand as well. Only a task that was woken is looked at.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from math import inf, isnan, nan, nextafter

import attrs

from alertd.engine.alert import Alert
from alertd.engine.deadlines import Deadlines
from alertd.engine.life import after_outage, due_ms
from alertd.engine.memory import Memory
from alertd.engine.metrics import CLOSE, Metric
from alertd.engine.program import Cuts, Program, Task
from alertd.engine.recent import GAP_MS
from alertd.engine.series import Values
from alertd.engine.standing import Moment, Standing
from alertd.engine.window import Window
from alertd.market.ticker import Ticker

# The feed drops late tickers, but knows of none before a restart: so much older than the newest one
# that was seen, a ticker is late; more, and it is another market's.
_LATE_MS = 15_000
_NOWHERE = -1
# Of what is rough: ten times as much as settling may change.
_MARGIN = 1e-9


class Symbol:
    """The tasks of a program on one symbol, and where its series are.

    `before` is what watched the symbol until now: of its tasks, those with `numbers_before` go on.
    """

    def __init__(
        self,
        program: Program,
        before: "Symbol | None" = None,
        numbers_before: Sequence[int | None] = (),
    ) -> None:
        self.program = program
        self.dropped_events: int = before.dropped_events if before else 0
        self._begin(before, numbers_before)

    def _begin(self, before: "Symbol | None", numbers_before: Sequence[int | None] = ()) -> None:
        program = self.program
        known = before.windows if before else {}
        self.windows: dict[tuple[Metric, int], Window] = {
            key: known.get(key) or Window(key[1]) for key in program.windows
        }
        self._windows = tuple(self.windows.values())
        # Looking methods up at every tick would cost more than some of them do.
        pushes = [window.push for window in self._windows]
        self._pushes = tuple(zip(pushes, program.window_inputs, strict=True))
        self.standings = [Standing() for _ in program.tasks]
        for number, number_before in enumerate(numbers_before):
            if before is not None and number_before is not None:
                self.standings[number] = before.standings[number_before]
                self.standings[number].take_up(program.tasks[number])
        self.previous: Ticker | None = before.previous if before else None
        self._before: list[float] = []
        self._now = program.values(self.previous, self._windows) if self.previous else []
        self._positions = [_NOWHERE] * len(program.cuts)
        self._lows = [nan] * len(program.cuts)
        self._highs = [nan] * len(program.cuts)
        self._deadlines = Deadlines()
        # What is to be remembered has changed since somebody asked. What begins anew has, too:
        # something else may be remembered of it.
        changed_before = before.changed if before else ()
        self.changed: set[int] = {
            number
            for number, number_before in enumerate(numbers_before)
            if number_before is None or number_before in changed_before
        }
        # A ticker that is older than this shows that what the windows were told is of another market.
        self._believes_from_ms: int = before._believes_from_ms if before else 0  # noqa: SLF001 - of its kind
        # A restart came between the previous ticker and the next.
        self.is_resumed: bool = before.is_resumed if before else False
        # Each is looked at once, wherever the series are.
        self._woken = set(range(len(program.tasks)))

    def find(self, rule: str) -> tuple[Task, Standing] | None:
        """Return the task of a rule and how it stands; None where it does not watch this symbol."""
        number = self.program.numbers.get(rule)
        return None if number is None else (self.program.tasks[number], self.standings[number])

    def rearm(self, rule: str) -> bool:
        """Let a rule with `once` fire again; tell whether it had fired."""
        number = self.program.numbers.get(rule)
        if number is None or not self.standings[number].life.disarmed:
            return False
        standing = self.standings[number]
        standing.life = attrs.evolve(standing.life, disarmed=False)
        self._woken.add(number)  # it may be true already
        self.changed.add(number)
        return True

    def warm(self, ticker: Ticker) -> None:
        """Take a ticker of the past into the windows, and as the previous one."""
        if self.previous is None or ticker.time_ms > self.previous.time_ms:
            self._take(ticker)

    def fill(self, past: Collection[tuple[int, float]]) -> None:
        """Take closes of the past into the windows over the close."""
        newest_ms = max((time_ms for time_ms, _ in past), default=0)
        self._believes_from_ms = max(self._believes_from_ms, newest_ms - GAP_MS)
        for window in self._over_close():
            window.fill(past)

    def _over_close(self) -> Iterator[Window]:
        return (window for (metric, _), window in self.windows.items() if metric == CLOSE)

    def memory(self, symbol: str, number: int) -> Memory:
        """Return how a task stands, under the name of the symbol."""
        task, it = self.program.tasks[number], self.standings[number]
        return Memory(task.rule.name, symbol, task.asked, it.life, it.latched, it.rungs)

    def restore(self, memory: Memory) -> None:
        """Take up how a task stood, if it still asks for the same."""
        found = self.find(memory.rule)
        if found is not None and found[0].asked == memory.asked:
            self.is_resumed = True
            task, standing = found
            standing.life, standing.rungs = memory.life, memory.rungs
            standing.latched = memory.latched
            standing.take_up(task)

    def moment(self) -> Moment | None:
        """Return the newest ticker, None before the first."""
        return self._moment() if self.previous is not None else None

    def update(self, ticker: Ticker) -> list[Alert]:
        """Take the newest ticker; return what it set off, in the order of the rules."""
        time_ms = ticker.time_ms
        if self.previous is not None and time_ms < self.previous.time_ms:
            if self.is_resumed and self.previous.time_ms - time_ms < _LATE_MS:
                return []
            self._begin(None)
            self.changed.update(range(len(self.standings)))
        if time_ms < self._believes_from_ms:
            self._disbelieve()
        program, previous = self.program, self.previous
        now = self._take(ticker)
        moved = False
        for value, low, high in zip(program.watched(now), self._lows, self._highs):  # noqa: B905 - they are as long
            if low <= value < high:
                continue
            moved = True
            break
        for series, tasks in program.records:
            if now[series] > 0:
                self._woken.update(tasks)
        if not moved and not self._woken and time_ms < self._deadlines.next_ms:
            return []
        moment = self._moment(_gap_ms(previous, ticker))
        if self.is_resumed:
            self._resume(moment.gap_ms)
        return self._look(moment, self._pass_cuts(now) if moved else [])

    def _disbelieve(self) -> None:
        """Forget what the windows were told: it is of another market, or by a wrong clock."""
        self._believes_from_ms = 0
        for window in self._over_close():
            window.clear()
        if self.previous is not None:
            self._now = self.program.values(self.previous, self._windows)

    def _resume(self, unseen_ms: int) -> None:
        """Go on after an outage of the whole program, at the first ticker."""
        self.is_resumed = False
        for number, standing in enumerate(self.standings):
            life = after_outage(standing.life, unseen_ms)
            if life != standing.life:
                standing.life = life
                self.changed.add(number)

    def _take(self, ticker: Ticker) -> list[float]:
        """Take a ticker into the windows, and its values in place of those of the one before it."""
        time_ms, windows, before = ticker.time_ms, self._windows, self._now
        now = [of(ticker) for of in self.program.inputs]
        for push, series in self._pushes:
            push(time_ms, now[series])
        append = now.append
        for derivation in self.program.derivations:
            append(derivation(now, before, windows))
        self.previous, self._before, self._now = ticker, before, now
        return now

    def _moment(self, gap_ms: int = 0) -> Moment:
        """Return the newest ticker, of which there is one, with all its values settled."""
        assert self.previous is not None  # noqa: S101 - the caller has seen to it
        self.program.settle(self._now)
        if self._before:
            self.program.settle(self._before)
        return Moment(self.previous, self._now, self._before, gap_ms)

    def _look(self, moment: Moment, moved: list[int]) -> list[Alert]:
        """Step the tasks that are woken; `moved` are the cuts whose series has passed some."""
        self._woken.update(self._deadlines.passed(moment.ticker.time_ms))
        alerts = []
        for number in sorted(self._woken):
            alert = self._step(number, moment)
            if alert is not None:
                alerts.append(alert)
        self._woken.clear()
        for index in moved:
            self._keep_bounds(index)
        return alerts

    def _step(self, number: int, moment: Moment) -> Alert | None:
        task, standing = self.program.tasks[number], self.standings[number]
        before = standing.state
        alert = standing.step(task, moment)
        if standing.state != before:
            self.changed.add(number)
        if standing.life.dropped > before[0].dropped:
            self.dropped_events += 1
        if not task.is_event:
            due = due_ms(standing.life, task.rule, moment.ticker.time_ms)
            if due is not None:
                self._deadlines.set(number, due)
        return alert

    def _pass_cuts(self, now: Values) -> list[int]:
        """Wake the tasks of all cuts that their series has passed; return the indices of those cuts."""
        moved = []
        bounds = zip(self.program.watched(now), self._lows, self._highs, strict=True)
        for index, (value, low, high) in enumerate(bounds):
            if not low <= value < high:
                self._pass(index, self.program.cuts[index], value)
                moved.append(index)
        return moved

    def _pass(self, index: int, cuts: Cuts, value: float) -> None:
        before = self._positions[index]
        after = _NOWHERE if isnan(value) else bisect_right(cuts.at, value)
        self._positions[index] = after
        if _NOWHERE in (before, after):
            if before != after:
                self._woken.update(cuts.everyone)
        else:
            for wakes in cuts.wakes[min(before, after) : max(before, after)]:
                self._woken.update(wakes)
        for number, part in cuts.ladders:
            rungs = self.standings[number].rungs.get(part)
            if rungs is None or not rungs.low < value < rungs.high:
                self._woken.add(number)

    def _keep_bounds(self, index: int) -> None:
        """Keep the cuts and the rungs around the series at hand; around what is undefined is nothing."""
        cuts, position = self.program.cuts[index], self._positions[index]
        if position == _NOWHERE:
            self._lows[index] = self._highs[index] = nan
            return
        low = cuts.at[position - 1] if position else -inf
        high = cuts.at[position] if position < len(cuts.at) else inf
        for number, part in cuts.ladders:
            rungs = self.standings[number].rungs.get(part)
            if rungs is not None:
                low, high = max(low, nextafter(rungs.low, inf)), min(high, rungs.high)
        # A rough number is nearer to its settled one than this margin.
        margin = _MARGIN if cuts.series in self.program.noisy else 0.0
        self._lows[index], self._highs[index] = low + margin, high - margin


def _gap_ms(previous: Ticker | None, ticker: Ticker) -> int:
    gap_ms = ticker.time_ms - previous.time_ms if previous is not None else 0
    return gap_ms if gap_ms > GAP_MS else 0
