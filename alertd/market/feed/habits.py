"""How a feed behaves, once for all of its links."""

import random
from collections.abc import Callable

import attrs

from alertd.backoff import Backoff
from alertd.market.feed.events import FeedEvent
from alertd.market.feed.pacer import Pacer
from alertd.market.feed.websocket import Route


@attrs.define(kw_only=True)
class Habits:
    """Whom to tell, how patient to be, when to try again. Times are in seconds.

    `stale_after_s` is the most silence taken for quiet before it is looked into; `lifetime_s` is
    when the exchange ends a connection; `explain_silence` says what may keep a symbol silent on a
    connection that is well. What is changed holds from the next look on.
    """

    pacer: Pacer
    report: Callable[[FeedEvent], None]
    explain_silence: Callable[[str], str]
    route: Route = attrs.field(factory=Route)
    stale_after_s: float = 30.0
    lifetime_s: float = 24 * 3600.0
    backoff: Backoff = attrs.field(factory=Backoff)
    draw: Callable[[], float] = random.random
