"""Exponential back-off with full jitter, as a pure function of the attempt and a random draw."""

import attrs


@attrs.frozen(kw_only=True)
class Backoff:
    """How long to wait before the next attempt: a draw from 0 to `first * 2 ** (failures - 1)`, capped.

    Full jitter spreads many clients that failed together evenly over the whole interval, which
    brings them back sooner and with fewer collisions than jitter around the exponential does.
    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """

    first_s: float = 1.0
    cap_s: float = 60.0

    def delay_s(self, failures: int, draw: float) -> float:
        """Return the seconds to wait after `failures` (1 or more) in a row; `draw` is in [0, 1)."""
        # The exponent is bounded because 2.0 ** 1024 overflows, and a feed may be down for days.
        ceiling = self.first_s * 2.0 ** min(failures - 1, 64)
        return draw * min(ceiling, self.cap_s)
