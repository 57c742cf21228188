"""How often something is heard of, learned as it comes, and how much silence is then normal."""

from math import inf

import attrs

# A silence is looked into once it is so many times as long as the longest in recent memory, and
# never sooner than this: the exchange's own beat is two seconds, and a ping costs little.
_TIMES = 4.0
_LEAST_S = 5.0
# How fast a long silence is forgotten: after 50 beats of another pace a third of it is left.
_FORGET = 0.02


@attrs.define
class Pace:
    """The pace of beats. Times are in seconds, of any one monotonic clock.

    What it learns is a maximum that decays: at once when a silence is longer than those before,
    slowly when it is shorter. An average would call half of an irregular symbol's pauses silence.
    """

    last_s: float | None = None
    longest_s: float = 0.0

    def beat(self, now_s: float) -> None:
        """Take note of a beat."""
        if self.last_s is not None:
            pause = now_s - self.last_s
            if pause > self.longest_s:
                self.longest_s = pause
            else:
                self.longest_s += (pause - self.longest_s) * _FORGET
        self.last_s = now_s

    def pause(self) -> None:
        """Take note that beats cannot be heard: the time until the next one is not a pause."""
        self.last_s = None

    def patience_s(self, most_s: float) -> float:
        """Return how long a silence is normal, at the most `most_s`, which is it at the start."""
        if not self.longest_s:
            return most_s if most_s < inf else 0.0
        return min(max(self.longest_s * _TIMES, _LEAST_S), most_s)
