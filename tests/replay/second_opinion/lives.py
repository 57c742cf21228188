"""When a rule speaks about one symbol: the few tickers that matter, one after the other."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Flags, Places
from tests.replay.second_opinion.conditions import Condition
from tests.replay.second_opinion.hours import open_at
from tests.replay.second_opinion.market import Market
from tests.replay.second_opinion.quantities import duration_ms

Said = tuple[int, str]  # at which ticker, and as what


@attrs.frozen(eq=False)
class Keys:
    """The keys of a rule's life. Times are in ms."""

    may_speak: Flags
    cooldown: int
    hold: int
    keep: int
    repeat: int | None
    once: bool
    notify_resolved: bool

    @classmethod
    def of(cls, rule: Mapping[str, Any], market: Market) -> "Keys":
        def duration(name: str) -> int:
            return duration_ms(rule[name]) if name in rule else 0

        may_speak = np.ones(len(market.times), bool)
        if "active" in rule:
            may_speak &= open_at(market, **rule["active"])
        if "expires" in rule:
            may_speak &= market.times < pd.Timestamp(rule["expires"]).timestamp() * 1000
        return cls(
            may_speak,
            cooldown=duration("cooldown"),
            hold=duration("for"),
            keep=duration("keep_firing_for"),
            repeat=duration("repeat") or None,
            once=rule.get("once", False),
            notify_resolved=rule.get("notify_resolved", False),
        )


def said(market: Market, condition: Condition, keys: Keys) -> Iterator[Said]:
    """Give every alert of a rule about a symbol, in the order of time."""
    if condition.is_event:
        return event_life(market, condition, keys)
    return LevelLife(market, condition, keys).said()


def event_life(market: Market, condition: Condition, keys: Keys) -> Iterator[Said]:
    """An event alerts when it happens; one that may not be told is dropped."""
    fired: int | None = None
    for place in Places(condition.now & keys.may_speak):
        if fired is not None:
            if keys.once:
                return
            too_early = market.times[place] - market.times[fired] < keys.cooldown
            if too_early or not condition.is_ready(place, fired):
                continue
        yield place, "firing"
        fired = place


class LevelLife:
    """A level becomes true, is waited for, fires, and is over."""

    def __init__(self, market: Market, condition: Condition, keys: Keys) -> None:
        self.market, self.keys = market, keys
        self.true, self.false = Places(condition.now), Places(~condition.now)
        self.held, self.over = Places(condition.held), Places(~condition.held)
        self.may_speak = Places(keys.may_speak)
        self.may_repeat = Places(keys.may_speak & condition.held)
        self.end = len(market.times)
        self.last: int | None = None  # the place of the last alert

    def said(self) -> Iterator[Said]:
        place = 0
        while (place := self.true.at_or_after(place)) < self.end:
            false_again = self.false.at_or_after(place)
            fires = self._fires(place)
            if fires >= false_again:
                place = false_again
                continue
            place = yield from self._firing(fires)

    def _fires(self, true_since: int) -> int:
        """Return where it fires if it stays true: held for long enough, and nothing forbids it."""
        if self.last is not None and self.keys.once:
            return self.end
        due = max(true_since, self._later(true_since, self.keys.hold))
        return self.may_speak.at_or_after(max(due, self._cooled_down()))

    def _firing(self, place: int) -> Iterator[Said]:
        """Give the alerts from the first one on, and return the place at which it is over."""
        yield place, "firing"
        self.last = place
        while True:
            over = self.over.at_or_after(place)
            yield from self._repeats(place, over)
            back, resolved = self.held.at_or_after(over), self._later(over, self.keys.keep)
            if resolved < back:
                break
            place = back
            if place == self.end:
                return place
        if self.keys.notify_resolved and self.keys.may_speak[resolved]:
            yield resolved, "resolved"
        return resolved

    def _repeats(self, start: int, end: int) -> Iterator[Said]:
        """Give those of a stretch in which it holds without a break."""
        if self.keys.repeat is None:
            return
        while True:
            due = max(start, self._later(self.last, self.keys.repeat), self._cooled_down())
            place = self.may_repeat.at_or_after(due)
            if place >= end:
                return
            yield place, "firing"
            self.last = place

    def _cooled_down(self) -> int:
        return 0 if self.last is None else self._later(self.last, self.keys.cooldown)

    def _later(self, place: int, duration: int) -> int:
        """Return the first place that is at least so much later, the end where there is none."""
        if place >= self.end:
            return self.end
        return self.market.at_or_after(int(self.market.times[place]) + duration)
