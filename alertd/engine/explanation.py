"""Why a rule fires for a symbol, or does not: what `alertd explain` shows."""

import attrs

from alertd.engine.alert import Alert, Interval, Reading
from alertd.engine.condition import Condition
from alertd.engine.life import Life, Phase, Verdict
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker


@attrs.frozen
class Explained:
    """A condition or a part of one at the newest ticker.

    `true` is None where it cannot be told (an undefined metric, an event without a previous
    ticker). `since_ms` is the event time of the ticker that made it so; of an event, the last one on
    which it happened, None if it has not. A comparison has a `reading`, all others have `parts`. One
    that is `latched` has to come back first, by its `rearm`: a level counts as true until then, an
    event is not ready.
    """

    condition: Condition
    true: bool | None
    since_ms: int | None
    reading: Reading | None = None
    parts: tuple["Explained", ...] = ()
    latched: bool = False

    @property
    def distance(self) -> float | None:
        """How far the value is from the threshold, the nearer bound of a band: above 0 where it has to rise."""
        if self.reading is None or self.reading.value is None:
            return None
        value, threshold = self.reading.value, self.reading.threshold
        if threshold is None:
            return None
        if isinstance(threshold, Interval):
            return min((threshold.low - value, threshold.high - value), key=abs)
        return threshold - value

    @property
    def distance_percent(self) -> float | None:
        """The distance in percent of the value; None where the value is 0."""
        distance = self.distance
        if distance is None or self.reading is None or not self.reading.value:
            return None
        return 100 * distance / abs(self.reading.value)


@attrs.frozen
class HeldBack:
    """The last time at which the condition was granted and something kept the rule from firing."""

    verdict: Verdict
    time_ms: int


@attrs.frozen(kw_only=True)
class Explanation:
    """How a rule stands for a symbol at its newest ticker; without one nothing is known yet.

    `due_ms` is the earliest time at which it may alert, or be over, without a change of its truth.
    """

    rule: Rule
    symbol: str
    ticker: Ticker | None
    condition: Explained | None
    life: Life
    verdict: Verdict | None
    due_ms: int | None
    cooldown_left_ms: int
    held_back: HeldBack | None
    last_alert: Alert | None


@attrs.frozen
class Glance:
    """How a rule stands for a symbol, as far as that can be told in microseconds.

    `condition` and `ticker` are None before the first ticker; `last_alert_ms` is an event time.
    """

    rule: Rule
    phase: Phase
    ticker: Ticker | None
    condition: Explained | None
    last_alert_ms: int | None
