"""Many times into a few figures."""

from collections.abc import Sequence
from statistics import median


def p50_p99(seconds: Sequence[float], *, unit: float = 1e-3) -> str:
    """Return the median, the 99th percentile and the most, in milliseconds or that unit (seconds)."""
    ordered = sorted(seconds)
    ninety_ninth = ordered[int(0.99 * (len(ordered) - 1))]
    figures = (median(ordered), ninety_ninth, ordered[-1])
    return "".join(f"{figure / unit:9.2f}" for figure in figures)


def head(title: str, *columns: str) -> None:
    """Print the head of a table."""
    print(f"\n{title:50}{''.join(f'{column:>9}' for column in columns)}", flush=True)


def row(name: str, *cells: str) -> None:
    """Print a line of it."""
    print(f"{name:50}{''.join(f'{cell:>9}' for cell in cells)}", flush=True)
