"""What a replay costs: a month of one symbol beside plain tools, and a month of the whole market.

    python -m benchmarks.replay ../shared/data [--quick]

One symbol-month of 1-minute klines is read by csv.reader alone, by pandas with a rolling window for
one rule, and by our replay with 1, 10 and 100 rules: CPU time of this process, medians of rounds in
turn; read the ratios. The whole market is the real symbols repeated under other names, spread over
two processes, with 10 rules each: the time it takes, the CPU time of all processes, and how much of
the memory is theirs (PSS, so that what they share counts once), in the beginning and at the end.
"""

import argparse
import csv
import gzip
import itertools
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import attrs

from alertd.engine.condition import Amount
from alertd.engine.operator import Operator as Op
from alertd.engine.rule import Rule
from alertd.market.past.klines import DAY_MS
from alertd.market.past.reels import find_reels
from alertd.replay.playing import Replay, play
from alertd.replay.progress import Progress
from benchmarks.rules import comparison_of, mixed, rule_of

SYMBOL = "BTCUSDT"
SYMBOLS = 573  # trading on USDⓈ-M in August 2026
FEW = 32
ROUNDS = 5
PROCESSES = 2

WITHIN_S, PERCENT = 1800, 2.0
FALL = rule_of(0, comparison_of("close", Op.FALLS, Amount(PERCENT, percent=True), WITHIN_S))


def main() -> None:
    """Print one table, and the lines about the whole market."""
    parser = argparse.ArgumentParser(description="What a replay costs.")
    parser.add_argument("data", type=Path, help="a folder of 1-minute klines, .csv.gz")
    parser.add_argument("--quick", action="store_true", help=f"{FEW} symbols for the whole market")
    options = parser.parse_args()
    print_market(options.data, FEW if options.quick else SYMBOLS)
    print_month(options.data)


# A month of a symbol.


def print_month(data: Path) -> None:
    """Print what each contender needs for it."""
    (file,) = data.glob(f"{SYMBOL}_*.csv.gz")
    contenders: dict[str, Callable[[], int]] = {
        "csv.reader alone": partial(read_plainly, file),
        "pandas, 1 rule": partial(with_pandas, file),
        **{
            f"alertd, {count} rule{'s' if count > 1 else ''}": partial(replay_month, file, count)
            for count in (1, 10, 100)
        },
    }
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    found: dict[str, int] = {}
    for _, (name, contender) in itertools.product(range(ROUNDS), contenders.items()):
        start = time.process_time()
        found[name] = contender()
        seconds[name].append(time.process_time() - start)
    least = median(seconds["csv.reader alone"])
    print(f"\nA month of {SYMBOL} in {file.name}:\n")
    print(f"{'':<20}{'CPU s':>8}{'x':>8}{'rows or alerts':>18}")
    for name, times in seconds.items():
        middle = median(times)
        print(f"{name:<20}{middle:>8.3f}{middle / least:>8.1f}{found[name]:>18,}")


def read_plainly(file: Path) -> int:
    """Read all rows, and do nothing with them; return how many there are."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        return sum(1 for _ in csv.reader(text))


def with_pandas(file: Path) -> int:
    """Do what people do in a notebook for one rule; return how often it would have fired."""
    import pandas as pd  # whose memory is none of the market's

    table = pd.read_csv(file)
    table.index = pd.to_datetime(table["open_time_ms"], unit="ms")
    highest = table["close"].rolling(f"{WITHIN_S}s", closed="both").max()
    holds = 100 * (highest - table["close"]) / highest >= PERCENT
    rises = holds & ~holds.shift(fill_value=False)
    return int(rises.iloc[DAY_MS // 60_000 :].sum())


def replay_month(file: Path, count: int) -> int:
    """Replay it with so many rules; return the alerts of them all."""
    rules = [attrs.evolve(FALL, cooldown_ms=0)] if count == 1 else mixed(count)
    with TemporaryDirectory() as folder:
        replay = play(rules, find_reels([str(file)]), folder=Path(folder))
        return sum(1 for _ in replay.alerts())


# A month of the whole market.


@attrs.define
class Memory:
    """What all processes have of the memory, in MiB: the most so far, early on and later."""

    early: float = 0
    late: float = 0
    looked_s: float = 0

    def look(self, progress: Progress) -> None:
        """Look now and then; the first tenth is early."""
        now_s = time.monotonic()
        if now_s - self.looked_s < 0.2:
            return
        self.looked_s = now_s
        pids = ["self", *(str(it.pid) for it in multiprocessing.active_children())]
        mib = sum(map(pss_mib, pids))
        if (progress.played or 0) < progress.size / 10:
            self.early = max(self.early, mib)
        else:
            self.late = max(self.late, mib)


def pss_mib(pid: str) -> float:
    """Return what a process has of the memory; 0 where it has just ended."""
    try:
        lines = Path("/proc", pid, "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def print_market(data: Path, symbols: int) -> None:
    """Print what a replay of so many symbol-months takes."""
    rules = [attrs.evolve(rule, symbols=("all",)) for rule in mixed(10)]
    memory = Memory()
    with TemporaryDirectory() as market, TemporaryDirectory() as folder:
        renamed(data, symbols, Path(market))
        cpu_s, started_s = cpu_seconds(), time.monotonic()
        replay = play(
            rules,
            find_reels([market]),
            folder=Path(folder),
            processes=PROCESSES,
            report=memory.look,
        )
        print_account(replay, rules, time.monotonic() - started_s, cpu_seconds() - cpu_s)
    print(f"memory of all processes: {memory.early:.0f} MiB early on, {memory.late:.0f} MiB later")


def renamed(data: Path, symbols: int, market: Path) -> None:
    """Make links to the real files until there are so many symbols."""
    files = sorted(data.glob("*USDT_*.csv.gz"))
    for number, file in zip(range(symbols), itertools.cycle(files), strict=False):
        (market / f"S{number:03}{file.name}").symlink_to(file.resolve())


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those that it has seen the end of."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def print_account(replay: Replay, rules: Sequence[Rule], wall_s: float, cpu_s: float) -> None:
    """Print what was played, and how long that took."""
    ticks, alerts = sum(span.ticks for span in replay.spans), sum(1 for _ in replay.alerts())
    print(f"{len(replay.spans)} symbol-months, {len(rules)} rules, {PROCESSES} processes:")
    print(
        f"{ticks:,} ticks, {alerts:,} alerts in {wall_s:.1f} s: {ticks / wall_s:,.0f} ticks a second"
    )
    print(f"CPU of all processes {cpu_s:.1f} s: {1e6 * cpu_s / ticks:.1f} µs a tick")


if __name__ == "__main__":
    main()
