"""Which of an alert's readings say why: those that made its condition true, or ended it."""

from collections.abc import Iterator

import attrs

from alertd.engine.alert import Alert, AlertState, Reading
from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not


@attrs.frozen
class Reason:
    """A reading that matters. `denial` is how to say that its comparison is not true; "" where it is."""

    reading: Reading
    denial: str = ""


def reasons_of(alert: Alert) -> tuple[Reason, ...]:
    """Return what made the condition what it is now, in the order of the condition; never nothing.

    Of `any` these are the parts that hold, of a `not` what does not, of a rule that is over what
    ended it: what is false now, else what became undefined.
    """
    condition = _read(alert.rule.when, iter(alert.readings))
    over = alert.state is AlertState.RESOLVED
    return tuple(condition.reasons("no longer" if over else "not"))


@attrs.frozen
class _Leaf:
    """A comparison with its reading."""

    reading: Reading

    @property
    def truth(self) -> bool | None:
        return self.reading.holds

    def reasons(self, denial: str) -> Iterator[Reason]:
        yield Reason(self.reading, "" if self.truth else denial)


@attrs.frozen
class _Joined:
    """Parts that are joined: the truth of one of them `settles` that of all (`any`: True, `all`: False).

    Unless one does, an undefined part leaves it undefined. `negated` turns the result round.
    """

    parts: tuple["_Leaf | _Joined", ...]
    settles: bool
    negated: bool = False

    @property
    def truth(self) -> bool | None:
        plain = self._plain
        return plain if plain is None else plain is not self.negated

    @property
    def _plain(self) -> bool | None:
        truths = [part.truth for part in self.parts]
        if self.settles in truths:
            return self.settles
        return None if None in truths else not self.settles

    def reasons(self, denial: str) -> Iterator[Reason]:
        # Of parts one of which would have been enough nobody knows whether they were ever true.
        denial = "not" if self.settles else denial
        for part in self.parts:
            if part.truth is self._plain:
                yield from part.reasons(denial)


def _read(condition: Condition, readings: Iterator[Reading]) -> _Leaf | _Joined:
    match condition:
        case Comparison():
            return _Leaf(next(readings))
        case Not(part):
            return _Joined((_read(part, readings),), settles=True, negated=True)
        case AllOf(parts) | AnyOf(parts):
            read = tuple(_read(part, readings) for part in parts)
            return _Joined(read, settles=isinstance(condition, AnyOf))
