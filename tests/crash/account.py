"""The account of a chain of lives: what was lost, what came twice, and whether it had to.

The promise: every alert reaches every destination at least once. One that comes twice has the same
number, and the answer to the first was lost: the receiver gave none, or the process ended before
it could have the mark on the disk. What this page calls a breach breaks the promise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

import attrs

from tests.crash.receiver import Reception

# From an answer to the mark on the disk takes milliseconds; the machine may be busy.
_MARKED_WITHIN_S = 1.0


@attrs.frozen
class End:
    """How a life ended, and what the journal on the disk said then.

    `delivered` are the alerts that were marked as delivered: (destination, number); `damage` is
    what is wrong with the file.
    """

    life: int
    at: float
    killed: bool
    delivered: frozenset[tuple[str, int]] = frozenset()
    damage: str = ""


@attrs.frozen
class Account:
    """What became of the alerts of a chain of lives; `breaches` are in words.

    An alert in a digest counts as received like any other; `pictures` came with some. It was received again as the receiver
    had not answered (`unanswered`), or as the process ended before the mark (`unmarked`).
    """

    alerts: int
    received: int
    pictures: int
    unanswered: int
    unmarked: int
    breaches: tuple[str, ...]


def draw_up(
    receptions: Sequence[Reception],
    ends: Sequence[End],
    *,
    destinations: Iterable[str],
    once: Iterable[str],
    kept: Mapping[int, str],
) -> Account:
    """Return the account of a chain that has come to rest.

    `once` is what each destination must have been told exactly once, `kept` the alerts in the
    journal at the end, by number.
    """
    taken = [it for it in receptions if it.taken]
    again = list(_repetitions(taken))
    unjustified = [f"{it}: {why}" for it in again if (why := _why_unjustified(it, ends))]
    unanswered = sum(it.first.answered_at is None for it in again)
    breaches = (
        *(f"damaged after life {end.life}: {end.damage}" for end in ends if end.damage),
        *(f"lost: {it}" for it in _lost(taken, destinations, once, kept)),
        *(f"unjustified duplicate: {it}" for it in unjustified),
        *(f"numbered twice: {it}" for it in _numbered_twice(taken, once)),
        *(f"out of turn: {it}" for it in _out_of_turn(taken)),
        *(f"out of order: {it}" for it in _out_of_order(taken)),
    )
    received = sum(len(it.told) for it in taken)
    pictures = sum(it.has_picture for it in taken)
    return Account(len(kept), received, pictures, unanswered, len(again) - unanswered, breaches)


@attrs.frozen
class _Repetition:
    destination: str
    number: int
    first: Reception
    second: Reception

    def __str__(self) -> str:
        return (
            f"alert {self.number} at {self.destination} in life {self.first.life} "
            f"and in life {self.second.life}"
        )


def _repetitions(taken: Iterable[Reception]) -> Iterator[_Repetition]:
    newest: dict[tuple[str, int], Reception] = {}
    for reception in taken:
        for told in reception.told:
            key = reception.destination, told.number
            if key in newest:
                yield _Repetition(*key, newest[key], reception)
            newest[key] = reception


def _why_unjustified(again: _Repetition, ends: Sequence[End]) -> str:
    """Return why the second should not have been sent, nothing where it had to be."""
    first, second = again.first, again.second
    between = [end for end in ends if first.life <= end.life < second.life]
    if any((again.destination, again.number) in end.delivered for end in between):
        return "the journal had it as delivered"
    if first.answered_at is None:
        return ""
    if not between:
        return "the first was answered, and the process went on"
    if not between[0].killed:
        return "the first was answered, and the process ended in order"
    if between[0].at - first.answered_at > _MARKED_WITHIN_S:
        return f"it was answered {between[0].at - first.answered_at:.1f} s before the end"
    return ""


def _lost(
    taken: Iterable[Reception],
    destinations: Iterable[str],
    once: Iterable[str],
    kept: Mapping[int, str],
) -> Iterator[str]:
    said = {(it.destination, told.says) for it in taken for told in it.told}
    numbers = {(it.destination, told.number) for it in taken for told in it.told}
    for destination in destinations:
        yield from (f"{it} for {destination}" for it in once if (destination, it) not in said)
        for number, says in kept.items():
            if (destination, number) not in numbers:
                yield f"alert {number} ({says}), which the journal has, for {destination}"


def _numbered_twice(taken: Iterable[Reception], once: Iterable[str]) -> Iterator[str]:
    """Yield what was said under two numbers, and numbers that stand for two things."""
    told = {told for it in taken for told in it.told}
    by_words = Counter(it.says for it in told)
    yield from (it for it in sorted(once) if by_words[it] > 1)
    by_number = Counter(it.number for it in told)
    yield from (f"number {it}" for it, times in by_number.items() if times > 1)


def _out_of_turn(taken: Iterable[Reception]) -> Iterator[str]:
    """Yield the alerts of a level that follow one of the same state: it cannot begin twice in a row."""
    told = {told.number: told.says for it in taken for told in it.told}
    by_rule = sorted((says.split()[0], number) for number, says in told.items())
    for _, numbers in groupby(by_rule, key=lambda it: it[0]):
        for (_, before), (_, after) in pairwise(numbers):
            if told[before] == told[after]:
                yield f"alerts {before} and {after} both say: {told[after]}"


def _out_of_order(taken: Iterable[Reception]) -> Iterator[str]:
    newest: dict[str, int] = {}
    seen: set[tuple[str, int]] = set()
    for reception in taken:
        for told in reception.told:
            key = reception.destination, told.number
            if key not in seen and told.number < newest.get(reception.destination, 0):
                yield f"alert {told.number} at {reception.destination} in life {reception.life}"
            seen.add(key)
            newest[reception.destination] = max(newest.get(reception.destination, 0), told.number)
