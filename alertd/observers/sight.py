"""How a symbol stands, what the log said of it, and what there is to be said."""

import enum
from math import inf

import attrs

from alertd.market.feed.events import Disconnected, Quiet

_FREE_TIMES = 3
_LONGEST_PAUSE_S = 600.0
_FORGOTTEN_S = 1800.0
_MOMENT_S = 1.0


class State(enum.Enum):
    """How a symbol stands."""

    AWAITED = "awaited"
    SEEN = "seen"
    QUIET = "quiet"
    LOST = "lost"


@attrs.frozen(kw_only=True)
class News:
    """Symbols that stand as nobody was told yet.

    `for_s` is for how long the longest of them has not been seen, or had not; `losses` how often
    the one was lost that was lost most since it was told last; `unseen` counts those that still
    are not seen. `events` are what was heard last of each; the first of those that are lost is tried
    again in `retry_in_s`, 0 is now.
    """

    state: State
    symbols: tuple[str, ...]
    for_s: float
    losses: int
    unseen: int
    events: tuple[Disconnected | Quiet, ...]
    retry_in_s: float


@attrs.frozen(kw_only=True)
class StillLost:
    """Symbols that are lost, as was told; the longest for `for_s`, over so many `attempts`.

    The first of them is tried again in `retry_in_s`; 0 is now.
    """

    symbols: tuple[str, ...]
    for_s: float
    attempts: int
    events: tuple[Disconnected | Quiet, ...]
    retry_in_s: float


@attrs.define
class Sight:
    """A symbol: how it stands, and what was said of it.

    It has not been seen since `since_s`, and was seen again after `unseen_for_s`. `losses` are those
    that nobody was told of. It is not spoken of before `not_before_s`.
    """

    since_s: float
    state: State = State.AWAITED
    said: State = State.AWAITED
    event: Disconnected | Quiet | None = None
    event_s: float = -inf
    unseen_for_s: float = 0.0
    losses: int = 0
    told_times: int = 0
    told_s: float = -inf
    not_before_s: float = -inf

    @property
    def is_told(self) -> bool:
        """Whether there is nothing to be said of it."""
        return self.state is self.said and not self.losses

    def miss(self, state: State, now_s: float) -> None:
        """Take note that it is not seen, lost or quiet."""
        if self.state is State.SEEN:
            self.since_s = now_s
        self.losses += state is State.LOST
        self.state = state

    def retry_in_s(self, now_s: float) -> float:
        """Return in how long it is tried again, 0 where that is under way; inf where it is not lost."""
        if not isinstance(self.event, Disconnected):
            return inf
        # Lines are written a moment after what they tell of, and should say what it said.
        since_s = now_s - self.event_s
        return max(self.event.retry_in_s - (since_s if since_s > _MOMENT_S else 0.0), 0.0)

    def see(self, now_s: float) -> None:
        """Take note that it is seen."""
        self.unseen_for_s = max(self.unseen_for_s, now_s - self.since_s)
        self.state = State.SEEN

    def tell(self, now_s: float) -> None:
        """Take note that it was told of; a loss too often makes it wait for the next word."""
        if self.losses:
            if now_s - self.told_s > _FORGOTTEN_S:
                self.told_times = 0
            self.told_times += 1
            self.told_s = now_s
            if self.told_times > _FREE_TIMES:
                self.not_before_s = now_s + min(2.0**self.told_times, _LONGEST_PAUSE_S)
        self.said, self.losses, self.unseen_for_s = self.state, 0, 0.0
