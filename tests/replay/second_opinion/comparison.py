"""One comparison of a condition, at every ticker at once."""

from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from tests.replay.second_opinion.arrays import Flags, Floats, Places, before, settled
from tests.replay.second_opinion.market import Market
from tests.replay.second_opinion.quantities import Amount, number


@attrs.frozen(eq=False)
class Comparison:
    """What an operator says of a metric, at every ticker.

    `now` is where it is true. With a `rearm`, a level that has alerted is true until it is `over`,
    and an event is not before it was `ready`; without, they are None. `value` and `threshold`, one
    or two, are what an alert says of it.
    """

    is_event: bool
    now: Flags
    value: Floats
    threshold: tuple[Floats, ...]
    over: Flags | None = None
    ready: Places | None = None

    def holds_after(self, alerts: Sequence[int]) -> Flags:
        """Tell where it is true after the rule's alerts at these places.

        Of a level that is the one with which it began to fire. Of events it is all of them, as
        only what took part in an alert has to be ready again.
        """
        places = np.arange(len(self.now))
        if self.ready is not None and (fired := self._last_fired(alerts)) is not None:
            # The tick that makes it ready again does not fire itself.
            return self.now & (places > self.ready.at_or_after(fired))
        if self.over is None or not alerts:
            return self.now
        last_true = np.maximum.accumulate(np.where(self.now & (places >= alerts[-1]), places, -1))
        last_over = np.maximum.accumulate(np.where(self.over, places, -1))
        return last_true > last_over

    def _last_fired(self, alerts: Sequence[int]) -> int | None:
        """Return the last alert in which this event took part."""
        assert self.ready is not None
        fired: int | None = None
        for alert in alerts:
            if self.now[alert] and (fired is None or self.ready.any_in(fired, alert)):
                fired = alert
        return fired


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
