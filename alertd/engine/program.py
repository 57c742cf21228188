"""The rules of a symbol made ready: which series they need, and which cuts wake which of them.

Symbols with the same rules share a program. What a symbol has of its own is where its series are,
and how its rules stand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from operator import itemgetter

import attrs

from alertd.engine.condition import Condition, comparisons_in, is_event, without_rearm
from alertd.engine.meaning import inputs_of, part_of
from alertd.engine.metrics import Metric, settled
from alertd.engine.node import Node, tree_of
from alertd.engine.part import Part
from alertd.engine.rule import Rule
from alertd.engine.series import Board, Derivation, Input, Values
from alertd.engine.window import Window
from alertd.engine.words import in_words
from alertd.market.ticker import Ticker


@attrs.frozen
class Task:
    """A rule made ready: its parts by number, and the tree of its condition over them.

    `events` tells of every node of the tree whether it is an event. `rearmed` are the numbers of
    the parts that have to come back.
    """

    rule: Rule
    parts: tuple[Part, ...]
    tree: Node
    events: tuple[bool, ...]
    rearmed: tuple[int, ...]

    @classmethod
    def of(cls, rule: Rule, board: Board) -> "Task":
        """Return the rule made ready on a board that has its inputs."""
        parts = tuple(part_of(comparison, board) for comparison in comparisons_in(rule.when))
        tree = tree_of(rule.when, count())
        events = tuple(is_event(node.condition) for node in tree.walk())
        # A level among events is never firing: there is nothing that it could be kept in.
        rearmed = tuple(
            number
            for number, part in enumerate(parts)
            if part.back is not None and part.on_edges is events[0]
        )
        return cls(rule, parts, tree, events, rearmed)

    def asks_for(self, when: Condition) -> bool:
        """Tell whether that is what its rule asks for, but for how far values have to come back."""
        own = self.rule.when
        return own is when or without_rearm(own) == without_rearm(when)

    @property
    def asked(self) -> str:
        """What its rule asks for, in words: all of its condition but how far values have to come back."""
        return in_words(without_rearm(self.rule.when))

    @property
    def is_event(self) -> bool:
        """Whether its condition happens, rather than holds."""
        return self.events[0]


@attrs.frozen
class Cuts:
    """The cuts of a series in rising order, the tasks that each wakes when it is passed, and the ladders on it.

    A ladder is the number of a task and that of its part: its rungs are each symbol's own.
    """

    series: int
    at: tuple[float, ...]
    wakes: tuple[tuple[int, ...], ...]
    everyone: tuple[int, ...]
    ladders: tuple[tuple[int, int], ...]


@attrs.frozen(eq=False)
class Program:
    """Rules made ready to be evaluated together.

    `numbers` are those of the tasks, by the names of their rules. `windows` are the metrics and
    lengths of the windows, `window_inputs` the series that go into each, `noisy` the series that
    come unsettled. `watched` picks the values of the series that have `cuts`; `records` are the
    series that wake tasks for as long as they are above 0.
    """

    tasks: tuple[Task, ...]
    numbers: Mapping[str, int]
    inputs: tuple[Input, ...]
    windows: tuple[tuple[Metric, int], ...]
    window_inputs: tuple[int, ...]
    derivations: tuple[Derivation, ...]
    noisy: tuple[int, ...]
    cuts: tuple[Cuts, ...]
    watched: Callable[[Values], tuple[float, ...]]
    records: tuple[tuple[int, tuple[int, ...]], ...]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "Program":
        """Return the program of these rules, in their order."""
        rules = tuple(rules)
        comparisons = [it for rule in rules for it in comparisons_in(rule.when)]
        board = Board(metric for it in comparisons for metric in inputs_of(it))
        tasks = tuple(Task.of(rule, board) for rule in rules)
        cuts = _cuts(tasks)
        return cls(
            tasks,
            {rule.name: number for number, rule in enumerate(rules)},
            board.inputs(),
            tuple(board.windows),
            tuple(board.place(metric) for metric, _ in board.windows),
            tuple(board.derivations),
            board.noisy(),
            cuts,
            _picking([each.series for each in cuts]),
            _records(tasks),
        )

    def numbers_before(self, before: "Program") -> tuple[int | None, ...]:
        """Return for each task the number of the one, in another program, that it goes on as.

        That is the one of the same name, if it asks for the same; None where it begins anew.
        """
        return tuple(
            number if number is not None and task.asks_for(before.tasks[number].rule.when) else None
            for task in self.tasks
            for number in (before.numbers.get(task.rule.name),)
        )

    def values(self, ticker: Ticker, windows: Sequence[Window]) -> list[float]:
        """Return all series at a ticker that the windows have taken already."""
        now = [of(ticker) for of in self.inputs]
        for derivation in self.derivations:
            now.append(derivation(now, (), windows))
        return now

    def settle(self, values: list[float]) -> None:
        """Take the noise from all series; doing so again changes nothing."""
        for series in self.noisy:
            values[series] = settled(values[series])


def _picking(series: Sequence[int]) -> Callable[[Values], tuple[float, ...]]:
    """Return the function that picks the values of some series, as quickly as that can be done."""
    if len(series) > 1:
        return itemgetter(*series)
    # Of one, an itemgetter gives the value alone.
    return lambda values: tuple([values[each] for each in series])


def _cuts(tasks: Sequence[Task]) -> tuple[Cuts, ...]:
    wakes: dict[int, dict[float, dict[int, None]]] = {}
    ladders: dict[int, list[tuple[int, int]]] = {}
    for number, task in enumerate(tasks):
        for part_number, part in enumerate(task.parts):
            if part.is_ladder:
                ladders.setdefault(part.value, []).append((number, part_number))
            for series, cut in () if part.is_record else part.cuts():
                wakes.setdefault(series, {}).setdefault(cut, {})[number] = None
    return tuple(
        _cuts_of(series, wakes.get(series, {}), ladders.get(series, ()))
        for series in sorted({*wakes, *ladders})
    )


def _cuts_of(
    series: int, wakes: Mapping[float, Iterable[int]], ladders: Iterable[tuple[int, int]]
) -> Cuts:
    at = sorted(wakes)
    everyone = dict.fromkeys(number for cut in at for number in wakes[cut])
    return Cuts(
        series, tuple(at), tuple(tuple(wakes[cut]) for cut in at), tuple(everyone), tuple(ladders)
    )


def _records(tasks: Sequence[Task]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    found: dict[int, dict[int, None]] = {}
    for number, task in enumerate(tasks):
        for part in task.parts:
            for series, _ in part.cuts() if part.is_record else ():
                found.setdefault(series, {})[number] = None
    return tuple((series, tuple(numbers)) for series, numbers in found.items())
