"""`alertd run`: the daemon."""

import os
from pathlib import Path

import attrs
import click

from alertd.cli.common import config_option, load, mistakes_end_it


@click.command(short_help="Watch the market and deliver alerts, until stopped.")
@config_option
@click.option(
    "--feed-url",
    metavar="URL",
    help="Take the tickers from there, for example from `alertd simulate`.",
)
def command(config_path: Path | None, feed_url: str | None) -> None:
    """Watch the market and deliver alerts, until stopped.

    SIGTERM or Ctrl-C ends the streams at once and gives deliveries under way 20 seconds; the
    second one does not wait for them.
    """
    import trio

    from alertd import logs
    from alertd.config.model import LogFormat
    from alertd.daemon import Daemon, run_until_signalled
    from alertd.delivery.secrets import SecretsFilter
    from alertd.observer import LogObserver
    from alertd.systemd import Notifier

    with mistakes_end_it():
        config = load(config_path)
    if feed_url:
        config = attrs.evolve(config, feed=attrs.evolve(config.feed, url=feed_url))
    notifier = Notifier.from_environment(os.environ)
    daemon = Daemon(config, observers=[LogObserver()], notifier=notifier)
    logs.set_up(
        config.log.level.value,
        always_timed=config.log.format is LogFormat.TEXT,
        filters=[SecretsFilter(daemon.secrets)],
    )
    trio.run(run_until_signalled, daemon)
