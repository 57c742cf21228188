"""One comparison of a condition, at every ticker at once."""

from collections.abc import Mapping

import attrs
import numpy as np

from tests.replay.second_opinion.arrays import Flags, Floats, Places, before, settled
from tests.replay.second_opinion.market import Market
from tests.replay.second_opinion.quantities import Amount, number


@attrs.frozen(eq=False)
class Comparison:
    """What an operator says of a metric, at every ticker.

    `now` is where it is true. With a `rearm` a level is `over` only there, and an event `ready`
    again after an alert only from there on; None where there is none. `value` and `threshold`, one
    or two, are what an alert says of it.
    """

    is_event: bool
    now: Flags
    value: Floats
    threshold: tuple[Floats, ...]
    over: Flags | None = None
    ready: Places | None = None

    def held_since(self, fired: int) -> Flags:
        """Tell where, from an alert on, it counts as true: once it is, until it is over."""
        if self.over is None:
            return self.now
        true, places = self.now.copy(), np.arange(len(self.now))
        true[:fired] = False
        last_true = np.maximum.accumulate(np.where(true, places, -1))
        last_over = np.maximum.accumulate(np.where(self.over, places, -1))
        return last_true > last_over

    def is_ready(self, place: int, fired: int) -> bool:
        """Tell whether it is ready again: the tick that makes it so does not fire itself."""
        return self.ready is None or self.ready.any_in(fired, place)


@attrs.frozen(eq=False)
class Asked:
    """An operator's question: about which metric, and what is written beside it."""

    market: Market
    metric: str
    written: object
    within: str | None = None
    rearm: Amount | None = None

    @classmethod
    def of(cls, market: Market, metric: str, operator: str, test: Mapping[str, object]) -> "Asked":
        within, rearm = test.get("within"), test.get("rearm")
        return cls(
            market,
            metric,
            test[operator],
            within=None if within is None else str(within),
            rearm=None if rearm is None else Amount.of(rearm),
        )

    @property
    def values(self) -> Floats:
        return self.market.metric(self.metric)

    @property
    def previous(self) -> Floats:
        return before(self.values)

    def level(self) -> Floats:
        """Return what is compared with, at every ticker."""
        return self._level(self.written)

    def band(self) -> tuple[Floats, Floats]:
        assert isinstance(self.written, list)
        low, high = map(self._level, self.written)
        return low, high

    def under(self, level: Floats) -> Floats:
        """Return where a value is that has come back from above by the `rearm`."""
        return settled(level - self._back(level))

    def over(self, level: Floats) -> Floats:
        """Return where one is that has come back from below."""
        return settled(level + self._back(level))

    def _back(self, level: Floats) -> Floats:
        return self.rearm.over(level) if self.rearm else np.zeros_like(level)

    def _level(self, written: object) -> Floats:
        if written in self.market.metrics:
            return self.market.metric(str(written))
        return np.full(len(self.market.times), number(written))
