"""Stories of tickers in a line of text, and what a rule has to say of them.

`"99 100 101! 60:99~"` are closes at 0, 2, 4 and 60 seconds: one every two seconds, where none is
named. After a price that the rule alerts at stands a `!`, after one at which it says that it is
over a `~`. `100/104/96` is a close with the high and the low of the 24 hours.

The engine and its naive model play every story, and have to agree on it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from alertd.engine.alert import Alert, AlertState
from alertd.engine.condition import Condition
from alertd.engine.engine import Engine
from alertd.engine.rule import Rule
from alertd.market.ticker import Ticker
from tests.engine.naive import NaiveEngine
from tests.engine.tickers import SYMBOL, rule, ticker

_BEAT_S = 2.0
_TOKEN = re.compile(r"(?:([\d.]+):)?([\d.]+)(?:/([\d.]+)/([\d.]+))?([!~]?)$")
_MARKS = {AlertState.FIRING: "!", AlertState.RESOLVED: "~"}


@attrs.frozen
class Scene:
    """A ticker of a story as it was written: `text` without its mark."""

    text: str
    ticker: Ticker


def scenes(story: str, field: str = "close", **fields: float) -> Iterator[Scene]:
    """The tickers of a story, whose numbers are of `field`; `fields` are the same at all of them."""
    at_s = -_BEAT_S
    for word in story.split():
        token = _TOKEN.match(word)
        assert token, f"{word} is no part of a story"
        at, value, high, low, _ = token.groups()
        at_s = float(at) if at else at_s + _BEAT_S
        said = fields | {field: float(value)}
        if high:
            said |= {"high": float(high), "low": float(low)}
        yield Scene(word.rstrip("!~"), _ticker(at_s, said))


def _ticker(at_s: float, fields: Mapping[str, Any]) -> Ticker:
    return ticker(at_s, **fields)


class Players:
    """The engine and the model with the same rules."""

    def __init__(self, *rules: Rule) -> None:
        self.engine = Engine({SYMBOL: rules})
        self.model = NaiveEngine({SYMBOL: rules})

    def watch(self, *rules: Rule) -> None:
        self.engine.watch({SYMBOL: rules})
        self.model.watch({SYMBOL: rules})

    def rearm(self, name: str, symbol: str | None = None) -> int:
        rearmed = self.engine.rearm(name, symbol)
        assert rearmed == self.model.rearm(name, symbol)
        return rearmed

    def update(self, newest: Ticker) -> list[Alert]:
        alerts = self.engine.update(newest)
        assert alerts == self.model.update(newest)
        return alerts

    def alerts(self, story: str, field: str = "close", **fields: float) -> list[Alert]:
        """What a story sets off."""
        told = scenes(story, field, **fields)
        return [alert for scene in told for alert in self.update(scene.ticker)]

    def check_story(self, story: str, field: str = "close", **fields: float) -> None:
        """See that the only rule says exactly what is marked in the story."""
        played = []
        for scene in scenes(story, field, **fields):
            marks = [_MARKS[alert.state] for alert in self.update(scene.ticker)]
            played.append(scene.text + "".join(marks))
        assert " ".join(played) == " ".join(story.split())


def check_story(
    tested: Rule | Condition, story: str, field: str = "close", **fields: float
) -> None:
    """See that a rule, or one of this condition only, says exactly what is marked in the story."""
    Players(_rule(tested)).check_story(story, field, **fields)


def alerts_of(
    tested: Rule | Condition, story: str, field: str = "close", **fields: float
) -> list[Alert]:
    """What a story sets off with this rule, or one of this condition only."""
    return Players(_rule(tested)).alerts(story, field, **fields)


def _rule(tested: Rule | Condition) -> Rule:
    return tested if isinstance(tested, Rule) else rule(tested)
