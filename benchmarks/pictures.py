"""What a picture costs: the first one of a process and further ones, beside Pillow's import.

    python -m benchmarks.pictures

Each row is a process of its own: nothing is known before. An alert's picture shows six hours of
minutes with all that there can be beside them; another one is of a path of a month's minutes, which
is thinned first. Times are CPU time, the least of some rounds; read the ratios.
"""

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from alertd.drawing.chart import Chart, Mark, PricePath
from benchmarks.readers import resident_mib

ROUNDS = 5
FURTHER = 30
_MINUTE_MS = 60_000
# What is legible on a phone, and what it has pixels for.
_SIZES = ((800, 450), (1080, 720))


def a_chart(minutes: int) -> Chart:
    """Return a chart of a price that swings and trembles."""
    closes = [round(100 + 3 * math.sin(it / 40) + math.sin(it * it), 2) for it in range(minutes)]
    path = PricePath(
        times_ms=tuple(1_746_705_600_000 + _MINUTE_MS * it for it in range(minutes)),
        closes=tuple(closes),
        lows=tuple(close - 0.3 for close in closes),
        highs=tuple(close + 0.3 for close in closes),
        slot_ms=_MINUTE_MS,
    )
    return Chart(
        title="SOLUSDT above 104",
        subtitle="close 104.12, +4.1% in 24h",
        path=path,
        levels=(104.0,),
        bands=((99.0, 101.0),),
        stretch=(path.times_ms[-61], path.times_ms[-1]),
        day_low=95.0,
        day_high=120.0,
        marks=(Mark(time_ms=path.times_ms[-1], price=closes[-1]),),
        zone=ZoneInfo("Europe/Berlin"),
    )


def _measured(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _child(minutes: int, width: int, height: int) -> None:
    """Print milliseconds and MiB: of Pillow's import, the first picture, a further one."""
    chart, before = a_chart(minutes), resident_mib()
    pillow_ms = _measured(lambda: __import__("PIL.ImageFont"))
    pillow_mib = resident_mib() - before

    def drawn() -> bytes:
        from alertd.drawing.png import draw

        return draw(chart, width=width, height=height, dark=True)

    first_ms, first_mib = _measured(drawn), resident_mib() - before
    further_ms = sorted(_measured(drawn) for _ in range(FURTHER))[FURTHER // 2]
    figures = [pillow_ms, first_ms, further_ms, pillow_mib, first_mib, resident_mib() - before]
    print(json.dumps([*figures, len(drawn()) / 1000]))


def _row(minutes: int, width: int, height: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.pictures", *map(str, (minutes, width, height))]
    rounds = [json.loads(subprocess.check_output(command)) for _ in range(ROUNDS)]
    return [min(column) for column in zip(*rounds, strict=True)]


def main() -> None:
    """Print a table."""
    print(
        "| path | pixels | Pillow, ms | first, ms | further, ms | Pillow, MiB | first | 30 | kB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, minutes in (("6 h", 360), ("31 d", 44_640)):
        for width, height in _SIZES:
            figures = " | ".join(f"{figure:.1f}" for figure in _row(minutes, width, height))
            print(f"| {name} | {width} x {height} | {figures} |", flush=True)


if __name__ == "__main__":
    _child(*map(int, sys.argv[1:])) if sys.argv[1:] else main()
