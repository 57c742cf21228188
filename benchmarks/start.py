"""How long commands take to start, beside a Python that does nothing: `python -m benchmarks.start`."""

import statistics
import subprocess
import sys
import time

ROUNDS = 15
COMMANDS = {
    "alertd --help": ("--help",),
    "alertd status --help": ("status", "--help"),
    "alertd explain --help": ("explain", "--help"),
    "alertd check --help": ("check", "--help"),
    "alertd run --help": ("run", "--help"),
    "alertd status, where none runs": ("status", "--socket", "/nonexistent/alertd.sock"),
}
BARE = (sys.executable, "-c", "pass")


def took_ms(*command: str) -> float:
    """Milliseconds from before a process until after it."""
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Print the median of each, and how many times that of a bare Python it is."""
    commands = {name: (sys.executable, "-m", "alertd", *it) for name, it in COMMANDS.items()}
    times: dict[str, list[float]] = {name: [] for name in ("python -c pass", *commands)}
    # In turns, so that whatever else the machine does is shared by all.
    for _ in range(ROUNDS):
        times["python -c pass"].append(took_ms(*BARE))
        for name, command in commands.items():
            times[name].append(took_ms(*command))
    bare = statistics.median(times["python -c pass"])
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:<32} {median:6.0f} ms  {median / bare:5.1f} x")


if __name__ == "__main__":
    main()
