"""When a rule speaks about one symbol: the few tickers that matter, one after the other."""

from collections.abc import Generator, Iterator, Sequence

import attrs

from tests.replay.second_opinion.arrays import Places
from tests.replay.second_opinion.conditions import Condition
from tests.replay.second_opinion.keys import Keys
from tests.replay.second_opinion.market import Market


@attrs.frozen
class Said:
    """An alert: the place of its ticker, and those of the alerts before it that `rearm` is about."""

    place: int
    after: Sequence[int]
    state: str = "firing"


def event_life(market: Market, condition: Condition, keys: Keys) -> Iterator[Said]:
    """An event alerts when it happens; one that may not be told is dropped."""
    alerts: list[int] = []
    start = 0
    while True:
        happens = Places(condition.holds_after(alerts) & keys.may_speak)
        place = happens.at_or_after(start)
        if place == happens.end:
            return
        yield Said(place, tuple(alerts))
        if keys.once:
            return
        alerts.append(place)
        start = max(place + 1, market.later(place, keys.cooldown))


class LevelLife:
    """A level becomes true, is waited for, fires, and is over."""

    def __init__(self, market: Market, condition: Condition, keys: Keys) -> None:
        self.market, self.condition, self.keys = market, condition, keys
        self.true, self.false = Places(condition.now), Places(~condition.now)
        self.may_speak = Places(keys.may_speak)
        self.end = len(market.times)
        self.last: int | None = None  # the place of the last alert

    def said(self) -> Iterator[Said]:
        """Give every alert, in the order of time."""
        place = 0
        while (place := self.true.at_or_after(place)) < self.end:
            false_again = self.false.at_or_after(place)
            fires = self._fires(place)
            if fires < false_again:
                place = yield from self._firing(fires)
            else:
                place = false_again

    def _fires(self, true_since: int) -> int:
        """Return where it fires if it stays true: held for long enough, and nothing forbids it."""
        if self.last is not None and self.keys.once:
            return self.end
        due = self.market.later(true_since, self.keys.hold)
        return self.may_speak.at_or_after(max(due, self._cooled_down()))

    def _firing(self, fired: int) -> Generator[Said, None, int]:
        """Give the alerts from the first one on, and return the place at which it is over."""
        yield Said(fired, [fired])
        self.last = fired
        flags = self.condition.holds_after([fired])
        held, over, place = Places(flags), Places(~flags), fired
        while True:
            gone = over.at_or_after(place)
            yield from self._repeats(fired, place, gone)
            place, resolved = held.at_or_after(gone), self.market.later(gone, self.keys.keep)
            if resolved < place:
                break
            if place == self.end:
                return place
        if self.keys.notify_resolved and self.keys.may_speak[resolved]:
            yield Said(resolved, [fired], "resolved")
        return resolved

    def _repeats(self, fired: int, start: int, end: int) -> Iterator[Said]:
        """Give those of a stretch in which it holds without a break."""
        while self.keys.repeat is not None and self.last is not None:
            due = self.market.later(self.last, max(self.keys.repeat, self.keys.cooldown))
            place = self.may_speak.at_or_after(max(start, due))
            if place >= end:
                return
            yield Said(place, [fired])
            self.last = place

    def _cooled_down(self) -> int:
        return 0 if self.last is None else self.market.later(self.last, self.keys.cooldown)
