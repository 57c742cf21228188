"""The silences that are known, those that are over too."""

from collections.abc import Iterable

import attrs

from alertd.engine.silence import Silence


class Silences:
    """Looks after silences by their numbers."""

    def __init__(self, known: Iterable[Silence]) -> None:
        self._known = {silence.number: silence for silence in known}

    def all(self) -> tuple[Silence, ...]:
        """Return all of them, in the order of their numbers."""
        return tuple(it for _, it in sorted(self._known.items()))

    def add(self, silence: Silence) -> None:
        """Take a new one."""
        self._known[silence.number] = silence

    def learn(self, found: Iterable[Silence]) -> None:
        """Take those that nobody knew of; what is known already stays as it is."""
        self._known = {silence.number: silence for silence in found} | self._known

    def end(self, number: int, now_ms: int) -> Silence | None:
        """End one and return it; None where there is none of that number in force."""
        silence = self._known.get(number)
        if silence is None or not silence.is_in_force(now_ms):
            return None
        self._known[number] = ended = attrs.evolve(silence, ended_ms=now_ms)
        return ended
