"""A condition as a tree over its numbered comparisons, and the truth of every node of it.

Truth has three values: true, false, and None where it cannot be told (Kleene's logic): `not` of
what is unknown is unknown, and only a condition that is true makes a rule fire.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import attrs

from alertd.engine.condition import AllOf, AnyOf, Comparison, Condition, Not

Truth = bool | None


@attrs.frozen
class Node:
    """A condition and its nodes below it; a comparison has the number of its part instead."""

    condition: Condition
    nodes: tuple["Node", ...] = ()
    part: int | None = None

    def truths(self, of_parts: Sequence[Truth]) -> tuple[Truth, ...]:
        """Return the truth of this node and of all below it, each before its own nodes."""
        if self.part is not None:
            return (of_parts[self.part],)
        below = [node.truths(of_parts) for node in self.nodes]
        own = _COMBINED[type(self.condition)]([truths[0] for truths in below])
        return (own, *(truth for truths in below for truth in truths))

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it, in the order of `truths`."""
        yield self
        for node in self.nodes:
            yield from node.walk()


def tree_of(condition: Condition, numbers: Iterator[int]) -> Node:
    """Return the tree of a condition; its comparisons take their `numbers` as they stand."""
    match condition:
        case Comparison():
            return Node(condition, part=next(numbers))
        case Not(part):
            return Node(condition, (tree_of(part, numbers),))
        case AllOf(parts) | AnyOf(parts):
            return Node(condition, tuple(tree_of(part, numbers) for part in parts))


def _all(truths: Sequence[Truth]) -> Truth:
    if False in truths:
        return False
    return None if None in truths else True


def _any(truths: Sequence[Truth]) -> Truth:
    if True in truths:
        return True
    return None if None in truths else False


def _not(truths: Sequence[Truth]) -> Truth:
    return None if truths[0] is None else not truths[0]


_COMBINED: Mapping[type, Callable[[Sequence[Truth]], Truth]] = {
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
}
