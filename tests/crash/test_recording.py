"""A recording through kills and power cuts, at every step that it makes: what was flushed is there."""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.crash.cutting import Cut, Side, Tools
from tests.crash.power import cut_power, partly
from tests.market.past.recorded.recordings import read, tick

_FLUSHES, _A_FLUSH = 6, 20
# Each flush in a frame that goes on, but for one that ends it and one that begins another file.
_PROGRAM = """
import pathlib, sys
from alertd.market.past.recorded.writer import RecordingWriter
from tests.market.past.recorded.recordings import HOUR_S, tick
writer = RecordingWriter(pathlib.Path(sys.argv[1]))
for flush, second in enumerate((0, 5, 61, 66, 3600, 3605)):
    first = flush * 20
    writer.write([tick(number, f"S{number % 5}USDT") for number in range(first, first + 20)], HOUR_S + second)
    print(flush + 1, flush=True)
writer.end()
"""
KINDS = ("create", "sync", "write")
_ALL = [tick(number, f"S{number % 5}USDT") for number in range(_FLUSHES * _A_FLUSH)]


def flushed(folder: Path, tools: Tools, cut: Cut | None) -> int:
    """Run the program until it is cut off; return how many flushes it was sure of."""
    ran = subprocess.run(
        [sys.executable, "-c", _PROGRAM, folder],
        env=os.environ | {"PYTHONPATH": "."} | tools.environment(cut),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == (0 if cut is None else -9), ran.stderr
    return len(ran.stdout.split())


def tools_in(folder: Path, library: Path) -> Tools:
    (folder / "tapes").mkdir(parents=True)
    return Tools(library, folder / "tapes" / "20", folder / "steps", folder / "undo")


@pytest.mark.parametrize(("side", "kinds"), [(Side.BEFORE, KINDS), (Side.HALF, ("write",))])
def test_wherever_it_is_killed_and_the_power_goes_what_was_flushed_is_played(
    side: Side, kinds: tuple[str, ...], library: Path, tmp_path: Path
):
    tools = tools_in(tmp_path / "whole", library)
    assert flushed(tmp_path / "whole" / "tapes", tools, None) == _FLUSHES
    counts = Counter(step.partition(" ")[0] for step in tools.take_steps())
    assert set(counts) == set(KINDS)
    draw = random.Random(side.value)  # noqa: S311 - a disk's caprice is no secret
    for kind in kinds:
        for number in range(1, counts[kind] + 1):
            folder = tmp_path / f"{kind} {number}"
            its_tools = tools_in(folder, library)
            sure = flushed(folder / "tapes", its_tools, Cut(f"{kind} ", number, side))
            for tapes in (folder / "tapes", after_power_cut(folder, its_tools, draw)):
                played = read(tapes)
                assert played == _ALL[: len(played)]
                assert len(played) >= sure * _A_FLUSH


def after_power_cut(folder: Path, tools: Tools, draw: random.Random) -> Path:
    """Take from the folder what was not sure to be on the disk."""
    cut_power(tools.journal, tools.undo, partly(draw))
    return folder / "tapes"
