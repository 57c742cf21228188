"""`alertd demo`: the whole at work for a few seconds, with no network, no key and no server."""

import sys

import click

from alertd.cli.common import UsersMistake
from alertd.market.past.klines import KlinesError
from alertd.market.past.scenarios import SCENARIOS

_INTERRUPTED = 130  # as shells have it for SIGINT


@click.command
@click.option(
    "--scenario",
    type=click.Choice(list(SCENARIOS)),
    default="flash-crash",
    show_default=True,
    help="Which generated market to play.",
)
@click.option("--seed", default=0, show_default=True, help="Another seed, another market.")
@click.option("--data", "paths", multiple=True, metavar="PATH", help="Play real klines instead.")
@click.option(
    "--seconds",
    type=click.IntRange(min=1),
    default=15,
    show_default=True,
    help="How long it takes.",
)
def command(*, scenario: str, seed: int, paths: tuple[str, ...], seconds: int) -> None:
    """Watch the whole at work for a few seconds.

    A local exchange plays a market to the daemon over real websockets; what its rules find
    arrives at a real web server. Nothing leaves this machine.
    """
    import trio
    from rich.console import Console

    from alertd.demo.programme import generated, recorded
    from alertd.demo.show import show_until_interrupted

    try:
        if paths:
            programme = recorded(paths, seconds=seconds)
        else:
            programme = generated(scenario, seed=seed, seconds=seconds)
    except KlinesError as error:
        raise UsersMistake(str(error)) from None
    if not trio.run(show_until_interrupted, programme, Console()):
        sys.exit(_INTERRUPTED)
