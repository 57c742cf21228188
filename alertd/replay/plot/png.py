"""`--plot out.png`: the symbols with the most alerts, side by side in one picture."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC
from pathlib import Path
from statistics import median

from alertd.drawing.chart import Chart, Mark, PricePath
from alertd.drawing.png import sheet
from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.replay.plot.chosen import Alerts, choose
from alertd.replay.plot.levels import Level, levels_beside
from alertd.replay.plot.sampling import Slots, sample
from alertd.replay.replayed import Replayed

_MOST_SYMBOLS = 12
_MOST_COLUMNS = 3
# In pixels: of one symbol, and of each of several.
_ALONE = (1280, 720)
_BESIDE = (640, 360)
# More marks could not be told from each other.
_MOST_OF_A_SYMBOL = 500


def plot_png(
    reels: Iterable[Reel], alerts: Alerts, rules: Sequence[Rule], file: Path, *, dark: bool = False
) -> None:
    """Write a picture of the alerts that `rules` gave over `reels`: of up to 12 symbols.

    `alerts` is called twice, for the same alerts in order of time; the reels are read once more.
    Raises `KlinesError` as the reels do, `OSError`, and `ValueError` for prices that are no market's.
    """
    chosen = choose(
        alerts,
        symbols=_MOST_SYMBOLS,
        each=_MOST_OF_A_SYMBOL,
        most=_MOST_OF_A_SYMBOL * _MOST_SYMBOLS,
    )
    paths = sample(reels, chosen.alerts, at_least=1, most=2 * _ALONE[0])
    enabled = [rule for rule in rules if rule.enabled]
    charts = [
        _chart(symbol, path, enabled, chosen.alerts.get(symbol, ()), chosen.by_symbol[symbol])
        for symbol, path in paths.items()
    ]
    columns = min(_MOST_COLUMNS, math.ceil(math.sqrt(len(charts)))) or 1
    width, height = _BESIDE if len(charts) > 1 else _ALONE
    file.write_bytes(sheet(charts, columns=columns, width=width, height=height, dark=dark))


def _chart(
    symbol: str, slots: Slots, rules: Sequence[Rule], alerts: Sequence[Replayed], count: int
) -> Chart:
    """Return a symbol's chart with some of its alerts, of which there were `count`."""
    levels = [level for _, level in levels_beside(symbol, rules) if _is_near(level, slots)]
    by_rule = Counter(alert.rule for alert in alerts)
    return Chart(
        title=f"{symbol}: {count:,} alert{'' if count == 1 else 's'}",
        subtitle=", ".join(name for name, _ in by_rule.most_common()),
        path=_path(slots),
        levels=tuple(level for level in levels if isinstance(level, float)),
        bands=tuple(level for level in levels if isinstance(level, tuple)),
        marks=tuple(map(_mark, alerts)),
        zone=UTC,
    )


def _is_near(level: Level, slots: Slots) -> bool:
    """Tell whether a level may be of interest; what is of another order could not be drawn anyway."""
    prices = level if isinstance(level, tuple) else (level,)
    return all(min(slots.lows) / 10 <= price <= max(slots.highs) * 10 for price in prices)


def _path(slots: Slots) -> PricePath:
    return PricePath(
        times_ms=tuple(slots.times_ms),
        closes=tuple(slots.closes),
        lows=tuple(slots.lows),
        highs=tuple(slots.highs),
        slot_ms=round(median(slots.steps_ms() or [1])),
    )


def _mark(alert: Replayed) -> Mark:
    is_resolved = alert.state == "resolved"
    return Mark(time_ms=alert.time_ms, price=alert.metrics["close"], is_resolved=is_resolved)
