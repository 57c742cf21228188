"""What it costs to read rules: 10,000 of the simplest, of all kinds, and with texts of their own.

    python -m benchmarks.load

Beside it stands PyYAML's C loader on the same text, with the garbage collector off as ours is: what
the bare data costs, without places, checks or meaning. Each reading is a process of its own, so that
nothing of it is known before. Times are CPU time, the least of some rounds; read the ratios.
"""

import gc
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from alertd.collector import without_collector
from alertd.config.load import load_config

RULES = 10_000
ROUNDS = 3
_HEAD = "channels: {phone: 'json://localhost'}\nrules: [rules.yaml]\n"
# Conditions with a level for each rule, and keys that fit them.
_KINDS = (
    ("{close: {crosses_above: %d}}", "cooldown: 5m"),
    ("{close: {above: %d, rearm: 2}, quote_volume: {above: 50M}}", "for: 30s"),
    ("{close: {rises: 3%%, within: 5m}, volume: {above: %d}}", "severity: critical"),
    ("{any: [{close: {falls: 8%%, within: 5m}}, {low: {below: %d}}]}", "repeat: 10m"),
    ("{close: {new_high: 4h}, volume: {above: %d}}", "once: true"),
    ("{close: {crosses_every: %d}}", "cooldown: 1h"),
    ("{close: {between: [%d, 1e6]}}", "notify_resolved: true"),
    ("{all: [{close: {touches: %d}}, {not: {range_position: {below: 50}}}]}", "enabled: true"),
    ("{close: {enters: [%d, 1e6]}}", "active: {days: mon-fri, timezone: Europe/Berlin}"),
    ("{close: {above: vwap}, change: {above: %d}}", "expires: 2099-12-31T23:59Z"),
)
_SYMBOLS = ("BTCUSDT", "[BTCUSDT, ETHUSDT]", '"*USDT"', "all")
_TEXTS = """\
    title: "{{ symbol }} is at rung %d: {{ value | price }}"
    message: "note %d: {{ change_percent | fixed(1) }} %% today, {{ quote_volume | si }} traded"
"""


def simple(number: int) -> str:
    """Return a rule on one line: a level, and whom to tell."""
    when = f"{{close: {{above: {number + 1}}}}}"
    return f"  rule-{number}: {{symbols: BTCUSDT, when: {when}, notify: phone}}\n"


def mixed(number: int) -> str:
    """Return a rule of a kind of its turn, with keys of its life."""
    when, key = _KINDS[number % len(_KINDS)]
    symbols = _SYMBOLS[number % len(_SYMBOLS)]
    body = f"symbols: {symbols}\n    when: {when % (number + 1000)}\n    notify: [phone]\n    {key}"
    return f"  rule-{number}:\n    {body}\n"


def with_texts(number: int) -> str:
    """Return such a rule with a title and a message that no other has."""
    return mixed(number) + _TEXTS % (number, number)


WRITERS = {"simplest": simple, "all kinds": mixed, "with own texts": with_texts}


def main() -> None:
    """Print what each kind of rules costs."""
    print(f"{RULES:,} rules, CPU seconds\n")
    print("| rules | file, MB | C loader | alertd | ratio | MiB |")
    print("|---|---|---|---|---|---|")
    for kind, write in WRITERS.items():
        text = "rules:\n" + "".join(map(write, range(RULES)))
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, "config.yaml")
            config.write_text(_HEAD)
            Path(folder, "rules.yaml").write_text(text)
            print(f"| {kind} | {len(text) / 1e6:.1f} | {_row(config)} |", flush=True)


def _row(config: Path) -> str:
    rounds = [_measured(config) for _ in range(ROUNDS)]
    yaml_s, load_s, mib = (min(column) for column in zip(*rounds, strict=True))
    return f"{yaml_s:.2f} | {load_s:.2f} | {load_s / yaml_s:.1f} | {mib:.0f}"


def _measured(config: Path) -> list[float]:
    child = [sys.executable, "-m", "benchmarks.load", str(config)]
    told = subprocess.run(child, check=True, capture_output=True, text=True).stdout
    return [float(word) for word in told.split()]


def measure(config: Path) -> None:
    """Print how long the C loader and ours take, and the MiB that this process had at the most."""
    start = time.process_time()
    loaded = load_config(config, environment={})
    load_s = time.process_time() - start
    assert len(loaded.rules) == RULES
    most_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    del loaded
    gc.collect()
    text = config.with_name("rules.yaml").read_text()
    with without_collector():
        start = time.process_time()
        yaml.load(text, Loader=yaml.CSafeLoader)
        yaml_s = time.process_time() - start
    print(yaml_s, load_s, most_mib)


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if sys.argv[1:] else main()
