"""The keys of a rule that say when it may speak."""

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd

from tests.replay.second_opinion.arrays import Flags
from tests.replay.second_opinion.hours import open_at
from tests.replay.second_opinion.market import Market
from tests.replay.second_opinion.quantities import duration_ms


@attrs.frozen(eq=False)
class Keys:
    """At which tickers it may speak at all, and the rest of its life; times are in ms."""

    may_speak: Flags
    cooldown: int
    hold: int
    keep: int
    repeat: int | None
    once: bool
    notify_resolved: bool

    @classmethod
    def of(cls, rule: Mapping[str, Any], market: Market) -> "Keys":
        return cls(
            _may_speak(rule, market),
            cooldown=duration_ms(rule.get("cooldown", "0s")),
            hold=duration_ms(rule.get("for", "0s")),
            keep=duration_ms(rule.get("keep_firing_for", "0s")),
            repeat=duration_ms(rule["repeat"]) if "repeat" in rule else None,
            once=rule.get("once", False),
            notify_resolved=rule.get("notify_resolved", False),
        )


def _may_speak(rule: Mapping[str, Any], market: Market) -> Flags:
    allowed = np.ones(len(market.times), bool)
    if "active" in rule:
        allowed &= open_at(market, **rule["active"])
    if "expires" in rule:
        allowed &= market.times < pd.Timestamp(rule["expires"]).timestamp() * 1000
    return allowed
