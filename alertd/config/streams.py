"""How a configuration has the streams connected."""

from ssl import create_default_context

from alertd.config.model import Config
from alertd.market.feed.feed import FeedSettings
from alertd.market.feed.proxy import proxy_for
from alertd.market.feed.websocket import Route


def feed_settings(config: Config) -> FeedSettings:
    """Return the feed's settings; the environment's proxy serves where none is configured."""
    address = config.venue.stream_url
    # Made once: reading the system's certificates takes longer than a connection.
    tls = create_default_context() if address.startswith("wss:") else None
    return FeedSettings(
        shape=config.feed.connections,
        connect_interval_s=config.feed.connect_rate.interval_s,
        stale_after_s=config.feed.stale_after_ms / 1000,
        route=Route(ssl_context=tls, proxy=config.feed.proxy or proxy_for(address)),
    )
