"""`alertd test-notify`: a real message through each channel."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from alertd.cli.common import (
    FAILED,
    chosen,
    config_option,
    load,
    mistakes_end_it,
    now_ms,
    print_data,
)
from alertd.cli.names import channel_names

if TYPE_CHECKING:
    from alertd.delivery.trial_send import Tried


@click.command(short_help="Send a test through each channel, and say what came of it.")
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print data for programs.")
@click.argument("names", nargs=-1, metavar="[CHANNEL]...", shell_complete=channel_names)
def command(config_path: Path | None, as_json: bool, names: tuple[str, ...]) -> None:
    """Send a real message through each channel, and say what came of it and what to do.

    With a CHANNEL, or several (names, or patterns such as 'desk-*'), through those alone. Quiet
    hours and severities do not count here, and no daemon has to run. Each place has 30 seconds.

    Exit status: 0 where all took it, 1 where one did not, 2 for a mistake of yours.
    """
    import trio

    from alertd.delivery.destination import destinations_of
    from alertd.delivery.trial_send import try_all

    with mistakes_end_it():
        configured = {channel.name: channel for channel in load(config_path).channels}
    channels = [configured[name] for name in chosen("channel", names or ("*",), configured)]
    labels = [it.label for channel in channels for it in destinations_of(channel)]
    width = max(map(len, labels))
    tried: list[Tried] = []

    def report(one: "Tried") -> None:
        tried.append(one)
        if not as_json:
            click.echo(f"{one.destination:<{width}}  {_in_words(one)}")

    trio.run(partial(try_all, channels, time_ms=now_ms(), report=report))
    if as_json:
        print_data([_as_data(one) for one in tried])
    if any(one.failure for one in tried):
        sys.exit(FAILED)


def _in_words(one: "Tried") -> str:
    if one.failure is None:
        return f"took it in {one.latency_ms} ms"
    return f"{'refused' if one.failure.is_final else 'failed'}: {one.failure.reason}"


def _as_data(one: "Tried") -> dict[str, object]:
    failure = one.failure
    return {
        "channel": one.channel,
        "destination": one.destination,
        "ok": failure is None,
        "latency_ms": one.latency_ms,
        "reason": failure.reason if failure else "",
        "refused": failure is not None and failure.is_final,
    }
