"""How often something may happen."""

import attrs


@attrs.frozen
class Rate:
    """So many times in so many seconds."""

    times: int
    seconds: int

    @property
    def interval_s(self) -> float:
        """Seconds between two turns when they are spread evenly."""
        return self.seconds / self.times
