"""A campaign: chains of lives until the process was killed so many times, at every point that it has.

The points are those of two lives that nobody kills: the first on a journal, which makes it, and one that
finds it. Each chain draws its first life's end from the former and the others' from the latter, until all
were used; some lives end at a moment that has nothing to do with points.
"""

import random
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

import attrs
import trio

from tests.crash.chain import Chain, Life, run_chain
from tests.crash.cutting import Cut, Side, kind_of
from tests.crash.life import Plan

_LIVES = 8
_SYNC = "sync alertd.db-wal"
_AT_ANY_MOMENT = 0.2
# From before it has opened the journal to when it has been asked to end.
_MOMENTS_S = (0.3, 2.0)


@attrs.define
class Points:
    """The points of a life at which it may end, each given once before any is given again.

    The kinds take turns, as most of the steps write pages: those of which there are few come early.
    """

    steps: tuple[str, ...]
    draw: random.Random
    used: int = 0
    _left: deque[Cut] = attrs.field(factory=deque)

    def __len__(self) -> int:
        return len(self.steps) * len(Side)

    def next(self) -> Plan:
        """Return a life that ends at the next point."""
        if not self._left:
            self._left.extend(self._all_in_turns())
        self.used += 1
        return Plan(cut=self._left.popleft())

    def _all_in_turns(self) -> Iterator[Cut]:
        kinds = [
            [Cut(kind, number, side) for number in range(1, count + 1) for side in Side]
            for kind, count in Counter(map(kind_of, self.steps)).items()
        ]
        for cuts in kinds:
            self.draw.shuffle(cuts)
        for turn in zip_longest(*kinds):
            yield from (cut for cut in turn if cut is not None)


@attrs.define
class Campaign:
    """A campaign of `kills`, in folders below `folder`; `report` is told of each chain that is over."""

    folder: Path
    library: Path
    kills: int
    draw: random.Random
    report: Callable[[int, Chain], None] = lambda *_: None
    chains: list[Chain] = attrs.field(factory=list)
    first: Points = attrs.field(init=False)
    later: Points = attrs.field(init=False)
    _begun: int = 0
    _planned: int = 0

    async def run(self, *, at_once: int = 1) -> None:
        """Count the points, then kill until it is enough, in so many chains at a time."""
        counted = await run_chain(
            self.folder / "counted", self.library, [Plan(), Plan()], self.draw
        )
        self.chains.append(counted)
        first, later, *_ = counted.lives
        self.first = Points(first.steps, self.draw)
        self.later = Points(later.steps, self.draw)
        async with trio.open_nursery() as nursery:
            for _ in range(at_once):
                nursery.start_soon(self._run_chains)

    async def _run_chains(self) -> None:
        while (missing := self.kills - self.killed - self._planned) > 0:
            self._begun += 1
            number = self._begun
            plans = list(self._plans(min(_LIVES, missing)))
            self._planned += len(plans)
            chain = await run_chain(self.folder / f"chain-{number}", self.library, plans, self.draw)
            self._planned -= len(plans)
            self.chains.append(chain)
            self.report(number, chain)

    def _plans(self, count: int) -> Iterator[Plan]:
        yield self.first.next()
        for _ in range(count - 3):
            if self.draw.random() < _AT_ANY_MOMENT:
                yield Plan(kill_after_s=self.draw.uniform(*_MOMENTS_S))
            else:
                yield self.later.next()
        yield from self._unsynced()

    def _unsynced(self) -> Iterator[Plan]:
        """Yield two lives: what the first has written and not synced, the second finds; then the power goes."""
        syncs = [step for step in self.later.steps if step.startswith(_SYNC)]
        number = self.draw.randint(1, len(syncs))
        yield Plan(cut=Cut(_SYNC, number, Side.BEFORE), power_goes=False)
        yield Plan(cut=Cut("receive ", 1, Side.AFTER), power_goes=True)

    @property
    def lives(self) -> list[Life]:
        """All lives so far."""
        return [life for chain in self.chains for life in chain.lives]

    @property
    def killed(self) -> int:
        """How many of them were killed."""
        return sum(life.killed for life in self.lives)

    @property
    def breaches(self) -> list[str]:
        """Whatever breaks the promise."""
        return [breach for chain in self.chains for breach in chain.account.breaches]


def kinds_of_ends(lives: Iterable[Life]) -> Counter[str]:
    """Count what lives were doing when they were killed at a point of theirs."""
    cuts = (life.plan.cut for life in lives if life.killed)
    return Counter(cut.kind for cut in cuts if cut is not None)
