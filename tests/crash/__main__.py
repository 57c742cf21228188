"""`python -m tests.crash`: kill the daemon again and again, and count what its receivers have.

    python -m tests.crash [--kills 500] [--at-once 4] [--seed 1]

Prints a line a chain and the figures of all; exit status 1 if the promise was broken, and then the
chains' folders stay where it says.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import trio

from tests.crash.campaign import Campaign, kinds_of_ends
from tests.crash.chain import Chain
from tests.crash.cutting import build


def main() -> int:
    """Run it."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="alertd-crash-"))
    campaign = Campaign(
        folder,
        build(folder),
        options.kills,
        random.Random(options.seed),  # noqa: S311 - a draw that can be repeated
        _print_chain,
    )
    began = time.monotonic()
    trio.run(partial(campaign.run, at_once=options.at_once))
    _print(*_figures(campaign, time.monotonic() - began))
    if campaign.breaches:
        _print(f"The promise was broken: see {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=500, help="how often it is killed")
    parser.add_argument("--at-once", type=int, default=4, help="how many chains at a time")
    parser.add_argument("--seed", type=int, default=1, help="for another campaign")
    return parser.parse_args()


def _print_chain(number: int, chain: Chain) -> None:
    account = chain.account
    killed = sum(life.killed for life in chain.lives)
    _print(
        f"chain {number}: {killed} kills, {account.alerts} alerts, {account.received} received, "
        f"{account.unanswered + account.unmarked} of them again; {len(account.breaches)} breaches",
        *(f"    {breach}" for breach in account.breaches),
    )


def _figures(campaign: Campaign, took_s: float) -> Iterator[str]:
    lives = campaign.lives
    powerless = [life.at_stake for life in lives if life.at_stake is not None]
    accounts = [chain.account for chain in campaign.chains]
    at_points = sum(kinds_of_ends(lives).values())
    for points, which in ((campaign.first, "a first"), (campaign.later, "a later")):
        yield f"points        {len(points)} of {which} life, {points.used} of them used"
    yield f"kills         {campaign.killed}: {at_points} at points, the others at any moment"
    yield f"power cuts    {len(powerless)} of them, with {sum(powerless)} changes at stake"
    yield f"lives         {len(lives)}, {len(lives) / took_s:.2f} a second"
    unanswered = sum(it.unanswered for it in accounts)
    unmarked = sum(it.unmarked for it in accounts)
    yield f"alerts        {sum(it.alerts for it in accounts)}, each for 4 destinations"
    yield f"received      {sum(it.received for it in accounts)}"
    yield f"pictures      {sum(it.pictures for it in accounts)}"
    yield f"again         {unanswered} as the receiver gave no answer"
    yield f"              {unmarked} as the process ended before it had marked them"
    yield f"breaches      {len(campaign.breaches)}"
    yield "killed at"
    for kind, count in kinds_of_ends(lives).most_common():
        yield f"    {count:10} {kind}"


def _print(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - what it is for


if __name__ == "__main__":
    sys.exit(main())
