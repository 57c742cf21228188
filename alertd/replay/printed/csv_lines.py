"""A replay for spreadsheets: CSV with a row an alert, and each metric in a column of its own."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from alertd.delivery.facts import moment
from alertd.delivery.numbers import plain
from alertd.engine.metrics import METRICS
from alertd.replay.difference import Difference
from alertd.replay.printed.lines import printable
from alertd.replay.replayed import Replayed

_ALERT = ("time", "time_ms", "severity", "value", "threshold", "threshold_low", "threshold_high")
_COLUMNS = ("time", "time_ms", "rule", "symbol", "state", *_ALERT[2:], "title", *METRICS)
_DIFFERENCE_COLUMNS = (
    *("change", "rule", "symbol", "state", "later_s"),
    *(f"{side}_{name}" for side in ("before", "after") for name in (*_ALERT, "title")),
)
# What a spreadsheet would take for a formula when a cell begins with it
# (owasp.org/www-community/attacks/CSV_Injection); none of our numbers is text.
_FORMULAS = ("=", "+", "-", "@")


def csv_lines(alerts: Iterable[Replayed]) -> Iterator[str]:
    """Yield the names of the columns, then a row for each alert."""
    yield ",".join(_COLUMNS)
    for alert in alerts:
        time, time_ms, *facts = _facts(alert)
        metrics = (_number(alert.metrics.get(name)) for name in METRICS)
        names = map(_text, (alert.rule, alert.symbol, alert.state))
        yield _row((time, time_ms, *names, *facts, _text(alert.title), *metrics))


def difference_csv_lines(found: Iterable[Difference]) -> Iterator[str]:
    """Yield the names of the columns, then a row for each difference."""
    yield ",".join(_DIFFERENCE_COLUMNS)
    for it in found:
        names = map(_text, (it.alert.rule, it.alert.symbol, it.alert.state))
        later = plain(it.later_ms / 1000) if it.before and it.after else ""
        sides = (cell for alert in (it.before, it.after) for cell in _side(alert))
        yield _row((it.change.value, *names, later, *sides))


def _side(alert: Replayed | None) -> Sequence[str]:
    if alert is None:
        return ("",) * (len(_ALERT) + 1)
    return *_facts(alert), _text(alert.title)


def _facts(alert: Replayed) -> Sequence[str]:
    match alert.threshold:
        case (low, high):
            threshold = ("", plain(low), plain(high))
        case single:
            threshold = (_number(single), "", "")
    time = moment(alert.time_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return time, str(alert.time_ms), _text(alert.severity), _number(alert.value), *threshold


def _number(number: float | None) -> str:
    return "" if number is None else plain(number)


def _text(text: str) -> str:
    text = printable(text)
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
