"""How a configuration has the streams connected."""

from ssl import create_default_context

from alertd.config.model import Feed
from alertd.market.feed.feed import FeedSettings
from alertd.market.feed.proxy import proxy_for
from alertd.market.feed.websocket import Route
from alertd.market.venue import Venue


def feed_settings(feed: Feed, venue: Venue) -> FeedSettings:
    """Return the feed's settings; the environment's proxy serves where none is configured."""
    address = venue.stream_url
    # Made once: reading the system's certificates takes longer than a connection.
    tls = create_default_context() if address.startswith("wss:") else None
    return FeedSettings(
        shape=feed.connections,
        connect_interval_s=feed.connect_rate.interval_s,
        stale_after_s=feed.stale_after_ms / 1000,
        route=Route(ssl_context=tls, proxy=feed.proxy or proxy_for(address)),
    )
