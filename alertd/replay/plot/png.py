"""`--plot out.png`: the symbols with the most alerts, side by side in one picture."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC
from io import BytesIO
from pathlib import Path
from statistics import median

from PIL import Image

from alertd.config.watchlist import is_for
from alertd.drawing.chart import Chart, Mark, PricePath
from alertd.drawing.palette import DARK, LIGHT
from alertd.drawing.png import draw
from alertd.engine.rule import Rule
from alertd.market.past.reel import Reel
from alertd.replay.plot.chosen import Alerts, choose
from alertd.replay.plot.levels import levels_of
from alertd.replay.plot.sampling import Slots, sample
from alertd.replay.replayed import Replayed

_MOST_SYMBOLS = 12
_MOST_COLUMNS = 3
# Of one symbol, and of several beside each other.
_ALONE = (1280, 720)
_BESIDE = (720, 405)
# More marks than pixels that they could be told apart by.
_MOST_ALERTS = 500 * _MOST_SYMBOLS


def plot_png(
    reels: Iterable[Reel], alerts: Alerts, rules: Sequence[Rule], file: Path, *, dark: bool = False
) -> None:
    """Write a picture of the alerts that `rules` gave over `reels`: of up to 12 symbols.

    `alerts` is called twice, for the same alerts in order of time; the reels are read once more.
    Raises `KlinesError` as the reels do, and `OSError`.
    """
    chosen = choose(alerts, symbols=_MOST_SYMBOLS, most=_MOST_ALERTS)
    paths = sample(reels, chosen.alerts, at_least=1, most=2 * _ALONE[0])
    charts = [
        _chart(symbol, path, rules, chosen.alerts.get(symbol, ()), chosen.by_symbol[symbol])
        for symbol, path in paths.items()
    ]
    _side_by_side(charts, dark=dark).save(file, "PNG")


def _chart(
    symbol: str, slots: Slots, rules: Sequence[Rule], alerts: Sequence[Replayed], count: int
) -> Chart:
    """Return a symbol's chart with some of its alerts, of which there were `count`."""
    levels = [it for rule in rules if is_for(rule, symbol) for it in levels_of(rule)]
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


def _side_by_side(charts: Sequence[Chart], *, dark: bool) -> Image.Image:
    columns = min(_MOST_COLUMNS, math.ceil(math.sqrt(len(charts)))) or 1
    width, height = _BESIDE if len(charts) > 1 else _ALONE
    size = (columns * width, max(1, math.ceil(len(charts) / columns)) * height)
    sheet = Image.new("RGB", size, (DARK if dark else LIGHT).background)
    for place, chart in enumerate(charts):
        row, column = divmod(place, columns)
        with Image.open(BytesIO(draw(chart, width=width, height=height, dark=dark))) as tile:
            sheet.paste(tile, (column * width, row * height))
    return sheet
