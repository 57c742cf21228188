"""What delivery costs: the daemon, a local exchange and receivers on loopback, side by side.

    python -m benchmarks.delivery [--quick] [way idle written dead restart]

- way: from a ticker on the exchange to a POST at its receiver, with its parts, beside Apprise alone.
- idle: the daemon beside its feed and its engine, while nothing fires.
- written: alerts a second into the journal, and what that is to the feed.
- dead: what a thousand and ten thousand waiting deliveries are to the feed.
- restart: until it is ready, and its memory, with little and much in the journal.

What is compared runs at the same time, on the same tickers, so that what disturbs the machine disturbs
both. All processes share the machine's cores: read the ratios. It takes six minutes, a quick one two.
"""

import argparse
from functools import partial

import attrs
import trio

from benchmarks.delivery import dead, idle, restart, way, written


@attrs.frozen
class Effort:
    """How long to measure: seconds of market, rounds of what is done in rounds, alerts to be kept."""

    seconds: float
    rounds: int
    alerts: int


THOROUGH = Effort(seconds=60, rounds=3, alerts=9000)
QUICK = Effort(seconds=10, rounds=1, alerts=1500)
CHAPTERS = ("way", "idle", "written", "dead", "restart")


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.delivery")
    parser.add_argument("--quick", action="store_true", help="two minutes, more noise")
    parser.add_argument("chapters", nargs="*", default=CHAPTERS, help=", ".join(CHAPTERS))
    options = parser.parse_args()
    effort = QUICK if options.quick else THOROUGH
    if "way" in options.chapters:
        trio.run(way.measure, effort.seconds)
    if "idle" in options.chapters:
        trio.run(idle.measure, effort.rounds)
    if "written" in options.chapters:
        trio.run(partial(written.measure, effort.alerts, effort.seconds))
    if "dead" in options.chapters:
        trio.run(dead.measure, effort.seconds)
    if "restart" in options.chapters:
        restart.measure(effort.rounds)


if __name__ == "__main__":
    main()
