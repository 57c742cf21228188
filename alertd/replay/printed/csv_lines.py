"""A replay for spreadsheets: CSV with a row an alert, and each metric in a column of its own."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from alertd.delivery.facts import moment
from alertd.delivery.numbers import plain
from alertd.engine.metrics import METRICS
from alertd.printable import printable
from alertd.replay.difference import Change, Difference
from alertd.replay.replayed import Replayed

_TIME = ("time", "time_ms")
_KIND = ("rule", "symbol", "state")
_FACTS = ("severity", "value", "threshold", "threshold_low", "threshold_high", "title")
_COLUMNS = (*_TIME, *_KIND, *_FACTS, *METRICS)
_SIDE = (*_TIME, *_FACTS)
_SIDES = (f"{side}_{name}" for side in ("before", "after") for name in _SIDE)
_DIFFERENCE_COLUMNS = ("change", *_KIND, "later_s", *_SIDES)
# What a spreadsheet would take for a formula when a cell begins with it
# (owasp.org/www-community/attacks/CSV_Injection); none of our numbers is text.
_FORMULAS = ("=", "+", "-", "@")


def csv_lines(alerts: Iterable[Replayed]) -> Iterator[str]:
    """Yield the names of the columns, then a row for each alert."""
    yield ",".join(_COLUMNS)
    for it in alerts:
        metrics = (_number(it.metrics.get(name)) for name in METRICS)
        yield _row((*_time(it), *_kind(it), *_facts(it), *metrics))


def difference_csv_lines(found: Iterable[Difference]) -> Iterator[str]:
    """Yield the names of the columns, then a row for each difference."""
    yield ",".join(_DIFFERENCE_COLUMNS)
    for it in found:
        later = plain(it.later_ms / 1000) if it.change is Change.MOVED else ""
        sides = (*_side(it.before), *_side(it.after))
        yield _row((it.change.value, *_kind(it.alert), later, *sides))


def _side(alert: Replayed | None) -> Sequence[str]:
    return ("",) * len(_SIDE) if alert is None else (*_time(alert), *_facts(alert))


def _time(alert: Replayed) -> tuple[str, str]:
    # With ISO's T and Z, spreadsheets take it for a text.
    time = moment(alert.time_ms).replace(tzinfo=None)
    return time.isoformat(" ", timespec="milliseconds"), str(alert.time_ms)


def _kind(alert: Replayed) -> tuple[str, ...]:
    return _text(alert.rule), _text(alert.symbol), alert.state


def _facts(alert: Replayed) -> tuple[str, ...]:
    match alert.threshold:
        case (low, high):
            threshold = ("", plain(low), plain(high))
        case single:
            threshold = (_number(single), "", "")
    return alert.severity, _number(alert.value), *threshold, _text(alert.title)


def _number(number: float | None) -> str:
    return "" if number is None else plain(number)


def _text(text: str) -> str:
    text = printable(text)
    return f"'{text}" if text.lstrip().startswith(_FORMULAS) else text


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
