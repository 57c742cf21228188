"""What a channel's destinations bear, as far as that is known without their secrets."""

from collections import Counter
from collections.abc import Iterator

from alertd.delivery.channel import Channel, ChannelMistake
from alertd.delivery.destination import destinations_of
from alertd.delivery.opening import plugin_at
from alertd.delivery.pace import rates_for
from alertd.delivery.services import usual_limits, usual_rates
from alertd.delivery.settings import Settings


def settings_of(channel: Channel) -> list[Settings]:
    """Return the settings of each destination of a channel, for its outbox.

    URLs that cannot be opened, as their secrets are not here, are known by how they begin; a
    channel without any is taken for one destination of a service that has no figures of its own.
    """
    try:
        opened = [Settings.of(each, channel) for each in destinations_of(channel)]
    except ChannelMistake:
        opened = []
    return opened or list(_usual(channel))


def _usual(channel: Channel) -> Iterator[Settings]:
    labels: Counter[str] = Counter()
    for url in dict.fromkeys(channel.urls or ("",)):
        plugin = plugin_at(url)
        name = plugin.__name__ if plugin else ""
        label = f"{channel.name}: {plugin.service_name}" if plugin else channel.name
        labels[label] += 1
        yield Settings(
            key=f"{channel.name}/{labels.total()}",
            # Told apart as those are that can be opened.
            label=f"{label} {labels[label]}" if labels[label] > 1 else label,
            channel=channel.name,
            limits=usual_limits(name),
            rates=rates_for(usual_rates(name), channel.rate),
            digest_over=channel.digest_over,
            quiet=channel.quiet,
            fallback=channel.fallback,
        )
